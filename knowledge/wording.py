"""What pydantic finds wrong with an entry, in one plain sentence each that says what to do.

Where a value may be one of several things, pydantic complains once for each; here it is one sentence, or that of what
was most likely meant. Knows no field of a pack by name.
"""

from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import TypeAlias

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from rules.raw import is_list, is_object

Loc: TypeAlias = tuple[str | int, ...]

_SAID = {
    "decimal": "a number",
    "int": "a whole number",
    "float": "a number",
    "str": "text",
    "bool": "true or false",
    "date": "a date like 2021-03-01",
    "Dates": 'a date like 2021-03-01, "2021-03" or "2021"',
    "Discretion": "{from: …, to: …}",
    "ByChoice": "{by: fact, levels: {…}}",
    "Reckoned": "{term: …}",
}
"""What a branch of a union wants, by the name that pydantic gives it."""

_ASKS = {
    "string_pattern_mismatch": "should look like {pattern}",
    "literal_error": "should be {expected}",
    "model_type": "should be a mapping of fields",
    "dict_type": "should be a mapping of fields",
    "greater_than": "should be greater than {gt:g}",
    "greater_than_equal": "should be {ge:g} or more",
    "too_long": "should have {max_length} entries, and has {actual_length}",
    "too_short": "should have at least {min_length}, and has {actual_length}",
    "date_from_datetime_parsing": "should be a date like 2021-03-01",
    "date_type": "should be a date like 2021-03-01",
    "date_parsing": "should be a date like 2021-03-01",
    "bool_type": "should be true or false",
    "bool_parsing": "should be true or false",
    "int_type": "should be a whole number",
    "int_parsing": "should be a whole number",
    "int_from_float": "should be a whole number",
    "decimal_type": "should be a number",
    "decimal_parsing": "should be a number",
    "dataclass_type": 'should be a date like 2021-03-01, "2021-03" or "2021"',
    "list_type": "should be a list",
    "tuple_type": "should be a list",
    "model_attributes_type": "should be a number, or a mapping that begins with `kind`",
}


_PATTERNS = {
    r"^[0-9]{6}$": 'should be a code of six digits, like "410100"',
    r"^0\d{2,3}$": 'should be an area code, like "010"',
}


def worded(errors: Sequence[ErrorDetails], raw: object, models: Sequence[type[BaseModel]]) -> Iterator[tuple[Loc, str]]:
    """Each mistake with its place in ``raw``; ``models`` are those whose fields a wrong name may have meant."""
    inner = {error["loc"][:length] for error in errors for length in range(len(error["loc"]))}
    # a list of which an entry cannot be read is not too short for that
    rest = [error for error in errors if error["type"] != "too_short" or error["loc"] not in inner]
    for loc, group in _grouped(rest, raw):
        branches: dict[str, list[ErrorDetails]] = {}
        for error in group:
            branches.setdefault(str(error["loc"][len(loc)]) if len(error["loc"]) > len(loc) else "", []).append(error)
        if len(branches) > 1:
            value, place = _at(raw, loc), _real(loc, raw, False)
            chosen = _meant(branches, len(loc) + 1) if is_object(value) else None
            if chosen is None:
                yield place, f"`{_field(place)}` should be {_alternatives(branches)}, not {_shown(value)}"
                continue
            group = branches[chosen]
        for error in group:
            place = _real(error["loc"], raw, error["type"] == "missing")
            yield place, _sentence(error, place, models)


def _grouped(errors: Sequence[ErrorDetails], raw: object) -> Iterator[tuple[Loc, list[ErrorDetails]]]:
    """Errors by the place where they part: up to the first step that is none in ``raw``, the name of a branch."""
    groups: dict[Loc, list[ErrorDetails]] = {}
    for error in errors:
        groups.setdefault(_forked(error["loc"], errors, raw), []).append(error)
    yield from groups.items()


def _forked(loc: Loc, errors: Sequence[ErrorDetails], raw: object) -> Loc:
    """The innermost place of ``loc`` at which the errors go into different branches; all of it where they do not."""
    value = raw
    for place, step in enumerate(loc):
        inside, value = _step(value, step)
        if not inside and _is_branch(step):
            beside = {error["loc"][place] for error in errors if error["loc"][:place] == loc[:place] != error["loc"]}
            if len(beside) > 1:
                return loc[:place]
    return loc


def _is_branch(step: str | int) -> bool:
    return isinstance(step, str) and (step in _SAID or step[:1].isupper())


def _real(loc: Loc, raw: object, missing: bool) -> Loc:
    """``loc`` without the names of branches: the steps that there are, and the last of what is ``missing``.

    A branch may be called as a field is; then the reading that reaches what the mistake is about is the right one.
    """
    return _read(loc, raw, missing)[1]


def _read(loc: Loc, value: object, missing: bool) -> tuple[tuple[bool, int], Loc]:
    """The best reading of ``loc`` with how good it is: whether its last step is reached, and how many there are."""
    if not loc:
        return (not missing, 0), ()
    step, rest = loc[0], loc[1:]
    if missing and not rest:
        return (is_object(value) if isinstance(step, str) else is_list(value), 0), (step,)
    passed = _read(rest, value, missing) if rest else ((False, 0), ())
    inside, inner = _step(value, step)
    if not inside:
        return passed
    (reached, length), steps = _read(rest, inner, missing)
    taken = ((reached, length + 1), (step, *steps))
    return max(taken, passed, key=lambda reading: reading[0])


def _step(value: object, step: str | int) -> tuple[bool, object]:
    if is_object(value) and step in value:
        return True, value[str(step)]
    if is_list(value) and isinstance(step, int) and step < len(value):
        return True, value[step]
    return False, value


def _at(raw: object, loc: Loc) -> object:
    for step in loc:
        raw = _step(raw, step)[1]
    return raw


def _meant(branches: Mapping[str, Sequence[ErrorDetails]], deep: int) -> str | None:
    """The branch that a mapping was most likely meant for: that with the fewest fields missing or unknown."""
    unfit = {"decimal_type", "model_type", "dataclass_type", "string_type", "dict_type"}
    fitting = {
        name: sum(error["type"] in ("missing", "extra_forbidden") for error in errors)
        for name, errors in branches.items()
        if not any(len(error["loc"]) <= deep and error["type"] in unfit for error in errors)
    }
    least = min(fitting.values(), default=None)
    best = [name for name, score in fitting.items() if score == least]
    return best[0] if len(best) == 1 else None


def _alternatives(branches: Mapping[str, object]) -> str:
    said = [_SAID.get(name, name) for name in branches]
    return said[0] if len(said) == 1 else f"{', '.join(said[:-1])} or {said[-1]}"


def _field(loc: Loc) -> str:
    return str(next((step for step in reversed(loc) if isinstance(step, str)), "this"))


def _sentence(error: ErrorDetails, loc: Loc, models: Sequence[type[BaseModel]]) -> str:
    """A schema error in words that say what to do."""
    field = f"`{_field(loc)}`" if loc else "this"
    context = error.get("ctx", {})
    match error["type"]:
        case "missing" if loc and isinstance(loc[-1], int):
            return f"{field} should have {loc[-1] + 1} entries"
        case "missing":
            return f"{field} is missing; add it"
        case "extra_forbidden":
            near = [name for name in get_close_matches(_field(loc), field_names(models), n=1) if name != _field(loc)]
            return f"{field} is not a field here; " + (f"did you mean `{near[0]}`?" if near else "remove it")
        case "string_type":
            return f'{field} should be text; put it in quotes: "{error["input"]}"'
        case "string_too_short":
            return f"{field} is empty; fill it in or leave it out"
        case "union_tag_invalid":
            return f"`kind` should be one of {context.get('expected_tags')}"
        case "union_tag_not_found":
            return "`kind` is missing; it says what this tests or pays"
        case "value_error":
            return str(context.get("error", error["msg"]))
        case kind:
            said = _ASKS.get(kind, "").format(**context) or f"is not right: {error['msg'][0].lower()}{error['msg'][1:]}"
            asked = _PATTERNS.get(str(context.get("pattern")), said)
            instead = "" if kind in ("too_short", "too_long") else f", not {_shown(error['input'])}"
            return f"{field} {asked}{instead}"


def _shown(value: object) -> str:
    text = "a list" if is_list(value) else "a mapping" if is_object(value) else repr(value)
    return text if len(text) <= 40 else f"{text[:40]}…"


def field_names(models: Sequence[type[BaseModel]]) -> list[str]:
    """The fields of ``models`` and of all that is made of them, as a pack writes them."""
    found = list(models)
    for model in found:  # grows while it is walked
        found += model.__subclasses__()
    return sorted({field.alias or name for model in found for name, field in model.model_fields.items()})


def without(raw: object, errors: Sequence[ErrorDetails]) -> dict[str, object] | None:
    """``raw`` without what the errors are about: the entry of a list, else the field; None where it is no mapping."""
    if not is_object(raw):
        return None
    rest = dict(raw)
    for name, places in _places(errors).items():
        entries = rest.get(name)
        if is_list(entries) and None not in places:
            rest[name] = [entry for place, entry in enumerate(entries) if place not in places]
        else:
            rest.pop(name, None)
    return rest


def _places(errors: Sequence[ErrorDetails]) -> dict[str, set[int | None]]:
    """By field the entries of its list that the errors are about, None for the field itself."""
    found: dict[str, set[int | None]] = {}
    for error in errors:
        for field in error["loc"][:1]:
            inner = error["loc"][1:2]
            found.setdefault(str(field), set()).add(next((each for each in inner if isinstance(each, int)), None))
    return found
