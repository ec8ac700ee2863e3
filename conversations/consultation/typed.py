"""How typed words are taken: as the answer to the open question, as more facts, as a question, or not at all.

A wrong value is worse than a question asked again: what is not understood is never guessed. Whatever an answer states
beyond what was asked is taken whole and shown back with the words it came from. What the words say is asked of the
turn's one ``Message``; here is decided what becomes of it.
"""

from conversations.consultation import asking, corrections, slots, statements
from conversations.consultation.turn import Turn
from conversations.language.message import Message
from conversations.language.yesno import AnswerStance
from conversations.saying.notices import again, example
from conversations.saying.questions import threshold
from conversations.state.events import Missed
from conversations.state.interview import SAME_PROJECT
from conversations.state.messages import Reply
from conversations.state.session import SCREENING, Answer, narrowed, value_at
from rules.case import value_to_json
from rules.values import Range

_STATEMENT = 12
"""Who writes no more characters than that, and asks nothing, gets no clause for it while a question is open."""


def read(turn: Turn) -> None:
    """Take the message, which is neither a command nor a key."""
    path = turn.session.asking
    if path == SCREENING:
        taken = _screening(turn)
    elif path == SAME_PROJECT:
        taken = _same_project(turn)
    elif path is not None:
        taken = corrections.changed(turn, path) or _fact(turn, path)
    else:
        taken = False
    if not taken:
        _free(turn)


def _screening(turn: Turn) -> bool:
    options = {option.id: (option.label, *option.synonyms) for option in turn.shelf.policy.screening.options}
    labels = [options.get(option, ()) for option in turn.session.offered]
    chosen = turn.message.chosen(labels)
    if chosen is not None:
        slots.choose(turn, chosen.places, turn.message.text, rest=not chosen.unsure)
    elif numbers := turn.message.numbers:
        turn.resume(f"序号是 1 到 {len(labels)}，“{numbers}”对不上，请再看一下。\n\n")
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


def _fact(turn: Turn, path: str) -> bool:
    """The answer to a question about a fact or a list, with whatever else the words state, and a question in them."""
    before = turn.known
    told, question = turn.message.told, turn.message.question
    answered = _about_list(turn, path, told) if path.partition(".")[2].isdigit() else _value(turn, path, told)
    extra = statements.stated(turn, told.description, path)
    volunteered = extra.pop(path, None)
    answered = answered or volunteered
    if not extra and not question and (other := corrections.open_question(turn, path, answered)):
        answered, extra = None, other
    if question and answered is not None and isinstance(answered.value, dict):
        answered = None  # 一百万以上的，能拿多少？ speaks of anybody
    if question and (answered is None or answered.value is None) and not extra:
        return asking.answer(turn, turn.message.text, only_found=True)
    if answered is None and not extra:
        return False
    if question:
        asking.reply_to(turn, question, only_found=True, topic=asking.topic_of(turn))
    if answered is not None and answered.value is None and not extra:
        slots.unknown(turn, told.text)
        return True
    if answered is not None:
        turn.record(answered)
    statements.record(turn, extra, told.description)
    lines = [turn.said_back(answered)] if answered is not None else []
    if extra:
        lines += ["还记下了：", *_listed(turn, extra)]
    turn.proceed(before, "\n".join(lines))
    return True


def _value(turn: Turn, path: str, message: Message) -> Answer | None:
    understood = message.answer(turn.shelf.policy.fact(path).id)
    if understood.status == "unknown":
        return turn.answer(path, None, message.text)
    if understood.status != "ok" or understood.value is None:
        return None
    value = value_to_json(understood.value)
    # a range that was asked for more exactly and is a range again is all that there is
    old = turn.session.answer(path)
    narrowing = old is not None and not old.final and threshold(turn.known, path) is not None
    if narrowing and isinstance(value, dict):
        value = narrowed(value_at(turn.known.case, path), value)
    final = narrowing and (understood.approximate or isinstance(understood.value, Range))
    return turn.answer(path, value, message.text, understood.approximate, final)


def _about_list(turn: Turn, path: str, message: Message) -> Answer | None:
    understood = message.any_item(path.partition(".")[0])
    return None if understood.status == "unclear" else turn.answer(path, understood.value, message.text)


def _free(turn: Turn) -> None:
    """A description, a question, or something not understood."""
    message = turn.message
    if _description(turn):
        return
    if not any(character.isalnum() for character in message.text):
        _missed(turn)
        return
    if corrections.nods(turn) or (not message.asks and corrections.some_answer(turn)):
        return
    wants_reply = turn.session.asking is None or message.asks
    if not (wants_reply or len(message.text) > _STATEMENT) or not asking.answer(
        turn, message.text, only_found=not wants_reply
    ):
        _missed(turn)


def _description(turn: Turn) -> bool:
    """Take what the message states of itself, asked for or not; False where it states nothing new."""
    before = turn.known
    description = turn.message.description
    facts = statements.stated(turn, description)
    if not facts:
        return False
    statements.record(turn, facts, description)
    understood = "\n".join(["我理解的是：", *_listed(turn, facts), "不对的话，发“修改”就能改。"])
    place = len(turn.replies)
    if turn.message.question:
        asking.reply_to(turn, turn.message.question, only_found=True)
    if len(turn.replies) > place:  # what was understood, then the reply to the question, then what comes next
        turn.replies.insert(place, Reply(text=understood))
        understood = ""
    turn.proceed(before, understood)
    return True


def _listed(turn: Turn, facts: dict[str, Answer]) -> list[str]:
    return [turn.labelled(answer) for answer in facts.values() if statements.worth_saying(answer)]


def _missed(turn: Turn) -> None:
    """Not understood: say so kindly; the second time in a row with examples, and offer a person."""
    misses = turn.session.misses + 1
    turn.session = turn.session.but(misses=misses)
    turn.note(Missed(turn.message.text, turn.session.asking))
    if misses < 2 or turn.session.asking is None:
        turn.resume(f"{again(turn.message.text)}\n\n")
    else:
        question = turn.open_question
        how = example(turn.shelf, turn.session)
        text = f"抱歉，我还是没听懂。{how}也可以先跳过，或者找工作人员。\n\n{question.text}"
        turn.say(text, question.choices + asking.TALK_TO_SOMEBODY)
