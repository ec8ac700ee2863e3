"""What a question of a letter is about that calls it by no more than a figure: the sum that one clause alone grants, or its rate.

Reads nothing but figures and what stands beside them; knows no policy's words.
"""

from decimal import Decimal

from conversations.answering import asked
from conversations.answering.other_documents import paying_place
from conversations.answering.told import labelled
from conversations.language.lexicon import lexicon
from conversations.language.quantities import find_quantities
from conversations.language.text import normalise
from conversations.language.units import UnitKind
from knowledge.figures import figures
from knowledge.patterns import regex
from knowledge.policy import Policy
from rules.plain import plain_share

_SUM = regex(r"\d[\d.]*[万亿]元?")


_OF_NOTHING = regex(r"[块元]?钱?(?:$|[,。;!?]|[在到呢吧吗是能])")
"""Behind a sum that is said to be for nothing in particular: not 5 万人才补贴."""


def granting(policy: Policy, text: str, topic: str | None) -> str | None:
    """The clause whose sum or rate ``text`` hopes to get; None where that is not sure.

    That of the ``topic`` where it is one of its own (达标了是不是100万就自动给), else what a single clause states (我那5万在哪).
    """
    plain = normalise(text)
    if paying_place(policy, plain):
        return None  # 苏州 CA 证书报不报一半
    told = [each for each in find_quantities(plain) if isinstance(each.value, Decimal)]
    sums = figures("，".join(match[0] for match in _SUM.finditer(plain)))
    hoped = (each for each in told if each.scaled and _OF_NOTHING.match(plain, each.end))
    own = {each.value for each in hoped if lexicon("questions")["hoped_for"].search(plain, 0, each.start)}
    stated = {
        clause: figures("".join(each.quote for each in policy.programmes if each.clause == clause))
        for clause in policy.granting
    }
    if topic in stated and sums and sums <= stated[topic] and asked.grants(plain):
        return topic
    by_sum = [clause for clause, known in stated.items() if own and own <= known]
    by_rate = _by_rate(policy, plain, {each.value for each in told if each.kind is UnitKind.RATIO})
    return by_rate or (by_sum[0] if len(by_sum) == 1 else None)


def _by_rate(policy: Policy, plain: str, rates: set[object]) -> str | None:
    """The clause of the one programme that pays one of the ``rates``, where plain text has a word that only its name has."""
    named = labelled(policy, plain, quoted=True)
    paying = ((each, plain_share(each.amount)) for each in policy.programmes if each.id in named)
    found = {each.clause for each, rule in paying if rule is not None and rule.rate in rates}
    return found.pop() if len(found) == 1 else None
