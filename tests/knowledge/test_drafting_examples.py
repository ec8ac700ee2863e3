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


PARTS = """
text: |
  2020、2021年研发费用合计占两年营业收入合计的3%以上的，奖励10万元。
  近三年（2020年、2021年、2022年）纳税累计达到600万元的，奖励20万元。
  茶室、集市、书屋、工坊中开办三种以上的，奖励5万元。
facts:
  - {id: enterprise.rd, type: money, by_year: true}
  - {id: enterprise.sales, type: money, by_year: true}
  - {id: enterprise.tax, type: money, by_year: true}
  - {id: enterprise.tea, type: bool}
  - {id: enterprise.fair, type: bool}
  - {id: enterprise.books, type: bool}
  - {id: enterprise.crafts, type: bool}
programmes:
  - id: rd
    clause: "1"
    quote: 奖励10万元
    conditions: [{kind: at_least, term: {ratio: [{sum: [enterprise.rd@2020, enterprise.rd@2021]}, {sum: [enterprise.sales@2020, enterprise.sales@2021]}]}, value: 0.03, quote: 占两年营业收入合计的3%以上}]
    amount: {kind: fixed, amount: 100000, quote: 奖励10万元}
    examples: []
  - id: tax
    clause: "2"
    quote: 奖励20万元
    conditions: [{kind: at_least, term: {sum: [enterprise.tax@2020, enterprise.tax@2021, enterprise.tax@2022]}, value: 6000000, quote: 纳税累计达到600万元}]
    amount: {kind: fixed, amount: 200000, quote: 奖励20万元}
    examples: []
  - id: trades
    clause: "3"
    quote: 奖励5万元
    conditions: [{kind: at_least_n_of, n: 3, quote: 开办三种以上, conditions: [{kind: holds, fact: enterprise.tea, quote: 茶室}, {kind: holds, fact: enterprise.fair, quote: 集市}, {kind: holds, fact: enterprise.books, quote: 书屋}, {kind: holds, fact: enterprise.crafts, quote: 工坊}]}]
    amount: {kind: fixed, amount: 50000, quote: 奖励5万元}
    examples: []
policy: {}
"""


@pytest.mark.parametrize("number", range(3))
def test_several_parts_are_changed_together(tmp_path: Path, number: int) -> None:
    """A ratio of sums, a sum of three years, so many of several: no single value turns them."""
    _, policy, _ = preview(write(tmp_path / "parts", read(PARTS)))
    assert policy is not None
    programme = policy.programmes[number]
    found = proposals(policy, programme)
    assert {one.kind for one in found} == {"eligible", "ineligible", "boundary"}
    assert all(one.status == one.kind for one in found if one.kind != "boundary")
    assert [one.kind for one in found].count("boundary") >= len([*edges(programme)])
