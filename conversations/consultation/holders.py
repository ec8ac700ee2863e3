"""What was told of another firm than the one that asks: all of it, or what was said of the group where the speaker's is one of
its firms.

Only what is said to be another's goes; what the same message tells of the right firm is read after that. Knows no policy.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from conversations.consultation.turn import Turn
from conversations.language.labels import labels_in
from conversations.language.ownership import run_by_us, said_to_be_ours, turned_out_theirs
from conversations.language.persons import SUBSIDIARY
from conversations.language.references import referred
from conversations.language.revisions import disowns_all, of_the_group, one_of_the_group, removes
from conversations.language.text import CLAUSE, normalise, paused
from conversations.saying.notices import all_withdrawn, taken_out
from conversations.saying.values import item_label
from conversations.state.session import is_fact
from knowledge.patterns import regex

_NEAR = 8
"""How far into a clause the thing is called of which it is."""
_LEADS_IN = regex(
    "(?:但是?|不过|其实|[哦噢啊]|对了|就是|还有|刚才?|前面|上面|说|的|我们?|俺们?|那|这|一?[个栋座家处]|该|,)*"
)


@dataclass(frozen=True, slots=True)
class TakenBack:
    """What to say of what was forgotten, the path of the one figure among it, which is to be told anew, and the clause that
    said so."""

    lines: list[str]
    figure: str | None = None
    said: str = ""


def take(turn: Turn) -> TakenBack | None:
    """Forget what the message says to be another firm's; None where there is no such thing."""
    plain = normalise(paused(turn.inbound.text))
    if one_of_the_group(plain):
        turn.session = turn.session.but(client=turn.session.client or SUBSIDIARY)
    if not turn.session.answers:
        return None
    if disowns_all(plain):
        nothing = frozenset[str]()
        turn.session = turn.session.but(
            answers=(), waiting=(), focus=None, mentioned=nothing, wondered_at=None, entries={}, left=(), trades={}
        )
        return TakenBack([all_withdrawn()])
    if (theirs := _turned_out_theirs(turn)) is not None:
        words, (subject, index) = theirs
        label = item_label(turn.shelf.policy, turn.known.case, subject, index)
        turn.take_out(subject, index)
        return TakenBack([taken_out(label)], said=words)
    if not one_of_the_group(plain):
        return None
    for subject, index in _of_the_group(turn):
        turn.take_out(subject, index)
    gone = [one for one in turn.session.answers if is_fact(one.path) and of_the_group(normalise(one.said))]
    lines = [turn.taken_back(one) for one in gone]
    turn.session = turn.session.but(answers=tuple(one for one in turn.session.answers if one not in gone))
    figures = [one.path for one in gone if turn.shelf.policy.fact(one.path).spec.numeric]
    return TakenBack(lines, figures[0] if len(figures) == 1 else None)


def _turned_out_theirs(turn: Turn) -> tuple[str, tuple[str, int]] | None:
    """The words that say of the one thing of a list that it is somebody else's after all, and none that we run, and its place:
    园区其实是我表哥的."""
    if turn.session.client or not any(_says_whose(turn, clause) for clause in CLAUSE.findall(turn.message.plain)):
        return None  # most messages: they need not be read for it
    if turn.message.question:
        return None
    pieces = [p.words for p in turn.message.description(turn.focus(turn.session.focus)).pieces if not p.taken]
    clauses = [normalise(words) for words in pieces]
    if any(said_to_be_ours(clause) or run_by_us(clause) for clause in clauses):
        return None
    for words, clause in zip(pieces, clauses, strict=True):
        for subject, end in _called(turn, clause):
            found = referred(clause[:end], turn.items([subject]))
            if turned_out_theirs(clause, end) and len(found) == 1:
                return words, found[0]
    return None


def _says_whose(turn: Turn, clause: str) -> bool:
    """Whether ``clause`` begins with what one of our things is called, and goes on with whose it is."""
    return any(turned_out_theirs(clause, end) for _, end in _called(turn, clause))


def _called(turn: Turn, clause: str) -> Iterator[tuple[str, int]]:
    """The lists, of which there are things, and where ``clause`` ends to call one at its beginning: by its kind (那个园区), or by
    what it was told with (物流那个); not 旁边村里那个园区."""
    subjects = [each for each in turn.shelf.policy.mentions.subjects if turn.known.case.items.get(each.subject)]
    for each in subjects:
        told = [f"{item.words}\n{item.told}\n{item.name}" for item in turn.items([each.subject])]
        names = [(name, clause.find(name)) for name in sorted(each.names, key=len, reverse=True)]
        calls = [(call, at) for at, call in labels_in(clause) if at <= _NEAR and any(call in words for words in told)]
        heads = tuple(call for call, _ in calls)
        for name, at in names:
            lead = clause[: max(at, 0)]
            if at >= 0 and (_LEADS_IN.fullmatch(lead) or lead.startswith(heads)):
                yield each.subject, at + len(name)
        yield from ((each.subject, at + len(call)) for call, at in calls)


def _of_the_group(turn: Turn) -> list[tuple[str, int]]:
    """The things of lists that were said to be the group's, the last of each first: 我们集团有个园区."""
    found = ((one, one.path.split(".")) for one in turn.session.answers if not is_fact(one.path) and "." in one.path)
    said = [(subject, int(at)) for one, (subject, at) in found if one.value and of_the_group(normalise(one.said))]
    return sorted(said, reverse=True)


def said_in(words: str) -> bool:
    """Whether a clause is one that says whose things were told, and tells nothing else."""
    plain = normalise(words)
    return disowns_all(plain) or one_of_the_group(plain) or removes(plain)
