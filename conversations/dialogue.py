"""The one place where a message meets the state: ``turn`` takes both and gives the new state, the replies, the events.

Pure: no clock, no database, no network. Here is decided what kind of thing a message is; how words answer the open
question is ``reading``'s business, what is asked next ``interview``'s, how it reads that of the ``wording`` modules.
"""

import json
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import cast

from pydantic import JsonValue

from conversations import commands, intake, lead_talk, reading, wording_help, wording_question, wording_result
from conversations.commands import Command
from conversations.engine import Engine
from conversations.messages import Choice, Event, Inbound, Kind, Reply
from conversations.session import SAME_PROJECT, SCREENING, Answer, Session, fits, is_fact, migrate, narrowed, value_at
from conversations.talk import Talk
from conversations.understanding.text import normalise
from conversations.understanding.yesno import Stance, YesNo
from conversations.wording import answer_label, answer_value
from conversations.wording_question import EDITING, MORE_ANSWERS, PAGE, RESTARTING, TOGGLE
from rules.case import value_to_json

PRESSED = "（点了按钮）"
"""How the press of a button reads whose label is not known any more."""
LONGEST = 2000
"""The most characters of one message that are read."""
_BUTTON_BYTES = 60


@dataclass(frozen=True, slots=True)
class Turn:
    """What became of a message: the new state, what the bot says, and what the rest of the house may want to know.

    ``said`` is how the message reads where that is not its text: the label of the button pressed.
    """

    session: Session
    replies: tuple[Reply, ...]
    events: tuple[Event, ...]
    said: str = ""


def turn(session: Session, inbound: Inbound, engine: Engine, now: datetime) -> Turn:
    """Take one message. Never raises for anything that a person can send; ``now`` is kept as the last activity."""
    talk = Talk(session, inbound, engine, now)
    _move_to_current_policy(talk)
    text = inbound.text.strip()
    form = talk.session.form
    if not lead_talk.take(talk, text):
        _take(talk, text)
        if form is not None and inbound.kind is not Kind.LEFT:
            lead_talk.remind(talk)
    aside = [c for r in talk.replies if r.ask is None for row in r.choices for c in row if c.data.startswith("!")]
    session = talk.session.but(aside=tuple(aside)) if aside else talk.session
    return Turn(session, tuple(talk.replies), tuple(talk.events), talk.said)


def _take(talk: Talk, text: str) -> None:
    match talk.inbound.kind:
        case Kind.LEFT:
            talk.note("left")
        case Kind.CHOICE:
            _press(talk, text)
        case Kind.MEDIA:
            talk.say(wording_help.MEDIA)
        case Kind.CONTACT:
            talk.say(wording_help.CONTACT)
        case Kind.EDIT:
            _changed_message(talk, text)
        case Kind.TEXT | Kind.FORWARD:
            _typed(talk, text)


def _typed(talk: Talk, text: str) -> None:
    if not text:
        talk.say(wording_help.EMPTY)
        return
    if len(text) > LONGEST:
        talk.say(wording_help.TOO_LONG.format(LONGEST))
        return
    if (pressed := _by_key(talk, text)) is not None:
        _press(talk, pressed.data)
        return
    command = commands.read(text)
    if command is not None:
        _obey(talk, command)
        return
    if talk.session.asking in (EDITING, RESTARTING):
        if _menu(talk, text):
            return
        talk.advance()  # something else: the menu is closed
    reading.read(talk, text)


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
        talk.said = _label(talk, data)
        name, _, argument = data[1:].partition(":")
        if name == "clause" and any(clause.id == argument for clause in talk.engine.policy.clauses):
            talk.session = talk.session.but(topic=argument)
            talk.say(wording_help.clause(talk.engine.policy, argument))
        elif name == "edit" and argument:
            _reopen(talk, argument)
        elif (command := commands.read(f"/{name}")) is not None:
            _obey(talk, command)
        else:
            talk.resume(f"{wording_help.STALE}\n\n")
        return
    number, _, value = data.partition(":")
    if talk.session.asking is None or number != str(talk.session.number) or not _chosen(talk, value):
        talk.resume(f"{wording_help.STALE}\n\n")


def _chosen(talk: Talk, value: str) -> bool:
    """Take the value of a button of the open question; False where it has no such button."""
    path = talk.session.asking or ""
    if talk.inbound.ticks is not None:
        _tick(talk, talk.inbound.ticks)
    buttons = [choice for row in talk.open_question.choices for choice in row]
    offered = [choice.data.partition(":")[2] for choice in buttons]
    if value not in offered and not (value.startswith(("=", "~")) and is_fact(path)):
        return False
    label = next((c.label for c in buttons if c.data.endswith(f":{value}")), value)
    if value == "?done":
        label = "、".join(choice.label for choice in buttons if choice.on) or label
    talk.said = label
    match value:
        case "?":
            reading.unknown(talk, label)
        case "?why":
            _why(talk)
        case "?back":
            talk.back()
        case "?keep":
            talk.proceed(talk.known, "好的，保持不变。")
        case _ if path == RESTARTING:
            _restart(talk) if value == "yes" else _close_menu(talk)
        case _ if value == MORE_ANSWERS:
            first = int(talk.session.offered[0]) + PAGE if talk.session.offered else PAGE
            talk.put(EDITING)
            talk.session = talk.session.but(offered=(str(first if first < len(talk.session.answers) else 0),))
            talk.resume()
        case _ if path == EDITING:
            _close_menu(talk)
        case _ if value.startswith(TOGGLE):
            _toggle(talk, int(value.removeprefix(TOGGLE)))
        case "?done":
            ticks = frozenset(n for n, option in enumerate(talk.session.offered) if option in talk.session.ticks)
            if ticks:
                reading.choose(talk, ticks, label)
            else:
                none = next(choice.label for choice in buttons if choice.data.endswith(":?none"))
                talk.resume(f"还没有选。有符合的请先点上；一个也没有的话，点“{none}”。\n\n")
        case "?none":
            reading.choose(talk, frozenset(), label)
        case "yes" if path == SAME_PROJECT:
            reading.choose(talk, frozenset(range(len(talk.session.offered))), label)
        case _:
            return _value(talk, path, value, label)
    return True


def _value(talk: Talk, path: str, value: str, label: str) -> bool:
    """A button that states a value: yes and no, a choice, a figure, a side of a line, or a changed message's words."""
    before = talk.known
    approximate = value.startswith("~")
    if value in ("yes", "no") and not (is_fact(path) and talk.engine.policy.fact(path).type == "choice"):
        stated: object = value == "yes"
    elif value.startswith(("=", "~")):
        try:
            stated = json.loads(value[1:])
        except ValueError:
            return False
    elif "=" in value:
        end, _, figure = value.partition("=")
        stated = narrowed(value_at(before.case, path), {end: cast("JsonValue", value_to_json(Decimal(figure)))})
    elif talk.engine.policy.fact(path).spec.numeric:
        stated = int(value)
    else:
        stated = value
    answer = talk.answer(path, stated, label, approximate)
    if not fits(answer, talk.engine):
        return False
    talk.record(answer)
    talk.proceed(before, talk.said_back(answer))
    return True


def _label(talk: Talk, data: str) -> str:
    """What a button that is valid at any time reads; where it has not been shown lately, the command's own word."""
    rows = () if talk.session.asking is None else talk.open_question.choices
    shown = [*talk.session.aside, *(choice for row in rows for choice in row)]
    command = commands.read(f"/{data[1:].partition(':')[0]}")
    word = PRESSED if command is None else next(iter(commands.WORDS[command]), PRESSED)
    return next((choice.label for choice in shown if choice.data == data), word)


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


def _obey(talk: Talk, command: Command) -> None:
    policy = talk.engine.policy
    session = talk.session
    match command:
        case Command.START:
            _start(talk)
        case Command.NEW:
            if session.answers:
                talk.put(RESTARTING)
                talk.resume()
            else:
                _restart(talk)
        case Command.HELP:
            talk.say(wording_help.HELP)
        case Command.POLICY:
            talk.say(wording_help.about(policy))
        case Command.PRIVACY:
            talk.say(wording_help.PRIVACY)
        case Command.THANKS:
            talk.say(wording_help.THANKS)
        case Command.PERSON:
            talk.note("person")
            talk.say(wording_help.PERSON.format(policy.lead))
        case Command.END:
            talk.resume(wording_help.NOBODY_TO_LEAVE)
        case Command.LEAD:
            lead_talk.begin(talk)
        case Command.MINE | Command.CASES | Command.MYDATA | Command.PAPER | Command.FORGET:
            lead_talk.nothing_kept(talk)  # where things are kept, the office has taken these before
        case Command.BACK | Command.SKIP | Command.WHY if session.asking in (EDITING, RESTARTING):
            _close_menu(talk)
        case Command.BACK:
            talk.back()
        case Command.SKIP | Command.WHY if session.asking is None:
            talk.say(wording_help.NO_QUESTION)
        case Command.SKIP:
            reading.unknown(talk, "跳过")
        case Command.WHY:
            _why(talk)
        case _ if not session.answers:
            talk.resume(f"{wording_help.NOTHING_YET}\n\n")
        case Command.EDIT:
            talk.put(EDITING)
            talk.resume()
        case Command.RESULT:
            _result(talk)
        case Command.MATERIALS:
            talk.pages([], wording_result.paged([wording_result.materials(talk.engine, talk.known)]))
        case Command.OTHERS:
            talk.pages([], wording_result.not_applying(talk.engine, talk.known))
        case Command.PROGRESS:
            _progress(talk)


def _start(talk: Talk) -> None:
    session = talk.session
    if not session.answers:
        if session.asking is None:
            talk.note("started")
        talk.put(SCREENING)
        talk.resume(f"{talk.engine.policy.greeting}\n")
    elif session.asking is not None:
        talk.resume("欢迎回来，接着上次的：\n\n")
    else:
        talk.resume("欢迎回来。")


def _restart(talk: Talk) -> None:
    """A new consultation; the old one keeps its id and its answers in the store."""
    ident = uuid.uuid5(uuid.NAMESPACE_OID, f"{talk.inbound.channel}:{talk.inbound.id}").hex
    fresh = Session.begin(ident, talk.session.person, talk.engine, talk.now)
    talk.session = fresh.but(number=talk.session.number)  # old buttons stay old
    _start(talk)


def _close_menu(talk: Talk) -> None:
    talk.advance()
    talk.resume()


def _menu(talk: Talk, text: str) -> bool:
    """Words typed to a menu: yes or no to starting anew, or what the answer to change is about."""
    if talk.session.asking == RESTARTING:
        stance = YesNo(yes=("重新开始",), no=("接着来", "继续"), about="要").read(normalise(text))
        if stance is Stance.YES:
            _restart(talk)
        elif stance is Stance.NO:
            _close_menu(talk)
        return stance in (Stance.YES, Stance.NO)
    named = [a for a in talk.session.answers if text in answer_label(talk.engine, talk.known.case, a)]
    if len(named) != 1:
        return False
    talk.reopen(named[0].path)
    return True


def _reopen(talk: Talk, path: str) -> None:
    if fits(Answer(path=path, value=None), talk.engine) and talk.session.answers:
        talk.reopen(path)
    else:
        talk.resume(f"{wording_help.STALE}\n\n")


def _why(talk: Talk) -> None:
    asked = talk.open_question
    talk.say(wording_question.why(talk.session, talk.engine, talk.known), asked.choices)


def _result(talk: Talk) -> None:
    before = [] if talk.session.asking is None else ["还没有问完，先按目前的回答看：\n"]
    talk.pages(before, wording_result.result(talk.engine, talk.known))
    if talk.session.asking is not None:
        talk.resume("—— 接着问：\n")


def _progress(talk: Talk) -> None:
    total = wording_question.running_total(talk.known)
    if talk.session.asking is None:
        talk.resume("都问完了。")
    else:
        where = wording_question.progress(talk.session, talk.engine, talk.known)
        talk.resume(f"{where}。{total}\n\n")


def _changed_message(talk: Talk, text: str) -> None:
    """A message was edited: offer to change the answer that stood in it."""
    message = talk.inbound.message
    old = next((a for a in talk.session.answers if message is not None and a.message == message), None)
    if old is None or not text:
        talk.say(wording_help.EDITED_UNKNOWN)
        return
    label = answer_label(talk.engine, talk.known.case, old)
    before = f"看到您把消息改成了“{text[:50]}”。{label}原来记为 **{answer_value(talk.engine, old)}**，要改吗？\n\n"
    talk.put(old.path)
    if old.path == SCREENING:
        options = [(option.label, *option.synonyms) for option in talk.engine.policy.screening.options]
        chosen = intake.several(text, options)
        if chosen is not None:
            ticks = [option for place, option in enumerate(talk.session.offered) if place in chosen.places]
            talk.session = talk.session.but(ticks=tuple(ticks))
    talk.resume(before)
    if not is_fact(old.path):
        return
    understood = talk.engine.answers.read(talk.engine.policy.fact(old.path).id, text)
    if understood.status != "ok" or understood.value is None:
        return
    stated = json.dumps(value_to_json(understood.value), separators=(",", ":"))
    data = f"{talk.session.number}:{'~' if understood.approximate else '='}{stated}"
    new = Answer(path=old.path, value=json.loads(stated), approximate=understood.approximate)
    if len(data.encode()) <= _BUTTON_BYTES:
        change = Choice(label=f"改成 {answer_value(talk.engine, new)}", data=data, key="改")
        asked = talk.replies[-1]
        talk.replies[-1] = asked.model_copy(update={"choices": ((change,), *asked.choices)})


def _move_to_current_policy(talk: Talk) -> None:
    """A newer pack: keep what still exists, say what moved, and put the open question anew where it changed."""
    policy = talk.engine.policy
    if (talk.session.policy, talk.session.policy_version) == (policy.id, policy.version):
        return
    talk.session, lost = migrate(talk.session, talk.engine)
    if not talk.session.answers and not lost and talk.session.asking is None:
        return
    text = f"政策资料更新到了新版（{policy.version}）。您的回答都还在，结果会按新版算。"
    if lost:
        said = "、".join(f"“{answer.said}”" for answer in lost)
        text = f"政策资料更新到了新版（{policy.version}）。有 {len(lost)} 条回答在新版里没有对应的问题，已经放下：{said}；其余的都还在。"
    talk.say(text)
    asking = talk.session.asking
    if asking is not None and (
        asking in (SCREENING, SAME_PROJECT) or not fits(Answer(path=asking, value=None), talk.engine)
    ):
        talk.advance()
