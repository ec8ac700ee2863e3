"""The pre-assessment as a Word file that an office can send: what it comes to, each programme on a sheet of its own with
its reckoning and its papers to tick off, what is open and which answer settles it, what to do next.

Renders from a case and its assessment alone; how it is laid out is the business of ``word_layout``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from conversations.saying import office_notes
from conversations.saying.explanation import Explanation, caveats, explain_all, to_apply_for
from conversations.saying.notes import DISCLAIMER
from conversations.saying.provisions import standing
from conversations.saying.report import checklist
from conversations.saying.results import still_in_force
from conversations.saying.totals import estimate, spoken_of
from conversations.saying.values import facts
from conversations.saying.word_layout import WordPaper
from conversations.state.session import Known
from conversations.state.shelf import Shelf
from knowledge.policy import Evidence, Policy
from rules.assessment import Claim, Status

TITLE = "扶持政策预评估表"
_ANSWERS = {"项目": 8.0, "回答": 8.0}
_OPEN = {"扶持政策": 3.6, "定了是多少": 3.4, "还差什么（答了就能定）": 5.2, "依据": 3.8}
"""The columns of a table with their widths in centimetres."""
_PERIODS = {"year": "每年发放", "once": "一次性发放"}


def assessment_file(shelf: Shelf, known: Known, head: Mapping[str, str], number: str = "") -> bytes:
    """The pre-assessment, a .docx: ``head`` (label → text) says whose it is; ``number`` stands at the foot as well."""
    policy, claims = shelf.policy, explain_all(shelf, known)
    due = [one for one in claims if one.status is Status.ELIGIBLE and not one.over]
    still_open = [one for one in claims if one.status is Status.UNDETERMINED and not one.over]
    spoken = [claim.id for claim in spoken_of(shelf, known)]
    unspoken = [one.label for one in still_open if one.claim.id not in spoken]
    still_open = [one for one in still_open if one.claim.id in spoken]
    wanted = to_apply_for(one.claim for one in (*due, *still_open))
    papers = checklist(policy, wanted)
    shared = [each for each, of in papers if not each.proves and len({claim.programme.id for claim in of}) > 1]
    paper = WordPaper(TITLE, f"{TITLE} {number}".strip())
    paper.sheet("", [*head.items(), ("依据", "\n".join(map(_source, policy.documents)))])
    _add_sum(paper, shelf, known, due, still_open)
    part = iter("一二三四五六")
    if due:
        paper.heading(f"{next(part)}、符合的扶持政策")
        for place, one in enumerate(due, 1):
            paper.sheet(f"{place}. {one.label}", _sheet(policy, one, wanted, shared))
    if still_open:
        paper.heading(f"{next(part)}、还没定的")
        paper.table(_OPEN, [_open(policy, one, shared) for one in still_open])
    _add_shared(paper, shared)
    _add_rest(paper, claims, unspoken)
    if wanted:
        paper.heading(f"{next(part)}、下一步")
        paper.points(policy.next_steps, numbered=True)
        paper.points(_in_charge(policy, wanted))
        if told := office_notes.of_claims(shelf, wanted):
            paper.text(office_notes.HEAD, bold=True)
            paper.points([line.removeprefix("• ") for line in office_notes.lines(policy, told)])
    paper.heading(f"{next(part)}、{policy.you}的情况（按回答）")
    paper.table(_ANSWERS, facts(shelf, known) or [("—", "没有回答")])
    paper.heading(f"{next(part)}、要留意的")
    paper.points([*caveats(policy, wanted, alone=True), DISCLAIMER])
    return paper.saved()


def _source(each: Policy) -> str:
    number = f"（{each.number}）" if each.number else ""
    return f"{each.issuer}《{each.title}》{number}，政策资料版本 {each.version}"


def _add_sum(
    paper: WordPaper, shelf: Shelf, known: Known, due: Sequence[Explanation], still_open: Sequence[Explanation]
) -> None:
    """What it comes to, and whether the documents still hold."""
    documents = shelf.policy.documents
    over = {each.name: ended for each in documents if (ended := standing(each, known.case.on))}
    if len(over) < len(documents):
        counted = [f"{len(due)} 项符合"] if due else ["暂时没有确定符合的"]
        counted += [f"{len(still_open)} 项还没定"] if still_open else []
        total = f"合计预估：{estimate(shelf, known)}" if due or still_open else ""
        paper.text(f"{'，'.join(counted)}。{total}", bold=True, size=13)
    for each in documents:
        named = f"{each.name}：" if len(documents) > 1 else ""
        ended = over.get(each.name, "")
        paper.text(f"{named}{f'{ended}，现在不能申报。' if ended else ''}{still_in_force(each, bool(ended))}")


def _sheet(
    policy: Policy, one: Explanation, wanted: Sequence[Claim], shared: Sequence[Evidence]
) -> list[tuple[str, str]]:
    """What one programme comes to and how, on what it rests, and its papers."""
    years = f"，最多还可连续 {one.claim.years_left} 年" if one.claim.years_left else ""
    rows = [("金额", f"{one.amount}{years}")]
    if one.reckoned or one.way:
        rows.append(("怎么算", one.reckoned or one.way))
    paid = [_PERIODS[one.claim.period]] if one.claim.period in _PERIODS else []
    rows.append(("发放", "\n".join([*paid, *one.remarks]) or "文件没有写"))
    if one.met:
        rows.append(("符合的条件", "；".join(one.met)))
    rows.append(("依据", f"{one.citation}“{one.quote}”"))
    if one.claim not in wanted:
        leader = one.gives_way.label if one.gives_way is not None else "别的一项"
        return [*rows, ("让位", f"只给最高的一项，领“{leader}”，这一项不用备材料")]
    own = [each for each in policy.materials(one.claim.programme.id) if each not in shared]
    boxes = [*map(_box, own), *(["☐ 各项都要的材料（见后）"] if shared else [])]
    return [*rows, ("材料", "\n".join(boxes) or "文件没有列")]


def _open(policy: Policy, one: Explanation, shared: Sequence[Evidence]) -> tuple[str, str, str, str]:
    """What one open programme would come to, what settles it, and which papers it needs then."""
    office = [
        f"“{point.finding.quote}”算不算，由{policy.document(one.claim.id).lead}认定" for point in one.for_the_office
    ]
    lacks = [f"• {label}" for label in one.wanted] + [f"• {text}" for text in office]
    lacks = lacks or ["• 由主管部门认定"]
    own = [f"☐ {each.name}" for each in policy.materials(one.claim.programme.id) if each not in shared]
    lacks += ["定了以后另备：", *own] if own else []
    way = f"\n{one.way}" if one.way else ""
    return one.label, f"{one.amount}{way}", "\n".join(lacks), f"{one.citation}“{one.quote}”"


def _add_shared(paper: WordPaper, shared: Sequence[Evidence]) -> None:
    """The papers that all programmes need, once, and what can be said of all papers."""
    if shared:
        paper.sheet("", [("各项都要的材料", "\n".join(dict.fromkeys(map(_box, shared))))])
        paper.text("材料里没有注明“文件点名”的是推定，最后以申报通知列的为准。")


def _add_rest(paper: WordPaper, claims: Sequence[Explanation], unspoken: Sequence[str]) -> None:
    """What holds and cannot be applied for, and, each in a line, what does not apply and what nobody has spoken of."""
    paper.points(
        [f"{one.label}：条件符合，但{one.later}" for one in claims if one.over and one.status is Status.ELIGIBLE]
    )
    named = dict.fromkeys(
        one.label + (f"（差在{one.near_miss.label}）" if one.near_miss is not None else "")
        for one in claims
        if one.status is Status.INELIGIBLE
    )
    if named:
        paper.text(f"不符合的 {len(named)} 项：{'、'.join(named)}。")
    if unspoken:
        paper.text(f"还没有问到的 {len(unspoken)} 项：{'、'.join(unspoken)}。")


def _in_charge(policy: Policy, wanted: Sequence[Claim]) -> list[str]:
    """Who takes applications, each once, with what they take where there are several."""
    by: dict[str, list[str]] = {}
    for claim in wanted:
        by.setdefault(policy.in_charge(claim.programme.id), []).append(policy.programme(claim.programme.id).label)
    return [
        f"受理单位：{office}" + (f"（{'、'.join(dict.fromkeys(labels))}）" if len(by) > 1 else "")
        for office, labels in by.items()
    ]


def _box(paper: Evidence) -> str:
    named = "（文件点名）" if paper.basis == "clause" else ""
    return f"☐ {paper.name}{named}{f'：{paper.note}' if paper.note else ''}"
