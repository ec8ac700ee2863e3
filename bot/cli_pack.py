"""``wence pack``: begin a policy pack from a document, and try out one that is being written.

For people who write packs and no code: every sentence says what to do next. Each command imports only what it needs.
Decides nothing about a policy.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from bot.cli_start import BAD_INPUT, FINE
from conversations.state.interchange import BadInputError

if TYPE_CHECKING:
    from conversations.state.session import Known, Session
    from conversations.state.shelf import Shelf
    from knowledge.drafting import Drafted
    from knowledge.drafting_examples import Proposal
    from knowledge.folders import Mistake
    from knowledge.policy import Example, Policy, Programme
    from rules.assessment import Claim

_MOST_MISTAKES = 12
_LONG = 40
_NAME = r"[a-z0-9][a-z0-9._-]*"
_SIGNS = {"eligible": "✓ 符合", "ineligible": "✗ 不符合", "undetermined": "？ 还不能确定"}
_KINDS = {"eligible": "符合", "ineligible": "不符合", "boundary": "边界"}
_YES = frozenset({"y", "yes", "是", "好", "要", "加", "写"})


def add_commands(add: Callable[..., argparse.ArgumentParser]) -> None:
    """Add ``pack`` and what it does; ``add`` is argparse's ``add_parser``."""
    told = "政策包：从一份文件起草，边写边试"
    of_pack = add("pack", help=told, description=told).add_subparsers(required=True, metavar="DO")
    told = "从一份文件起草政策包：切好条款，列出数字，要人定的都做上记号"
    new = of_pack.add_parser("new", help=told, description=told)
    new.set_defaults(run=_new)
    new.add_argument(
        "folder", metavar="FOLDER", type=Path, help="新文件夹，它的名字就是政策包的 id，如 haicheng-2020-7"
    )
    new.add_argument("text", metavar="TEXT", type=Path, help="文件的正文，TXT 或 DOCX")
    told = "试一试政策包：问题、例子的结果、还没测到的边界；在终端里接着对话"
    attempt = of_pack.add_parser("try", help=told, description=told)
    attempt.set_defaults(run=_try)
    attempt.add_argument("folder", metavar="FOLDER", help="政策包的文件夹")
    told = "mentions.yaml 的说法里可以直接用的词类"
    of_pack.add_parser("words", help=told, description=told).set_defaults(run=_words)


# -- new


def _new(arguments: argparse.Namespace) -> int:
    folder: Path = arguments.folder
    name = folder.absolute().name
    if not re.fullmatch(_NAME, name):
        raise BadInputError(
            f"文件夹的名字“{name}”会用作政策包的 id，请只用小写字母、数字和连字符，比如 haicheng-2020-7。"
        )
    if folder.exists() and not folder.is_dir():
        raise BadInputError(f"{folder} 是一个文件。请给政策包换一个文件夹名。")
    if folder.is_dir() and any(folder.iterdir()):
        raise BadInputError(f"{folder} 里已经有东西了，我不会改它。请换一个新的文件夹名，或者先把它移走。")
    from knowledge.drafting import drafted, write
    from knowledge.drafting_read import UnreadableError, text_of

    try:
        made = drafted(text_of(arguments.text), name)
        write(folder, made)
    except UnreadableError as error:
        raise BadInputError(str(error)) from None
    except OSError as error:
        raise BadInputError(f"{folder} 写不进去：{error.strerror}。") from None
    print("\n".join(_begun(folder, arguments.text, made)))
    return FINE


def _begun(folder: Path, text: Path, made: Drafted) -> Iterator[str]:
    """What there is now, and what to do next, in order."""
    yield f"已经从 {text} 起草了政策包 {folder}："
    yield f"  切成 {made.clauses} 条，看到 {made.figures} 处数字和日期；"
    yield f"  起草了 {made.programmes} 项支持、{made.facts} 个要了解的情况，{made.not_modelled} 句有数字的话还没有做成规则。"
    yield f"  有 {made.open} 处写着 TODO，要由人来定；没定完以前，这个包不会拿去答复任何人。"
    if made.left:
        yield f"  {len(made.left)} 句没有起草成什么，对着原文看要不要自己写："
        yield from (f"    {clause} {_cut(sentence)}" for clause, sentence in made.left[:_MOST_MISTAKES])
        if len(made.left) > _MOST_MISTAKES:
            yield "    （其余的对着 source.txt 看。）"
    yield "接下来，按这个顺序（写法见 docs/packs.md）："
    yield "  1. clauses.yaml    对着 source.txt 看切得对不对，改标题和摘要。source.txt 不要再改。"
    yield "  2. policy.yaml     发文机关、受理单位、有效期、申报期、对所有项目的要求和限额。"
    yield "  3. programmes.yaml 一句一句对原文：谁能拿，拿多少。多的删，漏的补。"
    yield "  4. facts.yaml      每个情况怎么问。用不上的删去。"
    yield "  5. evidence.yaml 和 questions.yaml   要交什么材料，大家会怎么问。"
    yield f"  6. wence check {folder}       指出还剩哪些地方，改到没有为止。"
    yield f"  7. wence pack try {folder}    看问题和结果，生成例子，对着原文核对。"
    yield f"  8. 都没有问题了：wence chat --policy {folder}"


# -- words


def _words(arguments: argparse.Namespace) -> int:
    from knowledge.folders import folder_of
    from knowledge.phrases import common

    print("每个政策包的说法里都可以用的词类（写成 {名字}）：")
    for name, words in common().items():
        print(f"  {{{name}}}  {'、'.join(words)}")
    print(
        f"  {{number}}  一个数\n其他键（within、unless、needs……）的说明，在这个文件的开头：{folder_of(None) / 'mentions.yaml'}"
    )
    return FINE


# -- try


def _try(arguments: argparse.Namespace) -> int:
    from bot.cli_pack_spoken import spoken
    from knowledge.loading import preview

    folder, policy, mistakes = preview(arguments.folder)
    for line in _to_mend(mistakes):
        print(line)
    pack = _pack(folder, policy, mistakes)
    if pack is None:
        print("先把上面这些改好，再来试。")
        return BAD_INPUT
    for line in (*_questions(pack.shelf, bool(pack.waiting)), *_results(pack.shelf), *spoken(pack.shelf.policy)):
        print(line)
    if pack.waiting:
        print(f"【还没写完的】条件或金额还要改，先不算：{'、'.join(pack.waiting)}\n")
    added = _edges(pack)
    if at_a_terminal():
        if added:
            print("例子写进去了。改了规则，就重新运行一次。\n")
        _converse(pack.shelf)
    return BAD_INPUT if mistakes else FINE


def _cut(sentence: str) -> str:
    return sentence if len(sentence) <= _LONG else f"{sentence[:_LONG]}…"


def at_a_terminal() -> bool:
    """Whether somebody can be asked."""
    return sys.stdin.isatty() and sys.stdout.isatty()


class Attempt(NamedTuple):
    """A pack being tried: what of it is right, the labels of the programmes that are not, and where it is."""

    shelf: Shelf
    waiting: Sequence[str]
    programmes: Path
    """The file of its programmes."""
    text: str


def _pack(folder: Path | None, policy: Policy | None, mistakes: Sequence[Mistake]) -> Attempt | None:
    """What of a pack can be tried; None where nothing can."""
    from conversations.state.shelf import Shelf
    from knowledge.drafting_insert import unfinished
    from knowledge.drafting_preview import finished, without_marks
    from knowledge.pack_yaml import unmarked

    if folder is None or policy is None:
        return None
    path = folder / "programmes.yaml"
    text = path.read_text("utf-8")
    early = unfinished(text, {one.line for one in mistakes if Path(one.file).name == path.name})
    shelf = Shelf(without_marks(finished(policy, early)))
    try:
        _ = shelf.rules
    except (ValueError, KeyError) as error:
        print(f"规则还拼不起来：{error}")
        return None
    kept = {programme.id for programme in shelf.policy.programmes}
    return Attempt(shelf, [unmarked(one.label) for one in policy.programmes if one.id not in kept], path, text)


def _to_mend(mistakes: Sequence[Mistake]) -> Iterator[str]:
    """The mistakes, kindly: how many, the first of them, and how to see the rest."""
    if not mistakes:
        return
    from knowledge.pack_yaml import MARK

    marked = [one for one in mistakes if f"`{MARK}`" in one.message]
    others = [one for one in mistakes if one not in marked]
    yield f"这个包还没写完：{len(marked)} 处写着 {MARK}，{len(others)} 处要改。能看的先给您看；没写完以前不会拿去答复人。"
    for one in others[:_MOST_MISTAKES]:
        yield f"  {one}"
    if len(mistakes) > min(len(others), _MOST_MISTAKES):
        yield "  （其余的用 wence check 看，每处都有文件和行号。）"
    yield ""


def _questions(shelf: Shelf, waiting: bool) -> Iterator[str]:
    """The questions in the order in which they are asked, and what each is for; ``waiting``: some programmes are not finished."""
    policy = shelf.policy
    unused = "写好的各项还没有用到它" if waiting else "没有哪一项用到它，所以不会问"
    yield "【会问的问题，按先后】"
    options = "、".join(option.label for option in policy.screening.options)
    yield f"  开头：{policy.screening.question}" + (
        f"（{options}）" if options else "（还没有选项，请在 policy.yaml 的 screening 里写）"
    )
    used = {programme.id: shelf.asked_for(programme) for programme in policy.programmes}
    number = 0
    for subject in policy.subjects:
        if subject.many:
            number += 1
            yield f"  {number:>2}. {subject.any}"
        for fact in policy.facts:
            if fact.subject != subject.id or fact.derive is not None:
                continue
            number += 1
            choices = f"（{'、'.join(choice.label for choice in fact.choices)}）" if fact.choices else ""
            wanted = [each.label for each in policy.programmes if any(_same(name, fact.id) for name in used[each.id])]
            needed = f"用于：{'、'.join(wanted)}" if wanted else unused
            yield f"  {number:>2}. {fact.question}{choices}  〔{needed}〕"
    yield ""


def _same(name: str, fact: str) -> bool:
    return name.partition("@")[0] == fact


def _results(shelf: Shelf) -> Iterator[str]:
    """A result for each example: status, amount and how it is reckoned, and whether it is what the example says."""
    yield "【例子和结果】"
    for programme in shelf.policy.programmes:
        citation = shelf.policy.clause(programme.clause).citation
        yield f"  {programme.label}" + (f"（{citation}）" if citation else "")
        if not programme.examples:
            yield "    还没有例子。"
        for example in programme.examples:
            yield f"    {_result(shelf, programme, example)}"
    yield ""


def _result(shelf: Shelf, programme: Programme, example: Example) -> str:
    """One example with what the rules make of it."""
    from rules.case import CaseError
    from rules.values import Interval

    head = f"[{_KINDS[example.kind]}] {example.title}："
    try:
        case = shelf.rules.parse(example.case)
    except CaseError as error:
        return f"{head}读不懂：{error}"
    assessed = shelf.rules.assess(case)
    claim = next(one for one in assessed.claims if one.programme.id == programme.id)
    expected = example.amount and Interval(*example.amount)
    same = claim.status == example.status and claim.amount == expected
    found = _standing(shelf, _known(shelf, example.case), claim)
    return f"{head}{found}" if same else f"{head}{found}  ← 和例子里写的不一样，看看是规则错了还是例子错了"


def _known(shelf: Shelf, raw: Mapping[str, object]) -> Known:
    """What a case comes to, as the explanation wants it."""
    from conversations.state.session import Known

    case = shelf.rules.parse(raw)
    return Known({}, case, shelf.rules.assess(case), frozenset(), frozenset())


def _standing(shelf: Shelf, known: Known, claim: Claim) -> str:
    """A claim in one line: status, amount and reckoning, or what is missing or fails."""
    from conversations.saying.explanation import explain
    from conversations.state.markup import plain

    told = explain(shelf, known, claim)
    sign = _SIGNS[claim.status.value]
    if claim.status.value == "eligible":
        reckoned = plain(told.reckoned or told.way)
        return f"{sign}，{plain(told.amount)}" + (f"（{reckoned}）" if reckoned else "")
    if claim.status.value == "ineligible":
        failed = "；".join(dict.fromkeys(f"“{point.finding.quote}”" for point in told.failed))
        return sign + (f"：{failed}" if failed else "")
    return sign + (f"，还要知道：{'、'.join(told.wanted)}" if told.wanted else "，由主管部门定")


# -- edges


def _edges(pack: Attempt) -> bool:
    """Ready examples for what is not tested yet, and whether they were written into the pack."""
    from knowledge.drafting_insert import with_examples
    from knowledge.drafting_yaml import flow

    policy = pack.shelf.policy
    made = {one.id: found for one in policy.programmes if (found := _proposals(policy, one))}
    if not made:
        return False
    print("【还没测到的地方】下面的例子可以贴到 programmes.yaml 的 examples 里。结果是按现在的规则算的：")
    print("对着原文看，原文也该是这个结果才收下；不是，就是规则写错了。\n")
    for ident, found in made.items():
        print(f"# {ident}")
        for one in found:
            print(f"    - {flow(one.fields())}")
        print()
    if not at_a_terminal():
        return False
    kept = {ident: found for ident, found in made.items() if _agreed(policy.programme(ident), found)}
    if kept:
        entries = {ident: [one.fields() for one in found] for ident, found in kept.items()}
        pack.programmes.write_text(with_examples(pack.text, entries), "utf-8", newline="\n")
        print(f"已写进 {pack.programmes}，别的行都没有动。")
    return bool(kept)


def _proposals(policy: Policy, programme: Programme) -> list[Proposal]:
    from knowledge.drafting_examples import proposals

    try:
        return proposals(policy, programme)
    except (ValueError, KeyError):
        return []  # what does not fit was told above


def _agreed(programme: Programme, found: Sequence[Proposal]) -> bool:
    """Whether the author takes these examples."""
    try:
        said = input(f"“{programme.label}”的 {len(found)} 个例子，和原文一致、写进去吗？(y/n) ")
    except EOFError:
        return False
    return said.strip().lower() in _YES


# -- conversation


def _converse(shelf: Shelf) -> None:
    """A conversation, with what each claim comes to after every message."""
    import uuid
    from datetime import UTC, datetime

    from bot.terminal import LEAVE, TERMINAL, show
    from conversations.consultation.dialogue import turn
    from conversations.state.messages import Inbound, Kind
    from conversations.state.session import Session, derive

    print("【对话】像企业那样说话试试；每句话后面是各项的情形。Ctrl-D 或“退出”结束。\n")
    session = Session.begin(uuid.uuid4().hex, TERMINAL.name, shelf, datetime.now(UTC))
    before: dict[str, str] = {}
    text = "/start"
    while text not in LEAVE:
        if text:
            ident, now = uuid.uuid4().hex, datetime.now(UTC)
            person = session.person
            inbound = Inbound(
                id=ident,
                channel=TERMINAL.name,
                person=person,
                chat=person,
                kind=Kind.TEXT,
                text=text,
                at=now,
                kept=False,
            )
            taken = turn(session, inbound, shelf, now)
            session = taken.session
            for reply in taken.replies:
                print(show(reply), end="\n\n")
            before = _beside(shelf, session, derive(session, shelf), before)
        try:
            text = input("> ").strip()
        except EOFError:
            break
    print("再见。")


def _beside(shelf: Shelf, session: Session, known: Known, before: Mapping[str, str]) -> dict[str, str]:
    """Print how the claims stand; those that the last message changed have an arrow."""
    from conversations.saying.values import claim_label

    now = {claim.id: _standing(shelf, known, claim) for claim in known.assessment.claims}
    print("  ┌ 规则现在算出来：" + (f"（正在问 {session.asking}）" if session.asking else ""))
    for claim in known.assessment.claims:
        changed = before.get(claim.id) not in (None, now[claim.id])
        print(f"  {'│→' if changed else '│ '} {claim_label(shelf.policy, known.case, claim)}：{now[claim.id]}")
    print("  └\n")
    return now
