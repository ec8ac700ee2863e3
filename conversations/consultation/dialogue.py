"""The one place where a message meets the state: ``turn`` takes both and gives the new state, the replies, the events.

Pure: no clock, no database, no network. Here is decided what kind of thing a message is; how words answer the open
question is ``reading``'s business, what is asked next ``interview``'s, how it reads that of the ``wording`` modules.
"""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import cast

from pydantic import JsonValue

from conversations.consultation import commands, corrections, registration, typed
from conversations.consultation.turn import Talk
from conversations.language import command_words
from conversations.language.text import normalise
from conversations.saying import notices
from conversations.saying.questions import EDITING, MORE_ANSWERS, PAGE, RESTARTING, TOGGLE
from conversations.state.events import Event, Left
from conversations.state.messages import Choice, Inbound, Kind, Reply
from conversations.state.session import (
    SAME_PROJECT,
    SCREENING,
    Answer,
    Session,
    fits,
    is_fact,
    migrate,
    narrowed,
    value_at,
)
from conversations.state.shelf import Shelf
from rules.case import value_to_json

PRESSED = "（点了按钮）"
"""How the press of a button reads whose label is not known any more."""
LONGEST = 2000
"""The most characters of one message that are read."""


@dataclass(frozen=True, slots=True)
class Turn:
    """What became of a message: the new state, what the bot says, and what the rest of the house may want to know.

    ``said`` is how the message reads where that is not its text: the label of the button pressed.
    """

    session: Session
    replies: tuple[Reply, ...]
    events: tuple[Event, ...]
    said: str = ""


def turn(session: Session, inbound: Inbound, shelf: Shelf, now: datetime) -> Turn:
    """Take one message. Never raises for anything that a person can send; ``now`` is kept as the last activity."""
    talk = Talk(session, inbound, shelf, now)
    _move_to_current_policy(talk)
    text = inbound.text.strip()
    form = talk.session.form
    if not registration.take(talk, text):
        _take(talk, text)
        if form is not None and inbound.kind is not Kind.LEFT:
            registration.remind(talk)
    aside = [c for r in talk.replies if r.ask is None for row in r.choices for c in row if c.data.startswith("!")]
    session = talk.session.but(aside=tuple(aside)) if aside else talk.session
    return Turn(session, tuple(talk.replies), tuple(talk.events), talk.said)


def _take(talk: Talk, text: str) -> None:
    match talk.inbound.kind:
        case Kind.LEFT:
            talk.note(Left())
        case Kind.CHOICE:
            _press(talk, text)
        case Kind.MEDIA:
            talk.say(notices.MEDIA)
        case Kind.CONTACT:
            talk.say(notices.CONTACT)
        case Kind.EDIT:
            corrections.changed_message(talk, text)
        case Kind.TEXT | Kind.FORWARD:
            _typed(talk, text)


def _typed(talk: Talk, text: str) -> None:
    if not text:
        talk.say(notices.EMPTY)
        return
    if len(text) > LONGEST:
        talk.say(notices.TOO_LONG.format(LONGEST))
        return
    if (pressed := _by_key(talk, text)) is not None:
        _press(talk, pressed.data)
        return
    command = command_words.read(text)
    if command is not None:
        commands.obey(talk, command)
        return
    if text.startswith("/"):
        talk.resume(f"{notices.again(text)}能用的命令在 /help 里。\n\n")
        return
    if talk.session.asking in (EDITING, RESTARTING):
        if commands.menu(talk, text):
            return
        talk.advance()  # something else: the menu is closed
    typed.read(talk, text)


def _by_key(talk: Talk, text: str) -> Choice | None:
    """The button that ``text`` stands for; toggles apart: one message names all of them."""
    typed = _bare(text)
    rows = () if talk.session.asking is None else talk.open_question.choices
    choices = [*(choice for row in rows for choice in row), *talk.session.aside]
    return next((c for c in choices if c.on is None and typed in (c.key, _bare(c.label))), None)


def _bare(words: str) -> str:
    """Words as they are compared with a button's: 满100万 is 满 100 万元."""
    return normalise(words).replace(" ", "").removesuffix("元")


def _press(talk: Talk, data: str) -> None:
    talk.said = PRESSED
    if data.startswith("!"):
        talk.said = commands.label(talk, data, PRESSED)
        name, _, argument = data[1:].partition(":")
        if name == "clause" and any(clause.id == argument for clause in talk.shelf.policy.clauses):
            commands.pressed_clause(talk, argument)
        elif name == "edit" and argument:
            commands.reopen(talk, argument)
        elif (command := command_words.read(f"/{name}")) is not None:
            commands.obey(talk, command)
        else:
            talk.resume(f"{notices.STALE}\n\n")
        return
    number, _, value = data.partition(":")
    if talk.session.asking is None or number != str(talk.session.number) or not _chosen(talk, value):
        talk.resume(f"{notices.STALE}\n\n")


def _chosen(talk: Talk, value: str) -> bool:
    """Take the value of a button of the open question; False where it has no such button."""
    path = talk.session.asking or ""
    if talk.inbound.ticks is not None:
        _tick(talk, talk.inbound.ticks)
    buttons = [choice for row in talk.open_question.choices for choice in row]
    offered = [choice.data.partition(":")[2] for choice in buttons]
    if value not in offered:
        return False
    label = next((c.label for c in buttons if c.data.endswith(f":{value}")), value)
    if value == "?done":
        label = "、".join(choice.label for choice in buttons if choice.on) or label
    talk.said = label
    match value:
        case "?":
            typed.unknown(talk, label)
        case "?why":
            commands.why(talk)
        case "?back":
            talk.back()
        case "?keep":
            talk.proceed(talk.known, "好的，保持不变。")
        case _ if path == RESTARTING:
            commands.restart(talk) if value == "yes" else commands.close_menu(talk)
        case _ if value == MORE_ANSWERS:
            first = int(talk.session.offered[0]) + PAGE if talk.session.offered else PAGE
            talk.put(EDITING)
            talk.session = talk.session.but(offered=(str(first if first < len(talk.session.answers) else 0),))
            talk.resume()
        case _ if path == EDITING:
            commands.close_menu(talk)
        case _ if value.startswith(TOGGLE):
            _toggle(talk, int(value.removeprefix(TOGGLE)))
        case "?done":
            ticks = frozenset(n for n, option in enumerate(talk.session.offered) if option in talk.session.ticks)
            if ticks:
                typed.choose(talk, ticks, label)
            else:
                none = next(choice.label for choice in buttons if choice.data.endswith(":?none"))
                talk.resume(f"还没有选。有符合的请先点上；一个也没有的话，点“{none}”。\n\n")
        case "?none":
            typed.choose(talk, frozenset(), label)
        case "yes" if path == SAME_PROJECT:
            typed.choose(talk, frozenset(range(len(talk.session.offered))), label)
        case _:
            return _value(talk, path, value, label)
    return True


def _value(talk: Talk, path: str, value: str, label: str) -> bool:
    """A button that states a value: yes and no, a choice, a figure, a side of a line, or a changed message's words."""
    before = talk.known
    approximate = value.startswith("~")
    if value in ("yes", "no") and not (is_fact(path) and talk.shelf.policy.fact(path).type == "choice"):
        stated: object = value == "yes"
    elif value.startswith(("=", "~")):
        stated = json.loads(value[1:])
    elif "=" in value:
        end, _, figure = value.partition("=")
        stated = narrowed(value_at(before.case, path), {end: cast("JsonValue", value_to_json(Decimal(figure)))})
    elif talk.shelf.policy.fact(path).spec.numeric:
        stated = int(value)
    else:
        stated = value
    answer = talk.answer(path, stated, label, approximate)
    if not fits(answer, talk.shelf):
        return False
    talk.record(answer)
    talk.proceed(before, talk.said_back(answer))
    return True


def _tick(talk: Talk, ticks: Collection[str]) -> None:
    """Take over which toggles of the open question stand on."""
    toggles = [choice.data for row in talk.open_question.choices for choice in row if choice.on is not None]
    options = [option for option, data in zip(talk.session.offered, toggles, strict=False) if data in ticks]
    talk.session = talk.session.but(ticks=tuple(options))


def _toggle(talk: Talk, place: int) -> None:
    option = talk.session.offered[place]
    ticks = talk.session.ticks
    ticks = tuple(tick for tick in ticks if tick != option) if option in ticks else (*ticks, option)
    talk.session = talk.session.but(ticks=ticks)
    talk.replies.append(talk.open_question.model_copy(update={"edit": talk.inbound.message}))


def _move_to_current_policy(talk: Talk) -> None:
    """A newer pack: keep what still exists, say what moved, and put the open question anew where it changed."""
    policy = talk.shelf.policy
    if (talk.session.policy, talk.session.policy_version) == (policy.id, policy.version):
        return
    talk.session, lost = migrate(talk.session, talk.shelf)
    if not talk.session.answers and not lost and talk.session.asking is None:
        return
    text = f"政策资料更新到了新版（{policy.version}）。您的回答都还在，结果会按新版算。"
    if lost:
        said = "、".join(f"“{answer.said}”" for answer in lost)
        text = f"政策资料更新到了新版（{policy.version}）。有 {len(lost)} 条回答在新版里没有对应的问题，已经放下：{said}；其余的都还在。"
    talk.say(text)
    asking = talk.session.asking
    if asking is not None and (
        asking in (SCREENING, SAME_PROJECT) or not fits(Answer(path=asking, value=None), talk.shelf)
    ):
        talk.advance()
