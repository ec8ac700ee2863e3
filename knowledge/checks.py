"""What a pack must satisfy beyond its schema: it stays true to its text, and its parts fit together.

Knows neither files nor lines, only places in a ``Draft`` (``knowledge.loading`` turns them into lines), and no policy.
"""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from difflib import get_close_matches
from typing import TYPE_CHECKING, cast

from knowledge.draft import Draft, Fault, Located, Place
from knowledge.figures import arabic_figures, figures
from knowledge.policy import Clause, Evidence, Fact, Programme, Questions, Screening, Subject
from knowledge.trials import example_kind_faults
from rules.amounts import ByLevel
from rules.case import NUMERIC, CaseError, value_from_json
from rules.conditions import AllOf, AnyOf, AtLeastNOf, Condition, Holds, IsOneOf, Leaf, Meets, Not, line_of
from rules.plain import plain_levels, plain_share, plain_sum
from rules.programme import Cumulation
from rules.terms import plain

if TYPE_CHECKING:
    from knowledge.mentions import Mentions

ASSESS = "assess"
"""Stands for a clause where a question is about one's own eligibility."""


def faults(draft: Draft) -> Iterator[Fault]:
    """Every mistake in the draft, its examples not yet run."""
    check = _Checks(draft)
    yield from check.unique_ids()
    yield from check.coverage()
    for subject in draft.subjects:
        yield from check.subject(subject)
    for clause in draft.clauses:
        yield from check.clause(clause)
    for fact in draft.facts:
        yield from check.fact(fact)
    for programme in draft.programmes:
        yield from check.programme(programme)
    for paper in draft.evidence:
        yield from check.paper(paper)
    for notice in draft.notices:
        yield from check.known("clauses", notice.part.clause, (*notice.at, "clause"))
        yield from check.all_known("programmes", notice.part.programmes, (*notice.at, "programmes"))
    if draft.screening:
        yield from check.screening(draft.screening)
    if draft.cumulation:
        yield from check.cumulation(draft.cumulation)
    if draft.mentions:
        yield from check.mentions(draft.mentions)
    if draft.questions:
        yield from check.questions(draft.questions)


class _Checks:
    def __init__(self, draft: Draft) -> None:
        self._draft = draft
        self._source = _bare(draft.source)
        self._clauses = {clause.part.id: clause.part for clause in draft.clauses if clause.part.text}
        self._facts = {fact.part.id: fact.part for fact in draft.facts}
        self._many = {subject.part.id: subject.part.many for subject in draft.subjects}

    def known(self, field: str, ident: str, at: Place) -> Iterator[Fault]:
        ids = self._draft.ids[field]
        if ids is not None and ident not in ids:
            yield Fault(at, f"there is no `{ident}` in {field}{_suggestion(ident, ids)}")

    def all_known(self, field: str, idents: Sequence[str], at: Place) -> Iterator[Fault]:
        for index, ident in enumerate(idents):
            yield from self.known(field, ident, (*at, index))

    def questions(self, entry: Located[Questions]) -> Iterator[Fault]:
        questions, at = entry.part, entry.at
        for clause_id in questions.answered:
            if clause_id != ASSESS:
                yield from self.known("clauses", clause_id, (*at, "answered", clause_id))
        for index, remark in enumerate(questions.remarks):
            yield from self.all_known("clauses", remark.clauses, (*at, "remarks", index, "clauses"))
            yield from self.all_known("programmes", remark.programmes, (*at, "remarks", index, "programmes"))
        kinds = enumerate(questions.unanswered)
        yield from _repeated((kind.id, (*at, "unanswered", index, "id")) for index, kind in kinds)

    def unique_ids(self) -> Iterator[Fault]:
        draft = self._draft
        for entries in (draft.subjects, draft.clauses, draft.facts, draft.programmes, draft.evidence, draft.notices):
            yield from _repeated((entry.part.id, (*entry.at, "id")) for entry in entries)

    def coverage(self) -> Iterator[Fault]:
        if not self._source:
            return
        lines = self._draft.source.split("\n")
        owner: dict[int, str] = {}
        for clause in self._draft.clauses:
            for index, (first, last) in enumerate(clause.part.lines):
                at = (*clause.at, "lines", index)
                if not 1 <= first <= last <= len(lines):
                    yield Fault(at, f"source.txt has no lines {first} to {last}: it has lines 1 to {len(lines)}")
                    continue
                taken = {owner[number]: number for number in range(last, first - 1, -1) if number in owner}
                for other, number in taken.items():
                    yield Fault(
                        at, f"line {number} of source.txt belongs to clause {other} already; give it to one only"
                    )
                owner |= dict.fromkeys(range(first, last + 1), clause.part.id)
        ids = self._draft.ids["clauses"]
        if ids is None or len(self._draft.clauses) < len(ids):
            return  # the lines of a clause that could not be read are not gaps
        for number, line in enumerate(lines, start=1):
            if line.strip() and number not in owner:
                yield Fault(
                    ("source.txt", number), f"“{_short(line.strip())}” belongs to no clause; add the line to one"
                )

    def subject(self, entry: Located[Subject]) -> Iterator[Fault]:
        for name, question in (("any", entry.part.any), ("more", entry.part.more)):
            if entry.part.many and not question:
                yield Fault((*entry.at, name), f"a list needs the question `{name}`; add it")

    def clause(self, clause: Located[Clause]) -> Iterator[Fault]:
        missing = arabic_figures(clause.part.summary) - figures(clause.part.text)
        if clause.part.text and missing:
            message = f"the summary says {_listed(missing)}, which the clause does not; keep to its figures"
            yield Fault((*clause.at, "summary"), message)

    def fact(self, entry: Located[Fact]) -> Iterator[Fault]:
        fact, at = entry.part, entry.at
        if not re.fullmatch(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*", fact.id):
            yield Fault(
                (*at, "id"), f"`{fact.id}` should read `subject.name`, in small letters, digits and underscores"
            )
        else:
            yield from self.known("subjects", fact.subject, (*at, "id"))
        if (fact.type == "choice") != bool(fact.choices):
            message = "a choice needs `choices`" if fact.type == "choice" else f"a {fact.type} fact has no `choices`"
            yield Fault((*at, "choices"), message)
        yield from _repeated((choice.id, (*at, "choices", i, "id")) for i, choice in enumerate(fact.choices))
        for name, limit in (("minimum", fact.minimum), ("maximum", fact.maximum)):
            if limit is not None and fact.type not in NUMERIC:
                yield Fault((*at, name), f"a {fact.type} fact has no `{name}`; remove it")
        for name, given in (("units", fact.reads.units), ("period", fact.reads.period)):
            if given and fact.type not in NUMERIC:
                yield Fault((*at, "reads", name), f"a {fact.type} fact has no `{name}`; remove it")
        if fact.reads.zero and fact.type not in (*NUMERIC, "choice"):
            yield Fault((*at, "reads", "zero"), f"a {fact.type} fact has no `zero`; what denies it stands in `no`")
        for name, words in (("yes", fact.yes), ("no", fact.no)):
            if words and fact.type in NUMERIC:
                instead = "names" if name == "yes" else "zero"
                yield Fault((*at, name), f"a figure has no `{name}`; write `reads: {{{instead}: […]}}`")
        if fact.minimum is not None and fact.maximum is not None and fact.minimum > fact.maximum:
            yield Fault((*at, "minimum"), "the minimum is above the maximum")
        for quote in re.findall(r"\*\*(.+?)\*\*", fact.why):
            # a reason may quote any clause, so it is held against the whole text
            yield from self._quoted(quote, None, (*at, "why"))

    def programme(self, entry: Located[Programme]) -> Iterator[Fault]:
        programme, at = entry.part, entry.at
        yield from self.known("subjects", programme.subject, (*at, "subject"))
        yield from self.known("clauses", programme.clause, (*at, "clause"))
        clause = self._clauses.get(programme.clause)
        yield from self._quoted(programme.quote, clause, (*at, "quote"))
        if clause and (missing := arabic_figures(programme.summary) - figures(clause.text)):
            message = f"the summary says {_listed(missing)}, which clause {clause.id} does not; keep to its figures"
            yield Fault((*at, "summary"), message)
        for leaf in _leaves(programme.conditions, (*at, "conditions")):
            yield from self._quoted(leaf.part.quote, clause, (*leaf.at, "quote"))
            yield from self._condition(leaf, programme)
        yield from self._quoted(programme.amount.quote, clause, (*at, "amount", "quote"))
        yield from self._amount(programme, (*at, "amount"))
        if years := programme.years:
            yield from self._quoted(years.quote, clause, (*at, "years", "quote"))
            yield from self._fact_of(years.fact, programme, NUMERIC, (*at, "years", "fact"))
            yield from _stated(years.limit, years.quote, (*at, "years", "limit"))
        yield from example_kind_faults(programme, (*at, "examples"))

    def paper(self, entry: Located[Evidence]) -> Iterator[Fault]:
        paper, at = entry.part, entry.at
        for index, fact_id in enumerate(paper.proves):
            yield from self.known("facts", fact_id, (*at, "proves", index))
        if paper.clause is not None:
            yield from self.known("clauses", paper.clause, (*at, "clause"))
        if paper.basis == "clause":
            clause = self._clauses.get(paper.clause or "")
            if paper.clause is None:
                yield Fault(
                    (*at, "basis"), "a paper that a clause names needs that `clause`; else its basis is `inferred`"
                )
            elif clause and _bare(paper.name) not in _bare(clause.text):
                message = f"clause {clause.id} does not name “{paper.name}”; then its basis is `inferred`"
                yield Fault((*at, "basis"), message)

    def screening(self, entry: Located[Screening]) -> Iterator[Fault]:
        options = [(option, (*entry.at, "options", index)) for index, option in enumerate(entry.part.options)]
        yield from _repeated((option.id, (*at, "id")) for option, at in options)
        for option, at in options:
            for name, stated in (("chosen", option.chosen), ("otherwise", option.otherwise)):
                for path, value in stated.items():
                    yield from self._statement(path, value, (*at, name, path))

    def cumulation(self, entry: Located[Cumulation]) -> Iterator[Fault]:
        cumulation, at = entry.part, entry.at
        yield from self.known("clauses", cumulation.clause, (*at, "clause"))
        yield from self._quoted(cumulation.quote, self._clauses.get(cumulation.clause), (*at, "quote"))
        named = [(ident, (*at, "pooled", i)) for i, ident in enumerate(cumulation.pooled)]
        for i, group in enumerate(cumulation.one_project):
            named += [(ident, (*at, "one_project", i, j)) for j, ident in enumerate(group)]
        for ident, place in named:
            yield from self.known("programmes", ident, place)

    def mentions(self, entry: "Located[Mentions]") -> Iterator[Fault]:
        at = entry.at
        for index, subject in enumerate(entry.part.subjects):
            yield from self.known("subjects", subject.subject, (*at, "subjects", index, "subject"))
        for index, mention in enumerate(entry.part.facts):
            place = (*at, "facts", index)
            yield from self.known("facts", mention.fact, (*place, "fact"))
            if mention.needs is not None:
                yield from self.known("facts", mention.needs, (*place, "needs"))
            for choice in mention.choices:
                yield from self._choice(mention.fact, choice, (*place, "choices", choice))
            if mention.nothing is not None:
                yield from self._choice(mention.fact, mention.nothing, (*place, "nothing"))
        for index, project in enumerate(entry.part.projects):
            yield from self.known("programmes", project.programme, (*at, "projects", index, "programme"))
            if project.shown_by is not None:
                yield from self.known("facts", project.shown_by, (*at, "projects", index, "shown_by"))

    def _statement(self, path: str, value: object, at: Place) -> Iterator[Fault]:
        """``value`` as that of a fact, or as the items of a list subject."""
        if path in self._facts and not self._many.get(self._facts[path].subject):
            try:
                value_from_json(self._facts[path].spec, value, path)
            except CaseError as error:
                yield Fault(at, error.message)
        elif self._many.get(path):
            items = cast("list[object]", value) if isinstance(value, list) else [value]
            for item in items:
                if not isinstance(item, dict):
                    yield Fault(
                        at, f"`{path}` is a list: write its items, `[{{}}]` for one of which nothing is known yet"
                    )
                    continue
                for name, inner in cast("dict[str, object]", item).items():
                    fact = self._facts.get(f"{path}.{name}")
                    if fact is None:
                        yield from self.known("facts", f"{path}.{name}", at)
                        continue
                    try:
                        value_from_json(fact.spec, inner, fact.id)
                    except CaseError as error:
                        yield Fault(at, f"{name}: {error.message}")
        elif path in self._facts:
            yield Fault(at, f"`{path}` is a fact of a list: state the list, like `{self._facts[path].subject}: [{{}}]`")
        elif path not in (self._draft.ids["subjects"] or ()):
            yield from self.known("facts", path, at)

    def _condition(self, leaf: Located[Leaf], programme: Programme) -> Iterator[Fault]:
        condition, at = leaf.part, leaf.at
        if line := line_of(condition):
            yield from self._fact_of(line.fact, programme, NUMERIC, (*at, "fact"))
            yield from _stated(line.value, condition.quote, (*at, "value"))
        elif isinstance(condition, Holds):
            yield from self._fact_of(condition.fact, programme, frozenset({"bool"}), (*at, "fact"))
        elif isinstance(condition, IsOneOf):
            yield from self._fact_of(condition.fact, programme, frozenset({"choice"}), (*at, "fact"))
            for name, choices in (("choices", condition.choices), ("open", condition.open)):
                for index, choice in enumerate(choices):
                    yield from self._choice(condition.fact, choice, (*at, name, index))
            if both := set(condition.choices) & set(condition.open):
                yield Fault((*at, "open"), f"{_quoted_ids(both)}: a choice is either admitted or left open, not both")

    def _amount(self, programme: Programme, at: Place) -> Iterator[Fault]:
        amount = programme.amount
        if (fixed := plain_sum(amount)) is not None:
            yield from _stated(fixed, amount.quote, (*at, "amount"))
        elif share := plain_share(amount):
            yield from self._fact_of(share.fact, programme, NUMERIC, (*at, "fact"))
            yield from _stated(share.rate, amount.quote, (*at, "rate"))
            if share.cap is not None:
                yield from _stated(share.cap, amount.quote, (*at, "cap"))
        elif isinstance(amount, ByLevel) and (by_level := plain_levels(amount)):
            yield from self._fact_of(amount.fact, programme, frozenset({"choice"}), (*at, "fact"))
            for choice, paid in by_level[1].items():
                yield from self._choice(amount.fact, choice, (*at, "levels", choice))
                yield from _stated(paid, amount.quote, (*at, "levels", choice))
            yield from self._levels(programme, amount, at)

    def _levels(self, programme: Programme, amount: ByLevel, at: Place) -> Iterator[Fault]:
        """An amount for every choice that the conditions let through, and for no other."""
        fact = self._facts.get(amount.fact)
        if fact is None:
            return
        admitted = {choice.id for choice in fact.choices}
        for condition in programme.conditions:
            if isinstance(condition, IsOneOf) and condition.fact == amount.fact:
                admitted &= {*condition.choices, *condition.open}
        if unpaid := admitted - set(amount.levels):
            yield Fault((*at, "levels"), f"{_quoted_ids(unpaid)} can be eligible, but no amount is given; add a level")
        if idle := {choice.id for choice in fact.choices} & set(amount.levels) - admitted:
            message = f"{_quoted_ids(idle)} is never eligible by the conditions; remove the level or admit the choice"
            yield Fault((*at, "levels"), message)

    def _fact_of(self, ident: str, programme: Programme, types: frozenset[str], at: Place) -> Iterator[Fault]:
        yield from self.known("facts", ident, at)
        fact = self._facts.get(ident)
        if fact is None:
            return
        if fact.type not in types:
            yield Fault(at, f"`{ident}` is a {fact.type} fact; this needs one of type {' or '.join(sorted(types))}")
        own = fact.subject == programme.subject or programme.subject not in self._many
        if not own and self._many.get(fact.subject):
            yield Fault(at, f"`{ident}` is a fact of a list, but the programme's subject is `{programme.subject}`")

    def _choice(self, fact_id: str, choice: str, at: Place) -> Iterator[Fault]:
        fact = self._facts.get(fact_id)
        known = [option.id for option in fact.choices] if fact else []
        if known and choice not in known:
            yield Fault(at, f"`{choice}` is no choice of `{fact_id}`: {', '.join(known)}")

    def _quoted(self, quote: str, clause: Clause | None, at: Place) -> Iterator[Fault]:
        """The quote stands in the text (white space aside), and in the clause where one is given."""
        bare = _bare(quote)
        if not self._source:
            return
        if not bare:
            yield Fault(at, "the quote is empty; copy the words of the text that it rests on")
        elif bare not in self._source:
            yield Fault(at, f"“{_short(quote)}” is not in source.txt; {self._departure(bare)}")
        elif clause and bare not in _bare(clause.text):
            homes = [other.id for other in self._clauses.values() if bare in _bare(other.text)]
            where = f"clause {', '.join(homes)}" if homes else "several clauses at once"
            yield Fault(at, f"“{_short(quote)}” stands in {where}, not in clause {clause.id}")

    def _departure(self, quote: str) -> str:
        """Where ``quote`` departs from the text."""
        length = next(length for length in range(len(quote), -1, -1) if quote[:length] in self._source)
        if length < 2:
            return "copy the words of the text"
        after = self._source.index(quote[:length]) + length
        return f"after “{_tail(quote[:length])}” the text goes on “{self._source[after : after + 12]}”"


def _leaves(conditions: Sequence[Condition], at: Place) -> Iterator[Located[Leaf]]:
    for index, condition in enumerate(conditions):
        yield from _leaves_of(condition, (*at, index))


def _leaves_of(condition: Condition, at: Place) -> Iterator[Located[Leaf]]:
    if isinstance(condition, (AllOf, AnyOf, AtLeastNOf)):
        yield from _leaves(condition.conditions, (*at, "conditions"))
    elif isinstance(condition, Not):
        yield from _leaves_of(condition.condition, (*at, "condition"))
    elif not isinstance(condition, Meets):
        yield Located(condition, at)


def _stated(value: Decimal, quote: str, at: Place) -> Iterator[Fault]:
    """The figure stands in its quote; 0 apart, which says "any at all"."""
    if value and value not in figures(quote):
        message = (
            f"the quote “{_short(quote)}” does not state {plain(value)}; correct the figure, or quote the words that do"
        )
        yield Fault(at, message)


def _repeated(ids: Iterator[tuple[str, Place]]) -> Iterator[Fault]:
    seen: set[str] = set()
    for ident, at in ids:
        if ident in seen:
            yield Fault(at, f"the id `{ident}` is used twice; give each its own")
        seen.add(ident)


def _bare(text: str) -> str:
    return re.sub(r"\s+", "", text)


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:39]}…"


def _tail(text: str) -> str:
    return text if len(text) <= 12 else f"…{text[-12:]}"


def _suggestion(ident: str, known: frozenset[str]) -> str:
    near = get_close_matches(ident, known, n=1)
    return f"; did you mean `{near[0]}`?" if near else ""


def _quoted_ids(ids: set[str]) -> str:
    return ", ".join(f"`{ident}`" for ident in sorted(ids))


def _listed(values: set[Decimal] | frozenset[Decimal]) -> str:
    return ", ".join(plain(value) for value in sorted(values))
