"""The items of a list told row by row in the own words of their facts: 第一个是博士，88年3月生，合同五年；第二个…

What a row says is read by what the pack writes of each fact: label, names, units, choices, yes and no. A row begins an
item where it tells two facts of one list or more, or where it says by itself which of those announced it is. Knows no
policy of its own.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from conversations.language import descriptions_turns as turns
from conversations.language import revisions
from conversations.language.descriptions_amounts import parted
from conversations.language.descriptions_clauses import SpokenClause, Stance
from conversations.language.descriptions_counts import count_beside
from conversations.language.descriptions_enumerated import Entries
from conversations.language.descriptions_figure_words import nearest
from conversations.language.descriptions_lexicon import Lexicon
from conversations.language.descriptions_own_words import MARK, WEAK, OwnWords, Told
from conversations.language.descriptions_statements import Statement, Statements
from conversations.language.descriptions_words import Noun
from conversations.language.focus import Focus
from conversations.language.labels import called, labels_in, row_called
from conversations.language.numerals import digit
from conversations.language.ordinals import ORDINAL
from conversations.language.ownership import somebody_elses
from conversations.language.text import normalise
from knowledge.patterns import regex
from knowledge.policy import Fact, Policy
from rules.values import Range, Value

_TOLD_THERE = "个座栋处项一二三四五六"
"""The counters of things that are told apart by ``descriptions_items`` once there are any."""
_SOLD = regex(r"卖[了过出给]|售出|销售了|出货")
"""What is sold is no thing of one's own, unless a list is of what one makes, and that was spoken of."""
_APART = regex(r"[。;!?\n]$")
_HE = regex("[他她](?!们|家|公司|那(?:边|家|个?(?:公司|厂|店|企业))|的)|[^,]{1,4}(?:还|也)?在[他她]")
_HIS = regex("[^,我俺咱]{0,4}[他她](?!们|家|公司|那|的)")  # 社保他自己要求挂在省城
_OF_EACH = regex(r"都|均|各|全|[两二三四仨俩]")
_FEWEST = 2


@dataclass(slots=True)
class _Record:
    """A run of clauses that tell of one item: where it begins, by which mark, and what it tells, by list."""

    start: int
    sentence: int
    mark: re.Match[str] | None
    called: str = ""  # what its first clause calls the thing, or the person
    more: bool = False  # it says that it tells of one more
    named: str | None = None  # the list whose thing its first clause names
    inside: str | None = None  # the one whose thing a later clause of it names
    sold: bool = False
    anew: bool = False  # it tells several things again of which the row before it told
    told: dict[str, dict[str, Value]] = field(default_factory=dict[str, dict[str, Value]])


class RecordReader:
    """Reads the rows of the lists of ``policy``; ``lists`` are the own words of the facts of each."""

    def __init__(self, policy: Policy) -> None:
        self._owned = {each.subject for each in policy.mentions.subjects if each.owned}
        spoken = {each.fact: each for each in policy.mentions.facts}
        labels = {each.id: normalise(each.label) for each in policy.subjects}
        self.lists = {each: OwnWords(_own(policy, each), spoken, labels[each]) for each in policy.lists}

    def begun(self, spoken: Sequence[SpokenClause], text: str, lexicon: Lexicon, focus: Focus) -> Entries:
        """The item that each row of plain ``text`` tells, as its list and its place there, by where the row begins."""
        found = self._announced(spoken, lexicon, focus)
        counted = {subject for subject, _ in found.values()}
        last: dict[str, int] = {}
        told_before = _told_of_one(focus)
        named = set[str]()
        for row in self._rows(spoken, text, lexicon, focus):
            if row.named and not row.called:
                named.add(row.named)
                if row.told.get(row.named):
                    last.setdefault(row.named, max(0, focus.counts.get(row.named, 0) - 1))
                continue  # what is told of things by their name is told apart there
            subject = self._subject(row, focus, named, set(last))
            if subject is None or subject in counted:
                continue
            known = [at for (own, at), words in focus.words.items() if own == subject and row.called in called(words)]
            at = known[0] if known else _place(row, subject, last.get(subject), focus, told_before)
            if at is None or (subject in named and not (row.mark or row.called or row.anew)):
                continue
            last[subject] = at
            announced = subject in named or bool(focus.counts.get(subject))
            if not (announced and row.mark and row.mark[0][-1] in _TOLD_THERE):
                found[row.start] = (subject, at)
        return found

    def of_items(self, spoken: Sequence[SpokenClause], focus: Focus) -> list[SpokenClause]:
        """The clauses, those as statements that tell more of somebody of whom the one before told: 博士，合同五年，他领过一年 · 社保在他老东家."""
        if all(clause.stance is not Stance.OTHERS for clause in spoken):
            return [*spoken]
        told = {focus.item[0]} if focus.item else set[str]()
        his = -1  # the sentence that goes on with what he does
        heard: list[SpokenClause] = []
        for clause in spoken:
            now = {subject for subject, words in self.lists.items() if words.tells(clause.text, focus.on)}
            others = clause.stance is Stance.OTHERS
            now = now or ({s for s in told if self.lists[s].told(clause.text, focus.on)} if others else now)
            if others and now & told and (_HE.match(clause.text) or his == clause.sentence):
                clause = replace(clause, stance=Stance.STATED)
            elif others and told and _HIS.match(clause.text):
                his = clause.sentence
            if clause.stance is Stance.STATED or his != clause.sentence:
                told = now or told if clause.stance is Stance.STATED else set[str]()
            heard.append(clause)
        return heard

    def _rows(self, spoken: Sequence[SpokenClause], text: str, lexicon: Lexicon, focus: Focus) -> Iterator[_Record]:
        row: _Record | None = None
        for clause in spoken:
            if clause.stance is not Stance.STATED:
                if row is not None and clause.stance is Stance.OTHERS:
                    yield row
                    row = None
                continue
            told = {subject: words.told(clause.text, focus.on) for subject, words in self.lists.items()}
            told = {
                subject: {
                    name: entry
                    for name, entry in facts.items()
                    if not lexicon.rules_out(f"{subject}.{name}", clause.text, entry.start, entry.end)
                }
                for subject, facts in told.items()
            }
            mark = MARK.match(clause.text)
            anew = row is not None and _anew(row, told)
            call, more = row_called(clause.text)
            noun = next((m.word.subject for m in lexicon.nouns_in(clause.text) if isinstance(m.word, Noun)), None)
            own = row is not None and (row.mark or row.called) and row.sentence == clause.sentence
            if noun and row is not None and own and not (mark or call or row.named or row.inside):
                row.inside = noun  # 还有一款也卖了，1100万，首台套正在申报
            elif row is None or mark or noun or call or anew or _again(row, told, clause, text):
                if row is not None:
                    yield row
                begins = mark or noun or call or any(told.values())
                row = _Record(clause.start, clause.sentence, mark, call, more, noun, anew=anew) if begins else None
            if row is not None:
                row.sold = row.sold or bool(_SOLD.search(clause.text))
                for subject, facts in told.items():
                    values = {name: entry.value for name, entry in facts.items() if entry.rank > WEAK}
                    row.told.setdefault(subject, {}).update(values)
        if row is not None:
            yield row

    def _announced(self, spoken: Sequence[SpokenClause], lexicon: Lexicon, focus: Focus) -> Entries:
        """贷了两笔贷款 中行1200万 LPR… 邮储600万 LPR…: as many rows as things were counted, each begun by the same fact."""
        stated = [clause for clause in spoken if clause.stance is Stance.STATED]
        for at, clause in enumerate(stated):
            for noun in lexicon.nouns_in(clause.text):
                subject = noun.word.subject if isinstance(noun.word, Noun) else ""
                count = count_beside(lexicon, clause.text, noun, subject) if subject in self.lists else None
                theirs = somebody_elses(clause.text[: noun.start], clause.text[noun.end :], clause.text)
                if count is None or theirs or focus.counts.get(subject):
                    continue
                told = stated[at + 1 :]
                if any(
                    labels_in(c.text) or ORDINAL.search(c.text) or lexicon.identified(subject, c.text) for c in told
                ):
                    continue  # what tells the things apart is for descriptions_items
                rows = self._begun_alike(subject, told, focus.on)
                if len(rows) == digit(count[1]):
                    return {row.start: (subject, place) for place, row in enumerate(rows)}
        return {}

    def _begun_alike(self, subject: str, clauses: Sequence[SpokenClause], on: date | None) -> list[SpokenClause]:
        """Those of the clauses that tell the fact of an item that the first of them tells."""
        told = [
            (clause, {n for n, e in self.lists[subject].told(clause.text, on).items() if e.rank > WEAK})
            for clause in clauses
        ]
        first = next((facts for _, facts in told if facts), set[str]())
        return [clause for clause, facts in told if facts & first] if len(first) == 1 else []

    def _subject(self, row: _Record, focus: Focus, named: set[str], begun: set[str]) -> str | None:
        """The list of which ``row`` tells most, where it is enough to be sure."""
        if row.inside or row.named:
            return row.inside or row.named
        ours = {s: facts for s, facts in row.told.items() if s not in self._owned or focus.counts.get(s) or s in named}
        most = max(map(len, ours.values()), default=0)
        best = [subject for subject, facts in ours.items() if len(facts) == most]
        if len(best) > 1:
            best = [s for s in best if s in begun or (focus.item is not None and focus.item[0] == s)]
        if len(best) != 1 or not most:
            return None
        (subject,) = best
        announced = subject in named or subject in begun or bool(focus.counts.get(subject))
        # that something is not so begins nothing: 我们有块老厂区，61.5亩
        enough = sum(value is not False for value in ours[subject].values()) >= _FEWEST and not row.sold
        return subject if enough or (announced and (row.mark or row.called or most >= _FEWEST)) else None

    def _sure(self, spoken: Sequence[SpokenClause], on: date | None) -> set[str]:
        """The lists of whose items the clauses tell beyond doubt."""
        return {
            subject
            for subject, words in self.lists.items()
            for clause in spoken
            if clause.stance is Stance.STATED and words.tells(clause.text, on)
        }

    def fill(
        self,
        spoken: Sequence[SpokenClause],
        about: Mapping[int, Mapping[str, tuple[int, ...]]],
        draft: Statements,
        lexicon: Lexicon,
        focus: Focus,
    ) -> None:
        """Put into ``draft`` what the clauses tell of the items that they are ``about``, where nothing else was read of it."""
        sure = self._sure(spoken, focus.on)
        for clause in parted(spoken, about):
            if clause.stance is not Stance.STATED or turns.DISOWN.search(clause.text):
                continue
            for subject, places in about.get(clause.start, {}).items():
                if len(places) > 1 and not _OF_EACH.search(clause.text):
                    continue
                for name, entry in self.lists[subject].told(clause.text, focus.on).items():
                    if lexicon.rules_out(f"{subject}.{name}", clause.text, entry.start, entry.end):
                        continue
                    if not self.lists[subject].fills(name, clause.text, entry):
                        continue
                    if entry.rank == WEAK and subject not in sure and not ORDINAL.search(clause.text):
                        continue
                    named = _figure(entry.value) and self.lists[subject].names(name, clause.text)
                    moved = replace(entry, start=clause.start + entry.start, end=clause.start + entry.end)
                    for at in places:
                        path = f"{subject}.{at}.{name}"
                        free = not any(
                            each.start < moved.end and moved.start < each.end and _alike(each.value, moved.value)
                            for other, each in draft.facts.items()
                            if other.startswith(f"{subject}.{at}.") or not other.startswith(f"{subject}.")
                        )
                        others = draft.elsewhere(subject, at, name)
                        known = path in draft.facts or (
                            draft.before(path) is not None and not (named and entry.rank > WEAK)
                        )
                        if free and draft.has(path) and not known and entry.value not in others:
                            draft.facts[path] = moved

    def carry(
        self, spoken: Sequence[SpokenClause], about: Mapping[int, Mapping[str, tuple[int, ...]]], draft: Statements
    ) -> None:
        """A figure that is all that is said of an item is of the fact that was told last of another: 工行那笔LPR3.65%，付息两年，
        农行那笔3.45%. Of whom two such facts were told (合同五年，领过一年；李硕士三年), it is of none."""
        for clause in parted(spoken, about):
            for subject, places in about.get(clause.start, {}).items():
                found = self.lists[subject].alone(clause.text) if len(places) == 1 else None
                if found is None or clause.stance is not Stance.STATED:
                    continue
                start, end, values = clause.start + found[0], clause.start + found[1], found[2]
                own = f"{subject}.{places[0]}."
                name = _last_told(draft, subject, places[0], clause.start, values)
                if name is None or draft.before(own + name) is not None:
                    continue
                for path in [
                    p for p, e in draft.facts.items() if p.startswith(own) and e.start < end and start < e.end
                ]:
                    if _figure(draft.facts[path].value):
                        del draft.facts[path]
                if name:
                    draft.facts.setdefault(own + name, Statement(values[name], start, end))


def _told_of_one(focus: Focus) -> set[str]:
    """The items of which something is known that is not known of all of their list: 技改贷款有两笔 tells one from the other of none."""
    own = [path.split(".") for path in focus.facts if path.count(".") == _FEWEST]
    values: dict[tuple[str, str], list[Value]] = {}
    for subject, at, name in own:
        values.setdefault((subject, name), []).append(focus.facts[f"{subject}.{at}.{name}"])
    shared = {
        (subject, name)
        for (subject, name), told in values.items()
        if len(told) == focus.counts.get(subject, 0) > 1 and all(value == told[0] for value in told)
    }
    return {f"{subject}.{at}" for subject, at, name in own if (subject, name) not in shared}


def _last_told(
    draft: Statements, subject: str, at: int, before: int, values: Mapping[str, Decimal | Range]
) -> str | None:
    """Which of the facts that ``values`` may be of was told last of another item than that at ``at``; where two were, the
    one whose figure it is like, empty where it is like neither; None where none was told."""
    told = [
        (entry.start, *path.split(".")[1:])
        for path, entry in draft.facts.items()
        if path.startswith(f"{subject}.") and entry.start < before and path.rpartition(".")[2] in values
    ]
    others = [(start, place, name) for start, place, name in told if place != str(at)]
    if others:
        _, last, name = max(others)
        told_there = {each for _, place, each in others if place == last}
        figures = [(each, draft.facts[f"{subject}.{last}.{each}"].value) for each in told_there]
        return name if told_there == {name} else nearest(values[name], figures)
    known = {path.rpartition(".")[2] for path in draft.known_paths if path.startswith(f"{subject}.")} & set(values)
    return known.pop() if len(known) == 1 else None


def _alike(value: Value, other: Value) -> bool:
    """Whether both are figures, or neither is."""
    return _figure(value) == _figure(other)


def _own(policy: Policy, subject: str) -> list[Fact]:
    return [fact for fact in policy.facts if fact.subject == subject and fact.derive is None and fact.type != "text"]


def _again(row: _Record, told: Mapping[str, Told], clause: SpokenClause, text: str) -> bool:
    """Whether a clause tells another value of what the row has told: a row of its own. Within a sentence it does with
    another day or choice only (…是博士，小刘是硕士); that there is none of a choice is no other one."""
    apart = _APART.search(text, 0, clause.start)
    if not apart and revisions.corrects(clause.text):
        return False
    return any(
        known not in (None, entry.value)
        and (
            apart
            or (not {"none"} & {known, entry.value} and not (_figure(entry.value) or isinstance(entry.value, bool)))
        )
        for subject, facts in told.items()
        for name, entry in facts.items()
        if entry.rank > WEAK
        for known in [row.told.get(subject, {}).get(name)]
    )


def _anew(row: _Record, told: Mapping[str, Told]) -> bool:
    """Whether a clause tells another value of two things or more of which the row has told: 色选机45万8台，包装机20万1台."""
    return any(
        sum(row.told.get(subject, {}).get(name) not in (None, entry.value) for name, entry in facts.items()) >= _FEWEST
        for subject, facts in told.items()
    )


def _figure(value: Value | None) -> bool:
    return isinstance(value, Decimal | Range)


def _place(row: _Record, subject: str, last: int | None, focus: Focus, told_before: set[str]) -> int | None:
    """The place of the item of ``row``; None where the words have to tell which of those known it is."""
    if row.mark and (number := row.mark["nth"] or row.mark["listed"]):
        return digit(number) - 1
    if last is not None:
        return last + 1
    before = focus.counts.get(subject, 0)
    untold = [at for at in range(before) if f"{subject}.{at}" not in told_before]
    if untold and (row.mark or row.called or len(untold) == before):
        return untold[0]
    return before if not before or row.more or (row.mark and row.mark["next"]) else None
