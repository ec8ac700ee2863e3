"""How an amount is reckoned, in words: 种植面积 300 亩 × 每亩 200 元; 在 500 万元至 5000 万元这一档，按 5%–20% 给.

One sentence for each kind of amount, with the figures of the case where it has them. What a plain share of a figure
comes to has its own sentence (``explanation``). Knows no session; the rules are asked what a term comes to.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import TypeVar

from conversations.saying.terms import UNITS, amount_of, called, measured_as, told
from conversations.saying.values import between, figure, money, roughly
from conversations.state.shelf import Shelf
from knowledge.policy import Fact
from rules.amounts import (
    Amount,
    Band,
    Bands,
    ByLevel,
    ByTable,
    Fixed,
    GreatestOf,
    NoFigure,
    PerStep,
    PerUnit,
    Share,
    SumOf,
    UpTo,
)
from rules.assessment import Claim
from rules.case import Case
from rules.conditions import all_of
from rules.figures import ByChoice, Discretion, Figure, Reckoned
from rules.plain import PlainShare, plain_levels, plain_share, plain_sum
from rules.spans import FigureSpan, common
from rules.terms import DifferenceTerm, FactTerm, Scope, Term, Values, plain
from rules.walk import names

T = TypeVar("T")
OFFICE = "具体由主管部门定"
NEGOTIATED = {"negotiated": "一事一议", "discretionary": "由主管部门酌情确定"}
"""How an amount without figure is settled."""


def reckoned(shelf: Shelf, case: Case, claim: Claim, approximate: Collection[str] = ()) -> str:
    """How the amount of ``claim`` is reckoned; empty where it is a plain sum, by level or a plain share, or has no figure.

    ``approximate`` are the paths of figures that were given roughly.
    """
    amount = claim.programme.amount
    simple = plain_sum(amount) is not None or plain_levels(amount) or stated_share(shelf, amount)
    bare = isinstance(amount, NoFigure) and amount.at_least is None
    return "" if simple or bare else _Way(shelf, case, claim, approximate).of(amount)


def stated_share(shelf: Shelf, amount: Amount) -> PlainShare | None:
    """``amount`` as a plain share of a figure that people state as such: of no year, and not derived."""
    share = plain_share(amount)
    stated = share is not None and "@" not in share.fact and shelf.policy.fact(share.fact).derive is None
    return share if stated else None


@dataclass(frozen=True, slots=True)
class _Way:
    """The words for the amounts of one claim."""

    shelf: Shelf
    case: Case
    claim: Claim
    approximate: Collection[str]

    def of(self, amount: Amount) -> str:
        """The sentence for an amount, with its floor and cap."""
        said = self._bare(amount)
        if amount.floor is not None:
            floor = f" {self._figure(amount.floor)}"
            said += f"，不足{floor}的按{floor}"
        if isinstance(amount.cap, Reckoned):
            return f"{said}，不超过{self._figure(amount.cap)}"
        return said + (f"，最高 {self._figure(amount.cap)}" if amount.cap is not None else "")

    def _bare(self, amount: Amount) -> str:
        match amount:
            case Fixed():
                return self._figure(amount.amount)
            case NoFigure():
                least = f"，不低于 {self._figure(amount.at_least)}" if amount.at_least is not None else ""
                return f"{NEGOTIATED[amount.basis]}{least}"
            case UpTo():
                return f"最高 {self.of(amount.amount)}，{OFFICE}"
            case SumOf():
                return f"几部分相加：{'；'.join(map(self.of, amount.amounts))}"
            case GreatestOf():
                return f"几种算法取最高的（{'；'.join(map(self.of, amount.amounts))}）"
            case ByTable():
                return self._table(amount)
            case ByLevel():
                return self._level(amount)
            case Bands():
                return self._marginal(amount) if amount.mode == "marginal" else self._bands(amount)
            case PerStep():
                return self._steps(amount)
            case PerUnit():
                return self._times(amount.of, f"每{self._unit(amount.of)} {self._figure(amount.price)}")
            case Share():
                return self._times(amount.of, self._rate(amount.rate))

    def _times(self, of: Term, rate: str) -> str:
        """So much times a figure; of an excess that there is not, that nothing is paid for."""
        known = self._known(of)
        if isinstance(of, DifferenceTerm) and known is not None and known.high is not None and known.high <= 0:
            return f"{self._named(of)}，没有可以算的部分"
        return f"{self._named(of)} × {rate}"

    def _figure(self, each: Figure) -> str:
        """A sum of money: a number, discretion, by a choice, or made of facts."""
        if isinstance(each, Decimal):
            return money(each)
        if isinstance(each, Discretion):
            return f"{between(money(each.first), money(each.last))}（{OFFICE}）"
        return self._depends(each, money)

    def _rate(self, each: Figure) -> str:
        if isinstance(each, Decimal):
            return "1（全额）" if each == 1 else _percent(each)
        if isinstance(each, Discretion):
            return f"{between(_percent(each.first), _percent(each.last))}（{OFFICE}）"
        return self._depends(each, _percent)

    def _depends(self, each: ByChoice | Reckoned, shown: Callable[[Decimal], str]) -> str:
        if isinstance(each, Reckoned):
            return self._named(each.term)
        label, chosen = self._choice(each.by)
        level = each.levels.get(chosen or "")
        if isinstance(level, Decimal):
            return shown(level)
        return f"{label}对应的数" if chosen is None or level is not None else shown(Decimal(0))

    def _level(self, amount: ByLevel) -> str:
        label, chosen = self._choice(amount.of)
        if chosen is None:
            return f"按{label}定"
        option = next(each.label for each in self.shelf.policy.fact(amount.of).choices if each.id == chosen)
        return f"{option}：{self.of(amount.levels[chosen])}" if chosen in amount.levels else f"{option}没有奖励"

    def _choice(self, fact: str) -> tuple[str, str | None]:
        """What a choice is called, and which was taken."""

        def read(scope: Scope) -> Callable[[Values], str | None]:
            place = scope.choice(fact, ())
            return lambda values: values[place]

        return self.shelf.policy.fact(fact).label, self._asked(read)

    def _steps(self, amount: PerStep) -> str:
        fact, known = self._measure(amount.of), self._known(amount.of)
        word = "每满" if amount.count == "full" else "每超过"
        said = f"{called(self.shelf.policy, amount.of, self.case.on)}{word} {figure(fact, amount.step)}给 {self._figure(amount.each)}"
        if known is None or not known.exact or known.low is None:
            return said
        steps = amount.steps(known.low)
        return f"{said}，{amount_of(fact, known)}算 {steps} 份"

    def _bands(self, amount: Bands) -> str:
        known = self._known(amount.of)
        touched = [band for band in amount.bands if known is not None and common(known, band.span) is not None]
        base = called(self.shelf.policy, amount.of, self.case.on)
        base = f" {base}" if base[:1].isdigit() else base
        if known is None or not touched:
            return f"{self._named(amount.of)}，不在任何一档" if known is not None else f"按{base}分档"
        if len(touched) > 1:
            return f"按{base}分 {len(amount.bands)} 档"
        (band,) = touched
        pays = self.of(band.amount) if band.amount is not None else self._per(amount, band)
        return f"{self._named(amount.of)}，在{self._edges(amount.of, band)}这一档，{pays}"

    def _per(self, amount: Bands, band: Band) -> str:
        """What a band pays times the figure."""
        if band.rate is not None:
            return f"按它的 {self._rate(band.rate)}"
        return f"每{self._unit(amount.of)} {self._figure(band.multiplier)}"

    def _marginal(self, amount: Bands) -> str:
        parts = [f"{self._edges(amount.of, band)}的部分 {self._rate(band.multiplier)}" for band in amount.bands]
        said = told(self.shelf.policy, amount.of, self._known(amount.of), self.case.on)
        return f"{said or called(self.shelf.policy, amount.of, self.case.on)}，分段算：{'、'.join(parts)}"

    def _edges(self, term: Term, band: Band) -> str:
        """超过 1000 万元至 5000 万元; 5000 万元以上; 不足 500 万元."""
        fact = self._measure(term)
        low = "" if band.low is None else figure(fact, band.low)
        high = "" if band.high is None else figure(fact, band.high)
        if not high:
            return f"超过 {low}" if band.more_than is not None else f" {low}以上"
        if not low:
            return f"不超过 {high}" if band.at_most is not None else f"不足 {high}"
        return f"{'超过 ' if band.more_than is not None else ' '}{low}至{'不足' if band.less_than is not None else ''} {high}"

    def _table(self, amount: ByTable) -> str:
        truths = [(row, self._asked(partial(all_of, row.when))) for row in amount.rows]
        alive = [(row, truth) for row, truth in truths if truth is not False]
        labels = dict.fromkeys(
            self.shelf.policy.fact(name).label for row in amount.rows for name in names(row.when) if name != "on"
        )
        by = f"按{'、'.join(labels)}分档"
        if alive and alive[0][1]:
            return f"{by}，这一档 {self.of(alive[0][0].amount)}"
        if not alive:
            return (
                f"{by}，其余的 {self.of(amount.otherwise)}" if amount.otherwise is not None else f"{by}，不在任何一档"
            )
        return by

    def _measure(self, term: Term) -> Fact:
        return measured_as(self.shelf.policy, term)

    def _unit(self, term: Term) -> str:
        """What one of a quantity is: 亩, 平方米, 个."""
        fact = self._measure(term)
        return fact.unit_word or UNITS.get(fact.type) or fact.counter or "个"

    def _named(self, term: Term) -> str:
        """A term with what it comes to: 种植面积 300 亩."""
        known = self._known(term)
        said = amount_of(self._measure(term), known)
        if isinstance(term, FactTerm) or not said:
            about = "约 " if said and roughly(names(term), self.claim, self.approximate) else ""
            return f"{called(self.shelf.policy, term, self.case.on)} {about}{said}".rstrip()
        return told(self.shelf.policy, term, known, self.case.on)

    def _known(self, term: Term) -> FigureSpan | None:
        return self._asked(term.compiled)

    def _asked(self, made: Callable[[Scope], Callable[[Values], T]]) -> T:
        return self.shelf.rules.asked(made, self.claim, self.case)


def _percent(rate: Decimal) -> str:
    return f"{plain(rate * 100)}%"
