"""The facts of a draft: those of the vocabulary that the text speaks of, and one for each figure that it compares.

An id is made of how the words sound, so that it can be read. Knows no policy.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from knowledge.drafting_figures import FigureFound
from knowledge.drafting_yaml import suggested
from knowledge.patterns import regex
from knowledge.sounds import syllables
from knowledge.vocabulary import shared_facts
from rules.raw import is_list, is_object

SUBJECT = "enterprise"
_TYPES = {"money": "money", "area": "area", "ratio": "ratio", "years": "years", "date": "date"}
_ASKED = {
    "money": ("{label}是多少？", "写清楚是元还是万元；没有就写 0。"),
    "area": ("{label}是多少平方米？", "写平方米数。"),
    "ratio": ("{label}是百分之多少？", "写百分数。"),
    "years": ("{label}是多少年？", "写年数。"),
    "count": ("{label}是多少{unit}？", "直接写数。"),
    "date": ("{label}是哪一天？", "写年月日；只记得年月也可以。"),
    "bool": ("是不是{label}？", "照实回答。"),
    "choice": ("{label}是哪一种？", "以文件为准。"),
}
_BEFORE = regex(
    r"^(?:对(?:于)?|凡|且|并且|并|以及|同时|其中|或者|或|如|企业|单位|机构|同一|单个|每家|每个|每|上一?年度?|当年度?|本年度?|年度|20\d\d年度?|"
    r"获得|取得|新增|按照|按|为|由|在|其(?!他|它)|的)+"
)
_BEHIND = regex(
    r"(?:达到|达|满|超过|高于|低于|不少于|不低于|不超过|不足|不满|不到|未满|少于|大于|小于|至少|以上|累计|合计|总计|共计|共|"
    r"比[^，]{0,6}(?:增长|提高|增加)|(?:同比)?(?:增长|增幅)(?:率)?|首次|为|在|的|已|每\w?|均|各|约|、|[(（])+$"
)
_YEARLY = regex(r"上一?年度?|(20\d\d)年度|年度")
_LONGEST = 12


def label_of(said: str) -> str:
    """What the words before a figure call it; empty where they call it nothing."""
    said = re.split(r"[，；：]|给予|按照?|不超过|(?<=.)且|\d[^，；：、]*?(?:以上|以下)?、|(?:以上|以下)、", said)[-1]
    before = None
    while said != before:
        before, said = said, _BEHIND.sub("", _BEFORE.sub("", said))
    said = re.split(r"(?<=.)的", said)[-1] if len(said) > _LONGEST else said
    return said[-_LONGEST:] if re.search(r"[\u4e00-\u9fff]{2}", said) else ""


def names_who(label: str) -> bool:
    """Whether what stands before a figure names who is meant and not what is counted."""
    return label.endswith(("企业", "单位", "机构", "项目", "平台", "园区", "人员", "个人", "公司"))


def levels(names: Sequence[str]) -> dict[str, str]:
    """The ids of choices that are called so."""
    found: dict[str, str] = {}
    for name in names:
        found[ident(name, found, "_")] = name
    return found


def year_of(said: str) -> str | None:
    """The year that a figure is for, as a rule names it; None where the words name none."""
    found = _YEARLY.search(said)
    return None if found is None else found[1] or "last"


def ident(words: str, taken: Mapping[str, object], between: str) -> str:
    """An id that sounds like ``words``."""
    table = syllables()
    parts = [table.get(sign, sign.lower()) for sign in words if sign in table or re.match(r"[A-Za-z0-9]", sign)]
    made = between.join(parts[:6]) or "item"
    made = made if made[0].isalpha() else f"x{made}"
    return next(
        each for n in range(1, len(taken) + 2) if (each := made if n == 1 else f"{made}{between}{n}") not in taken
    )


@dataclass(slots=True)
class FactDraft:
    """A fact that a rule of the draft needs, and the words of the text for which it is needed."""

    id: str
    label: str
    type: str
    quote: str
    cited: str
    unit: str = ""
    by_year: bool = False
    shared: bool = False
    choices: tuple[str, ...] = ()
    """What the levels are called, the highest first."""
    sure: bool = True

    def fields(self) -> dict[str, object]:
        """The fact as an entry of facts.yaml."""
        why = f"因为{self.cited}看“**{self.quote}**”。"
        if self.shared:
            return {"use": self.id, "why": why if self.sure else suggested(why)}
        question, help_ = _ASKED[self.type]
        made: dict[str, object] = {"id": self.id, "type": self.type}
        made |= {"unit": self.unit} if self.unit else {}
        made |= {"by_year": True} if self.by_year else {}
        said = question.format(label=self.label, unit=self.unit)
        made |= {"label": self.label, "question": suggested(said), "help": help_, "why": why}
        listed = [{"id": name, "label": label} for name, label in levels(self.choices).items()]
        return made | ({"choices": [*listed, {"id": "none", "label": "都不是"}]} if listed else {})


class Facts:
    """The facts of a draft, each label once."""

    def __init__(self) -> None:
        self.drafted: dict[str, FactDraft] = {}

    def path(self, label: str, figure: FigureFound, quote: str, cited: str, *, growing: bool = False) -> str:
        """The name, with its year, under which a rule reads what ``label`` calls; the fact is drafted where there is none."""
        kind = _TYPES.get(figure.kind, "count")
        unit = (figure.unit or {"months": "个月", "days": "天"}.get(figure.kind, "")) if kind == "count" else ""
        kind = "count" if growing and kind == "ratio" else kind
        label = label or (f"{unit}数" if unit else "金额")
        year = year_of(figure.said)
        shared = self._shared(label, "money" if growing else kind)
        if shared is not None:
            self.drafted.setdefault(shared, FactDraft(shared, label, kind, quote, cited, shared=True))
            return f"{shared}@{year or 'last'}" if shared_facts()[shared].get("by_year") else shared
        known = next((fact for fact in self.drafted.values() if fact.label == label and not fact.shared), None)
        if known is None or (known.type, known.unit) != (kind, unit):
            if known is not None and growing and known.type in ("money", "count", "area"):
                known.by_year = True
                return f"{known.id}@{year or 'last'}"
            kind = "money" if growing else kind
            known = self._new(label, kind, quote, cited, unit)
        known.by_year |= growing or (year is not None and kind in ("money", "count", "area"))
        return f"{known.id}@{year or 'last'}" if known.by_year else known.id

    def day(self, words: str, quote: str, cited: str) -> str:
        """The fact of a day of which ``words`` say what happened then."""
        for ident_, fact in shared_facts().items():
            if fact["type"] == "date" and any(name in words for name in _names(fact)):
                self.drafted.setdefault(ident_, FactDraft(ident_, words, "date", quote, cited, shared=True))
                return ident_
        label = f"{label_of(words) or '办理'}的日期"
        known = next((fact.id for fact in self.drafted.values() if fact.label == label), None)
        return known or self._new(label, "date", quote, cited).id

    def whether(self, quote: str, cited: str) -> str:
        """The fact that something is so, in the words of the text."""
        label = re.sub(r"^(?:对于?|凡|且|并且|并|以及|经)+", "", quote)
        for name, fact in shared_facts().items():
            if fact["type"] == "bool" and any(word in label and len(label) <= len(word) + 2 for word in _names(fact)):
                self.take(name, quote, cited)
                return name
        known = next((fact.id for fact in self.drafted.values() if (fact.label, fact.type) == (label, "bool")), None)
        return known or self._new(label, "bool", quote, cited).id

    def level(self, names: Sequence[str], quote: str, cited: str) -> str:
        """The fact of which of ``names`` it is."""
        made = self._new("、".join(names), "choice", quote, cited)
        made.choices = tuple(names)
        return made.id

    def begin_with(self, names: Iterable[str]) -> None:
        """Put these first: what decides everything is asked first."""
        first = [*names]
        rest = [name for name in self.drafted if name not in first]
        self.drafted = {name: self.drafted[name] for name in (*first, *rest)}

    def unit(self, path: str) -> str:
        """What the fact at ``path`` counts; empty where it counts nothing."""
        known = self.drafted.get(path.partition("@")[0])
        return known.unit if known is not None else ""

    def drop(self, name: str) -> None:
        """Without a fact that was drafted last, for nothing else."""
        if [*self.drafted][-1:] == [name]:
            del self.drafted[name]

    def spoken_of(self, text: str) -> Iterator[tuple[str, str]]:
        """The shared facts whose words occur in ``text``, with the word that does."""
        for name, fact in shared_facts().items():
            word = next((word for word in _names(fact) if word in text), None)
            if word is not None and name not in self.drafted:
                yield name, word

    def take(self, name: str, quote: str, cited: str, sure: bool = True) -> None:
        """Take a shared fact; where it is not ``sure`` that one is meant, a person decides."""
        self.drafted.setdefault(name, FactDraft(name, "", "", quote, cited, shared=True, sure=sure))

    def _new(self, label: str, kind: str, quote: str, cited: str, unit: str = "") -> FactDraft:
        taken = {name.partition(".")[2]: True for name in (*self.drafted, *shared_facts())}
        made = FactDraft(f"{SUBJECT}.{ident(label, taken, '_')}", label, kind, quote, cited, unit)
        self.drafted[made.id] = made
        return made

    def _shared(self, label: str, kind: str) -> str | None:
        fits = (name for name, fact in shared_facts().items() if fact["type"] == kind)
        return next((name for name in fits if any(word in label for word in _names(shared_facts()[name]))), None)


def _names(fact: Mapping[str, Any]) -> Iterator[str]:
    """What the vocabulary says that people call a fact."""
    reads = fact.get("reads")
    lists = [fact.get("yes"), fact.get("no"), reads.get("names") if is_object(reads) else None]
    label = str(fact["label"])
    yield from (label, label.removesuffix("的日期"), label.removeprefix("被"))
    for words in lists[:1] + lists[2:]:
        if is_list(words):
            yield from map(str, words)
