"""What is known of one enterprise: the facts there can be, a case of them, and its way from and to JSON.

Every value that comes from outside passes ``value_from_json``; whatever it lets through, the rules can compute with.
Knows no programme and no wording: an error names the path of the value and says in English what is wrong with it.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import TypeAlias

from pydantic import JsonValue

from rules import dates
from rules.dates import NEVER, Dates
from rules.raw import is_list, is_object
from rules.terms import Term
from rules.values import Range, Value


class ItemFacts(dict[str, Value]):
    """What is known of one thing: values by bare fact name, of a figure by year by ``name@2021``. Not changed once read."""

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(frozenset(self.items()))


SAME_PROJECT = "same_project"
"""The key of a case under which it stands which claims are one project."""

DAY = "on"
"""The key of the day at which a case is judged."""

Items: TypeAlias = Mapping[str, tuple[ItemFacts, ...] | None]
"""Per subject id its items; None = not known whether there is any."""

LARGEST = Decimal(10) ** 18
"""No figure may be larger: far above anything real, and sums stay exact within Decimal's 28 digits."""

FINEST = 30
"""No figure may have more decimal places: far finer than anything real, and its products stay of a bounded length."""

NUMERIC = frozenset({"money", "area", "ratio", "years", "int", "count"})
"""The fact types whose value is a figure."""

_ZERO, _ONE = Decimal(0), Decimal(1)
_NUMBERS = (int, float, Decimal)
_LOWER = {"at_least": False, "more_than": True}
_UPPER = {"at_most": False, "less_than": True}
_YEAR = r"[1-9][0-9]{3}"
_PLACE = r"[0-9]{6}"


class CaseError(ValueError):
    """A case that cannot be read: ``path`` names the place (``pilots.0.total_investment``), ``message`` the trouble."""

    def __init__(self, path: str, message: str) -> None:
        super().__init__(f"{path}: {message}" if path else message)
        self.path = path
        self.message = message


@dataclass(frozen=True, slots=True)
class SubjectSpec:
    """What facts are about; ``many`` where an enterprise may have any number of it."""

    id: str
    many: bool = False


@dataclass(frozen=True, slots=True)
class FactSpec:
    """A fact that a case may state: id ``subject.name``, type, the choices of a choice, the limits of a figure.

    ``minimum`` None means 0; ``maximum`` None means 1 for a ratio, else no limit but ``LARGEST``. ``whole``: a count of
    whole things; ``by_year``: a figure for each year; ``never``: a day that may never come. A ``derive``d one follows
    from others and is never stated.
    """

    id: str
    type: str
    choices: tuple[str, ...] = ()
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    whole: bool = True
    by_year: bool = False
    never: bool = False
    derive: Term | None = None

    @property
    def subject(self) -> str:
        return self.id.partition(".")[0]

    @property
    def name(self) -> str:
        return self.id.partition(".")[2]

    @property
    def numeric(self) -> bool:
        return self.type in NUMERIC

    @property
    def counted(self) -> bool:
        """Whether its figures are whole."""
        return self.type == "int" or (self.type == "count" and self.whole)

    @property
    def ends(self) -> tuple[Decimal, Decimal | None]:
        """The least and the largest figure that the fact can have, None where there is no largest."""
        largest = _ONE if self.type == "ratio" else None
        return (
            _ZERO if self.minimum is None else self.minimum,
            largest if self.maximum is None else self.maximum,
        )

    @property
    def limits(self) -> tuple[Decimal, Decimal]:
        """The least and the largest figure that a case may state."""
        least, largest = self.ends
        return least, LARGEST if largest is None else largest


FactsOf: TypeAlias = Mapping[str, Mapping[object, FactSpec]]
"""The specifications of all facts, by subject id and bare name."""


@dataclass(frozen=True, slots=True)
class Case:
    """What is known of one enterprise; a fact without a value is not known.

    ``same_project`` lists groups of claim ids that concern one and the same project; () = all are different, None =
    not known. ``on`` is the day at which the case is judged, None = not known.
    """

    items: Items
    same_project: tuple[tuple[str, ...], ...] | None = None
    on: Dates | None = None


def value_to_json(value: Value | tuple[()]) -> JsonValue:
    """``value`` as the JSON of a case: whole figures as int, a range as its ends, an empty list as ``[]``."""
    if isinstance(value, Decimal):
        return _number_to_json(value)
    if isinstance(value, Range):
        ends: dict[str, JsonValue] = {}
        if value.low is not None:
            ends["more_than" if value.low_open else "at_least"] = _number_to_json(value.low)
        if value.high is not None:
            ends["less_than" if value.high_open else "at_most"] = _number_to_json(value.high)
        return ends
    if isinstance(value, Dates):
        return value.written()
    return [] if isinstance(value, tuple) else value


def _number_to_json(number: Decimal) -> int | float:
    return int(number) if number == number.to_integral_value() else float(number)


def value_from_json(spec: FactSpec, raw: object, path: str) -> Value | None:
    """``raw`` as a value of the fact ``spec``; None (JSON null) = not known.

    A range with room for a single figure is that figure; an int range gets closed ends. Raises ``CaseError`` for
    anything that is not a value of this fact; ``path`` is what the error names.
    """
    if raw is None:
        return None
    if spec.numeric:
        if not isinstance(raw, _NUMBERS) and is_object(raw):
            return _range(spec, raw, path)
        return _figure(spec, raw, path)
    if spec.type == "date":
        return NEVER if raw == NEVER and spec.never else dates_from_json(raw, path)
    if spec.type == "bool":
        if not isinstance(raw, bool):
            raise CaseError(path, f"expected true, false or null, got {shown(raw)}")
        return raw
    if not isinstance(raw, str):
        raise CaseError(path, f"expected a string or null, got {shown(raw)}")
    if spec.type == "choice" and raw not in spec.choices:
        raise CaseError(path, f"{shown(raw)} is none of its choices: {', '.join(spec.choices)}")
    if spec.type == "place" and not re.fullmatch(_PLACE, raw):
        raise CaseError(path, f"{shown(raw)} is no code of six digits")
    return raw


def dates_from_json(raw: object, path: str) -> Dates:
    """``raw`` as a day known so far: a day, a month, a year, or a range of them. Raises ``CaseError``."""
    if not is_object(raw):
        found = dates.read(raw)
        if found is None:
            raise CaseError(
                path, f"expected a date like 2021-08-15, 2021-08 or 2021, a range or null, got {shown(raw)}"
            )
        return found
    lower, upper = _range_keys(raw, path)
    first = last = None
    if lower:
        low = dates_from_json(raw[lower], f"{path}.{lower}")
        first = low.last and low.last + timedelta(days=1) if _LOWER[lower] else low.first
    if upper:
        high = dates_from_json(raw[upper], f"{path}.{upper}")
        last = high.first and high.first - timedelta(days=1) if _UPPER[upper] else high.last
    if first is not None and last is not None and first > last:
        raise CaseError(path, "the range is empty")
    return Dates(first, last)


def _range_keys(raw: Mapping[str, object], path: str) -> tuple[str | None, str | None]:
    """The keys of the lower and the upper end of a range."""
    lower = [key for key in raw if key in _LOWER]
    upper = [key for key in raw if key in _UPPER]
    if not raw or len(lower) > 1 or len(upper) > 1 or len(lower) + len(upper) < len(raw):
        raise CaseError(
            path,
            "a range has at least one end, at most one of at_least and more_than, at most one of at_most and less_than",
        )
    return lower[0] if lower else None, upper[0] if upper else None


def _figure(spec: FactSpec, raw: object, path: str) -> Decimal:
    # bool is an int to Python, and no figure to us
    if isinstance(raw, bool) or not isinstance(raw, _NUMBERS):
        raise CaseError(path, f"expected a number, a range or null, got {shown(raw)}")
    figure = Decimal(repr(raw)) if isinstance(raw, float) else Decimal(raw)
    if not figure.is_finite():
        raise CaseError(path, f"{shown(raw)} is not a figure")
    least, largest = spec.limits
    if figure < least:
        raise CaseError(path, f"{shown(raw)} is less than {least}")
    if figure > largest:
        raise CaseError(path, f"{shown(raw)} is more than {largest:f}")
    if isinstance(raw, int):
        return figure
    whole = figure.to_integral_value()
    if figure == whole:
        return Decimal(int(whole))  # one form for 1E+7, 10000000.0 and -0
    if spec.counted:
        raise CaseError(path, f"{shown(raw)} is not a whole number")
    if len(figure.as_tuple().digits) - figure.adjusted() - 1 > FINEST:
        raise CaseError(path, f"{shown(raw)} has more than {FINEST} decimal places; round it")
    return figure


def _range(spec: FactSpec, raw: Mapping[str, object], path: str) -> Decimal | Range:
    lower, upper = _range_keys(raw, path)
    low, low_open = (_figure(spec, raw[lower], path), _LOWER[lower]) if lower else (None, False)
    high, high_open = (_figure(spec, raw[upper], path), _UPPER[upper]) if upper else (None, False)
    if spec.counted:
        low, low_open = (low + 1 if low is not None and low_open else low), False
        high, high_open = (high - 1 if high is not None and high_open else high), False
    least, largest = spec.limits
    first, last = least if low is None else low, largest if high is None else high
    if first > last or (first == last and (low_open or high_open)):
        raise CaseError(path, "the range is empty")
    if first == last:
        return first
    return Range(low, high, low_open, high_open)


def shown(raw: object) -> str:
    """``raw`` for an error message, short whatever it is."""
    if isinstance(raw, Mapping):
        return "an object"
    if isinstance(raw, (list, tuple)):
        return "a list"
    if raw is None or isinstance(raw, bool):
        return str({None: "null", True: "true", False: "false"}[raw])
    if isinstance(raw, int) and abs(raw) > LARGEST:
        return "the number"  # an int of ten thousand digits has no short form
    text = repr(raw) if isinstance(raw, str) else str(raw)
    return text if len(text) <= 40 else f"{text[:40]}…"


def read_items(data: Mapping[str, object], subjects: Iterable[SubjectSpec], facts: FactsOf) -> Items:
    """The items of all ``subjects`` in the JSON object ``data``.

    A subject that is absent or null is not known: a list as None, a single one as an item without facts. Other keys
    of ``data`` are left alone. Raises ``CaseError``.
    """
    items: dict[str, tuple[ItemFacts, ...] | None] = {}
    for subject in subjects:
        raw = data.get(subject.id)
        if not subject.many:
            items[subject.id] = (ItemFacts() if raw is None else _item(raw, subject.id, facts[subject.id]),)
        elif raw is None:
            items[subject.id] = None
        elif is_list(raw):
            items[subject.id] = tuple(
                _item(entry, f"{subject.id}.{index}", facts[subject.id]) for index, entry in enumerate(raw)
            )
        else:
            raise CaseError(subject.id, f"expected a list or null, got {shown(raw)}")
    return items


def _item(raw: object, path: str, facts: Mapping[object, FactSpec]) -> ItemFacts:
    if not is_object(raw):
        raise CaseError(path, f"expected an object, got {shown(raw)}")
    item = ItemFacts()
    for name, value in raw.items():
        spec = facts.get(name)
        if spec is None:
            raise CaseError(f"{path}.{name}", "there is no such fact")
        if spec.derive is not None:
            raise CaseError(f"{path}.{name}", "this fact follows from others; it is never stated")
        if spec.by_year:
            item.update(_by_year(spec, value, f"{path}.{name}"))
            continue
        known = value_from_json(spec, value, f"{path}.{name}")
        if known is not None:
            item[str(name)] = known
    return item


def _by_year(spec: FactSpec, raw: object, path: str) -> ItemFacts:
    """The figures of a fact by year, under ``name@2021``."""
    item = ItemFacts()
    if raw is None:
        return item
    if not is_object(raw):
        raise CaseError(path, f'expected figures by year, like {{"2021": 100}}, got {shown(raw)}')
    for year, value in raw.items():
        if not re.fullmatch(_YEAR, str(year)):
            raise CaseError(f"{path}.{year}", "this is no year")
        known = value_from_json(spec, value, f"{path}.{year}")
        if known is not None:
            item[f"{spec.name}@{year}"] = known
    return item


def read_groups(raw: object, claims: frozenset[str]) -> tuple[tuple[str, ...], ...]:
    """The groups of ``same_project``; each name must be one of ``claims``. Raises ``CaseError``."""
    groups: list[tuple[str, ...]] = []
    for group in read_names(raw, SAME_PROJECT):
        for place, name in group:
            if name not in claims:
                raise CaseError(place, f"{shown(name)} is no claim of this case that may share a project")
        groups.append(tuple(name for _, name in group))
    return tuple(groups)


def read_names(raw: object, path: str) -> Iterator[list[tuple[str, str]]]:
    """The groups of names of claims at ``path``, each name with its place. Raises ``CaseError``."""
    for number, group in enumerate(_list(raw, path)):
        names: list[tuple[str, str]] = []
        for position, name in enumerate(_list(group, f"{path}.{number}")):
            place = f"{path}.{number}.{position}"
            if not isinstance(name, str):
                raise CaseError(place, f"expected the name of a claim, got {shown(name)}")
            names.append((place, name))
        yield names


def _list(raw: object, path: str) -> Sequence[object]:
    if not is_list(raw):
        raise CaseError(path, f"expected a list, got {shown(raw)}")
    return raw
