"""What was told of another firm than the one that asks: all of it, or what was said of the group where the speaker's is one of
its firms.

Only what is said to be another's goes; what the same message tells of the right firm is read after that. Knows no policy.
"""

from dataclasses import dataclass

from conversations.consultation.turn import Turn
from conversations.language.persons import SUBSIDIARY
from conversations.language.revisions import disowns_all, of_the_group, one_of_the_group, removes
from conversations.language.text import normalise, paused
from conversations.saying.notices import all_withdrawn
from conversations.state.session import is_fact


@dataclass(frozen=True, slots=True)
class TakenBack:
    """What to say of what was forgotten, and the path of the one figure among it, which is to be told anew."""

    lines: list[str]
    figure: str | None


def take(turn: Turn) -> TakenBack | None:
    """Forget what the message says to be another firm's; None where there is no such thing."""
    plain = normalise(paused(turn.inbound.text))
    if not turn.session.answers:
        return None
    if disowns_all(plain):
        nothing = frozenset[str]()
        turn.session = turn.session.but(
            answers=(), waiting=(), focus=None, mentioned=nothing, wondered_at=None, entries={}, left=(), trades={}
        )
        return TakenBack([all_withdrawn()], None)
    if not one_of_the_group(plain):
        return None
    turn.session = turn.session.but(client=turn.session.client or SUBSIDIARY)
    for subject, index in _of_the_group(turn):
        turn.take_out(subject, index)
    gone = [one for one in turn.session.answers if is_fact(one.path) and of_the_group(normalise(one.said))]
    lines = [turn.taken_back(one) for one in gone]
    turn.session = turn.session.but(answers=tuple(one for one in turn.session.answers if one not in gone))
    figures = [one.path for one in gone if turn.shelf.policy.fact(one.path).spec.numeric]
    return TakenBack(lines, figures[0] if len(figures) == 1 else None)


def _of_the_group(turn: Turn) -> list[tuple[str, int]]:
    """The things of lists that were said to be the group's, the last of each first: 我们集团有个园区."""
    found = ((one, one.path.split(".")) for one in turn.session.answers if not is_fact(one.path) and "." in one.path)
    said = [(subject, int(at)) for one, (subject, at) in found if one.value and of_the_group(normalise(one.said))]
    return sorted(said, reverse=True)


def said_in(words: str) -> bool:
    """Whether a clause is one that says whose things were told, and tells nothing else."""
    plain = normalise(words)
    return disowns_all(plain) or one_of_the_group(plain) or removes(plain)
