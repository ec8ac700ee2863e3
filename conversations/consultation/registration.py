"""The part of a turn that belongs to the form of a lead, while one is open.

What the form does not take (other commands, buttons, questions of the consultation) goes on as ever, and the form is
put again after it.
"""

from conversations.consultation.turn import Talk
from conversations.language import command_words
from conversations.language.command_words import Command
from conversations.saying import registration as wording
from conversations.state import lead_form
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


def begin(talk: Talk) -> None:
    """Open the form, after a result; before one say that it comes later."""
    if not talk.session.finished:
        talk.resume(wording.TOO_EARLY)
        return
    if not talk.inbound.kept:
        nothing_kept(talk)
        return
    form = Form(crosses=talk.inbound.abroad, elsewhere=talk.inbound.elsewhere)
    talk.session = talk.session.but(form=form)
    talk.replies.append(wording.question(talk.shelf, form))


def nothing_kept(talk: Talk) -> None:
    """Say that here nothing is kept, so that there is nothing to be had or deleted."""
    talk.say(wording.not_kept(talk.inbound.elsewhere))


def take(talk: Talk, text: str) -> bool:
    """Let the open form have the message; False where there is none or it is not the form's."""
    form = talk.session.form
    kind = talk.inbound.kind
    if form is None or talk.inbound.group:  # who talks in a group does not write their phone number there
        return False
    if kind is Kind.CHOICE:
        _set_aside(talk, command_words.read(f"/{text[1:].partition(':')[0]}") if text.startswith("!") else None)
        return text.startswith("!f:") and _press(talk, form, text)
    if kind is Kind.CONTACT:
        if form.at == Field.PHONE:
            _go(talk, lead_form.write(form, text, talk.shelf.policy.area_code))
        else:
            label = LABELS[Field(form.at)] if form.at in FIELDS else "要不要登记"
            _ask(talk, form, wording.CONTACT_ELSEWHERE.format(label))
        return True
    return kind in (Kind.TEXT, Kind.FORWARD) and bool(text) and _type(talk, form, text)


def remind(talk: Talk) -> None:
    """Put the form again after something else; nothing where none is open."""
    if talk.session.form is not None and not talk.inbound.group:
        _ask(talk, talk.session.form, wording.REMINDER)


def _set_aside(talk: Talk, command: Command | None) -> None:
    """To begin anew, or to change answers, is to leave the form."""
    if command in (Command.NEW, Command.EDIT, Command.FILL):
        talk.session = talk.session.but(form=None)
        talk.say(wording.SET_ASIDE)


def _press(talk: Talk, form: Form, data: str) -> bool:
    _, at, value = data.split(":", 2) if data.count(":") == 2 else ("", "", "")
    step = lead_form.press(form, value, talk.now) if at == form.at else None
    if step is None:
        return False
    talk.said = max((word for word, stands_for in wording.labels(form).items() if stands_for == value), key=len)
    _go(talk, step)
    return True


def _type(talk: Talk, form: Form, text: str) -> bool:
    value = wording.labels(form).get(text.strip())
    if value is None:
        value = _meant(form, text.strip(" 。.!！"))
    if value is not None and (step := lead_form.press(form, value, talk.now)) is not None:
        _go(talk, step)
        return True
    command = command_words.read(text)
    if command in _MINE:
        _ask(talk, form)
        return True
    _set_aside(talk, command)
    if command is not None or text.startswith("/"):
        return False
    if form.at in FIELDS:
        _go(talk, lead_form.write(form, text, talk.shelf.policy.area_code))
    else:
        _ask(talk, form, wording.TYPED_ELSEWHERE)
    return True


def _meant(form: Form, text: str) -> str | None:
    """The value of the button that these words stand for on this screen."""
    if text in _CANCEL:
        return "cancel"
    command = command_words.read(text)
    if command is not None and command in _WORDS and form.at not in (Screen.CONSENT, Screen.CROSSING):
        return _WORDS[command] or None
    if form.at in FIELDS:
        return "skip" if text in ("没有", "无") else None
    if form.at == Screen.CONFIRM:
        return "send" if text in _YES else next((f.value for f in FIELDS if LABELS[f] in text), None)
    return "yes" if text in _YES else "no" if text in _NO else None


def _go(talk: Talk, step: FormStep) -> None:
    if step.ended is None:
        _ask(talk, step.form, f"{step.say}\n\n" if step.say else "")
        return
    talk.session = talk.session.but(form=None)
    if step.ended is Ended.SENT:
        talk.note(LeadSent(step.form))
    elif step.form.lead is not None:
        talk.say(wording.UNCHANGED)
    else:
        talk.resume(f"{wording.ended(talk.shelf, step.form, step.ended)}\n\n")


def _ask(talk: Talk, form: Form, before: str = "") -> None:
    talk.session = talk.session.but(form=form)
    talk.replies.append(wording.question(talk.shelf, form, before))
