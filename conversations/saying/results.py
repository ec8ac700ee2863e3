"""The result in words: each programme with amount, reckoning and clause, what is open, near misses, one checklist.

Renders from a case and its assessment alone, in replies short enough for every channel; cut at sensible places only.
"""

from collections.abc import Iterable, Sequence

from conversations.saying.explanation import Explanation, caveats, explain_all, to_apply_for
from conversations.saying.report import checklist
from conversations.saying.values import claim_amount, estimate, money, programme
from conversations.state.actions import Do
from conversations.state.commands import Command
from conversations.state.interview import MORE, SAME_PROJECT, asked
from conversations.state.messages import Choice
from conversations.state.session import Answer, Known, Session
from conversations.state.shelf import Shelf
from knowledge.policy import Policy
from rules.assessment import Claim, Status

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
    claims = explain_all(shelf, known)
    due = [one for one in claims if one.status is Status.ELIGIBLE]
    still_open = [one for one in claims if one.status is Status.UNDETERMINED]
    parts = [_headline(known, due, still_open)]
    parts += map(_eligible, due)
    if cumulated := _one_project(policy, known, claims):
        parts.append(cumulated)
    if still_open and midway:
        labels = dict.fromkeys(programme(policy, one.claim).label for one in still_open)
        parts.append(f"**还没定的**：{'、'.join(labels)}")
    elif still_open:
        parts.append("\n".join(["**还没定的**", *(_open(policy, one) for one in still_open)]))
    if missed := [line for one in claims if (line := _near_miss(one))]:
        parts.append("**差一点的**\n" + "\n".join(missed))
    concerned = [one.claim for one in (due if midway else [*due, *still_open])]
    if concerned:
        steps = [f"{number}. {step}" for number, step in enumerate(policy.next_steps, 1)]
        parts += ["\n".join(["**下一步**", *steps]), _papers(policy, concerned)]
    notices = [f"⚠️ {text}" for text in caveats(policy, concerned)]
    parts.append("\n".join(["**要留意的**", *notices, "⚠️ 本结果按您自己的回答推算，不是审批结论。"]))
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
    said = f"**{estimate(known)}**"
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


def _headline(known: Known, due: Sequence[Explanation], still_open: Sequence[Explanation]) -> str:
    if not due and not still_open:
        return "**结果：按您的回答，这份文件里暂时没有符合的政策。**\n情况变了随时可以再来；回答有误的话，发“修改”。"
    counts = [f"{len(due)} 项符合"] if due else ["暂时没有确定符合的"]
    counts += [f"{len(still_open)} 项还没定"] if still_open else []
    lines = [f"**结果：{'，'.join(counts)}**"]
    figures = [one for one in (*due, *still_open) if one.claim.amount]
    unwritten = len(due) + len(still_open) - len(figures)
    if figures and (len(figures) > 1 or unwritten or known.assessment.total.min != known.assessment.total.max):
        besides = f"，另有 {unwritten} 项文件没有写数额" if unwritten else ""
        lines.append(f"{_total(known, '：')}{besides}")
    return "\n".join(lines)


def _eligible(one: Explanation) -> str:
    claim = one.claim
    once = "，一次性" if claim.period == "once" else ""
    years = f"，最多还可连续 {claim.years_left} 年" if claim.years_left else ""
    gives_way = "（让位，见下）" if claim.superseded_by else ""
    lines = [f"✅ **{one.label}** — **{one.amount}**{once}{years}{gives_way}"]
    if one.reckoned:
        lines.append(f"　{one.reckoned}")
    if one.met:
        lines.append(f"　符合的条件：{'；'.join(one.met)}")
    lines.append(f"　依据：{one.citation}“{one.quote}”")
    return "\n".join(lines)


def _open(policy: Policy, one: Explanation) -> str:
    lines = [f"❓ **{one.label}** — {one.amount}（{one.citation}）"]
    if one.wanted:
        lines.append(f"　还差这几条，补上就能定：{'、'.join(one.wanted)}")
    lines += [
        f"　{point.told}：文件写的是“{point.finding.quote}”，算不算要由{policy.lead}认定"
        for point in one.for_the_office
    ]
    return "\n".join(lines)


def _near_miss(one: Explanation) -> str:
    """A claim that fails by one condition only, with what is missing; empty for every other."""
    point = one.near_miss
    if point is None or point.fact is None:
        return ""
    head = f"✖️ **{one.label}** — "
    where = f"（{one.citation}“{point.finding.quote}”）"
    limit = point.limit
    if limit is None or not limit.upwards:
        return f"{head}差在“{point.label}”，您答的是“{point.bare}”{where}"
    gap = f"，还差 {limit.missing}" if limit.missing else f"，正好 {limit.demanded}不算超过"
    wanted = _SHORT[limit.sign].format(limit.demanded)
    return f"{head}{point.label}{wanted}{'' if limit.missing is None else gap}{where}"


def _one_project(policy: Policy, known: Known, claims: Sequence[Explanation]) -> str:
    """Who gives way to whom and why, and where a yearly claim would outweigh its leader over its years."""
    lines: list[str] = []
    for one in claims:
        way = one.gives_way
        if way is None:
            continue
        own, first = f"**{one.label}**", f"**{way.label}**"
        lines.append(
            f"{own}（{claim_amount(one.claim)}）和{first}（{claim_amount(way.to)}）是同一个项目，"
            f"只给最高的一项：领{first}，{own}{' ' * own[-3].isdigit()}让位。"
        )
        if way.over_years is not None:
            verdict = "比它更多；文件没有写按一年比还是按几年比，请先问清再选" if way.outweighs else "仍不超过它"
            lines.append(f"　若分 {one.claim.years_left} 年算，{own}合计可能达 {money(way.over_years)}，{verdict}。")
    if known.assessment.shared_open:
        lines.append("其中几项是不是同一个项目还没有定：是同一个就只给最高的一项，所以合计是一个范围。")
    if not lines:
        return ""
    rule = policy.cumulation
    head = f"**同一个项目只给一次**\n{policy.clause(rule.clause).citation}：“{rule.quote}”。"
    return "\n".join([head, *lines])
