"""Things of one list told apart by where they stand, when only one was spoken of yet: 经开那个园是我们建的。高新那个也是我们在运营.

Generic Chinese; knows no policy: which words are places is told by the lexicon.
"""

from conversations.language.descriptions_lexicon import Lexicon
from conversations.language.descriptions_statements import Items, Statements
from conversations.language.descriptions_words import Noun
from conversations.language.labels import points
from conversations.language.ownership import said_to_be_ours
from knowledge.patterns import regex
from knowledge.phrases import Phrases

AFTER_CALL = regex(r"(?:的|那|这|一|个|座|栋|幢|处|块|家|边|项|笔|位|台|款|倒|是|呢|嘛|,)*")
"""What may stand behind the call of a thing before something is said of it."""


def ours_behind(text: str, end: int) -> bool:
    """高新那个也是我们在运营: whether a clause says behind a call, which ends at ``end``, that what it calls is ours."""
    behind = AFTER_CALL.match(text, end)
    return bool(behind and said_to_be_ours(text[behind.end() :]))


def stands_elsewhere(places: Phrases | None, items: Items, text: str) -> bool | None:
    """Turn from the one thing there is to that in another place, at which ``text`` points: to the next item where it says that
    it is ours (true), else to none (惠济那个我们退出了: false); None where it points at none."""
    told = items.words.get(0, "") if items.count == 1 else ""
    here = places.search(text) if places and told else None
    first = places.search(told) if places and here and not here.start() else None
    if first is None or here is None:
        return None
    there, place = told[first.start() : first.end()], text[: here.end()]
    if place in told or not points(text, place, 0):
        return None
    ours = ours_behind(text, here.end())
    items.names |= {there: 0, place: 1} if ours else {}
    if ours:
        items.turn_to(1)
    else:
        items.current = ()
    return ours


def within_ours(lexicon: Lexicon, draft: Statements, before: str) -> bool:
    """园区内A栋为专业楼宇: whether a thing stands in one that is ours, named ``before`` it."""
    nouns = [m.word for m in lexicon.nouns_in(before) if before[m.end :].startswith(("内", "里", "中", "有"))]
    return any(isinstance(noun, Noun) and draft.items[noun.subject].count for noun in nouns)
