"""The command line as other programs use it: JSON in and out, exit status, any locale, broken pipes."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from knowledge.folders import PACKS
from tests.bot.command import ROOT, Run, called, started

CASE = {
    "enterprise": {
        "registered_in_zhengzhou": True,
        "agency_operator": True,
        "agency_service_fee": 2600000,
        "agency_years_supported": 0,
    },
    "pilots": [
        {
            "name": "冷链平台",
            "industry": "logistics",
            "selected": True,
            "total_investment": 15000000,
            "national_pilot": False,
        }
    ],
    "parks": [],
    "buildings": [],
    "same_project": [["pilot-project:0", "agency-operations"]],
}


def lines(run: Run) -> list[dict[str, object]]:
    return [json.loads(line) for line in run.stdout.decode().splitlines()]


def test_assess_answers_the_contracts_case(tmp_path: Path) -> None:
    file = tmp_path / "case.json"
    file.write_text(json.dumps(CASE), "utf-8")
    run = called("assess", str(file), "--json")
    assert run.returncode == 0
    [answer] = lines(run)
    assert answer["policy"] == "zhengzhou-2013-237"
    assert answer["total"] == {"min": 1500000, "max": None}
    claims = {claim["claim"]: claim for claim in answer["claims"]}  # type: ignore[index,union-attr]
    agency = claims["agency-operations"]
    assert agency["status"] == "eligible"
    assert agency["amount"] == {"min": 260000, "max": 260000}
    assert (agency["period"], agency["years_left"]) == ("year", 3)
    assert agency["superseded_by"] == "pilot-project:0"
    assert agency["citation"] == "三、（六）"
    assert claims["leading-headquarters"]["amount"] is None


@pytest.mark.slow
def test_assess_reads_well_for_people(tmp_path: Path) -> None:
    file = tmp_path / "case.json"
    file.write_text("\ufeff" + json.dumps(CASE), "utf-8")
    run = started("assess", str(file), LC_ALL="C", PYTHONUTF8="0")
    text = run.stdout.decode()
    assert run.returncode == 0
    assert "每年 26 万元" in text
    assert "260 万元 × 10%，三、（六）" in text
    assert "**" not in text


@pytest.mark.slow
def test_lines_are_answered_one_by_one_and_errors_name_the_path() -> None:
    given = [
        json.dumps(CASE),
        "",
        '{"enterprise": {"agency_service_fee": -1}}',
        '{"pilots": [{"total_investment": NaN}]}',
        '{"pilots": [{"total_investment": 1e999}]}',
        '{"pilots": [{"total_investment": 1e-200}]}',
        '{"parks": [], "parks": null}',
        '{"enterprise": {"agency_service_fee": true}}',
        "[1]",
        "{" * 100_000,
        '{"enterprise": {"agency_service_fee": ' + "9" * 5000 + "}}",
        '{"same_project": [["nothing", "agency-operations"]]}',
        "{}",
    ]
    run = started("assess", "-", stdin="\r\n".join(given), LC_ALL="POSIX")
    answers = lines(run)
    assert run.returncode == 2
    assert len(answers) == len(given) - 1
    assert "claims" in answers[0]
    assert answers[1] == {"error": "-1 is less than 0", "path": "enterprise.agency_service_fee"}
    assert all(set(answer) == {"error", "path"} for answer in answers[1:-1])
    assert answers[4] == {
        "error": "1E-200 has more than 30 decimal places; round it",
        "path": "pilots.0.total_investment",
    }
    assert answers[6]["path"] == "enterprise.agency_service_fee"
    assert str(answers[10]["path"]).startswith("same_project")
    assert "claims" in answers[-1]


def test_a_line_that_is_not_utf8_spoils_no_other() -> None:
    run = called(
        "ask",
        "-",
        stdin=b'{"text": "\xff"}\n{"text": "\xe5\x9b\xad\xe5\x8c\xba\xe5\xa5\x96\xe5\xa4\x9a\xe5\xb0\x91"}\n',
    )
    bad, good = lines(run)
    assert run.returncode == 2
    assert "UTF-8" in str(bad["error"])
    assert good["in_scope"] is True


def test_figures_stay_exact() -> None:
    run = called("assess", "-", stdin='{"enterprise": {"ecommerce_business": true, "digital_certificate_fee": 0.3}}')
    [answer] = lines(run)
    claims = {claim["claim"]: claim for claim in answer["claims"]}  # type: ignore[index,union-attr]
    assert claims["digital-certificate"]["amount"] == {"min": 0.15, "max": 0.15}


def test_understand_answers_in_the_contracts_form() -> None:
    given = [
        {"fact": "pilots.total_investment", "text": "一千五百万左右"},
        {"fact": "pilots.total_investment", "text": "得问财务"},
        {"fact": "pilots.total_investment", "text": "红烧肉"},
        {"fact": "enterprise.agency_service_fee", "text": "两百多万"},
        {"fact": "nothing", "text": "1"},
        {"fact": "pilots.total_investment"},
        {"fact": "enterprise.agency_service_fee", "text": "两百六"},
    ]
    run = called("understand", "-", stdin="\n".join(map(json.dumps, given)))
    answers = lines(run)
    assert run.returncode == 2
    assert answers[0] == {"status": "ok", "value": 15000000, "approximate": True}
    assert answers[1] == {"status": "unknown"}
    assert answers[2] == {"status": "unclear"}
    assert answers[3]["value"] == {"more_than": 2000000, "less_than": 3000000}
    assert answers[4]["path"] == "fact"
    assert answers[5]["path"] == "text"
    assert answers[6] == {"status": "unclear", "offer": 2600000}


def test_extract_gives_the_case_with_its_evidence() -> None:
    run = called("extract", "我们做代运营，服务费约260万，没有试点项目", "--json")
    [answer] = lines(run)
    assert answer["case"] == {
        "enterprise": {"agency_operator": True, "agency_service_fee": 2600000},
        "pilots": [],
    }
    assert answer["approximate"] == ["enterprise.agency_service_fee"]
    assert set(answer["evidence"]) == {"enterprise.agency_operator", "enterprise.agency_service_fee", "pilots"}  # type: ignore[call-overload]
    assert "约 260 万元" in called("extract", "我们做代运营，服务费约260万").stdout.decode()


def test_ask_answers_with_clauses() -> None:
    run = called("ask", "代运营能补多少钱", "--json")
    [answer] = lines(run)
    assert answer["in_scope"] is True
    assert answer["clauses"][0]["id"] == "3.6"  # type: ignore[index]
    assert "三、（六）" in called("ask", "代运营能补多少钱").stdout.decode()


def test_draft_writes_the_letter_that_staff_send_on() -> None:
    [drafted] = lines(
        called("draft", "--register", "plain", "我们在郑州做代运营，年服务费260万，能补多少？有没有电话？")
    )
    letter = str(drafted["letter"])
    assert "26 万元" in letter
    assert "**" not in letter
    assert drafted["case"] == {
        "enterprise": {"agency_operator": True, "agency_service_fee": 2600000, "registered_in_zhengzhou": True}
    }
    assert drafted["total"] is not None
    first, *rest = drafted["questions"]  # type: ignore[misc]
    assert (first["answered"], first["clauses"][0]) == (True, "3.6")  # type: ignore[index]
    assert rest


def test_draft_answers_line_by_line_and_says_what_it_cannot_use() -> None:
    given = '{"text": "谢谢"}\n{"text": "园区省级奖多少", "register": "loud"}\n{"text": "园区省级奖多少", "sender": "王总"}\n'
    run = called("draft", "-", stdin=given)
    thanks, wrong, letter = lines(run)
    assert (thanks["questions"], thanks["total"]) == ([], None)
    assert wrong["path"] == "register"
    assert str(letter["letter"]).startswith("王总您好")
    assert run.returncode == 2


def test_facts_and_check() -> None:
    [answer] = lines(called("facts", "--json"))
    facts = answer["facts"]
    assert isinstance(facts, list)
    assert len(facts) == 26
    assert set(facts[0]) == {"id", "subject", "type", "question", "choices", "unit"}
    assert called("check").returncode == 0


@pytest.mark.parametrize(
    "arguments",
    [(), ("nothing",), ("assess",), ("assess", "/no/such/file"), ("understand", "x"), ("check", "/no/such/pack")],
)
def test_a_bad_invocation_ends_with_2_and_a_sentence(arguments: tuple[str, ...]) -> None:
    run = called(*arguments)
    assert run.returncode == 2
    assert run.stderr.strip()
    assert b"Traceback" not in run.stderr


@pytest.mark.slow
def test_a_reader_that_leaves_is_no_error() -> None:
    command = f"yes '{{}}' | head -400 | {sys.executable} -m bot assess - | head -1"
    run = subprocess.run(["bash", "-c", command], cwd=ROOT, capture_output=True, timeout=60, check=False)
    assert run.stdout.count(b"\n") == 1
    assert run.stderr == b""


def test_a_policy_is_named_by_its_folder(tmp_path: Path) -> None:
    folder = tmp_path / "zhengzhou-2013-237"
    shutil.copytree(PACKS / folder.name, folder)
    head = folder / "policy.yaml"
    head.write_text(re.sub(r"(?m)^version:.*$", 'version: "of a test"', head.read_text("utf-8")), "utf-8")
    done = called("assess", "--policy", str(folder), "-", stdin="{}")
    assert done.returncode == 0
    assert json.loads(done.stdout)["version"] == "of a test"
    done = called("understand", "--policy", str(tmp_path / "nothing"), "-", stdin="{}")
    assert done.returncode == 2
    assert "there is no such pack" in done.stderr.decode()


def test_a_command_works_with_several_policies(monkeypatch: pytest.MonkeyPatch) -> None:
    both = ("--policy", "haicheng-ecommerce-2024", "--policy", "haicheng-industry-2023")
    ids = {fact["id"] for fact in json.loads(called("facts", "--json", *both).stdout)["facts"]}
    own = "haicheng-ecommerce-2024.enterprise.online_sales"
    assert {own, "enterprise.founded"} <= ids
    line = json.dumps({"fact": f"{own}@2024", "text": "3200万"})
    assert json.loads(called("understand", *both, "-", stdin=line).stdout)["value"] == 32_000_000
    read = json.loads(called("extract", "--json", *both, "2024年3月成立，2024年网络零售额3200万").stdout)
    assert read["case"]["haicheng-ecommerce-2024"] == {"enterprise": {"online_sales": {"2024": 32_000_000}}}
    assert own in {path.partition("@")[0] for path in read["evidence"]}
    answered = json.loads(called("ask", "--json", *both, "增长奖励要增长百分之多少").stdout)
    assert (answered["clauses"][0]["policy"], answered["clauses"][0]["id"]) == ("haicheng-ecommerce-2024", "5")
    monkeypatch.setenv("WENCE_POLICIES", "haicheng-ecommerce-2024,haicheng-industry-2023")
    assert {fact["id"] for fact in json.loads(called("facts", "--json").stdout)["facts"]} == ids
    assert called("facts", "--policy", "zhengzhou-2013-237").returncode == 0


def test_the_settings_name_the_policy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WENCE_POLICIES", "nothing")
    assert "nothing: there is no such pack" in called("facts").stderr.decode()
    monkeypatch.setenv("WENCE_POLICY", "else")
    done = called("facts")
    assert done.returncode == 2
    assert "WENCE_POLICIES and WENCE_POLICY name different policies" in done.stderr.decode()
