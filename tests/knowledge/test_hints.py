"""What a sound pack might still lack is said to its author, and is no mistake."""

from pathlib import Path

import yaml

from knowledge.loading import advice, check
from tests.knowledge.small_packs import Sheet, sheet, write

RENT = ["租金补贴多少", "租金怎么补", "租金补贴怎么算", "补贴多少租金", "租金全额补贴吗", "租金补贴几个月"]


def said(folder: Path) -> list[tuple[str, str]]:
    return [(Path(hint.file).name, hint.message) for hint in advice(folder)]


def test_sums_that_no_rule_uses_are_named(tmp_path: Path) -> None:
    folder = write(tmp_path / "growth", sheet("growth"))
    found = [message for file, message in said(folder) if file == "clauses.yaml"]
    assert ["clause 2 states 800000" in message for message in found] == [True]
    assert check(folder) == []


def test_groups_that_exclude_each_other_and_can_hold_together_are_named(tmp_path: Path) -> None:
    folder = write(tmp_path / "growth", sheet("growth"))
    found = [message for file, message in said(folder) if file == "policy.yaml"]
    assert ["`entry` and `land` can hold together" in message for message in found] == [True]
    apart = sheet("growth")
    apart["policy"]["limits"] = [{"kind": "exclusive", "of": ["entry", "later"]}]
    apart["text"] += "2023年3月1日至2024年2月28日首次入库的，奖励20万元。"
    again: Sheet = {
        **apart["programmes"][1],
        "id": "later",
        "clause": "5",
        "quote": "2023年3月1日至2024年2月28日首次入库的，奖励20万元",
    }
    again["conditions"] = [
        {
            **again["conditions"][0],
            "from": "2023-03-01",
            "to": "2024-02-28",
            "quote": "2023年3月1日至2024年2月28日首次入库",
        }
    ]
    again["amount"] = {"kind": "fixed", "amount": 200000, "quote": "奖励20万元"}
    again["examples"] = [
        {**example, "case": {"enterprise": {"listed": day}}, "amount": [200000, 200000]}
        for example, day in zip(again["examples"], ["2023-08-15", "never", "2023-03-01", "2024-02-28"], strict=True)
    ]
    again["examples"][1]["amount"] = [0, 0]
    apart["programmes"].append(again)
    folder = write(tmp_path / "apart", apart)
    assert check(folder) == []
    assert [message for file, message in said(folder) if file == "policy.yaml"] == []


def test_a_line_that_is_demanded_of_several_wants_an_example_too(tmp_path: Path) -> None:
    """It is no mistake: the format asks each programme for examples on its own lines."""
    made = sheet("growth")
    made["policy"]["limits"] = []
    demand = made["policy"]["requires"][0]
    demand["condition"] = {
        "kind": "all_of",
        "conditions": [
            demand["condition"],
            {"kind": "at_most", "fact": "enterprise.age", "value": 45, "quote": "负责人不超过45周岁"},
        ],
    }
    for programme in made["programmes"]:
        for example in programme["examples"] if programme["id"] == "land" else ():
            example["case"] = {
                "on": "2024-06-30",
                "enterprise": {**example["case"]["enterprise"], "born": "1990-01-01"},
            }
    folder = write(tmp_path / "demand", made)
    assert check(folder) == []
    found = [message for file, message in said(folder) if file == "policy.yaml"]
    assert ["no boundary example puts `enterprise.age` at 45" in message for message in found] == [True]
    [land] = [programme for programme in made["programmes"] if programme["id"] == "land"]
    [line] = [example for example in land["examples"] if example["kind"] == "boundary"]
    line["case"]["enterprise"]["born"] = "1979-06-30"
    folder = write(tmp_path / "stands", made)
    assert check(folder) == []
    assert [message for file, message in said(folder) if file == "policy.yaml"] == []


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


def test_bounds_and_days_that_no_rule_uses_are_named(tmp_path: Path) -> None:
    filled = sheet("growth")
    lines = filled["text"].strip().split("\n")
    lines[1] += "奖励人数不超过30人，2024年5月1日以后入职的除外，每月发放。"
    folder = write(tmp_path / "growth", {**filled, "text": "\n".join(lines)})
    (found,) = [message for file, message in said(folder) if file == "clauses.yaml"]
    assert "不超过30人, 2024年5月1日, which no rule uses" in found


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


def test_an_award_for_so_many_years_that_would_never_end_is_named(tmp_path: Path) -> None:
    filled = sheet("growth")
    paid = {"id": "enterprise.years_paid", "type": "int", "counter": "年"}
    years = {"fact": "enterprise.years_paid", "limit": 2, "quote": "最长2年"}
    programmes = [{**one, "years": years} if "最长2年" in one["quote"] else one for one in filled["programmes"]]
    folder = write(tmp_path / "growth", {**filled, "facts": [*filled["facts"], paid], "programmes": programmes})
    assert len([message for _, message in said(folder) if "is over then" in message]) == 1
    shipped = Path(__file__).parents[2] / "knowledge" / "packs" / "zhengzhou-2013-237"  # its condition says when
    assert not [message for _, message in said(shipped) if "is over then" in message]


def test_facts_that_nothing_turns_on_are_named(tmp_path: Path) -> None:
    filled = sheet("plain")
    filled["facts"] += [
        {"id": "enterprise.staff", "type": "count", "unit": "人"},
        {
            "id": "enterprise.half",
            "type": "money",
            "derive": {"product": ["enterprise.rent", 0.5]},
            "question": "一半多少？",
        },
    ]
    folder = write(tmp_path / "plain", filled)
    found = [message for file, message in said(folder) if file == "facts.yaml" and "people answer" not in message]
    assert sorted(found) == [
        "`enterprise.half` is derived and never asked; remove its question and help",
        "no rule turns on `enterprise.half`, so it is never asked; use it in a condition or an amount, or remove it",
        "no rule turns on `enterprise.staff`, so it is never asked; use it in a condition or an amount, or remove it",
    ]
    assert check(folder) == []
