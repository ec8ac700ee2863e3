"""Things told by how many there are and what one costs: 数控切片机6台每台85万 · 织机14.5万一台，买了40台 · 卖了两台，一台860万，一台920万.

Each such row is an item of the one list of the policy that counts its things and has a price for one; where each of several
things has its own price, of the list that is spoken of and has a price alone. Knows no policy of its own.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from conversations.language import revisions
from conversations.language.descriptions_clauses import SpokenClause, Stance
from conversations.language.descriptions_statements import Statement, Statements
from conversations.language.focus import Focus
from conversations.language.numerals import numeral_at
from conversations.language.quantities import UnitKind, find_quantities
from knowledge.patterns import regex
from knowledge.policy import Fact, Policy
from rules.values import Range

_NUMBER = r"[\d一二两俩三四五六七八九十百千]{1,6}"
_COUNTER = r"(?:[台套条把辆部架只件组张]|个(?![月亿亩人]))"
_PIECE = regex("[台套条把辆部架只件组张个]")
_LINK = r"(?:的?价[格钱]?|大概|大约|差不多|要|是|为|花了?|合|各|都|才|只|就|也|:|¥)*"
_PRICE = (
    r"(?P<price>(?:不到|不足|不超过|没超过|超过|超|将近|近|大概|大约|约)?[\d一二两三四五六七八九十百千万亿.半]{1,12}w?(?:[多来](?=[万元块]))?(?:万|元|块)*"
    r"(?:多|左右|上下|出头|不到|以[上下内])?)"
)
_SUM_ENDS = r"(?:(?<=[万亿元块])|(?<=[万千][\d一二三四五六七八九]))"
_ROW = regex(
    rf"(?<![\d第每这那一二两三四五六七八九十百千万.])(?P<n>{_NUMBER})(?P<c>{_COUNTER})(?![以之件套]|万)[^,。;\d]{{0,10}}?[,、]?"
    rf"(?:每(?P=c)|一(?P=c)|单价|单(?P=c)|单个)(?:设备|机器)?{_LINK}{_PRICE}"
)
_PRICED = regex(
    rf"(?<![\d一二两三四五六七八九十百千万.]){_PRICE}(?:/|每|一)(?P<c>{_COUNTER})(?![,、]{_NUMBER}(?P=c)[\u4e00-\u9fff]{{2}})[,、]?(?!还有|另|又|再|顺[带便手]|外[带加]|搭|加上)[^,。;\d一二两三四五六七八九十]{{0,4}}(?P<n>{_NUMBER})(?P=c)(?!万)"
)  # 14.5万一台，买了40台
_PRICED_LAST = regex(
    rf"(?<![\d第每这那一二两三四五六七八九十百千万.])(?P<n>{_NUMBER})(?P<c>{_COUNTER})(?![以之件套]|万)[^,。;\d]{{0,10}}?[,、]?(?:[那这]个|便宜|贵|{_LINK})*{_PRICE}(?:/|每|一)(?P=c)"
)  # 三台裁床，六十五万一台
_UNIT_FIRST = regex(
    rf"(?:单价|单台|每(?P<u>{_COUNTER})){_LINK}{_PRICE}(?:(?<=[万亿元块千百])|(?=[,、]))[,、]?(?:数量|[一总]?共|新?[买购上要]了?|有|:)*(?P<n>{_NUMBER})(?P<c>{_COUNTER})(?!万)"
)  # 单价48万15台
_IN_ALL = regex(
    rf"(?<![\d第每这那一二两三四五六七八九十百千万.])(?P<n>{_NUMBER})(?P<c>{_COUNTER})(?![以之件套]|万)[,、]?(?:发票|金额|价款|总价|总额|全部)*(?:一共|合计|总共|总计|总价|总额|共){_LINK}{_PRICE}"
)  # 6台，发票合计930万: of these alone
_ONE_THING = regex(  # 1台立体切割机128万
    rf"(?<![\d第每这那十百千万.])(?P<n>1|(?<=[买购添换增进有上,])一|(?<=[买购添换增进上]了)一)(?P<c>[台套条辆架件])(?![以之件套]|万)[^,。;\d]{{2,10}}?[,、]?{_LINK}{_PRICE}{_SUM_ENDS}"
    rf"(?![/每一]{_COUNTER}|[,、]?(?:新?[买购上要]了?|[一总]?共)+{_NUMBER}(?P=c))"
)
_LISTED = regex(  # 包装线215万1台;检测机11万,4台
    rf"(?:^|(?<=[,。;:、]))(?:还有|另外|再有|和)?(?![^,。;:、]*(?:共|总|合|花|投|贷|卖|付|领|收))[a-z0-9\u4e00-\u9fff]{{2,10}}?{_PRICE}{_SUM_ENDS}[,、]?(?P<n>{_NUMBER})(?P<c>{_COUNTER})(?=$|[,。;、])"
)
"""A thing by its name, with what it costs and how many there are: one of several that are told alike."""
_KEPT = regex(
    rf"(?:实际(?:上|买|留)?|最[后终]|现在|还?剩)(?:只|就|还|是|买|留|剩|有|要|用|到)*(?:下|了|手|到货)*[就只才有]*(?P<n>{_NUMBER})(?P<c>{_COUNTER})(?=$|[,。;!?了])"
)
"""How many are left of what was just told: 8台，退了2台，实际留下6台."""
_NAMED_RIGHT = regex(
    rf"(?<![\u4e00-\u9fff])(?:那个|这个|那|就是)?(?P<name>[a-z0-9\u4e00-\u9fff]{{2,8}}?)(?:那个|这个|那批|的)?(?:新?[买购]的)?(?:台?数量?|单价|价格|实际|应该|其实|[一]?共|总共|就|只|才)*(?:是|为|有|买了|(?:到手|到货|收到|拿到|留下|剩下?)[了就只才有]*|:)"
    rf"(?:(?P<n>{_NUMBER}){_COUNTER}(?![^,。;]*(?:万|元))|(?:{_LINK}{_PRICE}{_SUM_ENDS}(?:[一每/]{_COUNTER})?))(?=$|[,。;!])"
)
_NAMED_HEAD = regex(
    r"(?:^|[,。;])(?:那个|这个|那)?(?P<name>[a-z0-9\u4e00-\u9fff]{2,8}?)(?:那个|那批|的)*(?:数量|台数|数目|(?:后来|其实|又|已经|最近)*[退加增减少多添砍卖](?:货|掉|出去)?了)"
)
_POINTED = regex("那个|这个|那批|单价|价格|数量|台数")
_THING = regex(r"(?!单价|单台|每|一|价)[a-z\u4e00-\u9fff]{2}")
_RIGHT = 5
_ONE_EACH = regex(rf"(?<![每第这那\d十百])一(?P<c>{_COUNTER})(?:[卖售]了?|{_LINK}){_PRICE}")
_EACH_OF_THEM = regex(rf"每{_COUNTER}[^,。;\d一二两三四五六七八九十]{{0,8}}{_PRICE}")
_SO_MANY = regex(rf"(?<![第\d])(?P<n>{_NUMBER})(?P<c>{_COUNTER})(?!万)")
_BOUGHT = regex(r"新?[买购](?!卖|我们)|采购|购置|添置?|新?上了|换了|新增|引进")
_SOLD = regex(r"卖(?!家)|销售|售出|出租|租(?:给|出)")
_LEAST = 100  # a smaller number without a unit is no price


@dataclass(frozen=True, slots=True)
class _Lot:
    """So many things at a price each, read from ``start:end``; ``many`` None for one thing."""

    price: Statement
    many: Statement | None
    start: int = 0


class RowReader:
    """Reads the rows of the lists of ``policy`` that have a price, and perhaps a count."""

    def __init__(self, policy: Policy) -> None:
        own = {
            subject: [fact for fact in policy.facts if fact.subject == subject and fact.derive is None]
            for subject in policy.lists
        }
        priced = {subject: only for subject, facts in own.items() if (only := _only(facts, "money")) is not None}
        counted = {subject: [fact for fact in own[subject] if _of_pieces(fact)] for subject in priced}
        counts = {subject: only for subject in priced if (only := _only(counted[subject], "count")) is not None}
        self._counted = {subject: (priced[subject], fact) for subject, fact in counts.items()}
        self._single = {subject: fact for subject, fact in priced.items() if subject not in counts}

    def read(self, text: str, clauses: Sequence[SpokenClause], draft: Statements, focus: Focus) -> set[str]:
        """Put the rows that the ``clauses`` of plain ``text`` tell into ``draft``, said where ``focus`` stands; returns the
        list of which they tell."""
        if not (self._counted or self._single):
            return set()
        told = "".join(_stated(text, clauses))
        kept = None
        if right := self._put_right(text, draft, focus, revisions.corrects(text)):
            return right
        if revisions.corrects(text):
            kept = _KEPT.search(told)
            if kept is None:
                return set()
            told = told[: kept.start()]
        spoken = [subject for subject in self._single if draft.items[subject].count]
        alone = len(spoken) == 1 and draft.items[spoken[0]].count == 1
        if singles := list(_ones(told)) or ([*_alike(told)] if alone else []):
            if len(spoken) == 1:
                self._put(text, spoken[0], singles, draft, focus)
            return set()
        subject = next(iter(self._counted)) if len(self._counted) == 1 else None
        if subject is None or _SOLD.search(told) or not (_BOUGHT.search(told) or draft.items[subject].count):
            return set()
        rows = list(_rows(told))
        if rows and kept and (left := numeral_at(kept["n"], 0)) and left.low == left.high > 0:
            rows[-1] = replace(rows[-1], many=Statement(left.low, kept.start("n"), kept.end("c")))
        if rows:
            self._put(text, subject, rows, draft, focus)
        return {subject} if rows else set()

    def _put_right(self, text: str, draft: Statements, focus: Focus, corrects: bool) -> set[str]:
        """不对，灌装机是两台 · 折弯机那个单价是58万 · 包装机退了两台，还剩8台: how many there are of the one that is called so,
        or what one costs; the lists of which it is told. Where nothing ``corrects``, it has to be pointed at."""
        found: set[str] = set()
        head, kept = _NAMED_HEAD.search(text), _KEPT.search(text)
        rows = [(m["name"], m, m) for m in _NAMED_RIGHT.finditer(text) if corrects or _POINTED.search(m[0])]
        rows += [(head["name"], kept, None)] if head and kept and head.end() < kept.start() else []
        for subject, (price, count) in self._counted.items():
            items = draft.items[subject]
            known = {at: said for (own, at), said in focus.words.items() if own == subject}
            for name, counts, sums in rows:
                meant = [at for at, said in known.items() if name in said]
                number = numeral_at(counts["n"], 0) if counts["n"] else None
                told = _price(sums) if sums and sums["price"] else None
                if len(meant) != 1 or not (told or (number and number.low == number.high)):
                    continue
                if subject not in found:
                    items.count = focus.counts.get(subject, 0)  # 还有一台是二手的: no further one
                    self._forget(subject, draft)
                items.turn_to(meant[0])
                if number:
                    told = Statement(number.low, counts.start("n"), counts.end("n") + 1)
                draft.state(count if number else price, replace(told, rank=_RIGHT)) if told else None
                found.add(subject)
        return found

    def _told(self, subject: str) -> set[str]:
        """What the rows of ``subject`` tell."""
        facts = self._counted.get(subject, (self._single.get(subject), None))
        return {fact.name for fact in facts if fact is not None}

    def _forget(self, subject: str, draft: Statements) -> None:
        """Take out of ``draft`` what was read of the rows of ``subject`` elsewhere."""
        told = self._told(subject)
        for path in [path for path in draft.facts if path.split(".")[0] == subject and path.split(".")[-1] in told]:
            del draft.facts[path]

    def _put(self, text: str, subject: str, rows: Sequence[_Lot], draft: Statements, focus: Focus) -> None:
        """The ``rows`` are the items of ``subject`` from the first on of which neither was told before."""
        price, count = self._counted.get(subject, (self._single.get(subject), None))
        if price is None:
            return
        items = draft.items[subject]
        paths = self._told(subject)
        before = focus.counts.get(subject, 0)
        known = [any(f"{subject}.{at}.{name}" in focus.facts for name in paths) for at in range(before)]
        first = known.index(False) if False in known else before
        self._forget(subject, draft)
        for at, row in enumerate(rows, first):
            items.turn_to(at)
            if row.many is not None:
                items.words[at] = _name(text, row)
            draft.state(price, row.price)
            if count is not None and row.many is not None:
                draft.state(count, row.many)


def _name(text: str, row: _Lot) -> str:
    """The words in which ``row`` is told: 机械手11.5万一台20台, with those before a mark that alone name the thing (灌装机，单价42万)."""
    start = max(text.rfind(mark, 0, row.start) for mark in ",。;:、") + 1
    if not _THING.search(text, start, row.price.start):
        start = max(text.rfind(mark, 0, max(0, start - 1)) for mark in ",。;:、") + 1
    return text[start : max(row.price.end, row.many.end if row.many else 0)]


def _stated(text: str, clauses: Sequence[SpokenClause]) -> Iterator[str]:
    """``text``, as long as it was, without the clauses that state nothing."""
    end = 0
    for clause in clauses:
        yield text[end : clause.start]
        end = clause.start + len(clause.text)
        stated = clause.stance is Stance.STATED
        yield text[clause.start : end] if stated else "。" * len(clause.text)


def _rows(text: str) -> Iterator[_Lot]:
    """The rows of ``text`` in order; where two ways of telling one overlap, the one that says which price is whose."""
    found: list[re.Match[str]] = []
    in_all = list(_IN_ALL.finditer(text))
    for way in (_PRICED, _IN_ALL, _ROW, _UNIT_FIRST, _PRICED_LAST, _ONE_THING):
        told = in_all if way is _IN_ALL else way.finditer(text)
        found += [m for m in told if not any(m.start() < o.end() and o.start() < m.end() for o in found)]
    alike = [m for m in _LISTED.finditer(text) if not any(m.start() < o.end() and o.start() < m.end() for o in found)]
    found += alike if len(alike) > 1 or found else []
    end = 0
    for match in sorted(found, key=lambda each: each.start()):
        price, many = _price(match), numeral_at(match["n"], 0)
        alone = not _SO_MANY.search(
            text, max(end, *(text.rfind(mark, 0, match.start()) for mark in "。;")), match.start()
        )
        end = match.end()
        if price is None or many is None or not many.low == many.high > 0:
            continue
        if match in in_all:  # 贴片机5台，检测仪8台，合计930万: not of the last alone
            if not (alone and isinstance(price.value, Decimal) and price.value % many.low == 0):
                continue
            price = Statement(price.value / many.low, price.start, price.end, price.approximate)
        yield _Lot(price, Statement(many.low, match.start("n"), match.end("n") + 1), match.start())


def _ones(text: str) -> Iterator[_Lot]:
    """One thing after another, each with its price, where it is said how many there are: as many."""
    found = [(match, price) for match in _ONE_EACH.finditer(text) if (price := _price(match)) is not None]
    counted = [m for m in _SO_MANY.finditer(text) if (n := numeral_at(m["n"], 0)) and n.low == len(found) > 1]
    if any(m["c"] == match["c"] for m in counted for match, _ in found):
        yield from (_Lot(price, None) for _, price in found)


def _alike(text: str) -> Iterator[_Lot]:
    """卖了2台，每台实际售价都是650万: what each of them cost, as that of the one that is known."""
    found = [price for match in _EACH_OF_THEM.finditer(text) if (price := _price(match)) is not None]
    yield from (_Lot(price, None) for price in found if len(found) == 1)


def _price(match: re.Match[str]) -> Statement | None:
    start, end = match.span("price")
    quantities = find_quantities(match["price"])
    if len(quantities) != 1 or quantities[0].kind not in (UnitKind.MONEY, UnitKind.NUMBER):
        return None
    value = quantities[0].value
    ends = (value.low, value.high) if isinstance(value, Range) else (value, value)
    if value is None or (
        quantities[0].kind is UnitKind.NUMBER and min(end for end in ends if end is not None) < _LEAST
    ):
        return None
    return Statement(value, start, end, quantities[0].approximate)


def _of_pieces(fact: Fact) -> bool:
    """Whether ``fact`` counts things, and measures none: 台, not 吨 or 亩."""
    return any(_PIECE.fullmatch(unit) for unit in (fact.unit_word, fact.counter, *fact.reads.units) if unit)


def _only(facts: Sequence[Fact], kind: str) -> Fact | None:
    """The one fact of ``kind``; None where there are none or several."""
    found = [fact for fact in facts if fact.type == kind]
    return found[0] if len(found) == 1 else None
