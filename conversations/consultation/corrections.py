"""Words that are no answer to the open question: an answer to another one, a nod, or a change of an answer given.

What is taken is shown back; what could be meant for several questions is asked, never guessed.
"""

from collections.abc import Iterable, Sequence

from conversations.consultation.last_told import (
    closer_day,
    closer_figure,
    come_later,
    in_its_words,
    is_slip,
    narrows,
    of_last,
    only_figure,
    only_of_the_document,
    read_as,
    stated,
    summed,
    unplanned,
)
from conversations.consultation.meant import may_be_meant, named_in_short
from conversations.consultation.statements import is_item
from conversations.consultation.turn import Turn
from conversations.language.descriptions import Description, Stance
from conversations.language.descriptions_pieces import Piece, named_in
from conversations.language.entries import entry_meant
from conversations.language.focus import Focus
from conversations.language.labels import labels_in, points
from conversations.language.message import Message
from conversations.language.quantities import find_quantities
from conversations.language.references import called_wrong, referred
from conversations.language.revisions import leaves_unchanged
from conversations.saying.notices import EDITED_UNKNOWN, withdrawn
from conversations.saying.values import answer_label, answer_value
from conversations.state.actions import Edit, State, short
from conversations.state.actions import fits as fits_a_button
from conversations.state.answer import Answer
from conversations.state.interview import live
from conversations.state.messages import Choice
from conversations.state.session import SCREENING, is_fact, value_at
from knowledge.patterns import regex
from rules.case import value_to_json

_IN_THE_END = regex(
    r"(?:所以)?(?:最后|最终|现在|目前|实际上?|应该?|就)(?:(?:还|只)?[是按为剩]|(?:实际上?|还|只|就|有|一共|总共)*(?=[\d一二两三四五六七八九十百]))"
)
_SHORT = 30  # the most characters of a message that may be the answer to some other question
_TWO = 2


def open_question(turn: Turn, path: str, answered: Answer | None) -> dict[str, Answer]:
    """The one other open question that the message answers, where it is no (good) answer to the one at ``path``.

    By the very words of that question (没领过), or by a figure or choice that only one open question can take.
    """
    message, known = turn.message.told, turn.known
    paths = {each for claim in live(known.assessment) for each in claim.missing} - {path} - known.skipped
    others = [each for each in sorted(paths) if is_fact(each)]
    asked_for = turn.shelf.policy.fact(path).id if is_fact(path) else path
    if asked_for in message.owners:
        return {}
    named = len(message.owners) == 1 and not message.is_bare  # 没有 belongs to what was asked
    if named:
        others = [each for each in others if turn.shelf.policy.fact(each).id == message.owners[0]]
    elif answered is not None and (answered.value is not None or not message.has_figure):
        return {}
    found = [answer for other in others if (answer := read_as(turn, other, message, named))]
    return {answer.path: answer for answer in found} if len(found) == 1 else {}


def nods(turn: Turn) -> bool:
    """Answer words that only take note (好的, 明白了); after the result also a bare yes, no or 不清楚."""
    message = turn.message
    if turn.session.asking is not None:
        if message.nods:
            turn.resume("好的，接着问：\n\n")
        return message.nods
    if not (message.nods or message.is_bare or message.merely_does_not_know):
        return False
    turn.resume("没关系，弄清楚了再告诉我。" if message.does_not_know else "好的，都问完了。")
    return True


def some_answer(turn: Turn) -> bool:
    """After the result: a figure or a level that some answer could change to. Offer to change that one.

    Right after a clause was talked about, a figure belongs to that.
    """
    text = turn.message.text
    if not turn.session.finished or turn.session.asking is not None or turn.session.topic or len(text) > _SHORT:
        return False
    case = turn.known.case
    asked_for = {answer.path for answer in turn.session.answers if answer.value is not None}
    found: list[Answer] = []
    for subject in turn.shelf.policy.subjects:
        for index in range(len(case.items[subject.id] or ())):
            prefix = f"{subject.id}.{index}" if subject.many else subject.id
            for path in (f"{prefix}.{name}" for name in turn.shelf.names[subject.id]):
                fact = turn.shelf.policy.fact(path)
                choice = fact.type == "choice" and not text.isdecimal()  # no number in a list
                wanted = choice or (fact.spec.numeric and path in asked_for)
                if wanted and stated(turn, path) is not None and (answer := read_as(turn, path, turn.message)):
                    found.append(answer)
    new = [one for one in found if stated(turn, one.path) != one.value]
    found = [one for one in found if turn.shelf.policy.fact(one.path).spec.numeric] or new
    if found and not new:
        turn.resume(f"这一条已经记下了：{turn.labelled(found[0])}\n\n")
    elif len(new) == 1:
        _change_to(turn, new[0])
    elif new:
        turn.say(f"“{text}”是要改哪一条？", _to_choose(turn, new))
    return bool(found)


def changed_message(turn: Turn) -> None:
    """A message was edited: offer to change the answer that stood in it."""
    ident, text = turn.inbound.message, turn.message.text
    stood = [a for a in turn.session.answers if ident is not None and a.message == ident]
    if not stood or not text:
        turn.say(EDITED_UNKNOWN)
        return
    before = f"看到您把消息改成了“{text[:50]}”。"
    if len(stood) > 1 and _some_changed(turn, stood, before):
        return
    old = stood[0]
    new = read_as(turn, old.path, turn.message, named=True) if is_fact(old.path) else None
    if new is not None:
        _change_to(turn, new, before)
        return
    was = _was(turn, old)
    turn.put(old.path)
    if old.path == SCREENING:
        options = [(option.label, *option.synonyms) for option in turn.shelf.policy.screening.options]
        chosen = turn.message.chosen(options)
        if chosen is not None:
            ticks = [option for place, option in enumerate(turn.session.offered) if place in chosen.places]
            turn.session = turn.session.but(ticks=tuple(ticks))
    turn.resume(f"{before}{was}")


def _some_changed(turn: Turn, stood: Sequence[Answer], before: str) -> bool:
    """Offer to change those of the answers that stood in an edited message to which it gives another value now."""
    read = turn.message.description(Focus(on=turn.today))  # as it was read before: what it says stands for itself
    changed = {
        old.path: turn.answer(old.path, value_to_json(value), read.evidence[old.path], old.path in read.approximate)
        for old in stood
        if (value := read.facts.get(old.path)) is not None and not isinstance(value, tuple)
    }
    new = [answer for path, answer in changed.items() if answer.value != _value_of(stood, path)]
    if len(new) == 1:
        _change_to(turn, new[0], before)
    elif new:
        turn.say(f"{before}有几处变了，请点着一条一条改：", _to_choose(turn, new))
    elif changed:
        turn.resume(f"{before}记下的没有变。\n\n")
    return bool(changed)


def _value_of(answers: Sequence[Answer], path: str) -> object:
    return next(answer.value for answer in answers if answer.path == path)


def _to_choose(turn: Turn, answers: Sequence[Answer]) -> tuple[tuple[Choice, ...], ...]:
    """A button for each of the answers, by which it is changed."""
    case = turn.known.case
    return tuple(
        (Choice(label=answer_label(turn.shelf, case, one), action=Edit(short(one.path)), key=chr(97 + place)),)
        for place, one in enumerate(answers)
    )


def told(turn: Turn, answers: Sequence[Answer], named: bool = False) -> list[str]:
    """``answers`` as they are said back; what replaces an earlier value says so. ``named``: with what each is about."""
    lines: list[str] = []
    for answer in answers:
        old = turn.session.answer(answer.path)
        known = stated(turn, answer.path) if is_fact(answer.path) else None
        if known is not None and answer.value != known:
            was = old if old is not None and old.value is not None else Answer(path=answer.path, value=known)
            label, shown = answer_label(turn.shelf, turn.known.case, answer), answer_value(turn.shelf, was)
            new = answer_value(turn.shelf, answer)
            lines.append(withdrawn(label, shown) if answer.value is None else f"{label}从 {shown}改成 **{new}**。")
        elif not named:
            lines.append(turn.said_back(answer))
        elif not is_item(answer):
            lines.append(turn.labelled(answer))
    return [*items_told(turn, answers), *lines] if named else lines


def items_told(turn: Turn, answers: Sequence[Answer]) -> list[str]:
    """That there are the items among ``answers`` of which nothing else is told; of the others their facts are shown."""
    lines: list[str] = []
    for subject in turn.shelf.policy.subjects:
        items = [answer for answer in answers if is_item(answer) and answer.path.startswith(f"{subject.id}.")]
        bare = [item for item in items if not any(each.path.startswith(f"{item.path}.") for each in answers)]
        if bare:
            count = max(int(item.path.rpartition(".")[2]) for item in items) + 1
            lines.append(f"• {subject.label}：记为 **{f'{count} 个' if count > 1 else '有'}** ← “{bare[0].said}”")
    return lines


def unnamed(turn: Turn, description: Description) -> dict[str, Answer]:
    """A correction that names nothing (不对，是92万): of the fact spoken of last, or the only one that takes such a value.

    One that names a figure's fact, by its ``description``, is of that fact and of nothing else.
    """
    focus = turn.session.focus
    if only_of_the_document(turn):
        return {}
    if sure := in_its_words(turn) or closer_day(turn, description) or closer_figure(turn, description):
        return sure
    if not turn.message.corrects:
        return narrows(turn, description) or come_later(turn, description)
    if focus is None:
        return {}
    spoken_of = _spoken_of(turn, focus)
    if spoken_of is None:
        return {}
    focus, prefix = spoken_of
    said = turn.answered
    told = [piece for piece in description.pieces if not leaves_unchanged(piece.words)]  # 固投没变
    named = _figures_named(turn, told)
    if not named and turn.message.has_figure and (short := named_in_short(turn)):
        named = {turn.shelf.policy.fact(short).id}
    kept = _figures_named(turn, description.pieces) - named
    unchanged = [stated(turn, path) for path in said if is_fact(path) and turn.shelf.policy.fact(path).id in kept]
    if named:  # 数字证书那个没错，还是3.6万: of that, and of nothing else
        said = [path for path in said if turn.shelf.policy.fact(path).id in named]
        here = [path for path in said if path.startswith(f"{prefix}.")] or said
        spoken = is_fact(focus) and turn.shelf.policy.fact(focus).id in named
        focus = focus if spoken else here[0] if here else ""
    near = [path for path in said if path.rpartition(".")[0] == prefix and path != focus]
    for paths in ([focus] if focus else [], near, [path for path in said if path not in near and path != focus]):
        paths = [path for path in paths if is_fact(path) and may_be_meant(turn, path)]
        found = [answer for path in paths if (answer := _put_right(turn, path, description))]
        if not found and named and paths == [focus]:
            found = [
                answer for path in paths if (answer := only_figure(turn, path, description))
            ]  # 不对，国家给的是350
        found = [a for a in found if a.value not in (*unchanged, stated(turn, a.path)) and not _only_denies(turn, a)]
        found = [a for a in found if not (turn.message.question and isinstance(a.value, dict))]  # 不足10万的算不算？
        found = [a for a in found if not _tells_which(turn, a)]
        if found:
            return _the_one_meant(turn, found)
    last = of_last(turn, description)
    return {last[0].path: last[0]} if len(last) == 1 else {}


def _spoken_of(turn: Turn, focus: str) -> tuple[str, str] | None:
    """The path that a correction may be of, where ``focus`` was spoken of last (empty where it is not known there), and whose it
    is; None where it is of something else."""
    prefix = focus.rpartition(".")[0]
    items = turn.items([focus.partition(".")[0]]) if focus.count(".") == 2 else []
    known = [word for fact in turn.shelf.policy.facts for word in (fact.label, *fact.reads.names)]
    wrong = called_wrong(turn.message.plain, turn.items(list(turn.shelf.policy.lists)), known)
    if wrong is not None and not any(focus.startswith(f"{subject}.{index}.") for subject, index in wrong):
        return None  # of something else than what was spoken of last
    meant = referred(turn.message.plain, items, turn.item_of(focus))
    pointing = any(points(turn.message.plain, label, at) for at, label in labels_in(turn.message.plain))
    if len(items) > 1 and pointing and not referred(turn.message.plain, items):
        return None  # 电池壳体那个: none that is known
    if len(items) > 1 and len(meant) == 1:
        prefix = f"{meant[0][0]}.{meant[0][1]}"
        there = f"{prefix}.{focus.rpartition('.')[2]}"
        focus = there if there == focus or stated(turn, there) is not None else ""
    return focus, prefix


def _tells_which(turn: Turn, answer: Answer) -> bool:
    """物流的那个是去年的: whether ``answer``, which tells things apart, only says which other one is spoken of."""
    own = next((f for f in turn.shelf.policy.mentions.facts if f.fact == turn.shelf.policy.fact(answer.path).id), None)
    if own is None or not own.identifies or answer.path.count(".") != _TWO:
        return False
    subject, index, name = answer.path.split(".")
    others = (place for place, _ in enumerate(turn.known.case.items[subject] or ()) if place != int(index))
    return any(stated(turn, f"{subject}.{place}.{name}") == answer.value for place in others)


def _figures_named(turn: Turn, pieces: Iterable[Piece]) -> set[str]:
    """The facts with a figure for a value that ``pieces`` name."""
    return {fact for fact in filter(is_fact, named_in(pieces)) if turn.shelf.policy.fact(fact).spec.numeric}


def of_what_was_pointed_at(turn: Turn, description: Description) -> dict[str, Answer]:
    """The new value of what the message points back at, by its entry or its old value, where it names nothing else."""
    path = turn.pointed or ""
    fact = turn.shelf.policy.fact(path) if is_fact(path) else None
    named = set(filter(is_fact, named_in(description.pieces)))
    named = _figures_named(turn, description.pieces) if fact and fact.spec.numeric else named
    if fact is None or named - {fact.id}:
        return {}
    if not may_be_meant(turn, path):
        return {}
    for answer in (read(turn, path, description) for read in (_put_right, only_figure, _of_entry)):
        if answer is not None and answer.value not in (None, stated(turn, path)):
            return {path: answer}
    return {}


def _of_entry(turn: Turn, path: str, description: Description) -> Answer | None:
    """第3条，去年复核没过，现在啥都不是: what the last clause that speaks of ``path``, which is no figure, says that it is."""
    if (
        turn.shelf.policy.fact(path).spec.numeric
        or path in description.facts
        or entry_meant(turn.message.plain) is None
    ):
        return None
    for piece in reversed(description.pieces):
        read = Message(piece.words, turn.shelf, turn.today).description(turn.focus(path)).facts
        if piece.stance is Stance.STATED and (value := read.get(path)) is not None and not isinstance(value, tuple):
            return turn.answer(path, value_to_json(value), turn.inbound.text)
    return None


def _put_right(turn: Turn, path: str, description: Description) -> Answer | None:
    """The message, or the one clause of it with a figure, as what ``path`` should have been: 漏加了一张，合计是21600."""
    told = unplanned(turn, turn.message.told, description)
    pieces = [piece for piece in description.pieces if piece.stance is not Stance.INTENDED]
    answer = read_as(turn, path, told)
    if answer is not None and _not_the_last(turn, path, answer):
        return None
    if answer is not None or not turn.shelf.policy.fact(path).spec.numeric:
        return answer
    clauses = [Message(piece.words, turn.shelf, turn.today) for piece in pieces]
    read = [(clause, answer) for clause in clauses if (answer := read_as(turn, path, clause)) is not None]
    if len(read) > 1:  # 圆袜机退回去两台，最后是38台 · 机械手是18台，有2台是租的
        items = turn.items([path.partition(".")[0]]) if path.count(".") == _TWO else []
        own = {clause.text for clause, _ in read if items and _place(path) in referred(clause.plain, items)}
        read = [each for each in read if _IN_THE_END.match(each[0].plain)] or [
            each for each in read if each[0].text in own
        ]
    return read[0][1] if len(read) == 1 else None


def _the_one_meant(turn: Turn, found: Sequence[Answer]) -> dict[str, Answer]:
    """The only one of the answers ``found``, that of a thing that is named, or the one that was a slip of the pen."""
    found = [answer for answer in found if _of_a_thing_named(turn, answer.path)] or [*found]
    slips = [answer for answer in found if is_slip(stated(turn, answer.path), answer.value)]
    meant = found if len(found) == 1 else slips
    return {meant[0].path: meant[0]} if len(meant) == 1 else {}


def _of_a_thing_named(turn: Turn, path: str) -> bool:
    """焊机记错了，10台: whether ``path`` is of the one thing of its list that the message calls."""
    items = turn.items([path.partition(".")[0]]) if path.count(".") == _TWO else []
    return len(items) > 1 and referred(turn.message.plain, items) == [_place(path)]


def _at(path: str, item: tuple[str, int]) -> bool:
    """Whether ``path`` is of the ``item``, or of no list."""
    return path.count(".") != _TWO or _place(path) == item


def _place(path: str) -> tuple[str, int]:
    """The item of ``path``, as its list and its place there."""
    subject, index, _ = path.split(".")
    return subject, int(index)


def _not_the_last(turn: Turn, path: str, answer: Answer) -> bool:
    """Whether the message goes on to another figure after that of ``answer``: 云仓走了6万件，这边就是22万."""
    fact = turn.shelf.policy.fact(path)
    if not fact.spec.numeric or isinstance(answer.value, dict):
        return False
    figures = [q for q in find_quantities(turn.message.plain) if not q.denied and q.value is not None]
    told = [q for q in figures if q.scaled]
    if len({q.value for q in told}) > _TWO and told[-1].value != answer.value:
        return True
    known = value_at(turn.known.case, path)  # 报价其实720万，实际卖的是680: what is known is told again
    last = figures[-1].meanings() if figures else []
    return len(figures) > 1 and known is not None and known in last and answer.value != known


def _only_denies(turn: Turn, answer: Answer) -> bool:
    """Whether ``answer`` is the choice that a denial means: of what was denied, a correction has to say."""
    fact = turn.shelf.policy.fact(answer.path)
    return fact.type == "choice" and answer.value == fact.choices[-1].id


def changed(turn: Turn, path: str | None) -> bool:
    """Take yes or no to the offer to change an answer; False where there is none, or it is something else."""
    before, proposed = turn.known, turn.session.proposed
    if proposed is None or path is None:
        return False
    change = turn.message.change
    own = not turn.message.is_bare and turn.message.answer(path).status == "ok"
    if change is None or own:
        return False  # 不是，是 200 万: an answer of its own
    if not change:
        turn.proceed(before, "好的，保持不变。" if turn.session.answer(path) else "好的，那请再说一遍。")
        return True
    answer = turn.answer(path, proposed.value, turn.message.text, proposed.approximate)
    turn.agreed = True
    turn.record(answer)
    turn.proceed(before, turn.said_back(answer))
    return True


def offer(turn: Turn, path: str, told: Message) -> bool:
    """Put to the person what the words seem to mean, said of ``path``, without saying it (180: 180 万元?)."""
    read = told.answer(path)
    if read.offer is None:
        return False
    new = turn.answer(path, value_to_json(read.offer), told.text, approximate=read.approximate)
    turn.put(path)
    turn.session = turn.session.but(proposed=new)
    turn.resume()
    return True


def offer_of_named(turn: Turn, description: Description) -> bool:
    """总投资按1060算 · 规模奖20万，发货补助11万5: the same of the one fact with a figure that the message names."""
    pieces = [piece for piece in description.pieces if _figures_named(turn, [piece])]
    if not pieces:
        return _offer_of_last(turn, description)
    known = turn.focus(turn.session.focus)
    paths = [path for path in turn.answered if turn.shelf.policy.fact(path).id in _figures_named(turn, pieces)]
    paths = [path for path in paths if len(paths) == 1 or (known.item and _at(path, known.item))]
    if not paths and len(named := _figures_named(turn, pieces)) == 1:
        (fact,) = map(turn.shelf.policy.fact, named)
        return fact.subject not in turn.shelf.policy.lists and not fact.by_year and offer(turn, fact.id, turn.message)
    told = Message(pieces[0].words, turn.shelf, turn.today)
    return len(pieces) == len(paths) == 1 and offer(turn, paths[0], told)


def _offer_of_last(turn: Turn, description: Description) -> bool:
    """今年涨了，一百一十万: offer the one figure of a message that names nothing as that of what was spoken of last, or of the
    only fact that it may be one of."""
    found = [told] if (told := summed(turn)) is not None else of_last(turn, description)
    if not found or (len(found) > 1 and found[0].path != turn.answered[0]):
        return False
    _change_to(turn, found[0])
    return True


def _change_to(turn: Turn, new: Answer, before: str = "") -> None:
    """Put the question of ``new`` again, with a button that changes the answer to it."""
    old = turn.session.answer(new.path) or Answer(path=new.path, value=stated(turn, new.path))
    was = _was(turn, old)
    turn.put(new.path)
    if fits_a_button(State(turn.session.number, new.fact, new.approximate)):
        turn.session = turn.session.but(proposed=new)
    turn.resume(f"{before}{was}")


def _was(turn: Turn, old: Answer) -> str:
    label = answer_label(turn.shelf, turn.known.case, old)
    return f"{label}原来记为 **{answer_value(turn.shelf, old)}**，要改吗？\n\n"
