"""What else than our documents a question of a letter is about: a document by its number, the policy of another authority.

Of what those say nothing is known here. Generic Chinese; words nothing.
"""

import re

from conversations.answering import asked
from conversations.answering.asked import Aspect
from conversations.language.lexicon import lexicon
from conversations.language.text import normalise
from knowledge.patterns import regex
from knowledge.policy import Policy

_NUMBERED = regex(r"[^\W\d_按照据的看是和跟与行于]{1,6}\s?[〔\[（(【]\s?\d{4}\s?[〕\]）)】]\s?第?\d+\s?号")


def other_document(policy: Policy, text: str, told: str) -> str:
    """What else than our documents ``text`` asks about, of what is ``told`` in the message; empty for nothing."""
    return _numbered(policy, text, told) or _of_others(text, told)


def policy_of_others(told: str) -> str:
    """The policy of another authority that is ``told`` of, in the message's words; empty for none."""
    found = lexicon("questions")["other_policy"].search(normalise(told))
    return found[0] if found else ""


def _of_others(text: str, told: str) -> str:
    """The policy of another authority (高新区自己出的扶持政策) that ``text`` names, calls by its author, or sets beside ours."""
    words, plain = lexicon("questions"), normalise(text)
    found = words["other_policy"].search(normalise(told))
    if found is None or asked.read(text).aspects & {Aspect.TOGETHER, Aspect.AGAIN}:
        return ""
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
