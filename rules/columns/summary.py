"""What a policy comes to over all firms: how many may claim each programme, what it costs, and which facts would settle it.

One query over the firms and one over each list, each a single row of counts and sums; ``summed`` puts them together.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from sqlglot import exp

from rules.columns import sql
from rules.columns.claims import CompiledClaim
from rules.columns.compiled import PAYABLE, TOTAL, Compiled
from rules.columns.sql import Sql
from rules.values import Interval


@dataclass(frozen=True, slots=True)
class ProgrammeCost:
    """A programme over all firms: how many claims of each status, and what they cost before limits that join claims.

    ``endless``: how many claims have no upper bound; the most of ``cost`` counts the least of these. ``no_figure``: of how many that are not ruled out the text gives no
    figure. ``settles``: for each fact that is missing, of how many undetermined claims it is the only one, and among how
    many it is.
    """

    programme: str
    eligible: int = 0
    ineligible: int = 0
    undetermined: int = 0
    cost: Interval = field(default_factory=lambda: Interval(Decimal(0), Decimal(0)))
    endless: int = 0
    no_figure: int = 0
    settles: Mapping[str, tuple[int, int]] = field(default_factory=dict[str, tuple[int, int]])


@dataclass(frozen=True, slots=True)
class PolicyCost:
    """A policy over all firms; ``total`` and ``payable`` with every limit, None where there is no total.

    ``endless``: how many firms have no upper bound; the most counts the least of these.
    """

    firms: int
    programmes: tuple[ProgrammeCost, ...]
    total: Interval | None
    payable: Interval | None
    endless: int

    def settling(self) -> list[tuple[str, int, int]]:
        """The facts that are missing, with the undetermined claims that each alone would settle, and those that it is
        among; the one that settles most first."""
        found: dict[str, tuple[int, int]] = {}
        for programme in self.programmes:
            for fact, (alone, among) in programme.settles.items():
                before = found.get(fact, (0, 0))
                found[fact] = (before[0] + alone, before[1] + among)
        return sorted(
            ((fact, *counts) for fact, counts in found.items() if counts[1]), key=lambda each: (-each[1], -each[2])
        )


def queries(compiled: Compiled) -> dict[str, exp.Query]:
    """For each part, the firms' and those of the lists, the query of its one row."""
    found: dict[str, exp.Query] = {}
    for part, claims in _parts(compiled):
        columns = [column for claim in claims for column in _counted(claim, _rows(compiled, part, claim))]
        if part == compiled.firms:
            columns += _together(compiled)
        select = exp.select(*columns).from_(exp.Table(this=exp.to_identifier(part, quoted=True)))
        found[part] = compiled.query.select(select)
    return found


def summed(compiled: Compiled, rows: Mapping[str, Sequence[object]]) -> PolicyCost:
    """The figures in ``rows``, the row of each of ``queries``."""
    programmes: dict[str, ProgrammeCost] = {name: ProgrammeCost(name) for name in compiled.claims}
    firms, total, payable, endless = 0, None, None, 0
    for part, claims in _parts(compiled):
        values = iter(rows[part])
        for claim in claims:
            name = claim.programme.id
            programmes[name] = _read(programmes[name], claim, values)
        if part == compiled.firms:
            firms = _whole(next(values))
            if compiled.no_total is None:
                total = Interval(_money(next(values)), _money(next(values)))
                payable = total if compiled.all_payable else Interval(_money(next(values)), _money(next(values)))
                endless = _whole(next(values))
    return PolicyCost(firms, tuple(programmes.values()), total, payable, endless)


def _parts(compiled: Compiled) -> Iterator[tuple[str, list[CompiledClaim]]]:
    yield compiled.firms, [*compiled.claims.values()]
    for subject, part in compiled.rows.items():
        claims = [claim for claim in compiled.listed.values() if claim.programme.subject == subject]
        if claims:
            yield part, claims


def _rows(compiled: Compiled, part: str, claim: CompiledClaim) -> Sql:
    """Which rows of a part hold a claim of the programme."""
    subject = claim.programme.subject
    if part != compiled.firms or claim.programme.id not in compiled.listed:
        return sql.true()
    return sql.opposite(sql.surely(sql.compare(sql.column(subject), ">", sql.number(0)), True))


def _counted(claim: CompiledClaim, rows: Sql) -> list[Sql]:
    """The columns of a claim: the counts, the sums, and for each fact that may be missing two counts."""
    name = claim.programme.id
    holds, low, high = (sql.column(f"{name}.{each}") for each in ("holds", "min", "max"))
    open_claim = sql.unknown(holds)
    found = [_count(sql.both((rows, holds))), _known(holds, rows), _count(rows)]
    found += [_sum(low, rows), _sum(sql.known_or(high, low), rows)]
    bounded = claim.award.high is not None and claim.award.high.sure
    endless = sql.false() if bounded else sql.both((rows, sql.unknown(high), sql.opposite(sql.unknown(low))))
    unfigured = sql.opposite(sql.surely(sql.column(f"{name}.no_figure"), False)) if claim.no_figure else sql.false()
    alive = sql.opposite(sql.surely(holds, False))
    found += [_count(endless), _count(sql.both((rows, alive, unfigured)))]
    missing = sql.column(f"{name}.missing")
    for place in range(len(claim.missing or ())):
        bit = sql.number(1 << place)
        among = sql.compare(exp.BitwiseAnd(this=missing.copy(), expression=bit), ">", sql.number(0))
        for truth in (sql.compare(missing, "=", bit), among):
            found.append(_count(sql.both((rows, open_claim, truth))))
    return found


def _together(compiled: Compiled) -> list[Sql]:
    """The columns of all claims together: the firms, the totals."""
    found: list[Sql] = [exp.Count(this=exp.Star())]
    if compiled.no_total is not None:
        return found
    for name in (TOTAL,) if compiled.all_payable else (TOTAL, PAYABLE):
        low, high = (sql.column(f"{name}.{end}") for end in ("min", "max"))
        found += [_sum(low, sql.true()), _sum(sql.known_or(high, low), sql.true())]
    return [*found, _count(sql.unknown(sql.column(f"{TOTAL}.max")))]


def _count(rows: Sql) -> Sql:
    if sql.is_true(rows):
        return exp.Count(this=exp.Star())
    if sql.is_false(rows):
        return sql.number(0)
    return exp.Filter(this=exp.Count(this=exp.Star()), expression=exp.Where(this=rows))


def _known(value: Sql, rows: Sql) -> Sql:
    """In how many of ``rows`` there is a value."""
    known = exp.Count(this=value.copy())
    return known if sql.is_true(rows) else exp.Filter(this=known, expression=exp.Where(this=rows))


def _sum(value: Sql, rows: Sql) -> Sql:
    total = exp.Sum(this=value)
    return total if sql.is_true(rows) else exp.Filter(this=total, expression=exp.Where(this=rows))


def _read(before: ProgrammeCost, claim: CompiledClaim, values: Iterator[object]) -> ProgrammeCost:
    """The figures of a claim, added to those of the same programme in another part."""
    eligible, known, rows = (_whole(next(values)) for _ in range(3))
    cost = Interval(before.cost.min + _money(next(values)), (before.cost.max or Decimal(0)) + _money(next(values)))
    endless, no_figure = _whole(next(values)), _whole(next(values))
    settles = dict(before.settles)
    for fact in claim.missing or ():
        alone, among = _whole(next(values)), _whole(next(values))
        old = settles.get(fact, (0, 0))
        settles[fact] = (old[0] + alone, old[1] + among)
    return ProgrammeCost(
        before.programme,
        before.eligible + eligible,
        before.ineligible + known - eligible,
        before.undetermined + rows - known,
        cost,
        before.endless + endless,
        before.no_figure + no_figure,
        settles,
    )


def _whole(value: object) -> int:
    return value if isinstance(value, int) else 0


def _money(value: object) -> Decimal:
    """A sum; that of no rows is 0."""
    return Decimal(str(value)) if isinstance(value, (int, Decimal)) else Decimal(0)
