"""The result in words: each programme with amount, reckoning and clause, what is open, near misses, one checklist.

Renders from a case and its assessment alone, in replies short enough for every channel; cut at sensible places only.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from conversations.saying.report import checklist
from conversations.saying.values import (
    claim_amount,
    claim_label,
    claim_path,
    estimate,
    figure,
    money,
    programme,
    rests_on_approximate,
    total_is_approximate,
    value,
)
from conversations.state.actions import Do
from conversations.state.commands import Command
from conversations.state.interview import MORE, SAME_PROJECT, asked
from conversations.state.messages import Choice
from conversations.state.session import Answer, Known, Session, value_at
from conversations.state.shelf import Shelf
from knowledge.policy import Policy
from rules.amounts import Share
from rules.assessment import Claim, Finding, Status
from rules.conditions import Threshold, plain

_SHORT = {"≥": "要满 {}", ">": "要超过 {}"}
"""Per condition that a figure can fall short of, what it asks for."""
LONGEST = 3300
"""The most characters of one reply; channels allow a little more (Telegram: 4096 with its own markup)."""


def result(shelf: Shelf, known: Known, midway: bool = False) -> list[str]:
    """The whole result, as texts short enough for one reply each.

    ``midway``, while there are questions to come, what is open is only named, and papers and caveats are those of the
    programmes that are settled.
    """
    policy = shelf.policy
    due = [claim for claim in known.assessment.claims if claim.status is Status.ELIGIBLE]
    still_open = [claim for claim in known.assessment.claims if claim.status is Status.UNDETERMINED]
    parts = [_headline(known, due, still_open)]
    parts += [_eligible(shelf, known, claim) for claim in due]
    if cumulated := _one_project(shelf, known):
        parts.append(cumulated)
    if still_open and midway:
        labels = dict.fromkeys(programme(policy, claim).label for claim in still_open)
        parts.append(f"**还没定的**：{'、'.join(labels)}")
    elif still_open:
        parts.append("\n".join(["**还没定的**", *(_open(shelf, known, claim) for claim in still_open)]))
    if missed := [line for claim in known.assessment.claims if (line := _near_miss(shelf, known, claim))]:
        parts.append("**差一点的**\n" + "\n".join(missed))
    concerned = due if midway else [*due, *still_open]
    if concerned:
        steps = [f"{number}. {step}" for number, step in enumerate(policy.next_steps, 1)]
        parts += ["\n".join(["**下一步**", *steps]), _papers(policy, concerned)]
    parts.append(_caveats(policy, concerned))
    return paged(parts)


def afterwards(session: Session, known: Known) -> tuple[tuple[Choice, ...], ...]:
    """The buttons under a result: what can be done next."""
    rows = [
        [
            Choice(label="修改回答", action=Do(Command.EDIT), key="修改"),
            Choice(label="不符合的和原因", action=Do(Command.OTHERS), key="别的呢"),
        ]
    ]
    if put_off(session, known):
        rows.insert(0, [Choice(label="现在补充没定的", action=Do(Command.FILL), key="补充")])
    if any(claim.status is not Status.INELIGIBLE for claim in known.assessment.claims):
        rows.append(
            [
                Choice(label="只看材料清单", action=Do(Command.MATERIALS), key="材料"),
                Choice(label="下载预评估表", action=Do(Command.PAPER), key="预评估表"),
            ]
        )
    rows.append(
        [
            Choice(label="登记，请工作人员联系我", action=Do(Command.LEAD), key="登记"),
            Choice(label="重新开始", action=Do(Command.NEW), key="重新开始"),
        ]
    )
    return tuple(tuple(row) for row in rows)


def put_off(session: Session, known: Known) -> list[Answer]:
    """The answers "not known", or known only roughly, that could still change the result."""
    missing = {path for claim in known.assessment.claims for path in claim.missing}
    missing |= {SAME_PROJECT} if known.assessment.shared_open else set()
    missing |= {path for path in known.skipped if path.endswith(f".{MORE}")}  # a further item may always add
    return [one for one in session.answers if (one.value is None or one.final) and asked(one.path) in missing]


def materials(shelf: Shelf, known: Known) -> str:
    """One merged checklist for all claims that may be made; those that give way need none."""
    return _papers(shelf.policy, [c for c in known.assessment.claims if c.status is not Status.INELIGIBLE])


def _papers(policy: Policy, claims: Sequence[Claim]) -> str:
    wanted = [claim for claim in claims if claim.superseded_by is None]
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
    for claim in known.assessment.claims:
        if claim.status is not Status.INELIGIBLE:
            continue
        failed = next(finding for finding in claim.reasons if finding.satisfied is False)
        head = f"✖️ **{claim_label(shelf.policy, known.case, claim)}**（{_citation(shelf.policy, claim)}）"
        lines.append(f"{head}\n　按您的回答，{_answered(shelf, known, failed)}；文件要求：“{failed.quote}”")
    if not lines:
        return ["目前没有哪一项是确定不符合的。"]
    return paged(["**不符合的，以及原因**", *lines])


def brief(known: Known) -> str:
    """The result in one line."""
    live = [claim for claim in known.assessment.claims if claim.status is not Status.INELIGIBLE]
    if not live:
        return "目前没有符合的政策。"
    count = sum(claim.status is Status.ELIGIBLE for claim in live)
    total = _total(known, " ") if any(claim.amount for claim in live) else "文件没有写数额"
    return f"目前 {count} 项符合，{total}。" if count else f"目前还没有确定符合的，{total}。"


def _total(known: Known, between: str) -> str:
    """合计预估：60–260 万元, or that nothing can be said yet."""
    total = known.assessment.total
    said = f"**{estimate(known.assessment, total_is_approximate(known))}**"
    return f"合计预估{between}{said}" if total.min or total.max is not None else said


def paged(parts: Iterable[str]) -> list[str]:
    """``parts`` joined by blank lines into texts of at most ``LONGEST`` characters; a longer part breaks at a line."""
    pages: list[str] = []
    for part in parts:
        for piece in _pieces(part):
            if pages and len(pages[-1]) + 2 + len(piece) <= LONGEST:
                pages[-1] = f"{pages[-1]}\n\n{piece}"
            else:
                pages.append(piece)
    return pages


def _pieces(part: str) -> Iterable[str]:
    piece = ""
    for line in part.split("\n"):
        if piece and len(piece) + 1 + len(line) > LONGEST:
            yield piece
            piece = line
        else:
            piece = f"{piece}\n{line}" if piece else line
    yield piece


def _headline(known: Known, due: Sequence[Claim], still_open: Sequence[Claim]) -> str:
    if not due and not still_open:
        return "**结果：按您的回答，这份文件里暂时没有符合的政策。**\n情况变了随时可以再来；回答有误的话，发“修改”。"
    counts = [f"{len(due)} 项符合"] if due else ["暂时没有确定符合的"]
    counts += [f"{len(still_open)} 项还没定"] if still_open else []
    lines = [f"**结果：{'，'.join(counts)}**"]
    figures = [claim for claim in (*due, *still_open) if claim.amount]
    unwritten = len(due) + len(still_open) - len(figures)
    if figures and (len(figures) > 1 or unwritten or known.assessment.total.min != known.assessment.total.max):
        besides = f"，另有 {unwritten} 项文件没有写数额" if unwritten else ""
        lines.append(f"{_total(known, '：')}{besides}")
    return "\n".join(lines)


def _eligible(shelf: Shelf, known: Known, claim: Claim) -> str:
    policy = shelf.policy
    about = rests_on_approximate(claim, known.approximate)
    once = "，一次性" if claim.period == "once" else ""
    years = f"，最多还可连续 {claim.years_left} 年" if claim.years_left else ""
    gives_way = "（让位，见下）" if claim.superseded_by else ""
    lines = [
        f"✅ **{claim_label(policy, known.case, claim)}** — **{claim_amount(claim, about)}**{once}{years}{gives_way}"
    ]
    if reckoned := reckoning(shelf, known, claim, about):
        lines.append(f"　{reckoned}")
    met = [told for finding in claim.reasons if finding.satisfied and (told := _told(shelf, known, finding))]
    if met:
        lines.append(f"　符合的条件：{'；'.join(dict.fromkeys(met))}")
    lines.append(f"　依据：{_citation(policy, claim)}“{claim.programme.amount.quote}”")
    return "\n".join(lines)


def reckoning(shelf: Shelf, known: Known, claim: Claim, about: bool) -> str:
    """How a share is computed: 服务费 260 万元 × 10% = 26 万元."""
    amount = claim.programme.amount
    if not isinstance(amount, Share) or claim.amount is None:
        return ""
    fact = shelf.policy.fact(amount.fact)
    base = value_at(known.case, claim_path(claim, amount.fact))
    every = "每年" if claim.period == "year" else ""
    cap = f"{every}最高 {money(amount.cap)}" if amount.cap is not None else ""
    rate = f"{plain(amount.rate * 100)}%" if amount.rate != 1 else "1:1"
    if base is None:
        return f"{fact.label}还没有准数，按 {rate} 算" + (f"，{cap}" if cap else "")
    figures = f"{fact.label} {value(fact, base, about)} × {rate}"
    if not isinstance(base, Decimal):
        return figures + (f"（{cap}）" if cap else "")
    full = base * amount.rate
    word = "约 " if about else ""
    if amount.cap is not None and full > amount.cap:
        return f"{figures} = {word}{money(full)}，超过上限，按{cap}给"
    return f"{figures} = {word}{money(full)}" + (f"（{cap}）" if cap else "")


def _open(shelf: Shelf, known: Known, claim: Claim) -> str:
    policy = shelf.policy
    about = rests_on_approximate(claim, known.approximate)
    label = claim_label(policy, known.case, claim)
    lines = [f"❓ **{label}** — {claim_amount(claim, about)}（{_citation(policy, claim)}）"]
    wanted = [_question_label(shelf, path) for path in claim.missing]
    if wanted:
        lines.append(f"　还差这几条，补上就能定：{'、'.join(dict.fromkeys(wanted))}")
    office = [f for f in claim.reasons if f.satisfied is None and f.fact not in claim.missing and f.actual is not None]
    for finding in office:
        told = _told(shelf, known, finding)
        lines.append(f"　{told}：文件写的是“{finding.quote}”，算不算要由{policy.lead}认定")
    return "\n".join(lines)


def _near_miss(shelf: Shelf, known: Known, claim: Claim) -> str:
    """A claim that fails by one condition only, with what is missing; empty for every other.

    By a figure that is not far off, or where the person has what this programme alone is about (代运营, a licence).
    """
    failed = [finding for finding in claim.reasons if finding.satisfied is False]
    if claim.status is not Status.INELIGIBLE or len(failed) != 1:
        return ""
    finding = failed[0]
    condition, actual = finding.condition, finding.actual
    if condition is None or isinstance(actual, tuple):
        return ""  # there is no such item
    own = any(
        met.satisfied and met.condition is not None and shelf.users[met.condition.fact] == 1 for met in claim.reasons
    )
    fact = shelf.policy.fact(finding.fact)
    head = f"✖️ **{claim_label(shelf.policy, known.case, claim)}**"
    where = f"（{_citation(shelf.policy, claim)}“{finding.quote}”）"
    if not isinstance(condition, Threshold) or condition.signs[0] not in _SHORT or actual is None:
        said = "" if actual is None else f"，您答的是“{value(fact, actual)}”"
        return f"{head} — 差在“{fact.label}”{said}{where}" if own else ""
    gap = ""
    if isinstance(actual, Decimal):
        own = own or (actual > 0 and actual * 2 >= condition.value)
        short = condition.value - actual
        gap = f"，还差 {figure(fact, short)}" if short else f"，正好 {figure(fact, actual)}不算超过"
    wanted = _SHORT[condition.signs[0]].format(figure(fact, condition.value))
    return f"{head} — {fact.label}{wanted}{gap}{where}" if own else ""


def _one_project(shelf: Shelf, known: Known) -> str:
    """Who gives way to whom and why, and where a yearly claim would outweigh its leader over its years."""
    policy = shelf.policy
    claims = {claim.id: claim for claim in known.assessment.claims}
    lines: list[str] = []
    for claim in claims.values():
        if claim.superseded_by is None or claim.amount is None:
            continue
        leader = claims[claim.superseded_by]
        own = f"**{claim_label(policy, known.case, claim)}**"
        first = f"**{claim_label(policy, known.case, leader)}**"
        lines.append(
            f"{own}（{claim_amount(claim)}）和{first}（{claim_amount(leader)}）是同一个项目，"
            f"只给最高的一项：领{first}，{own}{' ' * own[-3].isdigit()}让位。"
        )
        if claim.period == "year" and claim.years_left and claim.years_left > 1 and leader.amount:
            over = claim.amount.min * claim.years_left
            higher = over > leader.amount.min and leader.period != "year"
            verdict = "比它更多；文件没有写按一年比还是按几年比，请先问清再选" if higher else "仍不超过它"
            lines.append(f"　若分 {claim.years_left} 年算，{own}合计可能达 {money(over)}，{verdict}。")
    if known.assessment.shared_open:
        lines.append("其中几项是不是同一个项目还没有定：是同一个就只给最高的一项，所以合计是一个范围。")
    if not lines:
        return ""
    rule = policy.cumulation
    head = f"**同一个项目只给一次**\n{policy.clause(rule.clause).citation}：“{rule.quote}”。"
    return "\n".join([head, *lines])


def _caveats(policy: Policy, claims: Sequence[Claim]) -> str:
    concerned = {claim.programme.id for claim in claims}
    together = len(concerned & {*policy.cumulation.pooled}) > 1
    lines = ["**要留意的**"]
    for notice in policy.notices:
        general = notice.clause == policy.cumulation.clause
        if not notice.programmes or (together if general else concerned & {*notice.programmes}):
            where = policy.clause(notice.clause).citation
            lines.append(f"⚠️ {notice.text}{f'（{where}）' if where else ''}")
    lines.append("⚠️ 本结果按您自己的回答推算，不是审批结论。")
    return "\n".join(lines)


def _citation(policy: Policy, claim: Claim) -> str:
    return policy.clause(claim.programme.clause).citation or ""


def _told(shelf: Shelf, known: Known, finding: Finding) -> str:
    """What is known of a finding's fact, in words."""
    if finding.condition is None:
        return ""
    fact = shelf.policy.fact(finding.fact)
    if finding.actual is None or isinstance(finding.actual, tuple):
        return ""
    if isinstance(finding.actual, bool):
        return fact.label if finding.actual else f"{fact.label}：不是"
    return f"{fact.label}：{value(fact, finding.actual, finding.fact in known.approximate)}"


def _answered(shelf: Shelf, known: Known, finding: Finding) -> str:
    """What the person said of a finding's fact."""
    if finding.condition is None:
        return f"没有{next(each.label for each in shelf.policy.subjects if each.id == finding.fact)}"
    return _told(shelf, known, finding)


def _question_label(shelf: Shelf, path: str) -> str:
    subject = next((each for each in shelf.policy.subjects if each.id == path), None)
    return f"有没有{subject.label}" if subject else shelf.policy.fact(path).label
