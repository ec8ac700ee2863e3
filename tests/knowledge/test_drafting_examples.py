"""Examples that are looked for: of every programme of the tests' packs all that the check wants, written where they belong."""

from pathlib import Path

import pytest

from knowledge.boundaries import edges
from knowledge.drafting_examples import proposals
from knowledge.drafting_insert import unfinished, with_examples
from knowledge.drafting_preview import finished, without_marks
from knowledge.folders import PACKS
from knowledge.loading import check, load, preview
from knowledge.policy import Policy
from tests.knowledge.small_packs import SHEETS, read, sheet, write

NAMES = [
    *sorted(path.stem for path in SHEETS.glob("*.yaml")),
    *sorted(path.name for path in PACKS.iterdir() if path.is_dir()),
]


def pack(tmp_path: Path, name: str) -> Path:
    return PACKS / name if (PACKS / name).exists() else write(tmp_path / name, sheet(name))


ALONE = ("haicheng-industry-2023", "land")
"""A ratio of two facts of an item, both to be found at once: its author writes the case that holds."""


@pytest.mark.parametrize("name", NAMES)
def test_all_that_is_missing_is_found(tmp_path: Path, name: str) -> None:
    policy = load(pack(tmp_path, name))
    for programme in policy.programmes:
        if (name, programme.id) == ALONE:
            continue
        found = proposals(policy, programme.model_copy(update={"examples": ()}))
        kinds = [one.kind for one in found]
        turns = {edge.said for edge in edges(programme)}
        assert {"eligible", "boundary"} <= set(kinds), programme.id
        assert kinds.count("boundary") >= len(turns), programme.id
        assert all(one.status == one.kind for one in found if one.kind != "boundary"), programme.id


@pytest.mark.parametrize("name", NAMES)
def test_a_pack_with_enough_examples_gets_no_more(tmp_path: Path, name: str) -> None:
    policy = load(pack(tmp_path, name))
    assert [one for each in policy.programmes for one in proposals(policy, each)] == []


def stripped(folder: Path) -> Policy:
    """The pack of ``folder`` with all examples taken out of its file."""
    path = folder / "programmes.yaml"
    entries = read(path.read_text("utf-8"))
    text = "# 头上的话\n"
    for entry in entries:
        del entry["examples"]
        lines = "".join(f"  {key}: {_flow(value)}\n" for key, value in entry.items() if key != "id")
        text += f"- id: {entry['id']}  # 记着\n{lines}  examples: []\n\n"
    path.write_text(text, "utf-8")
    _, policy, mistakes = preview(folder)
    assert policy is not None
    assert mistakes
    return policy


def _flow(value: object) -> str:
    from knowledge.drafting_yaml import flow

    return flow(value)


@pytest.mark.parametrize("name", ["growth", "amounts"])
def test_what_is_accepted_makes_the_pack_whole(tmp_path: Path, name: str) -> None:
    folder = pack(tmp_path, name)
    policy = stripped(folder)
    made = {each.id: [one.fields() for one in proposals(policy, each)] for each in policy.programmes}
    path = folder / "programmes.yaml"
    before = path.read_text("utf-8")
    path.write_text(with_examples(before, made), "utf-8")
    assert list(map(str, check(folder))) == []
    after = path.read_text("utf-8").split("\n")
    assert [line for line in before.split("\n") if line.rstrip() not in map(str.rstrip, after)] == [
        line for line in before.split("\n") if "examples: []" in line
    ]


KEPT = [
    (
        "- id: a\n  examples:\n    - {title: 一}  # 好\n    # 之后\n\n# 下一项\n- id: b\n  examples: []\n",
        "- id: a\n  examples:\n    - {title: 一}  # 好\n    - {title: 新}\n    # 之后\n\n# 下一项\n- id: b\n  examples: []\n",
    ),
    (
        "- id: a\n  examples:\n  - title: 一\n    kind: eligible\n- id: b\n",
        "- id: a\n  examples:\n  - title: 一\n    kind: eligible\n  - {title: 新}\n- id: b\n",
    ),
    (
        "- id: a\n  examples: [TODO! 写]  # 话\n  label: 甲\n",
        "- id: a\n  examples:  # 话\n    - {title: 新}\n  label: 甲\n",
    ),
    (
        "- id: a\n  examples: [{title: 一},\n    {title: 二}]\n",
        "- id: a\n  examples:\n    - {title: 一}\n    - {title: 二}\n    - {title: 新}\n",
    ),
    ("- id: a\n  label: 甲\n# 完\n", "- id: a\n  label: 甲\n  examples:\n    - {title: 新}\n# 完\n"),
    ("- id: b\n  label: 甲\n", "- id: b\n  label: 甲\n"),
]


@pytest.mark.parametrize(("before", "after"), KEPT)
def test_everything_else_of_the_file_stays(before: str, after: str) -> None:
    assert with_examples(before, {"a": [{"title": "新"}]}) == after


def test_what_is_not_finished_waits() -> None:
    text = (
        "- id: a\n  label: 甲\n  conditions:\n    - {kind: x}\n  examples: []\n- id: b\n  label: 乙\n  examples: []\n"
    )
    assert unfinished(text, {2, 5, 7, 8}) == set()
    assert unfinished(text, {4}) == {"a"}
    assert unfinished("- [", {1}) == set()


def test_what_is_right_can_be_tried_before_the_rest_is(tmp_path: Path) -> None:
    policy = load(pack(tmp_path, "growth"))
    tried = finished(policy, {"entry"})
    kept = [each.id for each in tried.programmes]
    assert "entry" not in kept
    assert "interest" not in kept  # which meets it
    assert "growing" in kept
    assert all({*limit.programmes} <= {*kept} for limit in tried.limits)
    marked = policy.facts[-1].model_copy(update={"question": "TODO? 是吗？"})
    assert without_marks(policy.model_copy(update={"facts": (marked,)})).facts[0].question == "是吗？"
