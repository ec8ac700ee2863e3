"""Taking back what was said: an item of a list, or a value, named by its kind, number, label, or not at all."""

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise

from conversations.consultation.turn import Turn
from conversations.language.days import find_days
from conversations.language.descriptions_clauses import Stance
from conversations.language.descriptions_pieces import Piece, named_in
from conversations.language.descriptions_polarity import unsettled
from conversations.language.focus import Focus
from conversations.language.labels import labels_in as calls_in
from conversations.language.labels import points
from conversations.language.quantities import UnitKind, find_quantities
from conversations.language.references import named_items, numbers_own, referred
from conversations.language.revisions import (
    bids,
    corrects,
    gives_up,
    keeps_only,
    leaves_unchanged,
    not_to_note,
    of_anothers,
    only_bids,
    removes,
    tells_of_an_end,
    tells_wrong,
)
from conversations.language.text import normalise
from conversations.saying.notices import taken_out
from conversations.saying.values import answer_label, item_label
from conversations.state.answer import Answer
from conversations.state.session import is_fact, value_at
from knowledge.patterns import regex
from rules.case import value_to_json
from rules.values import Value

_SEVERAL = 2
_SENTENCE = regex(r"[^。！？!?；;\n]+[。！？!?；;\n]*")
_MOST_SENTENCES = 20
_TELLING = 3
"""A call of so many characters tells which thing is meant."""
_LEAST = 100  # a smaller number without a unit is none of a sum: ②去掉吧
_THIS = regex("(?:那|所以)?[这那]一?[个台笔款套位栋座家处]|[^,]{0,6}[他她它](?:了|吧|的)?$")
_THAT_IS = regex("[这那]一?[个台笔款套位栋座家处](?:也|其实|都)?是")
_SUM = regex("(?:刚才?|上面|前面|说|报|的|先)*[这那]?(?:一?个|笔)?(?:数字?|金额|数目|数额)(?!据)")
_OF_A_YEAR = regex(
    r"(?:[大去今上前]*年|(?:20)?\d\d年?)度?的?(?:[那这](?:个|笔)?(?:数字?)?|数字?)?(?:就|先|都|也|请|帮我|不对|错了|,)*[别不删去拿划撤抹]"
)
_NUMBERED = regex("第[一二三四五六1-6][个位]")
_POINTED_AT = regex("[这那]一?[台套款辆条](?P<thing>[\u4e00-\u9fff]{2,4}?)(?=[是的还也都就]|,|$)")
_RETURNED = regex(
    "(?:那|就|还有|对了|[哦噢啊,])*(?!第|后来|[这那它他她两前都全])(?P<thing>[a-z\u4e00-\u9fff]{2,8}?)(?:那[台个批款套笔])?(?:后来|其实|已经?|最近|上[周月]|都|又|也|给|就)*"
    "(?:退(?:货|掉|了|回|出)|取消|没[买要]|不要了|卖[掉了]|砍[掉了])"
)
"""What a clause says to be here no more: 磨床后来退货了."""
_WHICH = regex("的?[那这]一?[条个台笔款套位栋座家处块项]")


def take(turn: Turn) -> str | None:
    """Take the message as one that takes something back, and what to say of it; None where it is none, or what it means is not to
    be told."""
    if not turn.session.answers:
        return None
    return (_called_back(turn) if turn.message.removes else _ended(turn)) or _one_kept(turn)


def _called_back(turn: Turn) -> str | None:
    """What is taken back by the own name of a thing, which is then that one and nothing else; else what is meant otherwise."""
    pieces = turn.message.description(turn.focus(turn.session.focus)).pieces
    until = next((at for at, piece in enumerate(pieces) if removes(normalise(piece.words))), None)
    if until is None or _of_others(turn, pieces, pieces[until]):
        return _taken_back(turn)
    clause = normalise(pieces[until].words)
    so_far = ",".join(normalise(piece.words) for piece in pieces[: until + 1])
    if (pointed := _pointed_at_before(turn, clause, so_far)) is not None:
        return _drop_item(turn, *pointed)
    # 直播基地那个先别记: a thing that was never noted
    return None if _calls_none_known(turn, clause) else _taken_back(turn)


def _taken_back(turn: Turn) -> str | None:
    focus = turn.focus(turn.session.focus)
    pieces = turn.message.description(focus).pieces
    taking = next((piece for piece in pieces if removes(normalise(piece.words))), None)
    until = pieces[: pieces.index(taking) + 1] if taking else pieces  # what comes behind says why
    so_far = ",".join(normalise(piece.words) for piece in until) if taking else turn.message.plain
    named = named_in(until)
    called = [] if named or turn.pointed else _by_label(turn)
    told_again = _by_figure(turn, so_far)
    anew = (turn.message.corrects and turn.message.has_quantity) or _tells_anew(turn, focus, until if taking else ())
    another = anew and not (called or told_again)
    itself = taking and len(until) > 1 and not told_again and _of_itself(turn, taking, so_far, named)
    if another or itself or _of_others(turn, pieces, taking):
        return None  # 应为2015万，前述数字作废 · 有个客户自己上了系统，那个不归我们
    subjects = [subject for subject in turn.shelf.policy.lists if turn.known.case.items[subject]]
    if taking and taking.stance in (Stance.ASKED, Stance.SUPPOSED) and not bids(normalise(taking.words)):
        return None  # 今年的还算不算数？ · 应该不算吧
    things = _called_by_name(turn, clause := normalise(taking.words) if taking else turn.message.plain)
    if taking and taking.named and not (things or taking.named & set(subjects)):
        named = taking.named  # 总投资那个数先别记: that figure, and not the project; 没评级那个先不算: that one
        subjects = subjects if _WHICH.search(clause) and not _figures(turn, named) else []
    if _SUM.match(clause) and not _OF_A_YEAR.match(clause):
        # 这个数先别记: the figure told last, and not the thing that it is of
        subjects, told_again = [], told_again or _last_figure(turn)
    if told_again and all(turn.shelf.policy.fact(a.path).type == "count" for a in told_again):
        subjects = []  # 52家那个先别记: the number, and not the thing
    about = things or {fact.partition(".")[0] for fact in named}
    subjects = [s for s in subjects if s in about] or ([] if named or called else subjects)
    if taking and (_THIS.match(clause) or only_bids(clause)):  # 1080万那台退货了，这台就别算了
        clause = so_far
    if taking and not taking.named and not calls_in(clause) and _of_none_known(clause, list(focus.facts.values())):
        return None  # 厂房租金180万不算进来: a figure that was never noted
    bid = normalise(taking.words) if taking and only_bids(normalise(taking.words)) else clause
    called_so = [name for each in turn.shelf.policy.mentions.subjects for name in each.names]
    if taking and _of_a_thing_unknown(bid, pieces[: pieces.index(taking)], [*focus.words.values(), *called_so]):
        return None  # 那台吊车是租的，别算: what was never noted
    near = focus.item if focus.item and focus.item[0] in subjects and not calls_in(clause) else None  # 中牟那个别算
    items = turn.items(subjects)
    found = referred(clause, items) or referred(so_far, items) or referred(clause, items, near)
    if len(found) == 1:
        return _drop_item(turn, *found[0])
    facts = [a for a in turn.session.answers if is_fact(a.path) and turn.shelf.policy.fact(a.path).id in named]
    facts = facts or called or told_again or ([] if named or found else _last_told(turn, focus, clause, so_far))
    return _answers_taken(turn, facts, taking, so_far)


def _tells_anew(turn: Turn, focus: Focus, until: Sequence[Piece]) -> bool:
    """Whether the clauses before the last of ``until`` tell another figure of what is known: 实测10400平，之前那个不作数."""
    description, before = turn.message.description(focus), [piece.words for piece in until[:-1]]
    facts = {path for path, words in description.evidence.items() if any(words in each for each in before)}
    told = {path: description.facts[path] for path in facts if turn.shelf.policy.fact(path).spec.numeric}
    known = {path: value_at(turn.known.case, path) for path in told}
    return any(known[path] is not None and known[path] != told[path] for path in told)


def beyond(turn: Turn) -> str:
    """The sentences of the message behind the one that takes something back: B座划掉。|A座的入驻率是七成."""
    sentences = _SENTENCE.findall(turn.message.text)[:_MOST_SENTENCES]
    at = next((at for at, words in enumerate(sentences) if removes(normalise(words))), len(sentences))
    return "".join(sentences[at + 1 :])


def _of_others(turn: Turn, pieces: Sequence[Piece], taking: Piece | None) -> bool:
    """Whether what is taken back is another firm's, of which the message tells: 有个客户自己上了系统，那个不归我们; but not what the
    clause names itself: 运营的是另一家，那园区不算我们的."""
    if taking and not taking.taken and of_anothers(normalise(taking.words)):
        return True
    if taking and any(_THAT_IS.match(normalise(piece.words)) for piece in pieces[: pieces.index(taking)]):
        return False  # 那笔是我老婆名下的，删掉
    begins = bool(pieces) and pieces[0].stance is Stance.OTHERS and not _NUMBERED.match(turn.message.plain)
    return begins and not (taking and taking.named - pieces[0].named)


def _answers_taken(turn: Turn, facts: Sequence[Answer], taking: Piece | None, so_far: str) -> str | None:
    """Take back the one answer of ``facts``, or those that are of one fact in several years, which ``taking`` means."""
    if taking and (years := _of_its_years(turn, facts, so_far)):
        return _drop_values(turn, years)
    if len(facts) != 1 or facts[0].value is None:
        return None
    description = turn.message.description(turn.focus(turn.session.focus))
    path = facts[0].path
    told = description.facts.get(path)
    denied = taking is not None and (told == 0 or not turn.shelf.policy.fact(path).spec.numeric)  # 当我没说CA
    again = not isinstance(told, tuple | None) and value_to_json(told) == facts[0].value
    alone = len([q for q in find_quantities(turn.message.plain) if q.kind is not UnitKind.DATE]) == 1
    anew = told is not None and not (again and alone)  # 那个28万件先别记
    if anew and not (denied and taking and description.evidence[path] in taking.words):
        return None  # 剔掉广告费，服务费是276万: what it should be is said
    return _drop_values(turn, facts)


def _of_itself(turn: Turn, taking: Piece, so_far: str, named: frozenset[str]) -> bool:
    """国家给多少还没定，听说六七百万，别记: whether what is not to be noted is what the message itself tells, a figure or 这条, or
    names, and nothing is known of (带动突不突出还没评，先别写)."""
    words = normalise(taking.words)
    told = words.startswith("这") or bool(find_quantities(so_far)) or _figures(turn, named)
    known = {turn.shelf.policy.fact(path).id for path in turn.answered}
    facts = {fact for fact in named if is_fact(fact)}
    return not_to_note(words) and (told or bool(facts and not facts & known))


def _last_figure(turn: Turn) -> list[Answer]:
    """The answer with a figure that was given last."""
    told = [path for path in turn.answered if turn.shelf.policy.fact(path).spec.numeric][:1]
    return [answer for path in told if (answer := turn.session.answer(path)) is not None]


def _figures(turn: Turn, named: frozenset[str]) -> bool:
    """Whether a figure is among what is ``named``."""
    return any(turn.shelf.policy.fact(each).spec.numeric for each in named if is_fact(each))


def _ended(turn: Turn) -> str | None:
    """文旅那个撤了: takes out the one of several things that a clause says to be given up, by a call that is its alone."""
    several = [subject for subject in turn.shelf.policy.lists if len(turn.known.case.items[subject] or ()) > 1]
    if not several or not tells_of_an_end(turn.message.plain):
        return None
    for piece in turn.message.description(turn.focus(turn.session.focus)).pieces:
        clause = normalise(piece.words)
        if piece.stance is not Stance.STATED or not gives_up(clause):
            continue
        for subject in several:
            found = referred(clause, turn.items([subject]))
            if len(found) == 1:
                return _drop_item(turn, *found[0])
    return None


def _one_kept(turn: Turn) -> str | None:
    """只留农业的吧: takes out that one of two things that is not the one which a clause says to be kept alone."""
    if not keeps_only(turn.message.plain):
        return None
    pairs = [s for s in turn.shelf.policy.lists if len(turn.known.case.items[s] or ()) == _SEVERAL]
    for piece in turn.message.description(turn.focus(turn.session.focus)).pieces:
        clause = normalise(piece.words)
        kept = [referred(clause, turn.items([subject])) for subject in pairs] if keeps_only(clause) else []
        found = [each[0] for each in kept if len(each) == 1]
        if len(found) == 1 and (piece.stance in (Stance.STATED, Stance.INTENDED) or clause.endswith("吧")):
            subject, index = found[0]
            return _drop_item(turn, subject, 1 - index)
    return None


def _last_told(turn: Turn, focus: Focus, clause: str, so_far: str) -> list[Answer]:
    """The answer spoken of last, where a ``clause`` that takes something back names nothing and tells no other figure, nor
    what is said ``so_far``: 报税的另算，一年280，别算里面."""
    years = {str(day.year) for day in find_days(so_far, turn.today) if day.year is not None}
    if years and focus.path:  # 前年那个数先去掉; not 去年的包裹数
        if not _OF_A_YEAR.match(so_far):
            return []
        own = f"{focus.path.partition('@')[0]}@"
        return [each for each in turn.session.answers if each.path in {own + year for year in years}]
    numbered = numbers_own(turn.message.plain)
    if (calls_in(clause) and not numbered) or (numbered and not turn.pointed):
        return []  # 拍图那个别管了: what was never noted
    last = turn.session.answer(focus.path) if focus.path else None
    known = [value for path, value in focus.facts.items() if path == focus.path]
    return [] if last is None or _of_none_known(so_far, known) else [last]  # 那个58万单先别记, which was never noted


def _called_by_name(turn: Turn, clause: str) -> set[str]:
    """贷款那条删了: the lists of which ``clause`` calls one thing by the name of such things."""
    return {
        each.subject
        for each in turn.shelf.policy.mentions.subjects
        if any(_WHICH.match(clause, at + len(name)) for name in each.names if (at := clause.find(name)) >= 0)
    } & set(turn.shelf.policy.lists)


def _pointed_at_before(turn: Turn, clause: str, so_far: str) -> tuple[str, int] | None:
    """中牟那个转给别家运营了，你把它去掉: the one thing that is called by its own words before a ``clause`` that only bids, whatever else
    is named beside it."""
    if not only_bids(clause) or calls_in(clause):
        return None
    called = {place for subject in turn.shelf.policy.lists for place in named_items(so_far, turn.items([subject]))}
    return called.pop() if len(called) == 1 else None


def _calls_none_known(turn: Turn, clause: str) -> bool:
    """Whether a ``clause`` begins by pointing at a thing, in words in which nothing that is known was told or is called."""
    head = next((call for at, call in calls_in(clause) if at == 0 and points(clause, call, 0)), "")
    kinds = [name for each in turn.shelf.policy.mentions.subjects for name in each.names if head.endswith(name)]
    own = head.removesuffix(max(kinds, key=len, default=""))  # 直播|基地
    if len(head) < _TELLING or len(own) < _SEVERAL or corrects(head) or any(map(str.isdigit, own)):
        return False
    known = [f"{item.words}\n{item.told}\n{item.name}" for item in turn.items(list(turn.shelf.policy.lists))]
    known += [normalise(answer.said) for answer in turn.session.answers]
    known += [answer_label(turn.shelf, turn.known.case, a) for a in turn.session.answers if is_fact(a.path)]
    return not any(own[at : at + 2] in words for words in known for at in range(len(own) - 1))


def _of_none_known(clause: str, known: Sequence[Value]) -> bool:
    """Whether ``clause`` tells figures, of which none is ``known``."""
    told: list[Decimal] = []
    for figure in find_quantities(clause):
        value = figure.value
        if isinstance(value, Decimal) and figure.kind is not UnitKind.COUNT and not (figure.bare and value < _LEAST):
            told.append(value)
    return bool(told) and not any(value in known for value in told)


def _of_a_thing_unknown(clause: str, earlier: Sequence[Piece], known: Sequence[str]) -> bool:
    """Whether a ``clause`` that takes something back, and calls nothing, is of what the clauses just before it point at or only
    plan, and no words in which the things that are ``known`` were told call it."""
    if calls_in(clause) or _WHICH.search(clause) or not earlier:
        return False
    open_yet = earlier[0].stance is Stance.INTENDED or unsettled(normalise(earlier[-1].words))
    if open_yet and not any(piece.taken for piece in earlier):
        return True  # 二期图纸都没定呢，别算进去
    said = ",".join(normalise(piece.words) for piece in earlier)
    named = _POINTED_AT.search(said) or _RETURNED.match(normalise(earlier[-1].words))
    return named is not None and not any(named["thing"][:2] in words for words in known)


def _by_figure(turn: Turn, so_far: str) -> list[Answer]:
    """前年1.7亿里混了别的，先别用: the answers with a figure that the clause which takes something back (the last one of what is
    said ``so_far``), or the last one with figures before it, tells again; what is told behind it says more:
    U盾280不算，3600里没包它."""
    told: list[Value] = []
    for clause in reversed(so_far.split(",")):
        told = told or [
            q.value
            for q in find_quantities(clause)
            if q.value is not None
            and (q.kind is not UnitKind.COUNT or q.scaled or _WHICH.match(clause, q.end))  # 28万件, 36家那个
        ]
    facts = turn.held.facts
    known = {path: value for path, value in facts.items() if not isinstance(value, bool)}  # one is no yes
    return [a for a in turn.session.answers if is_fact(a.path) and known.get(a.path) in told]


def _by_label(turn: Turn) -> list[Answer]:
    """证书那条 · 排名先撤回: the answers about the enterprise whose label has the word, or alone has two characters of it."""
    own = [a for a in turn.session.answers if is_fact(a.path) and turn.shelf.policy.fact(a.path).id == a.path]
    labels = [answer_label(turn.shelf, turn.known.case, a) for a in own]
    called = [call for _, call in calls_in(turn.message.plain)]
    found = [a for a, label in zip(own, labels, strict=True) if any(call in label for call in called)]
    if found or not numbers_own(turn.message.plain):
        return found
    pairs = [{"".join(pair) for pair in pairwise(label)} for label in labels]
    shared = Counter(pair for each in pairs for pair in each)
    return [
        a
        for a, each in zip(own, pairs, strict=True)
        if any(shared[pair] == 1 and pair in turn.message.plain for pair in each)
    ]


def _drop_item(turn: Turn, subject: str, index: int) -> str:
    items = turn.known.case.items[subject] or ()
    label = item_label(turn.shelf.policy, turn.known.case, subject, index)
    # What is said next is of those that are left.
    left = f"{subject}.{len(items) - _SEVERAL}" if len(items) > 1 else None
    turn.take_out(subject, index, left)
    return taken_out(label)


def _of_its_years(turn: Turn, facts: Sequence[Answer], so_far: str) -> list[Answer]:
    """营业收入先别记: the ``facts`` that are one fact in several years, all of them where no year is named."""
    if len(facts) < _SEVERAL or len({fact.path.partition("@")[0] for fact in facts}) > 1:
        return []
    named = {str(day.year) for day in find_days(so_far, turn.today) if day.year is not None}
    if any(figure.kind is not UnitKind.DATE for figure in find_quantities(so_far)):
        return []
    meant = [fact for fact in facts if not named or fact.path.rpartition("@")[2] in named]
    return [fact for fact in meant if fact.value is not None]


def _drop_values(turn: Turn, answers: Sequence[Answer]) -> str:
    said = [turn.taken_back(old) for old in answers]
    for old in answers:
        turn.record(turn.answer(old.path, None, turn.inbound.text))
    return "好的，" + "\n".join(said)


def doubted(turn: Turn, said: Sequence[str]) -> bool:
    """不对，2600是两家一起交的，我们交的是一半: the one figure that a message which was not understood says again and not to be
    right. It counts no more, and is asked anew; ``said`` are the clauses."""
    plain = turn.message.plain
    if not tells_wrong(plain) or turn.message.asks or leaves_unchanged(plain):
        return False
    figures = [value for found in find_quantities(plain) for value in found.meanings() if value is not None]
    told = [one for one in turn.session.answers if is_fact(one.path) and one.value is not None]
    told = [one for one in told if turn.shelf.policy.fact(one.path).spec.numeric]
    stood = [one for one in told if value_at(turn.known.case, one.path) in figures]
    if len(stood) != 1:
        return False
    before = turn.known
    (line,) = turn.forget(stood)
    turn.session = turn.session.but(focus=stood[0].path)
    turn.unread += said
    turn.proceed(before, line)
    return True
