"""Answers about days, places, counted things and figures of a year, in other people's words."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from conversations.language.quantities import find_quantities
from conversations.requests import Requests
from conversations.state.interchange import BadInputError
from knowledge.mentions import Mentions
from tests import yuchuan
from tests.served import read_yaml
from tests.table import check_each

ROWS = Path(__file__).parents[2] / "data" / "answers" / "amounts.jsonl"
DAY = date(2025, 11, 29)


def test_the_answers_are_understood() -> None:
    requests = Requests(yuchuan.shelf())

    def check(row: dict[str, Any]) -> None:
        asked = {"fact": row.pop("fact"), "text": row.pop("text"), "on": DAY.isoformat()}
        assert requests.understand(asked) == row

    check_each([json.loads(line) for line in ROWS.read_text("utf-8").splitlines()], check)


def test_answers_about_things_are_understood() -> None:
    """What is counted, chosen or finished: the value, or None where the answer leaves it open (or only an offer)."""
    table = read_yaml(ROWS.parent / "things.yaml")
    facts = [*read_yaml(yuchuan.PACK)["facts"], *table["facts"]]
    requests = Requests(yuchuan.changed(facts=facts, area="990524"))

    def check(row: tuple[str, str, Any]) -> None:
        fact, text, expected = row
        told = requests.understand({"fact": fact, "text": text, "on": DAY.isoformat()})
        value = expected if isinstance(expected, dict) else {"value": expected}
        open_ = expected is None or "offer" in value
        assert told == {"status": "unclear" if open_ else "ok", **({} if expected is None else value)}

    check_each(
        [(fact, text, value) for fact, texts in table["answers"].items() for text, value in texts.items()], check
    )


def test_a_year_is_asked_for_only_of_what_has_a_figure_for_each() -> None:
    requests = Requests(yuchuan.shelf())
    for fact in ("enterprise.mu@2021", "enterprise.revenue@lately", "enterprise.none"):
        with pytest.raises(BadInputError):
            requests.understand({"fact": fact, "text": "300"})


def test_descriptions_state_what_they_name_with_its_day_and_its_year() -> None:
    requests = Requests(yuchuan.shelf())

    def check(row: dict[str, Any]) -> None:
        case = requests.extract({"text": row["text"], "on": DAY.isoformat()})["case"]
        assert case == ({"enterprise": row["case"]} if row["case"] else {})

    path = ROWS.parents[1] / "descriptions" / "amounts.jsonl"
    check_each([json.loads(line) for line in path.read_text("utf-8").splitlines()], check)


def test_descriptions_state_them_of_the_item_that_they_speak_of() -> None:
    table = read_yaml(ROWS.parents[1] / "descriptions" / "items.yaml")
    facts = [*read_yaml(yuchuan.PACK)["facts"], *table["facts"]]
    shelf = yuchuan.changed(subjects=table["subjects"], facts=facts)
    shelf.policy.speak(lambda: Mentions.model_validate(table["mentions"]))
    requests = Requests(shelf)

    def check(row: tuple[str, Any]) -> None:
        assert requests.extract({"text": row[0], "on": DAY.isoformat()})["case"] == row[1]

    check_each([*table["rows"].items()], check)


def test_so_many_months_count_nothing() -> None:
    """满六个月的52人: the figure of the months is not that of the people."""
    counted = [
        quantity.value
        for quantity in find_quantities("社保缴满六个月的是41个", ("人", "个"))
        if quantity.unit != "个月"
    ]
    assert counted == [41]
