"""How values read in Chinese: money, figures, ranges, answers, claims and their amounts.

Renders from data alone; which sentence is said when is the business of ``dialogue``. Money comes in yuan and reads in
元, 万元 or 亿元, whichever a person would use: what somebody has said exactly, what is computed in no more digits than a
person would say. Other programs get their figures elsewhere (``report``).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import TYPE_CHECKING, cast

from pydantic import JsonValue

from conversations.state.shelf import Shelf
from knowledge.places import place_name
from knowledge.policy import Fact, Policy, Programme
from rules.amounts import NoFigure
from rules.case import value_from_json
from rules.dates import NEVER, Dates
from rules.terms import plain
from rules.values import Interval, Range, Value
from rules.walk import names, parts

if TYPE_CHECKING:
    from conversations.state.answer import Answer
    from conversations.state.session import Data, Known
    from rules.assessment import Claim
    from rules.case import Case

WAN = Decimal(10_000)
YI = WAN * WAN
_ABOUT = "约 "
_UNITS = ((YI, "亿元", 4), (WAN, "万元", 2), (Decimal(1), "元", 2))
"""The units of money, the largest first, with the decimals in which a sum is still said exactly."""
_DIGITS = 3
"""The digits of a sum that is said roughly, where these do not cut off whole 万."""
_MONTHS = 12
TODAY = "on"
_YEARS_AGO = ("今年", "去年", "前年")
_CLOSE = Decimal("0.05")
"""So much of a month is no part of it that anybody would mention."""


def money(yuan: Decimal) -> str:
    """``yuan`` exactly, in the largest unit that takes few digits: 1.2 亿元, 150 万元, 26.5 万元, 123456 元."""
    for size, unit, digits in _UNITS:
        if yuan >= size and _fits(yuan / size, digits):
            return f"{plain(yuan / size)} {unit}"
    return f"{plain(_cut(yuan, Decimal('0.01'), ROUND_FLOOR))} 元"


def paid(yuan: Decimal, about: bool = False, up: bool = False) -> str:
    """A computed sum: exactly where that takes few digits and the figures behind it are exact (else ``about``), or 约 26.8 万元.

    It is rounded down, so that nothing is promised that is not paid; a limit is rounded up (``up``).
    """
    about = about or not _few_digits(yuan)
    return (_ABOUT if about else "") + _sum(yuan, about, up)


def figure(fact: Fact, number: Decimal) -> str:
    """``number`` in the unit of ``fact``."""
    if fact.type == "money":
        return money(number)
    if fact.type == "ratio":
        return f"{_short(number * 100)}%"
    if fact.type in ("int", "count"):
        many = fact.type == "count" and number >= WAN and _fits(number / WAN, 2)
        shown = f"{plain(number / WAN)} 万" if many else f"{_short(number)} "
        counted = f"{shown}{fact.unit_word or fact.counter}".rstrip()
        return counted if number or fact.unit_word else next(iter(fact.reads.zero), "没有")
    if fact.type == "years" and "岁" in fact.label:
        return f"{_short(number)} 岁"
    return _years(number) if fact.type == "years" else f"{_short(number)} 平方米"


def _few_digits(yuan: Decimal) -> bool:
    """Whether ``yuan`` is said exactly in the unit in which people say sums of its size."""
    size, _, digits = next((unit for unit in _UNITS if yuan >= unit[0]), _UNITS[-1])
    return _fits(yuan / size, digits)


def _sum(yuan: Decimal, about: bool, up: bool) -> str:
    if not about:
        return money(yuan)
    step = Decimal(1).scaleb(yuan.adjusted() - _DIGITS + 1)
    return money(_cut(yuan, step if yuan >= YI else min(step, WAN), ROUND_CEILING if up else ROUND_FLOOR))


def _fits(number: Decimal, digits: int) -> bool:
    return number == round(number, digits)


def _cut(number: Decimal, step: Decimal, rounding: str) -> Decimal:
    return (number / step).to_integral_value(rounding) * step


def _short(number: Decimal) -> str:
    """``number`` in two decimals at most."""
    return plain(number) if _fits(number, 2) else _ABOUT + plain(round(number, 2))


def _years(number: Decimal) -> str:
    """A span: 8 个月, 1.5 年, 1 年 2 个月, 约 1.2 年."""
    if number >= 1 and _fits(number, 1):
        return f"{plain(number)} 年"
    months = round(number * _MONTHS)
    if months > 0 and abs(number * _MONTHS - months) <= _CLOSE:
        years, rest = divmod(months, _MONTHS)
        return " ".join([f"{years} 年"] * bool(years) + [f"{rest} 个月"] * bool(rest))
    return f"{'' if _fits(number, 1) else _ABOUT}{plain(round(number, 1))} 年"


def between(low: str, high: str) -> str:
    """Two figures as one span, their common unit said once: 10–30 万元."""
    number, _, unit = low.rpartition(" ")
    return f"{number}–{high}" if number and " " not in number and high.endswith(f" {unit}") else f"{low}–{high}"


def value(fact: Fact, known: Value, approximate: bool = False) -> str:
    """A value of ``fact`` as people read it."""
    about = _ABOUT if approximate else ""
    if isinstance(known, bool):
        return "是" if known else "不是"
    if isinstance(known, Decimal):
        return about + figure(fact, known).removeprefix(about)
    if known == NEVER and fact.type == "date":
        return "还没有"
    if isinstance(known, str):
        chosen = next((option.label for option in fact.choices if option.id == known), "")
        return chosen or (place_name(known) if fact.type == "place" else known)
    if isinstance(known, Dates):
        return about + days(known)
    return about + span(fact, known)


def day(known: date) -> str:
    """2021 年 8 月 15 日."""
    return f"{known.year} 年 {known.month} 月 {known.day} 日"


def days(known: Dates) -> str:
    """A day known so far: 2021 年 8 月 15 日, 2021 年 8 月, 2021 年, 2021 年 8 月 15 日以后."""
    written = known.written()
    if isinstance(written, str):
        return "".join(
            f"{int(part)} {word} " for part, word in zip(written.split("-"), "年月日", strict=False)
        ).rstrip()
    first = f"{day(known.first)}以后" if known.first else ""
    last = f"{day(known.last)}以前" if known.last else ""
    return "、".join(filter(None, (first, last)))


def span(fact: Fact, known: Range) -> str:
    """A range: 200–300 万元, 不到 1000 万元, 超过 50%."""
    if known.low is not None and known.high is not None:
        return between(figure(fact, known.low), figure(fact, known.high))
    if known.low is not None:
        return f"{'超过' if known.low_open else '至少'} {figure(fact, known.low)}"
    return f"{'不到' if known.high_open else '最多'} {figure(fact, cast('Decimal', known.high))}"


def interval(amount: Interval, about: bool = False, every: str = "") -> str:
    """An amount that is known exactly, up to a limit, from a limit, or not at all: 每年最多约 26 万元.

    ``every`` is what it is paid for, where that is to be said (每年).
    """
    ends = [end for end in (amount.min, amount.max) if end]
    about = about or not all(map(_few_digits, ends))
    word = "约" if about else ""
    low = _sum(amount.min, about, False) if amount.min else ""
    if amount.max is None:
        return f"{_spaced(every + word)}{low}起" if low else "金额暂时估不出来"
    if amount.min == amount.max:
        return _spaced(every + word) + (low or money(amount.max))
    high = _sum(amount.max, about, True)
    return _spaced(every + word) + between(low, high) if low else _spaced(f"{every}最多{word}") + high


def claim_amount(claim: Claim, about: bool = False) -> str:
    """What a claim comes to: so much, 每年 so much, or that the text gives no figure."""
    if claim.amount is None:
        unwritten = [part for part in parts(claim.programme.amount) if isinstance(part, NoFigure)]
        negotiated = any(part.basis == "negotiated" for part in unwritten)
        return "一事一议，文件没有给出数额" if negotiated else "由主管部门酌情确定，文件没有给出数额"
    return interval(claim.amount, about, "每年" if claim.period == "year" else "")


def _spaced(words: str) -> str:
    return f"{words} " if words else ""


def rests_on_approximate(claim: Claim, approximate: Collection[str]) -> bool:
    """Whether the claim's amount is computed from a figure that the person gave roughly."""
    return roughly(names(claim.programme.amount), claim, approximate)


def roughly(facts: Iterable[str], claim: Claim, approximate: Collection[str]) -> bool:
    """Whether one of ``facts``, of any year and of the claim's own item, is among the paths given roughly."""
    if not approximate:
        return False
    rests_on = {_timeless(claim_path(claim, fact)) for fact in facts}
    return any(_timeless(path) in rests_on or fact_path(path) in rests_on for path in approximate)


def _timeless(path: str) -> str:
    """A path without the year."""
    return path.partition("@")[0]


def fact_path(path: str) -> str:
    """The fact at a path without the year and the item."""
    return ".".join(part for part in _timeless(path).split(".") if not part.isdigit())


def claim_path(claim: Claim, fact: str) -> str:
    """The path of ``fact`` in the case, for the item that the claim is made for."""
    subject, _, name = fact.partition(".")
    own = subject == claim.programme.subject and claim.index is not None
    return f"{subject}.{claim.index}.{name}" if own else fact


def year_label(policy: Policy, path: str, on: Dates | None = None) -> str:
    """What the fact at ``path`` is called, with its year where it has one: 2021 年营业收入, 去年的营业收入."""
    label, year = policy.fact(path).label, path.partition("@")[2]
    if not year:
        return label
    word, _, back = year.partition("-")
    ago = (word == "last") + int(back or 0)
    this = None if on is None else on.year
    if year.isdigit() or this is not None:
        return f"{year if this is None or year.isdigit() else this - ago} 年{label.removeprefix('年')}"
    return f"{_YEARS_AGO[ago] if ago < len(_YEARS_AGO) else f'{ago} 年前'}的{label}"


def programme(policy: Policy, claim: Claim) -> Programme:
    """The programme of a claim, with its label."""
    return policy.programme(claim.programme.id)


def item_label(policy: Policy, case: Case, subject: str, index: int) -> str:
    """What one item of a list is called: its name, or its number where there are several."""
    items = case.items.get(subject) or ()
    label = next(each.label for each in policy.subjects if each.id == subject)
    name = items[index].get("name") if index < len(items) else None
    if isinstance(name, str):
        return f"{label}“{name}”"
    return label if len(items) < 2 and not index else f"{label}{'' if label.endswith('）') else ' '}{index + 1}"


def claim_label(policy: Policy, case: Case, claim: Claim) -> str:
    """The programme's name, with the item where it is one of several or has a name."""
    label = programme(policy, claim).label
    items = case.items.get(claim.programme.subject) or ()
    if claim.index is None or (len(items) == 1 and "name" not in items[0]):
        return label
    return f"{label} · {item_label(policy, case, claim.programme.subject, claim.index)}"


def wanted_label(policy: Policy, path: str) -> str:
    """What is still wanted, the fact or list at ``path``, is called; where the policy has none, the path itself."""
    listed = next((subject for subject in policy.subjects if subject.id == path), None)
    if listed is not None:
        return f"有没有{listed.label}"
    if path == TODAY:
        return "今天的日期"
    try:
        return year_label(policy, path)
    except KeyError:
        return fact_path(path)


def facts(shelf: Shelf, known: Known) -> list[tuple[str, str]]:
    """What the case states: what it is about, and the value, in the policy's order."""
    rows: list[tuple[str, str]] = []
    for subject in shelf.policy.subjects:
        items = known.case.items.get(subject.id)
        if items is not None and not items:
            rows.append((subject.label, "没有"))
        for index, item in enumerate(items or ()):
            prefix = f"{subject.id}.{index}" if subject.many else subject.id
            about = f"{item_label(shelf.policy, known.case, subject.id, index)} · " if subject.many else ""
            for fact in shelf.policy.facts:
                names = [name for name in item if name.partition("@")[0] == fact.name and fact.subject == subject.id]
                for name in sorted(names):
                    path = f"{prefix}.{name}"
                    said = stated(known.data, path)
                    exact = item[name] if said is None else value_from_json(fact.spec, said, path)
                    shown = value(fact, item[name] if exact is None else exact, path in known.approximate)
                    rows.append((f"{about}{year_label(shelf.policy, path)}", shown))
    return rows


def stated(data: Data, path: str) -> JsonValue:
    """What ``data`` says at ``path`` (of a figure by year without its year: all years); None where it says nothing."""
    from conversations.state.session import item_at

    *place, name = path.split(".")
    name, _, year = name.partition("@")
    value = (item_at(data, place) or {}).get(name)
    return value.get(year) if year and isinstance(value, dict) else value


def answer_label(shelf: Shelf, case: Case, answer: Answer) -> str:
    """What an answer is about."""
    from conversations.state.interview import SAME_PROJECT, SCREENING

    subject, _, rest = answer.path.partition(".")
    policy = shelf.policy
    if answer.path == SCREENING:
        return "开头选的情形"
    if answer.path == SAME_PROJECT:
        return "是不是同一个项目"
    if rest.isdigit():
        label = next(each.label for each in policy.subjects if each.id == subject)
        return f"有{label}" if rest == "0" else f"还有别的{label}"
    label = year_label(policy, answer.path)
    index, dot, _ = rest.partition(".")
    return f"{item_label(policy, case, subject, int(index))} · {label}" if dot else label


def answer_value(shelf: Shelf, answer: Answer) -> str:
    """What was answered, in the bot's own words."""
    from conversations.state.answer import Grouping, Ticks

    policy = shelf.policy
    if answer.value is None:
        return "不清楚"
    if isinstance(answer.value, Ticks):
        ticks = answer.value.ticks
        none = "没有别的" if len(ticks) < len(policy.screening.options) else "都没有选"
        return "、".join(o.label for o in policy.screening.options if ticks.get(o.id)) or none
    if isinstance(answer.value, Grouping):
        groups = answer.value.groups
        shown = ["、".join(policy.programme(name.partition(":")[0]).label for name in group) for group in groups]
        return "；".join(f"{names}是同一个" for names in shown) or "各自独立"
    if isinstance(answer.value, bool) and answer.path.partition(".")[2].isdigit():
        return "有" if answer.value else "没有"
    fact = policy.fact(answer.path)
    known = value_from_json(fact.spec, answer.value, answer.path)
    return "不清楚" if known is None else value(fact, known, answer.approximate)
