"""The papers that a clause names for an application, for evidence.yaml. Knows no policy."""

import re
from collections.abc import Iterator, Mapping, Sequence

from knowledge.drafting_facts import ident
from knowledge.drafting_figures import spans
from knowledge.drafting_yaml import suggested
from knowledge.patterns import regex

_HANDED_IN = regex(r"(?:提供|提交|报送|出具|附上|携带|填写|填报)(?:以下|下列)?(?:材料)?[:：]?([^。；]{2,120})")
_PAPER = regex(
    r"(?:证|证书|证明|执照|申请表|申报表|表|书|合同|协议|回执|名册|发票|凭证|报告|报表|承诺|文件|批复|复印件|名单|清单|流水|单)$"
)
_FORM = regex(r"(?:申请|申报)(?:表|书)$")
_PARTED = regex(r"、|，|和|及|以及|或者|或")


def form() -> dict[str, object]:
    """What every application has."""
    return {"id": "application-form", "name": suggested("申报表"), "basis": "inferred"}


def papers_in(text: str, clause: str, known: Sequence[Mapping[str, object]]) -> Iterator[dict[str, object]]:
    """The papers that a clause names, those of ``known`` apart."""
    taken = {str(paper["id"]): True for paper in known}
    names = {str(paper["name"]) for paper in known}
    for found in _HANDED_IN.finditer(spans(text)):
        for part in _PARTED.split(found[1]):
            name = re.sub(r"^(?:企业|单位|本?年度|相关|有关|下列|以下|的)+|(?:等.{0,6}|的)$", "", part)
            if _FORM.search(name):
                continue  # every application has one
            if 2 <= len(name) <= 20 and _PAPER.search(name) and name not in names:
                names.add(name)
                made = ident(name, taken, "-")
                taken[made] = True
                yield {"id": made, "name": name, "basis": "clause", "clause": clause}
