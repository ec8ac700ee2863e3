"""What the tests of the rules share: the rules of the made-up policy and of the real one, and their facts."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from knowledge.vocabulary import shared_facts
from rules.assessment import Assessment, Rulebook
from rules.case import FactSpec, SubjectSpec
from rules.programme import Cumulation, ProgrammeRule, Provisions

HERE = Path(__file__).parent
PACK = HERE.parents[1] / "knowledge" / "packs" / "zhengzhou-2013-237"

Json = dict[str, Any]
"""A case as JSON."""


@dataclass(frozen=True, eq=False)
class Rules:
    """A compiled policy with the parts that it was made of."""

    subjects: tuple[SubjectSpec, ...]
    facts: tuple[FactSpec, ...]
    programmes: tuple[ProgrammeRule, ...]
    cumulation: Cumulation
    book: Rulebook

    def assess(self, data: object) -> Assessment:
        return self.book.assess(self.book.parse(data))


def rules_of(data: Mapping[str, Any]) -> Rules:
    subjects = tuple(SubjectSpec(id=entry["id"], many=entry.get("many", False)) for entry in data["subjects"])
    facts = tuple(_spec(entry) for entry in data["facts"])
    programmes = tuple(
        ProgrammeRule.model_validate({key: entry[key] for key in entry if key in ProgrammeRule.model_fields})
        for entry in data["programmes"]
    )
    cumulation = Cumulation.model_validate(data["cumulation"])
    book = Rulebook(subjects, facts, programmes, Provisions(cumulation=cumulation))
    return Rules(subjects, facts, programmes, cumulation, book)


def _spec(entry: Mapping[str, Any]) -> FactSpec:
    entry = {**shared_facts()[entry["use"]], **entry} if "use" in entry else entry
    choices = [choice["id"] if isinstance(choice, dict) else choice for choice in entry.get("choices", [])]
    limits = {key: Decimal(str(entry[key])) for key in ("minimum", "maximum") if entry.get(key) is not None}
    return FactSpec(
        id=entry["id"],
        type=entry["type"],
        choices=tuple(choices),
        minimum=limits.get("minimum"),
        maximum=limits.get("maximum"),
    )


@cache
def harbour() -> Rules:
    """The made-up policy of ``harbour.yaml``."""
    return rules_of(read(HERE / "harbour.yaml"))


@cache
def zhengzhou() -> Rules:
    """The rules of the real pack."""
    return rules_of(
        {**read(PACK / "policy.yaml"), "facts": read(PACK / "facts.yaml"), "programmes": read(PACK / "programmes.yaml")}
    )


def read(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
