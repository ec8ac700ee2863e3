"""The sentences of a pack's mentions.yaml, read as a description is, for its author: what each states, and why one does not.

Knows no policy, and nothing of how a description is read: only which words of which phrase stand in a sentence.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rules.raw import is_list, is_object

if TYPE_CHECKING:
    from pydantic import JsonValue

    from conversations.language.descriptions import DescriptionReader
    from knowledge.mentions import FactMentions, Mentions
    from knowledge.phrases import Phrasebook
    from knowledge.policy import Fact, Policy

_GAPS = frozenset({"|", ">", "~", "…", "……"})
_FIGURE = "{number}"


def spoken(policy: Policy) -> Iterator[str]:
    """Whether the sentences of mentions.yaml are read as they should be, and of those that are not, what may be why."""
    mentions = policy.written_mentions
    if not mentions.facts:
        return
    from conversations.language.descriptions import DescriptionReader

    reader = DescriptionReader(policy)
    yield "【说法】mentions.yaml 里的例句"
    for one in mentions.facts:
        wanted: list[tuple[str, JsonValue]] = [*one.examples.items(), *((sentence, None) for sentence in one.counter)]
        for sentence, value in wanted:
            read = stated(reader, mentions, one.fact, sentence)
            if read == value:
                yield f"  ✓ {sentence} → {_said(read)}"
                continue
            yield f"  ✗ {sentence} → {_said(read)}  ← 应当是 {_said(value)}"
            if read is None:
                yield f"      {_why(mentions, one, policy.fact(one.fact), sentence)}"
    yield ""


def stated(reader: DescriptionReader, mentions: Mentions, fact: str, sentence: str) -> object:
    """What a sentence states of a fact, of the first item where it is a list's, by year where it is told so; None where nothing."""
    from conversations.language.focus import Focus

    subject, _, name = fact.partition(".")
    case = reader.read(sentence, Focus(on=mentions.on)).case().get(subject)
    first = case[0] if is_list(case) and case else case
    return first.get(name) if is_object(first) else None


def _why(mentions: Mentions, one: FactMentions, fact: Fact, sentence: str) -> str:
    """What may be why nothing is read of the fact: the phrase that comes nearest, and the words of it that are not there."""
    from conversations.language.text import normalise
    from knowledge.phrases import Phrasebook

    text, book = normalise(sentence), Phrasebook(mentions.words)
    ways = (one.says, one.within, one.denies, one.against, *one.choices.values(), fact.reads.names)
    phrases = list(dict.fromkeys(phrase for way in ways for phrase in way))
    for phrase in phrases:
        found = book.compiled((phrase,))
        if found is not None and found.search(text):
            return f"“{phrase}”对得上，{_beside(fact)}"
    if not phrases:
        return "这个情况还没有写说法（says；选项写 choices）。"
    missing = {phrase: [part for part in _parts(phrase) if not _stands(book, part, text)] for phrase in phrases}
    near = min(phrases, key=lambda phrase: (len(missing[phrase]) / len(_parts(phrase)), -len(_parts(phrase))))
    if not missing[near]:
        return f"最接近的说法“{near}”：每个词都有，但中间隔了别的话，或者先后不对（隔几个字写 …，隔着动词写 ……，不论先后写 ~）。"
    if len(missing[near]) == len(_parts(near)):
        return "没有哪个说法的词在这句话里。"
    return f"最接近的说法“{near}”：没有看到“{'、'.join(missing[near])}”。"


def _beside(fact: Fact) -> str:
    """What else is needed beside a phrase that stands in the sentence."""
    if fact.by_year:
        return "但没有读出是哪一年的数：例句里写上年份（2025年）；说“去年”的，在 mentions.yaml 开头写 on: 那一天。"
    if fact.spec.numeric or fact.type == "date":
        return "但旁边没有读出数来：数要紧挨着这个说法，单位要对得上（units），中间不能有别的名称。"
    if fact.granted:
        return "但没有读成已经批下来的：要说到“是、评上、获得、认定”。"
    return "但这句话像是在问、在打算、在说别家，或者碰上了 unless、not 里的词。"


def _parts(phrase: str) -> list[str]:
    return [part for part in phrase.split() if part not in _GAPS] or [phrase]


def _stands(book: Phrasebook, part: str, text: str) -> bool:
    """Whether a word of a phrase stands anywhere in the text."""
    bare = part.strip("|")
    found = book.compiled((bare,)) if bare and bare != _FIGURE else None
    return any(map(str.isdigit, text)) if bare == _FIGURE else found is not None and found.search(text) is not None


def _said(value: object) -> str:
    import json

    return "没有说到" if value is None else json.dumps(value, ensure_ascii=False)
