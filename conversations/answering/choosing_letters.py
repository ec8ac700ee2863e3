"""Which clause answers a question of a letter, which goes out once: what it leaves unsaid cannot be asked for.

Each question gets its answer, is parted where it surely asks for two things, and is taken on its own where it says
enough; else in the light of what was told or asked before it. Decides only; letters are made elsewhere.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal

from conversations.answering import asked
from conversations.answering.added_up import added_up
from conversations.answering.asked import Aspect
from conversations.answering.by_figures import granting
from conversations.answering.choosing import (
    ANYTHING,
    SURE,
    SURE_ENOUGH,
    ChosenClauses,
    asks_when_paid,
    surely_granting,
    with_told,
)
from conversations.answering.dividing import DividingChooser
from conversations.answering.known_words import KnownWords
from conversations.answering.stated import StatedWords
from conversations.answering.told import labelled, of_levels
from conversations.language import customer_message, office_matters
from conversations.language.lexicon import lexicon
from conversations.language.quantities import find_quantities
from conversations.language.question import Question
from conversations.language.text import normalise
from conversations.saying.answers import whom
from conversations.state.outcome import Outcome
from knowledge.figures import figures
from knowledge.patterns import regex
from knowledge.policy import ASSESS, META, bare
from knowledge.search import Hit
from rules.plain import plain_levels, plain_share

_OF_APPLYING = {Aspect.PAPERS, Aspect.PROCESS, Aspect.DATE, Aspect.WHERE}
_OF_A_TOPIC = {Aspect.LATER, Aspect.BACKDATED, Aspect.SUMMED_YEARS, Aspect.LENIENT}
"""What is asked of a grant without its name."""
_OF_DOCUMENT = regex("文件|政策|通知|有效|执行|哪年")
_CHANCE = 0.5
_LIKELY = 0.3
"""From which confidence what the letter is about is meant rather than all that the firm may have."""
_TERSE = 10
_BARE = 6
_FEW = 2
_WHEN = regex(r"什么时候|啥时候|何时|哪天|几月|几号|截止|期限")
_STILL = regex(r"今年还有|还有没有(?!别)|还有吗|还有效|还执行|还在执行|通知.{0,4}(?:下来|发|出)")
_WHAT_IF = regex(
    r"^[,，\s]*(?:那|还有)?(?:(?:要是|如果|假如|若|要么|或者|不然)[^,，。?？]{1,16}呢|[^,，。?？]{1,5}(?:公司|企业|单位)呢|[\d.]+[万千百亿]*元?呢[,，]?[^,，。?？]{0,12})[?？]?$"
)
_NUMBER = regex(
    r"(?:依据|根据|按照?|依照|关于)?[一-鿿]{1,4}\s?[〔\[（(【]\s?\d{4}\s?[〕\]）)】]\s?第?\d+\s?号(?:文件?)?"
)
"""A document's number: not what a question is about."""
_PAPERS_OF = regex(
    r"([^,，。!！?？;；]{4,30}?)(?:都|还)?(?:需要?|得|要|应该?)?(?:准备|提交|提供|交|带|附)?(?:哪些|哪几样|什么|啥)(?:申报|证明)?(?:材料|资料|手续)"
)
"""What stands before the papers that are asked for."""


class LetterChooser(DividingChooser):
    """Chooses for the questions of a letter."""

    def choose_each(self, questions: Iterable[Question], topic: str | None = None) -> tuple[ChosenClauses, ...]:
        """What answers ``questions``, asked one after the other; ``topic`` is the clause talked about before, if any."""
        return tuple(chosen for _, each in self.by_question(questions, topic) for chosen in each)

    def by_question(
        self, questions: Iterable[Question], topic: str | None = None, matter: str | None = None
    ) -> Iterator[tuple[Question, list[ChosenClauses]]]:
        """Each question of a letter with what answers it, more than once where it surely asks for several things.

        ``matter`` is the clause that all the letter tells of, if there is one: the topic before anything is asked.
        """
        told = ""
        before: ChosenClauses | None = None
        chosen: ChosenClauses
        for question in questions:
            found: list[ChosenClauses] = []
            for part in self.divided(question, topic):
                matterless = customer_message.general(part.heading) and not self._matters.named(part.context)
                if before and not topic and matterless:
                    chosen = replace(before, question=part)  # 给多少: of what was asked before, which is not answered
                else:
                    chosen = self._stated(self._by_letter(part, topic or matter, fresh=part.context != told))
                found.append(chosen)
                topic, told = chosen.topic, part.context
                before = chosen if chosen.outcome is Outcome.OUT_OF_SCOPE else None
            yield question, found

    def _by_letter(self, question: Question, topic: str | None, fresh: bool) -> ChosenClauses:
        """What answers the question as it stands; where it is terse, in the light of what was told or asked before.

        ``fresh``: what was told before it was not told before the question in front of it.
        """
        if of_it := self._of_what_was_told(question, topic, fresh) or self._of_its_own(question):
            return of_it
        alone = self._alone(question, question.text, topic)
        if topic in self._with_programmes and self._is_of_the_topic_after_all(alone, topic or ""):
            others = (hit for hit in alone.clauses if hit.clause not in (topic, ASSESS))
            return ChosenClauses(question, Outcome.ANSWERED, (Hit(topic or "", 1.0), *others)[:3], topic)
        if chosen := self._of_a_part(alone):
            return chosen
        if of := self._papers_of(question, alone):
            others = (hit for hit in alone.clauses if hit.clause not in (of, ASSESS))
            return ChosenClauses(question, Outcome.ANSWERED, (Hit(of, 1.0), *others)[:3], of)
        if levels := self._of_levels(question, alone, topic):
            return ChosenClauses(question, Outcome.ANSWERED, (Hit(levels, 1.0), *alone.clauses[:2]), levels)
        alone = self._without_chance(alone, topic)
        if hearsay := self._of_hearsay(alone, topic):
            return hearsay
        in_doubt = alone.outcome is not Outcome.OUT_OF_SCOPE and not alone.sure(SURE)
        granted = bool(alone.clauses) and alone.clauses[0].clause in self._with_programmes
        aspects = asked.read(question.text).aspects
        of_both = granted and Aspect.AMOUNT in aspects  # 支持标准及申报渠道
        if in_doubt and Aspect.WHERE in aspects and not of_both:
            if Aspect.PAPERS in aspects and topic in self._with_programmes:
                return self._of_topic(question, topic)
            return replace(alone, outcome=Outcome.ANSWERED, clauses=(Hit(self._meta(topic), 1.0), *alone.clauses[:2]))
        if not alone.sure(SURE) and alone.outcome is Outcome.ANSWERED and fresh and (told := self._told(question)):
            return told
        if alone.outcome is Outcome.OUT_OF_SCOPE and (chosen := self._after_all(alone, topic)):
            return chosen
        if (
            alone.outcome is Outcome.OFFERED
            and topic in self._with_programmes
            and not self._matters.named(question.text)
        ):
            return self._of_topic(question, topic)  # 今年只有 90 来万，还有吗: of nothing else
        return self._terse(alone, topic) if len(question.heading) <= _TERSE else alone

    def _stated(self, chosen: ChosenClauses) -> ChosenClauses:
        """``chosen``; where nothing was found, the clause that says what the question, or what is told before it, quotes."""
        question = chosen.question
        if chosen.outcome is not Outcome.OUT_OF_SCOPE or whom(self._policy, chosen.advice):
            return chosen
        clause = self._shelf.compiled(StatedWords).clause(question.text)
        return self._of_topic(question, clause) if clause else chosen

    def _of_its_own(self, question: Question) -> ChosenClauses | None:
        """The clause that pays a share of what one's own figures are asked to come to, or that grants what something is set
        beside (和示范企业奖励是一回事吗); None where neither is asked."""
        same = lexicon("questions")["same_thing"].search(normalise(question.text).rstrip("?"))
        added = added_up(self._shelf, question.text, with_told(question))
        clause = added.programme.clause if added else surely_granting(self._shelf, same["what"]) if same else None
        return self._of_topic(question, clause) if clause else None

    def _of_hearsay(self, alone: ChosenClauses, topic: str | None) -> ChosenClauses | None:
        """What answers a question of what somebody says, or whose money for a thing nobody wrote of; None where it is neither.

        Nothing does, but where it names what is granted (听说代运营也占名额), or a sum that one clause alone grants.
        """
        text, best = alone.question.text, alone.clauses[0].clause if alone.clauses else ""
        granted = best in self._with_programmes
        in_doubt = alone.outcome is not Outcome.OUT_OF_SCOPE and not alone.sure(SURE)
        rumour = alone.outcome is not Outcome.ASSESS and (asked.rumour(text) or asked.unfounded(self._policy, (), text))
        if rumour and not granted and self._is_reckoned(text, topic):
            return self._of_topic(alone.question, topic)
        if rumour and not (granted and (not in_doubt or self._is_spoken_of(text, best))):
            by_sum = None if granted else granting(self._policy, text, topic)
            return self._of_topic(alone.question, by_sum) if by_sum else self._nothing(alone, topic)
        return self._nothing(alone, topic) if in_doubt and asked.uncovered(self._policy, text) else None

    def _is_reckoned(self, text: str, topic: str | None) -> bool:
        """Whether a sum that ``text`` hopes for and says no more of is what the customer reckons of the topic, which pays a share."""
        shares = [rule for each in self._programmes(topic or "") if (rule := plain_share(each.amount))]
        own = not asked.rumour(text) and not self._matters.named(text)
        sums = [each.value for each in find_quantities(normalise(text)) if each.scaled]
        most = [rule.cap for rule in shares if rule.cap is not None]
        return (
            own
            and bool(shares and sums)
            and all(isinstance(each, Decimal) and each <= max(most, default=each) for each in sums)
        )

    @staticmethod
    def _nothing(alone: ChosenClauses, topic: str | None) -> ChosenClauses:
        return replace(alone, outcome=Outcome.OUT_OF_SCOPE, clauses=(), topic=topic)

    def _is_spoken_of(self, text: str, clause: str) -> bool:
        """Whether ``text`` speaks by its name of a programme of ``clause``."""
        called = labelled(self._policy, normalise(text))
        return any(each.id in called for each in self._programmes(clause))

    def _of_a_part(self, alone: ChosenClauses) -> ChosenClauses | None:
        """What is granted that a question is about, where all that it says, or it alone, hides that.

        With what was told before: 付出去的85万能不能给我们报10%; without what is told in it: 没人接，国标的钱啥时候发.
        """
        best, question = next((bare(hit.clause) for hit in alone.clauses), ""), alone.question
        if alone.outcome is Outcome.ASSESS and any(each.scaled for each in asked.read(question.text).quantities):
            return self._told(question)
        if best != META or not (asks_when_paid(question.heading) and self._matters.named(question.heading)):
            return None
        core = self._alone(question, re.split("[,，]", question.text)[-1], None)
        return core if core.sure(SURE) and core.clauses[0].clause in self._with_programmes else None

    def _of_topic(self, question: Question, topic: str | None) -> ChosenClauses:
        return ChosenClauses(question, Outcome.ANSWERED, (Hit(topic or "", 1.0),), topic)

    def _told(self, question: Question) -> ChosenClauses | None:
        """What surely answers the question with what was told before it, and grants something; else None."""
        told = self._with_context(question, None) if question.context else None
        return told if told and told.sure(SURE) and told.clauses[0].clause in self._with_programmes else None

    def _without_chance(self, alone: ChosenClauses, topic: str | None) -> ChosenClauses:
        """``alone`` without a clause, or what the pack says, that only chance has found; less sure where it may be so."""
        if self._by_chance(alone):
            return replace(alone, outcome=Outcome.OUT_OF_SCOPE, clauses=(), topic=topic, advice="")
        if alone.outcome is Outcome.ANSWERED and customer_message.general(alone.question.text):
            return replace(alone, clauses=tuple(Hit(hit.clause, min(hit.score, _CHANCE)) for hit in alone.clauses))
        return alone

    def _is_of_the_topic_after_all(self, alone: ChosenClauses, topic: str) -> bool:
        """Whether a question is about the topic although something else, that grants nothing, was found for it."""
        question = alone.question
        best = alone.clauses[0] if alone.clauses else None
        if best is None:
            return False
        if lexicon("questions")["define"].search(normalise(question.text)):  # 多大规模才叫总部, of which both speak
            words = self._shelf.compiled(KnownWords)
            return words.share(question.heading, topic) >= words.share(question.heading, best.clause)
        if best.clause == ASSESS:
            return best.score < SURE and any(hit.clause == topic and hit.score >= _LIKELY for hit in alone.clauses)
        ready = not alone.sure(SURE) and asked.called_for(
            self._policy, asked.read(question.text), topic, self._programmes(topic), own=True
        )
        no_more = bool(ready) or self._says_no_more(question, best.clause) or self._is_of_its_money(question, best)
        other = best.clause not in self._with_programmes and no_more
        return other or (alone.outcome is Outcome.ANSWERED and self._is_of_its_sum(question.text, topic, alone))

    def _is_of_its_money(self, question: Question, best: Hit) -> bool:
        """Whether a question for which ``best``, no more than the document itself, was found points at what is paid: 这笔钱怎么拨."""
        pointed = lexicon("questions")["this_money"].search(normalise(question.heading))
        rule = self._policy.cumulation
        apart = asks_when_paid(question.text) or (rule is not None and best.clause == rule.clause)
        return bool(pointed) and not apart and best.clause not in self._with_programmes

    def _says_no_more(self, question: Question, best: str) -> bool:
        """Whether a question for which ``best``, that grants nothing, was found asks of a grant without its name."""
        aspects = asked.read(question.heading).aspects
        if aspects & _OF_A_TOPIC:
            return True
        if bare(best) == META:  # 明年还有吗
            return Aspect.PERIOD in aspects and not _OF_DOCUMENT.search(question.text)
        rule = self._policy.cumulation
        named = self._matters.named(question.text) or (rule is not None and best == rule.clause)
        return not named and not aspects & _OF_APPLYING and not asked.rumour(question.text)

    def _is_of_its_sum(self, text: str, topic: str, alone: ChosenClauses) -> bool:
        """Whether a question says no more of what it is about than a sum: one that the topic grants, or one's own.

        这60万我们能领吗; 去年那320万还作数不, which asks nothing of the document itself.
        """
        sums = {each.value for each in find_quantities(normalise(text)) if each.scaled}
        if not sums:
            return False
        granted = set(figures("".join(each.quote for each in self._programmes(topic))))
        unnamed = sums <= granted and asked.grants(text) and not self._matters.named(text)
        return unnamed or bare(alone.clauses[0].clause) == META

    def _by_chance(self, alone: ChosenClauses) -> bool:
        """Whether what was found, a task or a kind without an answer, knows none of the question's own words."""
        text = alone.question.text
        of_applying = bool(alone.clauses) and asked.read(text).aspects & _OF_APPLYING
        if alone.sure(SURE) or alone.outcome is Outcome.ASSESS or of_applying:
            return False
        labels = [hit.clause for hit in alone.clauses[:1]]
        labels += [kind.id for kind in self._policy.questions.unanswered if kind.advice and kind.advice == alone.advice]
        granting = any(label in self._with_programmes or bare(label) == META for label in labels)
        words = self._shelf.compiled(KnownWords)
        return bool(labels) and not granting and not any(words.share(text, each) for each in labels)

    def _papers_of(self, question: Question, alone: ChosenClauses) -> str | None:
        """The clause that a question names before the papers that it asks for: 申报代运营资金要准备哪些材料."""
        best = alone.clauses[0].clause if alone.clauses else ""
        read = asked.read(question.text)
        before = asked.before_a_paper(read)
        if best in self._with_programmes or not (before or Aspect.PAPERS in read.aspects):
            return None
        for named in (*before, *(match[1] for match in _PAPERS_OF.finditer(question.text))):
            if clause := surely_granting(self._shelf, named):
                return clause
        return None

    def _of_levels(self, question: Question, alone: ChosenClauses, topic: str | None) -> str | None:
        """The clause of the one programme of which ``question`` asks whether two of its levels are paid side by side."""
        rule = self._policy.cumulation
        if rule is None or not alone.clauses or alone.clauses[0].clause != rule.clause:
            return None
        plain = normalise(with_told(question))
        found: set[str] = set()
        if len(of_levels(self._policy, plain)) > 1:  # 省级示范企业和国家级示范园区: one level of each
            return None
        for programme in self._policy.programmes:
            if levels := plain_levels(programme.amount):
                labels = [each.label for each in self._policy.fact(levels[0]).choices if each.id in levels[1]]
                found |= {programme.clause} if sum(label in plain for label in labels) > 1 else set()
        told = self._alone(question, question.context, None).clauses if question.context else ()
        near = [each for each in (*(hit.clause for hit in told[:1]), topic) if each in found]
        return near[0] if near else None

    def _of_what_was_told(self, question: Question, topic: str | None, fresh: bool) -> ChosenClauses | None:
        """A question that names no matter: that of what was told just before it, else the topic; None where it names one."""
        bare_question = self.placeless(self._own.sub("", _NUMBER.sub("", question.text)))
        whether = lexicon("questions")["whether_paid"].search(normalise(bare_question))
        bare_question = "给不给" if whether else bare_question
        if topic in self._with_programmes and _WHAT_IF.search(bare_question):
            return self._of_topic(question, topic)
        if not customer_message.general(bare_question) or ANYTHING.search(bare_question):
            return None
        if asks_when_paid(bare_question) or _WHEN.search(bare_question):
            return None
        told = self._alone(question, _NUMBER.sub("", with_told(question)), None) if question.context else None
        sure = told is not None and told.sure(SURE_ENOUGH) and told.clauses[0].clause in self._with_programmes
        if sure and (fresh or topic not in self._with_programmes):
            return told
        if topic in self._with_programmes:
            return ChosenClauses(question, Outcome.ANSWERED, (Hit(topic or "", 1.0),), topic)
        parts = filter(self._matters.named, re.split("[,，。;；!！?？]", question.context) if whether else ())
        best = (hit for part in parts for hit in self._alone(question, part, None).clauses[:1] if hit.score >= _LIKELY)
        return next((self._of_topic(question, hit.clause) for hit in best if hit.clause in self._with_programmes), None)

    def _after_all(self, alone: ChosenClauses, topic: str | None) -> ChosenClauses | None:
        """What a question is about that nothing answers as it stands; None where that is not seen from its words."""
        question = alone.question
        elsewhere = whom(self._policy, alone.advice)
        if self._is_together(question):
            rule = self._policy.cumulation
            return self._of_topic(question, rule.clause if rule else topic)
        if of_office := self._of_the_office(question):
            return of_office
        if by_figure := granting(self._policy, question.text, topic):
            return self._of_topic(question, by_figure)
        if topic in self._with_programmes and self._asks_of(question, topic or "", alone):
            return self._of_topic(question, topic)
        if customer_message.general(question.text):
            if topic is not None and bare(topic) != META:
                return self._of_topic(question, topic)
            if question.context:
                return self._with_context(question, topic)
        if _STILL.search(question.text) and not elsewhere:
            return replace(alone, outcome=Outcome.ANSWERED, clauses=(Hit(self._meta(topic), 1.0),))
        if self._is_matterless(question) and (told := self._told(question)):
            return told
        if not elsewhere and (part := self._by_part(question)):
            return part
        read = asked.read(question.text)
        general = asked.called_for(self._policy, read, META, ())
        of_granting = asked.grants(read.text) and Aspect.AMOUNT not in read.aspects and not elsewhere
        if of_granting and any(not remark.clauses for remark in general):  # 中介说交三万块保证拿下
            return replace(alone, outcome=Outcome.ANSWERED, clauses=(Hit(self._meta(topic), 1.0),))
        return alone if alone.advice else self._by_its_core(alone, topic)

    def _of_the_office(self, question: Question) -> ChosenClauses | None:
        """Where one goes with something that a clause grants: 评楼宇找谁; None where it asks for nothing such."""
        of_office = office_matters.read(question.text)
        found = self._shelf.find(of_office.matter).hits if of_office and of_office.matter else ()
        if not found or found[0].clause not in self._with_programmes or found[0].score < SURE:
            return None
        return self._of_topic(question, found[0].clause)

    def _is_together(self, question: Question) -> bool:
        """Whether a question asks for several grants at once, and of nothing that others are asked for."""
        together = self._policy.cumulation and Aspect.TOGETHER in asked.read(question.heading).aspects
        return bool(together) and not whom(self._policy, self._advice_to(question))

    def _is_matterless(self, question: Question) -> bool:
        """Whether a question asks what is granted in words none of which the pack knows."""
        return asked.grants(question.text) and not self._matters.named(question.text)

    def _asks_of(self, question: Question, topic: str, alone: ChosenClauses) -> bool:
        """Whether a question that nothing answers is about the topic: by what it asks, or by having no matter."""
        read, words = asked.read(question.text), lexicon("questions")
        of_it = asked.grants(read.text) or asked.asks_whether_needed(read)  # 奖金要不要交税, but not 高管个税返还不返
        elsewhere = bool(whom(self._policy, alone.advice)) and not of_it
        own = asked.read(asked.without_amount(question.text)) if elsewhere else read  # not 安家费多少
        ready = asked.called_for(self._policy, own, topic, self._programmes(topic), own=elsewhere)
        if ready or asked.read(question.heading).aspects & _OF_A_TOPIC or words["alternative"].search(read.text):
            return True
        return not alone.advice and self._is_matterless(question)  # 算的话是不是给26万

    def _by_its_core(self, alone: ChosenClauses, topic: str | None) -> ChosenClauses | None:
        """What answers the asking part of a question by itself, or a date of the topic."""
        question = alone.question
        if topic in self._with_programmes and Aspect.DATE in asked.read(question.text).aspects:
            return self._of_topic(question, topic)
        core = self._alone(question, question.heading, topic)
        if core.outcome is Outcome.ASSESS or core.sure(SURE):
            return core
        return replace(alone, outcome=Outcome.ASSESS) if ANYTHING.search(question.heading) else None

    def _advice_to(self, question: Question) -> str:
        """What the pack says to the asking part of ``question`` by itself, where it does not answer that."""
        return self._alone(question, question.heading, None).advice

    def _by_part(self, question: Question) -> ChosenClauses | None:
        """What a long sentence is about of which one part speaks of a grant, where all beside it hides that."""
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
