"""What a letter's question supposes or asks beside what its clause answers: denied, or told to stand nowhere.

A letter goes out once, so what it passes over is not asked again. Only what is surely not answered counts: a supposition
(要是隔一年再来呢), an order of steps, a definition, or a part that asks for nothing that clauses tell and of something that
neither the document nor the pack's examples know. Knows how people ask, and no policy.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from conversations.answering import asked
from conversations.answering.added_up import added_up
from conversations.answering.asked import Aspect, ReadQuestion, other_level
from conversations.answering.clause_reply import ClauseReply
from conversations.answering.figures import FigureReader
from conversations.answering.known_words import KnownWords
from conversations.answering.other_documents import paid_by_others
from conversations.answering.registers import Register
from conversations.language import customer_message
from conversations.language.lexicon import lexicon
from conversations.language.place_names import find_places
from conversations.language.text import normalise
from conversations.state.shelf import Shelf
from knowledge.patterns import regex
from knowledge.places import apart, place_name
from knowledge.policy import Policy, Programme
from knowledge.questions import Remark
from rules.plain import plain_share

_PART = regex(r"[^,，。;；!！?？\n]+(?:[,，]还是[^,，。;；!！?？\n]+)?[?？]?")
_YEARS_BEFORE = regex("往年|以前年度")
_ONES_OWN = regex(r"(?:[我俺咱]们?|(?<!总)公司|企业|园区|楼|执照|注册地?)(?:都|也|就|是)*(?:在|是)$")
_REGISTERED = regex(r"市?(?:注册|的执照)")
_PROVINCE = regex(r"^[^省]+省(?=.)")
_OTHERS = "能不能一起拿"
"""What a remark says of what others pay."""
_LEAST, _CLEARLY = 2, 3
"""So many characters in a row that nobody knows are a matter of their own, and where a question word stands with them."""
_MOSTLY = 0.5
"""Of what part of a question's own words its clause is to know to be what is asked about."""
_ANSWERED = frozenset(Aspect) - {Aspect.LATER, Aspect.SUMMED_YEARS, Aspect.BACKDATED}
"""What a clause's answer tells: who asks for one of these is answered."""


def beside(
    shelf: Shelf,
    question: str,
    told: str,
    reply: ClauseReply,
    granted: Sequence[Programme],
    words: Register,
    falls_short: bool,
) -> Iterator[tuple[str, int]]:
    """What ``question`` supposes of the programmes ``granted`` and their text does not bear, and of what that is silent.

    Each with its place in the question, before all of it for what it is wrong in; ``told`` is it with what was told before. ``falls_short``: the customer does not meet what is
    demanded.
    """
    read = asked.read(question)
    aspects = read.aspects
    yield from _wrong_bases(shelf, told, reply, granted, words)
    if reply.doubted and granted and (place := _elsewhere(shelf.policy.document(granted[0].id), question)):
        yield words.place.format(place=place[0], area=place[1]), asked.FOREMOST
    if Aspect.SUMMED_YEARS in aspects and any(programme.period == "year" for programme in granted):
        yield words.each_year, asked.place_of(read, Aspect.SUMMED_YEARS)
    promised = paid_by_others(told) if lexicon("questions")["kept"].search(read.text) else ""
    level = other_level(question) or promised.removesuffix("里")
    if (
        granted
        and level
        and not any(re.search(rf"[、（市县]{level}|{level}里", text) for text in (*reply.summaries, *reply.remarks))
    ):
        yield words.other_level.format(whose=level), max(0, question.find(level))
    if Aspect.BACKDATED in aspects and not any(map(_YEARS_BEFORE.search, (*reply.remarks, *reply.points))):
        yield words.earlier.format(lead=shelf.policy.lead), asked.place_of(read, Aspect.BACKDATED)
    others = paid_by_others(told) if granted and aspects & {Aspect.TOGETHER, Aspect.AGAIN} else ""
    if others and not _is_told_of_others(reply, granted) and (rule := shelf.policy.cumulation):
        citation = shelf.policy.clause(rule.clause).citation
        yield words.beside_others.format(whose=others, citation=citation), asked.place_of(read, Aspect.TOGETHER)
    if granted:
        yield from _unwritten(shelf, question, told, reply, granted, words, falls_short)
    if granted and (same := lexicon("questions")["same_thing"].search(read.text.rstrip("?"))):
        citation = shelf.policy.clause(granted[0].clause).citation
        yield words.own_clause.format(what=same["what"], citation=citation), asked.FIRST
    if Aspect.LATER in aspects and falls_short:
        parts = (part for part in _PART.findall(question) if Aspect.LATER in asked.read(part).aspects)
        part = customer_message.heading(next(parts, question))
        yield words.later_open.format(part=part, lead=shelf.policy.lead), asked.place_of(read, Aspect.LATER)


def _unwritten(
    shelf: Shelf,
    question: str,
    told: str,
    reply: ClauseReply,
    granted: Sequence[Programme],
    words: Register,
    falls_short: bool,
) -> Iterator[tuple[str, int]]:
    """Of what in ``question`` the text of the programmes ``granted`` is silent: fees, circumstances, and all else."""
    paying = [each for each in granted if plain_share(each.amount)]
    if added := added_up(shelf, question, told):
        paying = []
        part = next((part for part in _PART.findall(question) if added.words in normalise(part)), question)
        if not any(asked.OPEN in each for each in reply.remarks):
            yield words.silent.format(part=customer_message.heading(part), lead=shelf.policy.lead), asked.FIRST
    for what in asked.fees_of_others(shelf.policy, question) if paying and not falls_short else ():
        if not any(what in remark for remark in reply.remarks):
            yield words.uncovered.format(what=what), question.find(what)
    silences = shelf.compiled(Silences)
    for part in silences.of(question, granted, falls_short):
        yield words.silent.format(part=part, lead=shelf.policy.lead), question.find(part)
    for part in silences.of_circumstances(question, told, granted):
        yield words.silent.format(part=part, lead=shelf.policy.lead), question.find(part.split("，")[0])


def _wrong_bases(
    shelf: Shelf, told: str, reply: ClauseReply, granted: Sequence[Programme], words: Register
) -> Iterator[tuple[str, int]]:
    """What ``told`` takes a share of that is not what the programmes pay a share of."""
    reader = shelf.compiled(FigureReader)
    for programme in granted:
        rule = plain_share(programme.amount)
        fact = shelf.policy.fact(rule.fact) if rule else None
        other = reader.other_base(normalise(told), fact, rule.rate) if rule and fact else ""
        if fact and other and not any(other in remark for remark in reply.remarks):
            yield words.based.format(own=fact.label, other=other), asked.FIRST


def _is_told_of_others(reply: ClauseReply, granted: Sequence[Programme]) -> bool:
    """Whether it is told already how what others pay stands to it, or it is paid because they do."""
    matched = any((share := plain_share(each.amount)) and share.rate == 1 for each in granted)  # as much as they pay
    return matched or any(_OTHERS in each for each in reply.remarks)


def _elsewhere(document: Policy, question: str) -> tuple[str, str] | None:
    """The place that one says to be at, where that lies beyond what ``document`` is for, and what it is for."""
    plain = normalise(question)
    for each in find_places(plain) if document.area else ():
        own = _ONES_OWN.search(plain, 0, each.start) or _REGISTERED.match(plain, each.end)
        code, area = each.code, document.area or ""
        if own and code and not each.denied and apart(code, area):
            return plain[each.start : each.end], _PROVINCE.sub("", place_name(area))
    return None


class Silences:
    """What ``policy`` is silent about."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._words = KnownWords(policy)

    def of(self, question: str, programmes: Sequence[Programme], falls_short: bool) -> Iterator[str]:
        """The parts of ``question`` that the clause of ``programmes`` leaves unanswered, as they were written.

        ``falls_short``: what is done later to meet what is demanded is told of apart.
        """
        clause = programmes[0].clause
        words = lexicon("questions")
        order = words["order"].search(question)
        within = next((part for part in _PART.findall(question) if order[0] in part), order[0]) if order else ""
        if order and not asked.called_for(self._policy, asked.read(within), clause, programmes, own=True):
            yield customer_message.heading(within)
        used: list[Remark] = []
        whole = asked.read(question)
        rates = [rule.rate for each in programmes if (rule := plain_share(each.amount))]
        for part in _PART.findall(question):
            read = asked.read(part)
            if not customer_message.asks(part) or customer_message.upset(read.text) or customer_message.judges(part):
                continue
            defines = words["define"].search(read.text)
            ready = asked.called_for(self._policy, read, clause, programmes)
            # what was said of an earlier part answers this one only where it is called for by all that is new in it
            beyond = [each for each in ready if each in used and self._is_new(re.sub(each.asked, " ", read.text))]
            told = len(ready) > len(beyond)
            used += ready
            if not told and self._is_unwritten(read, programmes):
                yield customer_message.heading(part)
                continue
            if told and not (defines and not any(asked.OPEN in each.text for each in ready)):
                continue
            if any(each.scaled for each in read.quantities) or (order and (part in order[0] or order[0] in part)):
                continue
            ready_of_all = asked.called_for(self._policy, whole, clause, programmes, own=True)
            if self._chooses(part, read, programmes, told) and ("还是" in part or not ready_of_all):
                yield customer_message.heading(part)
                continue
            if any(each.value in rates for each in read.quantities):  # 能报销三成吗
                continue
            supposed = words["what_if"].search(read.text) and not (falls_short and Aspect.LATER in read.aspects)
            least = _CLEARLY if words["open"].search(read.text) else _LEAST  # 按哪天的汇率折算, but not 总部挪过去给啥
            if supposed or defines or (not read.aspects & _ANSWERED and self._is_new(part, least)):
                yield customer_message.heading(part)

    def _chooses(self, part: str, read: ReadQuestion, programmes: Sequence[Programme], told: bool) -> bool:
        """Whether ``part`` asks which of two holds, and its clause does not say it: not 还是说得做成试点才有."""
        if part.startswith("还是") and self._words.share(part, programmes[0].clause) >= _MOSTLY:
            return False
        if lexicon("questions")["alternative"].search(read.text) and not self._is_named(part, programmes):
            return True
        return "还是" in part and not (told or read.quantities or read.aspects & _ANSWERED)

    def of_circumstances(self, question: str, told: str, programmes: Sequence[Programme]) -> Iterator[str]:
        """What ``question`` tells and asks whether it matters (社保交在外地，影响不影响), and nothing is ready on; ``told`` is it with
        what was told before: what is ready on that as well is of something else."""
        words, parts = lexicon("questions"), _PART.findall(question)
        for part in parts:
            found = words["affects_it"].search(normalise(part))
            if found and not self._is_ready(found["what"], told.replace(part, ""), programmes):
                yield customer_message.heading(part)
        for before, part in pairwise(parts):
            apart = words["affects"].search(normalise(part)) and not customer_message.asks(before)
            if apart and not self._is_ready(before, told.replace(before, ""), programmes):
                yield f"{before}，{part.rstrip('?？')}"

    def _is_ready(self, words: str, rest: str, programmes: Sequence[Programme]) -> bool:
        """Whether something is ready on ``words`` that is not called for by the ``rest`` of what is told as well."""
        ready = asked.called_for(self._policy, asked.read(words), programmes[0].clause, programmes)
        return not all(re.search(each.asked, normalise(rest)) for each in ready)

    def _is_unwritten(self, read: ReadQuestion, programmes: Sequence[Programme]) -> bool:
        """Whether a part asks for a way of giving (贴息, 结转), or for a paper, that nobody has written of."""
        way = lexicon("questions")["way"].search(read.text)
        papers = [paper for each in programmes for paper in self._policy.materials(each.id)]
        paper = bool(asked.before_a_paper(read)) and not asked.needed_paper(read, papers)
        return paper or (way is not None and way[0] not in normalise(self._policy.source))

    def _is_named(self, part: str, programmes: Sequence[Programme]) -> bool:
        """Whether ``part`` names what the programmes pay a share of: of which of two that is, the clause says."""
        rules = filter(None, (plain_share(each.amount) for each in programmes))
        return any(name in part for rule in rules for name in self._policy.fact(rule.fact).reads.names)

    def _is_new(self, part: str, least: int = _LEAST) -> bool:
        """Whether ``part`` has ``least`` characters that neither the document nor the pack knows, and not any question."""
        return any(len(run) >= least for run in self._words.strange(part).split())
