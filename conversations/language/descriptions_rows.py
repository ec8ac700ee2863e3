"""Things told by how many there are and what one costs: 数控切片机6台每台85万 · 织机14.5万一台，买了40台 · 卖了两台，一台860万，一台920万.

Each such row is an item of the one list of the policy that counts its things and has a price for one; where each of several
things has its own price, of the list that is spoken of and has a price alone. Knows no policy of its own.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise

from conversations.language import revisions
from conversations.language.descriptions_clauses import SpokenClause, Stance
from conversations.language.descriptions_statements import Statement, Statements
from conversations.language.focus import Focus
from conversations.language.numerals import numeral_at
from conversations.language.quantities import UnitKind, find_quantities
from knowledge.patterns import regex
from knowledge.policy import Fact, Policy
from rules.values import Range, Value

_DIGITS = "〇零二两三四五六七八九十百千壹贰叁肆伍陆柒捌玖拾佰仟"
_NUMBER = rf"[\d一俩{_DIGITS}]{{1,8}}"
_COUNTER = r"(?:[台套条把辆部架只件组张]|个(?![月亿亩人]))"
_PIECE = regex("[台套条把辆部架只件组张个]")
_LINK = r"(?:的?价[格钱]?|大概|大约|差不多|要|是|为|花了?|合|各|都|才|只|就|也|:|¥)*"
_PRICE = (  # 单价45万|一台: the 一 of one piece is no part of what it costs
    r"(?P<price>(?:不到|不足|不超过|没超过|超过|超|将近|近|大概|大约|约)?"
    rf"(?:[\d{_DIGITS}万亿.半]|一(?!{_COUNTER})){{1,12}}w?(?:[多来](?=[万元块]))?(?:万|元|块)*"
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
_ONE_THING = regex(  # 1台立体切割机128万 · 激光切割机1台，180万
    rf"(?:(?<![\d第每这那十百千万.])(?P<n>1|(?<=[买购添换增进有上,])一|(?<=[买购添换增进上]了)一)(?P<c>[台套条辆架件])(?![以之件套]|万)[^,。;\d]{{2,10}}?"
    rf"|(?<=[\u4e00-\u9fff])(?<![第每这那十百千万亿元块另还有卖售])(?P<m>[1一])(?P<d>[台套条辆架件]))[,、]?{_LINK}{_PRICE}{_SUM_ENDS}"
    rf"(?![/每一]{_COUNTER}|[,、]?(?:新?[买购上要]了?|[一总]?共)+{_NUMBER}[台套条辆架件])"
)
_LISTED = regex(  # 包装线215万1台;检测机11万,4台
    rf"(?:^|(?<=[,。;:、]))(?:还有|另外|再有|和)?(?![^,。;:、]*(?:共|总|合|花|投|贷|卖|付|领|收))[a-z0-9\u4e00-\u9fff]{{2,10}}?{_PRICE}{_SUM_ENDS}[,、]?(?P<n>{_NUMBER})(?P<c>{_COUNTER})(?=$|[,。;、])"
)
"""A thing by its name, with what it costs and how many there are: one of several that are told alike."""
_KEPT = regex(
    rf"(?:实际(?:上|买|留)?|最[后终]|现在|还?剩)(?:只|就|还|是|买|留|剩|有|要|用|到)*(?:下|了|手|到货)*[就只才有]*(?P<n>{_NUMBER})(?P<c>{_COUNTER})(?=$|[,。;!?了])"
)
"""How many are left of what was just told: 8台，退了2台，实际留下6台."""
_POINTED = regex("那[个批]|这个|单价|价格|数量|台数")
_NO_CALL = regex(rf"[台套条把辆部架只件组张个每单价新买购了的是有一共总万亿元]|机器|机子|设备|装备|产品|{_NUMBER}")
"""Pairs of characters that call no thing by its name."""
_ANOTHER = regex("(?:还有|另外|再有|此外)(?:一|两|[2-9])?")
_NOT_SO_MANY = regex("(?:不是|原来|第|每|单|[万亿元块])$")  # 128万|一台
_TOTAL = regex(r"(?:[一总]?共|合计|总计|现在|目前|实际|实收|最[后终]|应该|其实|剩|留|改成|改为)[^,。;\d]{0,6}$")
_SUM_OF_ALL = regex(r"(?:[一总]?共|合计|总[价额计])[^,。;\d]{0,4}$")
_THING = regex(r"(?!单价|单台|每|一|价)[a-z\u4e00-\u9fff]{2}")
_RIGHT = 5
_SUM_TOLD = regex(rf"{_PRICE}{_SUM_ENDS}")
_ONE_EACH = regex(rf"(?<![每第这那\d十百])一(?P<c>{_COUNTER})(?:[卖售]了?|{_LINK}){_PRICE}")
_EACH_OF_THEM = regex(rf"每{_COUNTER}[^,。;\d一二两三四五六七八九十]{{0,8}}{_PRICE}")
_SO_MANY = regex(rf"(?<![第\d])(?P<n>{_NUMBER})(?P<c>{_COUNTER})(?!万)")
_BUYING = r"新?[买购](?!卖|我们)|采购|购置|添置?|新?上了|换了|新增|引进"
_BOUGHT = regex(_BUYING)
_NO_NAME = regex(
    rf"(?:{_BUYING})[了的进]?|每?{_NUMBER}{_COUNTER}|[每单]{_COUNTER}|单?价[格钱]?|[^a-z\u4e00-\u9fff]|还有|另外|再有|以及|其中|[的了要是花各都共万亿元块]"
)
"""What stands beside the name of a thing that was bought."""
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
        if right := self._put_right(text, told, draft, focus):
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

    def _put_right(self, text: str, told: str, draft: Statements, focus: Focus) -> set[str]:
        """灌装机是两台 · 折弯机那个单价是58万 · 加工中心又到了一台，一共3台: how many there are of the one that is called by its
        name, or what one costs, as far as it is ``told``; the lists of which it is. Where ``text`` corrects nothing, the
        thing has to be pointed at, or the whole be told anew."""
        found: set[str] = set()
        corrects = revisions.corrects(text)
        for subject, (price, count) in self._counted.items():
            items = draft.items[subject]
            known = {at: said.rpartition("\n")[2] or said for (own, at), said in focus.words.items() if own == subject}
            for start, end, at in _called(text, known):
                before = [focus.facts.get(f"{subject}.{at}.{fact.name}") for fact in (count, price)]
                new = _anew(told, start, end, before, corrects or bool(_POINTED.search(text, start, end)))
                if any(new) and subject not in found:
                    items.count = focus.counts.get(subject, 0)  # 还有一台是二手的: no further one
                    self._forget(subject, draft)
                    found.add(subject)
                for fact, entry in zip((count, price), new, strict=True):
                    if entry is not None:
                        items.turn_to(at)
                        draft.state(fact, entry)
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
    """What the thing of ``row`` is called, beside how many there are, else beside what one costs (新购|激光切割机|2台); with the
    words before a mark where they alone name it (灌装机，单价42万)."""
    start = max(text.rfind(mark, 0, row.start) for mark in ",。;:、") + 1
    if not _THING.search(text, start, row.price.start):
        start = max(text.rfind(mark, 0, max(0, start - 1)) for mark in ",。;:、") + 1
    end = max(row.price.end, row.many.end if row.many else 0)
    found: list[str] = []
    for each in (row.many, row.price):
        if each is not None:
            found += [_NO_NAME.split(text[start : each.start])[-1], _NO_NAME.split(text[each.end : end])[0]]
    found += reversed(_NO_NAME.split(text[start : row.price.start]))
    return next((each for each in found if len(each) > 1), text[start:end])


def _called(text: str, known: Mapping[int, str]) -> Iterator[tuple[int, int, int]]:
    """Where ``text`` calls one of the ``known`` things by what was said of it alone, up to where it tells of another one."""
    calls: list[tuple[int, int]] = []
    for start in range(len(text) - 1):
        pair = text[start : start + 2]
        own = [at for at, said in known.items() if pair in said] if _THING.fullmatch(pair) else []
        if len(own) == 1 and not _NO_CALL.search(pair) and (not calls or calls[-1][1] != own[0]):
            calls.append((start, own[0]))
    for (start, at), (following, _) in pairwise([*calls, (len(text), -1)]):
        another = _ANOTHER.search(text, start, following)
        yield start, another.start() if another else following, at


def _anew(
    text: str, start: int, end: int, before: Sequence[Value | None], corrects: bool
) -> tuple[Statement | None, Statement | None]:
    """How many there are and what one costs, as ``text`` tells it from ``start`` to ``end`` other than ``before``; where nothing
    ``corrects``, only how many there are in all."""
    counts: dict[Decimal, tuple[bool, re.Match[str]]] = {}
    for match in _SO_MANY.finditer(text, start, end):
        number, lead = numeral_at(match["n"], 0), text[start : match.start()]
        if number is None or number.low != number.high or number.low == before[0]:
            continue
        if not (revisions.by_so_many(lead) or _NOT_SO_MANY.search(lead)):
            counts[number.low] = bool(_TOTAL.search(lead)), match
    whole = {n: match for n, (total, match) in counts.items() if total}
    whole = whole or {n: match for n, (_, match) in counts.items() if corrects}
    prices = {
        told.value: told
        for match in (_SUM_TOLD.finditer(text, start, end) if corrects else ())
        if not _SUM_OF_ALL.search(text, start, match.start()) and (told := _price(match)) and told.value != before[1]
    }
    many = next(iter(whole.items())) if len(whole) == 1 else None
    count = Statement(many[0], many[1].start("n"), many[1].end("c"), rank=_RIGHT) if many else None
    price = replace(next(iter(prices.values())), rank=_RIGHT) if len(prices) == 1 else None
    return count, price


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
        number = "n" if match["n"] else "m"
        price, many = _price(match), numeral_at(match[number], 0)
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
        yield _Lot(price, Statement(many.low, match.start(number), match.end(number) + 1), match.start())


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
