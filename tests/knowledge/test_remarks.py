"""A remark of the pack: a pattern that works, a clause and a programme that exist."""

import re

import pytest
from pydantic import ValidationError

from knowledge.policy import Remark
from tests import served


def test_a_pattern_that_does_not_compile_is_refused() -> None:
    with pytest.raises(ValidationError, match="is not a pattern"):
        Remark(asked="(外地", text="不符合。")


def test_the_packs_remarks_are_short_whole_sentences_and_differ() -> None:
    remarks = served.policy().questions.remarks
    assert len({(remark.text, remark.clauses) for remark in remarks}) == len(remarks)
    for remark in remarks:
        assert remark.text.endswith(("。", "；"))
        assert len(remark.text) <= 90
        assert not re.search(r"\s$", remark.text)
