"""How a question is put: its words, its buttons, and what can be typed instead of them.

Renders from the state alone, so the same question can be put again at any time; changes nothing.
"""

import json
from collections.abc import Iterable
from decimal import Decimal

from conversations.saying.values import (
    answer_label,
    answer_value,
    claim_amount,
    claim_label,
    estimate,
    figure,
    item_label,
    programme,
    rests_on_approximate,
)
from conversations.state.interview import MORE, asked, projects_in_question, questions_left, stakes
from conversations.state.messages import Choice, Reply
from conversations.state.session import SAME_PROJECT, SCREENING, Answer, Known, Session
from conversations.state.shelf import Shelf
from knowledge.policy import Fact
from rules.assessment import Status
from rules.conditions import Threshold
from rules.values import Range

EDITING = "!edit"
RESTARTING = "!new"

UNKNOWN, WHY, BACK, KEEP, DONE, NONE, TOGGLE = "?", "?why", "?back", "?keep", "?done", "?none", "?t"
"""The values of buttons that are no answer of the pack's; ``?t<i>`` toggles option ``i`` of a multiple choice."""

MORE_ANSWERS = "?more"
PAGE = 24
"""How many answers a page of the list to change shows; channels limit the size of all buttons together."""
_LONG_LABEL = 9
_BUTTON = 40
_SIDES = {
    "≥": (("at_least", "满 {}"), ("less_than", "不到 {}")),
    ">": (("more_than", "超过 {}"), ("at_most", "没有超过 {}")),
    "≤": (("at_most", "不超过 {}"), ("more_than", "超过 {}")),
    "<": (("less_than", "不到 {}"), ("at_least", "满 {}")),
}
"""Per condition, the two sides of its threshold: the range that each button states, and its label."""


def question(session: Session, shelf: Shelf, known: Known) -> Reply:
    """The open question of ``session``, ready to be said."""
    asking = session.asking
    if asking == SCREENING:
        text, choices = _screening(session, shelf)
    elif asking == SAME_PROJECT:
        text, choices = _same_project(session, shelf, known)
    elif asking == EDITING:
        text, choices = _editing(session, shelf, known)
    elif asking == RESTARTING:
        text = "要重新开始吗？前面的回答会收起来，从第一题再问一遍。"
        choices = [[("是，重新开始", "yes", "1"), ("不，接着来", "no", "2")]]
    else:
        text, choices = _fact(session, shelf, known, asking or "")
    number = session.number
    rows = tuple(
        tuple(
            Choice(label=label, data=value if value.startswith("!") else f"{number}:{value}", key=key, on=on)
            for label, value, key, *rest in row
            for on in [rest[0] if rest else None]
        )
        for row in choices
        if row
    )
    return Reply(text=text, choices=rows, ask=asking)


_Row = list[tuple[str, str, str] | tuple[str, str, str, bool]]


def slot(shelf: Shelf, known: Known, wanted: str) -> str:
    """Where the answer to an interview's question is kept: ``pilots.more`` is ``pilots.1`` while there is one."""
    subject, _, rest = wanted.partition(".")
    if rest == MORE:
        return f"{subject}.{len(known.case.items[subject] or ())}"
    return f"{wanted}.0" if any(each.many and each.id == wanted for each in shelf.policy.subjects) else wanted


def progress(session: Session, shelf: Shelf, known: Known) -> str:
    """第 n 题，最多还有 m 题: where the consultation stands."""
    path = session.asking or ""
    old = session.answer(path)
    if old is not None and old.volunteered and threshold(known, path) is None:
        return "修改"
    before = [answer.path for answer in session.answers if not answer.volunteered and answer.path != SCREENING]
    place = before.index(path) + 1 if path in before else len(before) + 1
    left = questions_left(shelf, known.case, known.assessment, known.skipped, asked(path))
    if path in before and threshold(known, path) is None:
        return f"修改第 {place} 题{f'，最多还有 {left} 题没问' if left else ''}"
    return f"第 {place} 题，{f'最多还有 {left} 题' if left else '最后一题'}"


def running_total(known: Known) -> str:
    """目前预估：60–260 万元; empty where nothing can be said yet."""
    total = known.assessment.total
    unwritten = any(claim.status is not Status.INELIGIBLE and not claim.amount for claim in known.assessment.claims)
    if not total.min and (total.max is None or (not total.max and unwritten)):
        return ""
    return f"目前预估：**{estimate(known)}**"


def why(session: Session, shelf: Shelf, known: Known) -> str:
    """Why the open question is asked: plain words, the programmes at stake and their clauses."""
    policy = shelf.policy
    path = session.asking or ""
    if path == SCREENING:
        return "一次选好，后面就只问跟贵单位有关的；没选的政策不再问，所以最省时间。"
    if path == SAME_PROJECT:
        rule = policy.cumulation
        return (
            f"因为{policy.clause(rule.clause).citation}规定：“{rule.quote}”。是不是同一个项目，决定能领一项还是几项。"
        )
    claims = stakes(shelf, known.assessment, asked(path))
    names = dict.fromkeys(
        f"{programme(policy, claim).label}（{policy.clause(claim.programme.clause).citation}）" for claim in claims
    )
    lines = [policy.fact(path).why] if not path.partition(".")[2].isdigit() else ["因为一个一个算，漏了就少算一份。"]
    if names:
        lines.append(f"这一题关系到：{'、'.join(names)}。")
    return "\n".join(lines)


def numbered(labels: Iterable[tuple[str, str]]) -> _Row:
    """Buttons of one question, each with its number as key."""
    return [(label, value, str(number)) for number, (label, value) in enumerate(labels, 1)]


def rows(buttons: _Row) -> list[_Row]:
    """Buttons in rows: two a row, one where the labels are long."""
    width = 1 if any(len(button[0]) > _LONG_LABEL for button in buttons) and len(buttons) < 5 else 2
    width = 4 if all(len(button[0]) < 5 for button in buttons) else width
    return [buttons[start : start + width] for start in range(0, len(buttons), width)]


def _screening(session: Session, shelf: Shelf) -> tuple[str, list[_Row]]:
    screening = shelf.policy.screening
    labels = {option.id: option.label for option in screening.options}
    labels |= {f"{s.id}.{MORE}": f"还有别的{s.label}" for s in shelf.policy.subjects if s.many}
    compact = tuple(session.offered) != tuple(option.id for option in screening.options)
    text = "除此之外，还有下面这些情形吗？可多选。" if compact else f"{screening.question}\n{screening.help}"
    toggles: _Row = [
        (labels[option], f"{TOGGLE}{place}", str(place + 1), option in session.ticks)
        for place, option in enumerate(session.offered)
    ]
    none = "没有了" if compact else "以上都没有"
    last: _Row = [("完成", DONE, "完成"), ("我不确定", UNKNOWN, "不确定"), (none, NONE, "0")]
    return text, [*_pairs(toggles), last]


def _same_project(session: Session, shelf: Shelf, known: Known) -> tuple[str, list[_Row]]:
    policy = shelf.policy
    rule = policy.cumulation
    lines = [f"{policy.clause(rule.clause).citation}规定：“{rule.quote}”。", "贵单位可能同时符合："]
    projects = projects_in_question(shelf, known.assessment)
    claims = {claim.id: claim for claim in known.assessment.claims}
    names: list[str] = []
    for project in (next(p for p in projects if p[0] == first) for first in session.offered):
        parts = [
            f"{claim_label(policy, known.case, claims[each])}（"
            f"{claim_amount(claims[each], rests_on_approximate(claims[each], known.approximate))}）"
            for each in project
        ]
        names.append(claim_label(policy, known.case, claims[project[0]]))
        lines.append(f"{len(names)}. {'，'.join(parts)}")
    if len(session.offered) == 2:
        lines.append("这两项说的是同一个项目吗？")
        buttons: list[_Row] = [[("是同一个", "yes", "1"), ("不是，各自独立", NONE, "2"), ("说不准", UNKNOWN, "0")]]
    else:
        lines.append("其中哪几项说的是同一个项目？请选出来；都是不同的项目就选“各自独立”。")
        toggles: _Row = [
            (name, f"{TOGGLE}{place}", str(place + 1), session.offered[place] in session.ticks)
            for place, name in enumerate(names)
        ]
        buttons = [*_pairs(toggles), [("完成", DONE, "完成"), ("各自独立", NONE, "没有"), ("说不准", UNKNOWN, "0")]]
    return f"{_heading('同一个项目', session, shelf, known)}\n" + "\n".join(lines), [
        *buttons,
        _controls(session, None),
    ]


def _editing(session: Session, shelf: Shelf, known: Known) -> tuple[str, list[_Row]]:
    shown = [
        (f"{answer_label(shelf, known.case, each)}：{answer_value(shelf, each)}"[:_BUTTON], f"!edit:{each.path}")
        for each in session.answers
    ]
    first = int(session.offered[0]) if session.offered else 0
    buttons = [[button] for button in numbered(shown)[first : first + PAGE]]
    last: _Row = [("不改了", "no", "0")]
    if len(shown) > PAGE:
        last.insert(0, ("看其余的", MORE_ANSWERS, "其余"))
    return "您的回答都在这里，想改哪一条？改了以后，其他回答都保留。", [*buttons, last]


def _fact(session: Session, shelf: Shelf, known: Known, path: str) -> tuple[str, list[_Row]]:
    policy = shelf.policy
    subject, _, rest = path.partition(".")
    old = session.answer(path)
    lines = [_heading(_topic(session, shelf, known), session, shelf, known)]
    if rest.isdigit():
        about = next(each for each in policy.subjects if each.id == subject)
        lines.append(about.any if rest == "0" else about.more)
        buttons = numbered([("有", "yes"), ("没有", "no")])
    else:
        fact = policy.fact(path)
        undecided = threshold(known, path)
        if undecided is not None and old is not None and not old.final:
            text, buttons = _narrow(fact, undecided, answer_value(shelf, old))
            lines.append(text)
            return "\n".join(lines), [*rows(buttons), _controls(session, None, numeric=True)]
        lines += [fact.question, fact.help]
        buttons = _values(fact)
    if session.offered:
        stated = session.offered[0]
        new = Answer(path=path, value=json.loads(stated[1:]), approximate=stated.startswith("~"))
        buttons = [(f"改成 {answer_value(shelf, new)}", stated, "改"), *buttons]
    elif old is not None:
        lines.append(f"（之前的回答：{answer_value(shelf, old)}）")
    numeric = not rest.isdigit() and policy.fact(path).spec.numeric
    return "\n".join(line for line in lines if line), [*rows(buttons), _controls(session, old, numeric=numeric)]


def threshold(known: Known, path: str) -> Threshold | None:
    """The condition that the range known for ``path`` leaves open, None where there is none."""
    for claim in known.assessment.claims:
        for finding in claim.reasons:
            if (
                finding.fact == path
                and finding.satisfied is None
                and isinstance(finding.actual, Range)
                and isinstance(finding.condition, Threshold)
                and path in claim.missing
            ):
                return finding.condition
    return None


def _narrow(fact: Fact, condition: Threshold, said: str) -> tuple[str, _Row]:
    line = figure(fact, condition.value)
    text = f"您说的是 **{said}**，而这里正好有一条线：{line}（“{condition.quote}”）。\n能给个准数吗？或者只说在线的哪一边也行。"
    return text, numbered((label.format(line), f"{end}={condition.value}") for end, label in _SIDES[condition.signs[0]])


def _values(fact: Fact) -> _Row:
    if fact.type == "bool":
        return numbered([("是", "yes"), ("不是", "no")])
    if fact.type == "choice":
        return numbered((option.label, option.id) for option in fact.choices)
    if fact.type == "int" and fact.maximum is not None and fact.maximum - (fact.minimum or 0) < 8:
        least = int(fact.minimum or 0)
        return [(figure(fact, Decimal(n)), str(n), str(n)) for n in range(least, int(fact.maximum) + 1)]
    return []


def _controls(session: Session, old: Answer | None, numeric: bool = False) -> _Row:
    controls: _Row = []
    if session.asking != SAME_PROJECT:
        controls.append(("不清楚", UNKNOWN, "不清楚" if numeric else "0"))
    controls.append(("为什么问", WHY, "?"))
    if old is not None:
        controls.append(("保持不变", KEEP, "="))
    if session.answers:
        controls.append(("上一步", BACK, "<"))
    return controls


def _heading(topic: str, session: Session, shelf: Shelf, known: Known) -> str:
    where = f"〔{progress(session, shelf, known)}〕"
    return f"**{topic}** {where}" if topic else where


def _topic(session: Session, shelf: Shelf, known: Known) -> str:
    policy = shelf.policy
    path = session.asking or ""
    subject, _, rest = path.partition(".")
    if any(each.many and each.id == subject for each in policy.subjects):
        number, dot, _ = rest.partition(".")
        return (
            item_label(policy, known.case, subject, int(number))
            if dot
            else next(each.label for each in policy.subjects if each.id == subject)
        )
    names = list(dict.fromkeys(programme(policy, claim).label for claim in stakes(shelf, known.assessment, path)))
    return names[0] if len(names) == 1 else ""


def _pairs(buttons: _Row) -> list[_Row]:
    return [buttons[start : start + 2] for start in range(0, len(buttons), 2)]
