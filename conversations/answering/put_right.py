"""Sums that a letter tells and then puts right, adds up or takes shares of: which of them a fact is after all.

Without it the last figure named might be taken for what it is only a part, the total or a share of. Words nothing.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import combinations, pairwise

from conversations.answering import asked
from conversations.answering.added_up import added_up
from conversations.answering.figures import COMES_TO, FigureReader, clause_of, is_sum
from conversations.answering.series_told import ALTOGETHER
from conversations.language import customer_message
from conversations.language.descriptions import Description
from conversations.language.lexicon import lexicon
from conversations.language.quantities import Quantity, find_quantities
from conversations.language.text import normalise
from conversations.saying.values import fact_path
from conversations.state.shelf import Shelf
from knowledge.patterns import regex
from knowledge.policy import Fact
from rules.plain import plain_share
from rules.terms import plain as plain_number

_PUT_RIGHT = regex(r"(?:实际|其实|准确|正确)(?:上|数|的)?(?:应该?)?(?:是|为)|更正|应为|[说写报算填]错")
_AMONG = regex(r"\s*(?:其中|里面|里头|包括|含)")
"""What begins a clause that tells a part of a figure."""
_WITHIN = regex(r"(?:里面?|里头|其中|当中)(?:有|含|包括)[^,。;!?\d]{0,3}$")
"""The same before the figure itself: 服务费里有 80 万是…"""
_MANY_SUMS = 10


def corrected(shelf: Shelf, text: str, description: Description) -> Description:
    """``description`` with each sum as it is put right later, and never what a share comes to for what it is a share of."""
    plain, facts = normalise(text), dict(description.facts)
    sums = [q for q in find_quantities(plain) if is_sum(q) and isinstance(q.value, Decimal)]
    reader = shelf.compiled(FigureReader)
    for path, told in description.facts.items():
        if "." not in path or not isinstance(told, Decimal) or (fact := shelf.policy.fact(path)).type != "money":
            continue
        rules = [
            rule for each in shelf.policy.programmes if (rule := plain_share(each.amount)) and rule.fact == fact.id
        ]
        clauses = [plain[clause_of(plain, q)] for q in sums if q.value == told]  # 21 万, 30% 就是 6.3 万
        shares = [rule.rate for rule in rules if any(f"{plain_number(rule.rate * 100)}%" in words for words in clauses)]
        figures = [q.value for q in sums if isinstance(q.value, Decimal)]
        figures += [one + other for one, other in pairwise(figures)]  # 一次 12 万一次 8 万, 30% 就是 6 万
        bases = [each for each in figures for rate in shares if each * rate == told]
        at = plain.find(normalise(description.evidence[path]))
        right = _put_right(reader, text, fact, [q for q in sums if q.start > at])
        apart = _is_total(plain, sums, told) or _is_part(reader, plain, fact, sums, told)
        own = _own_part(plain, sums, told)
        if right is None and own is not None:  # 集团一共 780 万, 其中子公司自己的 240 万
            facts[path] = own
        elif right is None and apart:  # 一个 1200 万, 一个 860 万, 合起来 2060 万; 一共 1900 万, 其中买楼 1100 万
            rest = _left(reader, plain, fact, sums, {*facts.values(), told})
            facts.pop(path)
            if rest is not None:
                facts[path] = rest
        elif right is not None:
            facts[path] = right
        elif bases:
            facts[path] = bases[0]
        elif any(map(COMES_TO.search, (plain[: q.at] for q in sums if q.value == told))):
            del facts[path]  # 30% 就是 6 万, of what is not sure
    return _with_sum(shelf, text, replace(description, facts=facts))


def _with_sum(shelf: Shelf, text: str, description: Description) -> Description:
    """``description`` with what figures come to of which it is asked whether together they are what a fact is."""
    added = added_up(shelf, text, text)
    if added is None or added.total is None:
        return description
    lists = {each.id for each in shelf.policy.subjects if each.many}
    of_one = None if added.fact.subject in lists else added.fact.id
    path = next((path for path in description.facts if fact_path(path) == added.fact.id), of_one)
    if path is None:
        return description
    evidence = {path: added.words} | dict(description.evidence)
    return replace(description, facts=dict(description.facts) | {path: added.total}, evidence=evidence)


def _is_total(plain: str, sums: Sequence[Quantity], told: Decimal) -> bool:
    """Whether ``told`` is what some of the other ``sums`` are said to come to together."""
    others = [q.value for q in sums[:_MANY_SUMS] if isinstance(q.value, Decimal) and q.value != told]
    if any(_WITHIN.search(plain, 0, q.start) for q in sums):  # 服务费里有 80 万是…，一共 140 万: the fact is the total
        return False
    said = any(ALTOGETHER.match(plain, clause_of(plain, q).start) for q in sums if q.value == told)
    return said and any(sum(some) == told for size in (2, 3) for some in combinations(others, size))


def _is_part(reader: FigureReader, plain: str, fact: Fact, sums: Sequence[Quantity], told: Decimal) -> bool:
    """Whether ``told`` is only said to be among another figure, and not by the name of ``fact``: 其中买楼 1100 万."""
    of = [q for q in sums if q.value == told]
    if any(_WITHIN.search(plain, 0, q.start) for q in of):
        return True
    return any(_AMONG.match(plain, clause_of(plain, q).start) for q in of) and not reader.called(plain, of, fact)


def _own_part(plain: str, sums: Sequence[Quantity], told: Decimal) -> Decimal | None:
    """The part of a group's figure ``told`` that is the firm's own; None where it is no group's, or nothing is said of a part."""
    zh = lexicon("series")
    of_group = any(q.value == told and zh["of_group"].search(plain[clause_of(plain, q)]) for q in sums)
    own = [q.value for q in sums if q.value != told and zh["own_part"].search(plain[clause_of(plain, q)])]
    return own[0] if of_group and len(own) == 1 and isinstance(own[0], Decimal) else None


def _left(
    reader: FigureReader, plain: str, fact: Fact, sums: Sequence[Quantity], known: Collection[object]
) -> Decimal | None:
    """The one figure that is told of ``fact`` beside those ``known``: called by its name, or the only one that is no answer's."""
    telling = [q for q in sums if not customer_message.asks(plain[clause_of(plain, q)]) and q.value not in known]
    called = {clause_of(plain, q).start: q for q in reversed(reader.called(plain, telling, fact))}
    of_fact = [*called.values()] if len(called) == 1 else telling
    values = {q.value for q in of_fact if isinstance(q.value, Decimal)}
    return values.pop() if len(values) == 1 else None


def _put_right(reader: FigureReader, text: str, fact: Fact, sums: Sequence[Quantity]) -> Decimal | None:
    """The last of ``sums`` that is said to be what ``fact`` really is."""
    question = asked.read(text)
    found: Decimal | None = None
    for quantity in sums:
        words = question.text[clause_of(question.text, quantity)]
        really = _PUT_RIGHT.search(words) and not customer_message.asks(words)
        if really and isinstance(quantity.value, Decimal) and not reader.of_another(question, quantity, fact):
            found = quantity.value
    return found
