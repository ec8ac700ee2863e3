"""What was told of another firm than the one that asks: all of it, or what was said of the group where the speaker's is one of
its firms.

Only what is said to be another's goes; what the same message tells of the right firm is read after that. Knows no policy.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from conversations.consultation.turn import Turn
from conversations.language.labels import called, labels_in
from conversations.language.message import Message
from conversations.language.ownership import run_by_us, said_to_be_ours, turned_out_theirs
from conversations.language.persons import SUBSIDIARY
from conversations.language.references import called_by_words, referred
from conversations.language.revisions import corrects, disowns_all, of_the_group, one_of_the_group, removes
from conversations.language.text import CLAUSE, normalise
from conversations.saying.notices import all_withdrawn, taken_out
from conversations.saying.values import item_label
from conversations.state.session import is_fact
from knowledge.patterns import regex
from rules.case import value_to_json

_NEAR, _HEAD, _CLAUSES = 8, 24, 12
"""How far into a clause the thing is called of which it is; in how many characters of it, and in how many clauses, that is looked
for."""
_Things = tuple[str, list[str], list[str]]
_LEADS_IN = regex(
    "(?:但是?|不过|其实|[哦噢啊]|对了|就是|还有|刚才?|前面|上面|说|的|我们?|俺们?|那|这|一?[个栋座家处]|该|,)*"
)


@dataclass(frozen=True, slots=True)
class TakenBack:
    """What to say of what was forgotten, the path of the one figure among it, which is to be told anew, and the plain clauses
    that said so."""

    lines: list[str]
    figure: str | None = None
    said: frozenset[str] = frozenset()


def take(turn: Turn) -> TakenBack | None:
    """Forget what the message says to be another firm's; None where there is no such thing."""
    plain = turn.message.paused
    of_a_group = one_of_the_group(plain)
    if of_a_group:
        turn.session = turn.session.but(client=turn.session.client or SUBSIDIARY)
    if not turn.session.answers:
        return None
    if disowns_all(plain):
        nothing = frozenset[str]()
        turn.session = turn.session.but(
            answers=(),
            waiting=(),
            focus=None,
            mentioned=nothing,
            claimed=nothing,
            wondered_at=None,
            entries={},
            left=(),
            trades={},
        )
        return TakenBack([all_withdrawn()])
    if (theirs := _turned_out_theirs(turn)) is not None:
        words, (subject, index) = theirs
        label = item_label(turn.shelf.policy, turn.known.case, subject, index)
        turn.take_out(subject, index)
        return TakenBack([taken_out(label)], said=words)
    if (own := _fact_turned_out_theirs(turn, plain)) is not None:
        return own
    if not of_a_group:
        return None
    for subject, index in _of_the_group(turn):
        turn.take_out(subject, index)
    gone = [one for one in turn.session.answers if is_fact(one.path) and of_the_group(normalise(one.said))]
    figures = [one.path for one in gone if turn.shelf.policy.fact(one.path).spec.numeric]
    return TakenBack(turn.forget(gone), figures[0] if len(figures) == 1 else None)


def _turned_out_theirs(turn: Turn) -> tuple[frozenset[str], tuple[str, int]] | None:
    """The words that say of the one thing of a list that it is somebody else's after all, and none that we run, and its place:
    园区其实是我表哥的."""
    things = _things(turn)
    said = CLAUSE.findall(turn.message.plain)[:_CLAUSES]
    if turn.session.client or not any(turned_out_theirs(c, end) for c in said for _, end in _called(c, things)):
        return None  # most messages: they need not be read for it
    if turn.message.question:
        return None
    pieces = turn.message.description(turn.focus(turn.session.focus)).pieces
    clauses = [normalise(piece.words) for piece in pieces if not piece.taken][:_CLAUSES]
    if any(said_to_be_ours(clause) or run_by_us(clause) for clause in clauses):
        return None
    for clause in (clause for clause in said if any(piece in clause for piece in clauses)):
        for subject, end in _called(clause, things):
            found = referred(clause[:end], turn.items([subject]))
            if turned_out_theirs(clause, end) and len(found) == 1:
                own = {piece for piece in clauses if piece in clause or turned_out_theirs(piece, 0)}
                return frozenset(own), found[0]
    return None


def _fact_turned_out_theirs(turn: Turn, plain: str) -> TakenBack | None:
    """标准那个说错了，是母公司参与的，我们没参与: the yes, or the choice, that is called by its words and said to be another's; what
    the message says of us then is noted."""
    clauses = CLAUSE.findall(plain)[:_CLAUSES]
    at = next((at for at, clause in enumerate(clauses) if turned_out_theirs(clause, 0)), 0)
    if not at or turn.session.client or not corrects(clauses[at - 1]):
        return None
    given = [one for one in turn.session.answers if is_fact(one.path) and one.path.count(".") == 1]
    own = {one.path: one for one in given if one.value}
    facts = {path: turn.shelf.policy.fact(path) for path in own}
    told = {path: f"{fact.label}\n{normalise(own[path].said)}" for path, fact in facts.items() if not fact.spec.numeric}
    path = called_by_words(clauses[at - 1], told)
    if path is None:
        return None
    lines, said = turn.forget([own[path]]), {clauses[at]}
    turn.session = turn.session.but(focus=path)
    for clause in clauses[at + 1 :]:
        read = Message(clause, turn.shelf, turn.today).answer(path)
        if read.value is not None:
            answer = turn.answer(path, value_to_json(read.value), clause)
            turn.record(answer)
            lines, said = [turn.labelled(answer)], said | {clause}
    return TakenBack(lines, said=frozenset(said))


def _things(turn: Turn) -> list[_Things]:
    """The lists of which there are things: what these are called, the longest name first, and the words that each was told with."""
    found: list[_Things] = []
    for each in turn.shelf.policy.mentions.subjects:
        if turn.known.case.items.get(each.subject):
            items = turn.items([each.subject])
            told = [f"{item.words}\n{item.told}\n{item.name}" for item in items]
            names = {*each.names, *(name for item in items for name in (item.name, *called(item.told)) if name)}
            found.append((each.subject, sorted(names, key=len, reverse=True), told))
    return found


def _called(clause: str, things: Sequence[_Things]) -> Iterator[tuple[str, int]]:
    """The lists among ``things``, and where ``clause`` ends to call a thing of theirs at its beginning: by its kind (那个园区), or by
    what it was told with (物流那个); not 旁边村里那个园区."""
    labels = labels_in(clause[:_HEAD]) if things else []
    for subject, names, told in things:
        calls = [(call, at) for at, call in labels if at <= _NEAR and any(call in words for words in told)]
        heads = tuple(call for call, _ in calls)
        for name in names:
            lead = clause[: max(at := clause.find(name, 0, _HEAD), 0)]
            if at >= 0 and (_LEADS_IN.fullmatch(lead) or lead.startswith(heads)):
                yield subject, at + len(name)
        yield from ((subject, at + len(call)) for call, at in calls)


def _of_the_group(turn: Turn) -> list[tuple[str, int]]:
    """The things of lists that were said to be the group's, the last of each first: 我们集团有个园区."""
    found = ((one, one.path.split(".")) for one in turn.session.answers if not is_fact(one.path) and "." in one.path)
    said = [(subject, int(at)) for one, (subject, at) in found if one.value and of_the_group(normalise(one.said))]
    return sorted(said, reverse=True)


def said_in(words: str) -> bool:
    """Whether a clause is one that says whose things were told, and tells nothing else."""
    plain = normalise(words)
    return disowns_all(plain) or one_of_the_group(plain) or removes(plain)
