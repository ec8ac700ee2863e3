"""Whole small sheets by chance: programmes, what the document says of all of them, and cases of it."""

from random import Random
from typing import Any

from tests.rules.small_sheets import CHOICES, DATES, FACTS, LISTS, NUMBERS, PLACES, SPANS, YEARS, Json, Maker, has, kind


def sheet(random: Random) -> Json:
    """One to four programmes over the facts, with some of a document's provisions."""
    programmes: list[Json] = []
    for number in range(random.choice([1, 1, 2, 3, 4])):
        subject = random.choice(["enterprise", "things", "things", "people"])
        maker = Maker(random, [] if subject == "enterprise" else [subject], programmes)
        programme: Json = {"id": f"p{number}", "subject": subject, "amount": maker.amount()}
        if maker.chance(0.7):
            programme["conditions"] = maker.some(maker.condition, 1, 2)
        if maker.chance(0.25):
            programme["payout"] = _payout(random, programme)
        programmes = [*programmes, programme]
    return {"facts": FACTS, "programmes": programmes, "policy": _policy(random, programmes)}


def _payout(random: Random, programme: Json) -> Json:
    if programme["amount"] == {"kind": "fixed", "amount": 10}:
        return {"by": "year", "amounts": [5, 3, 2]}
    return {"by": "year", **random.choice([{"shares": [0.4, 0.3, 0.3]}, {"times": 3}, {"shares": [0.5, 0.5]}])}


def _policy(random: Random, programmes: list[Json]) -> Json:
    idents = [one["id"] for one in programmes]
    maker = Maker(random)
    found: Json = {}
    if maker.chance(0.2):
        found["requires"] = [{"condition": maker.condition(1), **_named(random, idents)}]
    if maker.chance(0.75):
        found["limits"] = _limits(random, programmes)
    if maker.chance(0.15) and len(idents) > 1:
        found["cumulation"] = _cumulation(random, idents)
    if maker.chance(0.35):
        found["valid"] = _valid(random)
    if maker.chance(0.3):
        found["calls"] = [{**_stretch(random), **_named(random, idents, False)} for _ in range(random.randint(1, 2))]
    if maker.chance(0.15):
        found["selection"] = [{"kind": random.choice(["review", "pro_rata"]), **_named(random, idents, False)}]
    return found


def _named(random: Random, idents: list[str], excepted: bool = True) -> Json:
    drawn = random.random()
    some = random.sample(idents, random.randint(1, len(idents)))
    return {"programmes": some} if drawn < 0.4 else {"except": some[:1]} if excepted and drawn < 0.6 else {}


def _cumulation(random: Random, idents: list[str]) -> Json:
    pooled = random.sample(idents, random.randint(2, len(idents)))
    together = [random.sample(pooled, 2)] if random.random() < 0.4 else []
    return {"clause": "1", "quote": "", "pooled": pooled, "one_project": together}


def _stretch(random: Random) -> Json:
    first, last = sorted(random.sample(DATES, 2))
    return random.choice([{"from": first, "to": last}, {"from": first}, {"to": last}])


def _valid(random: Random) -> Json:
    found = _stretch(random)
    if "to" in found:
        found["until"] = found.pop("to")
    elif random.random() < 0.5:
        found["for"] = random.choice([{"years": 1}, {"months": 7}, {"days": 40}, {"years": 1, "months": 1}])
    if random.random() < 0.3:
        found["repealed"] = random.choice(DATES)
    return found


def _limits(random: Random, programmes: list[Json]) -> list[Json]:
    """Limits within each other, with groups of several; or any, with groups of one."""
    idents = [one["id"] for one in programmes]
    limits: list[Json] = []
    if random.random() < 0.35 and len(idents) > 2:
        inner = random.sample(idents, 2)
        rest = [ident for ident in idents if ident not in inner]
        outer = [inner, *rest]
        random.shuffle(outer)
        limits = [_limit(random, inner, programmes), _limit(random, outer, programmes)]
        if random.random() < 0.4:
            limits.append({"kind": "cap", "of": idents, **_cap(random)})
        return limits
    for _ in range(random.randint(1, 3)):
        limits.append(_limit(random, random.sample(idents, random.randint(1, len(idents))), programmes))
    return limits


def _limit(random: Random, of: list[Any], programmes: list[Json]) -> Json:
    name = random.choice(["cap", "highest", "highest", "exclusive"]) if len(of) > 1 else "cap"
    flat = [one for group in of for one in ([group] if isinstance(group, str) else group)]
    subjects = {one["subject"] for one in programmes if one["id"] in flat}
    per = len(subjects) == 1 and subjects != {"enterprise"} and random.random() < 0.5
    subject = next(iter(subjects)) if per else None
    return {
        "kind": name,
        "of": of,
        **({"per": "item"} if per else {}),
        **(_cap(random, subject) if name == "cap" else {}),
    }


def _cap(random: Random, subject: str | None = None) -> Json:
    maker = Maker(random, [subject] if subject else [])
    less = {"less": maker.number(1)} if maker.chance(0.3) else {}
    return {"amount": maker.figure([1, 5, 10, 20, 50]), **less}


# Cases


def case(random: Random, complete: bool = False) -> Json:
    """Some facts known, some as a range, some not; lists of up to three things, empty ones, and such as nobody knows."""
    found: Json = {}
    known = 1.0 if complete else random.choice([0.3, 0.6, 0.9, 1])
    if random.random() < known:
        found["on"] = _day(random, complete)
    found["enterprise"] = _item(random, "enterprise", known, complete)
    for subject in LISTS:
        if random.random() < known:
            found[subject] = [_item(random, subject, known, complete) for _ in range(random.choice([0, 1, 1, 2, 2, 3]))]
    return found


def same_project(random: Random, sheet: Json, case: Json) -> Json:
    """The case with, now and then, what is said of claims that concern one project."""
    pooled = sheet["policy"].get("cumulation", {}).get("pooled", [])
    if not pooled or random.random() < 0.4:
        return case
    idents: list[str] = []
    for one in sheet["programmes"]:
        if one["id"] in pooled:
            items = case.get(one["subject"]) if one["subject"] != "enterprise" else None
            idents += [f"{one['id']}:{index}" for index in range(len(items))] if items else [one["id"]]
    random.shuffle(idents)
    cut = random.randint(0, len(idents))
    return {**case, "same_project": [group for group in (idents[:cut][:3], idents[cut:][:2]) if group]}


def _item(random: Random, subject: str, known: float, complete: bool) -> Json:
    found: Json = {}
    for ident in FACTS:
        if not ident.startswith(f"{subject}.") or has(ident, "derive") or random.random() >= known:
            continue
        if has(ident, "by_year"):
            years = [year for year in YEARS if complete or random.random() < 0.8]
            found[ident.split(".")[1]] = {year: value(random, ident, complete) for year in years}
        else:
            found[ident.split(".")[1]] = value(random, ident, complete)
    return found


def value(random: Random, ident: str, complete: bool = False) -> Any:
    """A value of a fact: exactly, or now and then only so far."""
    name = kind(ident)
    if name == "bool":
        return random.random() < 0.5
    if name == "choice":
        return random.choice(CHOICES)
    if name == "place":
        return random.choice([place for place in PLACES if not complete or not place.endswith("00")])
    if name == "date":
        return "never" if has(ident, "never") and random.random() < 0.3 else _day(random, complete)
    figures = _figures(ident)
    if complete or random.random() < 0.65:
        return random.choice(figures)
    low, high = sorted(random.sample(figures, 2))
    if (name in ("int", "count") and high - low < 2) or high == low:
        return low
    ends: Json = {}
    if random.random() < 0.7:
        ends[random.choice(["at_least", "more_than"])] = low
    if not ends or random.random() < 0.7:
        ends[random.choice(["at_most", "less_than"])] = high
    if ends.get("less_than") == figures[0]:
        return low
    return ends if ends.get("more_than") != figures[-1] else low


def _figures(ident: str) -> list[Any]:
    name = kind(ident)
    if name == "ratio":
        return [0, 0.1, 0.25, 0.5, 0.9, 1]
    figures = [*NUMBERS, 4, 6, 11, 21, 30]
    if name in ("int", "count") and ident != "enterprise.mu":
        figures = [figure for figure in figures if figure == int(figure)]
    return [*figures, -5, -20] if ident == "enterprise.loss" else figures


def _day(random: Random, complete: bool) -> Any:
    if complete or random.random() < 0.6:
        return random.choice(DATES)
    if random.random() < 0.6:
        return random.choice(SPANS)
    first, last = sorted(random.sample([*DATES, *SPANS], 2))
    if int(last[:4]) - int(first[:4]) < 2:
        return first
    ends = {random.choice(["at_least", "more_than"]): first}
    if random.random() < 0.6:
        ends[random.choice(["at_most", "less_than"])] = last
    return ends if random.random() < 0.8 else {"at_most": last}
