"""What else than our documents a question of a letter is about: a document by its number, the policy of another authority or place.

Of what those say nothing is known here. Generic Chinese; words nothing.
"""

import re

from conversations.answering import asked
from conversations.answering.asked import Aspect
from conversations.answering.choosing import SURE, ChosenClauses, here, surely_granting
from conversations.language.lexicon import lexicon
from conversations.language.place_names import find_places
from conversations.language.text import normalise
from conversations.state.shelf import Shelf
from knowledge.figures import figures
from knowledge.patterns import regex
from knowledge.places import apart
from knowledge.policy import Policy

_NUMBERED = regex(r"[^\W\d_按照据的看是和跟与行于]{1,6}\s?[〔\[（(【]\s?\d{4}\s?[〕\]）)】]\s?第?\d+\s?号")
_LIES_THERE = regex(r"[在于从到去来搬迁]$")
_PAYS_THERE = regex(
    r"(?:市|省)?(?:那边|那头|那里|那儿|人家|的)?[^,。;!?]{0,12}?(?:[给补奖免返送配报退]|政策|规定|优惠|扶持)(?![^,。;!?]{0,3}(?:多少|[不没吗]))"
)
"""What is said of a place that has rules of its own: 杭州那边房租全免."""


def other_document(policy: Policy, text: str, told: str) -> str:
    """What else than our documents ``text`` asks about, of what is ``told`` in the message; empty for nothing."""
    return _numbered(policy, text, told) or _of_others(policy, text, told)


def policy_of_others(told: str) -> str:
    """The policy of another authority that is ``told`` of, in the message's words; empty for none."""
    found = _authority(told)
    return found[0] if found else ""


def paid_by_others(told: str) -> str:
    """Who else is ``told`` to pay something of their own, in the message's word; empty for nobody."""
    found = _authority(told)
    return found[1] if found else ""


def ours_beside(shelf: Shelf, chosen: ChosenClauses, told: str) -> str:
    """The clause that grants what a question asks of ours beside others' rules (杭州全报，郑州能报多少); empty where that is not sure.

    ``told`` is the whole message.
    """
    text = chosen.question.text
    found = _compared(shelf.policy, text, told)
    best = chosen.clauses[0].clause if chosen.clauses else ""
    ours = "".join(each.quote for each in shelf.policy.programmes if each.clause == best)
    told_of = any(each.value in figures(ours) for each in asked.read(text).quantities)
    if ours and (told_of or (found and chosen.sure(SURE))):
        return best
    parts = (found[1], *re.split("[,。;!?]", found[1])) if found else ()
    return next(filter(None, (surely_granting(shelf, words) for words in parts)), "")


def _compared(policy: Policy, text: str, told: str) -> tuple[str, str] | None:
    """Whose rules ``text`` sets beside ours, and what is asked without their name; None where it asks nothing of ours.

    ``told`` is the whole message: what is only set beside what was told is asked of that.
    """
    words = lexicon("questions")
    plain = normalise(told if words["beside_ours"].search(normalise(text)) else text)
    author = _authority(plain)
    name = paying_place(policy, plain) or (author[1] if author else "")
    rest = plain.replace(name, "")
    ours = words["asks_ours"].search(plain) or any(each in rest for each in here(policy))
    return (name, rest) if name and ours else None


def paying_place(policy: Policy, plain: str) -> str:
    """A place beyond what the documents are for, of which plain text says that one is paid something there; empty for none."""
    area = policy.area or ""
    for each in find_places(plain) if area else ():
        elsewhere = each.code and apart(each.code, area)
        if elsewhere and not _LIES_THERE.search(plain[: each.start]) and _PAYS_THERE.match(plain, each.end):
            return plain[each.start : each.end]
    return ""


def _authority(told: str) -> re.Match[str] | None:
    """Where another authority (the first group) is told to have a policy of its own, or to pay something."""
    words, plain = lexicon("questions"), normalise(told)
    return words["other_policy"].search(plain) or words["others_pay"].search(plain)


def _of_others(policy: Policy, text: str, told: str) -> str:
    """The policy of another authority (高新区自己出的扶持政策) that ``text`` names, calls by its author, or sets beside ours."""
    words, plain = lexicon("questions"), normalise(text)
    if asked.read(text).aspects & {Aspect.TOGETHER, Aspect.AGAIN}:
        return ""
    found = words["other_policy"].search(normalise(told))
    if found is None:
        theirs = _compared(policy, text, told)
        return f"“{theirs[0]}的政策”" if theirs else ""
    author = found["whose"]
    whose = rf"{author.lstrip('市省区县') or author}[那的自]|{author[0]}里?[那这]?(?:[个边份笔]|项)"  # 省里那个, 商务局那个怎么报
    called = found[0] in plain or re.search(whose, plain) or words["beside_ours"].search(plain)
    return f"“{found[0]}”" if called else ""


def _numbered(policy: Policy, text: str, told: str) -> str:
    """The number of a document that ``text`` names (or calls by its last figure what is ``told``) and that is none of ours."""
    ours = {tuple(re.findall(r"\d+", each.number or "")) for each in policy.documents}
    others = [match[0] for match in _NUMBERED.finditer(told) if tuple(re.findall(r"\d+", match[0])) not in ours]
    serials = {number: re.findall(r"\d+", number)[-1] for number in others}
    short = (number for number, serial in serials.items() if re.search(rf"(?<!\d){serial}\s?号", text))
    return next(short, "")
