"""Words that are no answer to the open question: an answer to another one, a nod, or a change of an answer given.

What is taken is shown back; what could be meant for several questions is asked, never guessed.
"""

import re

from pydantic import JsonValue

from conversations.consultation.turn import Turn
from conversations.language import multiple_choice
from conversations.language.answers import AnswerReader, listed_answers
from conversations.language.text import normalise
from conversations.language.yesno import AnswerStance, YesNo, is_pending, says_unknown
from conversations.saying.notices import EDITED_UNKNOWN
from conversations.saying.values import answer_label, answer_value
from conversations.state.actions import Edit, State
from conversations.state.actions import fits as fits_a_button
from conversations.state.interview import live
from conversations.state.messages import Choice
from conversations.state.session import SCREENING, Answer, is_fact, value_at
from rules.case import value_to_json

_NODS = re.compile(
    r"(?:好|行|嗯|恩|哦|噢|喔|额|可以|明白|知道|了解|收到|懂|清楚|没问题|没事|ok|okay|哈|呵)+(?:的|了|呀|啊|吧|呢|滴|嘞|哒)*"
)
"""Words that take note of what was said, and state nothing."""
_BARE = re.compile(r"(?:是|对|有|没|没有|不|不是|不用|不需要|不要|算|暂时|先|就?这样)+(?:的|了|呀|啊|吧|呢)*")
"""Words that state something only where something was asked."""
_FIGURE = re.compile(r"[\d一二两三四五六七八九十百千万亿]")
_AROUND = " ,。.!?~"
_SHORT = 30
"""The most characters of a message that may be the answer to some other question."""
_CHANGE = YesNo(yes=("改", "要改", "改吧", "要"))
_KEEP = frozenset({"不", "不用", "不用改", "不用了", "不改", "不改了", "不要", "别改", "算了", "保持不变"})


def open_question(turn: Turn, path: str, text: str, answered: Answer | None) -> dict[str, Answer]:
    """The one other open question that ``text`` answers, where it is no (good) answer to the one at ``path``.

    By the very words of that question (没领过), or by a figure or choice that only one open question can take.
    """
    plain = normalise(text).strip(_AROUND)
    known = turn.known
    paths = {each for claim in live(known.assessment) for each in claim.missing} - {path} - known.skipped
    others = [each for each in sorted(paths) if is_fact(each)]
    owners = [
        fact for fact, words in turn.shelf.compiled(listed_answers).items() if plain in words
    ]  # 没有 is anybody's, 没领过 one's
    asked_for = turn.shelf.policy.fact(path).id if is_fact(path) else path
    if asked_for in owners:
        return {}
    named = len(owners) == 1
    if named:
        others = [each for each in others if turn.shelf.policy.fact(each).id == owners[0]]
    elif answered is not None and (answered.value is not None or not _FIGURE.search(plain)):
        return {}
    found = [answer for other in others if (answer := _read_as(turn, other, text, named))]
    return {answer.path: answer for answer in found} if len(found) == 1 else {}


def _read_as(turn: Turn, path: str, text: str, named: bool = False) -> Answer | None:
    """``text`` as an answer to ``path``, None where it is none.

    Where it has not ``named`` the fact, a plain yes or no says nothing about it, nor that something is not there (yet).
    """
    fact = turn.shelf.policy.fact(path)
    if not named and not fact.spec.numeric:
        silent = YesNo().read(normalise(text)) in (AnswerStance.NO, AnswerStance.PENDING) or is_pending(normalise(text))
        if fact.type != "choice" or silent:
            return None
    read = turn.shelf.compiled(AnswerReader).read(fact.id, text)
    if read.status != "ok" or read.value is None:
        return None
    return turn.answer(path, value_to_json(read.value), text, read.approximate)


def nods(turn: Turn, text: str) -> bool:
    """Answer words that only take note (好的, 明白了); after the result also a bare yes, no or 不清楚."""
    plain = normalise(text).strip(_AROUND)
    noted = bool(_NODS.fullmatch(plain))
    if turn.session.asking is not None:
        if noted:
            turn.resume("好的，接着问：\n\n")
        return noted
    if not noted and not _BARE.fullmatch(plain) and not (len(plain) < 8 and says_unknown(plain)):
        return False
    turn.resume("没关系，弄清楚了再告诉我。" if says_unknown(plain) else "好的，都问完了。")
    return True


def some_answer(turn: Turn, text: str) -> bool:
    """After the result: a figure or a level that some answer could change to. Offer to change that one.

    Right after a clause was talked about, a figure belongs to that.
    """
    if turn.session.asking is not None or turn.session.topic is not None or len(text) > _SHORT:
        return False
    case = turn.known.case
    asked_for = {answer.path for answer in turn.session.answers}
    found: list[Answer] = []
    for subject in turn.shelf.policy.subjects:
        for index in range(len(case.items[subject.id] or ())):
            prefix = f"{subject.id}.{index}" if subject.many else subject.id
            for path in (f"{prefix}.{name}" for name in turn.shelf.names[subject.id]):
                choice = turn.shelf.policy.fact(path).type == "choice" and not text.isdecimal()  # no number in a list
                wanted = choice or (path in asked_for and turn.shelf.policy.fact(path).spec.numeric)
                if wanted and (answer := _read_as(turn, path, text)):
                    found.append(answer)
    new = [one for one in found if _stated(turn, one.path) != one.value]
    found = [one for one in found if turn.shelf.policy.fact(one.path).spec.numeric] or new
    if found and not new:
        turn.resume(f"这一条已经记下了：{turn.labelled(found[0])}\n\n")
    elif len(new) == 1:
        _change_to(turn, new[0])
    elif new:
        rows = [
            (Choice(label=answer_label(turn.shelf, case, one), action=Edit(one.path), key=chr(97 + place)),)
            for place, one in enumerate(new)
        ]
        turn.say(f"“{text}”是要改哪一条？", tuple(rows))
    return bool(found)


def changed_message(turn: Turn, text: str) -> None:
    """A message was edited: offer to change the answer that stood in it."""
    message = turn.inbound.message
    old = next((a for a in turn.session.answers if message is not None and a.message == message), None)
    if old is None or not text:
        turn.say(EDITED_UNKNOWN)
        return
    before = f"看到您把消息改成了“{text[:50]}”。"
    new = _read_as(turn, old.path, text, named=True) if is_fact(old.path) else None
    if new is not None:
        _change_to(turn, new, before)
        return
    was = _was(turn, old)
    turn.put(old.path)
    if old.path == SCREENING:
        options = [(option.label, *option.synonyms) for option in turn.shelf.policy.screening.options]
        chosen = multiple_choice.several(text, options)
        if chosen is not None:
            ticks = [option for place, option in enumerate(turn.session.offered) if place in chosen.places]
            turn.session = turn.session.but(ticks=tuple(ticks))
    turn.resume(f"{before}{was}")


def changed(turn: Turn, path: str, text: str) -> bool:
    """Take yes or no to the offer to change an answer; False where there is none, or ``text`` is something else."""
    before, proposed = turn.known, turn.session.proposed
    if proposed is None:
        return False
    plain = normalise(text).strip(_AROUND)
    if plain in _KEEP:
        turn.proceed(before, "好的，保持不变。")
        return True
    stance = _CHANGE.read(plain)
    if (
        stance is not AnswerStance.YES
        or turn.shelf.compiled(AnswerReader).read(turn.shelf.policy.fact(path).id, text).status == "ok"
    ):
        return False
    answer = turn.answer(path, proposed.value, text, proposed.approximate)
    turn.record(answer)
    turn.proceed(before, turn.said_back(answer))
    return True


def _change_to(turn: Turn, new: Answer, before: str = "") -> None:
    """Put the question of ``new`` again, with a button that changes the answer to it."""
    old = turn.session.answer(new.path) or Answer(path=new.path, value=_stated(turn, new.path))
    was = _was(turn, old)
    turn.put(new.path)
    if fits_a_button(State(turn.session.number, new.value, new.approximate)):
        turn.session = turn.session.but(proposed=new)
    turn.resume(f"{before}{was}")


def _was(turn: Turn, old: Answer) -> str:
    label = answer_label(turn.shelf, turn.known.case, old)
    return f"{label}原来记为 **{answer_value(turn.shelf, old)}**，要改吗？\n\n"


def _stated(turn: Turn, path: str) -> JsonValue:
    known = value_at(turn.known.case, path)
    return None if known is None else value_to_json(known)
