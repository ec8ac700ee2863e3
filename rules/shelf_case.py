"""The case of a shelf of policies, taken apart: what they share stands at the top, a policy's own under its id.

Each policy gets a plain case of its own, with where each part of it stands, so that an error names the place in what was
written. Knows no document; which facts are shared it is told.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from rules.assessment import Rulebook
from rules.case import Case, CaseError, FactSpec, SubjectSpec, shown
from rules.combined import SAME_MATTER
from rules.raw import is_list, is_object

DAY = "on"
"""The key of the day; it is the same for all policies."""
_NOTHING: Mapping[str, object] = {}


@dataclass(frozen=True, slots=True)
class Member:
    """A policy of a shelf: its id, what its cases may state, and which of these facts mean one thing to all policies."""

    id: str
    subjects: Sequence[SubjectSpec]
    facts: Sequence[FactSpec]
    shared: Collection[str]


@dataclass(frozen=True, slots=True)
class PlainCase:
    """The case of one policy as JSON; ``above`` are the paths in it of what stands at the top."""

    policy: str
    data: Mapping[str, object]
    above: frozenset[str]

    def parsed(self, rules: Rulebook) -> Case:
        """The case. Raises ``CaseError``, which names the path of the mistake in the case of the shelf."""
        try:
            return rules.parse(self.data)
        except CaseError as error:
            raise CaseError(self.place(error.path), error.message) from None

    def place(self, path: str) -> str:
        """Where in the case of the shelf the part ``path`` of this one stands."""
        above = any(path == one or path.startswith(f"{one}.") for one in self.above)
        return path if above else ".".join(filter(None, (self.policy, path)))


class ShelfCases:
    """Takes apart the cases of a shelf of policies."""

    def __init__(self, members: Sequence[Member]) -> None:
        self._members = members
        self._many = {subject.id: subject.many for member in members for subject in member.subjects}
        self._taken = {
            member.id: {
                subject.id: frozenset(
                    fact.name for fact in member.facts if fact.subject == subject.id and fact.id in member.shared
                )
                for subject in member.subjects
            }
            for member in members
        }
        """Per policy and subject the names of the shared facts that it takes."""

    def plain(self, data: object) -> list[PlainCase]:
        """The case of each policy, in their order. Raises ``CaseError`` for what stands where it should not."""
        if not is_object(data):
            raise CaseError("", "a case is a JSON object")
        self._check_keys(data)
        top = self._top(data)
        own = {member.id: self._own(member, data.get(member.id)) for member in self._members}
        self._check_lengths(top, own)
        self._check_stated_once(own)
        return [self._merged(member, data.get(DAY), top, own[member.id]) for member in self._members]

    def _check_keys(self, data: Mapping[str, object]) -> None:
        for key in data:
            if key not in self._taken and key not in self._many and key not in (DAY, SAME_MATTER):
                message = "there is no such part of a shelf's case; what one policy asks alone stands under its id"
                raise CaseError(str(key), message)

    def _top(self, data: Mapping[str, object]) -> dict[str, object]:
        """The subjects at the top, checked: only facts that some policy shares stand there."""
        found: dict[str, object] = {}
        for subject, many in self._many.items():
            raw = data.get(subject)
            if raw is None:
                continue
            known = frozenset[str]().union(*(taken.get(subject, ()) for taken in self._taken.values()))
            if many and not known:
                raise CaseError(subject, "no policy here shares this list; it stands under the id of its policy")
            for path, item in _items(raw, subject, many):
                for name in item:
                    if name not in known:
                        message = "there is no such shared fact; a policy's own stand under its id"
                        raise CaseError(f"{path}.{name}", message)
            found[subject] = raw
        return found

    def _own(self, member: Member, raw: object) -> Mapping[str, object]:
        """What stands under the id of a policy, checked as far as it is to be put together with what is shared."""
        if raw is None:
            return {}
        if not is_object(raw):
            raise CaseError(member.id, f"expected an object, got {shown(raw)}")
        if raw.get(DAY) is not None:
            raise CaseError(f"{member.id}.{DAY}", "the day is the same for all policies; it stands at the top")
        for subject in member.subjects:
            if raw.get(subject.id) is not None:
                _items(raw[subject.id], f"{member.id}.{subject.id}", subject.many)
        return raw

    def _check_lengths(self, top: Mapping[str, object], own: Mapping[str, Mapping[str, object]]) -> None:
        """A shared list is one and the same wherever something of it is stated."""
        for subject, many in self._many.items():
            if not many:
                continue
            stated = [(policy, own[policy].get(subject)) for policy, taken in self._taken.items() if taken.get(subject)]
            lengths = [
                (f"{policy}.{subject}" if policy else subject, len(items))
                for policy, items in (("", top.get(subject)), *stated)
                if is_list(items)
            ]
            for path, length in lengths:
                first, whole = lengths[0]
                if length != whole:
                    raise CaseError(
                        path, f"a list that policies share is of one length: {length} here, {whole} in {first}"
                    )

    def _check_stated_once(self, own: Mapping[str, Mapping[str, object]]) -> None:
        """A shared fact that stands under the ids of two policies would be two."""
        holder: dict[str, str] = {}
        for policy, taken in self._taken.items():
            for subject, names in taken.items():
                if not names or own[policy].get(subject) is None:
                    continue
                for path, item in _items(own[policy][subject], subject, self._many[subject]):
                    for name in sorted(names):
                        if item.get(name) is None:
                            continue
                        before = holder.setdefault(f"{path}.{name}", policy)
                        if before != policy:
                            raise CaseError(f"{policy}.{path}.{name}", f"this is stated under {before} as well")

    def _merged(self, member: Member, day: object, top: Mapping[str, object], own: Mapping[str, object]) -> PlainCase:
        data: dict[str, object] = dict(own)
        above: set[str] = set()
        if day is not None:
            data[DAY] = day
            above.add(DAY)
        for subject in member.subjects:
            names = self._taken[member.id][subject.id]
            if subject.id not in top or (subject.many and not names):
                continue
            stated = _items(top[subject.id], subject.id, subject.many)
            mine = own.get(subject.id)
            others = [(path, _NOTHING) for path, _ in stated] if mine is None else _items(mine, "", subject.many)
            items: list[Mapping[str, object]] = []
            for (path, item), (_, more) in zip(stated, others, strict=True):
                shared = {name: value for name, value in item.items() if name in names and value is not None}
                for name in shared:
                    if more.get(str(name)) is not None:
                        raise CaseError(f"{member.id}.{path}.{name}", "this is stated at the top as well")
                    above.add(f"{path}.{name}")
                items.append({**more, **shared})
            data[subject.id] = items if subject.many else items[0]
        return PlainCase(member.id, data, frozenset(above))


def _items(raw: object, path: str, many: bool) -> list[tuple[str, Mapping[str, object]]]:
    """The items of a subject with their paths; a single one has no index."""
    if not many:
        return [(path, _object(raw, path))]
    if not is_list(raw):
        raise CaseError(path, f"expected a list or null, got {shown(raw)}")
    return [(f"{path}.{index}", _object(entry, f"{path}.{index}")) for index, entry in enumerate(raw)]


def _object(raw: object, path: str) -> Mapping[str, object]:
    if not is_object(raw):
        raise CaseError(path, f"expected an object, got {shown(raw)}")
    return raw
