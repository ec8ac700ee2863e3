"""What the columns of an uploaded table are: guessed from their own words, shown in a form, read from it again.

A heading that is exactly what a fact is called is taken for it; whatever else a column may mean is for staff to say.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from pydantic import JsonValue

from bot.match.mapping import ROLES, UNITS
from conversations.state.firm_lists import FirmUpload
from knowledge.patterns import regex
from knowledge.policy import Fact, Policy

FIRM, NAME, CODE = "firm", "name", "code"
OWN = {FIRM: "认企业的（每行不同）", NAME: "企业名称", CODE: "统一社会信用代码"}
"""What a column may be beside a fact's."""
FIGURES = "金额、比例"
"""The group of what is told in a unit."""
_NAMES = ("企业名称", "企业", "单位名称", "公司名称", "名称")
_CODES = ("统一社会信用代码", "社会信用代码", "信用代码")
_UNIT = regex(r"[（(]([^（()）]*)[)）]\s*$")
_ROLE = regex(rf"(?:@\d{{4}})?(?:\.(?:{'|'.join(ROLES)}))?$")
"""What may stand behind a fact's id in the name of a column."""
_YEARS = 4
"""So many years, this one the last, are offered for a figure by year."""


@dataclass(frozen=True, slots=True)
class ShownColumn:
    """A column in the form: what it is (``is_``: one of ``OWN``, or a fact's path), and the unit of its figures."""

    heading: str
    is_: str
    unit: str


def guessed(policy: Policy, headings: Sequence[str], mapping: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    """``mapping``, with what headings say by themselves where it says nothing."""
    found = dict(mapping)
    columns = dict(_columns(mapping))
    by_label = {fact.label: fact.id for fact in _stated(policy) if not fact.by_year}
    columns |= {each: by_label[each] for each in headings if each in by_label and each not in columns}
    found["columns"] = {**columns}
    for own, words in ((NAME, _NAMES), (CODE, _CODES)):
        if own not in found and (heading := next((each for each in words if each in headings), None)):
            found[own] = heading
    if FIRM not in found and FIRM not in headings and (heading := found.get(NAME) or found.get(CODE)):
        found[FIRM] = heading
    return found


def shown(policy: Policy, upload: FirmUpload) -> list[ShownColumn]:
    """The columns as the form shows them."""
    meant = {fact.id for fact in _stated(policy)} | {subject.id for subject in policy.subjects if subject.many}
    mapping, columns, units = upload.mapping, _columns(upload.mapping), _units(upload.mapping)
    own = {str(mapping[each]): each for each in (CODE, NAME) if mapping.get(each)}
    own[str(mapping.get(FIRM, FIRM))] = FIRM
    found: list[ShownColumn] = []
    for heading in upload.headings:
        path = columns.get(heading, heading)
        fact = _ROLE.sub("", path)
        written = _UNIT.search(heading)
        suggested = written[1] if written and written[1] in UNITS else "元"
        found.append(ShownColumn(heading, own.get(heading, path if fact in meant else ""), units.get(fact, suggested)))
    return found


def choices(policy: Policy, day: date) -> list[tuple[str, list[tuple[str, str]]]]:
    """What a column may be, by group: the firm itself, its facts, how many things it has."""
    single = next(subject.id for subject in policy.subjects if not subject.many)
    facts: list[tuple[str, str]] = []
    figures: list[tuple[str, str]] = []
    for fact in _stated(policy):
        if fact.subject != single:
            continue
        years = [f"{day.year - back}" for back in range(_YEARS)] if fact.by_year else [""]
        group = figures if fact.spec.numeric and not fact.spec.counted else facts
        group += [
            (f"{fact.id}@{year}", f"{fact.label}（{year}年）") if year else (fact.id, fact.label) for year in years
        ]
    things = [(subject.id, f"有几个：{subject.label}") for subject in policy.subjects if subject.many]
    groups = [("企业", [*OWN.items()]), ("情况", facts), (FIGURES, figures), ("清单", things)]
    return [(label, options) for label, options in groups if options]


def read(upload: FirmUpload, sent: Mapping[str, str]) -> dict[str, JsonValue]:
    """The mapping that the form says: ``is-0`` and ``unit-0`` of the first column, and so on; ``apart`` where it is ticked."""
    mapping = {key: value for key, value in upload.mapping.items() if key not in (FIRM, NAME, CODE, "columns", "apart")}
    units, columns = dict(_units(upload.mapping)), dict[str, str]()
    for place, heading in enumerate(upload.headings):
        path, unit = sent.get(f"is-{place}", ""), sent.get(f"unit-{place}", "元")
        if path in OWN:
            mapping[path] = heading
        elif path:
            columns[heading] = path
            units[_ROLE.sub("", path)] = unit if unit in UNITS else "元"
        else:
            columns[heading] = ""
    mapping.setdefault(FIRM, mapping.get(NAME) or mapping.get(CODE) or FIRM)
    mapping["columns"], mapping["units"] = {**columns}, {**units}
    mapping["apart"] = sent.get("apart") == "yes"
    return mapping


def _columns(mapping: Mapping[str, JsonValue]) -> Mapping[str, str]:
    found = mapping.get("columns")
    return {key: str(value) for key, value in found.items()} if isinstance(found, dict) else {}


def _units(mapping: Mapping[str, JsonValue]) -> Mapping[str, str]:
    found = mapping.get("units")
    return {key: str(value) for key, value in found.items()} if isinstance(found, dict) else {}


def _stated(policy: Policy) -> list[Fact]:
    """The facts that are asked for."""
    return [fact for fact in policy.facts if fact.derive is None and fact.type != "text"]
