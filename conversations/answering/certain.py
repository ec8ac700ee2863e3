"""What of a description a letter may go by: what the message leaves in doubt is asked of the customer, not taken.

Pure; words nothing.
"""

import re
from dataclasses import replace
from decimal import Decimal

from conversations.answering import asked
from conversations.answering.asked import ReadQuestion
from conversations.answering.figures import FigureReader
from conversations.answering.series_told import either, is_group_with_own_part
from conversations.language import customer_message
from conversations.language.customer_message import CustomerMessage
from conversations.language.descriptions import Description
from conversations.language.descriptions_clauses import Stance
from conversations.language.lexicon import lexicon
from conversations.language.place_names import find_places
from conversations.language.quantities import Quantity, find_quantities
from conversations.language.text import normalise
from conversations.language.units import UnitKind
from conversations.state.shelf import Shelf
from knowledge.patterns import regex
from knowledge.places import apart
from knowledge.policy import Fact

_SO_FAR = regex(
    r"(?:实际|目前|现在|已经?|到现在|才|只)[^,。;!?]{0,5}(?:花|投|付|用|到位|完成)[了出进下]*[^,。;!?\d]{0,3}$"
)
_PART = regex(
    r"(?:^|[,、;。])[^,、;。]{0,4}(?:里面?|里头|其中|当中|包括|含)[^,;。!?]*$|[贷借](?:了|来|款)*[^,、;。!?\d]{0,4}$"
)
"""Before what is but a part of a figure, or borrowed for it: 里面买地花了 900 万、银行贷了 800 万."""
_OF_THE_TEXT = regex(
    r"你们[^,，。]{0,8}[那这]一?条|(?:文件|政策|通知)(?:里|上|中)?[^,，。]{0,4}(?:写|说|规定|有)|第[一二三四五六七八九十\d]+条"
)
_TWO = 2
_PLUS = regex(r"加上?|再加|\+")
_SUMMED_UP = "(?:各?年)?(?:合计|共计|总计|总共|一共|加起来|加一起|合起来)"


def certain(shelf: Shelf, description: Description, message: CustomerMessage) -> Description:
    """Without the choices of which the message names two (which of them holds now is to be asked), nor a figure of which
    it asks whether that or another counts, nor a span that a sum is of."""
    reader, told_of = shelf.compiled(FigureReader), asked.read(message.body)
    in_doubt = [*_asked_which(message.body), *_addends(told_of.text)]

    def of_area(fact: Fact) -> list[Quantity]:
        alike = (each for each in told_of.quantities if each.kind is UnitKind.AREA)
        return [each for each in alike if not reader.of_another(told_of, each, fact)]

    def named(path: str) -> Decimal | None:
        """The one figure that is called by the fact's name, of several that are told: 办公使用面积 8800 平, 隔壁那栋 2000 平.

        Of sums only where what the fact was read from is a part of it, spent so far or borrowed: 总投资 1200 万, 只花了 700 万.
        """
        fact = shelf.policy.fact(path)
        of_part = fact.type == "money" and _is_of_part(reader, told_of, fact, description.evidence[path])
        sums = (each for each in told_of.quantities if of_part and each.scaled and not each.denied)
        told = of_area(fact) if fact.type == "area" else list(sums)
        called = reader.called(told_of.text, told, fact)
        value = called[0].value if len(called) == 1 < len(told) else None
        return value if isinstance(value, Decimal) else None

    def doubtful(path: str) -> bool:
        if "." not in path:
            return False
        fact, words = shelf.policy.fact(path), description.evidence[path]
        anothers = fact.type == "money" and reader.is_anothers(told_of, words, fact)  # 银行授信 3000 万
        several = len({each.value for each in of_area(fact)}) > description.counts.get(fact.subject, 1)
        unclear = anothers or (fact.type == "area" and several)  # of which of them?
        either_or = description.facts[path] in in_doubt and not reader.is_settled(told_of, fact, in_doubt)
        if unclear or either_or or _is_asked(fact, words, message.body):
            return True
        if _is_no_span(shelf, description, path, message.body):
            return True
        speaking = (each for each in description.pieces if each.stance in (Stance.STATED, Stance.DOUBTED))
        told = "，".join(each.words for each in speaking if fact.id in each.named)
        return fact.type == "choice" and sum(option.label in told for option in fact.choices) > 1

    areas = {path: area for path in description.facts if "." in path and (area := named(path)) is not None}
    facts = {path: known for path, known in description.facts.items() if path in areas or not doubtful(path)} | areas
    listed = [path.split(".")[0] for path in facts if path.count(".") > 1]  # what has facts is one of a list
    return replace(description, facts=facts, counts={**dict.fromkeys(listed, 1), **description.counts})


def _is_of_part(reader: FigureReader, told_of: ReadQuestion, fact: Fact, words: str) -> bool:
    """Whether the figure in ``words`` is said to be spent so far, within another or borrowed, and not called by the name of ``fact``."""
    at = told_of.text.find(normalise(words))
    sums = [each for each in told_of.quantities if each.scaled and at <= each.start < at + len(words)]
    part = any(_PART.search(told_of.text, 0, each.start) for each in sums) and not reader.called(
        told_of.text, sums, fact
    )
    return part or bool(_SO_FAR.search(told_of.text, 0, at))


def _is_asked(fact: Fact, words: str, body: str) -> bool:
    """Whether ``words``, which a fact was read from, are of the text (看你们园区那条市级也有30万的) or asked (还是每家5万)."""
    within = [clause for clause in customer_message.clauses(body) if words in clause]
    either_or = fact.type == "money" and any(clause.startswith("还是") for clause in within)
    return either_or or any(map(_OF_THE_TEXT.search, within))


def _addends(plain: str) -> list[object]:
    """The figures that are only told as parts of a sum: 前两年投的 600 万加今年投的 500 万."""
    added = (plain[each.start : each.end] for each in find_quantities(plain) if each.value is None)
    parts = (part for words in added if _PLUS.search(words) for part in _PLUS.split(words))
    return [each.value for part in parts for each in find_quantities(part)]


def _asked_which(body: str) -> list[object]:
    """The sums of which a message asks which one counts: by themselves, or the only two that it tells (按合同还是按到账)."""
    plain = normalise(body)
    if is_group_with_own_part(plain):
        return []
    named = either(plain)
    together = asked.Aspect.TOGETHER in asked.read(body).aspects  # 能不能都拿，不能的话按哪个: of grants
    if not named and not together and lexicon("questions")["alternative"].search(plain):
        told = [each for each in asked.read(body).quantities if each.scaled and not each.denied]
        named = told if len(told) == _TWO else []
    return [each.value for each in named]


def _is_no_span(shelf: Shelf, description: Description, path: str, body: str) -> bool:
    """Whether what was read as years had is none: a sum is of them (三年合计), or one was had and another not (第二年没领成), or elsewhere."""
    fact = shelf.policy.fact(path)
    had = {each.years.fact for each in shelf.policy.programmes if each.years}
    within = [clause for clause in customer_message.clauses(body) if description.evidence[path] in clause]
    area = shelf.policy.area or ""
    places = [place for clause in within for place in find_places(normalise(clause))] if fact.id in had and area else []
    if any(each.code and apart(each.code, area) for each in places):
        return True  # 在杭州领过三年
    if fact.id in had and sum(each.taken and fact.id in each.named for each in description.pieces) > 1:
        return True
    summed = re.search(rf"{re.escape(description.evidence[path])}{_SUMMED_UP}", body)
    return bool(summed) and fact.type in ("int", "years", "count")
