"""Whole conversations about the example packs of 海珵市 end with the case that their words mean.

Each was written from the policy's text before it was tried, and its case worked out from the words. What stands under
``optional`` may also be left open; ``total`` is what the answers come to, least and most.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import pytest

from conversations.converse import Conversations
from tests import served
from tests.conversations.test_whole_conversations import unnamed
from tests.table import check_each

FOLDER = Path(__file__).parent.parent / "data" / "conversations"
NAMES = ("haicheng-ecommerce-2024", "haicheng-industry-2023")


@pytest.mark.exhaustive
@pytest.mark.parametrize("name", NAMES)
def test_a_conversation_ends_with_its_case(name: str) -> None:
    shelf = served.shelf(name)

    def check(row: Mapping[str, Any]) -> None:
        conversations = Conversations(shelf)
        first, *others = row["messages"]
        last = conversations.say({"chat": "a", "text": first, "on": row["on"]})
        for text in others:
            last = conversations.say({"chat": "a", "text": text})
        optional = row.get("optional", [])
        assert _stated(last["case"], optional) == _stated(row["case"], optional)
        if "total" in row:
            assert last["total"] == dict(zip(("min", "max"), row["total"], strict=True))

    rows = [json.loads(line) for line in (FOLDER / f"{name}.jsonl").read_text("utf-8").splitlines()]
    assert len(rows) >= 10
    check_each(rows, check, lambda row: " / ".join(row["messages"]))


def _stated(case: object, optional: list[str]) -> dict[str, Any]:
    """The case without its day and the facts that are ``optional``."""
    stated = {**cast("dict[str, Any]", unnamed(case))}
    stated.pop("on", None)
    for path in optional:
        subject, fact = path.split(".")
        stated[subject] = {key: value for key, value in stated.get(subject, {}).items() if key != fact}
    return {key: value for key, value in stated.items() if value != {}}
