"""What the rules have read, held against what was learned of how people assert: see ``assertions``.

What a rule took for the enterprise's own, and its words hardly say so, is left out, so that it is asked. What the words
deny and no rule has read is denied; nothing is affirmed here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from conversations.language.assertions import Assertion, assertion
from conversations.language.descriptions_clauses import SpokenClause, Stance
from conversations.language.descriptions_lexicon import Lexicon
from conversations.language.descriptions_statements import Statement, Statements
from conversations.language.descriptions_words import FactWords, Mention, Noun
from conversations.language.focus import Focus
from conversations.language.quantities import find_quantities
from knowledge.patterns import regex

_HARDLY = 0.03
"""What is held no more likely than that is not written down."""
_SURELY = 0.9
_ALL_BUT_CERTAINLY = 0.97
_MOST = 24
"""So many namings of a text are weighed, from its first on: nobody names more."""
_TOLD_APART = regex("(?:[是算]|[级家省市])(?:的|[那这]个)*$")


@dataclass(frozen=True)
class Naming:
    """A ``mention`` in a ``clause`` of plain ``text``."""

    text: str
    clause: SpokenClause
    mention: Mention

    @property
    def about(self) -> str:
        """The fact or list subject that it names, by its id; empty where it is the name of something else."""
        word = self.mention.word
        return "" if word is None else word.subject if isinstance(word, Noun) else word.fact.id

    @cached_property
    def said(self) -> Assertion:
        """What its words say of it."""
        return assertion(self.text, self.clause.start + self.mention.start, self.clause.start + self.mention.end)

    @property
    def is_denied(self) -> bool:
        """Whether its words deny it; where the clause is no statement by the rules they have to leave no doubt."""
        return self.said.denied > (_SURELY if self.clause.stance is Stance.STATED else _ALL_BUT_CERTAINLY)

    @property
    def span(self) -> tuple[int, int]:
        """The clause's place in the text."""
        return self.clause.start, self.clause.start + len(self.clause.text)


def weigh(
    namings: Sequence[Naming], clauses: Sequence[SpokenClause], draft: Statements, lexicon: Lexicon, focus: Focus
) -> set[int]:
    """Leave out of ``draft`` what the ``clauses`` of a text hardly say, and put into it what they deny; gives back where those
    begin by which a thing was named that is none of the enterprise's."""
    namings = namings[:_MOST]
    left = _things(namings, draft, focus)
    _choices(namings, clauses, draft)
    for naming in namings:
        if isinstance(naming.mention.word, Noun):
            _deny_thing(naming, naming.mention.word, draft, lexicon, focus)
        elif naming.mention.word is not None:
            _deny_fact(naming, naming.mention.word, draft, namings)
    return left


def _things(namings: Sequence[Naming], draft: Statements, focus: Focus) -> set[int]:
    """园区啥的俺可没有: a list that has no more than a name, and that hardly the enterprise's, has nothing."""
    left: set[int] = set()
    for subject, items in draft.items.items():
        own = [n for n in namings if isinstance(n.mention.word, Noun) and n.mention.word.subject == subject]
        if not (own and items.count and not focus.counts.get(subject) and draft.only_named(subject)):
            continue
        held, denied = max(n.said.held for n in own), [n for n in own if n.is_denied]
        if held < _HARDLY or (denied and held < _SURELY):
            draft.clear(subject)
            left |= {n.clause.start for n in own}
            draft.items[subject].none = denied[0].span if denied else None
    return left


def _choices(namings: Sequence[Naming], clauses: Sequence[SpokenClause], draft: Statements) -> None:
    """集团是国家级的，我们只有省级: of several choices the one that is held stands in place of the one that hardly is."""
    for words in {
        n.mention.word: None for n in namings if isinstance(n.mention.word, FactWords) and n.mention.word.choices
    }:
        own = [n for n in namings if n.mention.word is words]
        for path in [path for path in draft.paths(words.fact) if path in draft.facts]:
            if draft.facts[path].value != words.spoken.nothing:
                _exchange(path, _chosen(words, own, clauses), draft)


def _chosen(words: FactWords, own: Sequence[Naming], clauses: Sequence[SpokenClause]) -> list[Naming]:
    """The choices told from the first clause on that names the fact."""
    first, text = min(n.clause.start for n in own), own[0].text
    told = [clause for clause in clauses if clause.start >= first]
    return [Naming(text, clause, mention) for clause in told for mention in words.chosen(clause.text)]


def _exchange(path: str, told: Sequence[Naming], draft: Statements) -> None:
    value, start, end = draft.facts[path].value, draft.facts[path].start, draft.facts[path].end
    named = [n for n in told if n.mention.choice == value]
    rest = [n for n in told if n.mention.choice != value and n.said.held > _ALL_BUT_CERTAINLY]
    affirmed_behind = bool(told) and end > max(n.span[1] for n in told) > start  # 国家级的？我们去年就批下来了
    if not named or affirmed_behind or max(n.said.held for n in named) >= _HARDLY:
        return
    if len({n.mention.choice for n in rest}) == 1 and (held := rest[0].mention.choice):
        draft.facts[path] = Statement(held, *rest[0].span)


def _deny_thing(naming: Naming, noun: Noun, draft: Statements, lexicon: Lexicon, focus: Focus) -> None:
    """园区搞不起: there is none of what is named by its name alone; 国家|试点没报, 不是|试点 say nothing of others."""
    text, mention, items = naming.clause.text, naming.mention, draft.items[noun.subject]
    known = items.count or items.none or focus.counts.get(noun.subject) or draft.tells_of(noun.subject)
    if known or mention.vague or mention.within or (noun.tenant and noun.tenant.search(text)):
        return
    told_apart = lexicon.of_item(text, mention) or any(
        m.start < mention.end and mention.start <= m.end for m in lexicon.chosen_in(text, noun.subject)
    )
    if not (told_apart or _TOLD_APART.search(text, 0, mention.start)) and naming.is_denied:
        items.none = naming.span


def _deny_fact(naming: Naming, words: FactWords, draft: Statements, namings: Sequence[Naming]) -> None:
    """我厂没有得过示范企业称号: what is denied of the enterprise, and was not read."""
    mention, denial = naming.mention, words.denial
    if mention.of_item or mention.kind or mention.within or mention.whole is not None or denial is None:
        return
    if draft.value(words.fact.id) is not None or not (draft.founded(mention.needs) and naming.is_denied):
        return
    if words.fact.spec.numeric and find_quantities(naming.clause.text):
        return
    if all(n.said.held < _SURELY for n in namings if n.mention.word is words):
        draft.state(words.fact, Statement(denial, *naming.span))
