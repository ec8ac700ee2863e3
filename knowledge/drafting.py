"""A pack begun from the text of a document: every file that a pack has, filled as far as the text tells.

What a person must decide is marked (``knowledge.drafting_yaml``), and while a mark is left ``wence check`` finds a
mistake: nothing that is drafted here is served unseen. What could not be made to fit is left to the person, too. Knows
no policy.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from knowledge.drafting_cut import META, CutClause, cut
from knowledge.drafting_facts import Facts
from knowledge.drafting_figures import days_in, figures_in, spans
from knowledge.drafting_head import Head, demanded, demands, fields, head_of
from knowledge.drafting_marks import without_mark
from knowledge.drafting_papers import form, papers_in
from knowledge.drafting_programmes import ClauseDraft, Drafter, ProgrammeDraft
from knowledge.drafting_yaml import entry, flow, suggested, wanted
from knowledge.folders import Mistake
from knowledge.loading import SOURCE, check, joined
from knowledge.pack_yaml import MARK, PackLoader, left_open
from knowledge.patterns import regex
from knowledge.quoted import has_money
from knowledge.vocabulary import shared_facts

_SCOPE = regex(r"适用于(.+?)(?:的(?:企业|单位|机构|组织|项目))?$")
_SENTENCE_LENGTH = 6
"""Shorter words are a heading."""
_LONGEST_SUMMARY = 80
_MORE_DEMANDED = 12
"""A sentence that says so much beyond a shared fact demands more than that."""
_LONG = ("requires", "limits", "not_modelled", "calls", "selection", "subjects", "notices")
_WAY = f"""# 草稿。写着 {MARK} 的地方由人来定：{MARK}? 后面是建议，改对了就删去“{MARK}? ”；{MARK}! 后面说要写什么，写好了整个换掉。
# wence check 这个文件夹，会指出还剩哪些。怎么写，见 docs/packs.md。
"""
_ABOUT = {
    "clauses.yaml": "# 条款。lines 是 source.txt 的行（从 1 数）。先看切得对不对，再把摘要改成大白话，数字不能超出原文。\n",
    "facts.yaml": "# 要了解的情况，按提问的先后排：容易的、决定性的在前。用不上的整条删去，“是不是”的情况照 bool 补上。\n",
    "programmes.yaml": "# 一项支持一条。逐字对原文：漏了的条件补上，不是条件的删去；quote 是原文，一个字也不改。\n",
    "evidence.yaml": "# 申报材料。proves 写它证明哪些情况（facts.yaml 里的 id）；不写，就是谁都要交。\n",
    "questions.yaml": "# 例句：大家会怎么问每一条，每条六到十句；这份文件没有答案的放在 unanswered（闲聊、税收这些哪份文件都答不了的不用写）。\n",
    "policy.yaml": "# 文件本身。\n",
}


_HINTS = {
    "subjects": "# 一家可能有好几个的东西（项目、贷款、人才），各写一个 many: true 的 subject，带 any 和 more 两句问话。",
    "screening": "# 开头的多选题：每一种情形一个选项，{id, label, chosen: {facts.yaml 里的 id: true}, otherwise: {…: false}}。",
    "requires": "# 对所有项目的要求：一句话里有几个要求，就写几条；不是条件的删去。",
    "limits": "# 合在一起算的限额：of 写上 programmes.yaml 里的 id，小的限额写在大的前面。",
}


@dataclass(frozen=True, slots=True)
class Drafted:
    """A pack begun: its files by name, and what they hold, in numbers."""

    files: Mapping[str, str]
    clauses: int
    figures: int
    programmes: int
    facts: int
    not_modelled: int
    open: int
    """How many places are marked for a person."""
    left: Sequence[tuple[str, str]]
    """The sentences of which nothing is drafted, and which clause each stands in."""


@dataclass(slots=True)
class _Parts:
    """What the files are written from."""

    pieces: list[CutClause]
    texts: dict[str, str]
    facts: Facts
    clauses: dict[str, ClauseDraft]
    head: Head
    papers: list[dict[str, object]]
    bare: set[str]
    """The programmes of which conditions and amount are left to a person: what was drafted of them did not fit."""

    @property
    def programmes(self) -> list[ProgrammeDraft]:
        return [one for draft in self.clauses.values() for one in draft.programmes]


def drafted(text: str, ident: str) -> Drafted:
    """The pack ``ident`` begun from ``text``, whose lines end with line feeds."""
    parts = _parts(text)
    files = _files(text, parts, ident)
    for _ in range(2):
        wrong = _wrong(files, parts, ident)
        if not wrong - parts.bare:
            break
        parts.bare |= wrong
        files = _files(text, parts, ident)
    counted = [spans(each) for name, each in parts.texts.items() if name != META]
    return Drafted(
        files=files,
        clauses=sum(piece.id != META for piece in parts.pieces),
        figures=sum(len(figures_in(each)) + len(list(days_in(each))) for each in counted),
        programmes=len(parts.programmes),
        facts=len(parts.facts.drafted),
        not_modelled=len(_not_modelled(parts)),
        open=sum(len({*_marks(each)}) for name, each in files.items() if name != SOURCE),
        left=[*_left(parts, files)],
    )


def write(folder: Path, made: Drafted) -> None:
    """Write the files of a pack begun; the folder is there or can be made."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in made.files.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")


def _parts(text: str) -> _Parts:
    """The text cut, and all that is found in it."""
    lines = text.split("\n")
    pieces = cut(text)
    texts = {
        piece.id: joined([line for span in piece.spans for line in lines[span[0] - 1 : span[1]]]) for piece in pieces
    }
    own = [
        line for piece in pieces if piece.id == META for span in piece.spans for line in lines[span[0] - 1 : span[1]]
    ]
    head = head_of(own, [(name, each) for name, each in texts.items() if name != META])
    facts = Facts()
    programmes = Drafter(facts)
    drafts: dict[str, ClauseDraft] = {}
    papers = [form()]
    for piece in pieces:
        if piece.id != META:
            drafts[piece.id] = programmes.of(piece.id, cited(piece), piece.title, texts[piece.id])
            papers += papers_in(texts[piece.id], piece.id, papers)
    parts = _Parts(pieces, texts, facts, drafts, head, papers, set())
    _demands(parts)
    return parts


def cited(piece: CutClause) -> str:
    """How a sentence names a clause."""
    citation = piece.citation or "这份文件"
    return f"第{citation}条" if len(citation) <= 3 and not citation.startswith("第") and piece.citation else citation


def _demands(parts: _Parts) -> None:
    """What the document demands of all: of shared facts where it speaks of them, the rest for a person to name."""
    named = {piece.id: cited(piece) for piece in parts.pieces}
    made: list[dict[str, object]] = []
    known = {*parts.facts.drafted}
    for at in parts.head.requires:
        sentence, clause = str(at["quote"]), str(at["clause"])
        paid = parts.clauses[clause].programmes
        own = next((one for one in paid if spans(sentence) in spans(one.quote)), None)
        if own is not None:  # said of this award alone
            own.decide(_part_that_refuses(sentence))
            continue
        if paid:
            at = {**at, "programmes": [suggested(one.id) for one in paid]}
        elif any(has_money(each) for each in parts.clauses[clause].idle if spans(each) != spans(sentence)):
            at = {**at, "programmes": [wanted("只管这一条写的那几项：写上 id；管所有项目的，就删去 programmes")]}
        shared = {
            name: word for name, word in parts.facts.spoken_of(sentence) if shared_facts()[name]["type"] == "bool"
        }
        for fact in shared:
            parts.facts.take(fact, sentence, named[clause])
            made.append(demanded(at, fact))
        if not shared:
            made.append(demanded(at, parts.facts.whether(_demand_in(sentence), named[clause])))
        elif len(sentence) - sum(map(len, shared.values())) > _MORE_DEMANDED:
            made.append(demanded(at, None))
    parts.head.requires = made
    parts.facts.begin_with(name for name in parts.facts.drafted if name not in known)
    for clause, text in parts.texts.items():
        paying = clause != META and bool(parts.clauses[clause].programmes)
        sentences = [one for each in text.split("\n") for one in without_mark(each).split("。")]
        for sentence in sentences if paying else ():
            for fact, _ in [*parts.facts.spoken_of(sentence)]:
                parts.facts.take(fact, sentence.strip("，；：、"), named[clause], sure=False)


def _demand_in(sentence: str) -> str:
    """What a sentence demands, in its own words: 在某市登记 of 本措施适用于在某市登记的企业."""
    scope = _SCOPE.search(sentence)
    said = scope[1] if scope else re.split(r"的?(?:企业|单位)?，(?=不|适用)|，?适用", sentence, maxsplit=1)[0]
    return said or sentence


def _part_that_refuses(sentence: str) -> str:
    """The part of a sentence that says who gets nothing: 人数不足20人的不予补助."""
    return next((part for part in re.split(r"[，；]", sentence) if demands(part)), sentence)


def _not_modelled(parts: _Parts) -> list[dict[str, object]]:
    """The sentences with figures that nothing is drafted of."""
    return [
        {"clause": clause, "why": wanted("为什么不做成规则；做成了就删去这一条"), "quote": sentence}
        for clause, draft in parts.clauses.items()
        for sentence in draft.idle
        if sentence not in parts.head.used
    ]


def _left(parts: _Parts, files: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The sentences of the clauses that no rule, day or paper is drafted of."""
    rules = spans(files["programmes.yaml"] + files["policy.yaml"])
    papers = {str(paper["clause"]): str(paper["name"]) for paper in parts.papers if "clause" in paper}
    for piece in parts.pieces:
        for paragraph in parts.texts[piece.id].split("\n") if piece.id != META else ():
            for sentence in filter(None, re.split(r"[。！？；]", without_mark(paragraph))):
                said = sentence.removeprefix(spans(piece.title)).strip("，：、")
                drafted_of = said in rules or papers.get(piece.id, sentence + "!") in sentence
                if len(said) >= _SENTENCE_LENGTH and not drafted_of:
                    yield cited(piece), said


def _files(text: str, parts: _Parts, ident: str) -> dict[str, str]:
    limits = [limit | {"clause": clause} for clause, draft in parts.clauses.items() for limit in draft.limits]
    lines = dict(fields(parts.head, ident, limits, _not_modelled(parts)))
    programmes = [entry(one.fields(one.id in parts.bare), ("conditions",)) for one in parts.programmes]
    facts = [entry(fact.fields()) for fact in parts.facts.drafted.values()]
    made = {
        "clauses.yaml": [entry(_clause(piece, parts.texts[piece.id])) for piece in parts.pieces],
        "facts.yaml": facts or [entry({"id": wanted("没有找到要了解的情况，照 docs/packs.md 写一个")})],
        "programmes.yaml": programmes or [entry({"id": wanted("没有找到给钱的条款，照 docs/packs.md 写一项")})],
        "evidence.yaml": [entry(paper) for paper in parts.papers],
        "questions.yaml": [_questions(parts)],
        "policy.yaml": [_with_hints(_mapping(lines, _LONG))],
    }
    return {SOURCE: text} | {name: _ABOUT[name] + _WAY + "\n" + "".join(entries) for name, entries in made.items()}


def _clause(piece: CutClause, text: str) -> dict[str, object]:
    """A clause as an entry of clauses.yaml."""
    if piece.id == META:
        summary = suggested("写上文号、谁发的、哪天发的、什么时候起施行；没有写的也说没有写。")
    else:
        words = _said(piece, text)
        summary = words if 0 < len(words) <= _LONGEST_SUMMARY else suggested(words or piece.title)
    title = piece.title if piece.sure else suggested(piece.title)
    return {
        "id": piece.id,
        "citation": piece.citation,
        "title": title,
        "summary": summary,
        "lines": [list(span) for span in piece.spans],
    }


def _said(piece: CutClause, text: str) -> str:
    """What a clause says, without its mark, its title and the headings above it."""
    paragraphs = [without_mark(each) for each in text.split("\n")]
    own = next((n for n, each in enumerate(paragraphs) if each.startswith(spans(piece.title))), 0)
    words = "".join(paragraphs[own:])
    rest = words.removeprefix(spans(piece.title)).lstrip("。：:")
    return rest if piece.sure and rest else words


def _questions(parts: _Parts) -> str:
    """The file of example questions: two for each clause, and what people ask of every document."""
    lines = ["answered:"]
    for piece in parts.pieces:
        if piece.id == META:
            continue
        paying = bool(parts.clauses[piece.id].programmes)
        asked = [f"{piece.title}给多少钱", f"{piece.title}要什么条件"] if paying else [f"{piece.title}是怎么规定的"]
        lines.append(f"  {flow(piece.id)}: {flow([suggested(asked[0]), *asked[1:]])}")
    if any(piece.id == META for piece in parts.pieces):
        lines.append("  meta: [这份文件是谁发的, 什么时候发的文件, 文号是多少, 这个文件现在还有效吗]")
    lines.append("  assess: [我们能领多少补贴, 我们公司符合哪几条, 帮我看看能申报什么]")
    lead = parts.head.lead or "发文的部门"
    lines += ["unanswered:"]
    asked = {
        "id": "contact",
        "advice": suggested(f"这份文件没有写电话和地址，请问{lead}。"),
        "questions": ["联系电话是多少", "去哪里交材料"],
    }
    lines += [f"  - {flow(asked)}", "terms:", "  support: [奖励, 补助, 补贴, 资助, 扶持]"]
    return "\n".join(lines) + "\n"


def _mapping(values: Mapping[str, object], long: Sequence[str]) -> str:
    """Fields at the top of a file."""
    return "".join(line[2:] + "\n" for line in entry(values, long).rstrip("\n").split("\n"))


def _with_hints(text: str) -> str:
    """What a person may have to add where the text tells nothing."""
    for field, hint in _HINTS.items():
        text = re.sub(rf"^{field}:", f"{hint}\n{field}:", text, flags=re.MULTILINE)
    return text


def _marks(text: str) -> list[int]:
    node = PackLoader(text).get_single_node()
    return [] if node is None else [*left_open(text, node)]


def _wrong(files: Mapping[str, str], parts: _Parts, ident: str) -> set[str]:
    """The programmes of which something drafted does not hold against the text."""
    with TemporaryDirectory() as place:
        folder = Path(place) / ident
        folder.mkdir()
        for name, text in files.items():
            (folder / name).write_text(text, encoding="utf-8", newline="\n")
        found = check(folder)
    heads = [
        number for number, line in enumerate(files["programmes.yaml"].split("\n"), start=1) if line.startswith("- id: ")
    ]
    ids = [one.id for one in parts.programmes]
    wrong = (sum(head <= mistake.line for head in heads) - 1 for mistake in found if _drafted_wrongly(mistake))
    return {ids[place] for place in wrong if 0 <= place < len(ids)}


def _drafted_wrongly(mistake: Mistake) -> bool:
    return mistake.file.endswith("programmes.yaml") and MARK not in mistake.message
