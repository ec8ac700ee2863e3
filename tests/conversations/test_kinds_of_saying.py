"""One thing said in many ways, each a short conversation: what the case holds at its end, and what it must not hold.

A kind of saying has rows that its mending was written for and rows that were written before anybody knew how they read.
"""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from conversations.converse import Conversations
from conversations.state.shelf import Shelf
from rules.raw import is_list, is_object
from tests import served
from tests.table import check_each

KINDS = served.read_yaml(Path(__file__).parent.parent / "data" / "conversations" / "kinds.yaml")
SHOPS, WORKS = "haicheng-ecommerce-2024", "haicheng-industry-2023"
OF = {"shops": (SHOPS,), "works": (WORKS,), "both": (SHOPS, WORKS)}
Row = Mapping[str, object]


def held(case: object, path: str) -> object:
    """What stands at ``path`` of a case, None where nothing does."""
    for step in path.split("."):
        if is_object(case):
            case = case.get(step)
        elif is_list(case) and step.isdigit() and int(step) < len(case):
            case = case[int(step)]
        else:
            return None
    return json.loads(json.dumps(case, default=float))


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_read_however_it_is_said(engine: Shelf, kind: str) -> None:
    def check(row: Row) -> None:
        asked = OF.get(str(row.get("of")))
        conversations = Conversations(served.shelf(*asked) if asked else engine)
        day = {"on": "2025-04-20"} if asked else {}
        says, then, never = row["says"], row.get("then", {}), row.get("not", [])
        assert is_list(says)
        assert is_object(then)
        assert is_list(never)
        *_, last = [conversations.say({"chat": "a", "text": text, **day}) for text in says]
        wrong = {path: found for path in then if (found := held(last["case"], path)) != then[path]}
        wrong |= {str(path): found for path in never if (found := held(last["case"], str(path))) is not None}
        assert not wrong

    check_each(KINDS[kind], check, lambda row: " / ".join(map(str, row["says"])) if is_list(row["says"]) else "")
