"""A document as a page shows it to somebody of whom nothing is known: whether it holds, what it gives, to whom, on what papers.

Facts of the matter in words, from the pack and the rules on one day; which of them stand where is the page's business.
What is said of every programme alike is said once, of the document. Knows no person and no channel.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from conversations.saying.provisions import over, remarks, standing, validity
from conversations.saying.values import claim_amount, day, interval
from conversations.state.office_time import today
from conversations.state.session import Known, Session, derive
from conversations.state.shelf import Shelf
from knowledge.policy import Clause, Policy, Programme, bare
from rules.assessment import Claim
from rules.dates import Dates
from rules.programme import Requirement
from rules.spans import Truth
from rules.terms import plain
from rules.validity import days_of, in_force
from rules.walk import leaves

EXPIRING = 90
"""The days before its end at which a document is said to be expiring."""


@dataclass(frozen=True, slots=True)
class Validity:
    """Whether a document is in force on the day: in a word and in a sentence. ``expiring``: its end is near."""

    in_force: Truth
    word: str
    sentence: str
    expiring: bool


@dataclass(frozen=True, slots=True)
class Cited:
    """Something that the document says, and the clause where; ``clause`` is empty where the pack names none."""

    words: str
    clause: str
    citation: str


@dataclass(frozen=True, slots=True)
class Offer:
    """A programme: ``amount`` and ``period`` in words (empty where there is no figure), ``quote`` as the text has it.

    ``conditions`` are the text's own words, those for every programme apart; ``closed`` says since when it is over.
    """

    id: str
    label: str
    summary: str
    where: Cited
    amount: str
    period: str
    quote: str
    conditions: tuple[str, ...]
    remarks: tuple[str, ...]
    notices: tuple[str, ...]
    closed: str


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper of an application: of every one (``general``), or of some ``programmes``, by their labels.

    ``named``: the document itself names it.
    """

    name: str
    named: bool
    note: str
    general: bool
    programmes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Overview:
    """A document: its ``demands`` on whoever applies, its offers, what holds for all of them, papers, clauses."""

    policy: Policy
    validity: Validity
    demands: tuple[Cited, ...]
    offers: tuple[Offer, ...]
    closed: str
    remarks: tuple[str, ...]
    across: Cited | None
    notices: tuple[Cited, ...]
    papers: tuple[Paper, ...]
    clauses: tuple[Clause, ...]

    @property
    def of_clauses(self) -> dict[str, list[Offer]]:
        """The offers that each clause founds."""
        found: dict[str, list[Offer]] = {}
        for offer in self.offers:
            found.setdefault(offer.where.clause, []).append(offer)
        return found


def validity_of(policy: Policy, on: date) -> Validity:
    """Whether ``policy`` is in force on the day, and until when."""
    when = Dates(on, on)
    holds = None if policy.valid is None else in_force(policy.valid, when)
    if holds is False:
        first, last = (None, None) if policy.valid is None else days_of(policy.valid)
        coming = first is not None and on < first
        return Validity(False, "还没有生效" if coming else "已经失效", standing(policy, when), False)
    if holds:
        last = None if policy.valid is None else days_of(policy.valid)[1]
        expiring = last is not None and (last - on).days <= EXPIRING
        return Validity(True, "快到期" if expiring else "有效", validity(policy), expiring)
    first = None if policy.valid is None else days_of(policy.valid)[0]
    said = f"{day(first)}起施行，没有写到哪一天为止" if first else "文件没有写有效期"
    return Validity(None, "有效期不明", said, False)


def overviews(shelf: Shelf, now: datetime) -> list[Overview]:
    """Every document of the shelf, as it stands on the day of ``now``."""
    known = derive(Session.begin("", "", shelf, now), shelf)
    return [_overview(shelf, known, document, today(now)) for document in shelf.policy.documents]


def _overview(shelf: Shelf, known: Known, policy: Policy, on: date) -> Overview:
    claims = {claim.programme.id: claim for claim in known.assessment.claims}
    general = [each for each in policy.requires if all(each.concerns(p.id) for p in policy.programmes)]
    offers = [_offer(shelf, policy, p, claims[p.id], general, on) for p in policy.programmes]
    said = _common([offer.remarks for offer in offers])
    closed = _common([(offer.closed,) for offer in offers])
    return Overview(
        policy=policy,
        validity=validity_of(policy, on),
        demands=tuple(_cited(policy, *each) for each in _demands(general)),
        offers=tuple(
            replace(
                offer,
                remarks=tuple(each for each in offer.remarks if each not in said),
                closed="" if closed else offer.closed,
            )
            for offer in offers
        ),
        closed="".join(closed),
        remarks=said,
        across=_cited(policy, policy.across.quote, policy.across.clause) if policy.across else None,
        notices=tuple(_cited(policy, each.text, each.clause) for each in policy.notices if not each.programmes),
        papers=_papers(policy),
        clauses=tuple(sorted(policy.clauses, key=lambda each: each.citation is None)),
    )


def _offer(
    shelf: Shelf, policy: Policy, programme: Programme, claim: Claim, general: Sequence[Requirement], on: date
) -> Offer:
    demanded = [leaf for each in general for leaf in leaves(each.condition)]
    own = [finding.quote for finding in claim.reasons if finding.condition not in demanded]
    return Offer(
        id=bare(programme.id),
        label=programme.label,
        summary=programme.summary,
        where=_cited(policy, "", programme.clause),
        amount=_amount(shelf, claim),
        period=_period(programme),
        quote=programme.amount.quote,
        conditions=_longest(own),
        remarks=tuple(each.replace(f"（{policy.name} ", "（") for each in remarks(policy, claim, Dates(on, on))),
        notices=tuple(each.text for each in policy.notices if programme.id in each.programmes),
        closed=over(policy, None, claim, Dates(on, on)),
    )


def _amount(shelf: Shelf, claim: Claim) -> str:
    """What is paid at least and at most, whoever applies; empty where the text gives a way to reckon and no limit."""
    worth = shelf.rules.worth(claim.programme.id)
    if worth is None:
        return claim_amount(claim)
    every = "每年" if claim.period == "year" else ""
    return "" if worth.max is None and not worth.min else interval(worth, every=every)


def _period(programme: Programme) -> str:
    """Whether it is paid once, or for how many years; empty where the text does not say."""
    if programme.years is not None:
        return f"最多 {plain(programme.years.limit)} 年"
    return "一次性" if programme.period == "once" else ""


def _papers(policy: Policy) -> tuple[Paper, ...]:
    """All papers, those first that every application needs."""
    needed = {p.id: {paper.id for paper in policy.materials(p.id)} for p in policy.programmes}
    papers: list[Paper] = []
    for paper in policy.evidence:
        users = [p.label for p in policy.programmes if paper.id in needed[p.id]]
        general = not paper.proves or len(users) == len(policy.programmes)
        papers.append(Paper(paper.name, paper.basis == "clause", paper.note, general, () if general else tuple(users)))
    return tuple(sorted(papers, key=lambda each: not each.general))


def _demands(general: Sequence[Requirement]) -> list[tuple[str, str | None]]:
    """What is demanded of everybody, in the text's words, each with its clause."""
    said = {
        each.quote or "；".join(leaf.quote for leaf in leaves(each.condition) if leaf.quote): each.clause
        for each in general
    }
    return [(words, said[words]) for words in _longest(said)]


def _cited(policy: Policy, words: str, clause: str | None) -> Cited:
    if clause is None:
        return Cited(words, "", "")
    found = policy.clause(clause)
    return Cited(words, bare(found.id), policy.own_citation(found) or found.title)


def _common(each: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """What all of several say."""
    if len(each) < 2:
        return ()
    return tuple(words for words in each[0] if words and all(words in others for others in each))


def _longest(quotes: Iterable[str]) -> tuple[str, ...]:
    """The quotes, each once, without those that stand in another."""
    once = list(dict.fromkeys(filter(None, quotes)))
    return tuple(each for each in once if not any(each != other and each in other for other in once))
