"""Of which kind a clause says that a thing is, whether it says anything else (农业类 · 算文旅), and which item is of it.

Knows no policy: what the kinds are called is told by the lexicon.
"""

from collections.abc import Sequence

from conversations.language.descriptions_clauses import SpokenClause
from conversations.language.descriptions_lexicon import Lexicon
from conversations.language.descriptions_statements import Statement, Statements
from conversations.language.descriptions_words import FactWords, Mention, Noun, Said
from conversations.language.labels import told_as
from conversations.language.ownership import bare
from knowledge.patterns import regex

_KIND = regex(r"(?:类|业|方向|领域)?")
_SAYS_SO = regex(r"(?:(?<!不)(?<!也)是|属于?|算|归|按照?|[报走写填]的?|改|应该|就|它|这个|那个|成|到|在|的)+$")
_KIND_ONLY = regex(r"(?:业|(?:[这那]一?个?)?(?:行业|方向|领域|口|类|块|方面))?(?:[的吧啊了]|项目|报的|里头?)*")
_MADE = r"承[担建]|自建|自研|开发|打造|建[成设]|[建搞做弄]了?一?[个套的]|[建搞弄]了"
_BUILT = regex(rf"^(?:我们|俺们?|咱们?|是)*(?:做|搞|开发)|{_MADE}|[有投]了?一?[个套]")
_MADE_ONE = regex(_MADE)
_FILED = regex(r"(?:报的?是|属于?|按照?|归到?|(?:行业|类别|领域|方向)(?:是|为|:))$")
_IS_OF_KIND = regex(r"(?:本身|这边|那个|这个|就|也)*(?:是|算)(?:做|搞)?$")  # 项目是文旅类的
_ENTERED = regex(r"[^,:]{0,4}(?:行业|类别|领域|方向)(?:是|为|:)")
_TRADE_OF = regex(r"[做搞干弄]")  # 做信息技术的: what somebody does, and not of which kind a thing is
_TOLD_OF = regex(r"(?P<name>[^,投入列选进的]{2,6}?)(?=总?投|入选|列入|选进|进了)")
_OUR_OWN = regex(  # 我们教育行业的平台, 我们那个城市共同配送平台
    r"(?:我们?|俺们?|咱们?|我司|本公司|公司)(?:自己|自家|公司)?(?:(?:的|这个|那个)*(?:[“「][^”」]{1,20}[”」])?$|(?:这|那)个[^,是有在]{0,6}$)"
)
_NEAR, _NAME = 8, 14
# So many sentences after its kind was told a thing may come into being: 搞了个追溯平台。总投资1600万。入选了试点
_SOON = 2


class Kinds:
    """What tells the items of the lists apart by what they are, as one text tells it."""

    def __init__(self, lexicon: Lexicon, draft: Statements) -> None:
        self.heralded: tuple[int, FactWords, Statement] | None = (
            None  # until which sentence, what a thing made is, that may be an item
        )
        self._lexicon, self._draft = lexicon, draft

    def herald(self, clause: SpokenClause, words: FactWords, own: list[Mention]) -> None:
        """自建的冷链平台，…入选试点: what a thing is that soon turns out to be the first item."""
        items = self._draft.items[words.fact.subject]
        if not items.count and len({m.choice for m in own}) == 1 and self._builds(clause.text, words, own):
            entry = Statement(own[0].choice or "", clause.start + own[0].start, clause.start + own[0].end)
            alone = kind_alone(clause.text, own) and not _TRADE_OF.match(clause.text)
            if _ENTERED.fullmatch(clause.text, 0, own[0].start) or alone:
                self._draft.state(words.fact, entry)  # 行业：物流业: of the item that the form is about
            soon = _SOON if _MADE_ONE.search(clause.text, 0, own[0].end) else 0
            self.heralded = (clause.sentence + soon, words, entry)
        elif self.heralded and not own and self.heralded[1] is words and clause.sentence <= self.heralded[0]:
            self.bring_in(words.fact.subject)

    def bring_in(self, subject: str) -> None:
        """State what was heralded of the item of ``subject`` that is spoken of now."""
        _, words, entry = self.heralded or (0, None, None)
        if words is None or entry is None or words.subject != subject:
            return
        if not any(self._draft.value(path) is not None for path in self._draft.paths(words.fact)):
            self._draft.state(words.fact, entry)
            self.heralded = None

    def _builds(self, text: str, words: FactWords, own: list[Mention]) -> bool:
        """Whether ``text`` says that a thing of such a choice was made, or is filed as one: 搞了个跨境平台, 按物流业报的."""
        names = next((noun.names for noun in self._lexicon.nouns if noun.subject == words.fact.subject), ())
        before, behind = text[: own[0].start], text[own[0].start : own[-1].end + _NEAR]
        bare_name = own[0].start == 0 and len(text) <= _NAME and text.endswith(names)  # 文化创意电商平台
        told = own[0].start == 0 and _TOLD_OF.match(text, own[-1].end)
        named = bare_name or (told and told["name"].endswith(names))  # 苗木交易平台投了1350万
        if (
            named
            or kind_alone(text, own)
            or any(_FILED.search(text[: m.start]) for m in own)
            or bare(text, own[0].start, own[-1].end + kind_behind(text, own))
        ):
            return True
        if any(name in before and _IS_OF_KIND.fullmatch(before, before.rfind(name) + len(name)) for name in names):
            return True
        return bool(_BUILT.search(text, 0, own[0].end) or _OUR_OWN.match(before)) and any(
            name in behind for name in names
        )

    def identify(self, clause: SpokenClause, words: FactWords, own: list[Mention], correcting: bool) -> None:
        """What tells the items apart: one choice for the item spoken of, or as many as there are, one for each.

        What is told already is another's choice, where it is not said to be put right: 另外物流那边…
        """
        choices = list({m.choice: m for m in own}.values())
        held = {value for path in self._draft.paths(words.fact) if (value := self._draft.value(path)) is not None}
        if len(choices) == 1 and held - {choices[0].choice} and not (correcting or says_so(clause.text, own)):
            entry = Statement(own[0].choice or "", clause.start + own[0].start, clause.start + own[0].end)
            self.heralded = (clause.sentence, words, entry)
            return
        items = self._draft.items[words.fact.subject]
        targets = [(index,) for index in range(items.count)] if len(choices) > 1 else [items.current]
        if len(choices) == len(targets) and (len(choices) == 1 or not items.current):
            spoken_of = items.current
            ends = [*(mention.start for mention in choices[1:]), len(clause.text)]
            for items.current, mention, end in zip(targets, choices, ends, strict=True):
                if len(choices) > 1 and (
                    call := told_as(clause.text[mention.start : end], mention.end - mention.start)
                ):
                    items.call(items.current[0], call)
                if mention.choice:
                    entry = Statement(mention.choice, clause.start + mention.start, clause.start + mention.end)
                    self._draft.state(words.fact, entry)
            items.current = spoken_of


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
