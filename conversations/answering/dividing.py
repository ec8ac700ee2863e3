"""A sentence of a letter that asks for several things, parted where that is sure: each with its own answer.

Parts a question only where what its clauses ask for is told apart by what answers them. Decides no answer.
"""

import re
from collections import Counter
from collections.abc import Sequence
from functools import cached_property

from conversations.answering import asked
from conversations.answering.asked import Aspect
from conversations.answering.choosing import SURE, Chooser, ChosenClauses, here, subjects, surely_granting
from conversations.answering.stated import StatedWords
from conversations.language import customer_message, office_matters
from conversations.language.lexicon import lexicon
from conversations.language.quantities import find_quantities
from conversations.language.question import Question
from conversations.language.text import normalise
from conversations.saying.answers import whom
from conversations.state.outcome import Outcome
from knowledge.patterns import regex

_FEW = 2
_OF_A_MATTER = {Aspect.AMOUNT, Aspect.PAPERS, Aspect.PERIOD, Aspect.BOUNDARY}
_QUOTED = regex(r"(?:文件|政策|通知)(?:里|上|中)?[^,，]{0,3}(?:写|说|讲|提)")
_ASKED_OF_ALL = regex(
    r"(?P<asks>有没有|有无|是否有|包不包括|[能可]不[能可]以?[补报]|[补报管]不[补报管])[:：]?[^:：]{0,12}$"
)
"""What is asked of all things of a list, before the first of them."""
_ASKED_AT_ITS_END = regex(
    r"(?:[这那]?[几两三四五六][样项种个类](?:钱|补贴|费用?)?[我俺咱]?们?)?(?P<asks>(?:有没有|能不能|算不算|是不是|可不可以|[补报管给]不[补报管给]|都?能|可以|怎么|分别|各)[^、]{0,12})$"
)
"""The same behind the last."""
_COVERS = regex(r"(?:[补报管给]不[补报管给]|[能可]不[能可]以?[补报]|算不算|有没有)(?=[?？吗呢啊]*$)")
"""Whether something is paid for."""
_WHETHER = regex("[吗么不没][?？]*$")
_SET_BESIDE = regex("还是|区别|不同|哪[个项样]|比|合|关系|中间|之间")
"""What asks of two things how they stand to each other."""


class DividingChooser(Chooser):
    """Chooses, and parts the questions that it chooses for."""

    @cached_property
    def _here(self) -> re.Pattern[str]:
        """The places that the documents are of, where they stand for the document: 能来郑州报吗."""
        names = "|".join(map(re.escape, here(self._policy)))
        return regex(rf"[去到来在按拿照]?(?:{names or '(?!)'})市?[这那]?[边儿里个]?的?")

    def placeless(self, text: str) -> str:
        """``text`` without the place that the document is of."""
        return self._here.sub("", text)

    def divided(self, question: Question, topic: str | None) -> list[Question]:
        """A sentence whose clauses ask for different things, each answered with certainty, as several questions.

        So are the things of a list that one question is put to.
        """
        question = _without_compared(question)
        clauses = re.split(r"[,，]", question.text)
        clauses, shared = _distributed(clauses)
        things = {clause: shared.get(clause) or _things(clause) or self._two_matters(clause) for clause in clauses}
        alike = Counter(match[0] for each in clauses if (match := _COVERS.search(each)))
        parts = [part for clause, of in things.items() for part in of or clause.split("、") if part.strip()]
        parts = [re.sub("^(?:还有|以及|另外)", "", part) for part in parts]
        asking = [
            part for part in parts if customer_message.asks(part) and customer_message.heading(part)
        ]  # not 咨询一下
        told = [part for part in parts if part not in asking]
        if len(parted := self._compared_apart(question, parts)) > 1:
            return [each for part in parted for each in self.divided(part, topic)]
        if len(parted := self._where_apart(question, told, asking)) > 1:
            return [each for part in parted for each in (self.divided(part, topic) if shared else [part])]
        if told and asking and all(customer_message.general(self.placeless(part)) for part in asking):
            return [self._nearest(question, told, asking)]
        if len(asking) < _FEW:
            return [question]
        context = "，".join([question.context, *told]).strip("，")
        divided = [Question(part, customer_message.heading(part), context) for part in asking]
        found = [self._alone(part, part.text, topic) for part in divided]
        if told and _QUOTED.search(told[-1]) and not found[0].sure(SURE):  # 文件里说引进高端人才，安家费给多少
            divided[0] = Question(told[-1], divided[0].heading, context)
            found[0] = self._alone(divided[0], told[-1], topic)
        general = told and any(map(customer_message.general, asking))
        one_by_one = bool(alike) and max(alike.values()) > 1  # 快递费补不补，社保补不补
        sure = (
            any(things.values())
            or one_by_one
            or all(each.sure(SURE) or (each.outcome is Outcome.OUT_OF_SCOPE and each.advice) for each in found)
        )
        if sure and not general and len(subjects(found)) > 1:
            return divided
        return self._elsewhere_apart(question, divided, found)

    def _compared_apart(self, question: Question, parts: Sequence[str]) -> list[Question]:
        """上榜的有奖吗，跟示范企业是不是一回事: whether it is the same as another grant is a question of that, by itself."""
        same = lexicon("questions")["same_thing"]
        found = {part: match["what"] for part in parts if (match := same.search(normalise(part).rstrip("?")))}
        clauses = {part: surely_granting(self._shelf, what) for part, what in found.items()}
        apart = [part for part, clause in clauses.items() if clause]
        rest = "，".join(part for part in parts if part not in apart)
        if not apart or not customer_message.asks(rest):
            return [question]
        alone = self._alone(Question(rest, rest), rest, None)
        about = self._shelf.compiled(StatedWords).clause(rest) or (alone.clauses[0].clause if alone.clauses else "")
        if about in clauses.values():  # 网店托管能拿吗，跟代运营是不是一回事
            return [question]
        return [Question(each, customer_message.heading(each), question.context) for each in (rest, *apart)]

    def _two_matters(self, clause: str) -> list[str]:
        """能享受代运营和示范企业吗 as two questions, where each of the two is surely granted by another clause."""
        parts = re.split("以及|[和与及]", clause)
        together = Aspect.TOGETHER in asked.read(clause).aspects or _SET_BESIDE.search(clause)
        if len(parts) != _FEW or together or not all(map(self._matters.named, parts)):
            return []
        found = [self._alone(Question(part, part), part, None) for part in parts]
        granted = {each.clauses[0].clause for each in found if each.sure(SURE)} & self._with_programmes
        asks = _WHETHER.search(clause)
        return [f"{parts[0]}{asks[0]}", parts[1]] if asks and len(granted) == _FEW else []

    def _elsewhere_apart(
        self, question: Question, divided: Sequence[Question], found: Sequence[ChosenClauses]
    ) -> list[Question]:
        """有多少落户奖励、给不给地、高管个税返不返: what others are asked for is a question of its own beside what is not."""
        whole = self._alone(question, question.text, None)
        clause = whole.clauses[0].clause if whole.sure(SURE) else ""
        programmes = self._programmes(clause)

        def of_others(part: Question, of: ChosenClauses) -> bool:
            if of.outcome is not Outcome.OUT_OF_SCOPE or not whom(self._policy, of.advice):
                return False
            of_office = office_matters.read(part.text)  # 找谁评, but not 支付牌照找谁办
            here = of_office is not None and len(of_office.matter) <= _FEW
            return not here and not asked.called_for(self._policy, asked.read(part.text), clause, programmes)

        apart = [part for part, of in zip(divided, found, strict=True) if of_others(part, of)]
        rest = [part.text for part in divided if part not in apart]
        if not (programmes and rest and apart):
            return [question]
        text = question.text
        for part in apart:
            text = text.replace(part.text, "")
        text = re.sub("[、,，]+(?=[、,，。?？]|$)", "", text)
        return [Question(text, customer_message.heading(text), question.context), *apart]

    def _where_apart(self, question: Question, told: Sequence[str], asking: Sequence[str]) -> list[Question]:
        """给多少、找谁要: where one goes is a question of its own beside what is asked of a matter."""
        where = [part for part in asking if (of_office := office_matters.read(part)) and not of_office.matter]
        rest = [part for part in asking if part not in where]
        if not any(asked.read(part).aspects & _OF_A_MATTER for part in rest) or self._is_ready(
            question, told, rest, where
        ):
            return [question]
        context = "，".join([question.context, *told]).strip("，")
        groups = [
            "，".join(group)
            for group in sorted((rest, where), key=lambda each: asking.index(each[0]) if each else 0)
            if group
        ]
        return [Question(text, customer_message.heading(text), context) for text in groups]

    def _is_ready(self, question: Question, told: Sequence[str], rest: Sequence[str], where: Sequence[str]) -> bool:
        """Whether the pack says of the matter itself where one goes with it: 房租补多少, 找谁要."""
        of = self._alone(question, "，".join((*told, *rest)), None)
        clause = of.clauses[0].clause if of.sure(SURE) else ""
        programmes = self._programmes(clause)
        reads = map(asked.read, where)
        return bool(programmes) and all(
            asked.called_for(self._policy, each, clause, programmes, own=True) for each in reads
        )

    def _nearest(self, question: Question, told: Sequence[str], asking: Sequence[str]) -> Question:
        """A question with no topic of its own, cut down to what was told last that gives it one; else as it stands."""
        if self._alone(question, question.text, None).outcome in (Outcome.ANSWERED, Outcome.OFFERED):
            return question
        for place in reversed(range(len(told))):
            text = "，".join([told[place], *asking])
            chosen = self._alone(question, text, None)
            if chosen.outcome is Outcome.ANSWERED and chosen.clauses[0].clause in self._with_programmes:
                context = "，".join([question.context, *told[:place], *told[place + 1 :]]).strip("，")
                return Question(text, customer_message.heading(text), context)
        return question


def _without_compared(question: Question) -> Question:
    """A question without what it only sets beside what it asks of: 看园区有 30 万，那企业也应该是 30 万."""
    clauses = re.split("[,，]", question.text)
    told = [{each.value for each in find_quantities(normalise(clause)) if each.scaled} for clause in clauses]
    also = [bool(lexicon("questions")["also"].search(normalise(clause))) for clause in clauses]
    beside = [
        clause
        for at, clause in enumerate(clauses)
        if any(also[later] and told[at] & told[later] for later in range(at + 1, len(clauses))) and not also[at]
    ]
    if not beside or len(beside) == len(clauses):
        return question
    text = "，".join(clause for clause in clauses if clause not in beside)
    context = "，".join(filter(None, (question.context, *beside)))
    return Question(text, customer_message.heading(text), context)


def _distributed(clauses: list[str]) -> tuple[list[str], dict[str, list[str]]]:
    """Where the things of a list are told in one clause and asked about together in another (租房补贴、安家费、贴息，…，分别多少钱).

    The clauses without the latter, and each thing of the former with what is asked.
    """
    asking = next((each for each in clauses if lexicon("questions")["distributed"].search(normalise(each))), "")
    listing = next((each for each in clauses if len(each.split("、")) > 1), "")
    if not asking or not listing or listing == asking:
        return clauses, {}
    told = lexicon("questions")["announces"].sub("", listing).split("、")
    asks = re.sub("^(?:分别|各自?|都)", "", asking)
    return [each for each in clauses if each != asking], {listing: [f"{thing}{asks}" for thing in told]}


def _things(clause: str) -> list[str]:
    """Where one question is put to all the things of a list, each of them with it; empty where it is no such clause.

    电费、房租有没有优惠；有没有：贷款贴息、安家费、落户.
    """
    parts = clause.split("、")
    asking = [customer_message.asks(part.rstrip("?？")) for part in parts]
    before, behind = _ASKED_OF_ALL.search(parts[0]), _ASKED_AT_ITS_END.search(parts[-1])
    if len(parts) < _FEW or sum(asking) != 1:
        return []
    if asking[0] and before:
        return [parts[0], *(f"{before['asks']}{part}" for part in parts[1:])]
    if asking[-1] and behind:
        return [f"{part}{behind['asks']}" for part in (*parts[:-1], parts[-1][: behind.start()])]
    return []
