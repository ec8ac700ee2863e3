"""What is told of a thing before it is known that there is one: 想报试点，总投资800万 · 就农业那类的。…市里评上试点了.

Where somebody asks about things of a list, or means to apply with one, and tells a figure of it, they have it. What kind of thing it
is waits for it, in later messages too. Knows no policy.
"""

from conversations.language.descriptions_calls import Calls
from conversations.language.descriptions_clauses import SpokenClause, Stance
from conversations.language.descriptions_lexicon import Lexicon
from conversations.language.descriptions_statements import Statement, Statements
from conversations.language.descriptions_words import Mention, Noun, as_one
from conversations.language.ownership import ours_already
from knowledge.patterns import regex

_APPLIES = regex(r"[申填上去想]报|报(?:个|一?下|名|上|试)|申请|参[评加]|(?<!考)评|入选")


class Wondering:
    """The things of one text of which it is not sure that they are there, or are what they seem; ``lists`` are those that were
    asked about, or are meant to be applied for."""

    def __init__(self, lexicon: Lexicon, draft: Statements, calls: Calls) -> None:
        self.lists = set[str]()
        self.named = set[str]()  # those of which a thing was named that is not said to be ours, nor anybody's
        self.presumed = set[str]()  # those of which one was only called by its name, as a topic
        self._ours = set[str]()  # those of which one is called ours in what is asked: 我们这栋楼够不够条件
        self._planned = False  # something is meant to be that is not yet
        self._vaguely = set[str]()  # the lists of which all that was spoken of may be something else
        self._told_vaguely = set[int]()  # the starts of the clauses that did
        self._lexicon = lexicon
        self._draft = draft
        self._calls = calls

    def hear(self, clause: SpokenClause, nouns: list[Mention]) -> None:
        """Take in a clause that states nothing, and names ``nouns``."""
        applies = clause.stance is Stance.INTENDED and _APPLIES.search(clause.text)
        self._planned |= clause.stance is Stance.INTENDED and not applies
        if applies or clause.stance is Stance.ASKED:
            asked = {mention.word.subject for mention in nouns if isinstance(mention.word, Noun)}
            self.lists |= asked
            self._ours |= {
                n.subject for m in nouns if isinstance(n := m.word, Noun) and ours_already(clause.text, m.start)
            }
            for words in [words for words in self._lexicon.identifying if words.subject in asked]:
                if len(own := as_one(words.chosen(clause.text))) == 1:  # 想问农业试点
                    entry = Statement(own[0].choice or "", clause.start + own[0].start, clause.start + own[0].end)
                    self._calls.heralded = (clause.sentence, words, entry)

    def named_in(self, clause: SpokenClause) -> list[Mention]:
        """The things that ``clause`` names; words that may name another thing as well are taken for the first of its kind."""
        found: list[Mention] = []
        for mention in self._lexicon.nouns_in(clause.text, vaguely=True):
            subject = mention.word.subject if isinstance(mention.word, Noun) else ""
            if not mention.vague:
                self._vaguely.discard(subject)
            elif self._draft.items[subject].count and subject not in self._vaguely:
                continue
            else:
                self._vaguely.add(subject)
                self._told_vaguely.add(clause.start)
            found.append(mention)
        return found

    def settle(self) -> set[int]:
        """At the end, what may have been another thing (有个项目) is one of ours where something was said of ours alone; returns the
        starts of the clauses that spoke of none. What was told without a thing is told of the first of a list that was asked
        about, if one cannot merely be in such a thing."""
        untold = set[int]()
        for subject in self._vaguely:
            own = [w.fact.name for w in self._lexicon.facts if w.subject == subject and w.fact.type == "bool"]
            told = [path for path in self._draft.facts if path.startswith(f"{subject}.")]
            if not any(path.rpartition(".")[2] in own for path in told):
                self._draft.clear(subject)
                untold = self._told_vaguely
        for subject in self.presumed:
            if not any(path.startswith(f"{subject}.") for path in self._draft.facts):
                self._draft.clear(subject)
        for noun in () if self._planned else self._lexicon.nouns:
            surely = noun.subject not in self.lists
            own = noun.subject in self.lists | self.named and (noun.tenant is None or noun.subject in self._ours)
            if own and self._draft.owned_loosely(noun.subject, surely):
                self._draft.items[noun.subject].turn_to(0)
                self._calls.bring_in(noun.subject)
                self._draft.settle(noun.subject)
        return untold

    @property
    def waiting(self) -> dict[str, Statement]:
        """By its path, what tells apart a thing that may still turn out to be the first of a list."""
        found: dict[str, Statement] = {}
        for words in self._lexicon.identifying:
            heralded = self._calls.heralded
            told = self._draft.loosely(words.fact) or (heralded[2] if heralded and heralded[1] is words else None)
            if told and not self._draft.items[words.subject].count:
                found[f"{words.subject}.0.{words.fact.name}"] = told
        return found


class Aside:
    """The sentence that speaks of the enterprise itself since it named a thing: asked of few clauses, looked for only then."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._sentence, self._so = -1, False
        self._heard: list[tuple[str, str | None]] = []  # its clauses not looked at yet, each with the list spoken of

    def hear(self, clause: SpokenClause, focus: str | None, named: bool) -> None:
        """Take in the next clause, which has ``named`` a thing or not."""
        if named or clause.sentence != self._sentence:
            self._sentence, self._so, self._heard = clause.sentence, False, []
        if not named:
            self._heard.append((clause.text, focus))

    def within(self, sentence: int) -> bool:
        """Whether that ``sentence`` is one."""
        while self._heard and not self._so:
            self._so = any(not m.of_item for m in self._lexicon.facts_in(*self._heard.pop(), ""))
        return self._so and self._sentence == sentence
