"""The clauses of a description as they were read: of which something was taken, and what each names.

Knows no policy.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from conversations.language.descriptions_clauses import SpokenClause, Stance
from conversations.language.descriptions_figure_words import fits
from conversations.language.descriptions_lexicon import Lexicon
from conversations.language.descriptions_reading import Reading
from conversations.language.descriptions_statements import Statements
from conversations.language.quantities import find_quantities
from conversations.language.text import Plain


@dataclass(frozen=True, slots=True)
class Piece:
    """A clause as it was read: its ``words``, the speaker's ``stance``, whether something of it was ``taken``, and the
    facts and list subjects that it ``named``, whatever it said of them."""

    words: str
    stance: Stance
    taken: bool
    named: frozenset[str]


def named_in(pieces: Iterable[Piece]) -> frozenset[str]:
    """The facts and list subjects that any of ``pieces`` names."""
    return frozenset[str]().union(*(piece.named for piece in pieces))


def also_taken(pieces: Iterable[Piece], together: Iterable[Piece]) -> tuple[Piece, ...]:
    """``pieces``, those as taken too of which something was taken when they were read ``together`` with other words."""
    taken = {piece.words for piece in together if piece.taken}
    return tuple(replace(piece, taken=piece.taken or piece.words in taken) for piece in pieces)


def _leaves_a_figure(
    clause: SpokenClause,
    named: Collection[str],
    spans: Sequence[tuple[int, int]],
    draft: Statements,
    lexicon: Lexicon,
) -> bool:
    """Whether a clause tells a figure of a fact that it names, or of a thing, that was not taken beside whatever was."""
    subjects = {each.partition(".")[0] for each in named}
    own = [w for w in lexicon.facts if w.fact.id in named or (w.spoken.plain and w.fact.subject in subjects)]
    own = [w for w in own if all(draft.value(path) is None for path in draft.paths(w.fact))]
    told = [q for q in find_quantities(clause.text) if own and not q.denied]
    left = [q for q in told if not any(a < clause.start + q.end and clause.start + q.start < b for a, b in spans)]
    return any(fits(words, quantity) for words in own for quantity in left)


def pieces_of(
    form: Plain, spoken: list[SpokenClause], count: int, reading: Reading, related: set[int], lexicon: Lexicon
) -> tuple[Piece, ...]:
    """The clauses, of which ``count`` were read, with what became of them; ``related`` are the starts of those about which things are one project."""
    draft = reading.draft
    spans = [(entry.start, entry.end) for entry in draft.facts.values()]
    spans += [items.none for items in draft.items.values() if items.none] + [*draft.withdrawn.values()]
    pieces: list[Piece] = []
    for clause in spoken[:count]:
        end = clause.start + len(clause.text)
        taken = clause.start in related or any(start < end and clause.start < stop for start, stop in spans)
        within = range(clause.start, max(end, clause.start + 1))
        taken = taken or any(start in within for start in reading.turned)
        named = frozenset[str]().union(*(ids for start, ids in reading.named.items() if start in within))
        taken = taken and not (
            clause.stance is Stance.STATED and _leaves_a_figure(clause, named, spans, draft, lexicon)
        )
        pieces.append(Piece(form.words(clause.start, end), clause.stance, taken, named))
    if beyond := spoken[count:]:
        rest = form.words(beyond[0].start, len(form.text))
        pieces.append(Piece(rest, Stance.STATED, False, frozenset()))
    return tuple(pieces)
