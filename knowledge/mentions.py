"""How people speak of each fact in a free description: the schema of a pack's ``mentions.yaml``.

They are phrases (``knowledge.phrases``) over plain text (NFKC, simplified, lower case, no idle space). What a negation,
a hypothesis or a figure beside a mention means is generic and not the pack's business.
"""

import re
from datetime import date
from functools import cached_property

from pydantic import BaseModel, ConfigDict, Field, field_validator

from knowledge.pack_yaml import CaseValues
from knowledge.patterns import regex
from knowledge.phrases import Phrasebook, Phrases
from knowledge.sounds import syllables


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SubjectMentions(_Model):
    """How people speak of the things of a list subject.

    ``nouns`` name one, ``loose`` ones only where it is told whose it is, ``vague`` ones (a project) where besides something
    is told that is so of such things alone; ``owned`` tells, beside the noun, that the
    enterprise runs it (none = naming it is enough), ``tenant`` that it does not; ``denies`` that there is none; ``not`` are names of other things. ``names`` are the last words of proper names of such things.
    """

    subject: str
    nouns: tuple[str, ...]
    loose: tuple[str, ...] = ()
    vague: tuple[str, ...] = ()
    owned: tuple[str, ...] = ()
    tenant: tuple[str, ...] = ()
    hidden: tuple[str, ...] = Field(default=(), alias="not")
    unless: tuple[str, ...] = ()
    denies: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


class FactMentions(_Model):
    """How people speak of one fact.

    ``says`` name or state it; ``within`` do so only while the text is about an item of its subject (or, of the
    enterprise's own facts, where no fact of such an item is meant, and behind one of ``after`` if there are any);
    ``against`` state its opposite there.
    ``named`` only name it, so that denying them denies the fact and affirming them says nothing; ``kinds`` name a kind of
    it, so that affirming them states the fact and denying them says nothing (不是食品厂). ``denies`` state its
    opposite outright (0 for a figure), ``ongoing`` that it is being brought about, which counts as true. Where a clause
    holds one of ``unless`` it says nothing of the fact. ``rather``: words that count for more than the others.
    ``hidden`` (``not``) are names of other things, whose words say nothing. ``planned``: a firm plan counts as true.
    ``outright`` deny it whatever ``unless`` says; ``revoked``, said next, take back what was stated.
    ``needs``: a fact without whose affirmation this one is not spoken of, unless the text says one of ``about``.

    Choices: ``choices`` are what people call each; without ``says`` and ``within`` they stand for themselves.
    ``nothing`` is the choice that a denial means; ``identifies``: the choice tells the items of a list apart; ``trade``: what
    the enterprise itself does tells that of the only item, where nothing else tells it.

    Figures: ``zero``: a denial of the thing means 0. ``this_year``: other years' figures are not meant. ``plain``: a
    figure said of an item without a name for it is meant (物流的1200万). ``least``: a figure without unit below it is
    none (it may be meant in 万). ``whole``: figures that a phrase states without a numeral. ``total``, ``part``:
    what is counted in all and of these, where two counts tell a share.

    ``adds``: the phrases of a shared fact come beside those of the vocabulary, and not in their place.

    ``examples`` are sentences with the value that they state, ``counter`` ones that state none: they run as a test.
    """

    fact: str
    adds: bool = False
    says: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    within: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    denies: tuple[str, ...] = ()
    ongoing: tuple[str, ...] = ()
    hidden: tuple[str, ...] = Field(default=(), alias="not")
    unless: tuple[str, ...] = ()
    choices: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    nothing: str | None = None
    zero: bool = False
    this_year: bool = False
    plain: bool = False
    least: int = 0
    rather: tuple[str, ...] = ()
    whole: dict[int, tuple[str, ...]] = Field(default_factory=dict[int, tuple[str, ...]])
    needs: str | None = None
    about: tuple[str, ...] = ()
    identifies: bool = False
    trade: bool = False
    examples: CaseValues = Field(default_factory=dict)
    counter: tuple[str, ...] = ()
    total: tuple[str, ...] = ()
    part: tuple[str, ...] = ()
    outright: tuple[str, ...] = ()
    planned: bool = False
    revoked: tuple[str, ...] = ()


class ProjectMentions(_Model):
    """What people call the project that a claim of ``programme`` concerns; ``shown_by``: the fact that there is one."""

    programme: str
    says: tuple[str, ...]
    shown_by: str | None = None


class Mentions(_Model):
    """A pack's whole vocabulary of descriptions. ``spellings`` are mishearings and slips, set right before all else;
    they keep a word's length. ``heard`` are words that are set right wherever something that sounds like one is written
    (long enough to sound like nothing else). ``decoys`` are the names of figures that no fact asks for;
    ``others`` names of other things: the
    words inside them say nothing; ``bystanders`` people whose doings are not the enterprise's own; ``places`` by what several things are told apart; ``words`` the classes
    of words that the phrases use; ``on`` the day at which the examples are said, for those that say 去年."""

    on: date | None = None
    spellings: dict[str, str] = Field(default_factory=dict)
    heard: tuple[str, ...] = ()
    words: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    others: tuple[str, ...] = ()
    subjects: tuple[SubjectMentions, ...] = ()
    facts: tuple[FactMentions, ...] = ()
    decoys: tuple[str, ...] = ()
    bystanders: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    projects: tuple[ProjectMentions, ...] = ()

    @field_validator("spellings")
    @classmethod
    def _same_length(cls, spellings: dict[str, str]) -> dict[str, str]:
        if uneven := [slip for slip, word in spellings.items() if len(slip) != len(word)]:
            raise ValueError(f"`{uneven[0]}` should have as many characters as what is meant")
        return spellings

    @cached_property
    def _slips(self) -> tuple[tuple[re.Pattern[str], str], ...]:
        alike: dict[str, str] = {}
        for character, syllable in syllables().items():
            alike[syllable] = alike.get(syllable, "") + character
        sounds = {word: "".join(f"[{alike.get(syllables().get(c, c), c)}]" for c in word) for word in self.heard}
        patterns = {
            **{re.escape(slip): word for slip, word in self.spellings.items()},
            **{p: w for w, p in sounds.items()},
        }
        return tuple((regex(pattern), word) for pattern, word in patterns.items())

    @cached_property
    def _slipped(self) -> re.Pattern[str]:
        """What is not yet as it should be."""
        return regex("|".join(f"{slip.pattern}(?<!{re.escape(word)})" for slip, word in self._slips) or "$^")

    def respelt(self, text: str) -> str:
        """``text``, as long as it was, with its slips and mishearings set right."""
        if self._slipped.search(text) is None:
            return text
        for slip, word in self._slips:
            text = slip.sub(word, text)
        return text

    @cached_property
    def phrasebook(self) -> Phrasebook:
        """What compiles the phrases, with the pack's classes of words."""
        return Phrasebook(self.words)

    def compiled(self, phrases: tuple[str, ...]) -> Phrases | None:
        """``phrases`` as one, None where there are none. Raises ``PhraseError``."""
        return self.phrasebook.compiled(phrases)
