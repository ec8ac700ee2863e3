"""The rules compiled to SQL beside the engine, row for row: small policies of every kind by chance, and the packs shipped."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, cached_property
from random import Random
from typing import Any, Protocol

import asyncpg
import pytest
from sqlalchemy import make_url
from sqlglot import exp

from bot.match.run import connect
from rules.assessment import Assessment, Rulebook
from rules.case import Case
from rules.columns import summary
from rules.columns.compiled import Compiled
from rules.columns.relations import TableForm
from rules.dates import Dates
from tests import databases, served
from tests.chance import draws
from tests.rules import small_policies
from tests.rules.agreement import read
from tests.rules.random_firms import RandomFirms
from tests.rules.support_format import Json
from tests.rules.tables import Sheet, Tables, totals_of, wrong_claims, wrong_missing, wrong_summary, wrong_totals

pytestmark = pytest.mark.slow

PACKS = ["zhengzhou-2013-237", "haicheng-ecommerce-2024", "haicheng-industry-2023"]


class Engine(Protocol):
    """A database that runs what is compiled, from a beginning without tables."""

    async def run(self, tables: Tables, queries: Sequence[Any]) -> list[list[Sequence[Any]]]: ...


class DuckDb:
    async def run(self, tables: Tables, queries: Sequence[Any]) -> list[list[Sequence[Any]]]:
        with connect() as connection:
            for statement in tables.statements():
                connection.execute(statement)
            return [[*connection.execute(query.sql(dialect="duckdb")).fetchall()] for query in queries]


class PostgreSql:
    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection

    async def run(self, tables: Tables, queries: Sequence[Any]) -> list[list[Sequence[Any]]]:
        for table in ("firms", *tables.lists):
            await self._connection.execute(f'DROP TABLE IF EXISTS "{table}"')
        for statement in tables.statements():
            await self._connection.execute(statement)
        return [
            [tuple(row) for row in await self._connection.fetch(query.sql(dialect="postgres"))] for query in queries
        ]


@pytest.fixture(params=["duckdb", "postgres"])
async def engine(request: pytest.FixtureRequest) -> AsyncIterator[Engine]:
    if request.param == "duckdb":
        yield DuckDb()
        return
    folder = request.getfixturevalue("postgres")
    made = make_url(databases.postgresql(folder, "template1"))
    connection = await asyncpg.connect(host=str(folder), user="postgres", database=made.database)
    yield PostgreSql(connection)
    await connection.close()


@dataclass(frozen=True)
class Prepared:
    """Cases as tables, the rules compiled for them, and what the engine says: the same for every database."""

    tables: Tables
    compiled: Compiled
    assessments: Sequence[Assessment]
    missing: bool

    @classmethod
    def of(
        cls, sheet: Sheet, book: Rulebook, cases: Sequence[Case], on: Dates | None = None, typed: bool = True
    ) -> "Prepared":
        tables = Tables(sheet, cases, on=on)
        missing = on is not None
        layout = tables.layout if typed else replace(tables.layout, typed=False, digits={})
        return cls(tables, sheet.compiled(layout, missing=missing), [*map(book.assess, cases)], missing)

    @cached_property
    def of_each(self) -> list[exp.Query]:
        """Every claim and, where there are any, the totals."""
        compiled = self.compiled
        return [compiled.every_claim()] + ([totals_of(compiled)] if compiled.no_total is None else [])

    @cached_property
    def of_all(self) -> dict[str, exp.Query]:
        """What is counted and summed up."""
        return summary.queries(self.compiled)


async def wrong(engine: Engine, prepared: Prepared) -> tuple[int, list[str]]:
    """How many claims were compared, and where the engine's word and the database's are not one."""
    compiled, assessments = prepared.compiled, prepared.assessments
    if not compiled.claims:
        return 0, []
    queries, counted = prepared.of_each, prepared.of_all
    rows, *more = await engine.run(prepared.tables, [*queries, *counted.values()])
    totals, sums = more[: len(queries) - 1], more[len(queries) - 1 :]
    found = wrong_summary({name: row for name, (row,) in zip(counted, sums, strict=True)}, assessments, compiled)
    found += wrong_claims(rows, assessments, compiled)
    found += wrong_missing(rows, assessments, compiled) if prepared.missing else []
    return len(rows), found + [each for one in totals for each in wrong_totals(one, assessments)]


@cache
def drawn(seeds: range, many: int) -> list[tuple[int, Prepared]]:
    """Small policies with cases of each."""
    found: list[tuple[int, Prepared]] = []
    for seed in seeds:
        random = Random(seed)
        sheet = Sheet.of(small_policies.sheet(random))
        book = sheet.book
        found.append((seed, Prepared.of(sheet, book, [read(book, small_policies.case(random)) for _ in range(many)])))
    return found


async def test_small_policies_by_chance(engine: Engine) -> None:
    compared = 0
    for seed, prepared in drawn(range(draws(28)), 12):
        many, found = await wrong(engine, prepared)
        compared += many
        assert not found, f"seed {seed}"
    assert compared > draws(700)


@cache
def shipped(pack: str, apart: bool) -> tuple[Prepared, list[Prepared]]:
    """The pack with cases whose days are in a column, and with those of one day for all, twice."""
    sheet = Sheet.shipped(served.policy(pack))
    book = sheet.book
    said = {"same_project": list[str]()} if apart else {}
    firms = RandomFirms(sheet, seed=11)
    any_day = Prepared.of(sheet, book, [book.parse({**firms.case(firms.day()), **said}) for _ in range(draws(30))])
    of_a_day: list[Prepared] = []
    for day in (firms.day(), date(2025, 4, 20)):
        cases = [book.parse({**firms.case(day), **said}) for _ in range(draws(30))]
        # once of tables that have any types, as for what is printed
        of_a_day.append(Prepared.of(sheet, book, cases, Dates(day, day), typed=bool(of_a_day)))
    return any_day, of_a_day


@pytest.mark.parametrize("pack", PACKS)
@pytest.mark.parametrize("apart", [False, True])
async def test_what_is_shipped(engine: Engine, pack: str, apart: bool) -> None:
    """With the day in a column, and with one day for all; then what is missing is compared, too."""
    any_day, of_a_day = shipped(pack, apart)
    found = await wrong(engine, any_day)
    assert not found[1]
    for prepared in of_a_day:
        found = await wrong(engine, prepared)
        assert not found[1]
        assert found[0] > 30


@pytest.mark.parametrize("pack", PACKS)
def test_firms_known_in_one_column_each(pack: str) -> None:
    """A table without ranges: the query is shorter, and says the same."""
    sheet = Sheet.shipped(served.policy(pack))
    book, day = sheet.book, date(2025, 4, 20)
    firms = RandomFirms(sheet, seed=5, so_far=0)
    cases = [book.parse(firms.case(day)) for _ in range(draws(200))]
    tables = Tables(sheet, cases, on=Dates(day, day), form=TableForm.EXACT)
    compiled = sheet.compiled(tables.layout, missing=True)
    with connect() as connection:
        for statement in tables.statements():
            connection.execute(statement)
        rows = connection.execute(compiled.every_claim().sql(dialect="duckdb", copy=False)).fetchall()
        totals = connection.execute(totals_of(compiled).sql(dialect="duckdb", copy=False)).fetchall()
    assessments = [book.assess(case) for case in cases]
    assert not wrong_claims(rows, assessments, compiled)
    assert not wrong_missing(rows, assessments, compiled)
    assert not wrong_totals(totals, assessments)


def test_what_has_no_form_in_sql_is_named_with_the_reason() -> None:
    sheet = Sheet.of(
        {
            "facts": {"enterprise.paid": "money", "enterprise.mu": "money"},
            "programmes": [
                {
                    "id": "a",
                    "amount": {"kind": "share", "of": {"ratio": ["enterprise.paid", "enterprise.mu"]}, "rate": 0.1},
                },
                {"id": "b", "amount": 5},
            ],
        }
    )
    compiled = sheet.compiled(Tables(sheet, [sheet.book.parse({})]).layout)
    assert [*compiled.claims] == ["b"]
    assert {name: str(why) for name, why in compiled.unsupported.items()} == {
        "a": "an amount is a quotient, which has no exact decimal"
    }
    assert str(compiled.no_total) == "a left out"


def test_what_would_grow_without_end_is_left_out() -> None:
    """A product of two quotients that may both be below 0: each end against each, and each of those again."""
    quotient = {"ratio": ["enterprise.gain", "enterprise.mu"]}
    other = {"ratio": ["enterprise.mu", "enterprise.gain"]}
    signed = {"type": "money", "minimum": -20, "maximum": 60}
    product = {"kind": "at_least", "term": {"product": [quotient, other]}, "value": 1}
    sheet = Sheet.of(
        {"facts": {"enterprise.gain": signed, "enterprise.mu": signed}, "conditions": [product], "amount": 1}
    )
    compiled = sheet.compiled(Tables(sheet, [sheet.book.parse({})]).layout)
    assert str(compiled.unsupported["p"]) == "a product of two quotients, either of which may be below 0"


FIGURES: Json = {
    "enterprise.born": "date",
    "enterprise.area": "ratio",
    "enterprise.level": {"type": "choice", "choices": ["a", "b", "c"]},
    "things.money": "money",
}
BY_LEVEL: Json = {"by": "enterprise.level", "levels": {"a": 3000000, "b": 2}}
MARGINAL: Json = {
    "kind": "bands",
    "mode": "marginal",
    "of": {"count": "things", "where": [{"kind": "at_least", "term": "things.money", "value": 3}]},
    "bands": [{"at_most": 2, "rate": 2}, {"more_than": 2, "rate": 1}],
}
SHARE: Json = {"kind": "share", "of": "enterprise.area", "rate": 0.5}
ROOM: dict[str, Json] = {
    "a count in bands beside a share": {
        "amount": {"kind": "by_level", "fact": "enterprise.level", "levels": {"a": SHARE, "b": MARGINAL}}
    },
    "the greatest of them": {"amount": {"kind": "greatest_of", "amounts": [SHARE, MARGINAL]}},
    "programmes of such": {"programmes": [{"id": "p", "amount": SHARE}, {"id": "q", "amount": MARGINAL}]},
    "a cap of one for the other": {
        "programmes": [{"id": "p", "amount": SHARE}, {"id": "q", "amount": MARGINAL}],
        "policy": {"limits": [{"kind": "cap", "of": ["p", "q"], "amount": {"term": "enterprise.area"}}]},
    },
    "days by millions": {
        "amount": {
            "kind": "per_unit",
            "of": {"elapsed": ["enterprise.born", "on"], "in": "days"},
            "price": 5000000,
        }
    },
    "a choice of whole numbers": {"amount": {"kind": "per_unit", "of": 7000, "price": BY_LEVEL}},
    "a sum of whole numbers": {
        "programmes": [{"id": each, "amount": {"kind": "fixed", "amount": 2000000000}} for each in ("p", "q")]
    },
}


@pytest.mark.parametrize("rules", ROOM.values(), ids=[*ROOM])
async def test_every_figure_has_room_beside_others(engine: Engine, rules: Json) -> None:
    """Figures of many digits beside such of many decimals: none is cut, and none is too large for what it is made of."""
    sheet = Sheet.of({"facts": FIGURES, **rules})
    book = sheet.book
    cases = [
        {"on": "2025-04-20", "enterprise": {"born": "2000-02-29", "area": 0.25, "level": level}, "things": things}
        for level in ("a", "b", "c")
        for things in ([], [{"money": 4}, {"money": 2}], [{"money": 99}] * 3)
    ]
    cases += [{"on": "2025-04-20", "enterprise": {"area": {"at_most": 0.25}}}, {"enterprise": {"level": "a"}}]
    many, found = await wrong(engine, Prepared.of(sheet, book, [*map(book.parse, cases)]))
    assert many >= len(cases)
    assert not found
