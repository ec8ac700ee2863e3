"""Facts that mean the same in every policy: a pack takes one with ``use``, and says why it asks.

Reads the folder ``vocabulary`` beside it, once. Knows no policy.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

from knowledge.draft import Fault, Place
from knowledge.pack_yaml import PackLoader
from rules.raw import is_list, is_object

FOLDER = Path(__file__).parent / "vocabulary"
ANEW = ("why", "question", "help")
"""What a pack may say anew of a fact that it takes."""


@cache
def shared() -> Mapping[str, Mapping[str, object]]:
    """The shared facts by id, each as the entry of a pack's ``facts.yaml``, without ``why``."""
    found: dict[str, Mapping[str, object]] = {}
    for file in sorted(FOLDER.glob("*.yaml")):
        data: object = PackLoader(file.read_text(encoding="utf-8")).get_single_data()  # pyright: ignore[reportUnknownMemberType]
        entries = data.get("facts") if is_object(data) else None
        for entry in entries if is_list(entries) else ():
            if is_object(entry):
                found[str(entry["id"])] = entry
    return found


def taken(entries: Sequence[object]) -> list[object]:
    """``entries`` of a ``facts.yaml``, in the place of each ``use`` the shared fact with what is said anew of it."""
    return [_taken(entry) for entry in entries]


def vocabulary_faults(entries: Sequence[object], at: Place) -> Iterator[Fault]:
    """What is wrong in how ``entries`` take shared facts."""
    for index, entry in enumerate(entries):
        if not is_object(entry):
            continue
        use, ident = entry.get("use"), entry.get("id")
        if use is None:
            if ident in shared():
                yield Fault((*at, index, "id"), f"`{ident}` is a shared fact; take it: `use: {ident}`")
        elif use not in shared():
            yield Fault((*at, index, "use"), f"there is no shared fact `{use}`: {', '.join(sorted(shared()))}")
        else:
            for field in (str(key) for key in entry if key not in (*ANEW, "use")):
                yield Fault(
                    (*at, index, field), f"`{field}` of a shared fact stays as it is; only {', '.join(ANEW)} change"
                )


def _taken(entry: object) -> object:
    if not is_object(entry) or entry.get("use") not in shared():
        return entry
    anew = {key: value for key, value in entry.items() if key in ANEW}
    return {**shared()[str(entry["use"])], **anew}
