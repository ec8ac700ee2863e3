"""How a question is put: its words, its buttons, and what can be typed instead of them.

Renders from the state alone, so the same question can be put again at any time; changes nothing.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import lru_cache

from conversations.saying.explanation import explain
from conversations.saying.notices import about_what, titled
from conversations.saying.totals import not_spoken_of, spoken_of, sum_of
from conversations.saying.values import (
    answer_label,
    answer_value,
    claim_amount,
    claim_label,
    figure,
    item_label,
    programme,
    rests_on_approximate,
)
from conversations.state.action_fields import End
from conversations.state.actions import (
    Action,
    Confirm,
    Control,
    Do,
    Edit,
    Pick,
    PutInPlay,
    Side,
    State,
    Steer,
    Toggle,
    short,
)
from conversations.state.ahead import ahead
from conversations.state.answer import Answer
from conversations.state.commands import Command
from conversations.state.interview import MORE, asked, projects_in_question, rough, stakes
from conversations.state.messages import Choice, Reply
from conversations.state.session import EDITING, KEPT, RESTARTING, SAME_PROJECT, SCREENING, Known, Session, value_at
from conversations.state.shelf import Shelf
from knowledge.patterns import regex
from knowledge.places import place_name
from knowledge.policy import Fact, Policy
from rules.assessment import Finding
from rules.conditions import FigureLine, InPlace, line_of
from rules.dates import NEVER
from rules.values import Range
from rules.walk import parts

AT_ONCE = 8
"""How many documents, or places, are offered at once."""
PAGE = 24
"""How many answers a page of the list to change shows; channels limit the size of all buttons together."""
_LONG_LABEL = 9
_MOST_REPEATED = 8
"""The most buttons with which a question is put again that was not understood."""
_BUTTON = 40
NOT_YET = "还没有"
_EACH_YEAR = regex(r"(?:每|一|全|某|各|当)年度?的?|年度的?|年(?=营|产|总|销|净|纳|出口|进口)")
_ADDRESSED = regex(r"[贵您你我]|企业|公司|单位|这")
"""How a question begins that speaks of somebody before it names the figure."""
_SIDES = {
    "≥": ((End.AT_LEAST, "满 {}"), (End.LESS_THAN, "不到 {}")),
    ">": ((End.MORE_THAN, "超过 {}"), (End.AT_MOST, "没有超过 {}")),
    "≤": ((End.AT_MOST, "不超过 {}"), (End.MORE_THAN, "超过 {}")),
    "<": ((End.LESS_THAN, "不到 {}"), (End.AT_LEAST, "满 {}")),
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
        choices = [numbered(_yes_or_no(session, "是，重新开始", "不，接着来"))]
    else:
        text, choices = _fact(session, shelf, known, asking or "")
    return Reply(text=text, choices=tuple(tuple(row) for row in choices if row), ask=asking)


def repeated(session: Session, shelf: Shelf, known: Known) -> Reply:
    """The open question once more, in one line, without a long list of options; all that was offered may still be typed."""
    whole = question(session, shelf, known)
    rows = [row for row in whole.choices if row]
    if sum(map(len, rows)) > _MOST_REPEATED:
        options = Choice(label="看选项", action=Do(Command.START), key="选项")
        rows = [*rows[-1:], (options,)]
    return whole.model_copy(update={"text": _line(session, shelf, known), "choices": tuple(rows)})


def _line(session: Session, shelf: Shelf, known: Known) -> str:
    """What the open question asks, without its heading and hints."""
    path = session.asking or ""
    subject, _, rest = path.partition(".")
    if path == SAME_PROJECT:
        said = "刚才列的几项，说的是同一个项目吗？"
    elif path == SCREENING or not rest:
        said = question(session, shelf, known).text
    elif rest.isdigit():
        about = next(each for each in shelf.policy.subjects if each.id == subject)
        said = about.any if rest == "0" else about.more
    elif (undecided := threshold(known, path)) is not None and session.answer(path) is not None:
        fact = shelf.policy.fact(path)
        sides = [label.format(figure(fact, undecided.value)) for _, label in _SIDES[undecided.leaf.signs[0]]]
        said = f"{fact.label}{'，还是'.join(sides)}？"
    else:
        topic = _topic(session, shelf, known) if rest.partition(".")[1] else ""
        said = f"{topic}：" * bool(topic) + of_its_year(shelf.policy, path)
    line = said.partition("\n")[0]
    asks, mark, _ = line.partition("？")
    return f"{asks}{mark}"


def of_its_year(policy: Policy, path: str) -> str:
    """The question for the fact at ``path``, with its year where it has one: 2021年的营业收入是多少？"""
    asks, year = policy.fact(path).question, path.partition("@")[2]
    if not year:
        return asks
    if _EACH_YEAR.search(asks):
        return _EACH_YEAR.sub(f"{year}年的", asks, count=1)
    return f"{year}年，{asks}" if _ADDRESSED.match(asks) else f"{year}年的{asks}"


def slot(shelf: Shelf, known: Known, wanted: str) -> str:
    """Where the answer to an interview's question is kept: ``pilots.more`` is ``pilots.1`` while there is one."""
    subject, _, rest = wanted.partition(".")
    if rest == MORE:
        return f"{subject}.{len(known.case.items[subject] or ())}"
    return f"{wanted}.0" if wanted in shelf.policy.lists else wanted


def progress(session: Session, shelf: Shelf, known: Known) -> str:
    """第 n 题，最多还有 m 题: where the consultation stands."""
    path = session.asking or ""
    old = session.answer(path)
    if old is not None and old.volunteered and loosely(known, path) is None:
        return "修改"
    before = [answer.path for answer in session.answers if not answer.volunteered and answer.path != SCREENING]
    place = before.index(path) + 1 if path in before else len(before) + 1
    left = ahead(shelf, known).besides(asked(path))
    if path in before and loosely(known, path) is None:
        return f"修改第 {place} 题{f'，最多还有 {left} 题没问' if left else ''}"
    return f"第 {place} 题，{f'最多还有 {left} 题' if left else '最后一题'}"


@lru_cache(maxsize=KEPT)
def running_total(shelf: Shelf, known: Known) -> str:
    """目前预估：60–260 万元, of what is settled or was spoken of; empty where nothing can be said yet."""
    figured = [claim for claim in spoken_of(shelf, known) if claim.amount]
    if not any(claim.amount.min or claim.amount.max for claim in figured if claim.amount):
        return ""
    said, remarks = sum_of(shelf, known, figured), list[str]()
    if len(figured) == 1 and (one := explain(shelf, known, figured[0])).likely:
        said = one.amount_if_met
        remarks.append("还差一条")
    if not_spoken_of(shelf, known):
        remarks.append("另有几项还没问到")
    return f"目前预估：**{said}**" + (f"（{'，'.join(remarks)}）" if remarks else "")


def why(session: Session, shelf: Shelf, known: Known) -> str:
    """Why the open question is asked: plain words, the programmes at stake and their clauses."""
    policy = shelf.policy
    path = session.asking or ""
    if path == SCREENING:
        return f"一次选好，后面就只问跟{policy.you}有关的；没选的政策不再问，所以最省时间。"
    if path == SAME_PROJECT and (rule := policy.cumulation):
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


def numbered(labels: Iterable[tuple[str, Action]]) -> list[Choice]:
    """Buttons of one question, each with its number as key."""
    return [Choice(label=label, action=action, key=str(place)) for place, (label, action) in enumerate(labels, 1)]


def rows(buttons: Sequence[Choice]) -> list[Sequence[Choice]]:
    """Buttons in rows: two a row, one where the labels are long."""
    width = 1 if any(len(button.label) > _LONG_LABEL for button in buttons) and len(buttons) < 5 else 2
    return _in_rows(buttons, 4 if all(len(button.label) < 5 for button in buttons) else width)


def _in_rows(buttons: Sequence[Choice], width: int) -> list[Sequence[Choice]]:
    return [buttons[start : start + width] for start in range(0, len(buttons), width)]


def _yes_or_no(session: Session, yes: str, no: str) -> list[tuple[str, Action]]:
    return [(yes, Confirm(session.number, True)), (no, Confirm(session.number, False))]


def _control(session: Session, control: Control, label: str, key: str) -> Choice:
    return _button(label, Steer(session.number, control), key)


@lru_cache(maxsize=1024)
def _button(label: str, action: Action, key: str, on: bool | None = None) -> Choice:
    """A button as many questions have it."""
    return Choice(label=label, action=action, key=key, on=on)


def _toggles(session: Session, labels: Iterable[str]) -> list[Sequence[Choice]]:
    """The options of a multiple choice, two a row."""
    buttons = [
        _button(label, Toggle(session.number, place), str(place + 1), on=option in session.ticks)
        for place, (label, option) in enumerate(zip(labels, session.offered, strict=True))
    ]
    return _in_rows(buttons, 2)


def further(policy: Policy) -> dict[str, str]:
    """The options for one more item of each list, with what they are called."""
    return {f"{subject.id}.{MORE}": f"还有别的{subject.label}" for subject in policy.subjects if subject.many}


def _screening(session: Session, shelf: Shelf) -> tuple[str, list[Sequence[Choice]]]:
    if not session.offered and len(shelf.documents(session.in_play)) > 1:
        return _documents(session, shelf)
    documents = shelf.documents(session.in_play)
    screening = documents[0].screening if len(documents) == 1 else shelf.policy.screening
    options = shelf.options(session.in_play)
    labels = {option.id: option.label for option in (*shelf.policy.screening.options, *options)}
    labels |= further(shelf.policy)
    told = bool(session.answers) and session.answer(SCREENING) is None
    compact = told or tuple(session.offered) != tuple(option.id for option in options)
    text = "除此之外，还有下面这些情形吗？可多选。" if compact else f"{screening.question}\n{screening.help}"
    last = [
        _control(session, Control.DONE, "完成", "完成"),
        _control(session, Control.UNKNOWN, "我不确定", "不确定"),
        _control(session, Control.NONE, "没有了" if compact else "以上都没有", "0"),
    ]
    return text, [*_toggles(session, [labels[option] for option in session.offered]), last]


def _documents(session: Session, shelf: Shelf) -> tuple[str, list[Sequence[Choice]]]:
    """Which of the documents in play is asked about: by place first, where there are many of several places."""
    documents, places = shelf.documents(session.in_play), shelf.places(session.in_play)
    other_ways = (
        f"也可以说要问哪方面的（比如“我想问{about_what(documents[0])}的”），或者用一段话介绍{shelf.policy.you}。"
    )
    if by_place := len(documents) > AT_ONCE and len(places) > 1:
        named = [(f"{place}（{len(ids)} 份）", PutInPlay(short(f"@{place}"))) for place, ids in places.items()]
    else:
        named = [(each.name[:_BUTTON], PutInPlay(short(each.id))) for each in documents]
    first = session.first_shown if session.first_shown < len(named) else 0
    shown = numbered(named)[first : first + AT_ONCE]
    lines = ["想看哪个地方的文件？" if by_place else "想先看哪一份文件？"]
    if not by_place:
        lines += [
            f"{first + place}. {titled(each)}" for place, each in enumerate(documents[first : first + AT_ONCE], 1)
        ]
    last = [_control(session, Control.UNKNOWN, "不选，都问一遍", "不确定")]
    if len(named) > AT_ONCE:
        last.insert(0, _control(session, Control.MORE, f"更多（共 {len(named)} {'处' if by_place else '份'}）", "更多"))
    return "\n".join([*lines, other_ways]), [*rows(shown), last]


def _same_project(session: Session, shelf: Shelf, known: Known) -> tuple[str, list[Sequence[Choice]]]:
    policy = shelf.policy
    rule = policy.cumulation
    cited = [f"{policy.clause(rule.clause).citation}规定：“{rule.quote}”。"] if rule else []
    lines = [*cited, f"{policy.you}可能同时符合："]
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
    unsure = _control(session, Control.UNKNOWN, "说不准", "0")
    buttons: list[Sequence[Choice]]
    if len(session.offered) == 2:
        lines.append("这两项说的是同一个项目吗？")
        one = Choice(label="是同一个", action=Confirm(session.number, True), key="1")
        buttons = [[one, _control(session, Control.NONE, "不是，各自独立", "2"), unsure]]
    else:
        lines.append("其中哪几项说的是同一个项目？请选出来；都是不同的项目就选“各自独立”。")
        done = _control(session, Control.DONE, "完成", "完成")
        buttons = [*_toggles(session, names), [done, _control(session, Control.NONE, "各自独立", "没有"), unsure]]
    return f"{_heading('同一个项目', session, shelf, known)}\n" + "\n".join(lines), [
        *buttons,
        _controls(session, None),
    ]


def _editing(session: Session, shelf: Shelf, known: Known) -> tuple[str, list[Sequence[Choice]]]:
    shown = [
        (f"{answer_label(shelf, known.case, each)}：{answer_value(shelf, each)}"[:_BUTTON], Edit(short(each.path)))
        for each in session.answers
    ]
    first = session.first_shown
    buttons = [[button] for button in numbered(shown)[first : first + PAGE]]
    last = [Choice(label="不改了", action=Confirm(session.number, False), key="0")]
    if len(shown) > PAGE:
        last.insert(0, _control(session, Control.MORE, "看其余的", "其余"))
    return "您的回答都在这里，想改哪一条？改了以后，其他回答都保留。", [*buttons, last]


def _fact(session: Session, shelf: Shelf, known: Known, path: str) -> tuple[str, list[Sequence[Choice]]]:
    policy = shelf.policy
    subject, _, rest = path.partition(".")
    old = session.answer(path)
    lines = [_heading(_topic(session, shelf, known), session, shelf, known)]
    if rest.isdigit():
        about = next(each for each in policy.subjects if each.id == subject)
        lines.append(about.any if rest == "0" else about.more)
        buttons = numbered(_yes_or_no(session, "有", "没有"))
    else:
        fact = policy.fact(path)
        undecided = threshold(known, path)
        if undecided is not None and old is not None and not old.final:
            text, buttons = _narrow(session, fact, undecided, answer_value(shelf, old))
            lines.append(text)
            return "\n".join(lines), [*rows(buttons), _controls(session, None, numeric=True)]
        if (offered := session.proposed) is not None and old is None and value_at(known.case, path) is None:
            lines.append(f"{fact.label}：是 **{answer_value(shelf, offered)}** 吗？")
            yes = State(session.number, offered.fact, offered.approximate)
            buttons = numbered([("是", yes), ("不是", Steer(session.number, Control.KEEP))])
            return "\n".join(lines), [*rows(buttons), _controls(session, None, numeric=True)]
        if old is not None and not old.final and loosely(known, path) is not None:
            lines.append(f"您说的是 **{answer_value(shelf, old)}**，还不能定。能说得更准一点吗？")
        lines += [of_its_year(policy, path), fact.help]
        buttons = _values(session, shelf, fact)
    if (new := session.proposed) is not None:
        changed = State(session.number, new.fact, new.approximate)
        buttons = [Choice(label=f"改成 {answer_value(shelf, new)}", action=changed, key="改"), *buttons]
    elif old is not None:
        lines.append(f"（之前的回答：{answer_value(shelf, old)}）")
    numeric = not rest.isdigit() and policy.fact(path).spec.numeric
    return "\n".join(line for line in lines if line), [*rows(buttons), _controls(session, old, numeric=numeric)]


def threshold(known: Known, path: str) -> FigureLine | None:
    """The condition that the range known for ``path`` leaves open, None where there is none."""
    if not isinstance(value_at(known.case, path), Range):
        return None
    open_ones = (each for claim in known.assessment.claims if path in claim.missing for each in claim.reasons)
    lines = (line_of(each.condition) for each in open_ones if each.fact == path and each.satisfied is None)
    return next(filter(None, lines), None)


def loosely(known: Known, path: str) -> Finding | None:
    """The condition that what is known at ``path``, only so far, leaves open; None where there is none."""
    value = value_at(known.case, path)
    if value is None or not rough(value):
        return None
    return next(
        (
            finding
            for claim in known.assessment.claims
            for finding in claim.reasons
            if finding.satisfied is None and path in claim.missing and path in (finding.fact, *finding.facts)
        ),
        None,
    )


def _narrow(session: Session, fact: Fact, condition: FigureLine, said: str) -> tuple[str, list[Choice]]:
    line = figure(fact, condition.value)
    text = f"您说的是 **{said}**，而这里正好有一条线：{line}（“{condition.leaf.quote}”）。\n能给个准数吗？或者只说在线的哪一边也行。"
    return text, numbered(
        (label.format(line), Side(session.number, end, condition.value))
        for end, label in _SIDES[condition.leaf.signs[0]]
    )


def _values(session: Session, shelf: Shelf, fact: Fact) -> list[Choice]:
    number = session.number
    if fact.type == "place":
        return numbered((label, Pick(number, code)) for code, label in places(shelf, fact).items())
    if fact.type == "date" and fact.never:
        return numbered([(NOT_YET, Pick(number, NEVER))])
    if fact.type == "bool":
        return numbered(_yes_or_no(session, "是", "不是"))
    if fact.type == "choice":
        return numbered((option.label, Pick(number, option.id)) for option in fact.choices)
    if fact.type == "int" and fact.maximum is not None and fact.maximum - (fact.minimum or 0) < 8:
        values = range(int(fact.minimum or 0), int(fact.maximum) + 1)
        return [Choice(label=figure(fact, Decimal(n)), action=Pick(number, n), key=str(n)) for n in values]
    return []


def places(shelf: Shelf, fact: Fact) -> dict[str, str]:
    """The places that are offered for a fact, by their codes: those that the pack names, and those that count."""
    named = {option.id: option.label for option in fact.choices}
    rules = (*shelf.policy.programmes, *shelf.policy.requires)
    tests = [each for rule in rules for each in parts(rule) if isinstance(each, InPlace) and each.fact == fact.id]
    codes = dict.fromkeys(code for each in tests for code in each.within)
    return {code: label for code in codes if (label := place_name(code)) != code} | named


def _controls(session: Session, old: Answer | None, numeric: bool = False) -> list[Choice]:
    controls: list[Choice] = []
    if session.asking != SAME_PROJECT:
        controls.append(_control(session, Control.UNKNOWN, "不清楚", "不清楚" if numeric else "0"))
    controls.append(_control(session, Control.WHY, "为什么问", "?"))
    if old is not None:
        controls.append(_control(session, Control.KEEP, "保持不变", "="))
    if session.answers:
        controls.append(_control(session, Control.BACK, "上一步", "<"))
    return controls


def _heading(topic: str, session: Session, shelf: Shelf, known: Known) -> str:
    where = f"〔{progress(session, shelf, known)}〕"
    return f"**{topic}** {where}" if topic else where


def _topic(session: Session, shelf: Shelf, known: Known) -> str:
    policy = shelf.policy
    path = session.asking or ""
    subject, _, rest = path.partition(".")
    if subject in policy.lists:
        number, dot, _ = rest.partition(".")
        return (
            item_label(policy, known.case, subject, int(number))
            if dot
            else next(each.label for each in policy.subjects if each.id == subject)
        )
    names = list(dict.fromkeys(programme(policy, claim).label for claim in stakes(shelf, known.assessment, path)))
    return names[0] if len(names) == 1 else ""
