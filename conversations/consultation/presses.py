"""What the press of a button does: to the open question, or at any time.

A button is taken by what it says, and only where the open question shows such a one now; all others are refused kindly.
What is typed in the place of a button comes here as well.
"""

from collections.abc import Collection, Iterable, Sequence

from pydantic import JsonValue

from conversations.consultation import commands, slots
from conversations.consultation.turn import Turn
from conversations.language import command_words
from conversations.saying import notices
from conversations.saying.questions import AT_ONCE, PAGE
from conversations.state.actions import (
    Action,
    Confirm,
    Control,
    Edit,
    OfQuestion,
    Pick,
    PutInPlay,
    ShowClause,
    Side,
    State,
    Steer,
    Toggle,
    command,
    short,
)
from conversations.state.messages import Choice
from conversations.state.session import (
    EDITING,
    RESTARTING,
    SAME_PROJECT,
    SCREENING,
    Data,
    fits,
    narrowed,
    value_at,
)
from rules.case import value_to_json

PRESSED = "（点了按钮）"
"""How the press of a button reads whose label is not known any more."""


def press(turn: Turn, action: Action | None) -> None:
    """Do what a button says; ``action`` is None where it says nothing known."""
    turn.said = PRESSED
    if isinstance(action, OfQuestion):
        if turn.session.asking is None or action.number != turn.session.number or not _answered(turn, action):
            _refuse(turn)
        return
    turn.said = _label(turn, action)
    match action:
        case ShowClause(name) if ident := _named(name, [clause.id for clause in turn.shelf.policy.clauses]):
            commands.show_clause(turn, ident)
        case Edit(name):
            commands.reopen(turn, _named(name, [answer.path for answer in turn.session.answers]) or name)
        case PutInPlay(name):
            commands.put_in_play(turn, _documents(turn, name))
        case _ if (wanted := command(action)) is not None:
            commands.carry_out(turn, wanted)
        case _:
            _refuse(turn)


def _named(name: str, names: Iterable[str]) -> str | None:
    """Which of ``names`` a button says."""
    return next((each for each in names if short(each) == name), None)


def _documents(turn: Turn, name: str) -> Sequence[str]:
    """The documents that a button says: one, those of a place, or all."""
    known = {f"@{place}": ids for place, ids in turn.shelf.places(()).items()}
    known |= {each.id: (each.id,) for each in turn.shelf.policy.documents}
    return known.get(_named(name, known) or "", ())


def _refuse(turn: Turn) -> None:
    turn.resume(f"{notices.STALE}\n\n")


def _label(turn: Turn, action: Action | None) -> str:
    """What a button reads that is valid at any time; where it has not been shown lately, the command's own word."""
    rows = () if turn.session.asking is None else turn.open_question.choices
    always = notices.to_choose(turn.shelf.policy)
    return reading(action, [*turn.session.aside, *(choice for row in (*rows, *always) for choice in row)])


def reading(action: Action | None, shown: Iterable[Choice]) -> str:
    """What a button reads: as it is among those ``shown``, else by the word for what it does."""
    wanted = command(action)
    word = PRESSED if wanted is None else command_words.WORDS[wanted][0]
    return next((choice.label for choice in shown if choice.action == action), word)


def _answered(turn: Turn, action: OfQuestion) -> bool:
    """Take a button of the open question; False where it has no such button."""
    if turn.inbound.ticked is not None:
        _tick(turn, turn.inbound.ticked)
    buttons = [choice for row in turn.open_question.choices for choice in row]
    label = next((choice.label for choice in buttons if choice.action == action), None)
    if label is None:
        return False
    turn.said = label
    path = turn.session.asking
    match action:
        case Steer(_, control):
            _steer(turn, control, buttons)
        case Toggle(_, place):
            _toggle(turn, place)
        case Confirm(_, yes) if path == RESTARTING:
            commands.restart(turn) if yes else commands.close_menu(turn)
        case Confirm() if path == EDITING:
            commands.close_menu(turn)
        case Confirm() if path == SAME_PROJECT:
            slots.choose(turn, frozenset(range(len(turn.session.offered))), label)
        case Confirm(_, value) | Pick(_, value):
            return _state(turn, value)
        case State(_, value, approximate):
            return _state(turn, value, approximate)
        case Side(_, end, figure):
            side: Data = {end: value_to_json(figure)}
            return _state(turn, narrowed(value_at(turn.known.case, path or ""), side))
    return True


def _steer(turn: Turn, control: Control, buttons: Sequence[Choice]) -> None:
    match control:
        case Control.UNKNOWN:
            slots.unknown(turn, turn.said)
        case Control.WHY:
            commands.why(turn)
        case Control.BACK:
            turn.back()
        case Control.KEEP:
            turn.proceed(turn.known, "好的，保持不变。")
        case Control.MORE:
            if turn.session.asking == SCREENING:
                turn.session = turn.session.but(first_shown=turn.session.first_shown + AT_ONCE)
                turn.resume()
                return
            first = turn.session.first_shown + PAGE
            turn.put(EDITING)
            turn.session = turn.session.but(first_shown=first if first < len(turn.session.answers) else 0)
            turn.resume()
        case Control.DONE:
            _done(turn, buttons)
        case Control.NONE:
            slots.choose(turn, frozenset(), turn.said)


def _done(turn: Turn, buttons: Sequence[Choice]) -> None:
    """The options ticked are all that hold."""
    ticks = frozenset(place for place, option in enumerate(turn.session.offered) if option in turn.session.ticks)
    if ticks:
        turn.said = "、".join(choice.label for choice in buttons if choice.on)
        slots.choose(turn, ticks, turn.said)
    else:
        none = Steer(turn.session.number, Control.NONE)
        label = next(choice.label for choice in buttons if choice.action == none)
        turn.resume(f"还没有选。有符合的请先点上；一个也没有的话，点“{label}”。\n\n")


def _state(turn: Turn, value: JsonValue, approximate: bool = False) -> bool:
    """Record ``value`` as the answer; False where the question takes no such value."""
    before = turn.known
    answer = turn.answer(turn.session.asking or "", value, turn.said, approximate)
    if not fits(answer, turn.shelf):
        return False
    turn.record(answer)
    turn.proceed(before, turn.said_back(answer))
    return True


def _tick(turn: Turn, ticked: Collection[Toggle]) -> None:
    """Take over which toggles of the open question stand on."""
    number = turn.session.number
    options = [option for place, option in enumerate(turn.session.offered) if Toggle(number, place) in ticked]
    turn.session = turn.session.but(ticks=tuple(options))


def _toggle(turn: Turn, place: int) -> None:
    option = turn.session.offered[place]
    ticks = turn.session.ticks
    ticks = tuple(tick for tick in ticks if tick != option) if option in ticks else (*ticks, option)
    turn.session = turn.session.but(ticks=ticks)
    turn.replies.append(turn.open_question.model_copy(update={"edit": turn.inbound.message}))
