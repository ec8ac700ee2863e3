"""A remark of the pack: a pattern that works, a clause and a programme that exist."""

import re

from knowledge.draft import Located
from knowledge.questions import Questions, Remark
from knowledge.trials import remark_faults
from tests import served


def test_a_pattern_that_does_not_compile_is_refused() -> None:
    remark = Remark(asked="(外地", text="不符合。")
    questions = Questions(answered={}, unanswered=(), terms={}, remarks=(remark,))
    (fault,) = remark_faults(Located(questions, ("questions.yaml",)))
    assert fault.at == ("questions.yaml", "remarks", 0, "asked")
    assert "is not a pattern" in fault.message


def test_the_packs_remarks_are_short_whole_sentences_and_differ() -> None:
    remarks = served.policy().questions.remarks
    assert len({(remark.text, remark.clauses) for remark in remarks}) == len(remarks)
    for remark in remarks:
        assert remark.text.endswith(("。", "；"))
        assert len(remark.text) <= 90
        assert not re.search(r"\s$", remark.text)


def test_a_remark_names_what_it_is_asked_of() -> None:
    remark = Remark(asked="(?P<what>教育|餐饮)", text="没有点“{what}”。")
    assert remark.said_to("餐饮行业能报吗") == "没有点“餐饮”。"


def test_a_gap_that_nothing_fills_is_refused() -> None:
    remark = Remark(asked="教育", text="没有点“{what}”。")
    questions = Questions(answered={}, unanswered=(), terms={}, remarks=(remark,))
    (fault,) = remark_faults(Located(questions, ("questions.yaml",)))
    assert fault.at == ("questions.yaml", "remarks", 0, "text")
