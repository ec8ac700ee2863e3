"""Which fact the choices mean that a clause names without it: those of an item, or of what is held.

Knows no policy: the facts and their choices come from the lexicon.
"""

from collections.abc import Mapping, Sequence

from conversations.language import descriptions_turns as turns
from conversations.language.descriptions_clauses import SpokenClause
from conversations.language.descriptions_items import Listing
from conversations.language.descriptions_lexicon import Lexicon
from conversations.language.descriptions_statements import Statements
from conversations.language.descriptions_words import THAT_ONE, FactWords, Mention, Noun, Said, unquoted
from conversations.language.ownership import bare
from knowledge.patterns import regex

_RAISED = regex(
    "(?:升|晋|提)(?:级|到|成|为|格)*(?=国家|[省市]级?)(?!.*(?:想|打算|准备|正在|争取)).*了|(?:又|也|刚)评上了?(?=国家|[省市]级)"
)
_YOU_MEAN = regex("^[哦噢啊嗯]*[你您]们?(?:刚才?)?(?:问|说|指|讲)的(?:就)?是")  # 哦你问的是…？那没有
LONG = 12
"""A clause of more characters may hold several statements, one of fewer names a topic."""


class Levels:
    """The choices that one text names without their fact."""

    def __init__(self, lexicon: Lexicon, draft: Statements, listing: Listing) -> None:
        self._lexicon = lexicon
        self._draft = draft
        self._listing = listing

    def told_of(self, words: FactWords, text: str, facts: Sequence[Mention]) -> list[Mention]:
        """The choices of ``words`` that ``text``, which speaks of ``facts``, tells: none that is another thing's, that handles an
        application (省厅还没推荐), or by which it points at one of several things (市级那个改成省级)."""
        own = unquoted(text, words.chosen(text))
        if words.alone or not own:
            return own
        others = [m for m in facts if m.word is not words and not m.of_item and not words.many]
        topics = [m for m in facts if m.word is words]  # 是省级示范|电商企业: what holds the topic is no rival
        others = [m for m in others if not any(m.start <= topic.start and topic.end <= m.end for topic in topics)]
        own = [m for m in own if not (turns.AWARD.match(text, m.end) or any(map(m.overlaps, others)))]
        own = [m for m in own if not self._lexicon.chosen_alone(text, m)]  # the 国家 of 国家标准
        own = [m for m in own if not turns.NAMED_BODY.match(text, m.end)]  # 省电商协会
        own = [m for m in own if not turns.handled(text, m.start, len(own) > 1)]
        if words.many and turns.LEVEL_REACHED.search(text) and self._may_be_ours(words, text):
            return []
        several = words.many and len({m.choice for m in own}) > 1
        return [m for m in own if not (several and THAT_ONE.match(text, m.end))]

    def point_at(
        self, words: FactWords, clause: SpokenClause, own: Sequence[Mention], facts: Sequence[Mention], correcting: bool
    ) -> bool:
        """Whether the choices ``own``, named without their fact, mean that of ``words``: those of the item that the sentence
        began with, or the one that is held (省级那块牌子到期了); ``facts`` are those that it speaks of."""
        if not own or words.alone:
            return False
        alone = all(m.word is words or self._of_none(m) for m in facts)
        if alone and turns.LEVEL_REACHED.search(clause.text) and self._rises(words, clause.text, own):
            return True
        if words.many:
            current = self._draft.items[words.fact.subject].current
            return self._listing.focus == words.fact.subject and self._listing.pinned(clause) and len(current) == 1
        known = {w: self._draft.before(w.fact.id) for w in self._lexicon.facts if not w.many}
        held = [words for words, value in known.items() if value and value != words.spoken.nothing]
        if correcting or _RAISED.search(clause.text):
            # 更正：省级 · 今年升国家级了: of the one fact with such levels that is known
            return [w for w in held if w.choices and not w.alone] == [words]
        return [w for w in held if known[w] in {m.choice for m in own}] == [words]

    def _rises(self, words: FactWords, text: str, own: Sequence[Mention]) -> bool:
        """国家级的批下来了: whether ``text`` tells of a higher level than the one thing of the conversation has that bears one, or
        the one that was said to have none, and that is the fact of ``words``; an item is spoken of from now on."""
        places = [(w, path) for w in self._lexicon.facts if w.choices and not w.alone for path in self._all(w)]
        told = [(w, path, held) for w, path in places if (held := self._draft.value(path)) is not None]
        told = [each for each in told if each[0].chosen(text)]
        bearing = [each for each in told if each[2] != each[0].spoken.nothing] or told
        if len(bearing) != 1 or bearing[0][0] is not words:
            return False
        (_, path, held), order = bearing[0], [choice.id for choice in words.fact.choices]
        higher = all(m.choice in order and order.index(m.choice) < order.index(str(held)) for m in own)
        if higher and words.many:
            self._draft.items[words.fact.subject].turn_to(int(path.split(".")[1]))
        return higher

    def _may_be_ours(self, words: FactWords, text: str) -> bool:
        """国家级的批下来了: whether the level that ``text`` tells, naming no thing, may as well be that of what the enterprise bears,
        and the item, of the fact of ``words``, is only the one spoken of in an earlier text."""
        if not self._draft.items[words.fact.subject].carried or self._lexicon.nouns_in(text):
            return False
        return any(self._would_rise(each, text) for each in self._lexicon.facts if not (each.alone or each.many))

    def _would_rise(self, words: FactWords, text: str) -> bool:
        """Whether ``text`` tells a higher level than that which the enterprise was known to bear of the fact of ``words``."""
        held, order = self._draft.before(words.fact.id), [choice.id for choice in words.fact.choices]
        if held is None or held == words.spoken.nothing or held not in order:
            return False
        return any(m.choice in order[: order.index(str(held))] for m in words.chosen(text))

    def _of_none(self, mention: Mention) -> bool:
        """Whether a clause mentions what only an item of a list has of which there is none."""
        items = self._draft.items.get(mention.word.fact.subject) if isinstance(mention.word, FactWords) else None
        return items is not None and not items.count

    def _all(self, words: FactWords) -> list[str]:
        """Where the fact of ``words`` may be told."""
        subject, name = words.fact.subject, words.fact.name
        items = self._draft.items.get(subject)
        return [words.fact.id] if items is None else [f"{subject}.{index}.{name}" for index in range(items.count)]

    def of_items(self, words: FactWords, text: str) -> bool:
        """Whether the levels of a correction are those of an item, where ``words`` have none."""
        none = not words.many and self._draft.before(words.fact.id) in (None, words.spoken.nothing)
        lists = (subject for subject, items in self._draft.items.items() if items.count)
        return none and any(self._lexicon.chosen_in(text, subject) for subject in lists)

    def denied_already(self, words: FactWords, text: str, own: Sequence[Mention]) -> bool:
        """Whether ``text``, all of which is choices of a fact, only says of which one it was denied before."""
        if turns.LEFT.search(text):
            return False
        nothing = any(self._draft.value(path) == words.spoken.nothing for path in self._draft.paths(words.fact))
        return nothing and any(m.is_all_of(text) for m in own)

    def held(self, text: str) -> list[FactWords]:
        """国家级是母公司的，我们是省级: the facts of the enterprise of which ``text`` names the choice that was told before, or one
        that is told by itself (集团排国内前三，我们没进)."""
        single = [(w, {m.choice for m in w.chosen(text)}) for w in self._lexicon.facts if w.choices and not w.many]
        return [w for w, named in single if self._draft.before(w.fact.id) in named or (w.alone and named)]


def asked_of(clause: SpokenClause, mentions: Sequence[Mention]) -> list[Said]:
    """标准？没有: what a short question names is the topic of what is said next."""
    text = _YOU_MEAN.sub("", clause.text)
    short = [m for m in mentions if m.word and (len(text) <= LONG or m.only_choice(text) or m.is_all_of(text))]
    return [
        Said(m.word, (), clause.start + m.start, True, negative=m.denied, choice=m.only_choice(text))
        for m in short
        if m.word and not (isinstance(m.word, Noun) and m.word.tenant and m.word.tenant.search(text))
    ]


def only_of(text: str, own: Sequence[Mention], before: Sequence[Said]) -> bool:
    """示范企业奖多少？我们是省级的: whether ``text`` says nothing but its ``own`` choice of what was only named, or asked about, ``before``."""
    topics = [said.words for said in before if said.bare]
    return bool(own) and all(m.word in topics and bare(text, m.start, m.end) for m in own)


def of_choice(words: FactWords | None, named: Mapping[int, frozenset[str]], text: str, mention: Mention) -> bool:
    """省级示范…，国家级省级都没有: whether what a clause mentions are choices of what was spoken of before, the fact of
    ``words``, and of no item; ``named`` are the facts that each clause spoke of."""
    if words is None or not (mention.within and mention.of_item) or words is mention.word:
        return False
    own = words.chosen(text)
    told = any(words.fact.id in facts for facts in named.values())
    return told and len({m.choice for m in own}) > 1 and any(m.overlaps(mention) for m in own)
