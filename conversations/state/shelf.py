"""The policies in play for consultations, compiled once and handed down to everything that converses about them.

Each part is built when it is first used, so that a command pays only for what it needs. Holds no state of a
conversation. Several policies are one to whoever converses (``knowledge.joined``); what is compiled from it elsewhere
is kept here too (``compiled``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from decimal import Decimal
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, TypeVar, cast

from knowledge.patterns import regex
from knowledge.places import place_name
from knowledge.policy import Policy, ScreeningOption
from rules.conditions import Measured, Meets, Threshold
from rules.programme import ProgrammeRule
from rules.terms import FactTerm
from rules.walk import names, parts

if TYPE_CHECKING:
    from conversations.state.office_notes import OfficeNote
    from knowledge.search import Found, Search, SearchOfSeveral
    from rules.assessment import Rulebook
    from rules.bookshelf import Bookshelf

T = TypeVar("T")

MOST_OPTIONS = 12
"""More options than that nobody reads: of several documents one is chosen first."""
_PLACE = regex(r"[\u4e00-\u9fff]{1,12}[省市县区州盟旗]")
_ELSEWHERE = "其他"


class Shelf:
    """``policy`` with its compiled parts.

    ``retention_days`` is how long the office keeps a lead that is closed, which a person is told before they leave one.
    ``notes`` is what the office says beside the documents and that holds today; where there is an office, its service
    puts others in their place, all at once.
    """

    def __init__(self, policy: Policy, retention_days: int = 365) -> None:
        self.policy = policy
        self.retention_days = retention_days
        self.notes: tuple[OfficeNote, ...] = ()
        self._compiled: dict[Callable[[Policy], object], object] = {}
        self._parts: dict[frozenset[str], Bookshelf] = {}
        self._options: dict[tuple[str, ...], tuple[ScreeningOption, ...]] = {}
        self._asked_for: dict[str, frozenset[str]] = {}
        self._own: dict[str, tuple[str, ...]] = {}

    @classmethod
    def of(cls, policies: Sequence[Policy], retention_days: int = 365) -> Shelf:
        """The shelf on which ``policies`` lie."""
        if len(policies) == 1:
            return cls(policies[0], retention_days)
        from knowledge.joined import joined

        return cls(joined(policies), retention_days)

    def compiled(self, make: Callable[[Policy], T]) -> T:
        """What ``make`` makes of the policy, made at the first call: for readers that this room does not know."""
        if make not in self._compiled:
            self._compiled[make] = make(self.policy)
        return cast("T", self._compiled[make])

    @cached_property
    def rulebook(self) -> Rulebook:
        """The rules of the one policy."""
        return _rulebook(self.policy)

    @cached_property
    def rules(self) -> Rulebook | Bookshelf:
        """The rules, which assess a case."""
        documents = self.policy.documents
        if not self.policy.several:
            return self.rulebook
        from rules.bookshelf import Bookshelf

        return Bookshelf(
            books={document.id: _rulebook(document) for document in documents},
            across=[document.id for document in documents if document.across],
            subjects=[subject.spec for subject in self.policy.subjects],
            facts=[fact.spec for fact in self.policy.facts],
        )

    def rules_of(self, in_play: Collection[str]) -> Rulebook | Bookshelf:
        """The rules of the documents ``in_play``, of all where none is named."""
        rules = self.rules
        named = frozenset(in_play) & {each.id for each in self.policy.documents}
        if not named or not self.policy.several:
            return rules
        if named not in self._parts:
            self._parts[named] = cast("Bookshelf", rules).only(named)
        return self._parts[named]

    def options(self, in_play: Collection[str]) -> tuple[ScreeningOption, ...]:
        """The options of the opening question that concern the documents ``in_play``, all where none is named."""
        options = self.policy.screening.options
        if not in_play:
            return options
        key = tuple(in_play)
        if key not in self._options:
            found: dict[str, ScreeningOption] = {}
            for own in chain.from_iterable(each.screening.options for each in self.documents(in_play)):
                # one that several documents share stands in the whole once; here it reads as in the document itself
                shared = next(option for option in options if option.states == own.states)
                found.setdefault(shared.id, own.model_copy(update={"id": shared.id}))
            self._options[key] = tuple(found.values())
        return self._options[key]

    def documents(self, in_play: Collection[str]) -> tuple[Policy, ...]:
        """The documents ``in_play``, all where none is named that lies here."""
        documents = self.policy.documents
        return tuple(each for each in documents if each.id in in_play) or documents

    def crowded(self, options: Collection[str], in_play: Collection[str]) -> bool:
        """Whether the opening's ``options`` are too many, so that one of the documents ``in_play`` is chosen first."""
        return len(options) > MOST_OPTIONS and len(self.documents(in_play)) > 1

    def places(self, in_play: Collection[str]) -> dict[str, tuple[str, ...]]:
        """The documents ``in_play`` by the place that they are for."""
        found: dict[str, tuple[str, ...]] = {}
        for each in self.documents(in_play):
            named = None if each.area is None else place_name(each.area)
            issuer = _PLACE.match(each.issuer)
            place = named if named not in (None, each.area) else issuer[0] if issuer else _ELSEWHERE
            found[place] = (*found.get(place, ()), each.id)
        return found

    def may_overlap(self, in_play: Collection[str] = ()) -> bool:
        """Whether several of the documents ``in_play`` may pay for one matter, of which only the highest is paid."""
        documents = self.documents(in_play)
        return len(documents) > 1 and any(each.across for each in documents)

    @cached_property
    def search(self) -> Search | SearchOfSeveral:
        """From a question to the clauses that answer it."""
        from knowledge.search import Search, SearchOfSeveral

        return SearchOfSeveral(self.policy.documents) if self.policy.several else Search(self.policy)

    def find(self, text: str, topic: str | None = None, in_play: Collection[str] = ()) -> Found:
        """The clauses that answer ``text``, those of the documents ``in_play`` first; ``topic`` as ``Search.find`` takes it."""
        search = self.search
        if not self.policy.several:
            return search.find(text, topic)
        return cast("SearchOfSeveral", search).find(text, topic, in_play)

    @cached_property
    def names(self) -> dict[str, tuple[str, ...]]:
        """Per subject id the bare names of the facts that are asked for, in the pack's order, that of the questions."""
        subjects = {subject.id: list[str]() for subject in self.policy.subjects}
        for fact in self.policy.facts:
            if fact.derive is None:
                subjects[fact.subject].append(fact.name)
        return {subject: tuple(names) for subject, names in subjects.items()}

    @cached_property
    def sizes(self) -> dict[str, str]:
        """Per subject id the bare name of the first of its facts that says how large a thing is."""
        sized = [fact for fact in self.policy.facts if fact.type in ("area", "money")]
        return {fact.subject: fact.name for fact in reversed(sized)}

    @cached_property
    def thresholds(self) -> dict[str, tuple[Decimal, ...]]:
        """Per fact id the figures that some condition compares it with, in the fact's unit, ascending."""
        found: dict[str, set[Decimal]] = {}
        for programme in self.policy.programmes:
            for leaf in programme.leaves:
                if isinstance(leaf, Threshold) and leaf.fact is not None and isinstance(leaf.value, Decimal):
                    found.setdefault(leaf.fact.partition("@")[0], set()).add(leaf.value)
        return {fact: tuple(sorted(values)) for fact, values in found.items()}

    @cached_property
    def in_terms(self) -> frozenset[str]:
        """The ids of the facts of which some condition compares a figure that is made of them."""
        rules = (*self.policy.programmes, *self.policy.requires)
        tests = [each for rule in rules for each in parts(rule) if isinstance(each, Measured)]
        made = [(test.term, getattr(test, "than", None)) for test in tests]
        derived = [FactTerm(test.fact) for test in tests if test.fact in self._derived]
        return frozenset(fact for part in (*made, *derived) for fact in self.stated(part))

    @cached_property
    def users(self) -> Counter[str]:
        """Per fact id how many programmes have a condition on it."""
        users = Counter(
            fact
            for programme in self.policy.programmes
            for fact in {fact for leaf in programme.leaves for fact in self.stated(leaf)}
        )
        for demand in self.policy.requires:
            concerned = sum(demand.concerns(programme.id) for programme in self.policy.programmes)
            users.update(dict.fromkeys({*self.stated(demand.condition)}, concerned))
        return users

    def stated(self, part: object) -> Iterator[str]:
        """The ids of the facts and lists that a part of a rule rests on, those behind a derived one, without years."""
        for name in names(part):
            ident = name.partition("@")[0]
            derived = self._derived.get(ident)
            if derived is not None:
                yield from self.stated(derived)
            elif ident != "on":
                yield ident

    @cached_property
    def named(self) -> dict[str, frozenset[str]]:
        """Per programme id the facts and lists that its own rules name, without years."""
        return {programme.id: frozenset(programme.facts) for programme in self.policy.programmes}

    def asked_for(self, programme: ProgrammeRule) -> frozenset[str]:
        """The facts and lists that a programme may need answers to, each year of one apart."""
        if programme.id not in self._asked_for:
            demands = [demand.condition for demand in self.policy.requires if demand.concerns(programme.id)]
            years = [programme.years.fact] if programme.years else []
            parts = (programme.conditions, programme.amount, demands)
            self._asked_for[programme.id] = frozenset((*self._named(parts), *years))
        return self._asked_for[programme.id]

    def own_facts(self, programme: ProgrammeRule) -> tuple[str, ...]:
        """The facts of ``programme``, without years, that no other has a condition on; all of them where there is none."""
        if programme.id not in self._own:
            facts = dict.fromkeys(fact.partition("@")[0] for fact in sorted(self.asked_for(programme)))
            self._own[programme.id] = tuple(fact for fact in facts if self.users[fact] <= 1) or tuple(facts)
        return self._own[programme.id]

    def _named(self, part: object) -> Iterator[str]:
        for name in names(part):
            derived = self._derived.get(name)
            if derived is not None:
                yield from self._named(derived)
            elif name != "on":
                yield name
        for each in parts(part):
            if isinstance(each, Meets):
                yield from self.asked_for(self.policy.programme(each.programme))

    @cached_property
    def dated(self) -> bool:
        """Whether anything of the policy depends on the day at which a case is judged."""
        policy = self.policy
        rules = (*policy.programmes, *policy.requires, *policy.limits, *self._derived.values())
        named = (name for rule in rules for name in names(rule))
        relative = any(name == "on" or "@this" in name or "@last" in name for name in named)
        return relative or any(document.valid or document.calls for document in policy.documents)

    @cached_property
    def _derived(self) -> dict[str, object]:
        return {fact.id: fact.derive for fact in self.policy.facts if fact.derive is not None}


def _rulebook(policy: Policy) -> Rulebook:
    from rules.assessment import Rulebook

    return Rulebook(
        subjects=[subject.spec for subject in policy.subjects],
        facts=[fact.spec for fact in policy.facts],
        programmes=policy.programmes,
        provisions=policy,
    )
