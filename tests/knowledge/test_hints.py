"""What a sound pack might still lack is said to its author, and is no mistake."""

from pathlib import Path

import yaml

from knowledge.loading import advice, check
from tests.knowledge.small_packs import sheet, write

RENT = ["租金补贴多少", "租金怎么补", "租金补贴怎么算", "补贴多少租金", "租金全额补贴吗", "租金补贴几个月"]


def said(folder: Path) -> list[tuple[str, str]]:
    return [(Path(hint.file).name, hint.message) for hint in advice(folder)]


def test_sums_that_no_rule_uses_are_named(tmp_path: Path) -> None:
    folder = write(tmp_path / "growth", sheet("growth"))
    [message] = [message for file, message in said(folder) if file == "clauses.yaml"]
    assert "clause 2 states 800000" in message
    assert check(folder) == []


def test_numbers_without_unit_and_questions_of_another_clause_are_named(tmp_path: Path) -> None:
    folder = write(tmp_path / "plain", sheet("plain"))
    assert [(file, "`enterprise.months` with a unit" in message) for file, message in said(folder)] == [
        ("facts.yaml", True)
    ]
    facts = folder / "facts.yaml"
    facts.write_text(facts.read_text("utf-8").replace("type: int", "type: int\n  counter: 个月"), "utf-8")
    assert said(folder) == []
    answered = {"1": RENT, "3": ["什么时候申报", "租金补贴怎么补"]}
    questions = {"answered": answered, "unanswered": [], "terms": {}}
    (folder / "questions.yaml").write_text(yaml.safe_dump(questions, allow_unicode=True), "utf-8")
    found = said(folder)
    assert all(file == "questions.yaml" for file, _ in found)
    assert [message.split(";")[0] for _, message in found] == ["“租金补贴怎么补” finds clause 1, not 3"]


def test_a_figure_that_rules_use_by_a_derived_fact_is_used(tmp_path: Path) -> None:
    filled = sheet("growth")
    line = {"id": "enterprise.most", "type": "money", "derive": 800000}
    folder = write(tmp_path / "growth", {**filled, "facts": [*filled["facts"], line]})
    assert not [message for file, message in said(folder) if file == "clauses.yaml"]


def test_a_place_without_a_name_is_named(tmp_path: Path) -> None:
    filled = sheet("growth")
    folder = write(tmp_path / "growth", filled)
    assert [message[:6] for _, message in said(folder) if "is no place" in message] == ["990500"]
    named = {"places": [{"code": "990500", "name": "榆川市"}]}
    write(folder, {**filled, "policy": {**filled["policy"], **named}})
    assert not [message for _, message in said(folder) if "is no place" in message]


def test_questions_that_pass_for_those_that_nothing_answers_are_named(tmp_path: Path) -> None:
    folder = write(tmp_path / "plain", sheet("plain"))
    asked = {
        "answered": {"1": RENT, "3": ["什么时候申报", "几月份受理"]},
        "unanswered": [
            {
                "id": "paid",
                "advice": "文件没有写。",
                "questions": ["钱什么时候申报完到账", "什么时候申报到账", RENT[0]],
            },
        ],
        "terms": {},
    }
    (folder / "questions.yaml").write_text(yaml.safe_dump(asked, allow_unicode=True), "utf-8")
    found = [message.split(";")[0] for file, message in said(folder) if file == "questions.yaml"]
    assert "“什么时候申报” passes for `paid` of `unanswered`, not for clause 3" in found
    assert f"“{RENT[0]}” finds clause 1, though it stands under `unanswered`" in found
