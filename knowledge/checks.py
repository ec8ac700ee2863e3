"""What a pack must satisfy beyond its schema: it stays true to its text, and its parts fit together.

Knows neither files nor lines, only places in a ``Draft`` (``knowledge.loading`` turns them into lines), and no policy.
"""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from difflib import get_close_matches
from typing import TYPE_CHECKING

from knowledge.document_checks import DocumentCheck
from knowledge.draft import Draft, Fault, Located, Place
from knowledge.figures import arabic_figures, figures
from knowledge.policy import ASSESS, Clause, Evidence, Fact, Programme, Screening, Subject
from knowledge.questions import Questions
from knowledge.rule_checks import RuleCheck
from knowledge.term_checks import bare, short
from knowledge.trials import example_kind_faults
from rules.case import NUMERIC, CaseError, FactsOf, read_items
from rules.raw import is_list, is_object
from rules.terms import plain
from rules.walk import parts

if TYPE_CHECKING:
    from knowledge.mentions import Mentions

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
    if draft.mentions:
        yield from check.mentions(draft.mentions)
    if draft.questions:
        yield from check.questions(draft.questions)
    yield from check.document()


class _Checks:
    def __init__(self, draft: Draft) -> None:
        self._draft = draft
        self._source = bare(draft.source)
        self._clauses = {clause.part.id: clause.part for clause in draft.clauses if clause.part.text}
        self._facts = {fact.part.id: fact.part for fact in draft.facts}
        self._many = {subject.part.id: subject.part.many for subject in draft.subjects}
        self._rules = RuleCheck(draft)

    def document(self) -> Iterator[Fault]:
        """What the document says of several programmes, and all that was noted of rules and quotes before."""
        DocumentCheck(self._draft, self._rules).all()
        yield from self._rules.found

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
                    ("source.txt", number), f"“{short(line.strip())}” belongs to no clause; add the line to one"
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
        yield from self._form_of_fact(fact, at)
        yield from self._reading_of_fact(fact, at)
        if fact.derive is None:
            for name in ("question", "help", "why"):
                if not getattr(fact, name):
                    yield Fault((*at, name), f"`{name}` is missing; add it (only a derived fact needs none)")
        else:
            self._rules.derived(fact, at)
        for quote in re.findall(r"\*\*(.+?)\*\*", fact.why):
            # a reason may quote any clause, so it is held against the whole text
            self._rules.quote(quote, None, (*at, "why"))

    def _form_of_fact(self, fact: Fact, at: Place) -> Iterator[Fault]:
        """The fields of a fact are those of its type."""
        numeric = fact.type in NUMERIC
        if (fact.type == "choice") != bool(fact.choices) and fact.type != "place":  # which may name places of its own
            message = "a choice needs `choices`" if fact.type == "choice" else f"a {fact.type} fact has no `choices`"
            yield Fault((*at, "choices"), message)
        if fact.type == "count" and not fact.unit_word:
            yield Fault((*at, "unit"), "a count needs its `unit`, the text's own word: 亩, 间, 人次; add it")
        yield from _repeated((choice.id, (*at, "choices", i, "id")) for i, choice in enumerate(fact.choices))
        strange = {
            "minimum": fact.minimum is not None and not numeric,
            "maximum": fact.maximum is not None and not numeric,
            "unit": bool(fact.unit_word) and fact.type != "count",
            "whole": not fact.whole and fact.type != "count",
            "by_year": fact.by_year and not numeric,
            "never": fact.never and fact.type != "date",
            "derive": fact.derive is not None and not numeric and fact.type != "date",
        }
        for name in (name for name, given in strange.items() if given):
            yield Fault((*at, name), f"a {fact.type} fact has no `{name}`; remove it")
        if fact.derive is not None and fact.by_year:
            yield Fault((*at, "by_year"), "a derived fact has no `by_year`; name the year in its term")
        least, most = fact.spec.ends
        if numeric and most is not None and least > most:
            yield Fault((*at, "minimum"), "the minimum is above the maximum")

    def _reading_of_fact(self, fact: Fact, at: Place) -> Iterator[Fault]:
        """What the reader may assume of a fact is what it can use."""
        for name, given in (("units", fact.reads.units), ("period", fact.reads.period)):
            if given and fact.type not in NUMERIC:
                yield Fault((*at, "reads", name), f"a {fact.type} fact has no `{name}`; remove it")
        if fact.reads.zero and fact.type not in (*NUMERIC, "choice", "date"):
            yield Fault((*at, "reads", "zero"), f"a {fact.type} fact has no `zero`; what denies it stands in `no`")
        for name, words in (("yes", fact.yes), ("no", fact.no)):
            if words and fact.type in NUMERIC:
                instead = "names" if name == "yes" else "zero"
                yield Fault((*at, name), f"a figure has no `{name}`; write `reads: {{{instead}: […]}}`")

    def programme(self, entry: Located[Programme]) -> Iterator[Fault]:
        programme, at = entry.part, entry.at
        self._rules.programme(programme, at)
        clause = self._clauses.get(programme.clause)
        if clause and (missing := arabic_figures(programme.summary) - self._figures_for(programme)):
            message = f"the summary says {_listed(missing)}, which clause {clause.id} does not; keep to its figures"
            yield Fault((*at, "summary"), message)
        if at not in self._draft.partial:
            demanded = any(demand.part.concerns(programme.id) for demand in self._draft.requires)
            unconditional = not (programme.conditions or demanded or self._many.get(programme.subject))
            yield from example_kind_faults(programme, (*at, "examples"), unconditional)

    def _figures_for(self, programme: Programme) -> frozenset[Decimal]:
        """The figures of the clauses that a programme rests on, its parts and what the document says of all included."""
        draft = self._draft
        others = [entry.part for entry in (*draft.requires, *draft.limits, *draft.calls, *draft.selection)]
        named = {getattr(part, "clause", None) for part in parts((programme, *others))}
        return frozenset[Decimal]().union(*(figures(self._clauses[i].text) for i in named if i in self._clauses))

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
            elif clause and bare(paper.name) not in bare(clause.text):
                message = f"clause {clause.id} does not name “{paper.name}”; then its basis is `inferred`"
                yield Fault((*at, "basis"), message)

    def screening(self, entry: Located[Screening]) -> Iterator[Fault]:
        options = [(option, (*entry.at, "options", index)) for index, option in enumerate(entry.part.options)]
        yield from _repeated((option.id, (*at, "id")) for option, at in options)
        for option, at in options:
            for name, stated in (("chosen", option.chosen), ("otherwise", option.otherwise)):
                for path, value in stated.items():
                    yield from self._statement(path, value, (*at, name, path))

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
        subject, _, name = path.partition(".")
        if path in self._facts and self._many.get(subject):
            yield Fault(at, f"`{path}` is a fact of a list: state the list, like `{subject}: [{{}}]`")
        elif path in self._facts:
            yield from self._read({subject: {name: value}}, at)
        elif self._many.get(path):
            for item in value if is_list(value) else [value]:
                if not is_object(item):
                    yield Fault(
                        at, f"`{path}` is a list: write its items, `[{{}}]` for one of which nothing is known yet"
                    )
                    continue
                for inner, stated in item.items():
                    if f"{path}.{inner}" in self._facts:
                        yield from self._read({path: [{inner: stated}]}, at)
                    else:
                        yield from self.known("facts", f"{path}.{inner}", at)
        elif path not in (self._draft.ids["subjects"] or ()):
            yield from self.known("facts", path, at)

    def _read(self, case: dict[str, object], at: Place) -> Iterator[Fault]:
        """Whether ``case`` can be read."""
        book = self._rules.book
        specs: FactsOf = {
            subject: {fact.name: fact for fact in book.facts.values() if fact.subject == subject}
            for subject in book.subjects
        }
        try:
            read_items(case, book.subjects.values(), specs)
        except CaseError as error:
            yield Fault(at, f"{error.path}: {error.message}")

    def _choice(self, fact_id: str, choice: str, at: Place) -> Iterator[Fault]:
        fact = self._facts.get(fact_id)
        known = [option.id for option in fact.choices] if fact else []
        if known and choice not in known:
            yield Fault(at, f"`{choice}` is no choice of `{fact_id}`: {', '.join(known)}")


def _repeated(ids: Iterator[tuple[str, Place]]) -> Iterator[Fault]:
    seen: set[str] = set()
    for ident, at in ids:
        if ident in seen:
            yield Fault(at, f"the id `{ident}` is used twice; give each its own")
        seen.add(ident)


def _suggestion(ident: str, known: frozenset[str]) -> str:
    near = get_close_matches(ident, known, n=1)
    return f"; did you mean `{near[0]}`?" if near else ""


def _listed(values: set[Decimal] | frozenset[Decimal]) -> str:
    return ", ".join(plain(value) for value in sorted(values))
