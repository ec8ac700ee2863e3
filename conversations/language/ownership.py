"""Whose a thing is that a clause names: the enterprise's own, somebody else's, or not there at all.

Generic Chinese; knows no policy.
"""

import re
from collections.abc import Sequence

from conversations.language.lexicon import lexicon
from knowledge.patterns import regex

_ZH = lexicon("ownership")
_FOR = ("给", "帮", "替")
_PERSONS = lexicon("persons")


def none_of(before: str, after: str) -> bool:
    """Whether a clause says that there is none of the thing that it names between ``before`` and ``after``."""
    return bool(_ZH["none_before"].search(before) or _ZH["none_after"].match(after))


def not_ours(text: str) -> bool:
    """Whether ``text``, beside the name of a thing, says that it is somebody else's."""
    return bool(_ZH["not_ours"].search(text))


def of_a_firm_dealt_with(before: str, after: str) -> bool:
    """Whether what a clause names between ``before`` and ``after`` tells what sort of firm it is that we deal with: 给|有牌照|的公司做技术."""
    return bool(_ZH["dealing"].search(before) and _ZH["firms"].match(after))


def somebody_elses(before: str, after: str, text: str) -> bool:
    """Whether a clause ``text`` says that the thing it names between ``before`` and ``after`` is not the enterprise's."""
    elsewhere = not_ours(before) or not_ours(after) or before.endswith(_FOR)
    return elsewhere or bool(_ZH["run_by"].search(text) or _ZH["no_such"].search(before))


def said_to_be_theirs(text: str) -> bool:
    """Whether a clause says of the thing just named that it is somebody else's: 不过是子公司的."""
    return bool(_PERSONS["said_to_be_theirs"].match(text))


def turned_out_theirs(text: str, end: int) -> bool:
    """Whether a clause says of the thing that it names up to ``end`` that it is somebody else's: 园区那个|其实是我表哥公司的."""
    return bool(_PERSONS["theirs_after_all"].match(text, end))


def said_to_be_ours(text: str) -> bool:
    """Whether a clause says of the thing just named that it is ours: 是我们在管."""
    return bool(_ZH["own_it"].search(text) or _ZH["wholly_ours"].match(text))


def ours_already(text: str, start: int) -> bool:
    """Whether a clause that intends something has already what it names at ``start``: 我们的电商园想评国家级."""
    end = start + text.startswith(("这", "那"), start)
    return bool(_ZH["possessed"].search(text, 0, end)) and not _ZH["to_build"].search(text)


def ours_to_come(text: str) -> bool:
    """Whether a clause says that we run what is told one by one from here on."""
    return bool(_ZH["to_come"].match(text))


def of_no_such_kind(before: str) -> bool:
    """Whether what a clause says ``before`` the name of a thing is that something is none: 第三个不是|园区."""
    return bool(_ZH["no_such"].search(before))


def named_alone(before: str, after: str) -> bool:
    """Whether a clause is nothing but the proper name of a thing, with which somebody begins to tell of it, calls it ours, or says
    to be of it: 北塘电商园 · 我们那个青禾电商园 · 我是青禾电商园的招商经理."""
    of_it = _ZH["speaker"].fullmatch(before) and _PERSONS["staff_behind"].fullmatch(after)
    return bool(of_it or (not after and _ZH["proper"].fullmatch(before)) or _ZH["our_named"].search(before))


def of_other_premises(text: str) -> bool:
    """Whether a clause says that we rent a place of somebody's, or have one of another kind (还有一个仓库): what is told next
    is of that."""
    return bool(_ZH["rents"].match(text) or _ZH["premises"].match(text))


def built_as(text: str) -> bool:
    """C座做裙楼: whether a clause says what a part of a place is built for."""
    return bool(_ZH["built_as"].match(text))


def begins_with_ours(text: str) -> bool:
    """Whether a clause begins with one of ours, of the kind just named: 我们的…"""
    return bool(_ZH["begins_ours"].match(text))


def run_by_us(text: str) -> bool:
    """Whether a clause says that we run one of what was asked about: 我们自己管的一栋."""
    return bool(_ZH["run_by_us"].match(text))


def called_ours(before: str, after: str, earlier: str) -> bool:
    """Whether what a clause names between ``before`` and ``after`` is what something of ours is called: 我这个园子叫金谷电商园;
    我们在运营跨境电商港 (``earlier``), 今年认定的电商园; or runs."""
    so_called = _ZH["so_called"].fullmatch(before) and not after and _ZH["we_run"].match(earlier)
    so_called = so_called or (_ZH["of_level"].fullmatch(before) and not after and _ZH["ours_is"].match(earlier))
    return said_to_be_ours(after) or bool(so_called or _ZH["ours_called"].fullmatch(before))


def all_ours(text: str, start: int) -> int | None:
    """Where behind ``start`` a clause says of all things that were told that we run them: 两座都由我司管理; None where none does."""
    match = _ZH["all_ours"].search(text, start)
    return match.start() if match else None


def tenants_ourselves(text: str) -> bool:
    """Whether a clause says of the thing just named that we are its tenants: 我们租的办公室."""
    return bool(_ZH["we_rent"].match(text))


def bare(text: str, start: int, end: int) -> bool:
    """Whether a clause is nothing but the name at ``text[start:end]``."""
    return bool(_ZH["filler"].match(text[:start]) and _ZH["filler"].match(text[end:]))


def built_by_us(names: Sequence[str]) -> re.Pattern[str] | None:
    """How a clause says that something was built that goes by one of ``names``, which ends its first group: 新建了个声学产业基地."""
    things = "|".join(re.escape(name) for name in names if len(name) > 1)
    built = "(?:新建|建|盖|投建|投资建设?|在建|扩建)(?:了|着|的)?(?:一?个|一[座处条]|座|处|条)"
    return regex(rf"{built}([^,的]{{1,8}}?(?:{things}))(?=$|,)") if things else None


def counted_as_ours(names: Sequence[str]) -> re.Pattern[str] | None:
    """How a clause counts our own things that go by one of ``names``, which is its first group: 我们这边两个园子 · 手上运营两个园."""
    ours = "(?:我们?|咱们?|俺们?|我司|公司|(?:^|(?<=,))(?=手[上里头]|名下|旗下))(?:这边|这里|手[上里头]|名下|旗下|自己|现在|目前|一共|总共|管理?着?|运营着?|有)*"
    things = "|".join(map(re.escape, names))
    return regex(rf"{ours}[两俩三四五2-5][个座栋幢家处]({things})[子儿]?$") if things else None
