"""A claim explained: what it comes to and how, what speaks for it, what is missing, what it gives way to.

Made once from a case and its assessment, for whatever shows it: the result in the chat, a letter to a customer, the
Word file, the desk's page. Holds the facts of the matter, figures already in words; which sentence is made of them is
the business of each rendering. Knows no channel and no person.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from conversations.saying.amounts import reckoned, stated_share
from conversations.saying.provisions import limit_between, opens, over, remarks, used_up
from conversations.saying.terms import called, measured_as, told
from conversations.saying.values import (
    TODAY,
    claim_amount,
    claim_label,
    claim_path,
    figure,
    interval,
    item_label,
    money,
    paid,
    rests_on_approximate,
    value,
    wanted_label,
    year_label,
)
from conversations.state.session import Known, value_at, with_value
from conversations.state.shelf import Shelf
from knowledge.policy import Fact, Policy
from rules.amounts import Share
from rules.assessment import Claim, Finding, Status
from rules.conditions import AnyItem, Measured, Threshold, line_of
from rules.plain import PlainShare
from rules.spans import outward
from rules.terms import plain
from rules.values import Interval, Range

VERDICTS = {Status.ELIGIBLE: "符合", Status.UNDETERMINED: "还没定", Status.INELIGIBLE: "不符合"}
"""What is said of a claim, in the order in which claims stand where they are listed together."""


@dataclass(frozen=True, slots=True)
class Limit:
    """The figure that a condition demands, beside the one that is known.

    ``sign`` is the condition's (≥ > ≤ <), ``demanded`` its figure in words; ``missing`` is what the known figure lacks,
    in words: empty where it is the demanded one itself, None where it is not known exactly. ``close``: at least half
    of what is demanded is there.
    """

    sign: str
    demanded: str
    missing: str | None
    close: bool

    @property
    def upwards(self) -> bool:
        """Whether a figure can fall short of it."""
        return self.sign in ("≥", ">")


@dataclass(frozen=True, slots=True)
class Point:
    """A condition put to the case: ``label`` is what it is about, ``fact`` None where the list itself is empty.

    ``approximate``: what is known was given roughly. ``said`` is what a term comes to, or what is known of a list, as
    a sentence; ``of_term`` how the term stands to what is demanded.
    """

    finding: Finding
    label: str
    fact: Fact | None
    approximate: bool
    said: str | None = None
    of_term: Limit | None = None

    @property
    def value(self) -> str:
        """What is known, in words: 约 260 万元; empty where nothing is."""
        actual = self.finding.actual
        return f"约 {self.bare}" if self.approximate and isinstance(actual, Decimal | Range) else self.bare

    @property
    def bare(self) -> str:
        """What is known, in words, without saying that it was given roughly."""
        actual = self.finding.actual
        if self.fact is None or actual is None or isinstance(actual, tuple):
            return ""
        return value(self.fact, actual)

    @property
    def told(self) -> str:
        """What is known and of what: 服务费：260 万元; empty where nothing is known."""
        if self.said is not None:
            return self.said
        if self.fact is None:
            return f"没有{self.label}"
        if self.finding.actual is True:
            return self.label
        return f"{self.label}：{self.value}" if self.value else ""

    @property
    def limit(self) -> Limit | None:
        """How the known figure stands to the demanded one; None where the condition is not on a figure, or none is known."""
        if self.of_term is not None:
            return self.of_term
        condition, actual = line_of(self.finding.condition), self.finding.actual
        if self.fact is None or condition is None or not isinstance(actual, Decimal | Range):
            return None
        sign, demanded = condition.leaf.signs[0], figure(self.fact, condition.value)
        if isinstance(actual, Range):
            return Limit(sign, demanded, None, False)
        short = condition.value - actual
        return Limit(
            sign, demanded, figure(self.fact, short) if short else "", actual > 0 and actual * 2 >= condition.value
        )


@dataclass(frozen=True, slots=True)
class GivesWay:
    """The claim on the same project that is paid instead, and what it is called.

    ``over_years`` is what the one that gives way comes to in yuan over the years that it may still be paid, None where
    it is not paid for several; ``outweighs``: that is more than the other, which is paid once. ``quote`` is what the text
    says of it, where it is no matter of one project.
    """

    to: Claim
    label: str
    over_years: Decimal | None
    outweighs: bool
    quote: str = ""


@dataclass(frozen=True, slots=True)
class Explanation:
    """A claim explained.

    ``label`` is the programme's, with the item; ``item`` that of the item alone, empty where there are not several;
    ``quote`` is what the text says of the amount, ``citation`` where. ``amount`` is in words what the claim comes to,
    ``amount_if_met`` what it does once its conditions are met; ``reckoned`` how, ``sum`` the same without what it comes
    to (260 万元 × 10%). ``wanted`` are the facts that would
    settle it, by their labels. ``own``: a condition is met that this programme alone has. ``figured``: the case has
    the figures that the claim hangs on. ``remarks`` say what else is to be known of the award: by what instalments it is
    paid and to whom, up to what it comes to together with others, whether it is selected for, until when it can be applied
    for. ``over`` says since when that is over; empty where it is not. ``opens``: when it can be applied for again.
    """

    claim: Claim
    label: str
    item: str
    citation: str
    quote: str
    amount: str
    amount_if_met: str
    reckoned: str
    sum: str
    way: str
    points: tuple[Point, ...]
    wanted: tuple[str, ...]
    own: bool
    figured: bool
    gives_way: GivesWay | None
    remarks: tuple[str, ...] = ()
    over: str = ""
    opens: date | None = None

    @property
    def status(self) -> Status:
        return self.claim.status

    @property
    def later(self) -> str:
        """What is said of what can be applied for again, with what it comes to by the answers of now; else ``over``."""
        paid = self.opens and self.claim.amount and not self.claim.superseded_by
        return f"{self.over}，按现在的回答到时是 {self.amount}" if paid else self.over

    @property
    def verdict(self) -> str:
        """Whether it applies, in a word."""
        return VERDICTS[self.claim.status]

    @property
    def met(self) -> tuple[str, ...]:
        """What is known that speaks for the claim, each once."""
        told = (point.told for point in self.points if point.finding.satisfied)
        return tuple(dict.fromkeys(words for words in told if words))

    @property
    def failed(self) -> tuple[Point, ...]:
        """The conditions that are not met."""
        return tuple(point for point in self.points if point.finding.satisfied is False)

    @property
    def for_the_office(self) -> tuple[Point, ...]:
        """The conditions that the office decides: all is known, and the text leaves open whether that will do."""
        findings = ((point, point.finding) for point in self.points)
        return tuple(
            point
            for point, finding in findings
            if finding.satisfied is None and finding.actual is not None and finding.fact not in self.claim.missing
        )

    @property
    def open_conditions(self) -> tuple[Point, ...]:
        """The conditions of which it is not known whether they are met."""
        return tuple(point for point in self.points if point.finding.satisfied is None)

    @property
    def likely(self) -> bool:
        """Whether all that is wanted is one answer of which nothing is known, and what is known speaks for the claim.

        So it is only where a condition is met that this programme alone has.
        """
        pending = self.open_conditions
        one = len({point.finding.fact or point.finding.facts for point in pending}) == 1
        known = any(point.finding.actual is not None for point in pending[:1])
        term = any(point.finding.fact is None for point in pending)
        wants_one = one and not known and (not term or len(self.claim.missing) == 1)
        return self.claim.status is Status.UNDETERMINED and self.own and wants_one

    @property
    def near_miss(self) -> Point | None:
        """The one condition by which a claim fails that would hold otherwise; None for every other claim.

        By a figure that is not far off, or where the person has what this programme alone is about.
        """
        if self.claim.status is not Status.INELIGIBLE or len(self.failed) != 1:
            return None
        (point,) = self.failed
        limit = point.limit
        near = self.own or (limit is not None and limit.upwards and limit.close)
        return point if near and (point.fact is not None or point.of_term is not None) else None


def explain(shelf: Shelf, known: Known, claim: Claim) -> Explanation:
    """``claim``, which is one of the claims of what is ``known``, explained."""
    policy, case = shelf.policy, known.case
    document = policy.document(claim.id)
    about = rests_on_approximate(claim, known.approximate)
    way = "" if claim.amount is None else reckoned(shelf, case, claim, known.approximate)
    share = None if claim.amount is None else stated_share(shelf, claim.programme.amount)
    several = claim.index is not None and len(case.items[claim.programme.subject] or ()) > 1
    return Explanation(
        claim=claim,
        label=claim_label(policy, case, claim),
        item=item_label(policy, case, claim.programme.subject, claim.index or 0) if several else "",
        citation=policy.clause(claim.programme.clause).citation or "",
        quote=claim.programme.amount.quote,
        amount=claim_amount(claim, about),
        amount_if_met=_amount_if_met(shelf, known, claim, about),
        reckoned=way if share is None else _reckoned(policy, known, claim, share, about),
        way=way,
        sum=way if share is None else _sum(policy, known, claim, share, about),
        points=tuple(_point(policy, known, finding) for finding in claim.reasons),
        wanted=tuple(dict.fromkeys(wanted_label(policy, path) for path in claim.missing)),
        own=any(finding.satisfied and is_own(shelf, finding) for finding in claim.reasons),
        figured=_figured(known, claim),
        gives_way=_gives_way(policy, known, claim),
        remarks=tuple(remarks(policy, claim, case.on)),
        over=_over(document, known, claim),
        opens=opens(document, claim, case.on),
    )


def _over(document: Policy, known: Known, claim: Claim) -> str:
    """Why nothing of the claim can be paid on the day; empty where something can."""
    said = over(document, known.assessment.of(claim.id).in_force, claim, known.case.on)
    return said or (used_up(document, claim) if claim.id in known.assessment.over else "")


def explain_all(shelf: Shelf, known: Known) -> list[Explanation]:
    """Every claim explained, in the order of the programmes, then of the items."""
    return [explain(shelf, known, claim) for claim in known.assessment.claims]


def is_own(shelf: Shelf, finding: Finding) -> bool:
    """Whether the condition is on a fact that one programme alone asks for."""
    return finding.condition is not None and any(shelf.users[fact] == 1 for fact in shelf.stated(finding.condition))


def by_verdict(explanations: Iterable[Explanation]) -> list[Explanation]:
    """``explanations`` with what applies first and what does not last."""
    order = list(VERDICTS)
    return sorted(explanations, key=lambda one: order.index(one.claim.status))


def to_apply_for(claims: Iterable[Claim]) -> list[Claim]:
    """The claims that need papers: those that may be made and give way to none."""
    return [claim for claim in claims if claim.status is not Status.INELIGIBLE and claim.superseded_by is None]


def caveats(policy: Policy, claims: Iterable[Claim], alone: bool = False) -> list[str]:
    """What the pack has to say of ``claims``, each with its citation.

    That one project is paid once concerns several claims that may be one; with ``alone``, a single one of them as well.
    """
    claims = list(claims)
    said: list[str] = []
    for document in policy.documents:
        concerned = {claim.programme.id for claim in claims if policy.document(claim.id) is document}
        together = len(concerned & {*document.pooled}) > 1
        rule = document.cumulation
        for notice in document.notices if concerned or not policy.several else ():
            general = rule is not None and notice.clause == rule.clause and not alone
            if not notice.programmes or (together if general else concerned & {*notice.programmes}):
                citation = document.clause(notice.clause).citation
                said.append(notice.text + (f"（{citation}）" if citation else ""))
    return said


def percent(amount: PlainShare) -> str:
    """The rate of a share: 10%, 1:1."""
    return f"{plain(amount.rate * 100)}%" if amount.rate != 1 else "1:1"


def _point(policy: Policy, known: Known, finding: Finding) -> Point:
    leaf = finding.condition
    if isinstance(leaf, Measured) and finding.figure is not None:
        return _of_term(policy, known, finding, leaf)
    if isinstance(leaf, Measured) and (leaf.term is not None or finding.fact is None):
        return Point(finding, called(policy, leaf.measure, known.case.on), None, False, "")
    if finding.fact is None or finding.fact == TODAY:  # of which year is not known
        return Point(finding, finding.quote, None, False, "")
    if leaf is None or isinstance(leaf, AnyItem):
        label = next(subject.label for subject in policy.subjects if subject.id == finding.fact)
        some = {True: f"有符合条件的{label}", False: f"没有符合条件的{label}", None: ""}[finding.satisfied]
        return Point(finding, label, None, False, None if finding.actual == () else some)
    fact = policy.fact(finding.fact)
    return Point(finding, year_label(policy, finding.fact), fact, finding.fact in known.approximate)


def _of_term(policy: Policy, known: Known, finding: Finding, leaf: Measured) -> Point:
    """A condition on a term, or on a fact that follows from others."""
    on, figured = known.case.on, finding.figure
    fact = measured_as(policy, leaf.measure)
    label = called(policy, leaf.measure, on)
    rough = any(path in known.approximate for path in finding.facts)
    limit = None
    if isinstance(leaf, Threshold) and isinstance(leaf.value, Decimal) and figured is not None:
        exact = outward(figured)[0] if figured.exact else None
        short = None if exact is None else leaf.value - exact
        missing = None if short is None else figure(fact, short) if short else ""
        close = exact is not None and exact > 0 and exact * 2 >= leaf.value
        limit = Limit(leaf.signs[0], figure(fact, leaf.value), missing, close)
    own = policy.fact(finding.fact) if finding.fact is not None else None
    return Point(finding, label, own, rough, told(policy, leaf.measure, figured, on), limit)


def _reckoned(policy: Policy, known: Known, claim: Claim, amount: PlainShare, about: bool) -> str:
    """How a share is computed: 服务费 260 万元 × 10% = 26 万元."""
    fact = policy.fact(amount.fact)
    base = value_at(known.case, claim_path(claim, amount.fact))
    every = "每年" if claim.period == "year" else ""
    cap = f"{every}最高 {money(amount.cap)}" if amount.cap is not None else ""
    rate = percent(amount)
    if base is None:
        return f"{fact.label}还没有准数，按 {rate} 算" + (f"，{cap}" if cap else "")
    figures = f"{fact.label} {value(fact, base, about)} × {rate}"
    if not isinstance(base, Decimal):
        return figures + (f"（{cap}）" if cap else "")
    full = base * amount.rate
    if amount.cap is not None and full > amount.cap:
        return f"{figures} = {paid(full, about)}，超过上限，按{cap}给"
    return f"{figures} = {paid(full, about)}" + (f"（{cap}）" if cap else "")


def _sum(policy: Policy, known: Known, claim: Claim, amount: PlainShare, about: bool) -> str:
    """How a share is computed, in short: 约 260 万元 × 10%."""
    base = value_at(known.case, claim_path(claim, amount.fact))
    rate = percent(amount)
    capped = amount.cap is not None and (not isinstance(base, Decimal) or base * amount.rate > amount.cap)
    cap = f"，最高 {money(amount.cap)}" if capped and amount.cap is not None else ""
    if base is None:
        return f"{policy.fact(amount.fact).label}的 {rate}{cap}"
    return f"{value(policy.fact(amount.fact), base, about)} × {rate}{cap}"


def within_reach(shelf: Shelf, known: Known, one: Explanation) -> str:
    """What a near miss would come to once the figure that falls short just reaches what is demanded, or the condition is met.

    In words; empty where there is no such claim, no figure, or nothing that can still be reached.
    """
    point, claim = one.near_miss, one.claim
    if point is None or point.fact is None or point.of_term is not None:
        return ""
    limit, condition, rule = point.limit, line_of(point.finding.condition), claim.programme.amount
    if limit is not None and not limit.upwards:
        return ""
    reached = condition.value if condition else None
    path = point.finding.fact or claim_path(claim, point.fact.id)
    amount = shelf.rules.paid(claim, with_value(known.case, path, reached))
    if amount is None or not amount.max:
        return ""
    if one.for_the_office or len(one.open_conditions) > 1:
        amount = Interval(Decimal(0), amount.max)  # much besides is open
    about = rests_on_approximate(claim, known.approximate) and rule.fact != point.fact.id
    return interval(amount, about, "每年" if claim.period == "year" else "")


def _amount_if_met(shelf: Shelf, known: Known, claim: Claim, about: bool) -> str:
    """What the claim comes to if it holds: exactly, where only conditions are still open."""
    settled = claim.amount is None or claim.status is Status.INELIGIBLE
    paid = None if settled else shelf.rules.paid(claim, known.case)
    if paid is None or paid.min != paid.max:
        return claim_amount(claim, about)
    return interval(paid, about, "每年" if claim.period == "year" else "")


def _figured(known: Known, claim: Claim) -> bool:
    base = claim.programme.amount.fact
    if isinstance(claim.programme.amount, Share) and base:
        return value_at(known.case, claim_path(claim, base)) is not None
    return any(
        isinstance(f.condition, Threshold) and (f.actual is not None or (f.figure is not None and f.figure.exact))
        for f in claim.reasons
    )


def _gives_way(policy: Policy, known: Known, claim: Claim) -> GivesWay | None:
    if claim.superseded_by is None or claim.amount is None:
        return None
    leader = next(other for other in known.assessment.claims if other.id == claim.superseded_by)
    label = claim_label(policy, known.case, leader)
    limit = limit_between(policy, claim, leader)
    quote = limit.quote if limit is not None else ""
    if claim.period != "year" or not claim.years_left or claim.years_left < 2 or not leader.amount:
        return GivesWay(leader, label, None, False, quote)
    over = claim.amount.min * claim.years_left
    return GivesWay(leader, label, over, over > leader.amount.min and leader.period != "year", quote)
