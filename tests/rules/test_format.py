"""The format's examples, and as many of our own: what must come out of a case, worked out from the format's text by hand.

Each file of ``format`` holds tiny packs; those named after a section are the text's own. The second opinion, which the
engine is compared with elsewhere, is held to the same examples."""

from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

import yaml

from rules.assessment import Rulebook
from tests.rules.agreement import read, said, shown
from tests.rules.second_opinion import opinion
from tests.rules.support import HERE
from tests.rules.support_format import Json, come_out, rulebook
from tests.table import check_each


class FormatCase(NamedTuple):
    """A case of a tiny pack, and what must come out of it, by name."""

    where: str
    sheet: Json
    book: Rulebook
    case: Json
    outcome: Json


def _cases() -> list[FormatCase]:
    found: list[FormatCase] = []
    for path in sorted((HERE / "format").glob("*.yaml")):
        for number, sheet in enumerate(yaml.safe_load_all(path.read_text(encoding="utf-8")), start=1):
            book = rulebook(sheet)
            for line, (case, outcome) in enumerate(sheet["cases"], start=1):
                found.append(FormatCase(f"{path.stem}, pack {number}, case {line}", sheet, book, case, outcome))
    return found


def _written(value: Any) -> Any:
    """What an example says, its figures exact."""
    if isinstance(value, list):
        return [_written(part) for part in value]
    return Fraction(str(value)) if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool) else value


def test_every_example_comes_out() -> None:
    def check(example: FormatCase) -> None:
        assessment = example.book.assess(read(example.book, example.case))
        wrong = {
            name: (expected, come_out(assessment, name))
            for name, expected in example.outcome.items()
            if said(come_out(assessment, name)) != _written(expected)
        }
        assert not wrong, f"{example.case}: (expected, found) {wrong}"

    check_each(_cases(), check, lambda example: example.where)


def test_the_second_opinion_says_the_same() -> None:
    def check(example: FormatCase) -> None:
        found = opinion(example.sheet, example.case)
        wrong = {
            name: (expected, found[name])
            for name, expected in example.outcome.items()
            if shown(found[name]) != _written(expected)
        }
        assert not wrong, f"{example.case}: (expected, found) {wrong}"

    check_each(_cases(), check, lambda example: example.where)


def test_there_are_as_many_examples_of_our_own() -> None:
    counts = {True: 0, False: 0}
    for example in _cases():
        counts[example.where.startswith("own-")] += len(example.outcome)
    assert counts[False] == 110
    assert counts[True] >= counts[False]
