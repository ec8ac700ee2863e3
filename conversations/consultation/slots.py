"""An answer to the open question: options chosen, several things grouped as one project, or "not known".

By whatever way it came: a press, or typed words. What else a message states is the business of ``statements``.
"""

from collections.abc import Sequence

from conversations.consultation.turn import Turn
from conversations.saying import notices
from conversations.saying.misses import many_unknown
from conversations.saying.questions import further, loosely
from conversations.state.answer import Answer, Grouping, Ticks, ticks_of
from conversations.state.interview import MORE, SAME_PROJECT, projects_in_question
from conversations.state.session import SCREENING, Known, screen
from knowledge.policy import ScreeningOption


def choose(turn: Turn, places: frozenset[int], said: str, rest: bool = True) -> None:
    """Answer the open multiple choice with the options at ``places``; ``rest`` says that the others do not hold.

    What the person has spoken of is not settled by being left out.
    """
    before = turn.known
    offered = turn.session.offered
    if turn.session.asking == SAME_PROJECT:
        group(turn, [offered[place] for place in sorted(places)], said)
        return
    chosen = {option: True for place, option in enumerate(offered) if place in places}
    settled = dict.fromkeys(_never_mentioned(turn, offered), False) if rest else {}
    _tick(turn, chosen | {option: on for option, on in settled.items() if option not in chosen}, said)
    turn.proceed(before, _settled(turn, [option for option in settled if option not in chosen]) if rest else "")


def name(turn: Turn, named: Sequence[str], said: str) -> None:
    """These options were named: they hold; the others stay open, and are asked again."""
    before = turn.known
    for option in named:
        for answer in holding(turn, option, said):
            turn.record(answer)
    labels = {option.id: option.label for option in turn.shelf.policy.screening.options} | further(turn.shelf.policy)
    turn.proceed(before, notices.ticked([labels[each] for each in named]))


def holding(turn: Turn, named: str, said: str) -> list[Answer]:
    """That an option holds, as answers, and spoken of; none where it is only the ground of a question (some fee is paid)."""
    if named.endswith(f".{MORE}"):
        subject = named.removesuffix(f".{MORE}")
        return [turn.answer(f"{subject}.{len(turn.known.case.items[subject] or ())}", True, said)]
    option = _option(turn, named)
    spoken = {*option.chosen, *option.otherwise}
    session = turn.session
    turn.session = session.but(mentioned=session.mentioned | spoken, claimed=session.claimed | spoken)
    if turn.known.ticked(option) is True:
        return []
    return [
        turn.answer(key if "." in key else f"{key}.0", value if "." in key else True, said)
        for key, value in option.chosen.items()
        if not isinstance(value, dict)
    ]


def states(turn: Turn, named: str) -> bool:
    """Whether an option that holds states a fact or an item by itself."""
    return named.endswith(f".{MORE}") or not all(isinstance(v, dict) for v in _option(turn, named).chosen.values())


def _option(turn: Turn, named: str) -> ScreeningOption:
    return next(option for option in turn.shelf.policy.screening.options if option.id == named)


def close(turn: Turn, before: Known) -> str:
    """Settle what was asked and never spoken of as not there; how that is said, empty where nothing was settled."""
    options = [option.id for option in turn.shelf.options(turn.session.in_play)]
    offered = turn.session.offered if turn.session.asking == SCREENING else options
    lists = turn.shelf.policy.lists if turn.session.asking == SCREENING else ()  # else nobody asked for a further one
    more = [f"{subject}.{MORE}" for subject in lists if before.case.items[subject]]
    open_ones = [o.id for o in turn.shelf.options(turn.session.in_play) if turn.known.ticked(o) is None]
    ticks = ticks_of(turn.session.answer(SCREENING))
    left = [each for each in _never_mentioned(turn, [*offered, *more]) if not ticks.get(each)]
    settled = [each for each in left if each in open_ones or each.endswith(MORE)]
    _tick(turn, dict.fromkeys(settled, False), turn.message.text)
    return _settled(turn, settled)


def _never_mentioned(turn: Turn, offered: Sequence[str]) -> list[str]:
    """The options of which the person has not spoken."""
    options = {option.id: option for option in turn.shelf.policy.screening.options}
    spoken = turn.session.mentioned
    return [
        each
        for each in dict.fromkeys(offered)
        if each not in options or not spoken & {*options[each].chosen, *options[each].otherwise}
    ]


def _settled(turn: Turn, options: Sequence[str]) -> str:
    labels = {option.id: option.label for option in turn.shelf.policy.screening.options if option.otherwise}
    labels |= further(turn.shelf.policy)
    named = [labels[option] for option in options if option in labels]
    return notices.settled(named) if named else ""


def _tick(turn: Turn, ticks: dict[str, bool], said: str) -> None:
    """Record which options hold."""
    before = turn.known
    for option in [option for option in ticks if option.endswith(f".{MORE}")]:
        subject = option.removesuffix(f".{MORE}")
        count = len(before.case.items[subject] or ())
        turn.record(turn.answer(f"{subject}.{count}", ticks.pop(option), said))
    answer = turn.answer(SCREENING, Ticks(), said)
    turn.session = screen(turn.session, turn.shelf, before, ticks, answer)


def unknown(turn: Turn, said: str) -> None:
    """Answer the open question with "not known"."""
    before = turn.known
    path = turn.session.asking or ""
    if path == SCREENING:
        chosen = frozenset(n for n, option in enumerate(turn.session.offered) if option in turn.session.ticks)
        choose(turn, chosen, said, rest=False)
        return
    old = turn.session.answer(path)
    if old is not None and old.value is not None and loosely(before, path) is not None and not old.final:
        turn.record(old.model_copy(update={"final": True}))  # the rough figure stays; the exact one is not to be had
    else:
        turn.record(turn.answer(path, None, said))
    if many_unknown(turn.session):
        turn.replies.append(notices.SO_FAR)
    turn.proceed(before, "好的，这一条先放着，以后随时可以补。")


def group(turn: Turn, claims: list[str], said: str) -> None:
    """``claims`` are one project; with none, all that were offered are projects of their own."""
    before = turn.known
    projects = projects_in_question(turn.shelf, before.assessment)
    old = turn.session.answer(SAME_PROJECT)
    again_asked = len(turn.session.offered) < len(projects) and old is not None and old.value is not None
    groups = list(old.value.groups) if again_asked and old and isinstance(old.value, Grouping) else []
    new = tuple(claim for project in projects if project[0] in claims for claim in project)
    groups = [*groups, new] if new else groups
    left = [project[0] for project in projects if not any(project[0] in one for one in groups)]
    done = not new or len(left) < 2
    among = tuple(claim for project in projects for claim in project)
    value = Grouping(among=among, groups=tuple(groups), all=done)
    turn.record(turn.answer(SAME_PROJECT, value, said))
    if done:
        turn.proceed(before)
    else:
        turn.offer(left)
        turn.resume()
