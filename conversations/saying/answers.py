"""How an answer from the document reads: amounts, boundaries, papers, quotations, in Chinese with light markup.

Renders one fact of the matter at a time from the pack's data; which of them a question asks for is the business of
``answering``.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal

from conversations.saying.values import day, money, paid, value
from knowledge.patterns import regex
from knowledge.policy import Clause, Evidence, Fact, Policy, Programme
from rules.conditions import AtLeast, AtMost, FigureLine, LessThan, MoreThan, Threshold
from rules.plain import PlainShare, plain_most
from rules.programme import ApplicationCall
from rules.terms import plain
from rules.validity import windows
from rules.values import Range

WHICH = "告诉我是哪一项，我再列出那一项另外要的材料。"
NO_DATE = "具体时间文件没有写，以申报通知为准。"
INFERRED = "要交哪些材料文件没有写，以上是按惯例推定的，以申报通知为准。"
PARTLY_INFERRED = "以上除文件点名的以外，文件没有写，是按惯例推定的，以申报通知为准。"
_NAMED = "（文件点名）"
NO_GRANT = "这一段写的是工作目标和方向，不是奖励；给不给补贴、给多少，文件没有写。"
UPGRADED = "先前领过一级的，升级以后是补差额还是全给，文件没有写，请先问清。"
NO_EXCEPTION = "能不能通融、放宽，文件没有写，只能按文件写的标准看。"

ONCE = "一次性"
"""How a text says that something is given one single time."""
_FIGURE = regex(r"\d+(?:\.\d+)? ?(?:万元|亿元|元|%|平方米|年(?!\d| \d))|1:1")
_SENTENCE = regex(r"[^。]+。")
_WHOLE = Decimal("0.01")
_BOUND: dict[
    type[Threshold], tuple[tuple[str, ...], bool]
] = {  # by kind of condition: the words that state it, whether the figure itself passes
    AtLeast: (("以上", "不低于", "至少"), True),
    MoreThan: (("超过", "高于", "多于"), False),
    AtMost: (("不超过", "以下", "最多"), True),
    LessThan: (("不足", "不到", "低于"), False),
}


def emphasised(text: str) -> str:
    """``text`` with its figures in bold."""
    return _FIGURE.sub(lambda match: f"**{match.group()}**", text)


def quotation(text: str) -> str:
    """``text`` word for word, as quoted lines."""
    return "\n".join(f"> {line.strip()}" for line in text.splitlines() if line.strip())


def source(policy: Policy, clause: Clause) -> str:
    """Where the answer stands."""
    name, citation = policy.document(clause.id).name, clause.citation or ""
    return f"依据：{citation if citation.startswith(name) else f'{name} {citation}'}".rstrip()


def computed(policy: Policy, programme: Programme, rule: PlainShare, base: Decimal, approximate: bool) -> str:
    """What the programme pays for the figure that the person named."""
    full = base * rule.rate
    comes_to = paid(full, approximate)
    shown = value(policy.fact(rule.fact), base, approximate)
    rate = "1（1:1 配套）" if rule.rate == 1 else _percent(rule.rate)
    if rule.cap is None or full <= rule.cap:
        return f"按您说的数算：{shown} × {rate} = **{comes_to}**。"
    cap = f"{_yearly(programme)}最高 {money(rule.cap)}"
    return f"按您说的数算：{shown} × {rate} = {comes_to}，但文件规定{cap}，所以是 **{money(rule.cap)}**。"


def levels(policy: Policy, of: str, sums: Mapping[str, Decimal], said: Iterable[str]) -> list[str]:
    """What each level of a fact that was ``said`` pays, and which of them the text does not name."""
    fact = policy.fact(of)
    named = {value(fact, level): paid for level, paid in sums.items()}
    lines = [f"{label}：**{money(named[label])}**。" for label in said if label in named]
    unnamed = "、".join(f"“{label}”" for label in said if label not in named)
    return [*lines, f"文件只写了{'、'.join(named)}，没有写{unnamed}。"] if unnamed else lines


def period(programme: Programme) -> str:
    """Whether it is paid once or every year, and for how long; empty where the text does not say."""
    label = f"**{programme.label}**"
    if programme.years is not None:
        most = plain_most(programme.amount)
        sum_of_years = f"，加起来最多 **{money(most * programme.years.limit)}**" if most is not None else ""
        return f"{label}：按年给，最多连续 **{plain(programme.years.limit)} 年**（“{programme.years.quote}”）{sum_of_years}。"
    if once(programme):
        return f"{label}：只给一次，不是每年都给（“{_around(programme.quote, ONCE)}”）。"
    if "每年" in programme.amount.quote:
        return f"{label}：按年算（“{programme.amount.quote}”）。"
    return f"{label}：文件没有写给几年、分几次给。"


def once(programme: Programme) -> bool:
    """Whether the text says that it is given one single time."""
    return ONCE in programme.quote


def boundary(fact: Fact, condition: FigureLine) -> str:
    """Whether the figure of ``condition`` itself is enough."""
    words, included = _BOUND[type(condition.leaf)]
    word = next((word for word in words if word in condition.leaf.quote), words[0])
    figure = value(fact, condition.value)
    if included:
        return f"“{condition.leaf.quote}”：“{word}”**包括**本数，正好 {figure}，算。"
    return f"“{condition.leaf.quote}”：“{word}”**不包括**本数，正好 {figure}，不算。"


def verdict(fact: Fact, condition: FigureLine, said: Decimal | Range, words: str, approximate: bool) -> str:
    """Whether what the person said (in their ``words``) passes ``condition``, and by how much it falls short."""
    shown = words if fact.type == "years" else value(fact, said, approximate)
    passes = condition.decide(said)
    if isinstance(said, Decimal) and said == condition.value:
        return boundary(fact, condition)
    if passes is None:
        return f"{shown}：够不够“{condition.leaf.quote}”这一条，要看准数。"
    if passes:
        return f"✅ {shown}，够“{condition.leaf.quote}”这一条。"
    gap = ""
    if isinstance(said, Decimal) and said < condition.value:
        short = condition.value - said
        missing = _months(short) if fact.type == "years" else value(fact, short)
        gap = f"，还差 {missing}" if missing else ""
    return f"✖️ {shown}，不够“{condition.leaf.quote}”这一条{gap}。"


def papers(title: str, materials: Iterable[Evidence]) -> str:
    """The papers of an application, those that the document itself names marked."""
    lines = [f"☐ {paper.name}{_NAMED if paper.basis == 'clause' else ''}" for paper in materials]
    basis = PARTLY_INFERRED if any(line.endswith(_NAMED) for line in lines) else INFERRED
    return "\n".join([f"{title}要准备的材料：", *lines, basis])


def paper(named: Evidence) -> str:
    """Whether one paper has to be handed in."""
    if named.basis == "clause":
        return f"**{named.name}**：文件写明了要。"
    return f"**{named.name}**：要不要交文件没有写，按惯例请先备好，以申报通知为准。"


def steps(policy: Policy) -> str:
    """What to do first, as the pack says."""
    return "\n".join(f"{number}. {step}" for number, step in enumerate(policy.next_steps, 1))


def calls(policy: Policy, programmes: Collection[str] = ()) -> list[str]:
    """When ``programmes`` (all, where none is named) can be applied for, as the document says; empty where it does not."""
    of = [each for each in policy.calls if not (each.programmes and programmes) or {*each.programmes} & {*programmes}]
    return [f"申报时间：**{_from_to(each)}**（“{each.quote}”）。" for each in of]


def _from_to(call: ApplicationCall) -> str:
    """The days of a call; of one that comes every year without the year."""
    ((first, last),) = windows(call, None)[:1]
    ends = [day(first) if first else "", day(last) if last else ""]
    if call.every:
        ends = [end.partition("年")[2].strip() for end in ends]
    until = f"至 {ends[1]}" if ends[0] and ends[1] else f"截止到 {ends[1]}" if ends[1] else "起"
    return f"{'每年 ' if call.every else ''}{ends[0]}{' ' if ends[0] and ends[1] else ''}{until}"


def where(policy: Policy) -> str:
    """That the document names no place to go, and who is in charge."""
    return f"到哪里办、哪个窗口收材料，文件没有写；这件事由{policy.lead}负责，请先问清。"


def candidates(clauses: Iterable[Clause]) -> str:
    """The clauses of which one may be meant."""
    lines = [
        f"{number}. **{clause.title}**{f'（{clause.citation}）' if clause.citation else ''}：{clause.summary}"
        for number, clause in enumerate(clauses, 1)
    ]
    return "\n".join(["您问的可能是下面这几条，是哪一条？", *lines])


def out_of_scope(policy: Policy, advice: str) -> str:
    """That the document does not answer, and what can be done instead."""
    if advice:
        return advice
    named = "、".join(each.name for each in policy.documents)
    these = f"这 {len(policy.documents)} 份文件" if policy.several else "这份文件"
    return (
        f"{these}（{named}）没有规定您问的这件事，我不能替别的政策回答。"
        f"可以换个说法再问一次，可以问{policy.lead}，也可以转人工。"
    )


def offer(policy: Policy) -> str:
    """Offers to look at the enterprise's own case."""
    return f"要不要帮您对照一下{policy.you}的情况？"


def nothing_asked(policy: Policy) -> str:
    """That the words ask for nothing, and what can be done instead."""
    return (
        "这句话我没有看出要问什么。可以直接问某一项扶持，比如给多少、什么条件、要什么材料；"
        f"也可以让我对照{policy.you}的情况，或者转人工。"
    )


def whom(policy: Policy, advice: str) -> str:
    """What of the pack's ``advice`` a letter may say: that the document does not tell, and whom to ask.

    Without what the bot says of itself; empty where it says nothing else, or is none of the pack's.
    """
    if all(kind.advice != advice for kind in policy.questions.unanswered):
        return ""
    sentences = [sentence.partition("，我")[0].rstrip("。") for sentence in _SENTENCE.findall(advice)]
    return "".join(
        f"{sentence}。" for sentence in sentences if sentence.startswith(("这份文件", "这几份文件", "可以问"))
    )


def assess(policy: Policy) -> str:
    """The invitation to answer the questions about one's own enterprise."""
    lines = [
        f"{document.name}里的扶持有：{labels}。" if policy.several else f"文件里的扶持有：{labels}。"
        for document in policy.documents
        for labels in ["、".join(programme.label for programme in document.programmes)]
    ]
    said = "可以，我帮您对照。回答几个简单的问题，就知道符合哪几项、大概多少钱、要准备什么材料。"
    return "\n".join([said, *lines])


def document(policy: Policy, wanted: Iterable[str]) -> list[str]:
    """The document's own data: ``wanted`` of number, title, issuer, printed, lead."""
    printed = policy.printed
    lines = {
        "title": f"文件全称：《{policy.title}》。",
        "number": f"文号：**{policy.number}**。" if policy.number else "文件上没有文号。",
        "issuer": f"发文单位：**{policy.issuer}**。",
        "printed": f"印发日期：**{day(printed)}**。" if printed else "文件上没有印发日期。",
        "lead": f"负责单位：{policy.lead}。",
    }
    return [lines[name] for name in lines if name in wanted]


def _months(years: Decimal) -> str:
    """A span as whole months, empty where it is none."""
    months = round(years * 12)
    return f"{months} 个月" if abs(years * 12 - months) < _WHOLE else ""


def _yearly(programme: Programme) -> str:
    return "每年" if programme.period == "year" else ""


def _percent(rate: Decimal) -> str:
    return f"{plain(rate * 100)}%"


def _around(quote: str, word: str) -> str:
    return next(part for part in re.split("[，。；]", quote) if word in part)
