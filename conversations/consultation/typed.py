"""How typed words are taken: as the answer to the open question, as more facts, as a question, or not at all.

A wrong value is worse than a question asked again: what is not understood is never guessed, and what states something
that was not taken is quoted. Whatever an answer states beyond what was asked is taken whole and shown back. What the
words say is asked of the turn's one ``Message``; here is decided what becomes of it.
"""

from collections.abc import Sequence
from dataclasses import replace

from conversations.consultation import (
    asking,
    commands,
    corrections,
    holders,
    last_told,
    mixed_up,
    options,
    pointed,
    removals,
    slots,
    statements,
    supposing,
)
from conversations.consultation.last_told import with_zeros
from conversations.consultation.statements import Stated
from conversations.consultation.turn import Turn
from conversations.language.document_names import all_called, asks_which, called
from conversations.language.message import Message
from conversations.language.quantities import find_quantities
from conversations.language.text import normalise
from conversations.language.yesno import AnswerStance
from conversations.saying import notices
from conversations.saying.misses import is_english, missed
from conversations.saying.notices import REGISTER, calm, company, several_firms, unread
from conversations.saying.questions import loosely, running_total
from conversations.state.answer import Answer
from conversations.state.events import Missed
from conversations.state.interview import SAME_PROJECT, rough
from conversations.state.messages import Reply
from conversations.state.session import SCREENING, Known, is_fact, narrowed, value_at
from knowledge.patterns import regex
from rules.case import value_to_json

_ADDS = regex(r"[噢哦啊嗯诶哎]*(?:有|没有?)+(?:的|呀|啊|呢|了)*$|[噢哦啊嗯诶哎对好]*[还也](?![没不未在是算])")
_BESIDE = 3
"""Of so many clauses that were not read is seen whether they put something right beside what else is told."""
_STATEMENT = 12
"""Who writes no more characters than that, and asks nothing, gets no clause for it while a question is open."""


def read(turn: Turn) -> None:
    """Take the message, which is neither a command nor a key."""
    path = turn.session.asking
    if _documents(turn, path) or corrections.changed(turn, path):
        return
    if _taken_back(turn, path):
        return
    if path == SCREENING and options.take(turn):
        return
    if path == SAME_PROJECT and _same_project(turn):
        return
    nods = turn.message.acknowledges or (turn.message.nods and path is not None and path.partition(".")[2].isdigit())
    if nods and path not in (None, SCREENING) and not turn.session.proposed:
        turn.resume("好的，接着问：\n\n")
        return
    if turn.message.only_closes and (path is None or not is_question(path)) and _closing(turn):
        return
    if supposing.take(turn):
        return
    short = with_zeros(turn) or (_short_answer(turn, path) if path is not None else None)
    if short is not None:
        _show(turn, turn.known, statements.NOTHING, short)
        return
    found = options.named(turn, statements.stated(turn, path))
    if _statement(turn, path, found) or _closing(turn) or _aside(turn, found):
        return
    if path is not None and is_fact(path) and corrections.offer(turn, path, turn.message.told):
        return
    if not turn.message.asks and corrections.offer_of_named(turn, found.description):
        return
    _free(turn, found)


def _taken_back(turn: Turn, path: str | None) -> bool:
    """What the message says to be another's, or not to count; what it tells beside another firm's things is read as well."""
    before = turn.known
    if taken := holders.take(turn):
        found = statements.stated(turn, path)
        turn.unread += [w for w in found.rest if normalise(w) not in taken.said and not holders.said_in(w)]
        _show(turn, before, found, None, taken.lines)
        turn.session = turn.session.but(focus=taken.figure or turn.session.focus)
        return True
    pointed.turn_to(turn)
    line = removals.take(turn)
    if line is None:
        return False
    found = statements.NOTHING
    if rest := removals.beyond(turn):
        behind = replace(turn, inbound=turn.inbound.model_copy(update={"text": rest}))
        told = statements.stated(behind, None)
        if told.facts:
            turn.session, found = behind.session, told
            turn.unread += told.rest
    _show(turn, before, found, None, [line])
    return True


def _documents(turn: Turn, path: str | None) -> bool:
    """Which of several documents is asked about from now on: by name, or by what it is about."""
    documents = turn.shelf.policy.documents
    to_choose = path == SCREENING and not turn.session.offered
    text = turn.message.text
    if len(documents) == 1:
        return False
    if asks_which(text):
        turn.inform(notices.listed(turn.shelf.policy), notices.to_choose(turn.shelf.policy))
    elif turn.session.in_play and all_called(text):
        commands.put_in_play(turn)
    elif ids := called(text, documents, bare=to_choose):
        commands.put_in_play(turn, ids)
    else:
        return False
    return True


def _same_project(turn: Turn) -> bool:
    offered, text = turn.session.offered, turn.message.text
    labels = [[turn.shelf.policy.programme(claim.partition(":")[0]).label] for claim in offered]
    chosen = turn.message.chosen(labels)
    if chosen is not None and len(chosen.places) > 1:
        slots.choose(turn, chosen.places, text)
        return True
    match turn.message.one_project:
        case AnswerStance.YES if len(offered) == 2 or "都" in text:
            slots.group(turn, list(offered), text)
        case AnswerStance.NO:
            slots.group(turn, [], text)
        case AnswerStance.UNKNOWN:
            slots.unknown(turn, text)
        case _:
            return False
    return True


def _statement(turn: Turn, path: str | None, found: Stated) -> bool:
    """What the message states, asked for or not, with a question in it; False where it states nothing that is new."""
    if (right := _put_right(turn, found)) is not None:
        _show(turn, turn.known, right, None)
        return True
    before, slot = turn.known, path if path is not None and is_question(path) else None
    told, question = _told(turn, found), turn.message.question
    answered = found.facts.pop(slot, None) if slot is not None else None
    rest = found.rest
    if slot is not None and not found.facts and (mended := _mends_the_last(turn, slot, found)):
        found.facts.update(mended)
        answered, slot, rest = None, None, ()
    if slot is not None and answered is not None and not found.facts:
        answered = _answer(turn, slot, turn.message.told) or answered  # the reader of answers knows figures better
    if slot is not None and answered is None:
        answered = _answered_first(turn, slot, found)
    if slot is not None and answered is None and told is not None:
        answered = _answer(turn, slot, told)
        rest = rest if answered is None else ()
    if answered is not None and answered.value is not None:
        rest = tuple(words for words in rest if not _says_the_same(turn, answered, words))
        if not turn.message.corrects:
            _keep_what_stands(turn, found.facts)
    if question and answered is not None and isinstance(answered.value, dict):
        answered = None  # 一百万以上的，能拿多少？ speaks of anybody
    alone = not found.facts and not question
    if slot is not None and alone and (other := corrections.open_question(turn, slot, answered)):
        answered, rest = None, ()
        found.facts.update(other)
    if answered is None:
        rest = _put_right_unnamed(turn, found, rest)
    found.facts.update(mixed_up.moved(turn, found.facts))
    grouped = found.description.same_project is not None
    only_unknown = answered is None or (answered.value is None and bool(question))
    if only_unknown and not found.facts and not grouped and not found.options:
        return not question and _known_already(turn, found)
    turn.unread += rest
    _show(turn, before, found, answered)
    return True


def _put_right(turn: Turn, found: Stated) -> Stated | None:
    """``found`` where the message puts right what it points back at, or tells what is left of a figure; else None."""
    left = last_told.left_over(turn, found.facts)
    if left is None and turn.pointed and (mended := corrections.of_what_was_pointed_at(turn, found.description)):
        values = [answer.value for answer in mended.values()]
        beside = {place: answer for place, answer in found.facts.items() if answer.value not in values}
        return replace(found, facts=beside | mended, rest=())
    mended = mixed_up.exchanged(turn, found) if left is None else {left.path: left}
    if not mended:
        return None
    rest = tuple(words for words in found.rest if not find_quantities(normalise(words)))
    return replace(found, facts=found.facts | mended, rest=rest)


def _put_right_unnamed(turn: Turn, found: Stated, rest: tuple[str, ...]) -> tuple[str, ...]:
    """Add to ``found`` what the message puts right in words that name nothing, beside what else it tells (精确点35家。营收去年640万 ·
    贴息领过8万。焊机记错了，10台); the words that are left of the ``rest`` then."""
    if not found.facts:
        found.facts.update(corrections.unnamed(turn, found.description))
        return () if found.facts else rest
    for end in range(min(len(found.rest), _BESIDE) if rest else 0, 0, -1):
        said = turn.inbound.model_copy(update={"text": "，".join(found.rest[:end])})
        beside = replace(turn, inbound=said)
        if not (beside.message.corrects or beside.message.revised) or last_told.tells_again(beside):
            continue
        right = corrections.unnamed(beside, beside.message.description(beside.focus(None)))
        new = [a for path, a in right.items() if path not in found.facts and _may_stand_beside(turn, path, beside)]
        if len(new) == 1:
            found.facts[new[0].path] = new[0]
            return found.rest[end:]
    return rest


def _may_stand_beside(turn: Turn, path: str, beside: Turn) -> bool:
    """Whether what is put right in words that name nothing may be of ``path``: a figure, or a choice of words that correct."""
    fact = turn.shelf.policy.fact(path)
    return fact.spec.numeric or (fact.type == "choice" and beside.message.corrects)


def _answered_first(turn: Turn, slot: str, found: Stated) -> Answer | None:
    """The answer to the open question, where its words were taken for something else that may be told by the same ones: the yes
    or no that a message begins with for another fact of the same item (获批了，去年的事), a choice for another thing's (国家级).
    That is then not stated."""
    kind = turn.shelf.policy.fact(slot).type if is_fact(slot) else ""
    if kind not in ("bool", "choice") or not found.description.pieces:
        return None
    first = found.description.pieces[0].words
    told = turn.message.told if kind == "choice" else Message(first, turn.shelf, turn.today)
    alike = [p for p in found.description.facts if p.count(".") and turn.shelf.policy.fact(p).type == kind]
    item, evidence = slot.rpartition(".")[0], found.description.evidence
    if kind == "bool":
        alike = [path for path in alike if evidence[path] in first and path.rpartition(".")[0] == item]
    answered = _answer(turn, slot, told) if alike else None
    if answered is None or answered.value is None:
        return None
    same = [p for p in alike if kind == "bool" or value_to_json(found.description.facts[p]) == answered.value]
    for path in same:
        found.facts.pop(path, None)
    return answered if same else None


def _says_the_same(turn: Turn, answered: Answer, words: str) -> bool:
    """嗯在做，主要是批发: whether these ``words`` beside an answer only give it once more, as its bare yes or no does."""
    alone = _answer(turn, answered.path, Message(words, turn.shelf, turn.today))
    return alone is not None and alone.value == answered.value


def _mends_the_last(turn: Turn, slot: str, found: Stated) -> dict[str, Answer]:
    """不对，是2020年5月: what was said last, put right, where the open question asks for another such day, place or year."""
    if not turn.message.corrects or not is_fact(slot) or turn.session.focus in (None, slot):
        return {}
    asked = turn.shelf.policy.fact(slot)
    if asked.type not in ("date", "place") and not asked.by_year:
        return {}
    return corrections.unnamed(turn, found.description)


def _keep_what_stands(turn: Turn, facts: dict[str, Answer]) -> None:
    """What an answer says beside what was asked changes no yes or no, and no choice, that was given before."""
    for path in [path for path in facts if is_fact(path) and not turn.shelf.policy.fact(path).spec.numeric]:
        old = turn.session.answer(path)
        if old is not None and old.value is not None and not old.volunteered:
            del facts[path]


def _known_already(turn: Turn, found: Stated) -> bool:
    """The message states only what is noted already: say so."""
    known = [answer for path in found.description.facts if (answer := turn.session.answer(path)) is not None]
    facts = [turn.labelled(answer) for answer in known if not statements.is_item(answer)]
    lines = [*corrections.items_told(turn, known), *facts]
    if not lines or found.rest or not turn.message.own:
        return False
    turn.resume("\n".join(["这些已经记下了：", *lines, "", ""]))
    return True


def _short_answer(turn: Turn, path: str) -> Answer | None:
    """A short message as the answer to the question at ``path``, and to no other: 已经获批. None where it is more."""
    message = turn.message
    if not is_question(path) or len(message.bare) > _STATEMENT or message.corrects or message.question:
        return None
    asked_for = turn.shelf.policy.fact(path).id if is_fact(path) else path
    if message.owners and not message.is_bare and asked_for not in message.owners:
        return None
    figures = is_fact(path) and turn.shelf.policy.fact(path).spec.numeric and message.is_one_clause
    if message.has_figure and not figures:
        return None
    answered = _answer(turn, path, message)
    return answered if answered is not None and answered.value is not None else None


def is_question(path: str) -> bool:
    """Whether ``path`` asks for a fact or an item of a list."""
    return "." in path


def _told(turn: Turn, found: Stated) -> Message | None:
    """The part of the message that may answer the open question: what is not explained by facts already."""
    if found.whole:
        return turn.message.told
    beside = [Message(words, turn.shelf, turn.today) for words in found.beside]
    adds = any(map(_opens, beside))  # 对对，还有培训: the agreement only leads in
    left = [message.text for message in beside if not (_opens(message) or (adds and message.is_bare))]
    return Message("，".join(left), turn.shelf, turn.today) if left else None


def _opens(message: Message) -> bool:
    """Whether a clause leads in to what is added, or adds it: 噢有的，还参加了…"""
    return bool(_ADDS.match(message.plain))


def _answer(turn: Turn, path: str, told: Message) -> Answer | None:
    return _about_list(turn, path, told) if path.partition(".")[2].isdigit() else _value(turn, path, told)


def _show(turn: Turn, before: Known, found: Stated, answered: Answer | None, led_in: Sequence[str] = ()) -> None:
    """Record what was stated and say it back, then the reply to a question, what was not read, and what comes next."""
    path, question = turn.session.asking, turn.message.question
    if question:
        asking.reply_to(turn, question, only_found=True, topic=asking.topic_of(turn))
    if answered is not None and answered.value is None and not found.facts:
        slots.unknown(turn, answered.said)
        return
    lines = [*led_in]
    if answered is not None:
        lines += corrections.told(turn, [answered]) if turn.message.corrects else [turn.said_back(answered)]
        turn.record(answered)
    listed = corrections.told(turn, list(found.facts.values()), named=True)
    statements.record(turn, found)
    if listed:
        lines += ["还记下了：" if lines or is_question(path or "") else "我理解的是：", *listed]
    if found.options:
        lines.append(notices.ticked(found.options))
    if turn.unread:
        lines.append(unread(turn.unread))
    of_one_list = answered is not None and answered.path.partition(".")[2].isdigit()  # 没有了: of that list alone
    closes = turn.message.closes and not of_one_list and turn.session.asking in (SCREENING, path)
    if closes and (settled := slots.close(turn, before)):
        lines.append(settled)
    turn.proceed(before, "\n".join(lines))


def _closing(turn: Turn) -> bool:
    """没有了, 就这些: what was asked in so many words, and never spoken of, is not there."""
    before = turn.known
    subject = (turn.session.focus or "").partition(".")[0]
    if turn.message.only_these and (items := _items(turn, subject)):
        turn.record(turn.answer(f"{subject}.{items}", False, turn.message.text))
        turn.proceed(before, "好的。")
        return True
    if not turn.message.closes:
        return False
    line = slots.close(turn, before)
    total = running_total(turn.shelf, turn.known) if turn.known.assessment.total == before.assessment.total else ""
    turn.proceed(before, "\n".join(filter(None, [line or "好的。", total])))
    return True


def _value(turn: Turn, path: str, message: Message) -> Answer | None:
    understood = message.answer(path)
    if understood.status == "unknown":
        return turn.answer(path, None, message.text)
    if understood.status != "ok" or understood.value is None:
        return None
    value = value_to_json(understood.value)
    # a range that was asked for more exactly and is a range again is all that there is
    old = turn.session.answer(path)
    narrowing = old is not None and not old.final and loosely(turn.known, path) is not None
    if narrowing and isinstance(value, dict):
        value = narrowed(value_at(turn.known.case, path), value)
    final = narrowing and (understood.approximate or rough(understood.value))
    return turn.answer(path, value, message.text, understood.approximate, final)


def _about_list(turn: Turn, path: str, message: Message) -> Answer | None:
    understood = message.any_item(path.partition(".")[0])
    return None if understood.status == "unclear" else turn.answer(path, understood.value, message.text)


def _items(turn: Turn, subject: str) -> int:
    """How many items the list ``subject`` has; 0 where it is none."""
    return len(turn.known.case.items[subject] or ()) if subject in turn.shelf.policy.lists else 0


def _aside(turn: Turn, found: Stated) -> bool:
    """An angry word, several firms at once, the name of one: met as what it is, before anything is looked up."""
    if turn.message.complains:
        turn.replies.append(calm(turn.shelf.policy.you, turn.message.grievance, answered=bool(turn.session.answers)))
    elif turn.message.several_firms:
        turn.say(several_firms())
        turn.unread += found.said
    elif name := turn.message.company:
        turn.say(company(name), REGISTER)
    else:
        return False
    return True


def _free(turn: Turn, found: Stated) -> None:
    """A doubt, a question, a nod, or something not understood. What is stated beside the question is quoted, if not taken."""
    message = turn.message
    if removals.doubted(turn, found.said):
        return
    if not any(character.isalnum() for character in message.text) or is_english(message.text):
        _missed(turn, found)
        return
    if corrections.nods(turn) or (not message.asks and corrections.some_answer(turn)):
        return
    spoken_of = [] if message.asks else options.spoken_of(turn, found)
    about = {fact for option in spoken_of for fact in (*option.chosen, *option.otherwise)}
    about = {fact for fact in about if not is_fact(fact) or turn.shelf.policy.fact(fact).spec.numeric}
    if len(about) == 1 and (again := statements.stated(turn, None, about.pop())).facts:
        turn.unread += again.rest
        _show(turn, turn.known, again, None)
        return
    if spoken_of:
        turn.unread += found.said
        turn.advance()  # with them ticked
        turn.resume(f"{notices.spoken_of([option.label for option in spoken_of], found.unread)}\n\n")
        return
    if not message.asks and found.unread and message.own:
        _missed(turn, found)
        return
    wants_reply = turn.session.asking is None or message.asks
    if not (wants_reply or len(message.text) > _STATEMENT) or not asking.answer(
        turn, message.text, only_found=not wants_reply
    ):
        _missed(turn, found)
    elif quoted := found.unread or (() if message.asks else found.said):
        turn.unread += quoted
        turn.replies.insert(-1, Reply(text=unread(quoted)))


def _missed(turn: Turn, found: Stated) -> None:
    """Not understood: say so kindly, and quote what it states."""
    turn.session = turn.session.but(misses=turn.session.misses + 1)
    turn.note(Missed(turn.message.text, turn.session.asking))
    if any(character.isalnum() for character in turn.message.text):
        turn.unread += found.unread or found.said
    if turn.session.asking is None and not turn.session.finished:
        turn.advance()
    turn.replies.append(missed(turn.session, turn.shelf, turn.known, turn.message.text))
