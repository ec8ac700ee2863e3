"""What a list of firms shows: its sums with bars, what is missing, the rows that were left out, the firms page by page.

Makes words and rows of what has been computed; reads and changes nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from conversations.office.lead_listed import OpenLeads, code_of
from conversations.saying.values import interval, wanted_label
from conversations.state.firm_lists import ELIGIBLE, INELIGIBLE, UNDETERMINED, FirmLine, MatchedFirms, ProgrammeSum
from knowledge.policy import Policy
from rules.values import Interval

STATUSES = {ELIGIBLE: "符合", UNDETERMINED: "还不能确定", INELIGIBLE: "不符合"}
PAGE = 25
_MISSING = 5
"""So many facts that are missing are told."""
_NAMED = 3
"""So many programmes of a firm are told by name."""


@dataclass(frozen=True, slots=True)
class FirmFilter:
    """Which firms are meant: those with ``status`` under ``programme``; empty parts leave all."""

    programme: str = ""
    status: str = ""

    @classmethod
    def read(cls, sent: Mapping[str, str], matched: MatchedFirms) -> "FirmFilter":
        """What a form or an address says; what is no programme or status says nothing."""
        programme, status = sent.get("programme", ""), sent.get("status", "")
        known = {each.programme for each in matched.programmes}
        return cls(programme if programme in known else "", status if status in STATUSES else "")

    def of(self, matched: MatchedFirms, lines: Sequence[FirmLine]) -> list[FirmLine]:
        """The firms that are meant, those with the most programmes and the most money first."""
        places = {each.programme: place for place, each in enumerate(matched.programmes)}
        place = places.get(self.programme)

        def meant(line: FirmLine) -> bool:
            signs = line.statuses if place is None else line.statuses[place]
            return not self.status or self.status in signs

        found = [line for line in lines if meant(line)]
        return sorted(found, key=lambda each: (-each.statuses.count(ELIGIBLE), -(each.least or 0), each.line))


@dataclass(frozen=True, slots=True)
class ProgrammeBar:
    """A programme: how many firms' claims have which status, in percent of all, and what they cost."""

    programme: str
    label: str
    citation: str
    counts: Mapping[str, int]
    shares: Mapping[str, str]
    cost: str
    more: str


@dataclass(frozen=True, slots=True)
class FirmRow:
    """A firm in the list; ``lead`` is the id and the number of its open lead."""

    line: int
    called: str
    beside: str
    eligible: str
    undetermined: int
    amount: str
    lead: tuple[int, str] | None


def bars(policy: Policy, matched: MatchedFirms) -> list[ProgrammeBar]:
    """A bar a programme."""
    return [_bar(policy, each) for each in matched.programmes]


def cost(least: Decimal, most: Decimal | None) -> str:
    """What is paid at least and at most; None where there is no upper bound."""
    return "没有上限" if most is None and not least else interval(Interval(least, most))


def total(ends: tuple[Decimal, Decimal | None]) -> str:
    """What all of it comes to, as the end of a sentence."""
    least, most = ends
    return "0 元起，没有上限" if most is None and not least else cost(least, most)


def missing(policy: Policy, matched: MatchedFirms) -> list[tuple[str, int, int]]:
    """What to ask first, in words: how many claims it settles alone, and among how many it is missing."""
    return [(wanted_label(policy, path), alone, among) for path, alone, among in matched.missing[:_MISSING]]


def rows(policy: Policy, matched: MatchedFirms, lines: Sequence[FirmLine], there: OpenLeads) -> list[FirmRow]:
    """The firms as the list shows them."""
    labels = [policy.programme(each.programme).label for each in matched.programmes]
    return [_row(labels, line, there) for line in lines]


def _bar(policy: Policy, each: ProgrammeSum) -> ProgrammeBar:
    programme = policy.programme(each.programme)
    counts = {ELIGIBLE: each.eligible, UNDETERMINED: each.undetermined, INELIGIBLE: each.ineligible}
    whole = sum(counts.values()) or 1
    more = [f"{each.endless} 项没有上限"] * bool(each.endless)
    more += [f"{each.unfigured} 项文件没有给具体数"] * bool(each.unfigured)
    return ProgrammeBar(
        programme=each.programme,
        label=programme.label,
        citation=policy.clause(programme.clause).citation or "",
        counts=counts,
        shares={status: f"{100 * number / whole:.1f}" for status, number in counts.items()},
        cost="文件没有给具体数"
        if each.unfigured and not each.most and not each.endless
        else cost(each.least, None if each.endless else each.most),
        more="，".join(more),
    )


def _row(labels: Sequence[str], line: FirmLine, there: OpenLeads) -> FirmRow:
    named = [label for label, sign in zip(labels, line.statuses, strict=True) if sign == ELIGIBLE]
    code = code_of(line)
    beside = code if code and code != line.called else line.firm if line.firm != line.called else ""
    return FirmRow(
        line=line.line,
        called=line.called,
        beside=beside,
        eligible="、".join(named[:_NAMED]) + (f" 等 {len(named)} 项" if len(named) > _NAMED else ""),
        undetermined=line.statuses.count(UNDETERMINED),
        amount="" if line.least is None else interval(Interval(line.least, line.most)),
        lead=there.of(line),
    )
