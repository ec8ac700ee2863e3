"""Which item each stretch of a text tells of, where things of a list are told under their proper names.

我司自己运营的有：经开跨境园，国家级；惠济电商园，省级. A clause says that things of ours follow, of which list or how many, and each
clause behind it that begins with a proper name begins one. What such a name ends in tells of which list it may be. A name
that is known goes back to its item. Knows no policy: the nouns come from the lexicon.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from conversations.language import ownership
from conversations.language.called_items import ItemTurn
from conversations.language.descriptions_clauses import SpokenClause, Stance
from conversations.language.descriptions_counts import count_beside
from conversations.language.descriptions_lexicon import Lexicon
from conversations.language.descriptions_words import Mention, Noun
from conversations.language.focus import Focus
from conversations.language.labels import called, head_called, labels_in, same, thing_called
from conversations.language.numerals import digit

_FEWEST = 2


@dataclass(slots=True)
class _Rows:
    """The names told behind a clause that announces things of ours: those of one list, where it says of which."""

    subject: str | None
    count: int = 0
    named: list[tuple[str, int, int]] = field(default_factory=list[tuple[str, int, int]])
    headed: list[tuple[str, int, int]] = field(default_factory=list[tuple[str, int, int]])

    def settle(self) -> None:
        """Where as many clauses as things were counted begin with something that may be a name, those are the rows."""
        if len(self.headed) == self.count > len(self.named):
            self.named = self.headed


class NamedThings:
    """Goes through texts in which things of the lists of ``lexicon`` are told by name."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._nouns = {noun.subject: noun for noun in lexicon.nouns if noun.subject in lexicon.many}

    def turns(self, text: str, spoken: Sequence[SpokenClause], focus: Focus) -> dict[int, ItemTurn]:
        """The items that clauses of plain ``text`` begin to tell of, by where each begins; none where no two are told so."""
        found: dict[int, ItemTurn] = {}
        for rows in self._rows(text, spoken):
            rows.settle()
            names = [name for name, _, _ in rows.named]
            subject = rows.subject or self._of_names(names)
            if subject is None or len({*names}) < max(_FEWEST, len(names)):
                continue
            places = _places(names, subject, focus)
            for (name, start, at), place in zip(rows.named, places, strict=True):
                found[start] = ItemTurn(subject, (place,), name, at=at)
        return found

    def call(self, clause: SpokenClause) -> tuple[str, int]:
        """The proper name with which ``clause`` begins, and where it stands; empty where there is none."""
        found = thing_called(clause.text)
        return (found[0], clause.start + found[1]) if found else ("", -1)

    def _rows(self, text: str, spoken: Sequence[SpokenClause]) -> Iterator[_Rows]:
        rows: _Rows | None = None
        for clause in spoken:
            if clause.stance is not Stance.STATED:
                continue
            name, at = self.call(clause)
            fits = name and (rows is None or self._may_be(name, rows.subject))
            begun = self._announced(clause, text, at)
            if begun is not None:
                if rows is not None and (rows.named or not fits):
                    yield rows
                    rows = None
                rows = rows or begun
            if rows is None:
                continue
            if fits:
                rows.named.append((name, clause.start, at))
            if begun is None and (head := (name, at) if fits else self._head(clause, rows.subject))[0]:
                rows.headed.append((head[0], clause.start, head[1]))
            self._count(rows, clause)
        if rows is not None:
            yield rows

    def _head(self, clause: SpokenClause, subject: str | None) -> tuple[str, int]:
        """豫农通|总投资1300万: what stands before the first fact of an item of ``subject`` that ``clause`` tells, where it may be a
        name; a word for a kind is none."""
        if any(at == 0 for at, _ in labels_in(clause.text)):
            return "", -1  # 甲栋已认定: told by what looks like a call
        facts = [m for m in self._lexicon.facts_in(clause.text, subject, "") if m.of_item] if subject else []
        head = head_called(clause.text[: min((m.start for m in facts), default=0)])
        kinds = self._lexicon.chosen_in(head, subject or "")
        return ("", -1) if not head or any(m.end - m.start >= len(head) - 1 for m in kinds) else (head, clause.start)

    def _count(self, rows: _Rows, clause: SpokenClause) -> None:
        """我们运营着二七网货港和荥阳电商谷两个园区: ``clause`` may tell behind the names of which list they are."""
        for mention in self._lexicon.nouns_in(clause.text) if rows.subject is None and rows.named else ():
            subject = mention.word.subject if isinstance(mention.word, Noun) else ""
            count = count_beside(self._lexicon, clause.text, mention, subject)
            if subject in self._nouns and count and digit(count[1]) == len(rows.named):
                rows.subject = subject

    def _announced(self, clause: SpokenClause, text: str, at: int) -> _Rows | None:
        """我们运营的园区有俩 · 园区情况如下: the rows that ``clause`` announces; a proper name in it stands at ``at``."""
        own = clause.text if at < 0 else clause.text[: at - clause.start]
        for mention in self._lexicon.nouns_in(own):
            noun = mention.word
            if isinstance(noun, Noun) and noun.subject in self._nouns and self._ours(own, mention, noun, text, clause):
                count = count_beside(self._lexicon, own, mention, noun.subject)
                return _Rows(noun.subject, digit(count[1]) if count else 0)
        follow = ownership.ours_to_come(own) or (len(own) < len(clause.text) and ownership.run_by_us(own))
        return _Rows(None) if follow else None

    @staticmethod
    def _ours(own: str, mention: Mention, noun: Noun, text: str, clause: SpokenClause) -> bool:
        before, after = own[: mention.start], own[mention.end :]
        if ownership.somebody_elses(before, after, own) or (noun.tenant and noun.tenant.search(own)):
            return False
        heads = text[clause.start + len(own) :].startswith(":") or own.endswith(":")
        return heads or noun.owned is None or bool(noun.owned.search(own)) or ownership.ours_to_come(own)

    def _may_be(self, name: str, subject: str | None) -> bool:
        """Whether a thing of ``subject`` may go by ``name``, which ends like those of other lists or of none."""
        ends = {own for own, noun in self._nouns.items() if name.endswith(noun.names)}
        return subject is None or not ends or subject in ends

    def _of_names(self, names: Sequence[str]) -> str | None:
        """The one list of which things may go by each of ``names``."""
        ends = [{own for own, noun in self._nouns.items() if name.endswith(noun.names)} for name in names]
        fitting = set(self._nouns).intersection(*filter(None, ends)) if any(ends) else set[str]()
        return fitting.pop() if len(fitting) == 1 else None


def _places(names: Sequence[str], subject: str, focus: Focus) -> list[int]:
    """The places of the items of ``subject`` called ``names``: those known, then those that have no name yet, then new ones."""
    known = _known(subject, focus)
    count = focus.counts.get(subject, 0)
    free = [at for at in range(count) if at not in known.values()]
    places: list[int] = []
    for name in names:
        if (like := same(name, list(known))) is not None:
            places.append(known[like])
        elif free:
            places.append(free.pop(0))
        else:
            places.append(count)
            count += 1
    return places


def _known(subject: str, focus: Focus) -> Mapping[str, int]:
    """What the items of ``subject`` were called before the text."""
    calls = {call: at for (own, at), words in focus.words.items() if own == subject for call in called(words)}
    for path, value in focus.facts.items():
        own, _, rest = path.partition(".")
        at, _, name = rest.partition(".")
        if own == subject and name == "name" and isinstance(value, str):
            calls[value.lower()] = int(at)
    return calls
