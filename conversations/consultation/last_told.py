"""The figure of a message that names nothing, as that of what was told last: put right, told more exactly, or come later.

Decides nothing by itself; knows no policy.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import combinations

from pydantic import JsonValue

from conversations.consultation.meant import may_be_meant
from conversations.consultation.turn import Turn
from conversations.language.descriptions import Description
from conversations.language.descriptions_clauses import Stance
from conversations.language.descriptions_figure_words import alike, inside
from conversations.language.descriptions_pieces import Piece, named_in
from conversations.language.message import Message
from conversations.language.ordinals import in_place_of
from conversations.language.quantities import Quantity, UnitKind, find_quantities, year_of_a_sum
from conversations.language.revisions import revised, zeros_off
from conversations.language.text import normalise
from conversations.language.understood import can_be
from conversations.state.answer import Answer
from conversations.state.session import is_fact, value_at
from knowledge.patterns import regex
from rules.case import value_to_json
from rules.dates import Dates
from rules.values import Range, Value

_TIER = regex(r"(?:[元块以之上])*那?一?(?:档|级|条线|线|门槛|标准)|[元块]?那条")  # 够不着3亿那档: the document's figure
_CAP = regex(r"(?:封顶|上限|最[高多]|顶格)[是给有为]?$")  # 封顶一百万: the document's as well
_EXACTLY = regex("准确|确切|精确|具体|准数")
_OWN = (Stance.STATED, Stance.DOUBTED)
_LONGEST = 60
"""The most characters of a message that names nothing and is one of what was told last."""
_TAKEN_OFF = regex(
    r"[扣刨剔减除](?:掉|除|去|开|了)|去掉|[不没未别外]|混|[多重]算|重复|要扣|得扣|算[进重]|[退撤搬离辞走让停关](?:了|掉|租|货|出|职|场)|含|包括|连|加上|算上"
)
"""That a part of a figure does not count, or is another thing's (9家是外地的)."""
_IS_ANOTHERS = regex("[元块钱个家人亩件台]*[都全也其实]*(?:是|算|属|归)")
_LEFT_OVER = regex(
    r"(?:剩|实际|真正|实打实|[净纯只才就按算]|自[己家]|我们)[^,。;!?\d一二两三四五六七八九十]{0,10}$|(?:^|[,。;])(?:[写报记]|不算[他她它那这][^,]{0,4})$"
)
_IN_FACT = regex("真正|实打实|[纯净](?=[^,]{0,6}$)")
_OF_SORT = regex(r"[元块钱个家人亩件台]*[都才就也]*(?:是|在|给|卖|属于|没|不|未)")
_ASKED = regex(r"[^,。;!]*(?:[?吗么]|呢$)")
_DEDUCTED = regex(r"[扣刨剔减除](?:掉|除|去|开|了)|要扣|得扣|去掉")
_NOT_THERE_YET = regex(r"[元块钱]?(?:也|都|还)*(?:没|未|明年|以后|待)")
_AMONG = regex("(?:里[面头边]?|当中|其中)(?:的|有|就)*")  # 47家里9家 is read as no share here
_DENIED = regex("(?:不是|没有?|没到|不到|并非)$")
_ADDED = regex(
    "(?:再|还|又|另外|后来)(?:[又还]?)(?:加|交|花|付|掏|投|买|补)(?:了|上|过)*[^,\\d一二两三四五六七八九]{0,3}$"
)
_INSIDE = regex("(?:里[面头边]?|其中|当中)(?:有|含|包括|的)*$")
_SUMS = (UnitKind.MONEY, UnitKind.NUMBER)
_MEASURED = (UnitKind.COUNT, UnitKind.NUMBER, UnitKind.MONEY, UnitKind.AREA)
_TWO = 2
_MOST_FIGURES = 12
_WAN = 10000
_PER_CENT = 100
_MUCH_MORE = 5


def read_as(turn: Turn, path: str, message: Message, named: bool = False) -> Answer | None:
    """``message`` as an answer to ``path``, None where it is none.

    Where it has not ``named`` the fact, a plain yes or no says nothing about it, nor that something is not there (yet).
    """
    fact = turn.shelf.policy.fact(path)
    says_itself = fact.spec.numeric or fact.type in ("date", "place")
    if not named and not says_itself and (fact.type != "choice" or message.denies_or_waits):
        return None
    if not named and fact.spec.numeric and not message.has_figure:
        return None
    read = message.answer(path)
    if read.status != "ok" or read.value is None:
        return None
    if fact.type == "int" and read.value == 1 and year_of_a_sum(message.plain):
        return None  # 交易平台上用的是20个，一年九千六
    return turn.answer(path, value_to_json(read.value), message.text, read.approximate)


def stated(turn: Turn, path: str) -> JsonValue:
    """What is known at ``path``, as JSON has it; None where nothing is."""
    known = value_at(turn.known.case, path)
    return None if known is None else value_to_json(known)


def vaguer(turn: Turn, path: str, value: object) -> bool:
    """不足10万的, of what is known to cost 62000: whether ``value`` is a range that holds the figure known at ``path``."""
    known = value_at(turn.known.case, path) if isinstance(value, Range) and "." in path else None
    return isinstance(known, Decimal) and isinstance(value, Range) and inside(known, value)


def with_zeros(turn: Turn) -> Answer | None:
    """前面那个数多写了个0: the figure told last, as it is with so many zeros more or less; None where the message says no such thing,
    or tells the right one itself."""
    right = any(q.value and q.kind is not UnitKind.COUNT for q in find_quantities(turn.message.plain))
    zeros = 0 if right else zeros_off(turn.message.plain)
    for path in turn.answered if zeros else ():
        known = value_at(turn.known.case, path)
        if not isinstance(known, Decimal):
            continue
        meant = known.scaleb(zeros)
        if can_be(turn.shelf.policy.fact(path).spec, meant):  # no year of 3 has a zero too many
            return turn.answer(path, value_to_json(meant), turn.message.text)
    return None


def unplanned(turn: Turn, told: Message, description: Description) -> Message:
    """What is ``told`` without the clauses that only intend something: 还想再砸五百万，先按七百算."""
    kept = [piece.words for piece in description.pieces if piece.stance is not Stance.INTENDED]
    return Message("，".join(kept), turn.shelf, turn.today) if len(kept) < len(description.pieces) else told


def only_figure(turn: Turn, path: str, description: Description) -> Answer | None:
    """The one figure of the message that is not what is known at ``path``: 系220万."""
    told = unplanned(turn, turn.message, description)
    plain, known = told.paused, value_at(turn.known.case, path)
    figures = [q for q in find_quantities(plain) if q.value is not None]
    figures = [q for q in figures if q.value != 0 or not zeros_off(plain)]  # 别少写个0
    new = [q for q in figures if not q.denied and q.value != known and not _told_in_wan(q, known)]
    counted = turn.shelf.policy.fact(path).type in ("int", "count")
    counted = counted or not (turn.message.corrects or turn.message.revised)
    new = [q for q in new if not _of_the_document(plain, q) and (counted or q.kind is not UnitKind.COUNT)]
    if len(new) > 1:  # 3.2万里头有8千是报税的，网店用的是2.4万
        new = [q for q in new if q.clause not in [old.clause for old in figures if old.value == known]]
    retold = [q for q in figures[-1:] if new and q.start > new[-1].end and (q.value == known or _told_in_wan(q, known))]
    if len(new) != 1 or any(not (q.denied or _DENIED.search(plain, 0, q.start)) for q in retold):
        return None  # 报价其实720万，实际卖的是680: what is known is told again
    words = plain[new[0].start : new[0].end] + ("万" if _told_in_wan(new[0], known, _MUCH_MORE) else "")
    return read_as(turn, path, Message(words, turn.shelf, turn.today))


def _of_the_document(plain: str, quantity: Quantity) -> bool:
    """Whether a ``quantity`` of plain text is one of the document's: 3亿那档, 封顶一百万."""
    return bool(_TIER.match(plain, quantity.end) or _CAP.search(plain, 0, quantity.start))


def only_of_the_document(turn: Turn) -> bool:
    """Whether the message tells figures, and all are the document's: 封顶一百万那条，我理解是每年."""
    plain = turn.message.plain
    told = [q for q in find_quantities(plain) if q.kind is UnitKind.MONEY or q.scaled]
    return bool(told) and all(_of_the_document(plain, q) for q in told)


def _told_in_wan(quantity: Quantity, known: Value | None, within: int = 1) -> bool:
    """980, where what is known is 980万, or no more than so many times as much, or as little."""
    value = quantity.value
    if not quantity.bare or not isinstance(value, Decimal):
        return False
    return isinstance(known, Decimal) and known <= value * _WAN * within <= known * within * within


def narrows(turn: Turn, description: Description) -> dict[str, Answer]:
    """审计报告出来了，1463.5万, where less than 1500万 was known: the one figure that it says more exactly."""
    last = of_last(turn, description)
    known = value_at(turn.known.case, last[0].path) if len(last) == 1 else None
    value = last[0].value if known is not None else None
    exact = isinstance(value, int | float) and isinstance(known, Range) and inside(Decimal(str(value)), known)
    return {last[0].path: last[0]} if exact else {}


def closer_figure(turn: Turn, description: Description) -> dict[str, Answer]:
    """女儿说准确是271万: the one figure known as a range that holds the only one of a message which says it exactly."""
    said = turn.message.plain
    if not _EXACTLY.search(said) or named_in(description.pieces) or len(said) > _LONGEST:
        return {}
    figures = [q for q in find_quantities(said) if isinstance(q.value, Decimal)]
    known = {path: value for path in turn.answered if isinstance(value := value_at(turn.known.case, path), Range)}
    closer = [path for path, value in known.items() if len(figures) == 1 and inside(figures[0].value, value)]
    found = only_figure(turn, closer[0], description) if len(closer) == 1 else None
    return {found.path: found} if found else {}


def closer_day(turn: Turn, description: Description) -> dict[str, Answer]:
    """翻到了，11月27号, where November of a year was known: the day told last, as near as the message says it."""
    for path in turn.answered if not named_in(description.pieces) and len(turn.message.text) <= _LONGEST else ():
        known = value_at(turn.known.case, path) if turn.shelf.policy.fact(path).type == "date" else None
        if isinstance(known, Dates) and not known.exact:
            read = turn.message.answer(path)
            day = read.value or read.offer
            ends = (day.span.low, day.span.high) if isinstance(day, Dates) and day != known else (None,)
            closer = all(end is not None and known.span.holds(end) for end in ends)
            return {path: turn.answer(path, value_to_json(day), turn.message.text)} if closer and day else {}
    return {}


def left_over(turn: Turn, told_now: Mapping[str, Answer]) -> Answer | None:
    """里面有1200是报税的要扣掉，那就剩2400 · 47家里9家是外地的，就38家: what is left of a figure known, or among those ``told_now``,
    where the message takes off the rest of it, and the two make the whole."""
    plain = _AMONG.sub(lambda match: "," * len(match[0]), turn.message.paused)
    told = [q for q in find_quantities(plain) if isinstance(q.value, Decimal) and q.kind in _MEASURED]
    if len(told) > _MOST_FIGURES:
        return None
    known: list[tuple[str, object]] = [(path, answer.value) for path, answer in told_now.items() if is_fact(path)]
    known += [(path, value_at(turn.known.case, path)) for path in turn.answered]
    whole = [
        (path, Decimal(str(value)))
        for path, value in known
        if isinstance(value, Decimal | int | float) and not isinstance(value, bool)
    ]
    found = {path: left for path, value in whole if (left := _left(plain, value, told)) is not None}
    if len(found) != 1:
        return None
    ((path, left),) = found.items()
    return turn.answer(path, value_to_json(left), turn.message.text)


def _left(plain: str, known: Decimal, told: Sequence[Quantity]) -> Decimal | None:
    """The one of the figures ``told`` in ``plain``, each as it is or in 万 or 亿, that is said to be left, where with one before it
    it makes what is ``known``, which has to be told again where there are more."""
    forms = [[value for value in q.meanings() if isinstance(value, Decimal)] for q in told]
    for at, to in combinations(range(len(told)), _TWO):
        rest = next((value for value in forms[to] if known - value in forms[at] and value != known), None)
        again = len(told) == _TWO or any(known in form for form in forms[:at])
        if rest is not None and again and _said_to_be_left(plain, told[at], told[to]):
            return rest
    return None


def _said_to_be_left(plain: str, part: Quantity, rest: Quantity) -> bool:
    """Whether ``plain`` takes the ``part`` off, and says of the ``rest`` that it is what counts."""
    of_sort = not _DEDUCTED.search(plain, 0, rest.start) and _OF_SORT.match(plain, rest.end)
    between = plain[part.end : rest.start]
    if of_sort or not _LEFT_OVER.search(between) or _ASKED.match(plain, rest.end):
        return False
    off = _IS_ANOTHERS.match(plain, part.end) or _TAKEN_OFF.search(plain[: rest.start])
    return bool(off or _IN_FACT.search(between))


def tells_again(turn: Turn) -> bool:
    """3.85是合同上的利率: whether the message has a figure that is known already, in any unit."""
    known = {value for value in turn.held.facts.values() if isinstance(value, Decimal)}
    known |= {value * _PER_CENT for value in known if value < 1}
    told = find_quantities(turn.message.paused)
    return any(value in known for q in told for value in q.meanings())


def come_later(turn: Turn, description: Description) -> dict[str, Answer]:
    """审计完了，1463万: the figure told last, where the message only says that it came to another one."""
    told = Message(turn.message.revised, turn.shelf, turn.today)
    found = of_last(turn, description, told) if told.text else []
    known = [value_at(turn.known.case, new.path) for new in found]
    new = [a for a, was in zip(found, known, strict=True) if isinstance(was, Decimal) and alike(was, _figure(a))]
    figures = [path for path in turn.answered if turn.shelf.policy.fact(path).spec.numeric]
    return {new[0].path: new[0]} if new and (len(found) == 1 or new[0].path == figures[0]) else {}


def summed(turn: Turn) -> Answer | None:
    """再加5000 · 8000里面有3000是住宿: the sum told last with the one figure that the message adds to it, or without the one that it
    says to be another thing's; None where it does neither."""
    paths = [path for path in turn.answered if turn.shelf.policy.fact(path).spec.numeric][:1]
    known = value_at(turn.known.case, paths[0]) if paths else None
    if not isinstance(known, Decimal) or turn.shelf.policy.fact(paths[0]).type != "money":
        return None
    plain = turn.message.paused
    figures = [q for q in find_quantities(plain) if isinstance(q.value, Decimal) and q.kind in _SUMS]
    figures = [q for q in figures if q.value != known]
    value = figures[0].value if len(figures) == 1 else None
    if not isinstance(value, Decimal):
        return None
    figure = figures[0]
    if _ADDED.search(plain, 0, figure.start):
        total = known + value
    elif value < known and _INSIDE.search(plain, 0, figure.start) and _IS_ANOTHERS.match(plain, figure.end):
        total = known - value
    else:
        return None
    return turn.answer(paths[0], value_to_json(total), turn.message.text)


def is_slip(old: object, new: object) -> bool:
    """Whether ``new`` is the figure ``old`` but for one digit, or two that were exchanged: 19200 for 9200."""
    from rapidfuzz.distance import OSA

    if isinstance(old, bool) or not (isinstance(old, int | float) and isinstance(new, int | float)):
        return False
    return OSA.distance(f"{old:.0f}", f"{new:.0f}") == 1


def _figure(answer: Answer) -> Decimal | None:
    return Decimal(str(answer.value)) if isinstance(answer.value, int | float) else None


def _asks_alone(piece: Piece) -> bool:
    """Whether a clause asks something, and tells no figure: 那不算吧？"""
    return piece.stance is Stance.ASKED and not find_quantities(normalise(piece.words))


def of_last(turn: Turn, description: Description, told: Message | None = None) -> list[Answer]:
    """The one figure of a message that names nothing, as the figure of each fact that it may be one of."""
    others = [piece for piece in description.pieces if piece.stance not in _OWN and not _asks_alone(piece)]
    if others or len(turn.message.text) > _LONGEST:
        return []
    named = named_in(description.pieces)
    facts = {path: turn.shelf.policy.fact(path) for path in turn.answered}
    paths = [path for path, fact in facts.items() if fact.spec.numeric and named <= {fact.id}]
    paths = [path for path in paths if may_be_meant(turn, path)]
    found = [read_as(turn, path, told) if told else only_figure(turn, path, description) for path in paths]
    return [new for new in found if new is not None and new.value not in (None, stated(turn, new.path))]


def in_its_words(turn: Turn) -> dict[str, Answer]:
    """是第五，where 国内排第三 was told: what was told last with a rank, in the same words with that of the message."""
    plain = turn.message.paused
    for old in (turn.session.answer(path) for path in turn.answered):
        words, at = in_place_of(normalise(old.said), plain) if old is not None else ("", 0)
        value = Message(words, turn.shelf, turn.today).description().facts.get(old.path) if words and old else None
        if old and isinstance(value, str):
            sure = turn.message.corrects or revised(plain[:at], firmly=True)
            return {old.path: turn.answer(old.path, value, turn.message.text)} if sure else {}
    return {}
