"""The pack that docs/packs.md writes out: the page works as it stands, and a second policy is a second folder."""

import re
from pathlib import Path

import pytest

from knowledge.loading import check, load

PAGE = Path(__file__).parents[2] / "docs" / "packs.md"


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    folder = tmp_path / "haicheng-2020-7"
    folder.mkdir()
    page = PAGE.read_text(encoding="utf-8")
    for file, text in re.findall(r"### `([a-z.]+)`\n.*?```(?:text|yaml)\n(.*?)```", page, re.DOTALL):
        (folder / file).write_text(text, encoding="utf-8")
    return folder


def test_the_pack_of_the_page_is_without_mistakes(pack: Path) -> None:
    assert sorted(path.name for path in pack.iterdir()) == [
        "clauses.yaml",
        "evidence.yaml",
        "facts.yaml",
        "mentions.yaml",
        "policy.yaml",
        "programmes.yaml",
        "questions.yaml",
        "source.txt",
    ]
    assert list(map(str, check(pack))) == []


def test_it_loads_by_its_folder(pack: Path) -> None:
    policy = load(pack)
    assert policy.clause("1").text.endswith("每年最高不超过 10 万元。")
    assert [paper.id for paper in policy.materials("anchor-quay")] == ["application-form", "anchor-notice"]
    assert load(str(pack)).programmes == policy.programmes
    assert [one.fact for one in policy.written_mentions.facts] == ["enterprise.registered", "enterprise.rent"]
