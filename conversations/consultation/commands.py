"""What each command does: a wish that stands apart from the open question, which is put again after it.

``dialogue`` decides that a message is a command; the words of a command are ``commands``' business, what is shown that
of the ``wording`` modules.
"""

import uuid
from datetime import timedelta

from conversations.consultation import registration, typed
from conversations.consultation.turn import Talk
from conversations.language import command_words
from conversations.language.command_words import Command
from conversations.language.text import normalise
from conversations.language.yesno import AnswerStance, YesNo
from conversations.saying import notices, questions, results
from conversations.saying.questions import EDITING, RESTARTING
from conversations.saying.values import answer_label
from conversations.state.events import PersonWanted, Started
from conversations.state.messages import Choice
from conversations.state.session import SCREENING, Answer, Session, fits

_BACK_AFTER = timedelta(hours=1)
"""Who was here within that time is not welcomed back."""
_RESTART = YesNo(yes=("重新开始",), no=("接着来", "继续"), about="要")


def obey(talk: Talk, command: Command) -> None:
    """Do what ``command`` asks for."""
    policy = talk.shelf.policy
    session = talk.session
    match command:
        case Command.START:
            _start(talk)
        case Command.NEW:
            if session.answers:
                talk.put(RESTARTING)
                talk.resume()
            else:
                restart(talk)
        case Command.HELP:
            talk.inform(notices.HELP)
        case Command.POLICY:
            talk.inform(notices.about(policy))
        case Command.PRIVACY:
            talk.inform(notices.PRIVACY)
        case Command.THANKS:
            talk.say(notices.THANKS)
        case Command.PERSON:
            talk.note(PersonWanted())
            talk.say(notices.PERSON.format(policy.lead))
        case Command.END:
            talk.resume(notices.NOBODY_TO_LEAVE)
        case Command.LEAD:
            registration.begin(talk)
        case Command.MINE | Command.CASES | Command.MYDATA | Command.PAPER | Command.FORGET:
            registration.nothing_kept(talk)  # where things are kept, the office has taken these before
        case Command.BACK | Command.SKIP | Command.WHY if session.asking in (EDITING, RESTARTING):
            close_menu(talk)
        case Command.BACK:
            talk.back()
        case Command.SKIP if session.asking is None:
            talk.resume(f"{notices.NO_QUESTION}\n\n")
        case Command.SKIP:
            typed.unknown(talk, "跳过")
        case Command.WHY if session.asking is not None:
            why(talk)
        case _ if not session.answers:
            talk.resume(f"{notices.NOTHING_YET}\n\n")
        case Command.EDIT:
            talk.put(EDITING)
            talk.resume()
        case Command.FILL:
            _fill(talk)
        case Command.PROGRESS:
            _progress(talk)
        case Command.RESULT | Command.MATERIALS | Command.OTHERS | Command.WHY:
            _show(talk, command)


def restart(talk: Talk) -> None:
    """A new consultation; the old one keeps its id and its answers in the store."""
    ident = uuid.uuid5(uuid.NAMESPACE_OID, f"{talk.inbound.channel}:{talk.inbound.id}").hex
    fresh = Session.begin(ident, talk.session.person, talk.shelf, talk.now)
    talk.session = fresh.but(number=talk.session.number)  # old buttons stay old
    _start(talk)


def close_menu(talk: Talk) -> None:
    """Leave a menu and go on where the consultation was."""
    talk.advance()
    talk.resume()


def menu(talk: Talk, text: str) -> bool:
    """Words typed to a menu: yes or no to starting anew, or what the answer to change is about."""
    if talk.session.asking == RESTARTING:
        stance = _RESTART.read(normalise(text))
        if stance is AnswerStance.YES:
            restart(talk)
        elif stance is AnswerStance.NO:
            close_menu(talk)
        return stance in (AnswerStance.YES, AnswerStance.NO)
    named = [a for a in talk.session.answers if text in answer_label(talk.shelf, talk.known.case, a)]
    if len(named) == 1:
        talk.reopen(named[0].path)
    elif named:
        wanted = {f"!edit:{answer.path}" for answer in named}
        buttons = [row for row in talk.open_question.choices if row[0].data in wanted]
        talk.say(f"有几条都提到“{text}”，要改哪一条？", (*buttons, talk.open_question.choices[-1]))
    return bool(named)


def reopen(talk: Talk, path: str) -> None:
    """Ask ``path`` again, where there is such a question."""
    if fits(Answer(path=path, value=None), talk.shelf) and talk.session.answers:
        talk.reopen(path)
    else:
        talk.resume(f"{notices.STALE}\n\n")


def why(talk: Talk) -> None:
    """Say why the open question is asked."""
    asked = talk.open_question
    talk.say(questions.why(talk.session, talk.shelf, talk.known), asked.choices)


def pressed_clause(talk: Talk, ident: str) -> None:
    """Show a clause, which is talked about from now on."""
    talk.session = talk.session.but(topic=ident)
    talk.inform(notices.clause(talk.shelf.policy, ident))


def label(talk: Talk, data: str, otherwise: str) -> str:
    """What a button that is valid at any time reads; where it has not been shown lately, the command's own word."""
    rows: tuple[tuple[Choice, ...], ...] = () if talk.session.asking is None else talk.open_question.choices
    shown = [*talk.session.aside, *(choice for row in rows for choice in row)]
    command = command_words.read(f"/{data[1:].partition(':')[0]}")
    word = otherwise if command is None else next(iter(command_words.WORDS[command]), otherwise)
    return next((choice.label for choice in shown if choice.data == data), word)


def _start(talk: Talk) -> None:
    session = talk.session
    back = talk.away > _BACK_AFTER or talk.inbound.text.startswith("/")
    if not session.answers:
        if session.asking is None:
            talk.note(Started())
        talk.put(SCREENING)
        talk.resume(f"{talk.shelf.policy.greeting}\n")
    elif session.asking is not None:
        talk.resume("欢迎回来，接着上次的：\n\n" if back else "好的，接着来：\n\n")
    else:
        talk.resume("欢迎回来。" if back else "您好，都问完了。")


def _fill(talk: Talk) -> None:
    """Ask what was put off once more, one question after the other."""
    put_off = {answer.path for answer in results.put_off(talk.session, talk.known)}
    if not put_off:
        talk.resume("没有放着没答的了。\n\n")
        return
    kept = [answer for answer in talk.session.answers if answer.path not in put_off]
    rough = [a.model_copy(update={"final": False}) for a in talk.session.answers if a.path in put_off and a.final]
    talk.session = talk.session.but(answers=(*kept, *rough))
    talk.advance()
    talk.resume("好的，把没定的再问一遍，还不清楚的照样可以先放着。\n\n")


def _show(talk: Talk, command: Command) -> None:
    """The result, or a part of it, as far as it is known; then the open question again."""
    shelf, known = talk.shelf, talk.known
    midway = talk.session.asking is not None
    if command is Command.RESULT:
        texts = results.result(shelf, known, midway)
    elif command is Command.MATERIALS:
        texts = results.paged([results.materials(shelf, known)])
    else:
        texts = results.not_applying(shelf, known)
    talk.pages(["还没有问完，先按目前的回答看：\n"] if midway else [], texts)
    if midway:
        talk.resume("—— 接着问：\n")


def _progress(talk: Talk) -> None:
    if talk.session.asking is None:
        talk.resume("都问完了。")
        return
    where = questions.progress(talk.session, talk.shelf, talk.known)
    total = questions.running_total(talk.known)
    talk.resume(f"{where}。{total}\n\n")
