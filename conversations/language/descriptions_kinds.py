"""Of which kind a clause says that a thing is, and whether it says anything else: 农业类 · 算文旅 · 物流的那个试点.

Knows no policy: what the kinds are called is told by the lexicon.
"""

from collections.abc import Sequence

from conversations.language.descriptions_clauses import SpokenClause
from conversations.language.descriptions_words import Mention, Noun, Said
from conversations.language.ownership import bare
from knowledge.patterns import regex

_KIND = regex(r"(?:类|业|方向|领域)?")
_SAYS_SO = regex(r"(?:(?<!不)(?<!也)是|属于?|算|归|按照?|[报走写填]的?|改|应该|就|它|这个|那个|成|到|在|的)+$")
_KIND_ONLY = regex(r"(?:业|(?:[这那]一?个?)?(?:行业|方向|领域|口|类|块|方面))?(?:[的吧啊了]|项目|报的|里头?)*")
_NEAR = 8


def names_item(clause: SpokenClause, chosen: Mention, said: Sequence[Said]) -> bool:
    """Whether the choice is all that the clause says, or stands before the thing that it speaks of."""
    if bare(clause.text, chosen.start, chosen.end):
        return True
    start = clause.start + chosen.end
    return any(isinstance(one.words, Noun) and 0 <= one.start - start <= len("类的") for one in said)


def kind_alone(text: str, own: Sequence[Mention]) -> bool:
    """Whether all that ``text`` says is of which kind something is: 农业类, 算文旅, 报的是物流业."""
    behind = text[own[-1].end :] if own else ""
    return bool(
        own and _KIND_ONLY.fullmatch(behind) and (not own[0].start or _SAYS_SO.fullmatch(text, 0, own[0].start))
    )


def says_so(text: str, own: Sequence[Mention]) -> bool:
    """Whether ``text`` says outright that something is of the kind that it names."""
    return kind_alone(text, own) or bool(_SAYS_SO.search(text, max(0, own[0].start - _NEAR), own[0].start))


def kind_behind(text: str, own: Sequence[Mention]) -> int:
    """The length of what makes a choice a kind of things: 跨境贸易|类."""
    found = _KIND.match(text, own[-1].end)
    return len(found[0]) if found else 0
