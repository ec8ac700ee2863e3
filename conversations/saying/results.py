"""The result in words, on one phone screen: what it comes to, each programme with its sum and clause, what is open or near.

Renders from a case and its assessment alone, in replies short enough for every channel; conditions, quotes and caveats
are in the ``notes``, the papers in a list of their own.
"""

from collections.abc import Collection, Sequence
from decimal import Decimal

from conversations.saying.explanation import Explanation, explain, explain_all, percent, to_apply_for, within_reach
from conversations.saying.notes import asks, over_years
from conversations.saying.office_notes import in_short
from conversations.saying.pages import paged
from conversations.saying.provisions import paid_once, standing, validity
from conversations.saying.report import checklist
from conversations.saying.totals import not_spoken_of, spoken_of, sum_of
from conversations.saying.values import answer_label, answer_value, day, interval, programme, wanted_label
from conversations.state.actions import Do
from conversations.state.answer import Answer
from conversations.state.commands import Command
from conversations.state.interview import MORE, SAME_PROJECT, asked, projects_in_question
from conversations.state.messages import Choice
from conversations.state.session import Known, Session, is_fact
from conversations.state.shelf import Shelf
from knowledge.policy import Policy, Programme, owner
from rules.assessment import Claim, Status
from rules.plain import plain_levels, plain_share
from rules.values import Interval, Range

_NAMED = 3
"""How many of the things that are wanted of one claim are named; the notes have them all."""
_EXAMPLES = 5
"""How many programmes are named where none applies."""


def result(shelf: Shelf, known: Known, midway: bool = False) -> list[str]:
    """The whole result, as texts short enough for one reply each.

    ``midway``, while there are questions to come, what nobody has spoken of is only counted.
    """
    claims = explain_all(shelf, known)
    spoken = {claim.id for claim in spoken_of(shelf, known)}
    due = [one for one in claims if one.status is Status.ELIGIBLE and not one.over]
    still_open = [
        one
        for one in claims
        if one.status is Status.UNDETERMINED and not one.over and (one.claim.id in spoken or not midway)
    ]
    missed = {
        one.claim.id: line for one in claims if (not one.over or one.opens) and (line := _near_miss(shelf, known, one))
    }
    documents = _by_money(shelf.policy, due, still_open)
    ended = {each.id: said for each in documents if (said := standing(each, known.case.on))}
    if len(ended) < len(documents):
        later = [one for one in claims if one.over and one.status is Status.ELIGIBLE]
        later += [one for one in _again(claims) if one not in later]
        parts = [headline(shelf, known, due, still_open, len(missed), later), *_to_take_off(shelf.policy, known, due)]
        parts += _overlap(documents, due, still_open)
    else:
        parts = [f"**结果：{ended[documents[0].id]}，现在不能申报**"]
    several = shelf.policy.several
    for document in documents:
        own = [one for one in claims if shelf.policy.document(one.claim.id) is document]
        shown = [_eligible(one) for one in own if one in due]
        shown += _one_project(shelf, known, own, {one.claim.id for one in own if one in due or one in still_open})
        shown += [_open(one) for one in own if one in still_open]
        shown += [missed[one.claim.id] for one in own if one.claim.id in missed]
        shown += _over(own, document.id in ended, midway)
        shown += _left_open(known, own) if document.id not in ended and not midway else []
        parts += _titled(document, shown, ended.get(document.id)) if several else shown
    if midway and (others := len(not_spoken_of(shelf, known))):
        parts.append(f"另有 {others} 项还没问到。")
    if not (due or still_open or missed or ended or _again(claims)) and (counts := _what_counts(shelf, claims)):
        parts.append(counts)
    if not several:
        parts.append(_still_in_force(documents[0], bool(ended)))
    parts += [said] if not midway and (said := in_short(shelf, [one.claim for one in (*due, *still_open)])) else []
    return paged(parts, "\n")


def _by_money(policy: Policy, due: Sequence[Explanation], still_open: Sequence[Explanation]) -> list[Policy]:
    """The documents, that with most money first: what is due, then what may be."""

    def most(claims: Sequence[Explanation], document: Policy) -> Decimal:
        amounts = [one.claim.amount for one in claims if policy.document(one.claim.id) is document]
        sums = [amount.min if amount.max is None else amount.max for amount in amounts if amount]
        return sum(sums, Decimal(0))

    return sorted(policy.documents, key=lambda each: (most(due, each), most(still_open, each)), reverse=True)


def _titled(document: Policy, shown: Sequence[str], ended: str | None) -> list[str]:
    """What one document of several comes to, under its title; nothing where there is nothing to say."""
    if not shown:
        return []
    head = f"⌛ **《{document.title}》**\n　{ended}，现在不能申报。" if ended else f"📄 **《{document.title}》**"
    return [head, *shown, _still_in_force(document, bool(ended))]


def _still_in_force(document: Policy, ended: bool) -> str:
    """What is to be asked first: whether the document still holds, or what has come in its place."""
    dated = validity(document)
    if not dated:
        dated = f"文件是 {document.printed.year} 年的" if document.printed else "文件上没有日期"
    asks_first = "有没有新的政策接着执行" if ended else f"{dated}，是否还在执行"
    return f"⚠️ {asks_first}请先问{document.lead}。"


def _to_take_off(policy: Policy, known: Known, due: Sequence[Explanation]) -> list[str]:
    """What is not known yet of what is taken off the sum of claims that are due."""
    paying = {one.claim.id for one in due if one.claim.amount}
    paths = [path for cap in known.assessment.caps if not paying.isdisjoint(cap.claims) for path in cap.missing]
    named = "、".join(dict.fromkeys(wanted_label(policy, path) for path in paths))
    return [f"合计最后多少，还要看{named}。"] if named else []


def _overlap(documents: Sequence[Policy], due: Sequence[Explanation], still_open: Sequence[Explanation]) -> list[str]:
    """That what several documents pay may be for one matter, where one of them says that this is paid once."""
    rule = paid_once(documents)
    paying = {owner(one.claim.id) for one in (*due, *still_open) if one.claim.amount}
    if rule is None or len(paying) < 2:
        return []
    return [f"几份文件如果支持的是同一件事，只给最高的一项（{rule[0]}：“{rule[1]}”），所以合计是一个范围。"]


def _over(claims: Sequence[Explanation], ended: bool, midway: bool) -> list[str]:
    """What would hold and cannot be applied for any more, or not yet: a sum is told of it only where it can be again."""
    held = [one for one in claims if one.over and one.status is Status.ELIGIBLE]
    if ended:
        return [f"按条件本来符合的：{'、'.join(one.label for one in held)}。"] if held else []
    lines = [f"⌛ **{one.label}** — 条件符合，但{one.later}\n　{one.citation}" for one in held]
    for one in _again(claims) if not midway else ():
        if one.status is Status.UNDETERMINED:
            lacks = _wanted(one) if one.wanted else "还不能定"
            lines.append(f"⌛ **{one.label}** — {lacks}；{one.over}\n　{one.citation}")
    return lines


def _again(claims: Sequence[Explanation]) -> list[Explanation]:
    """Those that hold, or may, and that can be applied for later."""
    return [one for one in claims if one.opens and one.status is not Status.INELIGIBLE]


def _waiting(again: Sequence[Explanation]) -> str:
    """How many awards hold, or are open, that can be applied for later, and when; empty where there are none."""
    opens = [one.opens for one in again if one.opens is not None]
    held = sum(one.status is Status.ELIGIBLE for one in again)
    if not opens:
        return ""
    said = f"{held} 项条件符合" if held else "暂时没有确定符合的"
    left = f"，{len(again) - held} 项还没定" if held < len(again) else ""
    return f"{said}{left}，现在不在申报期（{day(min(opens))}开始）"


def _left_open(known: Known, claims: Sequence[Explanation]) -> list[str]:
    """What nothing can be paid of any more, and was not asked about for that reason: which programmes, since when."""
    since: dict[str, list[str]] = {}
    for one in claims:
        if one.status is Status.UNDETERMINED and one.over and one.claim.id in known.assessment.over:
            since.setdefault(one.over, []).append(one.label)
    return [f"⌛ {over}，条件就没有再问：{'、'.join(dict.fromkeys(labels))}" for over, labels in since.items()]


def headline(
    shelf: Shelf,
    known: Known,
    due: Sequence[Explanation],
    still_open: Sequence[Explanation],
    near: int,
    later: Sequence[Explanation],
) -> str:
    """What it comes to: how many apply and the sum of them, else what is likely, still open, or lacks one thing (``near``).

    ``later``: those that cannot be applied for on the day, but hold, or can be applied for again.
    """
    figured = [one.claim for one in due if one.claim.amount]
    likely = [one for one in still_open if one.likely and not due]
    others = [one.claim for one in still_open if one not in likely]
    if due:
        said = f"{len(due)} 项符合" + (f"，{sum_of(shelf, known, figured)}" if figured else "")
    elif not still_open and (waiting := _waiting(_again(later))):
        said = waiting
    elif likely:
        said = f"{f'{len(likely)} 项' if len(likely) > 1 else ''}很可能符合{_likely_sum(likely)}"
    elif still_open:
        said = "暂时没有确定符合的"
    else:
        said = f"暂时没有{'现在能申报' if later else '符合'}的政策" + (f"，有 {near} 项就差一条" if near else "")
    lines = [f"**结果：{said}{f'，{len(others)} 项还没定' if others else ''}**"]
    if figured and (unwritten := len(due) - len(figured)):
        lines.append(f"另有 {unwritten} 项文件没有写数额。")
    if still_open and len(due) + len(still_open) > 1:
        with_open = _bounded(shelf, known, [one.claim for one in (*due, *still_open)])
        lines += [f"连没定的一起算：{with_open}"] if with_open else []
    return "\n".join(lines)


def afterwards(session: Session, known: Known) -> tuple[tuple[Choice, ...], ...]:
    """The buttons under a result: what can be done next."""
    change = Choice(label="修改回答", action=Do(Command.EDIT), key="修改")
    notes = Choice(label="说明", action=Do(Command.NOTES), key="说明")
    rows = [[notes, change]]
    if put_off(session, known):
        rows.insert(0, [Choice(label="现在补充没定的", action=Do(Command.FILL), key="补充")])
    if any(claim.status is not Status.INELIGIBLE for claim in known.assessment.claims):
        rows[-1].insert(0, Choice(label="材料", action=Do(Command.MATERIALS), key="材料"))
        rows.append([Choice(label="下载预评估表", action=Do(Command.PAPER), key="预评估表")])
    rows.append([Choice(label="登记，请工作人员联系我", action=Do(Command.LEAD), key="登记")])
    rows.append(
        [
            Choice(label="不符合的和原因", action=Do(Command.OTHERS), key="别的呢"),
            Choice(label="重新开始", action=Do(Command.NEW), key="重新开始"),
        ]
    )
    return tuple(tuple(row) for row in rows)


def put_off(session: Session, known: Known) -> list[Answer]:
    """The answers "not known", or known only roughly, that could still change the result."""
    missing = {path for claim in known.assessment.claims for path in claim.missing}
    missing |= {path for cap in known.assessment.caps for path in cap.missing}
    missing |= {SAME_PROJECT} if known.assessment.shared_open else set()
    missing |= {path for path in known.skipped if path.endswith(f".{MORE}")}  # a further item may always add
    return [one for one in session.answers if (one.value is None or one.final) and asked(one.path) in missing]


def materials(shelf: Shelf, known: Known) -> str:
    """One merged checklist for all claims that may be made; those that give way need none."""
    return _papers(shelf.policy, known.assessment.claims)


def _papers(policy: Policy, claims: Sequence[Claim]) -> str:
    wanted = to_apply_for(claims)
    papers = checklist(policy, wanted)
    if not papers:
        return "目前没有符合的政策，也就没有要准备的材料。"
    lines = ["**要准备的材料**（推定，以申报通知为准）"]
    for evidence, claims in papers:
        named = (
            f"（{policy.clause(evidence.clause).citation}点名要）"
            if evidence.basis == "clause" and evidence.clause
            else ""
        )
        note = f"（{evidence.note}）" if evidence.note else ""
        owners = list(dict.fromkeys(programme(policy, claim).label for claim in claims))
        every = len(owners) == len({claim.programme.id for claim in wanted})
        use = "" if every or not evidence.proves else f" — {'、'.join(owners)}"
        lines.append(f"☐ {evidence.name}{named}{note}{use}")
    return "\n".join(lines)


def not_applying(shelf: Shelf, known: Known) -> list[str]:
    """What does not apply, and for each the condition that fails."""
    lines: list[str] = []
    for one in explain_all(shelf, known):
        if one.status is Status.INELIGIBLE:
            first = one.failed[0]
            lines.append(
                f"✖️ **{one.label}**（{one.citation}）\n　按您的回答，{first.told}；文件要求：“{first.finding.quote}”"
            )
    if not lines:
        return ["目前没有哪一项是确定不符合的。"]
    return paged(["**不符合的，以及原因**", *lines])


def brief(shelf: Shelf, known: Known) -> str:
    """The result in one sentence: what can be had, and how much of it is still open."""
    spoken = spoken_of(shelf, known)
    ended = [standing(each, known.case.on) for each in shelf.policy.documents]
    if all(ended):
        return f"{ended[0]}，现在不能申报。"
    due = [claim for claim in spoken if claim.status is Status.ELIGIBLE]
    still_open = [claim for claim in spoken if claim.status is Status.UNDETERMINED]
    if not spoken:
        explained = explain_all(shelf, known)
        if waiting := _waiting(_again(explained)):
            return f"目前 {waiting}。"
        near = next((one for one in explained if one.near_miss is not None), None)
        lacks = f"，{near.label}{_gap(shelf, known, near) or '只差一条'}" if near is not None else ""
        return f"目前没有符合的政策{lacks}。"
    if len(spoken) == 1 and (one := explain(shelf, known, spoken[0])).likely:
        return f"目前很可能有 1 项符合：{one.label}，{one.amount_if_met}，{_wanted(one)}。"
    if not due:
        said = _bounded(shelf, known, still_open)
        return f"目前还没有确定符合的，{len(still_open)} 项还没定{f'，合计预估 **{said}**' if said else ''}。"
    figured = [claim for claim in due if claim.amount]
    total = f"合计预估 **{sum_of(shelf, known, figured)}**" if figured else "文件没有写数额"
    others = f"，另有 {len(still_open)} 项还没定" if still_open else ""
    return f"目前 {len(due)} 项符合，{total}{others}。"


def what_if(shelf: Shelf, before: Known, after: Known, changed: Sequence[Answer]) -> str:
    """What would come of it if the answers were ``changed``, from which ``after`` is derived; ``before`` is what is on record."""
    told = "，".join(_supposed(shelf, after, answer) for answer in changed)
    earlier = {claim.id: claim for claim in before.assessment.claims}
    now = explain_all(shelf, after)
    paths = {answer.path for answer in changed}
    touched = [one for one in now if earlier.get(one.claim.id) != one.claim]
    moved = [one for one in touched if _outcome(one.claim) != _outcome(earlier.get(one.claim.id))]
    concerned = moved or [
        one for one in touched if any(paths & {finding.fact, *finding.facts} for finding in one.claim.reasons)
    ]
    lines = [f"{one.label}：{_verdict(shelf, after, one)}" for one in concerned]
    if len(concerned) == 1:
        lines = [_verdict(shelf, after, concerned[0])]
    came = "；".join(lines) or "结果不变"
    return f"假如{told}：{came}。（只是算给您看，没有改记录。）"


def _supposed(shelf: Shelf, known: Known, answer: Answer) -> str:
    """An answer as a supposition: 一年的服务费 120 万元, 在郑州市注册, 级别是省级."""
    label, said = answer_label(shelf, known.case, answer), answer_value(shelf, answer)
    if answer.value is True:
        return label
    if answer.value is False:
        return f"没有“{label}”" if not is_fact(answer.path) else f"“{label}”这一条不成立"
    numeric = is_fact(answer.path) and shelf.policy.fact(answer.path).spec.numeric
    return f"{label} {said}" if numeric else f"{label}是{said}"


def _outcome(claim: Claim | None) -> object:
    """What a claim comes to, whatever it rests on."""
    return claim and (claim.status, claim.amount, claim.years_left, claim.superseded_by is None)


def _verdict(shelf: Shelf, known: Known, one: Explanation) -> str:
    if one.over and one.status is not Status.INELIGIBLE:
        return f"条件符合，但{one.later}" if one.status is Status.ELIGIBLE else f"还不能定，而且{one.over}"
    if one.status is Status.ELIGIBLE:
        return f"符合，{one.amount}" + ("，但同一个项目里让位给别的" if one.claim.superseded_by else "")
    if one.status is Status.UNDETERMINED:
        said = f"很可能符合，{one.amount_if_met}" if one.likely else "还不能定"
        return f"{said}，还差{'、'.join(one.wanted[:_NAMED]) or '主管部门认定'}"
    return _gap(shelf, known, one) or "不符合"


def _gap(shelf: Shelf, known: Known, one: Explanation) -> str:
    """How far the figure of a near miss is from what is demanded: 还差 8 万元，够了就是每年 10 万元; empty where none is."""
    point = one.near_miss
    limit = point.limit if point else None
    if point is None or limit is None or not limit.upwards or not limit.missing:
        return ""
    reach = within_reach(shelf, known, one)
    about = "约" if point.approximate else ""
    return f"还差{about} {limit.missing}" + (f"，够了就是{reach}" if reach else "")


def _likely_sum(likely: Sequence[Explanation]) -> str:
    """What the claims that likely hold would come to, where each is a figure."""
    said = [one.amount_if_met for one in likely if one.claim.amount and one.claim.amount.max is not None]
    return f"，{' ＋ '.join(said)}" if said and len(said) == len(likely) < _NAMED else ""


def _bounded(shelf: Shelf, known: Known, claims: Sequence[Claim]) -> str:
    """What ``claims`` come to; empty where nobody can tell the most of it."""
    figured = [claim for claim in claims if claim.amount]
    bounded = all(claim.amount.max is not None for claim in figured if claim.amount)
    return sum_of(shelf, known, figured) if figured and bounded else ""


def _eligible(one: Explanation) -> str:
    claim = one.claim
    once = "，一次性" if claim.period == "once" else ""
    years = f"，最多还可连续 {claim.years_left} 年" if claim.years_left else ""
    gives_way = "（让位）" if claim.superseded_by else ""
    how = f"{one.sum}，" if one.sum else ""
    more = "".join(f"\n　{remark}" for remark in one.remarks)
    return f"✅ **{one.label}** — **{one.amount}**{once}{years}{gives_way}\n　{how}{one.citation}{more}"


def _open(one: Explanation) -> str:
    amount = one.claim.amount
    said = one.amount_if_met if one.likely else one.amount
    worth = f" — {said}" if amount is None or amount.max is not None else ""
    lacks = [_wanted(one)] if one.wanted else []
    lacks += [f"{point.told}，算不算由主管部门认定" for point in one.for_the_office]
    return f"❓ **{one.label}**{worth}\n　{'；'.join(lacks)}，{one.citation}"


def _wanted(one: Explanation) -> str:
    """What would settle the claim: 还差一个数：培训费."""
    names = "、".join(one.wanted[:_NAMED])
    if len(one.wanted) > 1:
        return f"还差 {len(one.wanted)} 条：{names}{'等' if len(one.wanted) > _NAMED else ''}"
    point = next((point for point in one.points if point.finding.fact == one.claim.missing[0]), None)
    if point is None or point.fact is None or not point.fact.spec.numeric:
        return f"还差一条：{names}"
    return f"还差一个{'准' if isinstance(point.finding.actual, Range) else ''}数：{names}"


def _near_miss(shelf: Shelf, known: Known, one: Explanation) -> str:
    """A claim that fails by one condition only, with what is missing and what it would bring; empty for every other."""
    point = one.near_miss
    if point is None:
        return ""
    head, limit, reach = f"✖️ **{one.label}** — ", point.limit, within_reach(shelf, known, one)
    if limit is None or not limit.upwards:
        met = f"；符合的话就是{reach}" if reach else ""
        answered = point.said or f"您答的是“{point.bare}”"
        return f"{head}差在“{point.label}”\n　{answered}{met}，{one.citation}"
    wanted = f"{point.label}{asks(limit.sign, limit.demanded)}，{one.citation}"
    enough = f"，够了就是{reach}" if reach else ""
    if limit.missing is None:
        return f"{head}差在“{point.label}”\n　{wanted}"
    if not limit.missing:
        return f"{head}正好 {limit.demanded}不算超过{enough}\n　{wanted}"
    return f"{head}{_gap(shelf, known, one)}\n　{wanted}"


def _one_project(shelf: Shelf, known: Known, claims: Sequence[Explanation], shown: Collection[str]) -> list[str]:
    """Who gives way to whom, and where a yearly claim would outweigh its leader over its years."""
    rule = shelf.policy.cumulation
    where = f"（{shelf.policy.clause(rule.clause).citation}）" if rule else ""
    lines: list[str] = []
    for one in claims:
        if one.gives_way is not None and not one.over:
            if one.gives_way.quote:
                lines.append(f"“{one.gives_way.quote}”：领**{one.gives_way.label}**，**{one.label}**让位。")
                continue
            first, own = f"**{one.gives_way.label}**", f"**{one.label}**"
            lines.append(f"同一个项目只给最高的一项{where}：领{first}，{own}{' ' * own[-3].isdigit()}让位。")
            lines += [f"　{line}"] if (line := over_years(one)) else []
    projects = projects_in_question(shelf, known.assessment) if known.assessment.shared_open else []
    if sum(any(claim in shown for claim in project) for project in projects) > 1:
        lines.append(f"其中几项是不是同一个项目还没定：是的话只给最高的一项{where}。")
    return lines


def _what_counts(shelf: Shelf, claims: Sequence[Explanation]) -> str:
    """What could be had, where nothing applies: the programmes that lack least first."""
    nearest = sorted(
        (one for one in claims if not one.over), key=lambda one: (len(one.failed), one.claim.amount is None)
    )
    programmes = list(dict.fromkeys(one.claim.programme.id for one in nearest))
    named = [shelf.policy.programme(ident) for ident in programmes[:_EXAMPLES]]
    lines = [f"• {each.label}{_worth(shelf, each)}" for each in named]
    return "\n".join(["以后有下面这些就可能算：", *lines]) if lines else ""


def _worth(shelf: Shelf, each: Programme) -> str:
    """What a programme pays, as a remark: （30–100 万元）."""
    levels = plain_levels(each.amount)
    amount = Interval(min(levels[1].values()), max(levels[1].values())) if levels else shelf.rules.worth(each.id)
    if amount is None:
        return ""
    if amount.max is None:
        return f"（{percent(share)}）" if (share := plain_share(each.amount)) else ""
    return f"（{interval(amount, every='每年' if each.period == 'year' else '')}）"
