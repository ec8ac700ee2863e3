"""What a letter's question supposes or asks beside what its clause answers: denied, or told to stand nowhere.

A letter goes out once, so what it passes over is not asked again. Only what is surely not answered counts: a supposition
(要是隔一年再来呢), an order of steps, a definition, or a part that asks for nothing that clauses tell and of something that
neither the document nor the pack's examples know. Knows how people ask, and no policy.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from conversations.answering import asked
from conversations.answering.asked import Aspect, other_level
from conversations.answering.figures import FigureReader
from conversations.answering.questions import ClauseReply
from conversations.answering.registers import Register
from conversations.language import customer_message
from conversations.language.lexicon import lexicon
from conversations.language.text import normalise
from conversations.state.shelf import Shelf
from knowledge.patterns import regex
from knowledge.policy import Policy, Programme
from rules.plain import plain_share

_PART = regex(r"[,，。;；!！?？\n]+")
_HANZI = regex("[\u4e00-\u9fff]")
_YEARS_BEFORE = regex("往年|以前年度")
_LEAST = 2
"""So many characters in a row that nobody knows are a matter of their own."""
_ANSWERED = frozenset(Aspect) - {Aspect.LATER, Aspect.SUMMED_YEARS, Aspect.BACKDATED}
"""What a clause's answer tells: who asks for one of these is answered."""


def beside(
    shelf: Shelf, question: str, reply: ClauseReply, granted: Sequence[Programme], words: Register, falls_short: bool
) -> Iterator[str]:
    """What ``question`` supposes of the programmes ``granted`` and their text does not bear, and of what that is silent.

    ``falls_short``: the customer does not meet what is demanded.
    """
    aspects = asked.read(question).aspects
    for programme in granted:
        rule = plain_share(programme.amount)
        fact = shelf.policy.fact(rule.fact) if rule else None
        other = shelf.compiled(FigureReader).other_base(normalise(question), fact) if fact else ""
        if fact and other and not any(other in remark for remark in reply.remarks):
            yield words.based.format(own=fact.label, other=other)
    if Aspect.SUMMED_YEARS in aspects and any(programme.period == "year" for programme in granted):
        yield words.each_year
    level = other_level(question)
    if granted and level and not any(level in text for text in (*reply.quotes, *reply.remarks)):
        yield words.other_level.format(whose=level)
    if Aspect.BACKDATED in aspects and not any(_YEARS_BEFORE.search(remark) for remark in reply.remarks):
        yield words.earlier.format(lead=shelf.policy.lead)
    for part in shelf.compiled(Silences).of(question, granted) if granted else ():
        yield words.silent.format(part=part, lead=shelf.policy.lead)
    if Aspect.LATER in aspects and falls_short:
        yield words.later_open.format(lead=shelf.policy.lead)


class Silences:
    """What ``policy`` is silent about."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        texts = [policy.source, *(word for group in policy.questions.terms.values() for word in group)]
        texts += [text for examples in policy.questions.answered.values() for text in examples]
        texts += [text for fact in policy.facts for text in (fact.label, fact.question, fact.help, *fact.reads.names)]
        texts += [choice.label for fact in policy.facts for choice in fact.choices]
        self._known = frozenset(one + other for text in texts for one, other in pairwise(normalise(text)))

    def of(self, question: str, programmes: Sequence[Programme]) -> Iterator[str]:
        """The parts of ``question`` that the clause of ``programmes`` leaves unanswered, as they were written."""
        clause = programmes[0].clause
        words = lexicon("questions")
        order = words["order"].search(question)
        if order and not asked.called_for(self._policy, asked.read(question), clause, programmes, own=True):
            within = (part for part in _PART.split(question) if order[0] in part)
            yield customer_message.heading(next(within, order[0]))
        for part in _PART.split(question):
            read = asked.read(part)
            if not customer_message.asks(part) or asked.called_for(self._policy, read, clause, programmes, own=True):
                continue
            if any(quantity.scaled for quantity in read.quantities) or (
                order and (part in order[0] or order[0] in part)
            ):
                continue
            supposed = words["what_if"].search(read.text) and Aspect.LATER not in read.aspects
            answered = read.aspects & _ANSWERED or words["open"].search(read.text)
            if supposed or words["define"].search(read.text) or (not answered and self._is_new(part)):
                yield part.strip()

    def _is_new(self, part: str) -> bool:
        """Whether ``part`` has words that neither the document nor the pack knows, and not any question."""
        plain = lexicon("questions")["common"].sub(" ", normalise(customer_message.heading(part)))
        fresh = "".join(
            character if _HANZI.match(character) and not self._covered(plain, at) else " "
            for at, character in enumerate(plain)
        )
        return any(len(run) >= _LEAST for run in customer_message.particular(fresh).split())

    def _covered(self, plain: str, at: int) -> bool:
        return plain[at - 1 : at + 1] in self._known or plain[at : at + 2] in self._known
