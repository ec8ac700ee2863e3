"""The rules in SQL beside the engine on very many firms: small policies of every kind by chance, and the packs shipped.

    uv run --extra match python -m benchmarks.many_firms [FIRMS_OF_SMALL_POLICIES] [FIRMS_OF_EACH_PACK]

Prints as it goes how many claims and totals were compared, and differences; at the end what had no form in SQL and why. It
ends with 1 where something differs. By hand, for it takes half an hour: 60,000 and 14,000 make more than 100,000 firms.
"""

import sys
from collections import Counter
from collections.abc import Sequence
from random import Random

from bot.match.run import connect
from knowledge.loading import load
from rules.case import Case
from rules.columns import summary
from rules.dates import Dates
from tests.rules import small_policies
from tests.rules.agreement import read
from tests.rules.random_firms import RandomFirms
from tests.rules.tables import Sheet, Tables, totals_of, wrong_claims, wrong_missing, wrong_summary, wrong_totals

PACKS = ("zhengzhou-2013-237", "haicheng-ecommerce-2024", "haicheng-industry-2023")
EACH = 200


class Tally:
    """What has been compared, and what was wrong."""

    def __init__(self) -> None:
        self.firms = self.claims = self.totals = 0
        self.wrong: list[str] = []
        self.reasons: Counter[str] = Counter()

    def compare(self, name: str, sheet: Sheet, cases: Sequence[Case], on: Dates | None = None) -> None:
        tables = Tables(sheet, cases, on=on)
        compiled = sheet.compiled(tables.layout, missing=on is not None)
        self.reasons.update(map(str, [*compiled.unsupported.values(), *filter(None, [compiled.no_total])]))
        book, found = sheet.book, list[str]()
        assessments = [book.assess(case) for case in cases]
        with connect() as connection:
            for statement in tables.statements():
                connection.execute(statement)
            if compiled.claims:
                rows = connection.execute(compiled.every_claim().sql(dialect="duckdb")).fetchall()
                found += wrong_claims(rows, assessments, compiled)
                found += wrong_missing(rows, assessments, compiled) if on else []
                self.claims += len(rows)
                sums = {
                    name: connection.execute(query.sql(dialect="duckdb")).fetchone() or ()
                    for name, query in summary.queries(compiled).items()
                }
                found += wrong_summary(sums, assessments, compiled)
            if compiled.no_total is None:
                totals = connection.execute(totals_of(compiled).sql(dialect="duckdb")).fetchall()
                found += wrong_totals(totals, assessments)
                self.totals += len(totals)
        self.firms += len(cases)
        self.wrong += [f"{name}: {each}" for each in found]
        for each in found[:20]:
            print(f"{name}: {each}", flush=True)

    def say(self) -> None:
        print(
            f"{self.firms:,} firms, {self.claims:,} claims, {self.totals:,} totals; {len(self.wrong)} differ",
            flush=True,
        )


def main() -> None:
    small, shipped = [int(each) for each in sys.argv[1:3]] or (60_000, 14_000)
    tally = Tally()
    for seed in range(1000, 1000 + small // EACH):
        random = Random(seed)
        sheet = Sheet.of(small_policies.sheet(random))
        book = sheet.book
        tally.compare(f"seed {seed}", sheet, [read(book, small_policies.case(random)) for _ in range(EACH)])
        if seed % 25 == 24:
            tally.say()
    for pack in PACKS:
        sheet = Sheet.shipped(load(pack, whole=False))
        book = sheet.book
        for part in range(shipped // 2000):
            firms = RandomFirms(sheet, seed=part)
            day = firms.day() if part % 2 else None
            said = {"same_project": list[str]()} if part % 3 == 0 else {}
            cases = [book.parse({**firms.case(day or firms.day()), **said}) for _ in range(2000)]
            tally.compare(f"{pack} {part}", sheet, cases, None if day is None else Dates(day, day))
            tally.say()
    for reason, many in tally.reasons.most_common():
        print(f"  no form in SQL, {many} times: {reason}")
    sys.exit(bool(tally.wrong))


if __name__ == "__main__":
    main()
