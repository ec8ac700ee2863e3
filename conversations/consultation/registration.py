"""The part of a turn that belongs to the form of a lead, while one is open.

What the form does not take (other commands, buttons, questions of the consultation) goes on as ever, and the form is
put again after it.
"""

from conversations.consultation.turn import Turn
from conversations.saying import registration as wording
from conversations.state import lead_form
from conversations.state.actions import FillIn, command
from conversations.state.commands import Command
from conversations.state.events import LeadSent
from conversations.state.lead_fields import LABELS, Field
from conversations.state.lead_form import FIELDS, Ended, Form, FormStep, Screen
from conversations.state.messages import Kind

_MINE = {Command.LEAD, Command.START}
_WORDS = {
    Command.BACK: "back",
    Command.SKIP: "skip",
    Command.EDIT: "",
}
_CANCEL = ("取消", "不登记了", "算了", "不填了", "/cancel", "不改了")
_YES = ("同意", "是", "好", "好的", "可以", "行", "确认", "提交", "确认提交", "没问题", "对")
_NO = ("不同意", "不", "不要", "否", "不行", "拒绝", "不可以")


def begin(turn: Turn) -> None:
    """Open the form, after a result; before one say that it comes later."""
    if not turn.session.finished:
        turn.resume(wording.TOO_EARLY.format(you=turn.shelf.policy.you))
        return
    if not turn.inbound.kept:
        nothing_kept(turn)
        return
    form = Form(crosses=turn.inbound.abroad, carrier=turn.inbound.carrier, elsewhere=turn.inbound.elsewhere)
    turn.session = turn.session.but(form=form)
    turn.replies.append(wording.question(turn.shelf, form))


def nothing_kept(turn: Turn) -> None:
    """Say that here nothing is kept, so that there is nothing to be had or deleted."""
    turn.say(wording.not_kept(turn.inbound.elsewhere))


def take(turn: Turn) -> bool:
    """Let the open form have the message; False where there is none or it is not the form's."""
    form = turn.session.form
    kind, text = turn.inbound.kind, turn.message.text
    if form is None:
        return False
    if kind is Kind.CHOICE:
        action = turn.inbound.action
        _set_aside(turn, command(action))
        return isinstance(action, FillIn) and _press(turn, form, action)
    if kind is Kind.CONTACT:
        if form.at == Field.PHONE:
            _go(turn, lead_form.write(form, text, turn.shelf.policy.area_code))
        else:
            label = LABELS[Field(form.at)] if form.at in FIELDS else "要不要登记"
            _ask(turn, form, wording.CONTACT_ELSEWHERE.format(label))
        return True
    return kind in (Kind.TEXT, Kind.FORWARD) and bool(text) and _type(turn, form)


def remind(turn: Turn) -> None:
    """Put the form again after something else; nothing where none is open."""
    if turn.session.form is not None:
        _ask(turn, turn.session.form, wording.REMINDER)


def _set_aside(turn: Turn, wanted: Command | None) -> None:
    """To begin anew, or to change answers, is to leave the form."""
    if wanted in (Command.NEW, Command.EDIT, Command.FILL):
        turn.session = turn.session.but(form=None)
        turn.say(wording.SET_ASIDE)


def _press(turn: Turn, form: Form, action: FillIn) -> bool:
    step = lead_form.press(form, action.value, turn.now) if action.at == form.at else None
    if step is None:
        return False
    turn.said = max((word for word, value in wording.labels(form).items() if value == action.value), key=len)
    _go(turn, step)
    return True


def _type(turn: Turn, form: Form) -> bool:
    text, wanted = turn.message.text, turn.message.command
    value = wording.labels(form).get(text)
    if value is None:
        value = _meant(form, text.strip(" 。.!！"), wanted)
    if value is not None and (step := lead_form.press(form, value, turn.now)) is not None:
        _go(turn, step)
        return True
    if wanted in _MINE:
        _ask(turn, form)
        return True
    _set_aside(turn, wanted)
    if wanted is not None or text.startswith("/"):
        return False
    if form.at in FIELDS:
        _go(turn, lead_form.write(form, text, turn.shelf.policy.area_code))
    else:
        _ask(turn, form, wording.TYPED_ELSEWHERE)
    return True


def _meant(form: Form, text: str, wanted: Command | None) -> str | None:
    """The value of the button that these words stand for on this screen."""
    if text in _CANCEL:
        return "cancel"
    if wanted is not None and wanted in _WORDS and form.at not in (Screen.CONSENT, Screen.CROSSING):
        return _WORDS[wanted] or None
    if form.at in FIELDS:
        return "skip" if text in ("没有", "无") else None
    if form.at == Screen.CONFIRM:
        return "send" if text in _YES else next((f.value for f in FIELDS if LABELS[f] in text), None)
    return "yes" if text in _YES else "no" if text in _NO else None


def _go(turn: Turn, step: FormStep) -> None:
    if step.ended is None:
        _ask(turn, step.form, f"{step.say}\n\n" if step.say else "")
        return
    turn.session = turn.session.but(form=None)
    if step.ended is Ended.SENT:
        turn.session = turn.session.but(registered=True)
        turn.note(LeadSent(step.form))
    elif step.form.lead is not None:
        turn.say(wording.UNCHANGED)
    else:
        turn.resume(f"{wording.ended(turn.shelf, step.form, step.ended)}\n\n")


def _ask(turn: Turn, form: Form, before: str = "") -> None:
    turn.session = turn.session.but(form=form)
    turn.replies.append(wording.question(turn.shelf, form, before))
