"""Which choice of a fact tells what a firm is or makes: 做袜子的, 水泵厂, 行业算其他.

Reads the label and the synonyms of the choices in the places where people name a trade. Knows no policy of its own.
"""

import re

from conversations.language.text import normalise
from knowledge.patterns import regex
from knowledge.policy import Fact

_SHORTEST = 2
_NONE = regex(r"^(?:都?[没不]|无|未)")
_NO_TRADE = regex(r"^(?:没有?|无|不|都|别的|是|有)")
_FOR_OTHERS = regex(
    r"[给替帮卖买]|品牌|客户|供应|采购|隔壁|原来|以前|同行|代理|贸易|经销|展|装修|维修|为[^,]{2,8}(?:提供|服务)"
)
"""What a clause speaks of then is no trade of the firm itself."""


class Trade:
    """The words for the choices of ``fact`` where they tell a trade; none of what somebody grants."""

    def __init__(self, fact: Fact) -> None:
        choices = fact.choices if fact.type == "choice" and not fact.granted else ()
        if choices and _NONE.match(choices[-1].label):
            choices = choices[:-1]
        words = {normalise(word): each.id for each in choices for word in (each.label, *each.synonyms)}
        self._words = {w: c for w, c in words.items() if len(w) >= _SHORTEST and not _NO_TRADE.search(w)}
        trade = "|".join(map(re.escape, sorted(self._words, key=len, reverse=True))) or "$^"
        label = re.escape(normalise(fact.label)[-_SHORTEST:])
        self._said = regex(
            rf"(?:做|造|织|制造|生产|加工|从事|主营|专做)(?:的是|各[种类])?[^,。;:的]{{0,5}}?(?P<made>{trade})"
            rf"|(?P<maker>{trade})[^,。;:的]{{0,3}}?(?:厂|企业|加工|制造|行业)"
            rf"|{label}[^,。;]{{0,3}}?(?:算|归|属|是|填|选|报|按|:)于?(?P<named>{trade})"
        )

    def find(self, text: str) -> tuple[int, int, str] | None:
        """Where plain ``text`` tells the trade, and the choice; None where it tells none."""
        found = self._said.search(text)
        if found is None or found.lastgroup is None or _FOR_OTHERS.search(text):
            return None
        start, end = found.span(found.lastgroup)
        return start, end, self._words[found[found.lastgroup]]
