"""Which clause answers a question, for the chat and for letters: the one place where that is decided.

``Chooser.choose`` takes questions in their order and hands the topic on from one to the next. What differs between a
conversation, in which the person sees what was understood and can ask again, and a letter, which goes out once and
holds what its questions leave unsaid, follows from what is given. Decides only; replies and letters are made elsewhere.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from conversations.answering import asked
from conversations.answering.asked import Aspect, ReadQuestion
from conversations.language import office_matters
from conversations.language.lexicon import lexicon
from conversations.language.quantities import find_quantities
from conversations.language.question import Matters, Question
from conversations.language.text import normalise
from conversations.saying.answers import whom
from conversations.state.outcome import Outcome
from conversations.state.shelf import Shelf
from knowledge.figures import figures
from knowledge.patterns import regex
from knowledge.policy import ASSESS, META, SEPARATOR, Programme, bare, owner
from knowledge.search import Found, Hit
from rules.plain import plain_levels

_OWN = regex(r"[我俺咱]们?(?=公司|单位|厂|店|家|企业|们|这|能|可以|够|符合)|[我俺咱]司|本(?:公司|单位|企业)")
_FOLLOWS = regex(r"^(?:那|这|它|还有|另外|然后|要是|如果|假如|哦|好)|呢[?？]?$")
_FOLLOW_UP_LENGTH = 14
_OF_A_MATTER = {Aspect.AMOUNT, Aspect.PAPERS, Aspect.PERIOD, Aspect.BOUNDARY}
_OF_APPLYING = {Aspect.PAPERS, Aspect.PROCESS, Aspect.DATE, Aspect.WHERE}
_OF_A_TOPIC = {Aspect.LATER, Aspect.BACKDATED, Aspect.SUMMED_YEARS, Aspect.LENIENT}
"""What is asked of a grant without its name."""
_OF_DOCUMENT = regex("文件|政策|通知|有效|执行|哪年")
_CERTAIN = 0.95
_SURE_ENOUGH = 0.7
"""From which confidence a question of a conversation is answered apart from those beside it."""
SURE = 0.8
"""The same for a letter, and for what is told before a question to count for nothing."""
_CHANCE = 0.5
_LIKELY = 0.3
"""From which confidence what the letter is about is meant rather than all that the firm may have."""
_TERSE = 10
_BARE = 6
_FEW = 2
_WHEN = regex(r"什么时候|啥时候|何时|哪天|几月|几号|截止|期限")
_PAID_WHEN = regex(
    r"(?:什么时候|啥时候|何时|哪天|几月|几号).{0,4}(?:(?<!印)发(?![文布])|到账|受理|申[报请]|报|给|拿|领|下来|拨|兑现|批|有结果)|(?<!哪年)(?<!几年)截止|期限|受理时间"
)
_STILL = regex(r"今年还有|还有没有(?!别)|还有吗|还有效|还执行|还在执行|通知.{0,4}(?:下来|发|出)")
_WHAT_IF = regex(
    r"^[,，\s]*(?:那|还有)?(?:(?:要是|如果|假如|若)[^,，。?？]{1,16}呢|[\d.]+[万千百亿]*元?呢[,，]?[^,，。?？]{0,12})[?？]?$"
)
_NUMBER = regex(
    r"(?:依据|根据|按照?|依照|关于)?[一-鿿]{1,4}\s?[〔\[（(【]\s?\d{4}\s?[〕\]）)】]\s?第?\d+\s?号(?:文件?)?"
)
"""A document's number: not what a question is about."""
_PLACE_IN_TEXT = regex(r"[、,，.\s第条款项部分的]")
"""What people leave out, or put in, where they call a clause by its number: 三（六）, 第三部分第（六）条."""
_ASKED_OF_ALL = regex(
    r"(?P<asks>有没有|有无|是否有|包不包括|[能可]不[能可]以?[补报]|[补报管]不[补报管])[:：]?[^:：]{0,12}$"
)
"""What is asked of all things of a list, before the first of them."""
_ASKED_AT_ITS_END = regex(
    r"(?P<asks>(?:有没有|能不能|算不算|是不是|可不可以|[补报管给]不[补报管给]|都?能|可以|怎么|分别|各)[^、]{0,12})$"
)
"""The same behind the last."""
_ANYTHING = regex(r"(?:什么|哪些|啥|别的|其[他它])(?:样的?)?(?:奖励|补贴|补助|政策|扶持|支持|优惠|好处|资助)")


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
        return _told(self.question)

    def sure(self, least: float) -> bool:
        """Whether one clause answers, with a confidence of ``least`` (0..1) or more."""
        return self.outcome is Outcome.ANSWERED and self.clauses[0].score >= least


def asks_when_paid(text: str) -> bool:
    """Whether ``text`` asks when something is applied for or paid."""
    return bool(_PAID_WHEN.search(text))


def asks_anything(text: str) -> bool:
    """Whether ``text`` asks what there is at all."""
    return bool(_ANYTHING.search(text))


class Chooser:
    """Chooses among the clauses of one policy; of several documents those ``in_play`` come first."""

    def __init__(self, shelf: Shelf, in_play: Collection[str] = ()) -> None:
        self._shelf = shelf
        self._in_play = in_play
        self._policy = shelf.policy
        self._with_programmes = {programme.clause for programme in shelf.policy.programmes}
        self._matters = shelf.compiled(Matters)
        serials = {
            number for each in shelf.policy.documents for number in re.findall(r"\d+(?=\s?号)", each.number or "")
        }
        self._own = regex(rf"(?:按照?|依照?|根据)?(?<!\d)(?:{'|'.join(serials) or '(?!)'})号文?件?[上里中]?")

    def choose(
        self, questions: Iterable[Question], topic: str | None = None, whole: str | None = None
    ) -> tuple[ChosenClauses, ...]:
        """What answers ``questions``, asked one after the other; ``topic`` is the clause talked about before, if any.

        ``whole`` is the message of a conversation: it is taken as one question unless ``questions`` surely ask of
        different things, and each is read with what is told before it. Without it the questions are a letter's: each
        gets its answer, is parted where it surely asks for two things, and taken on its own where it says enough.
        """
        if whole is None:
            return tuple(chosen for _, each in self.by_question(questions, topic) for chosen in each)
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

    def by_question(
        self, questions: Iterable[Question], topic: str | None = None, matter: str | None = None
    ) -> Iterator[tuple[Question, list[ChosenClauses]]]:
        """Each question of a letter with what answers it, more than once where it surely asks for several things.

        ``matter`` is the clause that all the letter tells of, if there is one: the topic before anything is asked.
        """
        from conversations.language import customer_message  # for letters alone

        told = ""
        before: ChosenClauses | None = None
        chosen: ChosenClauses
        for question in questions:
            found: list[ChosenClauses] = []
            for part in self._divided(question, topic):
                matterless = customer_message.general(part.text) and not self._matters.named(part.context)
                if before and not topic and matterless:
                    chosen = replace(before, question=part)  # 给多少: of what was asked before, which is not answered
                else:
                    chosen = self._by_letter(part, topic or matter, fresh=part.context != told)
                found.append(chosen)
                topic, told = chosen.topic, part.context
                before = chosen if chosen.outcome is Outcome.OUT_OF_SCOPE else None
            yield question, found

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
        return self._alone(question, _told(question), topic)

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

    def _by_letter(self, question: Question, topic: str | None, fresh: bool) -> ChosenClauses:
        """What answers the question as it stands; where it is terse, in the light of what was told or asked before.

        ``fresh``: what was told before it was not told before the question in front of it.
        """
        from conversations.language import customer_message  # for letters alone

        if of_it := self._of_what_was_told(question, topic, fresh):
            return of_it
        alone = self._alone(question, question.text, topic)
        may_be = next((hit.score for hit in alone.clauses if hit.clause == topic), 0.0)
        if alone.outcome is Outcome.ASSESS and not alone.clauses[0].score >= SURE and may_be >= _LIKELY:
            return ChosenClauses(question, Outcome.ANSWERED, (Hit(topic or "", may_be),), topic)
        best = alone.clauses[0].clause if alone.clauses else None
        of_topic = topic in self._with_programmes and best not in self._with_programmes
        if of_topic and best not in (None, ASSESS) and self._says_no_more(question, best):
            return ChosenClauses(question, Outcome.ANSWERED, (Hit(topic or "", 1.0), *alone.clauses[:2]), topic)
        if alone.outcome is Outcome.ANSWERED and topic and self._is_of_its_sum(question.text, topic, alone):
            return ChosenClauses(question, Outcome.ANSWERED, (Hit(topic, 1.0), *alone.clauses[:2]), topic)
        if levels := self._of_levels(question, alone, topic):
            return ChosenClauses(question, Outcome.ANSWERED, (Hit(levels, 1.0), *alone.clauses[:2]), levels)
        if self._by_chance(alone):
            alone = replace(alone, outcome=Outcome.OUT_OF_SCOPE, clauses=(), topic=topic, advice="")
        if alone.outcome is Outcome.ANSWERED and customer_message.general(question.text):  # chance, not its words
            alone = replace(alone, clauses=tuple(Hit(hit.clause, min(hit.score, _CHANCE)) for hit in alone.clauses))
        in_doubt = alone.outcome is not Outcome.OUT_OF_SCOPE and not alone.sure(SURE)
        rumoured = alone.outcome is not Outcome.ASSESS and bool(asked.rumour(question.text))
        if in_doubt and (rumoured or asked.uncovered(self._policy, question.text)):
            return replace(alone, outcome=Outcome.OUT_OF_SCOPE, clauses=(), topic=topic)
        aspects = asked.read(question.text).aspects
        if in_doubt and Aspect.WHERE in aspects:
            if Aspect.PAPERS in aspects and topic in self._with_programmes:
                return ChosenClauses(question, Outcome.ANSWERED, (Hit(topic or "", 1.0),), topic)
            return replace(alone, outcome=Outcome.ANSWERED, clauses=(Hit(self._meta(topic), 1.0), *alone.clauses[:2]))
        if not alone.sure(SURE) and alone.outcome is Outcome.ANSWERED and fresh and question.context:
            told = self._with_context(question, None)
            if told.sure(SURE) and told.clauses[0].clause in self._with_programmes:
                return told
        if alone.outcome is Outcome.OUT_OF_SCOPE and (chosen := self._after_all(alone, topic)):
            return chosen
        return self._terse(alone, topic) if len(question.heading) <= _TERSE else alone

    def _says_no_more(self, question: Question, best: str | None) -> bool:
        """Whether a question for which ``best``, that grants nothing, was found asks of a grant without its name."""
        aspects = asked.read(question.heading).aspects
        if aspects & _OF_A_TOPIC:
            return True
        if bare(best or "") == META:  # 明年还有吗
            return Aspect.PERIOD in aspects and not _OF_DOCUMENT.search(question.text)
        rule = self._policy.cumulation
        named = self._matters.named(question.text) or (rule is not None and best == rule.clause)
        return not named and not aspects & _OF_APPLYING and not asked.rumour(question.text)

    def _is_of_its_sum(self, text: str, topic: str, alone: ChosenClauses) -> bool:
        """Whether a question says no more of what it is about than a sum: one that the topic grants, or one's own.

        这60万我们能领吗; 去年那320万还作数不, which asks nothing of the document itself.
        """
        sums = {each.value for each in find_quantities(normalise(text)) if each.scaled}
        if not sums or topic not in self._with_programmes:
            return False
        granted = set(figures("".join(each.quote for each in self._programmes(topic))))
        unnamed = sums <= granted and asked.grants(text) and not self._matters.named(text)
        return unnamed or bare(alone.clauses[0].clause) == META

    def _by_chance(self, alone: ChosenClauses) -> bool:
        """Whether what was found, a task or a kind without an answer, knows none of the question's own words."""
        from conversations.answering.known_words import KnownWords  # for letters alone

        text = alone.question.text
        of_applying = bool(alone.clauses) and asked.read(text).aspects & _OF_APPLYING
        if alone.sure(SURE) or alone.outcome is Outcome.ASSESS or of_applying:
            return False
        labels = [hit.clause for hit in alone.clauses[:1]]
        labels += [kind.id for kind in self._policy.questions.unanswered if kind.advice and kind.advice == alone.advice]
        granting = any(label in self._with_programmes or bare(label) == META for label in labels)
        words = self._shelf.compiled(KnownWords)
        return bool(labels) and not granting and not any(words.share(text, each) for each in labels)

    def _of_levels(self, question: Question, alone: ChosenClauses, topic: str | None) -> str | None:
        """The clause of the one programme of which ``question`` asks whether two of its levels are paid side by side."""
        rule = self._policy.cumulation
        if rule is None or not alone.clauses or alone.clauses[0].clause != rule.clause:
            return None
        plain = normalise(_told(question))
        found: set[str] = set()
        for programme in self._policy.programmes:
            if levels := plain_levels(programme.amount):
                labels = [each.label for each in self._policy.fact(levels[0]).choices if each.id in levels[1]]
                found |= {programme.clause} if sum(label in plain for label in labels) > 1 else set()
        told = self._alone(question, question.context, None).clauses if question.context else ()
        near = [each for each in (*(hit.clause for hit in told[:1]), topic) if each in found]
        return near[0] if near else None

    def _of_what_was_told(self, question: Question, topic: str | None, fresh: bool) -> ChosenClauses | None:
        """A question that names no matter: that of what was told just before it, else the topic; None where it names one."""
        from conversations.language import customer_message  # for letters alone

        bare_question = self._own.sub("", _NUMBER.sub("", question.text))
        if topic in self._with_programmes and _WHAT_IF.search(bare_question):
            return ChosenClauses(question, Outcome.ANSWERED, (Hit(topic or "", 1.0),), topic)
        if not customer_message.general(bare_question) or _ANYTHING.search(bare_question):
            return None
        if asks_when_paid(bare_question) or _WHEN.search(bare_question):
            return None
        told = self._alone(question, _NUMBER.sub("", _told(question)), None) if question.context else None
        sure = told is not None and told.sure(_SURE_ENOUGH) and told.clauses[0].clause in self._with_programmes
        if sure and (fresh or topic not in self._with_programmes):
            return told
        if topic in self._with_programmes:
            return ChosenClauses(question, Outcome.ANSWERED, (Hit(topic or "", 1.0),), topic)
        return None

    def _after_all(self, alone: ChosenClauses, topic: str | None) -> ChosenClauses | None:
        """What a question is about that nothing answers as it stands; None where that is not seen from its words."""
        from conversations.language import customer_message  # for letters alone

        question = alone.question
        rule, aspects = self._policy.cumulation, asked.read(question.heading).aspects
        if rule and Aspect.TOGETHER in aspects and not whom(self._policy, self._advice_to(question)):
            return ChosenClauses(question, Outcome.ANSWERED, (Hit(rule.clause, 1.0),), topic)
        if topic in self._with_programmes and aspects & _OF_A_TOPIC:
            return ChosenClauses(question, Outcome.ANSWERED, (Hit(topic or "", 1.0),), topic)
        if topic in self._with_programmes and asked.called_for(
            self._policy, asked.read(question.text), topic or "", self._programmes(topic or ""), own=True
        ):
            return ChosenClauses(question, Outcome.ANSWERED, (Hit(topic or "", 1.0),), topic)
        matterless = asked.grants(question.text) and not self._matters.named(question.text)
        if matterless and topic in self._with_programmes and not alone.advice:  # 算的话是不是给26万
            return ChosenClauses(question, Outcome.ANSWERED, (Hit(topic or "", 1.0),), topic)
        if customer_message.general(question.text):
            if topic is not None and bare(topic) != META:
                return ChosenClauses(question, Outcome.ANSWERED, (Hit(topic, 1.0),), topic)
            if question.context:
                return self._with_context(question, topic)
        if _STILL.search(question.text) and not whom(self._policy, alone.advice):
            return replace(alone, outcome=Outcome.ANSWERED, clauses=(Hit(self._meta(topic), 1.0),))
        if question.context and matterless:
            told = self._with_context(question, None)  # the words name nothing that the pack knows
            if told.sure(SURE) and told.clauses[0].clause in self._with_programmes:
                return told
        if not whom(self._policy, alone.advice) and (part := self._by_part(question)):
            return part
        if alone.advice:
            return alone
        if topic in self._with_programmes and Aspect.DATE in asked.read(question.text).aspects:
            return ChosenClauses(question, Outcome.ANSWERED, (Hit(topic or "", 1.0),), topic)
        core = self._alone(question, question.heading, topic)
        if core.outcome is Outcome.ASSESS or core.sure(SURE):
            return core
        return replace(alone, outcome=Outcome.ASSESS) if _ANYTHING.search(question.heading) else None

    def _advice_to(self, question: Question) -> str:
        """What the pack says to the asking part of ``question`` by itself, where it does not answer that."""
        return self._alone(question, question.heading, None).advice

    def _by_part(self, question: Question) -> ChosenClauses | None:
        """What a long sentence is about of which one part speaks of a grant, where all beside it hides that."""
        from conversations.language import customer_message  # for letters alone

        parts = re.split(r"[,，]", question.text)
        for place, part in enumerate(parts if len(parts) > _FEW else ()):
            if asked.grants(part) and self._matters.named(part):
                told = self._alone(question, part, None)
                if told.sure(SURE) and told.clauses[0].clause in self._with_programmes:
                    context, text = ("，".join(each) for each in ((question.context, *parts[:place]), parts[place:]))
                    return replace(told, question=Question(text, customer_message.heading(text), context.strip("，")))
        return None

    def _terse(self, alone: ChosenClauses, topic: str | None) -> ChosenClauses:
        """What a terse question is about: a date, what was told before it, the topic, or what its words say."""
        question, sure = alone.question, alone.sure(SURE)
        best = alone.clauses[0].clause if alone.clauses else None
        granted = best in self._with_programmes
        if (not sure and _WHEN.search(question.text)) or (not granted and asks_when_paid(question.text)):
            return replace(
                alone, outcome=Outcome.ANSWERED, clauses=(Hit(self._meta(best or topic), 1.0), *alone.clauses[:2])
            )
        short = len(question.heading) <= _BARE and best is not None and bare(best) == META
        if (not sure or short) and question.context:
            told = self._with_context(question, topic)
            if told.outcome is Outcome.ANSWERED and told.clauses[0].clause in self._with_programmes:
                return told
        unsure = alone.outcome is Outcome.OFFERED or (alone.outcome is Outcome.ANSWERED and not sure)
        if topic is not None and unsure and topic in self._with_programmes and bare(best or "") != META:
            others = [hit for hit in alone.clauses if hit.clause != topic]
            return ChosenClauses(question, Outcome.ANSWERED, (Hit(topic, 1.0), *others[:2]), topic)
        return alone

    def _divided(self, question: Question, topic: str | None) -> list[Question]:
        """A sentence whose clauses ask for different things, each answered with certainty, as several questions.

        So are the things of a list that one question is put to.
        """
        from conversations.language import customer_message  # for letters alone

        things = {clause: _things(clause) for clause in re.split(r"[,，]", question.text)}
        parts = [part for clause, of in things.items() for part in of or clause.split("、") if part.strip()]
        asking = [
            part for part in parts if customer_message.asks(part) and customer_message.heading(part)
        ]  # not 咨询一下
        told = [part for part in parts if part not in asking]
        if len(parted := self._where_apart(question, told, asking)) > 1:
            return parted
        if told and asking and all(map(customer_message.general, asking)):
            return [self._nearest(question, told, asking)]
        if len(asking) < 2 or (told and any(map(customer_message.general, asking))):
            return [question]
        context = "，".join([question.context, *told]).strip("，")
        divided = [Question(part, customer_message.heading(part), context) for part in asking]
        found = [self._alone(part, part.text, topic) for part in divided]
        sure = any(things.values()) or all(
            each.sure(SURE) or (each.outcome is Outcome.OUT_OF_SCOPE and each.advice) for each in found
        )
        return divided if sure and len(_subjects(found)) > 1 else [question]

    def _where_apart(self, question: Question, told: Sequence[str], asking: Sequence[str]) -> list[Question]:
        """给多少、找谁要: where one goes is a question of its own beside what is asked of a matter."""
        from conversations.language import customer_message  # for letters alone

        where = [part for part in asking if (of_office := office_matters.read(part)) and not of_office.matter]
        rest = [part for part in asking if part not in where]
        if not any(asked.read(part).aspects & _OF_A_MATTER for part in rest):
            return [question]
        context = "，".join([question.context, *told]).strip("，")
        groups = ["，".join(group) for group in (rest, where) if group]
        return [Question(text, customer_message.heading(text), context) for text in groups]

    def _nearest(self, question: Question, told: Sequence[str], asking: Sequence[str]) -> Question:
        """A question with no topic of its own, cut down to what was told last that gives it one; else as it stands."""
        from conversations.language import customer_message  # for letters alone

        if self._alone(question, question.text, None).outcome in (Outcome.ANSWERED, Outcome.OFFERED):
            return question
        for place in reversed(range(len(told))):
            text = "，".join([told[place], *asking])
            chosen = self._alone(question, text, None)
            if chosen.outcome is Outcome.ANSWERED and chosen.clauses[0].clause in self._with_programmes:
                context = "，".join([question.context, *told[:place], *told[place + 1 :]]).strip("，")
                return Question(text, customer_message.heading(text), context)
        return question

    def _programmes(self, clause: str) -> tuple[Programme, ...]:
        return tuple(each for each in self._policy.programmes if each.clause == clause)


def _things(clause: str) -> list[str]:
    """Where one question is put to all the things of a list, each of them with it; empty where it is no such clause.

    电费、房租有没有优惠；有没有：贷款贴息、安家费、落户.
    """
    from conversations.language import customer_message  # for letters alone

    parts = clause.split("、")
    asking = [customer_message.asks(part.rstrip("?？")) for part in parts]
    before, behind = _ASKED_OF_ALL.search(parts[0]), _ASKED_AT_ITS_END.search(parts[-1])
    if len(parts) < _FEW or sum(asking) != 1:
        return []
    if asking[0] and before:
        return [parts[0], *(f"{before['asks']}{part}" for part in parts[1:])]
    if asking[-1] and behind:
        return [*(f"{part}{behind['asks']}" for part in parts[:-1]), parts[-1]]
    return []


def _as_asked(text: str) -> str:
    """``text`` without who is said to have said it (税务局说): of them nothing is asked."""
    return lexicon("questions")["says_so"].sub("", text)


def _told(question: Question) -> str:
    return "，".join(part for part in (question.context, question.text) if part)


def _subjects(found: Iterable[ChosenClauses]) -> set[str]:
    """What questions are about, each thing once: the clause, or what the pack says where it does not answer."""
    return {each.clauses[0].clause if each.clauses else each.advice for each in found}


def _different(found: Sequence[ChosenClauses]) -> bool:
    """Whether the questions of a conversation surely ask each of something else, one of them at least of a clause."""
    sure = all(each.outcome is Outcome.OUT_OF_SCOPE or each.sure(_SURE_ENOUGH) for each in found)
    return sure and any(each.clauses for each in found) and len(_subjects(found)) == len(found) > 1
