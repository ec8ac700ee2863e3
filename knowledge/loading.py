"""A policy pack from disk: ``load`` gives the ``Policy`` or every mistake with file and line; ``check`` runs its examples too.

Reads YAML into located entries, each validated by itself, so that one broken entry hides no mistake in the others;
``knowledge.checks`` says what must hold beyond the schema. Knows no policy.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from difflib import get_close_matches
from functools import cache
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

import yaml
from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from knowledge.checks import faults
from knowledge.draft import Draft, Fault, Located, Place
from knowledge.folders import Mistake, PackError, folder_of
from knowledge.pack_model import PackModel
from knowledge.pack_yaml import MARK, PackLoader, left_open, line_of
from knowledge.policy import (
    AcrossDocuments,
    Authority,
    Clause,
    Evidence,
    Fact,
    Notice,
    NotModelled,
    Policy,
    PolicyHead,
    Programme,
    Screening,
    SharedFact,
    Subject,
)
from knowledge.questions import Questions
from knowledge.trials import boundaries, example_faults, phrase_faults, remark_faults
from knowledge.vocabulary import reserved, shared_facts, with_shared_kinds, with_shared_mentions
from knowledge.wording import without, worded
from rules.conditions import Model as RuleModel
from rules.programme import ApplicationCall, Cumulation, Limit, Requirement, Selection, Valid
from rules.raw import is_list, is_object

if TYPE_CHECKING:
    from knowledge.mentions import Mentions

SOURCE = "source.txt"
HEAD = "policy.yaml"
FILES = {f"{part}.yaml": part for part in ("clauses", "facts", "programmes", "evidence", "questions", "mentions")}
"""The files beside ``policy.yaml``, by the part of the policy that they hold."""
OPTIONAL = "mentions.yaml"
"""A pack without it is whole; free descriptions are then read by the own words of its facts."""

_STANDS_FOR: Mapping[str, object] = {
    "conditions": [],
    "examples": [],
    "amount": {"kind": "no_figure", "basis": "negotiated"},
}
"""What stands in a programme for what cannot be read of it."""

_DECIDE = f"`{MARK}`: somebody has to decide this; make it right and remove the mark"

LISTS = ("subjects", "clauses", "facts", "programmes", "evidence", "notices")
SINGLES = ("screening", "cumulation", "questions")
PROVISIONS = ("requires", "limits", "valid", "calls", "selection", "across", "offices", "not_modelled")
"""The parts of the head that may be missing; each is read by itself."""
_MENTIONS = "mentions"

M = TypeVar("M")


def load(pack: str | Path | None = None, *, whole: bool = True) -> Policy:
    """The policy of ``pack``: a folder, or the name of one under ``knowledge/packs``; None = the one that DEFAULT names.

    Raises ``PackError`` with every mistake in it (references into a file that is no YAML at all apart). What is not
    read ``whole`` is ready sooner: how people speak of its facts is read when it is first asked for, and the patterns
    of its remarks are compiled when they are first used.
    """
    return _PackReading(folder_of(pack)).policy(whole=whole)


def check(pack: str | Path | None = None) -> list[Mistake]:
    """Every mistake in ``pack``; empty = all is well. Never raises ``PackError``.

    Where the pack is sound otherwise, its examples are run by the rules and its patterns compiled, too.
    """
    try:
        _PackReading(folder_of(pack)).policy(trial=True)
    except PackError as error:
        return list(error.mistakes)
    return []


def preview(pack: str | Path) -> tuple[Path | None, Policy | None, list[Mistake]]:
    """As much of a pack as can be read, for its author to look at, its folder, and every mistake in it.

    Never raises ``PackError``.
    """
    try:
        folder = folder_of(pack)
    except PackError as error:
        return None, None, list(error.mistakes)
    reading = _PackReading(folder)
    return folder, reading.checked(whole=True, trial=True), reading.mistakes()


def advice(pack: str | Path | None = None) -> list[Mistake]:
    """What the author of a pack without mistakes should look at once more. Raises ``PackError`` where it has any."""
    return _PackReading(folder_of(pack)).advice()


def joined(lines: Sequence[str]) -> str:
    """``lines`` as paragraphs, one a line: running text that breaks off without an end mark goes on in the next."""
    text = ""
    running = False
    for line in filter(None, map(str.strip, lines)):
        text += line if running or not text else f"\n{line}"
        running = line[-1] not in "。！？：；" and (running or "，" in line or "。" in line)
    return text


class _PackReading:
    """One pack being read: the nodes of its files, for the lines, and the mistakes so far."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._nodes: dict[str, yaml.Node] = {}
        self._found: list[Mistake] = []
        self._partial: set[Place] = set()
        self._open: set[tuple[str, int]] = set()
        """The files and lines on which a person has something to decide still: nothing else is said of them."""
        self._unread: set[int] = set()
        """The facts that the pack takes from the vocabulary and that cannot be read."""
        self._taken: set[str] = set()
        """The ids of those that it takes."""

    def policy(self, whole: bool = True, trial: bool = False) -> Policy:
        """The policy, checked as far as it is read; ``trial`` tries out its examples and phrases as well."""
        policy = self.checked(whole, trial)
        if policy is None or self._found or self._open:
            raise PackError(self.mistakes())
        return policy

    def checked(self, whole: bool, trial: bool) -> Policy | None:
        """As much of the policy as there is, with all mistakes noted; None where there is too little."""
        source = self._text(SOURCE)
        head = self._yaml(HEAD)
        files = {file: part for file, part in FILES.items() if file != OPTIONAL or (whole and self._has(file))}
        fields = {part: self._yaml(file) for file, part in files.items()}
        if isinstance(head, dict):
            fields |= cast("dict[str, object]", head)
        elif self._nodes.pop(HEAD, None):
            self._mistake(HEAD, 1, "this file should hold the fields of the policy, like `id: …` and `title: …`")
        self._take_shared(fields)
        fields["questions"] = with_shared_kinds(fields.get("questions"), fields.get("clauses"))
        draft = self._draft(fields, source)
        policy = self._whole(fields, draft)
        self._note(faults(draft))
        if whole:
            self._note(remark_faults(draft.questions))
        if trial:
            self._note(boundaries(draft))
        if policy is None:
            return None
        if trial and not (self._found or self._open):
            self._note(chain(example_faults(policy, draft.programmes), phrase_faults(draft.mentions)))
        folder, mentions = self._folder, draft.mentions
        read = (lambda: load(folder).written_mentions) if not whole else (lambda: mentions.part) if mentions else None
        if read is not None:
            policy.speak(read, lambda said: _phrased(said, policy))
        return policy

    def mistakes(self) -> list[Mistake]:
        """All that was noted, each once; of a line that is marked only that it is."""
        marked = [Mistake(file, line, _DECIDE) for file, line in self._open]
        return sorted({*marked, *(one for one in self._found if (one.file, one.line) not in self._open)})

    def advice(self) -> list[Mistake]:
        """What to look at once more."""
        from knowledge.hints import hints  # for the author alone

        self._note(hints(self.policy()))
        return sorted(set(self._found))

    def _draft(self, fields: Mapping[str, object], source: str) -> Draft:
        """The entries that can be read."""
        return Draft(
            source=source,
            subjects=self._entries((HEAD, "subjects"), fields, Subject.model_validate),
            clauses=self._clauses(fields, source),
            facts=self._entries(("facts.yaml",), fields, Fact.model_validate),
            programmes=self._entries(("programmes.yaml",), fields, Programme.model_validate),
            evidence=self._entries(("evidence.yaml",), fields, Evidence.model_validate),
            notices=self._entries((HEAD, "notices"), fields, Notice.model_validate),
            screening=self._single((HEAD, "screening"), fields, Screening.model_validate),
            cumulation=self._single((HEAD, "cumulation"), fields, Cumulation.model_validate, needed=False),
            requires=self._entries((HEAD, "requires"), fields, Requirement.model_validate, needed=False),
            limits=self._entries((HEAD, "limits"), fields, _limit, needed=False),
            valid=self._single((HEAD, "valid"), fields, Valid.model_validate, needed=False),
            calls=self._entries((HEAD, "calls"), fields, ApplicationCall.model_validate, needed=False),
            selection=self._entries((HEAD, "selection"), fields, Selection.model_validate, needed=False),
            across=self._single((HEAD, "across"), fields, AcrossDocuments.model_validate, needed=False),
            offices=self._entries((HEAD, "offices"), fields, Authority.model_validate, needed=False),
            not_modelled=self._entries((HEAD, "not_modelled"), fields, NotModelled.model_validate, needed=False),
            questions=self._single(("questions.yaml",), fields, Questions.model_validate),
            mentions=self._mentions(fields),
            ids={name: _ids(fields.get(name)) for name in LISTS},
            covers=fields.get("coverage") is not None,
            partial=frozenset(self._partial),
        )

    def _whole(self, fields: Mapping[str, object], draft: Draft) -> Policy | None:
        """The policy made of the draft and the head's own fields, the mistakes of the latter noted."""
        read: dict[str, Any] = {}
        for name in (*LISTS, *SINGLES, *PROVISIONS):
            found: list[Located[Any]] | Located[Any] | None = getattr(draft, name)
            if found is not None:
                read[name] = tuple(entry.part for entry in found) if isinstance(found, list) else found.part
        elsewhere = {*LISTS, *SINGLES, *PROVISIONS, _MENTIONS}
        try:
            head = PolicyHead.model_validate({name: value for name, value in fields.items() if name not in elsewhere})
        except ValidationError as error:
            if HEAD in self._nodes:
                self._invalid((HEAD,), error.errors(), fields)
            return None
        if draft.screening is None or draft.questions is None:
            return None
        read["facts"] = tuple(fact.naming(head.places) for fact in read["facts"])
        # every part has been read by itself: the whole is put together, not read once more
        policy = Policy.model_construct(**dict(head), **read, source=draft.source, taken=frozenset(self._taken))
        if policy.id != self._folder.name:
            self._fault(Fault((HEAD, "id"), f"the id should be the folder's name, `{self._folder.name}`"))
        return policy

    def _take_shared(self, fields: dict[str, object]) -> None:
        """Put the facts that the pack takes from the vocabulary in the place of what takes them."""
        raw = fields.get("facts")
        if not is_list(raw):
            return
        facts = [*raw]
        for index, item in enumerate(facts):
            at: Place = ("facts.yaml", index)
            if is_object(item) and "use" in item:
                taken = self._entry(item, at, SharedFact.model_validate)
                known = shared_facts()
                if taken is not None and taken.use not in known:
                    near = get_close_matches(taken.use, known, n=1)
                    meant = f"; did you mean `{near[0]}`?" if near else ""
                    self._fault(Fault((*at, "use"), f"there is no `{taken.use}` in the vocabulary{meant}"))
                elif taken is not None:
                    facts[index] = {**known[taken.use], **taken.model_dump(exclude={"use"}, exclude_none=True)}
                    self._taken.add(taken.use)
                    continue
                self._unread.add(index)
                facts[index] = {"id": str(item["use"])}
            elif is_object(item) and isinstance(item.get("id"), str) and item["id"] in reserved():
                message = f"`{item['id']}` is a shared fact; take it: `{{use: {item['id']}, why: …}}`"
                self._fault(Fault((*at, "id"), message))
        if self._unread:
            # which of the vocabulary was meant nobody knows: rules that name any of it are not wrong for that
            for ident in shared_facts():
                self._unread.add(len(facts))
                facts.append({"id": ident})
        fields["facts"] = facts

    def _has(self, file: str) -> bool:
        return (self._folder / file).exists()

    def _text(self, file: str) -> str:
        try:
            return (self._folder / file).read_text(encoding="utf-8")
        except FileNotFoundError:
            self._mistake(file, 0, "this file is missing; every pack has one")
        except UnicodeDecodeError as error:
            line = error.object[: error.start].count(b"\n") + 1
            self._mistake(file, line, "this is not UTF-8; save the file as UTF-8")
        return ""

    def _yaml(self, file: str) -> object:
        text = self._text(file)
        if not text:
            return None
        data: object = None
        try:
            loader = PackLoader(text)
            node = loader.get_single_node()
            if node is None:
                self._mistake(file, 0, "this file is empty; every pack has its entries")
            else:
                self._nodes[file] = node
                self._open |= {(str(self._folder / file), line) for line in left_open(text, node)}
                data = loader.construct(node)
            for key, line in loader.repeated:
                message = f"`{key}` is given twice here; keep one of them"
                self._mistake(file, line, message)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            message = f"this is not YAML: {error.problem or error.context}; look at the indentation, colons and quotes"
            self._mistake(file, mark.line + 1 if mark else 0, message)
        except yaml.reader.ReaderError as error:
            line = text.encode()[: error.position].count(b"\n") + 1
            self._mistake(file, line, "a character that YAML does not allow; remove it")
        return data

    def _entries(
        self, at: Place, fields: Mapping[str, object], read: Callable[[object], M], needed: bool = True
    ) -> list[Located[M]]:
        """The entries of a list, each read by itself."""
        raw = fields.get(_field(at))
        if not is_list(raw):
            if raw is not None or (needed and str(at[0]) in self._nodes):
                begins = ", each beginning with `- id: …`" if needed else ""
                missing = "is missing; it " if raw is None else ""
                self._fault(Fault(at, f"{at[-1]} {missing}should be a list of entries{begins}"))
            return []
        skipped = self._unread if at == ("facts.yaml",) else set[int]()
        found = ((item, (*at, i)) for i, item in enumerate(raw) if i not in skipped)
        return [Located(entry, place) for item, place in found if (entry := self._entry(item, place, read)) is not None]

    def _entry(self, raw: object, at: Place, read: Callable[[object], M]) -> M | None:
        """One entry; of a programme that is wrong as much as can be read, so that it hides no other mistake in it."""
        try:
            return read(raw)
        except ValidationError as error:
            errors = error.errors()
            self._invalid(at, errors, raw)
        rest = without(raw, errors) if at[0] == "programmes.yaml" else None
        try:
            entry = None if rest is None else read({**_STANDS_FOR, **rest})
        except ValidationError:
            return None
        self._partial.add(at)
        return entry

    def _single(
        self, at: Place, fields: Mapping[str, object], read: Callable[[object], M], needed: bool = True
    ) -> Located[M] | None:
        raw = fields.get(_field(at))
        if raw is None and not (needed and str(at[0]) in self._nodes):
            return None
        if raw is None and len(at) > 1:
            self._fault(Fault(at, f"`{at[-1]}` is missing; add it"))
            return None
        entry = self._entry(raw, at, read)
        return None if entry is None else Located(entry, at)

    def _mentions(self, fields: Mapping[str, object]) -> "Located[Mentions] | None":
        from knowledge.mentions import Mentions  # most commands read no descriptions

        spoken = {_MENTIONS: with_shared_mentions(fields.get(_MENTIONS, {}), frozenset(self._taken))}
        return self._single((OPTIONAL,), spoken, Mentions.model_validate)

    def _clauses(self, fields: Mapping[str, object], source: str) -> list[Located[Clause]]:
        """The clauses with their text, as their lines give it."""
        lines = source.split("\n")
        clauses: list[Located[Clause]] = []
        for entry in self._entries(("clauses.yaml",), fields, Clause.model_validate):
            clause = entry.part
            if clause.text:
                self._fault(Fault((*entry.at, "text"), f"the text is taken from the lines of {SOURCE}; remove it here"))
            spans = (line for first, last in clause.lines for line in lines[max(first - 1, 0) : last])
            clauses.append(Located(clause.model_copy(update={"text": joined(list(spans))}), entry.at))
        return clauses

    def _invalid(self, at: Place, errors: Sequence[ErrorDetails], raw: object) -> None:
        for loc, message in worded(errors, raw, (PackModel, RuleModel)):
            self._fault(Fault((*at, *loc), message))

    def _note(self, found: Iterable[Fault]) -> None:
        for fault in found:
            self._fault(fault)

    def _fault(self, fault: Fault) -> None:
        file, *path = str(fault.at[0]), *fault.at[1:]
        line = int(path[0]) if file == SOURCE else self._line_of(file, path)
        self._mistake(file, line, fault.message)

    def _mistake(self, file: str, line: int, message: str) -> None:
        self._found.append(Mistake(str(self._folder / file), line, message))

    def _line_of(self, file: str, path: Sequence[str | int]) -> int:
        """The line of the innermost part of ``path`` that is there."""
        node: yaml.Node | None = self._nodes.get(file)
        line = line_of(node) if node else 0
        for step in path:
            if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
                node = cast("list[yaml.Node]", node.value)[step]
                line = line_of(node)
            elif isinstance(node, yaml.MappingNode):
                # a step that is no key is the tag of a union in pydantic's location
                for key, value in cast("list[tuple[yaml.Node, yaml.Node]]", node.value):
                    if key.value == str(step):
                        node, line = value, line_of(key)
                        break
        return line


def _phrased(mentions: "Mentions", policy: Policy) -> "Mentions":
    from knowledge.own_phrases import with_own_phrases  # as what speaks of facts is read

    return with_own_phrases(mentions, policy)


@cache
def _limits() -> TypeAdapter[Limit]:
    return TypeAdapter(Limit)


def _limit(raw: object) -> Limit:
    return _limits().validate_python(raw)


def _field(at: Place) -> str:
    """The field of the policy that stands at ``at``."""
    return FILES.get(str(at[-1]), str(at[-1]))


def _ids(raw: object) -> frozenset[str] | None:
    """The ids of entries, read or not, so that a broken one makes no reference to it wrong; None where one is no text."""
    if not is_list(raw):
        return None
    ids = [item.get("id") for item in raw if is_object(item)]
    return frozenset(map(str, ids)) if all(isinstance(ident, str) for ident in ids) else None
