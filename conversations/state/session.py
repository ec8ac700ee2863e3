"""The state of one consultation: the list of answers, and what they come to.

A case is never stored; it is replayed from the answers, so going back, editing and skipping lose nothing: an answer
that does not matter for the moment keeps its place. Knows no wording and no channel.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import lru_cache
from itertools import zip_longest

from pydantic import BaseModel, ConfigDict, JsonValue, field_validator

from conversations.state.answer import Answer, Grouping, Ticks, ticks_of
from conversations.state.approximate import in_a_term, used
from conversations.state.interview import (
    MORE,
    SAME_PROJECT,
    SCREENING,
    TODAY,
    projects_in_question,
    rough,
    undecided,
    value_at,
)
from conversations.state.lead_form import Form
from conversations.state.messages import Choice, Inbound
from conversations.state.office_time import today
from conversations.state.shelf import Shelf
from knowledge.policy import ScreeningOption
from rules.assessment import Assessment
from rules.case import Case, CaseError, ItemFacts, value_from_json, value_to_json
from rules.values import Range, Value

EDITING, RESTARTING = MENUS = ("editing", "restarting")
"""Open questions that ask for no answer: which one to change, and whether to begin anew."""

_YEAR = r"[1-9]\d{3}"
Data = dict[str, JsonValue]


class Session(BaseModel):
    """One consultation of one person. ``asking`` is the open question, ``number`` counts the questions put so far, ``put_by`` are
    answers on a policy that is not on the shelf now, ``in_play`` the policies that are asked about (none named: all of them).

    ``offered`` and ``ticks`` are the options of an open multiple choice and those ticked, ``proposed`` is what the answer asked
    for may be changed to, ``first_shown`` the first place shown of the list to change, ``topic`` the clause talked about last,
    ``misses`` how many messages in a row were not understood, ``finished`` whether the person has seen a result, ``aside`` the
    buttons shown last that belong to no question (their keys may be typed), ``form`` a lead in the making, ``registered``
    whether one was sent from here. ``focus`` is the path spoken of last (a fact, or an item of a list), ``mentioned`` the facts
    and list subjects that were spoken of, in a question or a plan, or as another's, too, ``claimed`` those that the person named
    as theirs, ``wondered_at`` the list that the last message spoke of without having any of it, ``waiting`` what was told of
    what may yet be its first, ``client`` whom they speak for, ``entries`` the paths that each entry told of which they have
    numbered, ``left`` the last words that were not read, ``trades`` the kinds named so far.
    """

    model_config = ConfigDict(frozen=True)

    id: str
    person: str
    policy: str
    policy_version: str
    begun: datetime
    touched: datetime
    answers: tuple[Answer, ...] = ()
    put_by: tuple[Answer, ...] = ()
    in_play: tuple[str, ...] = ()
    asking: str | None = None
    number: int = 0
    offered: tuple[str, ...] = ()
    ticks: tuple[str, ...] = ()
    proposed: Answer | None = None
    first_shown: int = 0
    topic: str | None = None
    misses: int = 0
    finished: bool = False
    aside: tuple[Choice, ...] = ()
    form: Form | None = None
    focus: str | None = None
    mentioned: frozenset[str] = frozenset()
    claimed: frozenset[str] = frozenset()
    wondered_at: str | None = None
    waiting: tuple[Answer, ...] = ()
    client: str | None = None
    registered: bool = False
    entries: dict[str, tuple[str, ...]] = {}
    left: tuple[str, ...] = ()
    trades: dict[str, dict[str, str]] = {}

    @field_validator("asking")
    @classmethod
    def _of_an_earlier_version(cls, asking: str | None) -> str | None:
        """A menu that was kept open under another name is closed."""
        return None if asking is not None and asking.startswith("!") else asking

    @classmethod
    def begin(cls, id: str, person: str, shelf: Shelf, now: datetime) -> Session:
        """A consultation in which nothing has been said yet."""
        policy = shelf.policy
        return cls(id=id, person=person, policy=policy.id, policy_version=policy.version, begun=now, touched=now)

    @classmethod
    def begun_by(cls, inbound: Inbound, shelf: Shelf, now: datetime) -> Session:
        """A consultation that ``inbound`` begins; the same message, taken twice, begins the same one."""
        id = uuid.uuid5(uuid.NAMESPACE_OID, f"{inbound.channel}:{inbound.id}").hex
        return cls.begin(id, inbound.person, shelf, now)

    def answer(self, path: str) -> Answer | None:
        """The answer to ``path``, None where there is none."""
        return next((answer for answer in self.answers if answer.path == path), None)

    def record(self, answer: Answer) -> Session:
        """With ``answer`` in the place of an earlier one to the same path, or at the end."""
        if self.answer(answer.path) is None:
            return self.but(answers=(*self.answers, answer))
        return self.but(answers=tuple(answer if old.path == answer.path else old for old in self.answers))

    def but(self, **changes: object) -> Session:
        """A copy with ``changes``."""
        return self.model_copy(update=changes)


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """What the answers come to: the case (and as JSON), its assessment, and the questions not to ask (again). The same only
    as itself, for it is made once of the same answers: what is said of it may be kept by it."""

    data: Data
    case: Case
    assessment: Assessment
    skipped: frozenset[str]
    approximate: frozenset[str]
    _ticked: dict[str, bool | None] = field(default_factory=dict[str, bool | None], init=False, repr=False)

    def ticked(self, option: ScreeningOption) -> bool | None:
        """Whether what the answers state comes to ``option``, as ``ticked`` tells it."""
        if option.id not in self._ticked:
            self._ticked[option.id] = ticked(option, self.data)
        return self._ticked[option.id]


KEPT = 256
"""Of so many lists of answers it is remembered what they come to: a turn asks again and again, mostly before and after."""


class _Answers:
    """Answers, the same only as themselves: to compare what each says would take longer."""

    __slots__ = ("given",)

    def __init__(self, given: tuple[Answer, ...]) -> None:
        self.given = given

    def __hash__(self) -> int:
        return id(self.given)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Answers) and other.given is self.given


def derive(session: Session, shelf: Shelf) -> Known:
    """Replay the answers of ``session``: case, assessment, what was skipped, which figures are approximate.

    The day is that of its last message.
    """
    day = today(session.touched) if shelf.dated else None
    return _derived(_Answers(session.answers), session.in_play, day, shelf)


@lru_cache(maxsize=KEPT)
def _derived(said: _Answers, in_play: tuple[str, ...], day: date | None, shelf: Shelf) -> Known:
    answers = said.given
    rules = shelf.rules_of(in_play)
    data, skipped = _replay(answers, shelf)
    if day is not None:
        data[TODAY] = day.isoformat()
    case = rules.parse(data)
    assessment = rules.assess(case)
    rough_ones = {one.path for one in answers if one.approximate and in_a_term(one.path, shelf)}
    if rough_ones:
        wide, _ = _replay(answers, shelf, spread=True)
        about = rules.parse({**data, **wide})
        if rough_ones & undecided(rules.assess(about), about):
            data, case = {**data, **wide}, about
            assessment = rules.assess(case)
    shared = next((one for one in answers if one.path == SAME_PROJECT), None)
    if shared is not None:
        groups = _groups(shared, shelf, assessment)
        if groups is not None:
            data[SAME_PROJECT] = [list[JsonValue](group) for group in groups]
            case = replace(case, same_project=groups)
            assessment = rules.assess(case)
        elif shared.value is None:
            skipped.add(SAME_PROJECT)
    told = [(one, value_at(case, one.path)) for one in answers if is_fact(one.path)]
    loose = {one.path for one, known in told if known is not None and (one.approximate or rough(known))}
    # what is known loosely but decides everything is good enough
    enough = loose - undecided(assessment, case) if loose else loose
    skipped.update(enough, (answer.path for answer in answers if answer.final))
    approximate = frozenset(answer.path for answer in answers if answer.approximate)
    return Known(data, case, assessment, frozenset(skipped), approximate)


def is_fact(path: str) -> bool:
    """Whether an answer at ``path`` is the value of a fact, and no screening, grouping, item of a list or menu."""
    _, dot, rest = path.partition(".")
    return bool(dot) and not rest.isdigit()


def with_value(case: Case, path: str, value: Value | None) -> Case:
    """``case`` with ``value`` at ``path`` of an item that there is, or with nothing known there."""
    subject, _, rest = path.partition(".")
    index, dot, name = rest.partition(".")
    place, name = (int(index), name) if dot else (0, rest)
    items = list(case.items.get(subject) or ())
    if place >= len(items):
        return case
    item = ItemFacts(items[place])
    item.pop(name, None)
    if value is not None:
        item[name] = value
    items[place] = item
    return replace(case, items={**case.items, subject: tuple(items)})


def narrowed(known: Value | None, said: Data) -> Data:
    """A range as JSON: what is ``said``, and what was ``known`` before of the ends that it leaves open."""
    before = value_to_json(known) if isinstance(known, Range) else None
    ends = before if isinstance(before, dict) else {}
    lower, upper = ("at_least", "more_than"), ("at_most", "less_than")
    open_ends = [end for side in (lower, upper) if not said.keys() & {*side} for end in side]
    return {end: figure for end, figure in ends.items() if end in open_ends} | said


def without_item(session: Session, subject: str, index: int, count: int) -> Session:
    """Without the item ``index`` of the ``count`` that a list has; those behind it move up, what grouped it is forgotten."""
    kept: list[Answer] = []
    closed = False
    for answer in session.answers:
        own, _, rest = answer.path.partition(".")
        number, dot, name = rest.partition(".")
        if own != subject or not number.isdigit():
            grouped = isinstance(answer.value, Grouping) and any(
                claim.endswith(f":{index}") for claim in answer.value.among
            )
            kept += [] if grouped else [answer]
        elif not dot and not answer.value:
            closed |= int(number) == count
        elif int(number) != index:
            moved = f"{subject}.{int(number) - (int(number) > index)}{dot}{name}"
            kept.append(answer.model_copy(update={"path": moved}))
    left = count - 1
    there = {answer.path for answer in kept}
    places = (f"{subject}.{place}" for place in range(left))
    kept += [Answer(path=place, value=True, volunteered=True) for place in places if place not in there]
    if not left or closed:
        kept.append(Answer(path=f"{subject}.{left}", value=False, volunteered=True))
    return session.but(answers=tuple(kept))


def screen(session: Session, shelf: Shelf, known: Known, ticks: Mapping[str, bool], answer: Answer) -> Session:
    """Record ``ticks`` (option id → chosen) as the screening; single answers to the contrary give way to them.

    An option that stays as it is known states nothing anew, so what was answered since is kept.
    """
    before = ticks_of(session.answer(SCREENING))
    stated: Data = {}
    for option in shelf.policy.screening.options:
        if option.id in ticks and known.ticked(option) is not ticks[option.id]:
            stated |= option.chosen if ticks[option.id] else option.otherwise
    kept = tuple(one for one in session.answers if not _contradicts(one, stated))
    value = Ticks(ticks={**before, **ticks})
    return session.but(answers=kept).record(answer.model_copy(update={"path": SCREENING, "value": value}))


def ticked(option: ScreeningOption, data: Mapping[str, JsonValue]) -> bool | None:
    """Whether what ``data`` states comes to this option: True, False, or None where that is open."""
    if option.chosen and all(_holds(data, key, value) for key, value in option.chosen.items()):
        return True
    if option.otherwise:
        if all(_holds(data, key, value) for key, value in option.otherwise.items()):
            return False
        if any(_holds(data, key, value) is False for key, value in option.otherwise.items()):
            return True
    elif any(_holds(data, key, value) is False for key, value in option.chosen.items()):
        return False
    return None


def fits(answer: Answer, shelf: Shelf) -> bool:
    """Whether the policy has a question for ``answer``, and the answer is a value that it takes."""
    subject, _, rest = answer.path.partition(".")
    if answer.path in (SCREENING, SAME_PROJECT):
        return True
    about = next((each for each in shelf.policy.subjects if each.id == subject), None)
    if about is None or rest.isdigit():
        return about is not None and about.many and (answer.value is None or isinstance(answer.value, bool))
    index, dot, name = rest.rpartition(".")
    name, at, year = name.partition("@")
    fact = next((each for each in shelf.policy.facts if each.id == f"{subject}.{name}"), None)
    if fact is None or about.many != bool(dot) or (dot and not index.isdigit()):
        return False
    if fact.derive is not None or fact.by_year is not bool(re.fullmatch(_YEAR, year)) or (at and not fact.by_year):
        return False
    try:
        value_from_json(fact.spec, answer.value, answer.path)
    except CaseError:
        return False
    return True


def _replay(given: tuple[Answer, ...], shelf: Shelf, spread: bool = False) -> tuple[Data, set[str]]:
    """The case without ``same_project``, and the questions that were answered with "not known" or settled.

    ``spread``: rough figures of which others are made count as ranges.
    """
    answers = {answer.path: answer for answer in given}
    stated = _screened(answers.get(SCREENING), shelf)
    data: Data = {}
    skipped: set[str] = set()
    for subject in shelf.policy.subjects:
        if not subject.many:
            data[subject.id] = {
                key.partition(".")[2]: v for key, v in stated.items() if key.startswith(f"{subject.id}.")
            }
            continue
        items = _count_items(subject.id, stated.get(subject.id), answers, skipped)
        data[subject.id] = None if items is None else list[JsonValue](items)
        for key, value in stated.items():
            if key.startswith(f"{subject.id}.") and items:
                for item in items:
                    item.setdefault(key.partition(".")[2], value)
    for answer in given:
        *place, name = answer.path.split(".")
        if answer.path in (SCREENING, SAME_PROJECT) or name.isdigit():
            continue
        item = item_at(data, place)
        if item is None:
            continue  # the list is shorter now; the answer waits for its item
        name, _, year = name.partition("@")
        others = {at: value for at, value in _object(item.pop(name, None)).items() if year and at != year}
        if answer.value is None:
            skipped.add(answer.path)
            item |= {name: others} if others else {}  # of the other years it stays
        else:
            told = used(answer, shelf, spread)
            item[name] = {**others, year: told} if year else told
    return data, skipped


def _object(value: JsonValue) -> Data:
    return value if isinstance(value, dict) else {}


def _screened(answer: Answer | None, shelf: Shelf) -> Data:
    """What the screening states, by fact id and subject id; what is ticked wins over what is left."""
    stated: Data = {}
    if answer is None:
        return stated
    ticks = ticks_of(answer)
    for option in shelf.policy.screening.options:
        if ticks.get(option.id) is False:
            stated |= option.otherwise
    for option in shelf.policy.screening.options:
        if ticks.get(option.id) is True:
            for key, value in option.chosen.items():
                before = stated.get(key)
                if isinstance(value, list) and isinstance(before, list):
                    pairs = zip_longest(_objects(before), _objects(value), fillvalue=Data())
                    stated[key] = [left | right for left, right in pairs]
                else:
                    stated[key] = value
    return stated


def _count_items(
    subject: str, screened: JsonValue, answers: Mapping[str, Answer], skipped: set[str]
) -> list[Data] | None:
    """The items of a list subject, as many as the answers say there are, with what the screening states of them."""
    items = [dict(item) for item in _objects(screened)] if isinstance(screened, list) else None
    first = answers.get(f"{subject}.0")
    if first is not None:
        if first.value is None:
            skipped.add(subject)
            return None
        items = (items or [{}]) if first.value else []
    if not items:
        return items
    while (further := answers.get(f"{subject}.{len(items)}")) is not None:
        if not further.value:
            skipped.add(f"{subject}.{MORE}")
            break
        items.append({})
    return items


def item_at(data: Data, place: list[str]) -> Data | None:
    """The object at ``place`` (``["enterprise"]``, ``["pilots", "0"]``), None where there is none."""
    found = data.get(place[0])
    if len(place) > 1:
        index = int(place[1])
        found = found[index] if isinstance(found, list) and index < len(found) else None
    return found if isinstance(found, dict) else None


def _groups(answer: Answer, shelf: Shelf, assessment: Assessment) -> tuple[tuple[str, ...], ...] | None:
    """The groups of one project, None where they are not known (any more).

    An answer about fewer claims than are alive now does not stand: the question comes again.
    """
    said = answer.value
    if not isinstance(said, Grouping):
        return None
    open_ones = projects_in_question(shelf, assessment)
    if any(not set(project) & set(said.among) for project in open_ones):
        return None
    left = [project for project in open_ones if not any(set(project) & set(group) for group in said.groups)]
    if not said.all and len(left) > 1:
        return None
    known = {claim.id for claim in assessment.claims}
    return tuple(group for names in said.groups if len(group := tuple(n for n in names if n in known)) > 1)


def _objects(items: list[JsonValue]) -> list[Data]:
    return [item for item in items if isinstance(item, dict)]


def _contradicts(answer: Answer, stated: Mapping[str, JsonValue]) -> bool:
    """Whether the screening's ``stated`` facts say something else than this single answer."""
    subject, _, index = answer.path.partition(".")
    if index == "0" and isinstance(items := stated.get(subject), list):
        return answer.value is not bool(items)
    return answer.path in stated and answer.value != stated[answer.path]


def _holds(data: Mapping[str, JsonValue], key: str, value: JsonValue) -> bool | None:
    """Whether ``data`` states ``value`` for ``key`` (a fact of the enterprise, or a list subject); None = open."""
    subject, _, name = key.partition(".")
    found = data.get(subject)
    if isinstance(value, list):
        if not isinstance(found, list):
            return None
        wanted, items = _objects(value), _objects(found)
        return bool(items) == bool(wanted) and all(any(w.items() <= each.items() for each in items) for w in wanted)
    return found[name] == value if isinstance(found, dict) and name in found else None
