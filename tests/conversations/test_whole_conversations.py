"""Whole conversations as people type them end with the case that their words mean.

Most were written by somebody who knew neither the program nor its questions; each case was worked out from the document.
"""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from conversations.converse import Conversations
from conversations.state.shelf import Shelf
from rules.raw import is_list, is_object
from tests.table import check_each

pytestmark = pytest.mark.exhaustive
ROWS = Path(__file__).parent.parent / "data" / "conversations" / "whole.jsonl"


def unnamed(case: object) -> object:
    """A case as JSON reads it, without what the things in it are called."""
    if is_object(case):
        return {key: unnamed(value) for key, value in case.items() if key != "name"}
    if is_list(case):
        return [unnamed(item) for item in case]
    return json.loads(json.dumps(case, default=float))


def test_a_conversation_ends_with_its_case(engine: Shelf) -> None:
    def check(row: Mapping[str, object]) -> None:
        conversations = Conversations(engine)
        messages = row["messages"]
        assert is_list(messages)
        *_, last = [conversations.say({"chat": "a", "text": text}) for text in messages]
        assert unnamed(last["case"]) == row["case"]

    rows = [json.loads(line) for line in ROWS.read_text("utf-8").splitlines()]
    check_each(rows, check, lambda row: " / ".join(row["messages"]))
