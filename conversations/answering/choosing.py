"""Which clause answers a question of a conversation, in which the person sees what was understood and can ask again.

``Chooser.choose`` takes questions in their order and hands the topic on from one to the next; for letters see
``choosing_letters``. Decides only; replies are made elsewhere.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from conversations.answering import asked
from conversations.answering.asked import Aspect, ReadQuestion
from conversations.language import office_matters
from conversations.language.lexicon import lexicon
from conversations.language.question import Matters, Question
from conversations.language.text import normalise
from conversations.state.outcome import Outcome
from conversations.state.shelf import Shelf
from knowledge.patterns import regex
from knowledge.policy import ASSESS, META, SEPARATOR, Policy, Programme, bare, owner
from knowledge.search import Found, Hit

_OWN = regex(r"[我俺咱]们?(?=公司|单位|厂|店|家|企业|们|这|能|可以|够|符合)|[我俺咱]司|本(?:公司|单位|企业)")
_FOLLOWS = regex(r"^(?:那|这|它|还有|另外|然后|要是|如果|假如|哦|好)|呢[?？]?$")
_FOLLOW_UP_LENGTH = 14
_CERTAIN = 0.95
SURE_ENOUGH = 0.7
"""From which confidence a question of a conversation is answered apart from those beside it."""
SURE = 0.8
"""The same for a letter, and for what is told before a question to count for nothing."""
_PAID_WHEN = regex(
    r"(?:什么时候|啥时候|何时|哪天|几月|几号).{0,4}(?:(?<!印)发(?![文布])|到账|受理|申[报请]|报|给|拿|领|下来|拨|兑现|批|有结果)|(?<!哪年)(?<!几年)截止|期限|受理时间"
)
_ISSUED_IN = regex("(.{2,6}?)[省市县区]")
_PLACE_IN_TEXT = regex(r"[、,，.\s第条款项部分的]")
"""What people leave out, or put in, where they call a clause by its number: 三（六）, 第三部分第（六）条."""
ANYTHING = regex(
    r"(?:什么|哪些|啥|别的|其[他它])(?:样的?)?(?:奖励|补贴|补助|政策|扶持|支持|优惠|好处|资助)|(?:支持|扶持)(?:谁|哪些人|什么人)"
)


@dataclass(frozen=True, slots=True)
class ChosenClauses:
    """The clauses that answer ``question``, best first, none where the document does not answer it.

    ``advice`` is then what the pack has to say to questions of its kind, empty where it is of none; ``asks`` is false
    where nothing was asked. ``topic`` is what a follow-up would be about.
    """

    question: Question
    outcome: Outcome
    clauses: tuple[Hit, ...]
    topic: str | None
    advice: str = ""
    asks: bool = True

    @property
    def text(self) -> str:
        """The question with what was told before it."""
        return with_told(self.question)

    def sure(self, least: float) -> bool:
        """Whether one clause answers, with a confidence of ``least`` (0..1) or more."""
        return self.outcome is Outcome.ANSWERED and self.clauses[0].score >= least


def here(policy: Policy) -> tuple[str, ...]:
    """The places that the documents are of, in short, by the names of who issued them: 郑州."""
    issuers = (_ISSUED_IN.match(each.issuer) for each in policy.documents)
    return tuple(dict.fromkeys(each[1] for each in issuers if each))


def surely_granting(shelf: Shelf, words: str) -> str | None:
    """The clause that surely grants what ``words`` by themselves name; None where they name nothing such."""
    hit = next(iter(shelf.find(words).hits), None) if shelf.compiled(Matters).named(words) else None
    return hit.clause if hit and hit.score >= SURE and hit.clause in shelf.policy.granting else None


def asks_when_paid(text: str) -> bool:
    """Whether ``text`` asks when something is applied for or paid."""
    return bool(_PAID_WHEN.search(text))


def asks_anything(text: str) -> bool:
    """Whether ``text`` asks what there is at all."""
    return bool(ANYTHING.search(text))


class Chooser:
    """Chooses among the clauses of one policy; of several documents those ``in_play`` come first."""

    def __init__(self, shelf: Shelf, in_play: Collection[str] = ()) -> None:
        self._shelf = shelf
        self._in_play = in_play
        self._policy = shelf.policy
        self._with_programmes = shelf.policy.granting
        self._matters = shelf.compiled(Matters)
        serials = {
            number for each in shelf.policy.documents for number in re.findall(r"\d+(?=\s?号)", each.number or "")
        }
        self._own = regex(rf"(?:按照?|依照?|根据)?(?<!\d)(?:{'|'.join(serials) or '(?!)'})号文?件?[上里中]?")

    def choose(
        self, questions: Iterable[Question], topic: str | None = None, *, whole: str
    ) -> tuple[ChosenClauses, ...]:
        """What answers ``questions``, asked one after the other; ``topic`` is the clause talked about before, if any.

        ``whole`` is the message: it is taken as one question unless ``questions`` surely ask of different things, and
        each is read with what is told before it.
        """
        found: list[ChosenClauses] = []
        subject = topic
        for question in questions:
            found.append(self._with_context(question, subject))
            subject = found[-1].topic
        if _different(found):
            return tuple(found)
        chosen = self._alone(Question(whole, whole), whole, topic)
        if self._matters.asked(whole) or chosen.advice:
            return (chosen,)
        return (ChosenClauses(chosen.question, Outcome.OUT_OF_SCOPE, (), topic, asks=False),)

    def _alone(self, question: Question, text: str, topic: str | None) -> ChosenClauses:
        """What answers ``text``, which is ``question`` with as much of what stands around it as is to count."""
        found = self._found(_as_asked(text), topic)
        if cited := self._cited(question.text):
            others = tuple(hit for hit in found.hits if hit.clause != cited)
            found = Found(in_scope=True, hits=(Hit(cited, 1.0), *others)[:3])
        if not found.in_scope or found.close:  # 找谁办: of the office, and of no matter
            of_office = office_matters.read(question.text)
            if of_office is not None and not of_office.matter:
                return ChosenClauses(question, Outcome.ANSWERED, (Hit(self._meta(topic), 1.0),), topic)
        general = asked.of_no_matter(question.text) and not (topic and self._programmes(topic))
        if general and not (found.in_scope and self._is_told_there(question.text, found.hits[0].clause)):
            return ChosenClauses(question, Outcome.ANSWERED, (Hit(self._meta(topic), 1.0),), topic)
        if not found.in_scope:
            kinds = {kind.id: kind.advice for kind in self._policy.questions.unanswered}
            return ChosenClauses(question, Outcome.OUT_OF_SCOPE, (), topic, kinds.get(found.kind or "", ""))
        best = found.hits[0].clause
        if best == ASSESS:
            return ChosenClauses(question, Outcome.ASSESS, found.hits, topic)
        choices = tuple(hit for hit in found.hits if hit.clause != ASSESS)
        if found.close and len(choices) > 1 and found.hits[1] in choices:
            return ChosenClauses(question, Outcome.OFFERED, choices, topic)
        return ChosenClauses(question, Outcome.ANSWERED, found.hits, topic if bare(best) == META else best)

    def _is_told_there(self, text: str, clause: str) -> bool:
        """Whether what is asked of nothing in particular is answered by a clause of which the pack says something ready, or
        which is about no award."""
        ready = asked.called_for(self._policy, asked.read(text), clause, (), own=True)
        return bool(ready) or (clause != ASSESS and bare(clause) != META and not self._programmes(clause))

    def _cited(self, text: str) -> str | None:
        """The one clause that ``text`` calls by its number in the document; None where it calls none, or several."""
        if "(" not in normalise(text):
            return None
        plain = _PLACE_IN_TEXT.sub("", normalise(text))
        numbers = {_PLACE_IN_TEXT.sub("", normalise(each.citation or "")): each.id for each in self._policy.clauses}
        called = {number: clause for number, clause in numbers.items() if "(" in number and number in plain}
        longest = {number for number in called if not any(number != other and number in other for other in called)}
        return called[longest.pop()] if len(longest) == 1 else None

    def _meta(self, near: str | None) -> str:
        """What stands for the document itself: that which ``near`` is a clause of, else the first."""
        documents = self._policy.documents
        of = owner(near) if near is not None else None
        return META if not self._policy.several else f"{of or documents[0].id}{SEPARATOR}{META}"

    def _with_context(self, question: Question, topic: str | None) -> ChosenClauses:
        """What answers the question with all that was told before it."""
        return self._alone(question, with_told(question), topic)

    def _found(self, text: str, topic: str | None) -> Found:
        """The clauses that answer; a follow-up that asks of the topic (how much? which papers?) is about the topic."""
        find = partial(self._shelf.find, in_play=self._in_play)
        if not topic:
            return find(text)
        question = asked.read(text)
        programmes = self._programmes(topic)
        if len(question.text) > _FOLLOW_UP_LENGTH and not _FOLLOWS.search(question.text):
            return find(text)
        if programmes and Aspect.TOGETHER in question.aspects and self._policy.cumulation:
            return find(text, self._policy.cumulation.clause)
        found = find(text, topic)
        best = found.hits[0].clause if found.hits else None
        if best == ASSESS and _OWN.search(question.text):
            return found
        if best == topic:
            return replace(found, close=False)
        if self._is_of_the_topic(question, text, found, topic, programmes):
            score = max((hit.score for hit in found.hits), default=0.5)
            return Found(in_scope=True, hits=(Hit(topic, score), *(h for h in found.hits if h.clause != topic))[:3])
        return found

    def _is_of_the_topic(
        self, question: ReadQuestion, text: str, found: Found, topic: str, programmes: Sequence[Programme]
    ) -> bool:
        """Whether a follow-up is about the topic although another clause, or none, answers it better."""
        best = found.hits[0].clause if found.hits else None
        certain = bool(found.hits) and found.hits[0].score >= _CERTAIN
        if (
            best is not None
            and bare(best) != META
            and not certain
            and asked.called_for(self._policy, question, topic, programmes, own=True)
        ):
            return True
        steps = bool(question.aspects & {Aspect.PAPERS, Aspect.PROCESS})
        general = best is None or (bare(best) != META and not self._programmes(best))
        general = general and (best in (None, ASSESS) or steps or not certain)
        follows = bool(best) or found.kind is None or bool(_FOLLOWS.search(text))
        return bool(programmes and question.aspects) and general and follows

    def _programmes(self, clause: str) -> tuple[Programme, ...]:
        return tuple(each for each in self._policy.programmes if each.clause == clause)


def _as_asked(text: str) -> str:
    """``text`` without who is said to have said it (税务局说): of them nothing is asked."""
    return lexicon("questions")["says_so"].sub("", text)


def with_told(question: Question) -> str:
    """A question with what was told before it."""
    return "，".join(part for part in (question.context, question.text) if part)


def subjects(found: Iterable[ChosenClauses]) -> set[str]:
    """What questions are about, each thing once: the clause, or what the pack says where it does not answer."""
    return {each.clauses[0].clause if each.clauses else each.advice for each in found}


def _different(found: Sequence[ChosenClauses]) -> bool:
    """Whether the questions of a conversation surely ask each of something else, one of them at least of a clause."""
    sure = all(each.outcome is Outcome.OUT_OF_SCOPE or each.sure(SURE_ENOUGH) for each in found)
    return sure and any(each.clauses for each in found) and len(subjects(found)) == len(found) > 1
