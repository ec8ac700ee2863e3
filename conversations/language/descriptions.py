"""A free description of an enterprise → the facts that it states, each with the words it came from.

An invented fact is the worst error: what is asked, supposed, intended, doubted or said of somebody else states nothing.
The words people use are the policy's (``mentions.yaml``), the grammar is generic; knows nothing of a conversation.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from itertools import pairwise

from conversations.language import revisions
from conversations.language.anaphora import named_again
from conversations.language.called_items import CalledItems, ItemTurn
from conversations.language.descriptions_amounts import AmountReader, parted
from conversations.language.descriptions_by_trade import ByTrade, Trades
from conversations.language.descriptions_clauses import SpokenClause, Stance, clauses
from conversations.language.descriptions_enumerated import Entries, alike, entries
from conversations.language.descriptions_figure_words import one_each
from conversations.language.descriptions_lexicon import Lexicon, counts_firms
from conversations.language.descriptions_named import NamedThings
from conversations.language.descriptions_none import DeniedLists
from conversations.language.descriptions_pieces import Piece, pieces_of
from conversations.language.descriptions_reading import Reading
from conversations.language.descriptions_records import RecordReader
from conversations.language.descriptions_rows import RowReader
from conversations.language.descriptions_statements import Statement, Statements, is_at
from conversations.language.descriptions_weighed import weigh
from conversations.language.descriptions_words import FactWords
from conversations.language.focus import NOWHERE, Focus
from conversations.language.labels import call_at
from conversations.language.persons import client, exchanged, speaks_as_them
from conversations.language.text import Plain
from conversations.language.understood import can_be
from knowledge.patterns import regex
from knowledge.phrases import Phrases
from knowledge.policy import Policy
from rules.case import value_to_json
from rules.values import Range, Value

_SAME = regex(
    r"(?:是|系|算|属于|都是|打包成?|并成?|合成?|合并成|当作?|作为|捆成|算成|做成|归到?)(?:了)?(?:同?一个?|同一)(?:的)?(?:项目|事|东西|回事|码事)|(?:是|算)(?:一回事|一码事)|同一个?项目(?!的)"
)
_APART = regex(
    r"(?:不(?:能|该)?(?:是|算|属于?|为)|并非)(?:同?一个?|同一)(?:的)?(?:项目|事|东西|回事|码事)|不是同一个$|不是一(?:回事|码事)|各[是立算归][^,]{0,2}各的?|没有?(?:哪|任何|什么)[^,]{0,3}(?:是|算)同?一个|两码事|两回事|(?:是|属于)两个(?:不同的)?项目|(?:这?[两俩三]个?)?(?:不同|独立|单独|不一样)的?项目|互不相干|互相独立|各自独立"
)
_THOSE = regex(r"[两二]者|上述|该|[这那][两俩]个")
_MOST = 100
"""So many clauses and figures of a text are read: nobody tells of an enterprise in more. The rest is one piece that was not."""
_UNPARTED = 12  # a clause of more characters may tell of several things
_FIGURE = regex(r"\d{1,6}|[一二两三四五六七八九十百千万亿几半零廿壹贰叁肆伍陆柒捌玖拾佰仟]{1,3}")


_Related = tuple[SpokenClause, bool, tuple[str, ...] | None]
"""A clause about which things are one project, whether it says so, and the claims on what was told up to it; None where it
speaks of what follows."""


@dataclass(frozen=True, slots=True)
class Description:
    """What a text states.

    ``facts`` by path in the policy's order (an empty list stands under its subject's id as ``()``); ``evidence`` by
    path the person's own words; ``approximate`` the paths of figures said to be only about right; ``counts`` how many
    items of each list there are at least (an item may have no fact yet); ``same_project`` as in a case; ``pieces`` are the
    clauses in order; ``words`` those in which it speaks of each item; ``withdrawn`` the words that say of a figure known before that it is another thing's, by its path; ``waiting`` what tells apart a thing
    that may yet turn out to be the first of a list, or is told of what the enterprise has not said yet to do, by its path, with its
    words; ``trades`` the kinds of things named so far that the enterprise's trade may tell.
    """

    facts: dict[str, Value | tuple[()]]
    evidence: dict[str, str]
    approximate: frozenset[str] = frozenset()
    same_project: tuple[tuple[str, ...], ...] | None = None
    counts: dict[str, int] = field(default_factory=dict[str, int])
    pieces: tuple[Piece, ...] = ()
    withdrawn: dict[str, str] = field(default_factory=dict[str, str])
    words: dict[tuple[str, int], str] = field(default_factory=dict[tuple[str, int], str])
    waiting: dict[str, tuple[Value, str]] = field(default_factory=dict[str, tuple[Value, str]])
    trades: Trades = field(default_factory=dict[str, dict[str, str]])

    def case(self) -> dict[str, object]:
        """The case as the contract's JSON."""
        case: dict[str, object] = {}
        enterprise: dict[str, dict[str, object]] = {}
        lists: dict[str, list[dict[str, object]]] = {s: [{} for _ in range(n)] for s, n in self.counts.items()}
        for path, value in self.facts.items():
            match path.split("."):
                case [subject, name]:
                    _put(enterprise.setdefault(subject, {}), name, value_to_json(value))
                case [subject, index, name]:
                    _put(lists[subject][int(index)], name, value_to_json(value))
                case _:
                    lists[path] = []
        case.update(enterprise)
        case.update(lists)
        if self.same_project is not None:
            case["same_project"] = [list(group) for group in self.same_project]
        return case


class DescriptionReader:
    """Reads descriptions in the words of ``policy``; compiles them when first used."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy

    @cached_property
    def _lexicon(self) -> Lexicon:
        return Lexicon(self._policy)

    @cached_property
    def _amounts(self) -> AmountReader:
        return AmountReader(self._policy)

    @cached_property
    def _by_trade(self) -> ByTrade:
        return ByTrade(self._lexicon)

    @cached_property
    def _rows(self) -> RowReader:
        return RowReader(self._policy)

    @cached_property
    def _called(self) -> CalledItems:
        return CalledItems(self._policy, self._records.lists)

    @cached_property
    def _named_things(self) -> NamedThings:
        return NamedThings(self._lexicon)

    @cached_property
    def _denied(self) -> DeniedLists:
        return DeniedLists(self._policy)

    @cached_property
    def _records(self) -> RecordReader:
        return RecordReader(self._policy)

    @cached_property
    def _wordy(self) -> frozenset[str]:
        """The facts beside which no figure is told: where the enterprise is, since when."""
        return frozenset(fact.id for fact in self._policy.facts if fact.type in ("place", "date"))

    @cached_property
    def _yearly(self) -> frozenset[str]:
        return frozenset(fact.id for fact in self._policy.facts if fact.by_year)

    @cached_property
    def _order(self) -> dict[str, int]:
        return {fact.id: number for number, fact in enumerate(self._policy.facts)}

    def read(self, text: str, focus: Focus = NOWHERE) -> Description:
        """What ``text`` states, said where ``focus`` stands; never an error, at worst nothing."""

        def respelt(plain: str) -> str:
            right = one_each(self._policy.mentions.respelt(plain))
            asked_for = focus.client or client(right, bool(focus.facts))
            asked_for = None if speaks_as_them(right, focus.client) else asked_for
            return named_again(exchanged(right, asked_for) if asked_for else right, self._lexicon.places)

        form, spoken = clauses(text, respelt, self._lexicon.topics_in)
        pointed = {
            c.start + at: at for c in spoken if len(c.text) > _UNPARTED for at in self._lexicon.pointed_in(c.text)
        }
        spoken = list(parted(spoken, pointed))
        reading = Reading(self._lexicon, form.text)
        reading.resume(focus)
        count = _readable(spoken)
        spoken = self._records.of_items(spoken, focus)
        apart, turns = self._told_apart(form, text, spoken[:count], focus)
        told = list(parted(spoken[:count], {start: start for start in turns or apart}))
        spoken, count = [*told, *spoken[count:]], len(told)
        related = _listened(reading, spoken[:count], apart, turns, form.text, self._claims)
        draft = reading.draft
        for clause in spoken[:count]:
            named = reading.named.get(clause.start, frozenset())
            reading.named[clause.start] = named | self._amounts.named_in(clause.text)
        self._finish(form.text, spoken[:count], reading, focus, apart, bool(apart or turns))
        reading.turned -= weigh(reading.namings, spoken[:count], draft, self._lexicon, focus)
        facts, evidence = self._stated(draft, form)
        trades = self._by_trade.named(form, spoken[:count], focus.trades)
        for path, choice, clause in self._by_trade.told(trades, draft):
            facts[path], evidence[path] = choice, clause
        counts = {subject: items.count for subject, items in draft.items.items() if items.count}
        pieces = pieces_of(form, spoken, count, reading, {clause.start for clause, *_ in related}, self._lexicon)
        withdrawn = {path: form.words(*span) for path, span in draft.withdrawn.items() if path not in facts}
        projects = self._projects(draft, related)
        said = {(s, index): words for s, items in draft.items.items() for index, words in items.words.items()}
        words = {item: told.removeprefix(focus.words.get(item, "")) for item, told in said.items()}
        approximate = frozenset(path for path in facts if path in draft.facts and draft.facts[path].approximate)
        left = reading.wondering.waiting | draft.unfounded
        waiting = {path: (told.value, form.words(told.start, told.end)) for path, told in left.items()}
        return Description(facts, evidence, approximate, projects, counts, pieces, withdrawn, words, waiting, trades)

    def _stated(self, draft: Statements, form: Plain) -> tuple[dict[str, Value | tuple[()]], dict[str, str]]:
        """The values of a ``draft`` that can be, in the policy's order, the empty lists last, and the words of each."""
        facts: dict[str, Value | tuple[()]] = {}
        evidence: dict[str, str] = {}
        for path in sorted(draft.facts, key=lambda p: _place(p, self._order)):
            entry = draft.facts[path]
            if not can_be(self._policy.fact(path).spec, entry.value):
                continue
            evidence[path] = form.words(entry.start, entry.end)
            facts[path] = _as_written(entry.value, evidence[path])
        for subject, items in draft.items.items():
            if items.none and not items.count:
                facts[subject] = ()
                evidence[subject] = form.words(*items.none)
        return facts, evidence

    def _told_apart(
        self, form: Plain, text: str, spoken: list[SpokenClause], focus: Focus
    ) -> tuple[Entries, dict[int, ItemTurn]]:
        """Where the text begins to tell of which item of a list: as it writes the entries, or as it calls the things."""
        if apart := entries(form, text, self._lexicon, focus.counts):
            return apart, {}
        if turns := self._called.turns(spoken, self._lexicon, focus):
            return {}, turns
        if turns := self._named_things.turns(form.text, spoken, focus):
            return {}, turns
        return self._records.begun(spoken, form.text, self._lexicon, focus), {}

    def _finish(
        self, text: str, spoken: list[SpokenClause], reading: Reading, focus: Focus, apart: Entries, told_apart: bool
    ) -> None:
        """What is read from more than one clause: what another fact needs, rows of a list, days, places and figures of a year."""
        draft = reading.draft
        self._complete(draft, [clause.text for clause in spoken if not counts_firms(clause.text)])
        self._denied.read(text, spoken, draft)
        alike(text, apart, draft, self._policy)
        by_row = self._rows.read(text, spoken, draft, focus)
        about = {
            start: {s: places for s, places in items.items() if s not in by_row}
            for start, items in reading.about.items()
        }
        self._records.fill(spoken, about, draft, self._lexicon, focus)
        self._records.carry(spoken, about, draft)
        asked = self._asked_of(focus) or ""
        own = {(focus.path or "").partition("@")[0]} | self._wordy
        others = [clause.start for clause in spoken if reading.named.get(clause.start, frozenset()) - own]
        # 24年的是6700万，我们没有厂: what is asked for is told before anything else is named
        until = len(text) if revisions.corrects(text) and self._counts(asked) else min(others, default=len(text))
        present = {
            start: {subject: places[0] for subject, places in items.items() if len(places) == 1}
            for start, items in reading.about.items()
        }
        told = self._amounts.read(text, spoken, present, focus, (asked, until), told_apart)
        told = {path: entry for path, entry in told.items() if path.split(".")[0] not in by_row}
        says = {words.fact.id: words.says for words in self._lexicon.facts}
        for path in _told_twice(text, draft, told, reading.named, says):
            del draft.facts[path]
        draft.facts |= {path: entry for path, entry in told.items() if draft.has(path)}

    def _asked_of(self, focus: Focus) -> str | None:
        """The fact of which the figures of a year are that name none: that spoken of last, else the only one that was named
        before and is not known."""
        if focus.path is None or focus.path.partition("@")[0] in self._yearly:
            return focus.path
        known = {path.partition("@")[0] for path in focus.facts}
        named = (focus.mentioned & self._yearly) - known
        return next(iter(named)) if len(named) == 1 else focus.path

    def _counts(self, path: str) -> bool:
        """Whether things are counted at ``path``, in a unit that tells whose figure it is."""
        return bool(path) and self._policy.fact(path).type == "count"

    def _complete(self, draft: Statements, told: Sequence[str]) -> None:
        """Facts that are spoken of only where another is affirmed go where it is not; ``told`` is the text, by its clauses."""
        text = ",".join(told)
        ruled_out = {words.fact.id: words.rules_out for words in self._lexicon.facts}
        for words in self._lexicon.facts:
            needs = words.spoken.needs
            if needs and words.fact.id in draft.facts:
                ours = not any(ruled_out[needs](clause) for clause in told)
                known = draft.value(needs)
                affirmed = known is True if known is not None else ours and self._named(words, needs, draft, text)
                entry = draft.facts[words.fact.id]
                if known is None and affirmed and self._lexicon.tells_too(words, needs, text) and entry.value != 0:
                    draft.facts[needs] = replace(entry, value=True)
                if not affirmed:
                    entry = draft.facts.pop(words.fact.id)
                    draft.unfounded |= {words.fact.id: entry} if known is None else {}

    @staticmethod
    def _named(words: FactWords, needs: str, draft: Statements, text: str) -> bool:
        """Whether ``needs`` was at least named, in this text or before."""
        known = draft.spoken_of(needs) or draft.before(words.fact.id) is not None
        return known or bool(words.about is not None and words.about.search(text))

    def _projects(self, draft: Statements, related: list[_Related]) -> tuple[tuple[str, ...], ...] | None:
        """The groups of claims said to concern one project; () where all are said to differ."""
        groups: list[tuple[str, ...]] = []
        apart = False
        there = self._claims(draft, None)
        for clause, same, told in related:
            present = there if told is None else tuple(claim for claim in told if claim in there)
            named = self._claims(draft, clause.text)
            claims = named if len(named) > 1 else present
            whole = len(present) == 2 or len(named) >= len(present) or "都" in clause.text or "各" in clause.text
            if same and len(claims) > 1 and (len(named) > 1 or whole):
                groups.append(claims)
            elif not same and whole and len(present) > 1:
                apart = True
        return tuple(groups) if groups else () if apart else None

    def _claims(self, draft: Statements, text: str | None) -> tuple[str, ...]:
        """The claims on what the description has, or on what ``text`` names of it, in the policy's order."""
        claims: list[str] = []
        subjects = {programme.id: programme.subject for programme in self._policy.programmes}
        for project, pattern in self._lexicon.projects:
            if text is not None and not pattern.search(text):
                continue
            items = draft.items.get(subjects[project.programme])
            if items is not None:
                claims.extend(f"{project.programme}:{index}" for index in range(items.count))
            elif project.shown_by and draft.value(project.shown_by) is True:
                claims.append(project.programme)
        return tuple(claims)


def _listened(
    reading: Reading,
    spoken: list[SpokenClause],
    apart: Entries,
    turns: Mapping[int, ItemTurn],
    text: str,
    claims: Callable[[Statements, str | None], tuple[str, ...]],
) -> list[_Related]:
    """Has the clauses read, and gives back those about which things are one project."""
    related: list[_Related] = []
    first = min(apart) if len(apart) > 1 else -1
    for clause, following in pairwise([*spoken, None]):
        if clause is None:
            break
        if (turn := turns.get(clause.start)) is not None:
            reading.begin(turn, clause.start, held=turn.at < 0)
        elif (item := apart.get(clause.start)) is not None:
            there = len(apart) > 1 or item[1] <= reading.draft.items[item[0]].count  # 第六台, of two: a piece of one
            places = (item[1],) if item[1] >= 0 and there else ()
            call = call_at(text, clause.start) if places else ""
            reading.begin(ItemTurn(item[0], places, call), clause.start, held=False)
        elif following and following.start == first and text[clause.start + len(clause.text) : first] == ":":
            places = tuple(at for _, at in apart.values() if at >= 0)
            reading.begin(ItemTurn(apart[following.start][0], places), clause.start, held=False)
        whole = clause
        relation = next((r for r in (_APART, _SAME) if whole.stance is Stance.STATED and r.search(whole.text)), None)
        reading.clause(_without(whole, relation) if relation else whole)
        if relation:
            now = claims(reading.draft, None)
            told = now if len(now) > 1 or _THOSE.search(whole.text) else None  # else of what is told behind it
            related.append((whole, relation is _SAME, told))
    reading.turned -= reading.wondering.settle()
    return related


def _told_twice(
    text: str,
    draft: Statements,
    told: Mapping[str, Statement],
    named: Mapping[int, frozenset[str]],
    says: Mapping[str, Phrases | None],
) -> list[str]:
    """Where a figure that is told of another fact by its name was taken for that of one spoken of before the text; of a thing
    it is then only where it has the name of the fact by itself (says), and not only words that are told beside it."""
    twice: list[str] = []
    for path, entry in draft.facts.items():
        at = max((start for start in named if start <= entry.start), default=-1)
        if not isinstance(entry.value, Decimal | Range) or path in told:
            continue
        own = next((fact for fact in named.get(at, ()) if is_at(fact, path)), None)
        name = says.get(own or "")
        if own and (draft.before(path) is None or (name and name.search(text[entry.start : entry.end]))):
            continue
        figures = [each for each in told.values() if isinstance(each.value, Decimal | Range)]
        twice += [path] if any(each.start < entry.end and entry.start < each.end for each in figures) else []
    return twice


def _put(item: dict[str, object], name: str, value: object) -> None:
    """A fact of an item, as a case has it: a figure by year under its year."""
    name, _, year = name.partition("@")
    years = item.get(name)
    item[name] = {**(years if isinstance(years, dict) else {}), year: value} if year else value


def _as_written(value: Value, words: str) -> Value:
    """A name in the letters in which the person wrote it, in ``words``; any other value as it is."""
    at = words.lower().find(value) if isinstance(value, str) else -1
    return value if at < 0 or not isinstance(value, str) else words[at : at + len(value)]


def _readable(spoken: list[SpokenClause]) -> int:
    """How many of the clauses are read."""
    left = _MOST
    for number, clause in enumerate(spoken):
        left -= 1 + len(_FIGURE.findall(clause.text))
        if left < 0:
            return number
    return len(spoken)


def _without(clause: SpokenClause, relation: re.Pattern[str]) -> SpokenClause:
    """``clause`` with the words of ``relation`` blanked, so that 不是 in them denies nothing else."""
    text = relation.sub(lambda match: "," * len(match[0]), clause.text)
    return SpokenClause(text, clause.start, clause.sentence, clause.stance, related=True)


def _place(path: str, order: dict[str, int]) -> tuple[int, int]:
    name, _, year = path.partition("@")
    parts = name.split(".")
    if len(parts) == 3:
        return order[f"{parts[0]}.{parts[2]}"] + 1000 * (int(parts[1]) + 1), int(year or 0)
    return order[name], int(year or 0)
