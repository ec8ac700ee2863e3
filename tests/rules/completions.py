"""What a case leaves open, made known by chance: a value for each fact, a figure within each range, things in each list.

Works on cases of the small sheets, as JSON gives them; it says nothing of what must follow."""

from datetime import date, timedelta
from random import Random
from typing import Any

from tests.rules.second_opinion_figures import date_value, outline
from tests.rules.small_sheets import CHOICES, FACTS, LISTS, PLACES, Json, has, kind

ALL_YEARS = [str(year) for year in range(2012, 2026)]
LARGE = 10**6


def completed(random: Random, case: Json, share: float = 1.0, most: int = 3, never: bool = True) -> Json:
    """A case in which ``share`` of what was open is known (1 = all of it), with up to ``most`` things in a list not known.

    ``never``: what has no day yet may turn out never to happen.
    """
    found: Json = {}
    if case.get("on") is not None or random.random() < share:
        found["on"] = _refined(random, "on", case.get("on"), share, never)
    found["enterprise"] = _item(random, "enterprise", case.get("enterprise") or {}, share, never)
    for subject in LISTS:
        items = case.get(subject)
        if items is None and random.random() < share:
            items = [{} for _ in range(random.randint(0, most))]
        if items is not None:
            found[subject] = [_item(random, subject, item, share, never) for item in items]
    return found


def _item(random: Random, subject: str, item: Json, share: float, never: bool) -> Json:
    found: Json = {}
    for ident in FACTS:
        name = ident.partition(".")[2]
        if not ident.startswith(f"{subject}.") or has(ident, "derive"):
            continue
        if has(ident, "by_year"):
            years = item.get(name) or {}
            found[name] = {
                year: _refined(random, ident, years.get(year), share, never)
                for year in ALL_YEARS
                if years.get(year) is not None or random.random() < share
            }
        elif item.get(name) is not None or random.random() < share:
            found[name] = _refined(random, ident, item.get(name), share, never)
    return found


def _refined(random: Random, ident: str, value: Any, share: float, never: bool) -> Any:
    """One value of those that ``value`` leaves open, or, with a smaller share, what is known already."""
    if value is not None and random.random() >= share:
        return value
    name = "date" if ident == "on" else kind(ident)
    if name == "date":
        return _date(random, ident, value, never)
    if name == "place":
        within = [place for place in PLACES if value is None or place.startswith(outline(str(value)))]
        return random.choice([place for place in within if not place.endswith("00")] or [f"{outline(str(value)):0<5}7"])
    if name == "bool":
        return value if value is not None else random.random() < 0.5
    if name == "choice":
        return value if value is not None else random.choice(CHOICES)
    return _figure(random, ident, {} if value is None else value)


def _date(random: Random, ident: str, value: Any, never: bool) -> str:
    if never and value is None and ident != "on" and has(ident, "never") and random.random() < 0.3:
        return "never"
    if value == "never":
        return value
    known = date_value({} if value is None else value)
    first = max(known.low, min(date(2017, 1, 1).toordinal(), known.high - 900))
    last = min(known.high, max(date(2024, 1, 1).toordinal(), known.low + 900))
    edge = random.choice([first, last, random.randint(int(first), int(last))])
    return (date.min + timedelta(days=int(edge) - 1)).isoformat()


def _figure(random: Random, ident: str, value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    written = FACTS[ident] if isinstance(FACTS[ident], dict) else {}
    low = value.get("at_least", value.get("more_than", written.get("minimum", 0)))
    high = value.get("at_most", value.get("less_than", written.get("maximum", 1 if kind(ident) == "ratio" else None)))
    step: Any = 1 if kind(ident) in ("int", "count") and written.get("whole", True) else 0.001
    least = low + step if "more_than" in value else low
    if high is None:
        return random.choice([least, least + step, least + random.choice([1, 5, 20]), least + LARGE])
    most = high - step if "less_than" in value else high
    if step == 1:
        return random.randint(int(least), int(most))
    return random.choice([round(least, 3), round(most, 3), round((least + most) / 2, 3)])
