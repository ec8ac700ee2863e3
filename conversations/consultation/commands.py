"""What each command does: a wish that stands apart from the open question, which is put again after it.

``dialogue`` decides that a message is a command; the words of a command are ``commands``' business, what is shown that
of the ``wording`` modules.
"""

from collections.abc import Sequence
from datetime import timedelta

from conversations.consultation import registration, slots
from conversations.consultation.turn import Turn
from conversations.language.yesno import AnswerStance
from conversations.saying import notices, office_notes, questions, results
from conversations.saying.notes import notes
from conversations.saying.pages import paged
from conversations.saying.values import answer_label
from conversations.state.actions import Edit, short
from conversations.state.answer import Answer
from conversations.state.commands import Command
from conversations.state.events import PersonWanted, Started
from conversations.state.office_notes import NoteKind, chosen
from conversations.state.session import EDITING, MENUS, RESTARTING, SCREENING, Session, fits

_BACK_AFTER = timedelta(hours=1)
"""Who was here within that time is not welcomed back."""


def carry_out(turn: Turn, command: Command) -> None:
    """Do what ``command`` asks for."""
    match command:
        case Command.START | Command.NEW:
            _begin(turn, command)
        case (
            Command.HELP
            | Command.POLICY
            | Command.PRIVACY
            | Command.THANKS
            | Command.PERSON
            | Command.END
            | Command.PAUSE
        ):
            _tell(turn, command)
        case Command.LEAD:
            registration.begin(turn)
        case Command.MINE | Command.CASES | Command.MYDATA | Command.PAPER | Command.FORGET:
            registration.nothing_kept(turn)  # where things are kept, the office has taken these before
        case Command.BACK | Command.SKIP:
            _at_question(turn, command)
        case Command.WHY if turn.session.asking is not None:
            _at_question(turn, command)
        case _ if not turn.session.answers:
            turn.resume(f"{notices.NOTHING_YET}\n\n")
        case Command.EDIT:
            turn.put(EDITING)
            turn.resume()
        case Command.FILL:
            _fill(turn)
        case Command.PROGRESS:
            _progress(turn)
        case Command.RESULT | Command.MATERIALS | Command.NOTES | Command.OTHERS | Command.WHY:
            _show(turn, command)


def restart(turn: Turn) -> None:
    """A new consultation; the old one keeps its id and its answers in the store."""
    fresh = Session.begun_by(turn.inbound, turn.shelf, turn.now)
    turn.session = fresh.but(number=turn.session.number)  # old buttons stay old
    _start(turn)


def close_menu(turn: Turn) -> None:
    """Leave a menu and go on where the consultation was."""
    turn.advance()
    turn.resume()


def menu(turn: Turn) -> bool:
    """Words typed to a menu: yes or no to starting anew, or what the answer to change is about."""
    if turn.session.asking == RESTARTING:
        stance = turn.message.restart
        if stance is AnswerStance.YES:
            restart(turn)
        elif stance is AnswerStance.NO:
            close_menu(turn)
        return stance in (AnswerStance.YES, AnswerStance.NO)
    text = turn.message.text
    named = [a for a in turn.session.answers if text in answer_label(turn.shelf, turn.known.case, a)]
    if len(named) == 1:
        turn.reopen(named[0].path)
    elif named:
        wanted = [Edit(short(answer.path)) for answer in named]
        buttons = [row for row in turn.open_question.choices if row[0].action in wanted]
        turn.say(f"有几条都提到“{text}”，要改哪一条？", (*buttons, turn.open_question.choices[-1]))
    return bool(named)


def reopen(turn: Turn, path: str) -> None:
    """Ask ``path`` again, where there is such a question."""
    if fits(Answer(path=path, value=None), turn.shelf) and turn.session.answers:
        turn.reopen(path)
    else:
        turn.resume(f"{notices.STALE}\n\n")


def why(turn: Turn) -> None:
    """Say why the open question is asked."""
    asked = turn.open_question
    turn.say(questions.why(turn.session, turn.shelf, turn.known), asked.choices)


def show_clause(turn: Turn, ident: str) -> None:
    """Show a clause, which is talked about from now on."""
    turn.session = turn.session.but(topic=ident)
    turn.inform(notices.clause(turn.shelf.policy, ident))


def put_in_play(turn: Turn, policies: Sequence[str] = ()) -> None:
    """Ask about these policies alone from now on, or (none named) about all; what was answered on the others stays."""
    turn.session = turn.session.but(in_play=tuple(policies))
    turn.advance()
    turn.resume(f"{notices.in_play(turn.shelf.documents(policies), bool(turn.session.answers))}\n\n")


def _begin(turn: Turn, command: Command) -> None:
    """Begin, or go on; anew only after asking, where there is something to lose."""
    if command is Command.START:
        _start(turn)
    elif turn.session.answers:
        turn.put(RESTARTING)
        turn.resume()
    else:
        restart(turn)


def _tell(turn: Turn, command: Command) -> None:
    """What can be said whatever the state is."""
    policy = turn.shelf.policy
    match command:
        case Command.POLICY:
            turn.inform(notices.about(policy), notices.to_choose(policy))
        case Command.PRIVACY:
            turn.inform(notices.privacy(turn.inbound.carrier))
        case Command.THANKS:
            turn.say(notices.THANKS)
        case Command.PERSON:
            turn.note(PersonWanted())
            reached = office_notes.titled(policy, chosen(turn.shelf.notes, (NoteKind.PHONE, NoteKind.HOURS)))
            turn.say("\n".join(part for part in (notices.PERSON.format(policy.lead), reached) if part))
        case Command.PAUSE:
            turn.say(notices.PAUSED)
        case Command.END:
            turn.resume(notices.NOBODY_TO_LEAVE)
        case _:
            turn.inform(notices.help_text(policy))


def _at_question(turn: Turn, command: Command) -> None:
    """Back, skip or why; at a menu each of them leaves it."""
    if turn.session.asking in MENUS:
        close_menu(turn)
    elif command is Command.BACK:
        turn.back()
    elif turn.session.asking is None:
        turn.resume(f"{notices.NO_QUESTION}\n\n")
    elif command is Command.SKIP:
        slots.unknown(turn, "跳过")
    else:
        why(turn)


def _start(turn: Turn) -> None:
    session = turn.session
    back = turn.away > _BACK_AFTER or turn.inbound.text.startswith("/")
    if not session.answers:
        if session.asking is None:
            turn.note(Started())
        turn.put(SCREENING)
        turn.resume(f"{notices.welcome(turn.shelf)}\n")
    elif session.asking is not None:
        turn.resume("欢迎回来，接着上次的：\n\n" if back else "好的，接着来：\n\n")
    else:
        turn.resume("欢迎回来。" if back else "您好，都问完了。")


def _fill(turn: Turn) -> None:
    """Ask what was put off once more, one question after the other."""
    put_off = {answer.path for answer in results.put_off(turn.session, turn.known)}
    if not put_off:
        turn.resume("没有放着没答的了。\n\n")
        return
    kept = [answer for answer in turn.session.answers if answer.path not in put_off]
    rough = [a.model_copy(update={"final": False}) for a in turn.session.answers if a.path in put_off and a.final]
    turn.session = turn.session.but(answers=(*kept, *rough))
    turn.advance()
    turn.resume("好的，把没定的再问一遍，还不清楚的照样可以先放着。\n\n")


def _show(turn: Turn, command: Command) -> None:
    """The result, or a part of it, as far as it is known; then the open question again."""
    shelf, known = turn.shelf, turn.known
    midway = turn.session.asking is not None
    if command is Command.RESULT:
        texts = results.result(shelf, known, midway)
    elif command is Command.MATERIALS:
        texts = paged([results.materials(shelf, known)])
    elif command is Command.NOTES:
        texts = notes(shelf, known)
    else:
        texts = results.not_applying(shelf, known)
    turn.pages(["还没有问完，先按目前的回答看：\n"] if midway else [], texts)
    if midway:
        turn.resume("—— 接着问：\n")


def _progress(turn: Turn) -> None:
    if turn.session.asking is None:
        turn.resume("都问完了。")
        return
    where = questions.progress(turn.session, turn.shelf, turn.known)
    total = questions.running_total(turn.shelf, turn.known)
    turn.resume(f"{where}。{total}\n\n")
