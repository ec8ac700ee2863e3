"""The one place where a message meets the state: ``turn`` takes both and gives the new state, the replies, the events.

Pure: no clock, no database, no network. Here is decided what kind of thing a message is; what a press does is the
business of ``presses``, how words answer the open question that of ``typed``, what is asked next the interview's.
"""

from datetime import datetime

from conversations.consultation import commands, corrections, presses, registration, typed
from conversations.consultation.turn import Turn
from conversations.language.message import as_label
from conversations.saying import notices
from conversations.state.answer import Answer
from conversations.state.events import Left
from conversations.state.lead_fields import Field
from conversations.state.lead_form import Form
from conversations.state.messages import Choice, Inbound, Kind, lasting
from conversations.state.session import MENUS, SAME_PROJECT, SCREENING, Session, fits
from conversations.state.shelf import Shelf
from conversations.state.shelf_change import migrate

LONGEST = 2000
"""The most characters of one message that are read."""
LONGEST_LEFT, MOST_LEFT = 300, 3
"""The most characters that are kept of what was not read of a message, and of how many messages."""


def turn(session: Session, inbound: Inbound, shelf: Shelf, now: datetime) -> Turn:
    """Take one message. Never raises for anything that a person can send; ``now`` is kept as the last activity."""
    turn = Turn(session, inbound, shelf, now)
    _move_to_current_policy(turn)
    form = turn.session.form
    if not registration.take(turn):
        _take(turn)
        if form is not None and inbound.kind is not Kind.LEFT:
            registration.remind(turn)
    if _asks_phone(form) and not _asks_phone(turn.session.form) and turn.replies:
        turn.replies[0] = turn.replies[0].model_copy(update={"contact_over": True})
    if turn.unread:
        turn.session = turn.session.but(left=(*turn.session.left, "，".join(turn.unread)[:LONGEST_LEFT])[-MOST_LEFT:])
    if aside := lasting(turn.replies):
        turn.session = turn.session.but(aside=aside)
    return turn


def _asks_phone(form: Form | None) -> bool:
    return form is not None and form.at == Field.PHONE


def _take(turn: Turn) -> None:
    match turn.inbound.kind:
        case Kind.LEFT:
            turn.note(Left())
        case Kind.CHOICE:
            presses.press(turn, turn.inbound.action)
        case Kind.MEDIA if turn.message.text:
            turn.say(notices.CAPTION.format(turn.inbound.sent or "图片"))
            _typed(turn)
        case Kind.MEDIA:
            turn.say(notices.MEDIA.format(turn.inbound.sent or notices.NO_TEXT))
        case Kind.CONTACT:
            turn.say(notices.CONTACT)
        case Kind.EDIT:
            corrections.changed_message(turn)
        case Kind.TEXT | Kind.FORWARD:
            _typed(turn)


def _typed(turn: Turn) -> None:
    text = turn.message.text
    if not text:
        turn.say(notices.EMPTY)
        return
    if len(text) > LONGEST:
        turn.say(notices.TOO_LONG.format(LONGEST))
        return
    if (pressed := _by_key(turn)) is not None:
        presses.press(turn, pressed.action)
        return
    if turn.message.command is not None:
        commands.carry_out(turn, turn.message.command)
        return
    if text.startswith("/"):
        turn.resume(f"{notices.again(text)}能用的命令在 /help 里。\n\n")
        return
    if turn.session.asking in MENUS:
        if commands.menu(turn):
            return
        turn.advance()  # something else: the menu is closed
    typed.read(turn)


def _by_key(turn: Turn) -> Choice | None:
    """The button that the message stands for; toggles apart: one message names all of them."""
    typed = turn.message.label
    rows = () if turn.session.asking is None else turn.open_question.choices
    choices = [*(choice for row in rows for choice in row), *turn.session.aside]
    return next((c for c in choices if c.on is None and typed in (c.key, as_label(c.label))), None)


def _move_to_current_policy(turn: Turn) -> None:
    """A newer pack: keep what still exists, say what moved, and put the open question anew where it changed."""
    policy = turn.shelf.policy
    before = turn.session
    if (before.policy, before.policy_version) == (policy.id, policy.version):
        return
    turn.session, lost = migrate(before, turn.shelf)
    if not turn.session.answers and not lost and turn.session.asking is None:
        return
    if before.policy != policy.id:
        turn.say(f"现在对照的是：{'、'.join(each.name for each in policy.documents)}。您前面的回答都还在。")
        if before.asking is not None:
            turn.advance()
        return
    text = f"政策资料更新到了新版（{policy.version}）。您的回答都还在，结果会按新版算。"
    if lost:
        said = "、".join(f"“{answer.said}”" for answer in lost)
        text = f"政策资料更新到了新版（{policy.version}）。有 {len(lost)} 条回答在新版里没有对应的问题，已经放下：{said}；其余的都还在。"
    turn.say(text)
    asking = turn.session.asking
    if asking is not None and (
        asking in (SCREENING, SAME_PROJECT) or not fits(Answer(path=asking, value=None), turn.shelf)
    ):
        turn.advance()
