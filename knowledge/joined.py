"""Several policies as one, for a consultation about all of them: ``joined``.

What the policies share, the facts of the vocabulary, stands in it once; what is a policy's own is called
``policy/name``: its programmes, its clauses, the facts that it defines itself (``haicheng-2023/enterprise.lines``) and
its lists (``haicheng-2023/sites.0.area``). A clause is cited with its document. Every rule names the facts so, and is else as its pack has it. Knows no
person; what several policies come to together is the business of ``rules``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from string import ascii_lowercase
from typing import TYPE_CHECKING, Any, TypeVar, cast

from pydantic import BaseModel

from knowledge.patterns import regex
from knowledge.phrases import common
from knowledge.policy import (
    ASSESS,
    SEPARATOR,
    Clause,
    Evidence,
    Fact,
    Notice,
    Policy,
    Programme,
    Screening,
    ScreeningOption,
    Subject,
)
from knowledge.questions import Questions, Unanswered
from rules.programme import Cap, Exclusive, Highest
from rules.raw import is_list, is_object

if TYPE_CHECKING:
    from knowledge.mentions import FactMentions, Mentions

_OWN = frozenset({"id", "clause", "clauses", "answered", "programme", "programmes", "spared", "pooled", "one_project"})
"""The fields that hold the names of clauses and programmes, or the entry's own."""
_LISTS = frozenset({"subject", "list", "count", "total", "chosen", "otherwise"})
"""The fields that hold, among others, the names of lists."""
_IN_TURN = ("notices", "clauses", "programmes", "requires", "limits", "calls", "selection", "offices")
"""What stands in the whole as in the policies, one after the other."""
_CLASS = regex(r"\{([a-z_]+)\}")

M = TypeVar("M")
B = TypeVar("B", bound=BaseModel)


class JoinedPolicy(Policy):
    """``originals`` as one policy, made of ``parts``: each is one of them whose own things are called ``policy/name``."""

    parts: tuple[Policy, ...]
    originals: tuple[Policy, ...]

    @property
    def documents(self) -> tuple[Policy, ...]:
        return self.parts

    @property
    def alone(self) -> tuple[Policy, ...]:
        return self.originals

    def materials(self, programme_id: str) -> tuple[Evidence, ...]:
        papers = self.document(programme_id).materials(programme_id)
        return tuple(dict.fromkeys(self._papers[paper.name] for paper in papers))

    @cached_property
    def _papers(self) -> dict[str, Evidence]:
        return {paper.name: paper for paper in self.evidence}


def joined(policies: Sequence[Policy]) -> Policy:
    """``policies`` as one; one alone is itself."""
    if len(policies) == 1:
        return policies[0]
    parts = tuple(_Names.of(policy).qualified(policy, number) for number, policy in enumerate(policies))
    with_rule = [part for part in parts if part.cumulation is not None]
    same = {name: {getattr(part, name) for part in parts} for name in ("area", "area_code", "you")}
    fields: dict[str, Any] = {name: values.pop() for name, values in same.items() if len(values) == 1}
    for name in _IN_TURN:
        fields[name] = tuple(chain.from_iterable(getattr(part, name) for part in parts))
    whole = JoinedPolicy.model_construct(
        None,
        **fields,
        parts=parts,
        originals=tuple(policies),
        id="+".join(policy.id for policy in policies),
        version="+".join(policy.version for policy in policies),
        title="、".join(policy.title for policy in policies),
        issuer="、".join(dict.fromkeys(policy.issuer for policy in policies)),
        lead="、".join(dict.fromkeys(policy.lead for policy in policies)),
        greeting=_greeting(policies),
        next_steps=tuple(dict.fromkeys(chain.from_iterable(policy.next_steps for policy in policies))),
        subjects=_subjects(parts),
        screening=_screening(parts),
        facts=_facts(parts),
        evidence=_papers(parts),
        questions=_questions(parts),
        cumulation=with_rule[0].cumulation if with_rule else None,
        source="\n".join(part.source for part in parts),
        taken=frozenset[str]().union(*(part.taken for part in parts)),
    )
    whole.speak(lambda: _mentions(parts))
    return whole


@dataclass(frozen=True, slots=True)
class _Names:
    """What a policy's own things are called among others."""

    policy: str
    facts: Mapping[str, str]
    subjects: Mapping[str, str]

    @classmethod
    def of(cls, policy: Policy) -> _Names:
        own = {fact.id: f"{policy.id}{SEPARATOR}{fact.id}" for fact in policy.facts if fact.id not in policy.taken}
        lists = {each: f"{policy.id}{SEPARATOR}{each}" for each in policy.lists}
        return cls(policy.id, own, lists)

    def qualified(self, policy: Policy, number: int) -> Policy:
        """``policy`` with its own things so named. ``number`` is its place among the policies."""
        fields: dict[str, Any] = {
            name: self._renamed(getattr(policy, name), name)
            for name in type(policy).model_fields
            if name not in ("id", "subjects", "facts", "programmes", "questions", "source")
        }
        fields["clauses"] = tuple(
            _with(each, citation=each.citation and f"{policy.name} {each.citation}") for each in fields["clauses"]
        )
        every = tuple(self._named(programme.id) for programme in policy.programmes)
        for name in ("requires", "calls", "selection"):
            fields[name] = tuple(_with(each, programmes=each.programmes or every) for each in fields[name])
        part = Policy.model_construct(
            None,
            **fields,
            id=policy.id,
            subjects=self._subjects(policy),
            facts=tuple(_with(self._renamed(fact, ""), id=self.facts.get(fact.id, fact.id)) for fact in policy.facts),
            programmes=tuple(self._renamed(_with(each, examples=()), "") for each in policy.programmes),
            questions=self._questions(policy.questions, every, policy),
            source=policy.source,
        )
        part.speak(lambda: self._mentions(policy.mentions, number))
        return part

    def _named(self, ident: str) -> str:
        return f"{self.policy}{SEPARATOR}{ident}"

    def _name(self, text: str, field: str) -> str:
        """What ``text``, which stands in ``field``, is called."""
        fact, at, year = text.partition("@")
        if fact in self.facts:
            return f"{self.facts[fact]}{at}{year}"
        if field in _LISTS:
            return self.subjects.get(text, text)
        return self._named(text) if field in _OWN and text != ASSESS else text

    def _renamed(self, part: M, field: str) -> M:
        """A part of a pack with the names in it; ``field`` is the one that it stands in."""
        found: object = part
        if isinstance(part, str):
            found = self._name(part, field)
        elif isinstance(part, BaseModel):
            own = {name: self._renamed(getattr(part, name), _kind(part, name)) for name in type(part).model_fields}
            found = _with(part, **own)
        elif is_list(part):
            renamed = (self._renamed(each, field) for each in part)
            found = [*renamed] if isinstance(part, list) else tuple(renamed)  # JSON has lists, models have tuples
        elif is_object(part):
            found = {self._key(key, field): self._renamed(each, "") for key, each in part.items()}
        return cast("M", found)

    def _key(self, key: object, field: str) -> object:
        return self._name(key, field) if isinstance(key, str) else key

    def _subjects(self, policy: Policy) -> tuple[Subject, ...]:
        subjects: list[Subject] = []
        for subject in policy.subjects:
            if subject.many:
                subjects.append(_with(subject, id=self.subjects[subject.id]))
                continue
            subjects.append(subject)
            if any(fact.startswith(f"{subject.id}.") for fact in self.facts):
                subjects.append(_with(subject, id=self._named(subject.id)))
        return tuple(subjects)

    def _questions(self, questions: Questions, every: tuple[str, ...], policy: Policy) -> Questions:
        named: Questions = self._renamed(questions, "")
        clauses = tuple(self._named(clause.id) for clause in policy.clauses)
        remarks = tuple(
            _with(each, clauses=each.clauses or clauses, programmes=each.programmes or every) for each in named.remarks
        )
        return _with(named, remarks=remarks)

    def _mentions(self, mentions: Mentions, number: int) -> Mentions:
        """How people speak of the policy's facts; its classes of words get names of their own."""
        mine = {name: f"{name}_{_letters(number)}" for name in mentions.words}

        def told(part: Any) -> Any:
            if isinstance(part, str):
                return _CLASS.sub(lambda match: f"{{{mine.get(match[1], match[1])}}}", part)
            if isinstance(part, BaseModel):
                return _with(part, **{name: told(getattr(part, name)) for name in type(part).model_fields})
            if is_list(part):
                return tuple(told(each) for each in part)
            if is_object(part):
                return {key: told(each) for key, each in part.items()}
            return part

        said: Mentions = told(self._renamed(mentions, ""))
        return _with(said, words={mine.get(name, name): words for name, words in said.words.items()})


def _kind(part: BaseModel, field: str) -> str:
    """What stands in ``field``, by the name of a field that always holds it."""
    if isinstance(part, (Cap, Exclusive, Highest)) and field == "of":
        return "programmes"
    named = isinstance(part, (Clause, Evidence, Notice, Programme, ScreeningOption, Unanswered)) and not _common(part)
    return "" if field == "id" and not named else field


def _letters(number: int) -> str:
    """A number in letters, as the names of classes have nothing else."""
    rest, last = divmod(number, len(ascii_lowercase))
    return (_letters(rest - 1) if rest else "") + ascii_lowercase[last]


def _common(part: BaseModel) -> bool:
    """Whether a part is a kind of questions that no document answers."""
    return isinstance(part, Unanswered) and bool(part.common)


def _with(model: B, **changes: object) -> B:
    """A copy of a frozen model with other fields, and nothing kept that was reckoned from the old ones."""
    copy = model.model_copy()
    fields = {name: getattr(model, name) for name in type(model).model_fields}
    object.__setattr__(copy, "__dict__", {**fields, **changes})
    return copy


def _greeting(policies: Sequence[Policy]) -> str:
    return f"您好！我可以帮您对照 {len(policies)} 份扶持政策，看看符合哪几项、大概多少钱、要什么材料。"


def _subjects(parts: Sequence[Policy]) -> tuple[Subject, ...]:
    """What is shared first, then each policy's own."""
    every = {subject.id: subject for part in reversed(parts) for subject in part.subjects}
    order = sorted(dict.fromkeys(s.id for part in parts for s in part.subjects), key=lambda ident: SEPARATOR in ident)
    return tuple(every[ident] for ident in order)


def _screening(parts: Sequence[Policy]) -> Screening:
    """The options of all, those that state the same but once."""
    options: dict[str, ScreeningOption] = {}
    for option in chain.from_iterable(part.screening.options for part in parts):
        options.setdefault(repr(option.states), option)
    return _with(parts[0].screening, options=tuple(options.values()))


def _facts(parts: Sequence[Policy]) -> tuple[Fact, ...]:
    """Each shared fact once, with why every policy asks for it."""
    found: dict[str, Fact] = {}
    for part in parts:
        for fact in part.facts:
            why = f"{part.name}：{fact.why}" if fact.why else ""
            before = found.get(fact.id)
            whys = [before.why, why] if before is not None else [why]
            named = {choice.id: choice for one in (before, fact) if one is not None for choice in one.choices}
            found[fact.id] = _with(before or fact, why="\n".join(filter(None, whys)), choices=tuple(named.values()))
    return tuple(found.values())


def _papers(parts: Sequence[Policy]) -> tuple[Evidence, ...]:
    """Each paper once; what every application of every policy needs is needed by all."""
    found: dict[str, Evidence] = {}
    for paper in chain.from_iterable(part.evidence for part in parts):
        before = found.get(paper.name)
        if before is not None:
            notes = dict.fromkeys(note for note in (before.note, paper.note) if note)
            paper = _with(before, proves=(*before.proves, *paper.proves), note="；".join(notes))
        found[paper.name] = paper
    return tuple(found.values())


def _questions(parts: Sequence[Policy]) -> Questions:
    every = [part.questions for part in parts]
    kinds = {kind.id: kind for each in reversed(every) for kind in each.unanswered}
    for ident, kind in kinds.items():
        if kind.common:  # it is of none of them
            kinds[ident] = _with(kind, advice=kind.advice.replace("这份文件", "这几份文件"))
    return Questions.model_construct(
        answered=_merged(each.answered for each in every),
        unanswered=tuple(kinds.values()),
        terms=_merged(each.terms for each in every),
        remarks=tuple(chain.from_iterable(each.remarks for each in every)),
    )


def _mentions(parts: Sequence[Policy]) -> Mentions:
    from knowledge.mentions import Mentions

    every = [part.mentions for part in parts]
    # 本市 is no place that is known where documents of several are spoken of
    nowhere = common()["here"] if len({part.area for part in parts}) > 1 else ()
    words = {name: tuple(w for w in said if w not in nowhere) for m in every for name, said in m.words.items()}
    facts: dict[str, FactMentions] = {}
    for each in chain.from_iterable(mentions.facts for mentions in every):
        facts[each.fact] = _both(facts[each.fact], each) if each.fact in facts else each
    lists: dict[str, Any] = {
        name: tuple(chain.from_iterable(getattr(mentions, name) for mentions in every))
        for name in ("heard", "others", "subjects", "decoys", "bystanders", "places", "projects")
    }
    return Mentions.model_construct(
        None,
        **lists,
        spellings={slip: word for mentions in every for slip, word in mentions.spellings.items()},
        words=words if not nowhere else {"here": (), **words},
        facts=tuple(facts.values()),
    )


def _both(one: B, other: B) -> B:
    """Two entries on one shared fact as one: what either says."""
    fields = type(one).model_fields
    return _with(one, **{name: _sum(getattr(one, name), getattr(other, name)) for name in fields})


def _sum(one: Any, other: Any) -> Any:
    if is_list(one):
        return tuple(dict.fromkeys((*one, *other)))
    if is_object(one):
        return {**other, **one}
    return one or other


def _merged(each: Iterable[Mapping[str, tuple[str, ...]]]) -> dict[str, tuple[str, ...]]:
    """Several tables of words as one."""
    found: dict[str, tuple[str, ...]] = {}
    for table in each:
        for name, words in table.items():
            found[name] = tuple(dict.fromkeys((*found.get(name, ()), *words)))
    return found
