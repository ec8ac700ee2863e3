"""A letter to a customer, and how it reads: greeting, answers with quotation and citation, the customer's own case, questions back, closing.

Light markup only, nothing that is meant for staff alone: the text goes to the customer as it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from operator import itemgetter

from conversations.answering import asked, registers
from conversations.answering.asked import Aspect, capped, of_another, uncovered, unfounded
from conversations.answering.clause_reply import ClauseReply
from conversations.answering.letter_parts import JOINED, Item, Letter, Style
from conversations.answering.own_case import BOLD, RECKONED, listed, one_by_one, own_case
from conversations.answering.registers import Register
from conversations.answering.series_told import firms as told_firms
from conversations.answering.silence import beside
from conversations.language import customer_message
from conversations.language.text import normalise
from conversations.saying import answers, office_notes
from conversations.saying.report import checklist
from conversations.saying.totals import can_be_paid, sum_of, together
from conversations.saying.values import fact_path, interval, money
from conversations.state.office_notes import NoteKind, OfficeNote, chosen, full
from conversations.state.outcome import Outcome
from conversations.state.shelf import Shelf
from knowledge.figures import figures
from knowledge.patterns import regex
from knowledge.policy import Policy, Programme
from rules.assessment import Claim, Status

REGISTERS = {Style.USUAL: registers.USUAL, Style.SPOKEN: registers.SPOKEN, Style.FORMAL: registers.FORMAL}


_STEP = regex(r"^(\d)\. ", re.MULTILINE)
_LISTED = regex(r"^（\d）|^☐|材料：$|惯例推定")
_SOURCE = regex(r"^（(?!\d）)|^> ")
_FAILS = regex(r"^✖️|，不算。$")
_ROUGH = regex("^✖️ 约")
_QUOTE = regex("“.+?”")
_SIGN = regex(r"^[✅✖️]+ ")
EARLIER = regex(r"去年|前年|往年|上一?年|早几年|前几年")
_SHORT = 24
_LONGEST_TOLD = 40
_LAST = 10_000
"""A place behind all that is asked."""


def text_of(shelf: Shelf, drafted: Letter, style: Style) -> str:
    """The whole letter."""
    words = REGISTERS[style]
    if drafted.empty:
        return words.welcome
    policy = shelf.policy
    name = drafted.message.name
    parts = [words.greeting.format(name=name) if name else words.stranger]
    parts += [words.upset] if drafted.message.angry else []
    parts += [words.firms] if drafted.message.several_firms and not any(item.firms for item in drafted.items) else []
    rule = policy.cumulation
    # of several grants at once nothing is said before what they are
    whole = drafted.further and rule is not None and {item.clause for item in drafted.items} == {rule.clause}
    parts += ["\n".join([words.yours.format(you=policy.you), *_further(shelf, drafted, words)])] if whole else []
    several = len(drafted.items) > 1
    said: set[str] = set()
    for number, item in enumerate(drafted.items, 1):
        body = _unsaid(_item(shelf, drafted, item, words), said)
        head = words.number.format(n=number, heading=item.heading) if several and item.heading else ""
        parts.append(f"{head}\n{body}".strip())
    if drafted.further and not whole and not any(item.outcome is Outcome.ASSESS for item in drafted.items):
        parts.append("\n".join([words.further.format(you=policy.you), *_further(shelf, drafted, words)]))
    parts += _untold_firms(shelf, drafted, words)
    if rule and _one_project(policy, drafted):
        parts += [words.once.format(citation=policy.clause(rule.clause).citation, quote=rule.quote)]
    if drafted.asks:
        lines = [
            f"• {ask.question}{words.mentioned.format(words=ask.mentioned) if ask.mentioned else ''}"
            for ask in drafted.asks
        ]
        parts.append("\n".join([words.asks, *lines]))
    parts.append(office_notes.titled(policy, _to_apply(shelf, drafted)))
    answered = drafted.further or any(item.outcome is not Outcome.OUT_OF_SCOPE for item in drafted.items)
    parts.append((words.closing if answered else words.elsewhere).format(lead=policy.lead))
    return "\n\n".join(part for part in parts if part)


def _unsaid(body: str, said: set[str]) -> str:
    """``body`` without the steps and papers that an answer before it has ``said``; never nothing but where it stands."""
    lines = body.splitlines()
    fresh = [line for line in lines if line not in said or not _LISTED.search(line)]
    said.update(lines)
    return "\n".join(fresh) if any(not _SOURCE.match(line) for line in fresh) else body


def _to_apply(shelf: Shelf, drafted: Letter) -> list[OfficeNote]:
    """What the office says of when, where and with whom one applies for what the letter speaks of, as far as it is not told."""
    told = {note for item in drafted.items for note in item.notes}
    clauses = {one.claim.programme.clause for one in drafted.further if one.status is not Status.INELIGIBLE}
    clauses |= {item.clause for item in drafted.items if item.clause is not None and item.outcome is Outcome.ANSWERED}
    granted = clauses & {programme.clause for programme in shelf.policy.programmes}
    if not granted:
        return []
    kinds = (NoteKind.WINDOW, NoteKind.PERSON, NoteKind.PHONE, NoteKind.ADDRESS)
    notes = chosen(shelf.notes, kinds, {full(shelf.policy, clause) for clause in granted})
    return [note for note in notes if note not in told]


def _further(shelf: Shelf, drafted: Letter, words: Register) -> list[str]:
    """The claims that were not asked about one by one, and what all of them come to together."""
    lines = [f"• {listed(shelf, drafted, one, words)}" for one in drafted.further]
    told = {one.claim.id: one.claim for item in drafted.items for one in item.claims}
    told |= {one.claim.id: one.claim for one in drafted.further}
    due = [
        claim for claim in told.values() if claim.status is not Status.INELIGIBLE and can_be_paid(drafted.known, claim)
    ]
    if len(due) < 2 or drafted.message.several_firms:
        return lines
    return [*lines, words.total.format(sum=_added(due) + _sum(shelf, drafted, due))]


def _untold_firms(shelf: Shelf, drafted: Letter, words: Register) -> Iterator[str]:
    """Each of several firms of which nothing is told that the letter speaks of."""
    if not (drafted.message.several_firms and drafted.evidence):
        return
    series = {part.label[0] for item in drafted.items if item.series for part in item.series.series.parts}
    own = [normalise(said) for path, said in drafted.evidence.items() if shelf.users[fact_path(path)] == 1]
    answered = "".join(normalise(item.asked) for item in drafted.items if item.reply)
    for firm, told in told_firms(drafted.message.body).items():
        if firm[0] not in series and told not in answered and not any(said in told for said in own):
            yield words.untold_firm.format(firm=firm, told=_shortened(told))


def _shortened(told: str) -> str:
    """The first clauses of what is told, as many as are not too long."""
    clauses = re.split("[,，]", told)
    fits = [n for n in range(1, len(clauses) + 1) if len("，".join(clauses[:n])) <= _LONGEST_TOLD]
    return "，".join(clauses[: max(fits, default=1)])


def _added(due: Sequence[Claim]) -> str:
    """The addition in words, where all is exact and paid alike; else nothing."""
    amounts = [claim.amount for claim in due if claim.amount is not None and claim.superseded_by is None]
    exact = [money(each.max) for each in amounts if each.max is not None and each.min == each.max]
    alike = len({claim.period for claim in due}) == 1
    return f"{' + '.join(exact)} = " if alike and len(exact) == len(due) else ""


def _sum(shelf: Shelf, drafted: Letter, due: Sequence[Claim]) -> str:
    """What ``due`` come to: in one sum, and apart where some is paid every year and some once."""
    total, apart = interval(together(shelf, drafted.known, due)), sum_of(shelf, drafted.known, due)
    return apart if "＋" not in apart else f"{total}（{apart}）"


def _assessed(shelf: Shelf, drafted: Letter, item: Item, words: Register) -> str:
    """The customer's own case against all programmes, with the papers where they are asked for."""
    lines = [words.yours.format(you=shelf.policy.you)] if drafted.further or drafted.missed else []
    lines += _further(shelf, drafted, words)
    lines += [f"• {listed(shelf, drafted, one, words)}" for one in drafted.missed]
    claims = [one.claim for one in drafted.further if one.status is not Status.INELIGIBLE]
    if Aspect.PAPERS in asked.read(item.text).aspects and claims:
        needed = [paper for paper, _ in checklist(shelf.policy, claims)]
        lines.append(answers.papers(words.papers, needed))
    aspects = asked.read(item.text).aspects
    lines += (answers.calls(shelf.policy) or [answers.NO_DATE]) if Aspect.DATE in aspects else []
    lines += [answers.where(shelf.policy)] if Aspect.WHERE in aspects else []
    return "\n".join(lines)


def _item(shelf: Shelf, drafted: Letter, item: Item, words: Register) -> str:
    policy = shelf.policy
    if item.outcome is Outcome.ASSESS:
        if told := _assessed(shelf, drafted, item, words):
            return told
        unmatched = [words.unmatched] if _tells(drafted) else []
        cited = ((each.label, policy.clause(each.clause).citation or "") for each in policy.programmes)
        programmes = "、".join(f"{label}（{citation}）" for label, citation in cited)
        said = words.assess.format(programmes=programmes), words.nothing.format(you=policy.you)
        return "\n".join([*asked.doubts(policy, drafted.message.body), *unmatched, *said])
    if item.firms:
        return words.firms
    if item.reply is None:
        return _unanswered(policy, item, words, alone=len(drafted.items) == 1)
    return _answered(shelf, drafted, item, item.reply, words)


def _tells(drafted: Letter) -> bool:
    """Whether the message tells something of the enterprise that might be granted something."""
    told = [part for part in customer_message.clauses(drafted.message.body) if not customer_message.asks(part)]
    return bool(drafted.evidence) or (drafted.message.own and len(told) > 1)


def _unanswered(policy: Policy, item: Item, words: Register, alone: bool) -> str:
    """That the document says nothing of it, and whom to ask; ``alone``: no heading names the questions."""
    number = "、".join(each.name for each in policy.documents)
    if item.other:
        return words.other.format(other=item.other, number=number)
    if item.notes:
        return office_notes.titled(policy, item.notes)
    said = asked.rumour(item.asked) or asked.unfounded(policy, (), item.asked)
    told = answers.whom(policy, item.advice)
    lines = [words.rumour.format(said=said)] if said else []
    parts = "、".join(f"“{part}”" for part in item.heading.split(JOINED)[len(lines) :])
    if told:
        lines.append(f"{parts}：{told}" if alone and not said and JOINED in item.heading else told)
    elif parts:
        lines.append(words.unanswered.format(asked=parts, number=number, lead=policy.lead))
    return "\n".join(lines)


def _answered(shelf: Shelf, drafted: Letter, item: Item, reply: ClauseReply, words: Register) -> str:
    """What decides, what is granted, the customer's own case, and then all else as it is asked; the text at the end."""
    policy = shelf.policy
    fails = any(_FAILS.search(line) for line in reply.figures)
    cases = [own_case(shelf, drafted, one, words, item) for one in item.claims if not fails or _decided(item)]
    cases = [case for case in cases if case]
    cases += one_by_one(item.series, words, policy.lead) if item.series else []
    points = [*reply.points, *reply.advice]
    short = [point for point in points if "\n" not in point and not _said(point, cases)]
    if reply.remarks or item.claims:  # what each level pays is told of all above them
        short = [each for each in short if reply.places.get(each) != asked.FIRST or asked.OPEN in each]
    granted, told = _answer(shelf, item, reply, words, fails)
    granted += _not_told_yet(reply.figures, cases) if _decided(item) else []
    told += [(each, reply.places.get(each, _LAST)) for each in (*reply.remarks, *short)]
    if _decided(item):  # what is told decides by itself
        told = [(each, at) for each, at in told if at != asked.BESIDE]
    first = {each for each, at in told if at == asked.FIRST and each in reply.remarks}
    lines = [
        *([office_notes.titled(policy, item.notes)] if item.notes else []),
        *(each for each, at in told if at == asked.FOREMOST),
        *(each for each, _ in told if each in first),
        *granted,
        *(each for each, at in told if at in (asked.BESIDE, asked.FIRST) and each not in first),
        *cases,
        *(each for each, at in sorted(told, key=itemgetter(1)) if at >= 0),
        *([_unanswered(policy, item, words, alone=False)] if item.other else []),
        *item.highest,
        *_quoted(reply, words),
    ]
    if not item.claims or any(one.status is not Status.INELIGIBLE for one in item.claims):
        lines += [words.notice.format(text=text) for text in reply.notices]
    lines += [_STEP.sub(r"（\1）", point) for point in points if "\n" in point and point != answers.WHICH]
    return "\n".join(dict.fromkeys(line for line in lines if line != answers.WHICH))


def _answer(
    shelf: Shelf, item: Item, reply: ClauseReply, words: Register, fails: bool
) -> tuple[list[str], list[tuple[str, int]]]:
    """What the clause grants, and what follows from the figures in the question (``fails``: not enough) where the case has none.

    Apart from it, each with its place in what is asked: what the clause leaves open.
    """
    policy = shelf.policy
    granted = [programme for programme in policy.programmes if programme.quote in reply.quotes]
    lines = list(map(answers.emphasised, reply.summaries or tuple(programme.summary for programme in granted)))
    if lines and not item.other and (said := unfounded(policy, granted, item.text)):
        elsewhere = figures(said) <= figures(
            policy.source
        )  # another clause states it: it is not to be called unwritten
        lines.insert(0, (words.premise_here if elsewhere else words.premise).format(said=said))
    elif most := next(filter(None, (capped(each, item.asked) for each in granted)), ""):
        lines.insert(0, words.capped.format(most=most))
    told: list[tuple[str, int]] = []
    if other := of_another(policy, granted, asked.read(item.text, item.asked)):
        whose = "、".join(f"{each.label}（{policy.clause(each.clause).citation}）" for each in other[1])
        told.append((words.of_another.format(said=other[0], whose=whose), asked.FIRST))
    if granted and (what := uncovered(policy, item.asked)) and not _is_ready(policy, item, granted, what):
        told.append((words.uncovered.format(what=what), item.asked.find(what)))
    falls_short = reply.doubted or (item.series is None and (_decided(item) or fails))
    told += beside(shelf, item.asked, item.text, reply, granted, words, falls_short) if item.heading else ()
    figured = any(one.figured for one in item.claims)
    failing = fails and not _decided(item)
    if item.series is None and (failing or not figured):
        lines += [_SIGN.sub("", line).replace(RECKONED, words.reckoned) for line in reply.figures]
        lines += [words.fails] if failing and not any(_ROUGH.search(line) for line in reply.figures) else []
        if reply.figures and EARLIER.search(item.text) and any(_of_this_year(policy, each) for each in granted):
            lines.append(words.earlier.format(lead=policy.lead))
    return lines, told


def _is_ready(policy: Policy, item: Item, granted: Sequence[Programme], what: str) -> bool:
    """Whether the pack has something ready on the part of the question that names ``what``."""
    parts = (part for part in re.split("[,，。;；!！?？\n]", item.asked) if what in normalise(part))
    return any(asked.called_for(policy, asked.read(part), item.clause or "", granted, own=True) for part in parts)


def _not_told_yet(figures: Sequence[str], cases: Sequence[str]) -> list[str]:
    """The ``figures`` that are not enough, of conditions of which the customer's ``cases`` say nothing."""
    short = [line for line in figures if _FAILS.search(line)]
    told = "".join(cases)
    return [_SIGN.sub("", line) for line in short if (quote := _QUOTE.search(line)) and quote[0] not in told]


def _decided(item: Item) -> bool:
    """Whether the customer's own case says by itself that a condition is not met."""
    return any(one.status is Status.INELIGIBLE for one in item.claims)


def _quoted(reply: ClauseReply, words: Register) -> list[str]:
    """The text word for word, with where it stands."""
    source = reply.source.removeprefix("依据：")
    quotes = ["".join(line.strip() for line in quote.splitlines()).rstrip("。") for quote in reply.quotes]
    return [words.quote.format(quote="；".join(quotes), source=source) if quotes else f"（{source}）"]


def _of_this_year(policy: Policy, programme: Programme) -> bool:
    """Whether the programme pays for what was spent in the current year."""
    base = programme.amount.fact
    return programme.period == "year" and base is not None and policy.fact(base).reads.period == "this_year"


def _said(point: str, cases: list[str]) -> bool:
    """Whether a short point names no figure that the customer's own case does not name anyway."""
    figures = BOLD.findall(point)
    return bool(figures) and len(point) <= _SHORT and all(any(f in case for case in cases) for f in figures)


def _one_project(policy: Policy, drafted: Letter) -> bool:
    """Whether two of the claims, or of the programmes asked about together, that the letter speaks of may be one project, of which only the highest is paid."""
    claims = [one.claim for one in (*drafted.further, *(one for item in drafted.items for one in item.claims))]
    pooled = [c.programme.id for c in claims if c.programme.id in policy.pooled and c.status is not Status.INELIGIBLE]
    if any(Aspect.TOGETHER in asked.read(item.asked).aspects for item in drafted.items):  # of what is not told as well
        quotes = [quote for item in drafted.items if item.reply for quote in item.reply.quotes]
        named = (each.id for each in policy.programmes if each.id in policy.pooled and each.quote in quotes)
        pooled = list(dict.fromkeys((*pooled, *named)))
    answered = any(policy.cumulation and item.clause == policy.cumulation.clause for item in drafted.items)
    return len(pooled) > 1 and drafted.known.case.same_project is None and not answered
