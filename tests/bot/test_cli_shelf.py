"""Several policies on the command line: assessed together, refused where their case is wrong, and listed."""

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from conversations.saying.policies import policies_json, policies_text
from knowledge.loading import load
from tests.bot.command import Run, called
from tests.knowledge.small_packs import sheet, write
from tests.table import check_each

GROWTH, TOURISM = "qinglan-2022", "yuchuan-tourism-2019"
CASE: dict[str, Any] = {
    "on": "2021-06-01",
    "enterprise": {"revenue": {"2021": 50000000}},
    GROWTH: {"enterprise": {"staff": 3, "rooms": 2}},
    TOURISM: {"enterprise": {"piers": 3}, "fields": [{"mu": 300}]},
}


@pytest.fixture(scope="module")
def packs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("packs")
    return {name: write(folder / name, sheet(name)) for name in (GROWTH, TOURISM)}


@pytest.fixture
def both(packs: dict[str, Path]) -> list[str]:
    return [f"--policy={packs[GROWTH]}", f"--policy={packs[TOURISM]}"]


def assessed(policies: list[str], *cases: object) -> tuple[Run, list[dict[str, Any]]]:
    run = called("assess", "-", *policies, stdin="\n".join(map(json.dumps, cases)))
    return run, [json.loads(line) for line in run.stdout.decode().splitlines()]


def test_several_policies_are_assessed_together(both: list[str]) -> None:
    run, [open_still, settled, one_matter] = assessed(
        both,
        CASE,
        {**CASE, "same_matter": []},
        {**CASE, "same_matter": [[f"{GROWTH}/scale", f"{TOURISM}/fields:0"]]},
    )
    assert run.returncode == 0
    assert list(open_still) == ["policies", "combined", "may_overlap"]
    assert (open_still["combined"], open_still["may_overlap"]) == ({"min": 230000, "max": 254000}, True)
    assert (settled["combined"], settled["may_overlap"]) == ({"min": 254000, "max": 254000}, False)
    assert (one_matter["combined"], one_matter["may_overlap"]) == ({"min": 239000, "max": 239000}, False)
    _, [turned] = assessed(both[::-1], CASE)
    assert [each["policy"] for each in turned["policies"]] == [TOURISM, GROWTH]
    assert turned["policies"][::-1] == open_still["policies"]
    assert turned["combined"] == open_still["combined"]


def test_each_assessment_is_that_of_the_policy_alone_but_for_the_names_of_claims(both: list[str]) -> None:
    """Byte for byte, once the names are put back."""
    run, _ = assessed(both, CASE)
    alone = {
        GROWTH: {"on": CASE["on"], "enterprise": {"staff": 3, "rooms": 2, **CASE["enterprise"]}},
        TOURISM: {"on": CASE["on"], "enterprise": {"piers": 3, **CASE["enterprise"]}, "fields": [{"mu": 300}]},
    }
    together = run.stdout.decode()
    for policy, option in zip(alone, both, strict=True):
        single, [answer] = assessed([option], alone[policy])
        assert answer["policy"] == policy
        assert single.stdout.decode().strip() in together.replace(f"{policy}/", "")
    assert f'"claim": "{GROWTH}/rooms"' in together
    assert f'"superseded_by": "{GROWTH}/jobs"' in together
    assert f'"claims": ["{TOURISM}/piers", "{TOURISM}/fields:0"]' in together
    assert '"fact": "fields.0.mu"' in together


def test_what_is_missing_is_named_by_the_policys_own_paths(both: list[str]) -> None:
    _, [answer] = assessed(both, {TOURISM: {"fields": [{}]}})
    growth, tourism = answer["policies"]
    assert growth["claims"][0]["missing"] == ["enterprise.revenue@2021"]
    assert [claim["missing"] for claim in tourism["claims"]] == [
        ["enterprise.revenue@2021", "enterprise.piers"],
        ["fields.0.mu"],
    ]
    assert tourism["next_question"] in ("enterprise.revenue@2021", "enterprise.piers", "fields.0.mu")
    assert answer["combined"] == {"min": 0, "max": None}


def test_an_error_names_the_path_and_spoils_no_other_line(both: list[str]) -> None:
    rows: list[tuple[object, str]] = [
        ({**CASE, TOURISM: {"enterprise": {"piers": -1}}}, f"{TOURISM}.enterprise.piers"),
        ({**CASE, TOURISM: {"enterprise": {"revenue": {"2021": 1}}}}, f"{TOURISM}.enterprise.revenue"),
        ({**CASE, "enterprise": {"piers": 1}}, "enterprise.piers"),
        ({**CASE, "enterprise": {"founded": "2020"}}, "enterprise.founded"),
        ({**CASE, "enterprise": {"revenue": {"21": 1}}}, "enterprise.revenue.21"),
        ({**CASE, "other-2020": {}}, "other-2020"),
        ({**CASE, "same_matter": [[f"{GROWTH}/scale", f"{TOURISM}/fields"]]}, "same_matter.0.1"),
        ([], ""),
    ]
    run, answers = assessed(both, *(row[0] for row in rows), CASE)
    assert run.returncode == 2
    assert "combined" in answers[-1]
    said = [(row[1], answer) for row, answer in zip(rows, answers[:-1], strict=True)]

    def check(row: tuple[str, dict[str, Any]]) -> None:
        path, answer = row
        assert set(answer) == {"error", "path"}
        assert answer["path"] == path

    check_each(said, check, lambda row: row[0])


def told(policies: list[str], case: object, folder: Path) -> str:
    file = folder / "case.json"
    file.write_text(json.dumps(case), "utf-8")
    run = called("assess", str(file), *policies)
    assert run.returncode == 0, run.stderr
    return run.stdout.decode()


def test_people_read_each_result_and_one_sentence_on_the_sum(both: list[str], tmp_path: Path) -> None:
    text = told(both, CASE, tmp_path)
    first, second, last = (
        text.index("《青岚区扶持办法》"),
        text.index("《榆川县旅游扶持办法》（榆政〔2019〕3号）"),
        text.index("2 份文件"),
    )
    assert first < text.index("23 万元") < second < text.index("2.4 万元") < last
    assert "23–25.4 万元，但不能简单相加：榆政〔2019〕3号写明“与其他政策就高不重复”" in text[last:]
    settled = told(both, {**CASE, "same_matter": []}, tmp_path)
    assert settled.endswith("2 份文件合起来：25.4 万元。\n")
    over = told(both, {**CASE, "on": "2024-06-01"}, tmp_path)
    assert "已经失效" in over
    assert "合起来：23 万元" in over
    assert "**" not in text


def test_a_policy_is_named_once(both: list[str]) -> None:
    run = called("assess", "-", both[0], both[0], stdin="{}")
    assert run.returncode == 2
    assert f"{GROWTH} 写了两次" in run.stderr.decode()


def test_without_policy_those_of_the_settings_are_assessed(
    packs: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WENCE_POLICIES", f"{packs[GROWTH]}, {packs[TOURISM]}")
    _, [answer] = assessed([], CASE)
    assert answer["may_overlap"] is True
    _, [answer] = assessed([f"--policy={packs[GROWTH]}"], {"enterprise": {"staff": 1}})
    assert answer["policy"] == GROWTH


def test_the_policies_that_there_are(packs: dict[str, Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    broken = write(tmp_path / "broken-1", {**sheet(GROWTH), "programmes": [{"id": "x"}]})
    served = [str(packs[TOURISM]), str(broken), str(tmp_path / "nothing")]
    monkeypatch.setenv("WENCE_POLICIES", ",".join(served))
    run = called("policies", "--json")
    assert run.returncode == 0
    found = {each["id"]: each for each in json.loads(run.stdout)["policies"]}
    assert list(found)[-1] == TOURISM
    assert "broken-1" not in found
    assert found[TOURISM] == {
        "id": TOURISM,
        "version": "1",
        "number": "榆政〔2019〕3号",
        "title": "榆川县旅游扶持办法",
        "issuer": "榆川市人民政府",
        "area": "990524",
        "in_force": False,
        "coverage": "whole",
        "served": True,
    }
    assert found["zhengzhou-2013-237"]["served"] is False
    said = run.stderr.decode()
    assert "没有列出" in said
    assert "broken-1/programmes.yaml" in said
    assert "there is no such pack" in said
    assert "已经失效（有效期到 2023 年 12 月 31 日）" in called("policies").stdout.decode()


def test_in_force_is_as_of_the_day(packs: dict[str, Path]) -> None:
    policies = [(load(packs[GROWTH]), True), (load(packs[TOURISM]), False)]

    def in_force(day: date) -> list[object]:
        found: Any = policies_json(policies, day)["policies"]
        return [each["in_force"] for each in found]

    assert in_force(date(2023, 12, 31)) == [None, True]
    assert in_force(date(2024, 1, 1)) == [None, False]
    found: Any = policies_json(policies)["policies"]
    assert [found[0][name] for name in ("number", "area", "coverage")] == [None, None, None]
    heads, growth, tourism = policies_text(policies, date(2023, 12, 31)).splitlines()
    assert re.split(r"  +", heads) == ["编号", "名称", "文号", "发文机关", "地区", "效力", "收录", "在用"]
    assert re.split(r"  +", growth)[-4:] == ["—", "没有写有效期", "—", "是"]
    assert re.split(r"  +", tourism)[-4:] == ["990524", "有效期到 2023 年 12 月 31 日", "全文", "否"]
    assert growth.index("青岚") == tourism.index("榆川") == heads.index("名称") + len("编号")
