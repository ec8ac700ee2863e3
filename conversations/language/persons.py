"""Who speaks: an enterprise of itself, or somebody who speaks for another one (a relative, an accountant, the office).

For such a speaker the client is "we", and what they say of themselves is somebody else's: the persons of the text are
exchanged, each word for one of the same length, so that every reader finds the enterprise where it looks for it. A
relative's "we" is the family's firm; an agent's "we" is the agent's. Knows no policy.
"""

import re
from functools import lru_cache

from conversations.language.lexicon import lexicon
from knowledge.patterns import regex

_ZH = lexicon("persons")
SOMEBODY = "客户"
"""A client of whom nothing is said but that there is one."""
PARENT = "母公司"
"""Of a firm and its subsidiary that one: its subsidiary's things were said to be another's, so it is the speaker's own."""
SUBSIDIARY = "子公司"
"""Of a group and one of its firms that one, which has said so of itself."""
_ALWAYS = ("is_agent", "works_there", "forwards")  # whatever was said before
_NAMED = ("sends", "asks_for", "their_own", *_ALWAYS)
_LEAD = 24  # the most characters with which a speaker begins
_DOUBLED = regex(r"(.)\1")
_HIM = "夫父婿爷兄弟叔伯舅爸爹公"
_HIS = "他的"
"""Somebody of the client's: 他弟弟."""
_FEMININE = ("她", "她们")
_OWN_WORDS = {"我们": "他们", "咱们": "他们", "俺们": "他们", "我司": "他司", "我": "他", "咱": "他", "俺": "他"}


@lru_cache(maxsize=256)  # asked of the message, and of each of its readings
def client(plain: str, known: bool = False) -> str | None:
    """Whom the speaker of plain text says that they ask for, by the word for them; None where it is for themselves.

    Where something is ``known`` of an enterprise, whoever asks for another one as well does so in passing.
    """
    if _ZH["for_oneself"].search(plain):
        return None
    for entry in _NAMED:
        for match in _ZH[entry].finditer(plain):
            by_the_way = _ZH["by_the_way"].search(match.group())
            said_so = entry in _ALWAYS or (not by_the_way and _ZH["meant"].search(plain[: match.start()]))
            passing = by_the_way or _ZH["in_passing"].search(plain[: match.start()])
            if said_so or not (known or passing):
                return _named(match.group(), plain[: match.start()])
    for entry, one in (("of_the_parent", PARENT), ("of_the_subsidiary", SUBSIDIARY)):
        if _ZH[entry].search(plain):
            return one
    match = None if known else _ZH["sends_by_pronoun"].search(plain)
    return _kin_before(plain[: match.start()]) if match else None


def _named(words: str, before: str) -> str:
    """The client in ``words`` that say that somebody asks for one; else the one spoken of ``before`` them."""
    if kin := _ZH["kin"].search(words):
        return _short(kin.group())
    around = re.search(f"{_ZH['around'].pattern}|客户", words)
    return around.group() if around else _kin_before(before) or SOMEBODY


def _kin_before(text: str) -> str | None:
    """The relative last spoken of in ``text``, who is not the speaker (我是老板的外甥)."""
    named = [m.group() for m in _ZH["kin"].finditer(text) if not _ZH["self_before"].search(text[: m.start()])]
    return _short(named[-1]) if named else None


def _short(kin: str) -> str:
    return _DOUBLED.sub(r"\1", kin)


def exchanged(plain: str, client: str) -> str:
    """Plain text with the ``client`` as its speaker, as long as it was; that it is one who asks for another goes.

    What is handed on in their own words stays as it is.
    """
    if client == PARENT:
        return _ZH["the_parent"].sub(lambda match: _ours(len(match[0])), plain)
    if client == SUBSIDIARY:
        plain = _ZH["the_group"].sub(lambda match: "那" * (len(match[0]) % 2) + "别家" * (len(match[0]) // 2), plain)
        return _ZH["the_subsidiary"].sub(lambda match: _ours(len(match[0])), plain)
    if quoted := _ZH["verbatim"].search(plain):
        return exchanged(plain[: quoted.start()], client) + plain[quoted.start() :]
    said = _ZH["employed"].sub(r"\1别家", _without_errand(plain))
    family = bool(_ZH["kin"].search(f"我{client}"))
    first = None if family or said == plain else _ZH["one"].search(said)  # who is introduced: 某生鲜电商平台
    parts: list[str] = []
    end, other = 0, ""
    for match in _ZH["spoken_of"].finditer(said):
        if first and first.start() < match.end():
            parts += [said[end : first.start()], _ours(len(first[0]))]
            end, other, first = first.end(), "", None
        if match.start() < end:
            continue
        meant, other = _meant(match, client, family, other)
        parts += [said[end : match.start()], meant]
        end = match.end()
    if first:
        parts += [said[end : first.start()], _ours(len(first[0]))]
        end = first.end()
    return "".join((*parts, said[end:]))


def speaks_as_them(plain: str, client: str | None) -> bool:
    """Whether who asked for the ``client`` before speaks as that one itself from here on: 我们公司…, of nobody else, and sets
    nothing apart. A relative's "we" is the client's already."""
    if client in (None, PARENT, SUBSIDIARY) or _ZH["kin"].search(f"我{client}"):
        return False
    return bool(_ZH["as_them"].search(plain)) and not _ZH["set_apart"].search(plain)


def _without_errand(plain: str) -> str:
    """Plain text with commas for what only says who asks for whom; where somebody works is said of them."""
    for entry in ("sends", "asks_for", "forwards", "is_agent", "sends_by_pronoun"):
        for match in list(_ZH[entry].finditer(plain)):
            lead = _ZH["speaker_first"].search(plain, max(0, match.start() - _LEAD), match.start())
            start = lead.start() if lead else match.start()
            end = "。" if entry == "forwards" else ","  # what is handed on begins anew
            plain = plain[:start] + "," * (match.end() - start - 1) + end + plain[match.end() :]
    return plain


def _meant(match: re.Match[str], client: str, family: bool, other: str) -> tuple[str, str]:
    """The words that stand for those of ``match``, and the ``other`` who is spoken of next as 他: nobody where that is the client."""
    words = match[0]
    if match["kin"] or match["around"]:
        own = _short(match["kin"] or match["around"]) == client or (
            not family and client == SOMEBODY == match["around"]
        )
        if match["around"] and _ZH["customers"].search(match.string[: match.start()]):
            return words, other
        before = match.string[: match.start()]
        if match["around"] and match.string.startswith("的", match.end()) and _ZH["object"].search(before):
            return words, other  # 用的是合作方的牌照
        his = _HIS if before.endswith(("他", "她")) else words
        return (_ours(len(words)), "") if own or words == "企业" else (words, his)
    if match["client"]:
        return _ours(len(words)), ""
    if match["third"]:
        clause = match.string[: match.start()].rpartition(",")[2]
        himself = other == _HIS and match.string.startswith("自己", match.end())  # 他弟弟租了，他自己没租
        himself |= bool(other and other in clause and _ZH["to_him"].search(clause))  # 有个朋友拉他入伙
        theirs = not himself and (other or (words in _FEMININE and family and client[-1] in _HIM and words))
        return (words if theirs else _ours(len(words))), theirs or ""
    if match["report"] or (match["self"] and family):
        return words, other
    if match["own"]:
        return _theirs(words), other
    return _OWN_WORDS[words], other


def _ours(length: int) -> str:
    """Words for us that are so long."""
    return {1: "我", 2: "我们", 3: "我自己"}.get(length, "我" * (length - 4) + "我们自己")


def _theirs(words: str) -> str:
    """The words of a speaker for themselves, as those for another."""
    return "他" + words[1:].replace("自己", "他的").replace("家", "们")
