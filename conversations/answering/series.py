"""Figures told one after the other, of several years, firms or projects: what each of them comes to, and all together.

Which words are labels tells ``series_told``; of which fact the figures are is told by its names. Where a figure may be
another thing's there is no series. Words nothing but the reckoning itself.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from conversations.answering import asked, series_told
from conversations.answering.figures import FigureReader, thresholds
from conversations.answering.series_told import SeriesOf, Told
from conversations.language.quantities import find_quantities
from conversations.language.text import normalise
from conversations.saying.values import money, paid, value
from conversations.state.shelf import Shelf
from knowledge.policy import Fact, Policy, Programme
from rules.plain import PlainShare, plain_share
from rules.terms import plain as plain_number

_FAR = 99


@dataclass(frozen=True, slots=True)
class Part:
    """One of the figures with what it is of; ``comes_to`` is what is paid for it, None where it falls short.

    ``how`` is the reckoning, or what is wanting, in words; ``rough``: it rests on a figure that was given roughly.
    """

    label: str
    figure: Decimal
    comes_to: Decimal | None
    how: str
    rough: bool = False


@dataclass(frozen=True, slots=True)
class Series:
    """What the figures told for ``programme`` come to; ``total`` is None where nothing can be added up."""

    kind: SeriesOf
    programme: Programme
    parts: tuple[Part, ...]

    def told_in(self, text: str) -> bool:
        """Whether ``text`` tells the figures."""
        figures = {quantity.value for quantity in find_quantities(normalise(text))}
        return all(part.figure in figures for part in self.parts)

    @property
    def added(self) -> str:
        """The addition in words: 12 万元 + 18 万元 = 30 万元; empty where nothing is paid."""
        paying = [(part.comes_to, part.rough) for part in self.parts if part.comes_to is not None]
        terms = " + ".join(_said(each, rough) for each, rough in paying)
        total = _said(sum((each for each, _ in paying), Decimal(0)), any(rough for _, rough in paying))
        return f"{terms} = **{total}**" if len(paying) > 1 else terms and f"**{terms}**"


def find(shelf: Shelf, text: str) -> Series | None:
    """The series that ``text`` tells, None where it tells none, or it is not sure of what."""
    plain = normalise(text)
    if series_told.is_group_with_own_part(plain):
        return None
    ways = [*series_told.told(plain)]
    ways += _of_things(shelf, plain)
    ways += [series_told.supposed(plain), *([] if ways else [series_told.either_way(plain)])]
    return next(filter(None, (_of(shelf, plain, told) for told in ways if told)), None)


def _of_things(shelf: Shelf, plain: str) -> Iterator[list[tuple[str, Told]]]:
    """Things of a list, each told with the figure that a programme pays a share of."""
    lists = {subject.id for subject in shelf.policy.subjects if subject.many}
    for programme in shelf.policy.programmes:
        rule = plain_share(programme.amount)
        if rule is not None and programme.subject in lists and shelf.policy.fact(rule.fact).type == "money":
            names = shelf.compiled(FigureReader).names(shelf.policy.fact(rule.fact))
            yield from filter(None, [series_told.of_things(plain, names)])


def _of(shelf: Shelf, plain: str, told: Sequence[tuple[str, Told]]) -> Series | None:
    """The series that what is ``told`` for labels is, None where it is not sure of what it is."""
    reader = shelf.compiled(FigureReader)
    found = _programme(shelf.policy, reader, plain, told[0][1].start)
    if found is None:
        return None
    programme, rule = found
    fact = shelf.policy.fact(rule.fact)
    name = next(iter(fact.reads.names), fact.label)
    of_fact = [(label, words) for label, words in told if not _of_another(shelf.policy, reader, fact, words.text)]
    figures = [(label, _figure(reader, name, words.text, fact, programme)) for label, words in of_fact]
    known = [(label, figure) for label, figure in figures if figure is not None]
    kind = told[0][1].kind
    if kind is SeriesOf.THINGS and len(told) == 1 and not reader.names(fact).search(plain):
        return None
    if kind is SeriesOf.EITHER and reader.is_settled(asked.read(plain), fact, {figure for _, (figure, _) in known}):
        return None
    if len(known) < min(2, len(told)) or not known or not _fits(shelf.policy, programme, kind):
        return None
    return Series(kind, programme, tuple(_parts(programme, rule, fact, kind, known)))


def _of_another(policy: Policy, reader: FigureReader, fact: Fact, words: str) -> bool:
    """Whether ``words`` call their figure by the name of another fact, of which that of ``fact`` is a part at most: CA认证服务费."""
    own = reader.names(fact).search(words)
    others = (reader.names(each).search(words) for each in policy.facts if each.type == fact.type and each != fact)
    return any(it and (own is None or (it.start() < own.start() and own.end() <= it.end())) for it in others)


def _figure(
    reader: FigureReader, name: str, words: str, fact: Fact, programme: Programme
) -> tuple[Decimal, bool] | None:
    """What ``words`` tell for one label: one figure, or the sum of several that are parts of it (两次, 分别为 9 万和 12 万)."""
    texts = [each.text for _, each in series_told.listed(words)] or [words]
    known = [reader.only(asked.read(f"{name}{text}"), fact, programme) for text in texts]
    found = [each for each in known if each is not None]
    if len(found) < len(texts):
        return None
    return sum((figure for figure, _ in found), Decimal(0)), any(rough for _, rough in found)


def _programme(policy: Policy, reader: FigureReader, plain: str, at: int) -> tuple[Programme, PlainShare] | None:
    """The programme that pays a share of what the figures beginning at ``at`` are called; None where two may be meant."""
    near: dict[tuple[int, int, int], list[tuple[Programme, PlainShare]]] = {}
    for programme in policy.programmes:
        rule = plain_share(programme.amount)
        if rule is None or policy.fact(rule.fact).type != "money":
            continue
        names = reader.names(policy.fact(rule.fact)).finditer(plain)
        if gaps := [max(match.start() - at, at - match.end()) for match in names]:
            words = {match[0] for match in reader.matters(programme).finditer(plain)}
            called = [place for place, name in enumerate(policy.fact(rule.fact).reads.names) if name in plain]
            key = (min(gaps), -len(words), min(called, default=_FAR))
            near.setdefault(key, []).append((programme, rule))
    nearest = near[min(near)] if near else _spoken_of(policy, plain)
    return nearest[0] if len(nearest) == 1 else None


def _spoken_of(policy: Policy, plain: str) -> list[tuple[Programme, PlainShare]]:
    """The programmes of whose matters most are spoken of, where no figure has a name: 三个试点各补多少."""
    found: dict[float, list[tuple[Programme, PlainShare]]] = {}
    for programme in policy.programmes:
        rule = plain_share(programme.amount)
        groups = [words for words in policy.questions.terms.values() if any(word in programme.label for word in words)]
        if rule is not None and policy.fact(rule.fact).type == "money" and groups:
            spoken = sum(any(normalise(word) in plain for word in words) for words in groups)
            found.setdefault(spoken / len(groups), []).append((programme, rule))
    most = max(found, default=0)
    return found[most] if most else []


def _fits(policy: Policy, programme: Programme, kind: SeriesOf) -> bool:
    """Whether ``programme`` pays for each of the things apart."""
    many = any(subject.many for subject in policy.subjects if subject.id == programme.subject)
    return {
        SeriesOf.YEARS: programme.period == "year",
        SeriesOf.FIRMS: True,
        SeriesOf.THINGS: many,
        SeriesOf.TIMES: not many,
        SeriesOf.SUPPOSED: True,
        SeriesOf.EITHER: True,
    }[kind]


def _parts(
    programme: Programme,
    rule: PlainShare,
    fact: Fact,
    kind: SeriesOf,
    known: Sequence[tuple[str, tuple[Decimal, bool]]],
) -> Iterator[Part]:
    if kind is SeriesOf.TIMES:  # of one year: one figure
        total, rough = sum((each for _, (each, _) in known), Decimal(0)), any(rough for _, (_, rough) in known)
        added = " + ".join(value(fact, each, about) for _, (each, about) in known)
        known = [(f"加起来（{added}）", (total, rough))]
    lines = [line for line in thresholds(programme) if line.fact == rule.fact]
    left = programme.years.limit if kind is SeriesOf.YEARS and programme.years is not None else None
    for label, (figure, rough) in known:
        shown = value(fact, figure, rough)
        short = next((line for line in lines if line.decide(figure) is False), None)
        if short is not None:
            gap = f"还差 {value(fact, short.value - figure)}" if figure < short.value else f"正好 {shown} 不算"
            yield Part(label, figure, None, f"{shown}，不够“{short.leaf.quote}”，{gap}，**不符合**")
            continue
        if left is not None and left <= 0:
            yield Part(
                label, figure, None, f"{shown}，已经超过“{programme.years.quote if programme.years else ''}”，不再给"
            )
            continue
        left = None if left is None else left - 1
        yield _paid(label, figure, shown, rule, programme, rough)


def _paid(label: str, figure: Decimal, shown: str, rule: PlainShare, programme: Programme, rough: bool) -> Part:
    full = figure * rule.rate
    rate = f"{plain_number(rule.rate * 100)}%" if rule.rate != 1 else "1（1:1 配套）"
    if rule.cap is None or full <= rule.cap:
        return Part(label, figure, full, f"{shown} × {rate} = **{_said(full, rough)}**", rough)
    most = f"{'每年' if programme.period == 'year' else ''}最高 {money(rule.cap)}"
    how = f"{shown} × {rate} = {_said(full, rough)}，超过上限，按{most}给，是 **{money(rule.cap)}**"
    return Part(label, figure, rule.cap, how)


def _said(yuan: Decimal, rough: bool) -> str:
    return f"约 {paid(yuan)}" if rough else paid(yuan)
