"""The facts that policies share: each id is global and means one thing; a pack takes one by its name and says why it asks.

How people speak of them is shared, too: a pack has the phrases with the fact. Knows no policy.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from knowledge.pack_yaml import PackLoader
from rules.raw import is_list, is_object

FOLDER = Path(__file__).parent / "vocabulary"


@cache
def shared_facts() -> Mapping[str, Mapping[str, object]]:
    """The shared facts as they are written, by id."""
    return {**_written(FOLDER, "id"), **_written(FOLDER / "added", "id")}


@cache
def reserved() -> frozenset[str]:
    """The shared facts that no pack may define itself.

    Those that were added since are not among them: a pack that is older than the entry goes on defining its own.
    """
    added = _written(FOLDER / "added", "id")
    return frozenset(shared_facts().keys() - added.keys())


@cache
def shared_mentions() -> Mapping[str, Mapping[str, object]]:
    """How people speak of shared facts, as in a pack's ``mentions.yaml``, by the fact's id."""
    return _written(FOLDER / "mentions", "fact")


def with_shared_mentions(mentions: object, taken: frozenset[str]) -> object:
    """``mentions`` as a pack has them, with those of the facts ``taken`` that only the vocabulary has."""
    own = mentions.get("facts", []) if is_object(mentions) else None
    if not is_object(mentions) or not is_list(own):
        return mentions
    spoken = {fact.get("fact") for fact in own if is_object(fact)}
    more = [fact for ident, fact in shared_mentions().items() if ident in taken and ident not in spoken]
    return {**mentions, "facts": [*own, *more]}


def _written(folder: Path, name: str) -> Mapping[str, Mapping[str, object]]:
    """The entries under ``facts`` in the files of a folder, by what stands under ``name``."""
    found: dict[str, Mapping[str, object]] = {}
    for path in sorted(folder.glob("*.yaml")):
        loader = PackLoader(path.read_text(encoding="utf-8"))
        node = loader.get_single_node()
        raw = None if node is None else loader.construct(node)
        facts = raw.get("facts") if is_object(raw) else None
        for fact in facts if is_list(facts) else ():
            if is_object(fact):
                found[str(fact[name])] = fact
    return found
