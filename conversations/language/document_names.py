"""Which documents a person speaks of: by number, title, place, or what they are about (我想问电商的).

Reads words against what the documents are called; knows no state. A question (电商补贴多少) calls no document.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence

from conversations.language.lexicon import lexicon
from knowledge.policy import Policy

_ZH = lexicon("documents")
_LONGEST = 24
_ABBREVIATED = 4
"""The longest abbreviation (电商 for 电子商务)."""
_STRETCH = 3
"""An abbreviation's signs stand within so many times its length."""
_FEW = 3
"""More documents than that are not meant by something that they only have among other things."""


def called(text: str, policies: Sequence[Policy], bare: bool = False) -> list[str]:
    """The ids of the documents that ``text`` wishes for, best meant only; none where it says something else.

    ``bare``: they have been asked for, so a name alone will do; a document's own number or title always does.
    """
    plain = _plain(text)
    if numbered := _ZH["numbered"].match(plain):
        return [each.id for each in policies[int(numbered[1]) - 1 :][:1]] if int(numbered[1]) else []
    if len(plain) > _LONGEST or _ZH["asked"].search(plain):
        return [] if not plain else _exactly(plain, policies)
    wish = _ZH["wish"].match(plain)
    name = _ZH["tail"].sub("", wish["called"] if wish else plain)
    if len(name) < 2:
        return []
    if found := _exactly(name, policies):
        return found
    if not wish and not bare:
        return []
    for matches in (_in_title, _abbreviated):
        if found := [each.id for each in policies if matches(name, each)]:
            return found
    found = [each.id for each in policies if any(name in matter for matter in _matters(each))]
    return found if len(found) <= _FEW else []


def all_called(text: str) -> bool:
    """Whether ``text`` wishes for all documents together."""
    return bool(_ZH["all"].match(_plain(text)))


def asks_which(text: str) -> bool:
    """Whether ``text`` asks which documents there are, or for another one."""
    return bool(_ZH["which"].match(_plain(text).rstrip("?")))


def _plain(text: str) -> str:
    return _ZH["signs"].sub("", unicodedata.normalize("NFKC", text)).lower()


def _exactly(name: str, policies: Iterable[Policy]) -> list[str]:
    """The documents of which ``name`` is the number, the title or the id."""
    return [each.id for each in policies if name in (_plain(each.number), _plain(each.title), each.id) and name]


def _in_title(name: str, policy: Policy) -> bool:
    return name in _plain(policy.title) or name in _plain(policy.issuer)


def _abbreviated(name: str, policy: Policy) -> bool:
    if len(name) > _ABBREVIATED:
        return False
    gap = f"[^，。]{{0,{_STRETCH}}}?"
    return bool(re.search(gap.join(map(re.escape, name)), _plain(policy.title)))


def _matters(policy: Policy) -> Iterable[str]:
    """What a document pays for, in its own and in everyday words."""
    yield from (programme.label for programme in policy.programmes)
    yield from (clause.title for clause in policy.clauses)
    for option in policy.screening.options:
        yield from (option.label, *option.synonyms)
