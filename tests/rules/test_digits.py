"""No figure loses a decimal where it meets another: the digits that databases have for it, in every compiled query."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from random import Random

import pytest
from sqlglot import exp

from rules.columns.compiled import Compiled
from rules.columns.digits import Digits
from rules.columns.relations import Layout, TableForm
from rules.dates import Dates
from tests import served
from tests.chance import draws
from tests.rules import small_policies
from tests.rules.agreement import read
from tests.rules.decimal_types import Kind, Kinds, QueryTypes
from tests.rules.tables import Sheet, Tables

pytestmark = pytest.mark.slow

PACKS = ["zhengzhou-2013-237", "haicheng-ecommerce-2024", "haicheng-industry-2023"]


def tables_of(sheet: Sheet, layout: Layout, compiled: Compiled) -> Mapping[str, Kinds]:
    """Of what type the columns are that a query reads."""
    found: dict[str, dict[str, Kind | None]] = {}
    facts = {fact.id: fact for fact in sheet.facts}
    read = {**{subject.id: list[str]() for subject in sheet.subjects if subject.many}, **compiled.tables()}
    for table, columns in read.items():
        found[table] = {"firm": Kind(10, 0), "item": Kind(10, 0)}
        for column in columns:
            path = column.removesuffix(".min").removesuffix(".max")
            fact = facts.get(path.partition("@")[0])
            if fact is None:
                found[table][column] = Kind(10, 0)
            elif fact.numeric and not column.endswith("_open"):
                # of what is cast it does not matter what it was
                found[table][column] = Kind(*layout.digits_of(path, fact)) if layout.typed else Kind(38, 10)
            else:
                found[table][column] = None
    return found


def cut_in(sheet: Sheet, layout: Layout) -> tuple[int, list[str]]:
    """How many figures a query has, and where some lose decimals."""
    compiled = sheet.compiled(layout, missing=True)
    if not compiled.claims:
        return 0, []
    queries = [compiled.every_claim(), *([compiled.every_firm()] if compiled.no_total is None else [])]
    types = [QueryTypes(query, tables_of(sheet, layout, compiled)) for query in queries]
    return sum(one.figures for one in types), [each for one in types for each in one.cut]


def test_small_policies_by_chance() -> None:
    figures = 0
    for seed in range(draws(30)):
        random = Random(seed)
        sheet = Sheet.of(small_policies.sheet(random))
        book = sheet.book
        cases = [read(book, small_policies.case(random)) for _ in range(10)]  # with years of figures by year
        many, cut = cut_in(sheet, Tables(sheet, cases).layout)
        figures += many
        assert not cut, f"seed {seed}"
    assert figures > draws(10_000)


DAY = Dates(date(2025, 4, 20), date(2025, 4, 20))
LAYOUTS = {
    "as it is staged": Layout(TableForm.EXACT, on=DAY, usual_digits=Digits(9, 2), typed=True, narrow=True),
    "staged with all the room": Layout(TableForm.OPEN, on=DAY, usual_digits=Digits(20, 4), typed=True),
    "of an office's own": Layout(TableForm.RANGE, on=DAY),
}


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=[*LAYOUTS])
@pytest.mark.parametrize("pack", PACKS)
def test_what_is_shipped(pack: str, layout: Layout) -> None:
    sheet = Sheet.shipped(served.policy(pack))
    lists = frozenset(subject.id for subject in sheet.subjects if subject.many)
    figures, cut = cut_in(sheet, replace(layout, lists=lists))
    assert figures > 100
    assert not cut


def test_a_figure_that_would_be_cut_is_found() -> None:
    """So that the tests above can fail."""
    wide, fine = exp.cast(exp.column("x"), "decimal(38, 0)"), exp.cast(exp.column("x"), "decimal(4, 3)")
    query = exp.select(exp.Greatest(this=wide, expressions=[fine])).from_("t")
    assert QueryTypes(query, {"t": {"x": Kind(1, 3)}}).cut == [
        "38 digits beside 3 decimals: GREATEST(CAST(x AS DECIMAL(38, 0)), CAST(x AS DECIMAL(4, 3)))"
    ]
