"""Things told one after another under numbers: ①王工，博士…；②李工，硕士… · 有两笔：工行1500万，三年；农行800万，一年半.

Each entry is an item of the one list of which every entry tells something. Knows no policy of its own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

from conversations.language import revisions
from conversations.language.descriptions_counts import count_beside
from conversations.language.descriptions_lexicon import Lexicon
from conversations.language.descriptions_marks import ENTRY_MARK
from conversations.language.descriptions_statements import Statement, Statements
from conversations.language.descriptions_words import FactWords, Mention, Noun
from conversations.language.entries import in_order
from conversations.language.numerals import digit
from conversations.language.ownership import all_ours
from conversations.language.quantities import UnitKind, find_quantities
from conversations.language.text import Plain
from knowledge.patterns import regex
from knowledge.policy import Policy

_HEADED = regex(r"(?P<n>[两俩二三四五六2-6])(?:笔|台|个|位|名|人|项|款|块|处|种|套|座|栋|幢|家)[^,。;:!?]{0,8}:")
_ENDS = regex(r"[。!?]|$")
_TOLD_APART = regex(r"(?:第|其|另|还|再|前|后|一[个座栋幢家处笔台位名套]|[一二三四五六\d][号、是])")
"""How an entry begins that tells by itself which thing it is about."""
_DENIED_FIRST = regex(r"[没未无不]")
_AND = regex(r"(?:[、和与跟及]|以及|或者?)[^,没不无未]{0,6}")
_ALL_DENIED = regex(r"(?:[、和与跟及]|以及|或者?)[^,没不无未]{2,14}(?:[都均全也]|一概|从来)+[没未无不]")
_ALL_DENIED_AT_ONCE = regex(  # 国家试点|、市级试点都没有
    rf"{_ALL_DENIED.pattern}有?(?:报|评|做|搞|拿|批|中|参与|申报|申请|入选)*(?:过|上|到|下来|的|了|呢|啊|哈)*$"
)
_NOT_THERE = regex("不报(?!名)|[没未]有?立项|停留在|[还尚][没未](?:建|动工|启动|开工)")
"""Which entry tells of what is only thought of."""
_LETTERED = regex(r"(?:^|(?<=[。!?;,]))[a-z甲乙丙丁](?=(?:座|栋|幢|楼|区|馆|园)(?![a-z]))")
_FEWEST = 2
_SENTENCE = regex("[^。!?;]+")
_REACH = 12


Entries = dict[int, tuple[str, int]]
"""The item that each entry of a text tells, as its list and its place there (-1: none), by where the entry begins."""


def entries(form: Plain, original: str, lexicon: Lexicon, counts: Mapping[str, int]) -> Entries:
    """The entries of a text; ``counts`` are how many
    items there were before."""
    spans = _numbered(form, original)
    heading = (0, 0)
    if spans:
        subjects = _counted_above(lexicon, form.text, spans)
        others = [] if subjects else spans
        if not subjects:
            subjects, spans = _told_alike(lexicon, form.text, spans)
    elif spans := _lettered(form.text):
        others, (subjects, spans) = [], _told_alike(lexicon, form.text, spans)
    else:
        others = []
        heading, spans = _headed(form.text)
        headed = {m.word.subject for m in lexicon.nouns_in(form.text[slice(*heading)]) if isinstance(m.word, Noun)}
        told = [s for s in lexicon.many if all(_told(lexicon, s, form.text, span) for span in spans)]
        subjects = list(headed) if len(headed) == 1 else told
    if len(spans) < _FEWEST or len(subjects) != 1:
        return {}
    (subject,) = subjects
    before = counts.get(subject, 0)
    if before and (revisions.corrects(form.text) or heading[1]):
        return {}  # which of those known they are, the words of each have to tell
    first = 0 if before == len(spans) else before
    nowhere = {start: (subject, -1) for start, _ in others}
    return nowhere | {start: (subject, at) for at, (start, _) in enumerate(spans, first)}


def alike(text: str, told: Entries, draft: Statements, policy: Policy) -> None:
    """A sum of an entry that has no name is of the fact of which another entry has one: 工行1500万，…；农行800万，…"""
    if not told:
        return
    starts = sorted(start for start, (_, at) in told.items() if at >= 0)
    subject = told[starts[0]][0]
    for fact in policy.facts:
        paths = [f"{subject}.{told[start][1]}.{fact.name}" for start in starts]
        known = [path for path in paths if draft.value(path) is not None]
        if fact.subject != subject or fact.type != "money" or fact.derive is not None or not known:
            continue
        for path, (start, end) in zip(paths, pairwise([*starts, len(text)]), strict=True):
            sums = [q for q in find_quantities(text[start:end]) if q.kind is UnitKind.MONEY or q.scaled]
            free = len(sums) == 1 and not _taken(draft, start + sums[0].start)
            if path not in known and free and isinstance(sums[0].value, Decimal):
                value = Statement(sums[0].value, start + sums[0].start, start + sums[0].end, sums[0].approximate)
                draft.facts[path] = value


def denied_together(text: str, facts: Sequence[Mention]) -> list[Mention]:
    """The mentions of ``facts`` in ``text``, those named side by side with one that is denied as denied too:
    失信和较大事故都没有 · 没有失信和较大事故."""
    found = sorted((m for m in facts if isinstance(m.word, FactWords) and m.word.fact.type == "bool"), key=_starts)
    side = {m for m in found if all_denied_at_once(text, m.end)}
    for a, b in pairwise(found):
        if b.denied and not a.denied and _ALL_DENIED.match(text[a.end :]):
            side.add(a)
        elif (a.denied or a in side) and _DENIED_FIRST.match(text, found[0].start):
            side |= {b} if a.end <= b.start and _AND.fullmatch(text, a.end, b.start) else set()
    return [replace(m, denied=True) if m in side else m for m in facts]


def all_denied_at_once(text: str, end: int) -> bool:
    """Whether what a clause names up to ``end`` is denied with all that is named behind it."""
    return _ALL_DENIED_AT_ONCE.match(text, end) is not None


def _starts(mention: Mention) -> int:
    return mention.start


def _taken(draft: Statements, at: int) -> bool:
    return any(entry.start <= at < entry.end for entry in draft.facts.values())


def _told(lexicon: Lexicon, subject: str, text: str, span: tuple[int, int]) -> frozenset[str]:
    """The facts of an item of ``subject`` of which ``text`` says anything in ``span``, in words that name nothing else."""
    words = text[slice(*span)]
    facts = lexicon.facts_in(words, subject, "")
    others = [m for m in facts if isinstance(m.word, FactWords) and m.word.subject != subject]
    own = [m for m in (*facts, *lexicon.chosen_in(words, subject)) if not any(map(m.overlaps, others))]
    told = [m.word for m in own if isinstance(m.word, FactWords)]
    return frozenset(word.fact.id for word in told if word.subject == subject)


def _counted_above(lexicon: Lexicon, text: str, spans: Sequence[tuple[int, int]]) -> list[str]:
    """三个试点项目的情况：其一…: the list of which as many things as there are entries are counted above them."""
    above = _SENTENCE.findall(text[: spans[0][0]].rstrip("。:,"))
    for noun in lexicon.nouns_in(above[-1]) if above else ():
        subject = noun.word.subject if isinstance(noun.word, Noun) else ""
        count = count_beside(lexicon, above[-1], noun, subject)
        if count and digit(count[1]) == len(spans):
            return [subject]
    return []


def _told_alike(lexicon: Lexicon, text: str, spans: list[tuple[int, int]]) -> tuple[list[str], list[tuple[int, int]]]:
    """The lists of which entries tell the same fact, and those that do; the others tell nothing of it."""
    for subject in lexicon.many:
        there = [span for span in spans if not _NOT_THERE.search(text, *span)]
        told = {span: facts for span in there if (facts := _told(lexicon, subject, text, span))}
        alike = next(iter(told.values()), frozenset[str]()).intersection(*told.values())
        each = min(map(len, told.values()), default=0)  # a kind of things alone may be that of anything: 质量追溯的标准
        kinds = {words.fact.id for words in lexicon.identifying} if each < _FEWEST else set[str]()
        if alike - kinds and len(told) >= _FEWEST and (len(told) == len(spans) or each >= _FEWEST):
            return [subject], list(told)
    return [], spans


def _numbered(form: Plain, original: str) -> list[tuple[int, int]]:
    """The entries that numbers begin: ①, 1、, （一）, 其一."""
    starts: list[int] = []
    marks: list[str] = []
    for at, place in enumerate(form.at):
        beyond = not starts or at >= starts[-1]
        if beyond and form.text[at] == "。" and (mark := ENTRY_MARK.match(original, place)):
            starts.append(at + len(mark[0]))
            marks.append(mark[0])
    starts = starts[: in_order(marks)]
    if not starts:
        return []
    last = _ENDS.search(form.text, starts[-1])
    return _spans([*starts, (last.start() if last else len(form.text)) + 1])


def _lettered(text: str) -> list[tuple[int, int]]:
    """The things told apart by letter (A座：…。B座：…) of which it is only said behind them that they are ours: 两座都由我司管理."""
    starts = [match.start() for match in _LETTERED.finditer(text)]
    behind = all_ours(text, starts[_FEWEST - 1]) if len(starts) >= _FEWEST else None
    starts = [start for start in starts if behind is not None and start < behind]
    if behind is None or len({text[start] for start in starts}) < len(starts):
        return []
    return _spans([*starts, behind])


def _headed(text: str) -> tuple[tuple[int, int], list[tuple[int, int]]]:
    """What stands above the entries (技改贷款有两笔:), and those behind it, as many as it says."""
    for match in _HEADED.finditer(text):
        end = _ENDS.search(text, match.end())
        stop = end.start() if end else len(text)
        parts = [part for part in text[match.end() : stop].split(";") if part]
        if len(parts) == digit(match["n"]) and not any(map(_TOLD_APART.match, parts)):
            starts = [match.end()]
            for part in parts:
                starts.append(starts[-1] + len(part) + 1)
            return (max(0, match.start() - _REACH), match.end()), _spans(starts)
    return (0, 0), []


def _spans(bounds: Sequence[int]) -> list[tuple[int, int]]:
    return [(start, end - 1) for start, end in pairwise(bounds)]
