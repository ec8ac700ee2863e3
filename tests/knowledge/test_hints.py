"""What a sound pack might still lack is said to its author, and is no mistake."""

from pathlib import Path

import yaml

from knowledge.loading import advice, check
from tests.knowledge.small_packs import sheet, write


def said(folder: Path) -> list[tuple[str, str]]:
    return [(Path(hint.file).name, hint.message) for hint in advice(folder)]


def test_sums_that_no_rule_uses_are_named(tmp_path: Path) -> None:
    folder = write(tmp_path / "growth", sheet("growth"))
    [(file, message)] = said(folder)
    assert file == "clauses.yaml"
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
    rent = ["租金补贴多少", "租金怎么补", "租金补贴怎么算", "补贴多少租金", "租金全额补贴吗", "租金补贴几个月"]
    answered = {"1": rent, "3": ["什么时候申报", "租金补贴怎么补"]}
    questions = {"answered": answered, "unanswered": [], "terms": {}}
    (folder / "questions.yaml").write_text(yaml.safe_dump(questions, allow_unicode=True), "utf-8")
    found = said(folder)
    assert all(file == "questions.yaml" for file, _ in found)
    assert [message.split(";")[0] for _, message in found] == ["“租金补贴怎么补” finds clause 1, not 3"]
