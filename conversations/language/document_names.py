"""Which documents a person speaks of: by number, title, place, or what they are about (我想问电商的).

Reads words against what the documents are called; knows no state. A question (电商补贴多少) calls no document.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence

from knowledge.patterns import regex
from knowledge.policy import Policy

_LONGEST = 24
_ASKED = regex(r"多少|怎么|如何|什么|啥|哪|几[个项万年条]|[吗呢么?？]|能不能|有没有|可不可以")
_WISH = regex(
    r"^(?:你好|您好|那|就|先|我们?|俺们?|想|要|来|请|帮我|还是)*"
    r"(?P<wish>想?问|咨询|了解|看看?|对照|选择?|查|换成?|切换到?)(?:一下|问|下)?(?P<called>.+)$"
)
_NUMBERED = regex(r"^(?:只看第?|第)(\d{1,2})(?:[份个])?(?:文件|政策)?(?:的|吧)?$")
_ALL = regex(
    r"^(?:那|就|还是)*(?:(?:全部|所有|全都|都)(?:文件|政策)?(?:都|一起)?(?:对照|看|要)?|一起(?:对照|看))(?:吧|呗)?$"
)
_WHICH = regex(
    r"^(?:那|你们|这里|您这|请问)*(?:还?有(?:没有)?(?:哪些|什么|几[份个]|别的|其[他它])|换(?:一?[个份]|别的|其[他它]的?))"
    r"(?:文件|政策)(?:可以|能)?(?:看|查|选)?(?:吗|呢|的|吧)?$"
)
_TAIL = regex(
    r"(?:方面|这方面|相关)?的?(?:那|这)?(?:[份个件])?(?:文件|扶持政策|政策|扶持|补贴|奖补|措施)?(?:吧|呗|呀|啊)?$"
)
_SIGNS = regex(r"[\s《》〈〉“”\"'\[\](){}【】〔〕（）,，。、!！]+")
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
    if numbered := _NUMBERED.match(plain):
        return [each.id for each in policies[int(numbered[1]) - 1 :][:1]] if int(numbered[1]) else []
    if len(plain) > _LONGEST or _ASKED.search(plain):
        return [] if not plain else _exactly(plain, policies)
    wish = _WISH.match(plain)
    name = _TAIL.sub("", wish["called"] if wish else plain)
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
    return bool(_ALL.match(_plain(text)))


def asks_which(text: str) -> bool:
    """Whether ``text`` asks which documents there are, or for another one."""
    return bool(_WHICH.match(_plain(text).rstrip("?")))


def _plain(text: str) -> str:
    return _SIGNS.sub("", unicodedata.normalize("NFKC", text)).lower()


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
