"""The JSON Schemas of the files of a pack: they are those of the models, and every pack that is right passes them."""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from knowledge import schemas as made
from knowledge.folders import PACKS
from knowledge.schemas import FOLDER, written
from tests.knowledge.small_packs import SHEETS, read, sheet, write

Schema = dict[str, Any]
TYPES: dict[str, type | tuple[type, ...]] = {
    "object": dict,
    "array": list,
    "string": (str, date),
    "number": (int, float),
    "integer": int,
    "boolean": bool,
    "null": type(None),
}


@cache
def schemas() -> Mapping[str, Schema]:
    """The schema of each file, made once."""
    return made.schemas()


def faults(value: Any, schema: Schema, root: Schema, at: str = "") -> Iterator[str]:
    """Where ``value`` is none that ``schema`` allows: as much of JSON Schema as these files use."""
    if "$ref" in schema:
        yield from faults(value, root["$defs"][schema["$ref"].rsplit("/", 1)[1]], root, at)
    if "anyOf" in schema and not any(not list(faults(value, one, root)) for one in schema["anyOf"]):
        yield f"{at}: none of several"
    if "const" in schema and value != schema["const"]:
        yield f"{at}: not {schema['const']}"
    if "enum" in schema and value not in schema["enum"]:
        yield f"{at}: not one of {schema['enum']}"
    wanted = TYPES.get(schema.get("type", ""))
    if wanted and (not isinstance(value, wanted) or (isinstance(value, bool) and schema["type"] != "boolean")):
        yield f"{at}: no {schema['type']}"
        return
    if "pattern" in schema and not re.search(schema["pattern"], str(value)):
        yield f"{at}: not like {schema['pattern']}"
    if isinstance(value, dict):
        properties = schema.get("properties", {})
        yield from (f"{at}: no `{name}`" for name in schema.get("required", ()) if name not in value)
        for name, inner in value.items():
            beside = schema.get("additionalProperties", True)
            if str(name) in properties:
                yield from faults(inner, properties[str(name)], root, f"{at}.{name}")
            elif beside is False:
                yield f"{at}: `{name}` is not a field"
            elif isinstance(beside, dict):
                yield from faults(inner, beside, root, f"{at}.{name}")
    if isinstance(value, list) and isinstance(schema.get("items"), dict):
        for index, inner in enumerate(value):
            yield from faults(inner, schema["items"], root, f"{at}.{index}")


def test_the_schemas_are_those_of_the_models() -> None:
    for file, schema in schemas().items():
        path = FOLDER / file.replace(".yaml", ".json")
        assert path.read_text("utf-8") == written(schema), "write them anew: python -m knowledge.schemas"


@pytest.mark.parametrize("name", [*(path.stem for path in SHEETS.glob("*.yaml")), "zhengzhou-2013-237"])
def test_a_pack_that_is_right_passes(tmp_path: Path, name: str) -> None:
    folder = PACKS / name if (PACKS / name).exists() else write(tmp_path / name, sheet(name))
    for file in schemas():
        if (folder / file).exists():
            schema = json.loads((FOLDER / file.replace(".yaml", ".json")).read_text("utf-8"))
            value = read((folder / file).read_text("utf-8"))
            assert list(faults(value, schema, schema)) == [], file


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("kind: fixed, amount: 100000", "kind: fixed, amount: 十万"),
        ("kind: fixed, amount: 100000", "kind: fixt, amount: 100000"),
        ("kind: fixed, amount: 100000", "kind: fixed, amounts: 100000"),
        ("{ratio: [enterprise.paid, enterprise.capital]}", "{ration: [enterprise.paid, enterprise.capital]}"),
        ("status: eligible", "status: maybe"),
    ],
)
def test_a_mistake_does_not_pass(tmp_path: Path, old: str, new: str) -> None:
    text = (SHEETS / "growth.yaml").read_text("utf-8")
    assert old in text
    folder = write(tmp_path / "growth", read(text.replace(old, new, 1)))
    schema = schemas()["programmes.yaml"]
    assert list(faults(read((folder / "programmes.yaml").read_text("utf-8")), schema, schema))


PAGE = Path(__file__).parents[2] / "docs" / "packs.md"


def test_the_page_on_packs_leaves_no_field_out() -> None:
    page = PAGE.read_text("utf-8")
    missing: set[str] = set()
    for file, schema in schemas().items():
        if file == "mentions.yaml":
            continue  # its keys are explained in the file itself
        for definition in [schema, *schema["$defs"].values()]:
            fields = definition.get("properties", {})
            kinds = {fields["kind"]["const"]} if "const" in fields.get("kind", {}) else set[str]()
            named = {*fields, *kinds} - {"kind"}
            missing |= {
                name for name in named if not re.search(rf"`[^`\n]*\b{name}\b[^`\n]*`|^\s*-?\s*{name}:", page, re.M)
            }
    assert missing == set()
