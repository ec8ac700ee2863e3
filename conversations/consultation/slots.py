"""An answer to the open question: options chosen, several things grouped as one project, or "not known".

By whatever way it came: a press, or typed words. What else a message states is the business of ``statements``.
"""

from typing import cast

from conversations.consultation.turn import Turn
from conversations.saying.questions import threshold
from conversations.state.interview import MORE, SAME_PROJECT, projects_in_question
from conversations.state.session import SCREENING, screen


def choose(turn: Turn, places: frozenset[int], said: str, rest: bool = True) -> None:
    """Answer the open multiple choice with the options at ``places``; ``rest`` says that the others do not hold."""
    before = turn.known
    offered = turn.session.offered
    if turn.session.asking == SAME_PROJECT:
        group(turn, [offered[place] for place in sorted(places)], said)
        return
    ticks = {option: place in places for place, option in enumerate(offered) if rest or place in places}
    lists = {option: on for option, on in ticks.items() if option.endswith(f".{MORE}")}
    for option, on in lists.items():
        subject = option.removesuffix(f".{MORE}")
        count = len(before.case.items[subject] or ())
        turn.record(turn.answer(f"{subject}.{count}", on, said))
        del ticks[option]
    answer = turn.answer(SCREENING, {}, said)
    turn.session = screen(turn.session, turn.shelf, before, ticks, answer)
    turn.proceed(before)


def unknown(turn: Turn, said: str) -> None:
    """Answer the open question with "not known"."""
    before = turn.known
    path = turn.session.asking or ""
    if path == SCREENING:
        chosen = frozenset(n for n, option in enumerate(turn.session.offered) if option in turn.session.ticks)
        choose(turn, chosen, said, rest=False)
        return
    old = turn.session.answer(path)
    if old is not None and old.value is not None and threshold(before, path) is not None and not old.final:
        turn.record(old.model_copy(update={"final": True}))  # the rough figure stays; the exact one is not to be had
    else:
        turn.record(turn.answer(path, None, said))
    turn.proceed(before, "好的，这一条先放着，以后随时可以补。")


def group(turn: Turn, claims: list[str], said: str) -> None:
    """``claims`` are one project; with none, all that were offered are projects of their own."""
    before = turn.known
    projects = projects_in_question(turn.shelf, before.assessment)
    old = turn.session.answer(SAME_PROJECT)
    again_asked = len(turn.session.offered) < len(projects) and old is not None and old.value is not None
    groups = cast("dict[str, list[list[str]]]", old.value)["groups"] if again_asked and old else []
    new = [claim for project in projects if project[0] in claims for claim in project]
    groups = [*groups, new] if new else groups
    left = [project[0] for project in projects if not any(project[0] in one for one in groups)]
    done = not new or len(left) < 2
    value = {"among": [claim for project in projects for claim in project], "groups": groups, "done": done}
    turn.record(turn.answer(SAME_PROJECT, value, said))
    if done:
        turn.proceed(before)
    else:
        turn.offer(left)
        turn.resume()
