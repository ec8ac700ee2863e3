"""What staff learn of an enterprise after its lead was left: its facts field by field, typed or ticked, or told in words.

A field is read as an answer to its question is; what is not understood is told at its field, and nothing is kept. Works on a
transaction that is handed in; knows no page.
"""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import datetime

from pydantic import JsonValue

from conversations.language.answers import AnswerReader
from conversations.language.descriptions import DescriptionReader
from conversations.language.focus import Focus
from conversations.language.replies import ReplyReader
from conversations.office import lead_assessment, leads
from conversations.office.lead_entry import LONGEST_TOLD, TOO_MUCH_TOLD, EntryError
from conversations.saying.values import facts as stated_facts
from conversations.saying.values import item_label, stated, value, year_label
from conversations.state.answer import Answer
from conversations.state.office_time import today
from conversations.state.session import TODAY, Data, Known, fits, is_fact, item_at
from conversations.state.shelf import Shelf
from conversations.state.shelf_change import reopened
from conversations.storage.store import Work
from conversations.storage.tables_leads import Lead
from knowledge.policy import Fact, Subject, owner
from rules.case import value_from_json, value_to_json
from rules.values import Value

LONGEST = 200
"""Characters of a field that are read."""
MOST_ITEMS = 20
"""So many items of a list can be entered."""
TOLD = "told"
"""The field for what is told in words."""
_DROP, _NONE = "drop:", "none:"
"""Before the name of an item that is taken away, of a list of which there is nothing."""
_YES, _NO = "yes", "no"


@dataclass(frozen=True, slots=True)
class FactField:
    """A fact to be filled in: ``name`` its path, ``options`` what may be chosen (none: it is written), ``filled`` what stands there."""

    name: str
    label: str
    help: str
    options: tuple[tuple[str, str], ...]
    filled: str


@dataclass(frozen=True, slots=True)
class FactGroup:
    """The fields of the enterprise, or of one item of a list.

    ``drop`` is the name of the box that takes the item away, ``none`` that of the box that says that there is nothing of the
    kind, which is ``empty`` where that is known; each empty where there is no such box.
    """

    title: str
    fields: tuple[FactField, ...]
    drop: str = ""
    none: str = ""
    empty: bool = False


@dataclass(frozen=True, slots=True)
class FirmFacts:
    """What an enterprise states: ``data`` as a case's JSON, ``rough`` the paths of figures that are given roughly."""

    data: Data
    rough: frozenset[str]


def groups(shelf: Shelf, known: Known, sent: Mapping[str, str] | None = None) -> list[FactGroup]:
    """All fields with what is ``known`` in them, or (``sent``) with what was typed there; each list with room for one more."""
    found: list[FactGroup] = []
    for subject in shelf.policy.subjects:
        if not subject.many:
            of = next((f"（{each.name}）" for each in shelf.policy.alone if each.id == owner(subject.id)), "")
            found.append(FactGroup(f"企业{of}", _fields(shelf, known, subject.id, sent)))
            continue
        there = len(_items(known.data, subject.id))
        for index in range(max(there, min(_shown(subject.id, sent), MOST_ITEMS)) + 1):
            path = f"{subject.id}.{index}"
            title = (
                item_label(shelf.policy, known.case, subject.id, index) if index < there else f"再加：{subject.label}"
            )
            found.append(
                FactGroup(
                    title if there or index else subject.label,
                    _fields(shelf, known, path, sent),
                    drop=f"{_DROP}{path}" if index < there else "",
                    none=f"{_NONE}{subject.id}" if not there and not index else "",
                    empty=known.data.get(subject.id) == [],
                )
            )
    return found


def read_words(shelf: Shelf, known: Known, sent: Mapping[str, str], now: datetime) -> tuple[dict[str, str], list[str]]:
    """``sent`` with what its words (``TOLD``) state filled in, to be looked at before it is kept; and what that was, in words.

    Items are put behind those that are there. Raises ``EntryError`` for words that are too many.
    """
    words = sent.get(TOLD, "")
    if len(words) > LONGEST_TOLD:
        raise EntryError({TOLD: TOO_MUCH_TOLD})
    filled, read = dict(sent), list[str]()
    described = shelf.compiled(DescriptionReader).read(words, Focus(on=today(now)))
    for path, said in described.facts.items():
        subject, _, rest = path.partition(".")
        if isinstance(said, tuple):
            filled[f"{_NONE}{subject}"] = _YES
            read.append(f"没有{_subject(shelf, subject).label}")
            continue
        index, _, name = rest.partition(".")
        if index.isdigit():
            path = f"{subject}.{int(index) + len(_items(known.data, subject))}.{name}"
        fact = shelf.policy.fact(path)
        filled[path] = _filled(fact, said, path in described.approximate)
        read.append(f"{year_label(shelf.policy, path)}：{value(fact, said, path in described.approximate)}")
    return filled, read


def read_fields(shelf: Shelf, known: Known, sent: Mapping[str, str], now: datetime) -> FirmFacts:
    """What is stated once the fields that were ``sent`` stand for what is ``known``; a field that is as it was stays as it is.

    Raises ``EntryError``, by the field, for what is not understood.
    """
    wrong: dict[str, str] = {}
    data, rough = deepcopy(dict(known.data)), set(known.approximate)
    reader = ReplyReader(shelf.policy, shelf.compiled(AnswerReader), shelf.compiled(DescriptionReader))
    before = {field.name: field.filled for group in groups(shelf, known) for field in group.fields}
    for path, typed in sent.items():
        if not _is_field(shelf, path) or typed == before.get(path, ""):
            continue
        fact = shelf.policy.fact(path)
        said = _chosen(fact, typed)
        rough.discard(path)
        if said is None and typed:
            answer = reader.read(path, typed[:LONGEST], today(now))
            said = answer.value if answer.status == "ok" else None
            if answer.status == "unclear":
                wrong[path] = _unclear(fact, answer.offer)
            rough |= {path} if said is not None and answer.approximate else set()
        _put(data, path, None if said is None else value_to_json(said))
    for subject in shelf.policy.subjects:
        if subject.many:
            _put_list(data, rough, subject.id, sent, len(_items(known.data, subject.id)))
    if wrong:
        raise EntryError(wrong)
    data[TODAY] = today(now).isoformat()
    return FirmFacts(data, frozenset(rough))


def assessed(shelf: Shelf, stated: FirmFacts, now: datetime) -> Known:
    """What is ``stated`` with its assessment, today."""
    return reopened(stated.data, shelf.policy.id, stated.rough, shelf, now)


async def keep(work: Work, shelf: Shelf, lead: Lead, before: Known, known: Known, who: str, now: datetime) -> list[str]:
    """Keep what is ``known`` of the enterprise of ``lead`` now, and what that comes to; returns what has changed, in words."""
    were, are = (dict(stated_facts(shelf, each)) for each in (before, known))
    changed = [f"{label}：{said}" for label, said in are.items() if were.get(label) != said]
    changed += [f"{label}：不知道了" for label in were if label not in are]
    await lead_assessment.keep(work, lead.id, shelf, known, now)
    await leads.note(work, lead, who, "told", now, "；".join(changed))
    return changed


def _fields(shelf: Shelf, known: Known, thing: str, sent: Mapping[str, str] | None) -> tuple[FactField, ...]:
    """The fields of a ``thing``: the enterprise, or an item of a list, by its path."""
    return tuple(_field(shelf, known, path, sent) for path in _paths(shelf, known, thing))


def _paths(shelf: Shelf, known: Known, thing: str) -> Iterator[str]:
    """The paths of fields: a fact's, or one for each year of which something is known, and for the last one."""
    subject, _, _ = thing.partition(".")
    last = (known.case.on.first.year if known.case.on and known.case.on.first else 0) - 1
    for fact in shelf.policy.facts:
        if fact.subject != subject or fact.derive is not None:
            continue
        path = f"{thing}.{fact.name}"
        if not fact.by_year:
            yield path
            continue
        figures = stated(known.data, path)
        years = {*figures, str(last)} if isinstance(figures, dict) else {str(last)}
        yield from (f"{path}@{year}" for year in sorted(years))


def _field(shelf: Shelf, known: Known, path: str, sent: Mapping[str, str] | None) -> FactField:
    fact = shelf.policy.fact(path)
    options: tuple[tuple[str, str], ...] = ()
    if fact.type == "bool":
        options = ((_YES, "是"), (_NO, "不是"))
    elif fact.type == "choice":
        options = tuple((choice.id, choice.label) for choice in fact.choices)
    raw = stated(known.data, path)
    exact = None if raw is None else value_from_json(replace(fact.spec, by_year=False), raw, path)
    filled = "" if exact is None else _filled(fact, exact, path in known.approximate)
    filled = filled if sent is None else sent.get(path, filled)
    return FactField(path, year_label(shelf.policy, path), fact.help, options, filled)


def _filled(fact: Fact, said: Value, approximate: bool) -> str:
    """``said`` as it stands in the field."""
    if isinstance(said, bool):
        return _YES if said else _NO
    return said if fact.type == "choice" and isinstance(said, str) else value(fact, said, approximate)


def _chosen(fact: Fact, typed: str) -> Value | None:
    """What was chosen, or a name that was written; None where it has to be read."""
    if fact.type == "bool":
        return {_YES: True, _NO: False}.get(typed)
    if fact.type == "choice":
        return typed if any(choice.id == typed for choice in fact.choices) else None
    return typed[:LONGEST] or None if fact.type == "text" else None


def _unclear(fact: Fact, offer: Value | None) -> str:
    return f"没看懂。是 {value(fact, offer)} 吗？请写清楚。" if offer is not None else "没看懂，请换个写法，或者空着。"


def _is_field(shelf: Shelf, path: str) -> bool:
    """Whether ``path``, which a form has sent, names a fact: of the enterprise, or of an item within the bound."""
    _, _, rest = path.partition(".")
    index, dot, _ = rest.partition(".")
    within = not dot or (index.isdecimal() and int(index) <= MOST_ITEMS)
    return within and is_fact(path) and fits(Answer(path=path, value=None), shelf)


def _shown(subject: str, sent: Mapping[str, str] | None) -> int:
    """How many items of a list a form had that was sent with something in them."""
    begun = (path.split(".")[1] for path, typed in (sent or {}).items() if typed and path.startswith(f"{subject}."))
    return max((int(index) + 1 for index in begun if index.isdecimal()), default=0)


def _items(data: Data, subject: str) -> list[JsonValue]:
    """The items of a list in ``data``; none where it is not known whether there is any."""
    items = data.get(subject)
    return items if isinstance(items, list) else []


def _put(data: Data, path: str, said: JsonValue) -> None:
    """Have ``data`` say ``said`` at ``path``; None: nothing. An item that is not there yet is made."""
    *place, name = path.split(".")
    name, _, year = name.partition("@")
    subject, *index = place
    if index:
        items = _items(data, subject)
        data[subject] = [*items, *({} for _ in range(len(items), int(index[0]) + 1))]
    item = item_at(data, place)
    if item is None:
        item = data[subject] = Data()
    figures = item.get(name)
    item[name] = {**(figures if isinstance(figures, dict) else {}), year: said} if year else said


def _put_list(data: Data, rough: set[str], subject: str, sent: Mapping[str, str], before: int) -> None:
    """Take away the items that are ticked for it, and new ones (behind the first ``before``) of which nothing is said; or say that there is none."""
    items, none = _items(data, subject), f"{_NONE}{subject}" in sent
    if not items:
        data.pop(subject, None)  # 没有 may have been taken back
        data |= {subject: []} if none else {}
        return
    kept = [n for n in range(len(items)) if f"{_DROP}{subject}.{n}" not in sent and (n < before or _says(items[n]))]
    for path in [path for path in rough if path.startswith(f"{subject}.")]:
        rough.discard(path)
        _, index, name = path.split(".", 2)
        rough |= {f"{subject}.{kept.index(int(index))}.{name}"} if int(index) in kept else set()
    data[subject] = [items[n] for n in kept]
    if not kept:
        data.pop(subject)


def _says(item: JsonValue) -> bool:
    return isinstance(item, dict) and any(said is not None for said in item.values())


def _subject(shelf: Shelf, id: str) -> Subject:
    return next(each for each in shelf.policy.subjects if each.id == id)
