"""JSON Schemas of the files of a pack, made from the models that read them, for editors that complete and underline.

``python -m knowledge.schemas`` writes them to ``knowledge/schema``. What the models accept in more than one way, their
validators say and a schema cannot: those few places are added here. Knows no policy.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, RootModel, create_model
from pydantic.json_schema import models_json_schema

from knowledge.mentions import Mentions
from knowledge.policy import Clause, Evidence, Fact, Policy, Programme, SharedFact
from knowledge.questions import Questions
from rules.conditions import CountTerm, TotalTerm
from rules.raw import is_list, is_object

FOLDER = Path(__file__).parent / "schema"
_ELSEWHERE = ("clauses", "facts", "programmes", "evidence", "questions", "source", "taken")
_LISTS: Mapping[str, type[BaseModel]] = {
    "clauses": Clause,
    "programmes": Programme,
    "evidence": Evidence,
}
Schema = dict[str, Any]


def schemas() -> dict[str, Schema]:
    """The schema of each file, by the file's name."""
    found = {f"{name}.yaml": _of(RootModel[list[model]], name) for name, model in _LISTS.items()}  # type: ignore[valid-type]
    found["facts.yaml"] = _of(RootModel[list[SharedFact | Fact]], "facts")
    found["questions.yaml"] = _of(Questions, "questions")
    found["mentions.yaml"] = _of(Mentions, "mentions")
    head = _of(Policy, "policy")
    for name in _ELSEWHERE:
        del head["properties"][name]
    head["required"] = [name for name in head["required"] if name not in _ELSEWHERE]
    _prune(head)
    return {"policy.yaml": head, **found}


def write() -> None:
    """Write each schema to its file."""
    FOLDER.mkdir(exist_ok=True)
    for file, schema in schemas().items():
        (FOLDER / f"{file.removesuffix('.yaml')}.json").write_text(written(schema), "utf-8")


def written(schema: Schema) -> str:
    return json.dumps(schema, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _of(model: type[BaseModel], name: str) -> Schema:
    """The schema of ``model`` with the definitions of all that stands in it."""
    holder = create_model("Holder", held=(model, ...))
    _, whole = models_json_schema([(one, "validation") for one in (holder, CountTerm, TotalTerm)], by_alias=True)
    definitions: dict[str, Schema] = whole["$defs"]
    for definition in definitions.values():
        _widened(definition)
    definitions["ListTerm"] = {"anyOf": [{"$ref": "#/$defs/CountTerm"}, {"$ref": "#/$defs/TotalTerm"}]}
    if name == "clauses":
        del definitions["Clause"]["properties"]["text"]  # it is taken from the lines
    if name == "questions":
        del definitions["Unanswered"]["properties"]["common"]  # it is taken from the vocabulary, as the rest may be
        definitions["Unanswered"]["required"] = ["id"]
    held: Schema = definitions.pop("Holder")["properties"]["held"]
    top = definitions.pop(held["$ref"].rsplit("/", 1)[1]) if "$ref" in held else held
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **_plainer(top),
        "title": f"{name}.yaml",
        "$defs": {key: _plainer(value) for key, value in definitions.items()},
    }
    _prune(schema)
    return schema


def _widened(definition: Schema) -> None:
    """What is accepted beside what the model's fields say."""
    properties: dict[str, Schema] = definition.get("properties", {})
    if "const" in properties.get("kind", {}):
        definition["required"] = ["kind", *(name for name in definition.get("required", ()) if name != "kind")]
    if "growth" in properties:
        properties["growth"] = {"anyOf": [{"type": "string"}, properties["growth"]]}
    if "of" in properties and "kind" in properties and "fact" not in properties:
        if properties["of"].get("type") == "array":  # a limit: a programme alone is a group of its own
            items = properties["of"]["items"]
            properties["of"]["items"] = {"anyOf": [{"type": "string"}, items]}
        else:
            properties["fact"] = {"type": "string", "description": "`of` of a bare fact"}
            definition["required"] = [name for name in definition.get("required", ()) if name != "of"]


def _plainer(part: Any) -> Any:
    """``part`` with a number wherever an amount may stand, without numbers in quotes, and with ``anyOf`` for ``oneOf``."""
    if is_list(part):
        return [_plainer(each) for each in part]
    if not is_object(part):
        return part
    node: Schema = {key: _plainer(value) for key, value in part.items()}
    discriminator: Schema = node.pop("discriminator", None) or {}
    if "oneOf" in node:
        node["anyOf"] = node.pop("oneOf")
    if "no_figure" in discriminator.get("mapping", {}):
        node["anyOf"] = [{"type": "number"}, *node["anyOf"]]
    elif is_list(node.get("anyOf")) and {"type": "number"} in node["anyOf"]:
        node["anyOf"] = [each for each in node["anyOf"] if "+-" not in str(each.get("pattern"))]
    return node


def _prune(schema: Schema) -> None:
    """Remove the definitions that nothing refers to."""
    definitions: dict[str, Schema] = schema["$defs"]
    body = {key: value for key, value in schema.items() if key != "$defs"}
    reached: set[str] = set()
    waiting = _references(body)
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting |= _references(definitions[name])
    schema["$defs"] = {name: value for name, value in definitions.items() if name in reached}


def _references(part: object) -> set[str]:
    if is_list(part):
        return set[str]().union(*map(_references, part))
    if not is_object(part):
        return set()
    reference = part.get("$ref")
    own = {reference.rsplit("/", 1)[1]} if isinstance(reference, str) else set[str]()
    return own.union(*map(_references, part.values()))


if __name__ == "__main__":
    write()
