"""Every kind of mistake that a pack can hold, one at a time in a copy of the real one: found once, at its file and line."""

import re
import shutil
from pathlib import Path
from typing import ClassVar

import pytest
import yaml

from knowledge import loading
from knowledge.folders import PACKS, Mistake, PackError
from knowledge.loading import check, load
from knowledge.pack_yaml import PackLoader

REAL = PACKS / "zhengzhou-2013-237"


class _ComposedOnce(PackLoader):
    """Composes a text once for all tests: of the files of a pack, a mistake changes one."""

    _composed: ClassVar[dict[str, yaml.Node | None]] = {}

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._text = text

    def get_single_node(self) -> yaml.Node | None:
        if self._text not in self._composed:
            self._composed[self._text] = super().get_single_node()
        return self._composed[self._text]


@pytest.fixture(autouse=True)
def composed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "PackLoader", _ComposedOnce)


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """A copy with the first three questions of a kind: all the thousands take longer to read than the rest."""
    copy = Path(shutil.copytree(REAL, tmp_path / REAL.name))
    path = copy / "questions.yaml"
    path.write_text(
        re.sub(r"((?:^ {4,6}- .*\n){3})(?:^ {4,6}- .*\n)+", r"\1", path.read_text("utf-8"), flags=re.M), "utf-8"
    )
    return copy


def test_the_copy_is_without_mistakes(pack: Path) -> None:
    assert check(pack) == []


def edit(pack: Path, file: str, old: str, new: str, at: str = "") -> int:
    """Replace the first ``old`` after the first ``at``; the line on which the replacement begins."""
    path = pack / file
    text = path.read_text(encoding="utf-8")
    start = text.index(at)
    position = text.index(old, start)
    path.write_text(text[:position] + new + text[position + len(old) :], encoding="utf-8")
    blank = len(new) - len(new.lstrip())
    return text[:position].count("\n") + new[:blank].count("\n") + 1


def line_of(path: Path, words: str, after: str) -> int:
    text = path.read_text(encoding="utf-8")
    return text[: text.index(words, text.index(after))].count("\n") + 1


def said(mistakes: list[Mistake]) -> list[tuple[str, int, str]]:
    return [(Path(mistake.file).name, mistake.line, mistake.message) for mistake in mistakes]


# title: file, after this, old, new, what the message says
FAULTS: dict[str, tuple[str, str, str, str, str]] = {
    # the form of an entry
    "field unknown": ("facts.yaml", "", "  granted: true", "  grantd: true", "did you mean `granted`?"),
    "field unlike any": ("programmes.yaml", "", "  period: once", "  zzz: 1\n  period: once", "remove it"),
    "field missing": ("evidence.yaml", "id: bank-account", ", name: 银行开户证明", "", "`name` is missing"),
    "number for text": ("clauses.yaml", "", 'id: "3.10"', "id: 3.10", "put it in quotes"),
    "wrong type of figure": ("programmes.yaml", "3.5", "amount: 2000000", "amount: 两百万", "not '两百万'"),
    "no such type": ("facts.yaml", "", "  type: area", "  type: surface", "not 'surface'"),
    "no such kind of condition": ("programmes.yaml", "", "{kind: holds,", "{kind: has,", "`kind` should be one of"),
    "entry that is no mapping": ("evidence.yaml", "", "- {id: rank-proof", "- rank\n- {id: rank-proof", "mapping"),
    "date in words": ("policy.yaml", "", "printed: 2013-11-19", "printed: 十一月", "`printed`"),
    "text of a clause written by hand": ("clauses.yaml", '"3.7"', "  lines:", "  text: 四十万\n  lines:", "remove it here"),
    "id unlike the folder": ("policy.yaml", "", "id: zhengzhou-2013-237", "id: zhengzhou", "folder's name"),
    "text left empty": ("facts.yaml", "id: parks.level", "label: 示范园区（基地）的级别", 'label: ""', "`label` is empty"),
    "list without its question": ("policy.yaml", "", "    more: 还有别的楼宇吗？\n", "", "needs the question `more`"),
    # ids
    "clause id twice": ("clauses.yaml", "", 'id: "4.3"', 'id: "4.2"', "`4.2` is used twice"),
    "programme id twice": ("programmes.yaml", "", "- id: training", "- id: building-rent", "used twice"),
    "choice id twice": ("facts.yaml", "id: parks.level", "{id: municipal,", "{id: provincial,", "used twice"),
    "evidence id twice": ("evidence.yaml", "", "id: rent-payments", "id: rent-lease", "used twice"),
    "notice id twice": ("policy.yaml", "", "id: how-to-apply", "id: validity", "used twice"),
    "screening id twice": ("policy.yaml", "", "id: tenant", "id: building", "used twice"),
    "fact id of no subject": ("facts.yaml", "", "- id: parks.name", "- id: gardens.name", "no `gardens` in subjects"),
    "fact id of the wrong form": ("facts.yaml", "", "- id: parks.name", "- id: parks.Name", "subject.name"),
    # references
    "fact of a condition": (
        "programmes.yaml",
        "",
        "fact: enterprise.national_standard,",
        "fact: enterprise.national_standards,",
        "did you mean `enterprise.national_standard`?",
    ),
    "clause of a notice": ("policy.yaml", "id: park-payee", 'clause: "3.8"', 'clause: "3.80"', "no `3.80` in clauses"),
    "programme of a notice": ("policy.yaml", "id: park-payee", "[demonstration-park]", "[park]", "no `park` in programmes"),
    "pooled programme": ("policy.yaml", "pooled:", "payment-platform", "payment", "did you mean `payment-platform`?"),
    "programme of one project": (
        "policy.yaml",
        "one_project:",
        "- [pilot-project, national-pilot-matching]",
        "- [pilot-project, matching]",
        "no `matching` in programmes",
    ),
    "clause of the cumulation": ("policy.yaml", "cumulation:", 'clause: "3.11"', 'clause: "3.1"', "stands in clause 3.11"),
    "fact of a paper": ("evidence.yaml", "", "[pilots.selected]", "[pilots.chosen]", "no `pilots.chosen` in facts"),
    "paper that the clause does not name": (
        "evidence.yaml",
        "id: rank-proof",
        "basis: inferred,",
        'basis: clause, clause: "3.2",',
        "clause 3.2 does not name “行业排名证明”",
    ),
    "paper of no clause": ("evidence.yaml", "id: payment-licence", ', clause: "3.5"', "", "needs that `clause`"),
    "clause of questions": ("questions.yaml", "", '"3.7":', '"3.77":', "no `3.77` in clauses"),
    "subject of a programme": ("programmes.yaml", "", "  subject: parks", "  subject: park", "did you mean `parks`?"),
    "kind of questions twice": ("questions.yaml", "unanswered:", "id: tax", "id: finance", "`finance` is used twice"),
    # mentions
    "mention of no fact": ("mentions.yaml", "", "- fact: buildings.area", "- fact: buildings.space", "no `buildings.space` in facts"),
    "mention of no subject": ("mentions.yaml", "", "- subject: parks", "- subject: gardens", "no `gardens` in subjects"),
    "mention of no choice": ("mentions.yaml", "fact: parks.level", "municipal:", "local:", "`local` is no choice of `parks.level`"),
    "phrase that is none": ("mentions.yaml", "", "says: [", "says: ['(网店', ", "a bracket that is not closed"),
    "phrase with a class that there is not": ("mentions.yaml", "", "says: [", "says: ['{shopp}开', ", "no class `shopp`"),
    # screening
    "screening fact": ("policy.yaml", "id: tenant", "{enterprise.ecommerce_building_tenant: true}", "{enterprise.tenant: true}", "in facts"),
    "screening value": ("policy.yaml", "id: agency", "agency_operator: true", "agency_operator: 1", "expected true, false"),
    "screening range": ("policy.yaml", "id: training", "more_than: 0", "more_then: 0", "a range has at least one end"),
    "screening choice": ("policy.yaml", "id: demonstration", "demonstration_level: none", "demonstration_level: no", "none of its choices"),
    "screening list": ("policy.yaml", "id: park\n", "parks: [{}]", "parks: true", "its items"),
    "screening item": ("policy.yaml", "id: park\n", "parks: [{}]", "parks: [{levl: national}]", "did you mean `parks.level`?"),
    "screening fact of a list": ("policy.yaml", "id: park\n", "parks: [{}]", "parks.level: national", "state the list"),
    # facts
    "choice without choices": ("facts.yaml", "id: parks.name", "type: text", "type: choice", "needs `choices`"),
    "limit of a yes-or-no fact": ("facts.yaml", "id: buildings.recognised", "  granted: true", "  minimum: 0\n  granted: true", "has no `minimum`"),
    "units of a yes-or-no fact": ("facts.yaml", "id: buildings.recognised", "reads: {names:", "reads: {units: {座: 1}, names:", "has no `units`"),
    "a unit worth nothing": ("facts.yaml", "id: buildings.area", "    names: ", "    units: {亩: 0}\n    names: ", "greater than 0"),
    "a period that there is not": ("facts.yaml", "id: pilots.total_investment", "period: span", "period: decade", "decade"),
    "a figure that is denied": ("facts.yaml", "id: buildings.area", "  reads:\n", '  "no": [没有]\n  reads:\n', "`reads: {zero: […]}`"),
    "minimum above maximum": ("facts.yaml", "id: buildings.occupancy", "minimum: 0", "minimum: 2", "above the maximum"),
    "reason that misquotes": ("facts.yaml", "id: buildings.area", "**办公使用面积超过 10000", "**办公面积超过 10000", "not in source.txt"),
    # quotes and figures
    "quote that is not in the text": (
        "programmes.yaml",
        "",
        "quote: 给予 200 万元的资金支持",
        "quote: 给予 200 万元的奖励",
        "after “给予200万元的” the text goes on “资金支持",
    ),
    "quote of another clause": ("programmes.yaml", "3.7", "quote: 参与国家标准制定的单位}", "quote: 在郑州设立总部}", "stands in clause 3.2, 3.5, not in clause 3.7"),
    "empty quote": ("programmes.yaml", "3.7", "quote: 参与国家标准制定的单位}", 'quote: ""}', "quote is empty"),
    "threshold that the quote does not state": ("programmes.yaml", "", "value: 10000000,", "value: 20000000,", "does not state 20000000"),
    "share that the quote does not state": ("programmes.yaml", "3.4", "rate: 0.5,", "rate: 0.6,", "does not state 0.6"),
    "cap that the quote does not state": ("programmes.yaml", "3.10", "cap: 50000", "cap: 60000", "does not state 60000"),
    "fixed amount that the quote does not state": ("programmes.yaml", "", "amount: 400000,", "amount: 500000,", "does not state 500000"),
    "level that the quote does not state": ("programmes.yaml", "3.8", "municipal: 300000", "municipal: 200000", "does not state 200000"),
    "years that the quote does not state": ("programmes.yaml", "", "limit: 3,", "limit: 5,", "does not state 5"),
    "summary of a clause with a wrong figure": ("clauses.yaml", "3.7", "一次性给 40 万元", "一次性给 50 万元", "says 500000"),
    "summary of a programme with a wrong figure": ("programmes.yaml", "3.7", "给 40 万元，一次性", "给 50 万元，一次性", "says 500000"),
    # conditions and amounts that do not fit their facts
    "threshold on a yes-or-no fact": (
        "programmes.yaml",
        "",
        "fact: buildings.area, value",
        "fact: buildings.recognised, value",
        "needs one of type",
    ),
    "fact of another list": ("programmes.yaml", "", "fact: pilots.selected,", "fact: buildings.recognised,", "subject is `pilots`"),
    "choice that there is not": ("programmes.yaml", "3.2", "domestic_top3]", "domestic_top30]", "no choice of `enterprise.industry_standing`"),
    "choice admitted and left open": ("programmes.yaml", "", "open: [other]", "open: [forestry]", "not both"),
    "level missing": ("programmes.yaml", "3.8", ", municipal: 300000", "", "`municipal` can be eligible"),
    "level never reached": ("programmes.yaml", "3.8", "municipal: 300000}", "municipal: 300000, none: 600000}", "`none` is never eligible"),
    # coverage
    "clause of lines that there are not": ("clauses.yaml", "", "[125, 135]", "[125, 136], [900, 901]", "no lines 900 to 901"),
    "line of two clauses": ("clauses.yaml", "", "[[75, 75]]", "[[73, 75]]", "line 73 of source.txt belongs to clause 2.5.1"),
    # examples
    "kind of example missing": ("programmes.yaml", "3.7", "kind: ineligible", "kind: boundary", "has no ineligible example"),
    "example of the wrong kind": ("programmes.yaml", "3.7", "status: eligible", "status: ineligible", "should have the status eligible"),
    "threshold without a boundary example": ("programmes.yaml", "3.9", "area: 10000,", "area: 9000,", "puts `buildings.area` at 10000"),
    "example that cannot be read": ("programmes.yaml", "3.7", "{national_standard: true}", "{national_standard: 1}", "enterprise.national_standard: expected true"),
    "example of another status": ("programmes.yaml", "参与没参与", "status: undetermined", "status: eligible", "the rules say undetermined"),
    "example of another amount": ("programmes.yaml", "3.7", "amount: [400000, 400000]", "amount: [0, null]", "the rules say [400000, 400000]"),
    "example without its amount": ("programmes.yaml", "3.7", "      amount: [400000, 400000]\n", "", "should pay no figure"),
    # YAML
    "key given twice": ("policy.yaml", "", "version:", "number: 一号\nversion:", "`number` is given twice"),
    "broken YAML": ("evidence.yaml", "", "- {id: rank-proof, name: 行业排名证明", "- {id: rank-proof, name: [行业", "not YAML"),
}  # fmt: skip

# the line of the message where it is another than that of the change
ELSEWHERE = {
    "list without its question": "- id: buildings",
    "choice without choices": "id: parks.name",
    "clause of the cumulation": "quote: 同一企业",
    "example without its amount": "- title: 参与了国家标准制定",
    "key given twice": "number: 郑政文",
    "kind of example missing": "examples:",
    "threshold without a boundary example": "examples:",
}
# where one change is more than one mistake
MORE = {
    "choice id twice",
    "clause id twice",
    "programme id twice",
    "threshold that the quote does not state",
}


@pytest.mark.slow
@pytest.mark.parametrize("title", FAULTS)
def test_a_mistake_is_found_where_it_stands(pack: Path, title: str) -> None:
    file, after, old, new, message = FAULTS[title]
    line = edit(pack, file, old, new, after)
    if title in ELSEWHERE:
        line = line_of(pack / file, ELSEWHERE[title], after)
    found = said(check(pack))
    assert [text for name, number, text in found if (name, number) == (file, line) and message in text]
    assert (len(found) > 1) == (title in MORE)


def test_all_mistakes_are_found_in_one_run_in_the_order_of_files_and_lines(pack: Path) -> None:
    expected = [
        ("clauses.yaml", edit(pack, "clauses.yaml", 'id: "3.10"', "id: 3.10")),
        ("evidence.yaml", edit(pack, "evidence.yaml", "[pilots.selected]", "[pilots.chosen]")),
        ("facts.yaml", edit(pack, "facts.yaml", "**办公使用面积", "**办公面积")),
        ("policy.yaml", edit(pack, "policy.yaml", "[demonstration-park]", "[park]")),
        ("programmes.yaml", edit(pack, "programmes.yaml", "{kind: holds,", "{kind: has,")),
        ("programmes.yaml", edit(pack, "programmes.yaml", "cap: 3000000", "cap: 4000000")),
        ("questions.yaml", edit(pack, "questions.yaml", "unanswered:", "unansweredd:")),
    ]
    with pytest.raises(PackError) as caught:
        load(pack)
    found = said(list(caught.value.mistakes))
    assert [
        at for at in dict.fromkeys((name, line) for name, line, _ in found) if at[0] != "questions.yaml"
    ] == expected[:-1]
    assert expected[-1] in [(name, line) for name, line, _ in found]
    assert len(str(caught.value).splitlines()) == len(found)


def test_a_line_of_the_text_in_no_clause_is_found_in_the_text(pack: Path) -> None:
    edit(pack, "clauses.yaml", "lines: [[83, 85]]", "lines: [[83, 83]]")
    found = said(check(pack))
    assert (
        "source.txt",
        85,
        "“对于获批的国家电子商务试点项目，地方财政按 1:1 的标准，给予资金配套支持。” belongs to no clause; add the line to one",
    ) in found


def test_a_missing_file_is_named(pack: Path) -> None:
    (pack / "evidence.yaml").unlink()
    assert said(check(pack)) == [("evidence.yaml", 0, "this file is missing; every pack has one")]


def test_an_empty_file_is_named(pack: Path) -> None:
    (pack / "evidence.yaml").write_text("# nothing\n", encoding="utf-8")
    assert said(check(pack)) == [("evidence.yaml", 0, "this file is empty; every pack has its entries")]


def test_a_file_in_another_encoding_is_named_with_its_line(pack: Path) -> None:
    text = (pack / "evidence.yaml").read_text(encoding="utf-8")
    (pack / "evidence.yaml").write_bytes(b"# plain\n" + text.encode("gb18030"))
    assert said(check(pack)) == [("evidence.yaml", 2, "this is not UTF-8; save the file as UTF-8")]


def test_a_character_that_yaml_does_not_allow_is_named_with_its_line(pack: Path) -> None:
    line = edit(pack, "evidence.yaml", "行业排名", "行业\x07排名")
    assert said(check(pack)) == [("evidence.yaml", line, "a character that YAML does not allow; remove it")]


def test_a_broken_file_hides_no_broken_entry_of_another(pack: Path) -> None:
    syntax = edit(pack, "evidence.yaml", "- {id: rank-proof, name: 行业排名证明", "- {id: rank-proof, name: [行业")
    entry = edit(pack, "facts.yaml", "  granted: true", "  grantd: true")
    assert [(file, line) for file, line, _ in said(check(pack))] == [("evidence.yaml", syntax), ("facts.yaml", entry)]


def test_a_head_that_is_no_mapping_is_named(pack: Path) -> None:
    (pack / "policy.yaml").write_text("- id: x\n", encoding="utf-8")
    [(file, line, message)] = said(check(pack))
    assert (file, line) == ("policy.yaml", 1)
    assert "fields of the policy" in message


def test_a_pack_that_there_is_not_is_named_with_those_there_are() -> None:
    [mistake] = check("shanghai")
    assert mistake.file == "shanghai"
    assert REAL.name in mistake.message


def test_a_mistake_reads_like_a_compiler_message() -> None:
    assert str(Mistake("a/facts.yaml", 12, "what to do")) == "a/facts.yaml:12: what to do"
    assert str(Mistake("a/facts.yaml", 0, "what to do")) == "a/facts.yaml: what to do"


def test_what_cannot_be_read_makes_no_reference_to_it_wrong(pack: Path) -> None:
    line = edit(pack, "facts.yaml", "- id: enterprise.agency_operator", "- id: [enterprise.agency_operator")
    [(file, number, message)] = said(check(pack))
    assert file == "facts.yaml"
    assert number >= line
    assert "not YAML" in message
    (pack / "source.txt").unlink()
    assert [file for file, _, _ in said(check(pack))] == ["facts.yaml", "source.txt"]
