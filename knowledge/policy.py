"""The schema of a policy pack: the document's clauses, facts with their questions, programmes, evidence, examples.

Frozen pydantic models, read from YAML by ``knowledge.loading``. Knows no person and no channel; what a condition or
an amount means is the business of ``rules``.
"""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field, PrivateAttr

from knowledge.pack_model import PackModel, Words
from knowledge.pack_yaml import CaseValues
from knowledge.questions import Questions
from rules.case import FactSpec, SubjectSpec
from rules.programme import Cap, ProgrammeRule, Provisions
from rules.terms import Term
from rules.walk import bases

if TYPE_CHECKING:
    from knowledge.mentions import Mentions

YOU = "贵单位"
"""How whoever asks is addressed, where a pack does not say otherwise."""

ASSESS, META = "assess", "meta"
"""What questions are about beside the clauses: what one's own enterprise can get; the document itself, a clause too."""


SEPARATOR = "/"
"""Where several policies lie together, it stands between a policy's id and the name of what is its own."""


def owner(name: str) -> str | None:
    """The id of the policy whose own ``name`` is, a path, a claim or another id; None where it is shared."""
    policy, own, _ = name.partition(SEPARATOR)
    return policy if own else None


def bare(name: str) -> str:
    """``name`` as the policy's own pack calls it."""
    return name.partition(SEPARATOR)[2] if SEPARATOR in name else name


class Clause(PackModel):
    """A clause of the document: ``id`` in Arabic digits (``3.6``), ``citation`` in the document's own form.

    ``lines`` are its line spans in ``source.txt`` (first and last, counted from 1, a heading with the first clause
    under it); ``text`` is filled from there on loading, wrapped lines joined.
    """

    id: Words
    citation: Words | None
    title: Words
    summary: Words
    lines: tuple[tuple[int, int], ...]
    text: str = ""


class ChoiceOption(PackModel):
    """One value of a choice fact: what it is called and how people say it."""

    id: Words
    label: Words
    synonyms: tuple[Words, ...] = ()


class Subject(PackModel):
    """What facts are about: the enterprise (one), or a list of things of which it may have several."""

    id: Words
    label: Words
    many: bool = False
    any: str = ""
    """Question whether there is any (lists only)."""
    more: str = ""
    """Question whether there is another one (lists only)."""

    @property
    def spec(self) -> SubjectSpec:
        return SubjectSpec(id=self.id, many=self.many)


class Reads(PackModel):
    """All that the reader of answers may assume of a fact beyond its type; its question and help are for people.

    ``units``: unit words with the factor to the fact's own unit. ``period``: over what time a figure is meant (``span``:
    over the whole of a thing, a plan included). ``names``: what people call it. ``zero``: answers that mean 0, the first
    as the bot says it itself; of a choice, its last. ``not``: words beside which a figure is another thing. ``bare``:
    whether a figure without unit is in the fact's own; where it is not said, as far as nobody would mean 万.
    """

    units: dict[Words, Annotated[Decimal, Field(gt=0)]] = Field(default_factory=dict)
    period: Literal["year", "month", "this_year", "span", "none"] | None = None
    names: tuple[Words, ...] = ()
    zero: tuple[Words, ...] = ()
    others: tuple[Words, ...] = Field(default=(), alias="not")
    bare: bool | None = None


class Fact(PackModel):
    """A fact with the question that asks for it. ``granted`` marks what somebody grants: applied for is not yet true.

    ``help`` says in one or two sentences how to answer, ``why`` why it is asked (plain words, clause cited).
    ``yes`` and ``no`` are everyday ways to affirm or deny just this fact. ``counter`` is what a whole number counts (年).
    ``unit_word`` is the text's own unit of a count, ``whole`` where there are no parts of one; ``by_year``: a figure for
    each calendar year; ``never``: a day that may never come. A fact with ``derive`` follows from others: nobody is asked.
    """

    id: Words
    type: Literal["bool", "choice", "text", "money", "area", "ratio", "years", "int", "count", "date", "place"]
    label: Words
    question: str = ""
    help: str = ""
    why: str = ""
    choices: tuple[ChoiceOption, ...] = ()
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    granted: bool = False
    counter: str = ""
    unit_word: Annotated[str, Field(alias="unit")] = ""
    whole: bool = True
    by_year: bool = False
    never: bool = False
    derive: Term | None = None
    yes: tuple[Words, ...] = ()
    no: tuple[Words, ...] = ()
    reads: Reads = Field(default_factory=Reads)

    @property
    def subject(self) -> str:
        return self.id.partition(".")[0]

    @property
    def name(self) -> str:
        return self.id.partition(".")[2]

    @property
    def unit(self) -> str | None:
        """The unit of a numeric fact, None for the others."""
        units = {"money": "yuan", "area": "m2", "ratio": "ratio", "years": "year", "int": "count"}
        return self.unit_word or units.get(self.type)

    def naming(self, places: Sequence["OwnPlace"]) -> "Fact":
        """The fact, which can name these places too where it is one."""
        named = {each.code: ChoiceOption(id=each.code, label=each.name, synonyms=each.synonyms) for each in places}
        choices = {choice.id: choice for choice in self.choices} | named
        return self.model_copy(update={"choices": tuple(choices.values())}) if self.type == "place" else self

    @cached_property
    def spec(self) -> FactSpec:
        return FactSpec(
            id=self.id,
            type=self.type,
            choices=tuple(c.id for c in self.choices),
            minimum=self.minimum,
            maximum=self.maximum,
            whole=self.whole,
            by_year=self.by_year,
            never=self.never,
            derive=self.derive,
        )


class SharedFact(PackModel):
    """A fact of the vocabulary that a pack takes: why this policy asks, and what it words anew."""

    use: Words
    why: Words
    question: Words | None = None
    help: Words | None = None


class ScreeningOption(PackModel):
    """One tick of the opening question: the facts that ticking it states, and those that leaving it states.

    Keys are fact ids or subject ids; values as in a case's JSON (a list subject takes a list of items).
    """

    id: Words
    label: Words
    synonyms: tuple[Words, ...] = ()
    chosen: CaseValues = Field(default_factory=dict)
    otherwise: CaseValues = Field(default_factory=dict)

    @property
    def states(self) -> tuple[CaseValues, CaseValues]:
        """What it states when it is ticked, and when it is left."""
        return self.chosen, self.otherwise


class Screening(PackModel):
    question: Words
    help: Words
    options: tuple[ScreeningOption, ...]


class Example(PackModel):
    """A case that a programme carries as its own test."""

    title: Words
    kind: Literal["eligible", "ineligible", "boundary"]
    case: CaseValues
    status: Literal["eligible", "ineligible", "undetermined"]
    amount: tuple[Decimal, Decimal | None] | None = None


class Programme(ProgrammeRule):
    """A programme of the policy: the rule with its name, its plain words and its tests."""

    label: Words
    summary: Words
    examples: tuple[Example, ...]


class Evidence(PackModel):
    """A paper that an application needs; ``proves`` are the facts that it proves, none = every application needs it."""

    id: Words
    name: Words
    proves: tuple[str, ...] = ()
    basis: Literal["clause", "inferred"]
    clause: str | None = None
    note: str = ""


class Notice(PackModel):
    """A gap or a caveat of the document that the bot says; ``programmes`` empty = it concerns every result."""

    id: Words
    text: Words
    clause: str
    programmes: tuple[str, ...] = ()


class AcrossDocuments(PackModel):
    """就高不重复 with other documents: of what is granted for the same matter only the highest is paid."""

    rule: Literal["highest"]
    programmes: tuple[str, ...] = ()
    quote: Words
    clause: str | None = None


class Authority(PackModel):
    """Who takes applications, beside the ``lead``; ``programmes`` empty = for all of them."""

    name: Words
    programmes: tuple[str, ...] = ()
    quote: str = ""
    clause: str | None = None


class NotModelled(PackModel):
    """A clause that holds money and that no programme covers, and why not."""

    clause: Words
    why: Words
    quote: str = ""


class OwnPlace(PackModel):
    """A place that the list of places does not have: a development zone, or an invented one (99…)."""

    code: Annotated[str, Field(pattern=r"^[0-9]{6}$")]
    name: Words
    synonyms: tuple[Words, ...] = ()


class PolicyHead(PackModel):
    """What a pack says of its document in a word each. ``number`` and ``printed``: many documents have neither."""

    id: Words
    version: Words
    number: str = ""
    title: Words
    issuer: Words
    printed: date | None = None
    lead: Words
    area_code: Annotated[str, Field(pattern=r"^0\d{2,3}$")] | None = None
    """The telephone area code of the place, taken for a landline number that comes without one."""
    area: Annotated[str, Field(pattern=r"^[0-9]{6}$")] | None = None
    """The code (GB/T 2260) of the issuer's place."""
    places: tuple[OwnPlace, ...] = ()
    """What the codes of places are called that no list has; people can then answer with them."""
    coverage: Literal["whole", "excerpt"] | None = None
    greeting: Words
    you: Words = YOU
    """How the bot addresses the enterprise that it speaks with."""
    next_steps: tuple[Words, ...]


class Policy(PolicyHead, Provisions):
    """A whole pack."""

    across: AcrossDocuments | None = None
    offices: tuple[Authority, ...] = ()
    not_modelled: tuple[NotModelled, ...] = ()
    subjects: tuple[Subject, ...]
    screening: Screening
    notices: tuple[Notice, ...]
    clauses: tuple[Clause, ...]
    facts: tuple[Fact, ...]
    programmes: tuple[Programme, ...]
    evidence: tuple[Evidence, ...]
    questions: Questions
    source: str
    taken: frozenset[str] = frozenset()
    """The ids of the facts that it takes from the vocabulary."""

    _spoken: "Callable[[], Mentions] | None" = PrivateAttr(None)
    _phrased: "Callable[[Mentions], Mentions] | None" = PrivateAttr(None)

    @property
    def name(self) -> str:
        """What the document is called in short: its number, else its title."""
        return self.number or f"《{self.title}》"

    @property
    def documents(self) -> "tuple[Policy, ...]":
        """The documents that it is made of: itself, where it is no more than one."""
        return (self,)

    @property
    def alone(self) -> "tuple[Policy, ...]":
        """The documents as their packs have them."""
        return (self,)

    @property
    def several(self) -> bool:
        """Whether it is made of several documents."""
        return len(self.documents) > 1

    def document(self, ident: str) -> "Policy":
        """The document whose programme, clause or claim ``ident`` is."""
        if not self.several:
            return self.documents[0]
        return next(each for each in self.documents if each.id == owner(ident))

    def in_charge(self, programme: str) -> str:
        """Who takes applications for ``programme``: the lead, and the offices beside it, each once."""
        document = self.document(programme)
        beside = [each.name for each in document.offices if not each.programmes or programme in each.programmes]
        return "、".join(dict.fromkeys((document.lead, *beside)))

    def own_citation(self, clause: Clause) -> str | None:
        """How the document cites its own ``clause``, without the name that goes before it among several documents."""
        return clause.citation and clause.citation.removeprefix(f"{self.name} ")

    def speak(self, read: "Callable[[], Mentions]", phrased: "Callable[[Mentions], Mentions] | None" = None) -> None:
        """Have the mentions from ``read`` when they are first asked for, with what ``phrased`` makes of what they leave out."""
        self._spoken, self._phrased = read, phrased

    @cached_property
    def written_mentions(self) -> "Mentions":
        """How people speak of the facts, as the pack and the vocabulary say; empty where they do not."""
        from knowledge.mentions import Mentions

        return self._spoken() if self._spoken else Mentions()

    @cached_property
    def mentions(self) -> "Mentions":
        """How people speak of the facts; where that is not written, as their own words tell."""
        return self._phrased(self.written_mentions) if self._phrased else self.written_mentions

    def clause(self, id: str) -> Clause:
        """The clause ``id``; KeyError where there is none."""
        return self._clauses[id]

    def fact(self, path: str) -> Fact:
        """The fact at ``path``: an id, or the path of one in a case (``pilots.0.industry``); KeyError where there is none.

        A path may name a year (``enterprise.revenue@2021``).
        """
        found = self._facts.get(path)
        if found is not None:
            return found
        path = path.partition("@")[0]
        subject, _, name = path.partition(".")
        index, _, rest = name.partition(".")
        return self._facts[f"{subject}.{rest}" if index.isdigit() else path]

    def programme(self, id: str) -> Programme:
        """The programme ``id``; KeyError where there is none."""
        return self._programmes[id]

    def materials(self, programme_id: str) -> tuple[Evidence, ...]:
        """What an application for the programme needs: first what every one needs, then what proves its facts."""
        return self._materials[programme_id]

    @cached_property
    def lists(self) -> tuple[str, ...]:
        """The subjects of which an enterprise may have several, in order."""
        return tuple(subject.id for subject in self.subjects if subject.many)

    @cached_property
    def granting(self) -> frozenset[str]:
        """The clauses that grant something: those of the programmes."""
        return frozenset(programme.clause for programme in self.programmes)

    @cached_property
    def _clauses(self) -> dict[str, Clause]:
        return {clause.id: clause for clause in self.clauses}

    @cached_property
    def _facts(self) -> dict[str, Fact]:
        return {fact.id: fact for fact in self.facts}

    @cached_property
    def _programmes(self) -> dict[str, Programme]:
        return {programme.id: programme for programme in self.programmes}

    @cached_property
    def _materials(self) -> dict[str, tuple[Evidence, ...]]:
        general = tuple(paper for paper in self.evidence if not paper.proves)
        rests_on = {programme.id: self._rests_on(programme) for programme in self.programmes}
        return {
            ident: general + tuple(paper for paper in self.evidence if not facts.isdisjoint(paper.proves))
            for ident, facts in rests_on.items()
        }

    def _rests_on(self, programme: ProgrammeRule) -> frozenset[str]:
        """The facts on which hangs what a programme is paid: by its rules, what is demanded of it, and its caps."""
        demands = [demand.condition for demand in self.requires if demand.concerns(programme.id)]
        caps = [limit for limit in self.limits if isinstance(limit, Cap) and programme.id in limit.programmes]
        conditions = {each.id: each.conditions for each in self.programmes}
        derived = {fact.id: fact.derive for fact in self.facts if fact.derive is not None}
        rules = (programme.conditions, programme.amount, demands, caps)
        return frozenset((*programme.facts, *bases(rules, conditions, derived)))
