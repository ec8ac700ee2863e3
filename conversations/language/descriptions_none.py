"""Lists of which a text says that there is nothing: 设备没买，贷款也没贷 · 你问的那些设备啊、贷款啊都没有 · 没贷款，全是自己的钱.

A list goes by the names of its things and by the last word of its label. Only a clause that says nothing else is one;
knows no policy of its own.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from conversations.language.descriptions_clauses import SpokenClause, Stance
from conversations.language.descriptions_enumerated import all_denied_at_once
from conversations.language.descriptions_lexicon import Lexicon
from conversations.language.descriptions_statements import Statements
from conversations.language.descriptions_words import FactWords, Mention, Noun, around
from conversations.language.ownership import none_of
from conversations.language.text import normalise
from knowledge.patterns import regex
from knowledge.policy import Policy

_LEAD = r"(?:你们?(?:问|说|讲|提)的|[^,]{1,3}说|我们?|俺们?|公司|厂里|这边|那些|这些|那|像|什么|至于|目前|其实|确实|根本|压根|对了|另外|哦|噢|也|都|就|还|是|现在|手[上里头]|,)*(?:一[个台笔位条辆家座栋处款])?"
_AND = r"(?:啊|呀|呢|嘛|哈|什么的|啥的|这些|那些|这块|那块|方面|的话|、|,|和|跟|或者?|还有|以及)*"
_NOR = r"(?:也|都|均|皆|亦|是|还|就|我们?|他们?|她|公司|今年|去年|上年度?|一[个台笔位条分]|压根|根本|确实|目前|暂时|全|统统)*"
_DONE = r"新?(?:买|贷|借|招|请|做|搞|弄|办|上|有|引进|购置|用|找|添)"
_DID = regex(r"买|贷|借|招|请|引进|购|添|换")  # 没买机床; 没有工厂 says nothing of a list that goes by another name
_END = r"(?=$|[,。;!?])"
_SHORTEST = 2
_NONE_AT_ALL = regex(r"(?:自己|自家|其实|根本|压根|实际上?)[^,]{0,3}没有?(?:任何|什么|啥)?$")
_OF_THE_STATE = regex(r"(?:国家|国字号|部)级?(?:那边)?的?$")  # 国家|试点没报过: of others nothing is said
_MORE = regex(r"别的|其他|其它|更多")
_PLAIN = regex("[\u4e00-\u9fff]{2,4}")


class DeniedLists:
    """Finds in texts the lists of ``policy`` of which there is nothing."""

    def __init__(self, policy: Policy) -> None:
        names = {each.subject: {normalise(name) for name in each.names} for each in policy.mentions.subjects}
        for subject in policy.subjects:
            before, of, last = subject.label.rpartition("的")
            if subject.many and of and before and _PLAIN.fullmatch(last):
                names.setdefault(subject.id, set()).add(last)  # 引进的人才
        self._names = {s: {name for name in own if len(name) >= _SHORTEST} for s, own in names.items()}
        labels = {s.id: s.label for s in policy.subjects}
        self._own = {s: {name for name in own if name in labels[s]} for s, own in names.items()}
        self._apart = {  # 没贷过款
            f"{name[0]}过{name[1]}": name
            for own in self._names.values()
            for name in own
            if len(name) == _SHORTEST and _DID.match(name)
        }
        told = (name for names in (self._names, self._own) for own in names.values() for name in own)
        every = sorted({*self._apart, *told}, key=len, reverse=True)
        of_label = {s.label[: -len(name)] for s in policy.subjects for name in every if s.label.endswith(name)} - {""}
        own, which = ("|".join(map(re.escape, sorted(words, key=len, reverse=True))) for words in (every, of_label))
        name = rf"(?:{which or '$^'}|新?(?:买|购|建设?|贷|招|引进|做|搞|办|上|运营|管理?|经营|承[担建]|申?报|开)?的?)?(?:{own or '$^'})"
        names_on = rf"(?>{name})(?:(?>{_AND})(?>{name}))*"  # a name is cut in one way: 园区园区园区… has many
        self._name = regex(own or "$^")
        self._after = regex(
            rf"{_LEAD}{names_on}{_AND}(?:新的?|别的)?{_NOR}(?:没有?|无){_DONE}?(?:过|的|了|呢|啊|到|新的|什么|啥)*{_END}"
        )
        self._before = regex(
            rf"{_LEAD}(?:没有?|无){_DONE}?过?(?:任何|什么|啥|新的?|一[个台笔位])*{names_on}"
            rf"(?:的|了|呢|啊|哈|过)*(?:(?={_END})|(?=[全都]?是自|用的?自|靠自))"
        )

    def read(self, text: str, clauses: Sequence[SpokenClause], draft: Statements) -> None:
        """Put into ``draft`` that there is nothing of the lists of which the stated ``clauses`` of plain ``text`` say so."""
        for start, end in self._found(text, clauses):
            for match in self._name.finditer(text, start, end):
                did = _DID.search(text, start, end)
                name = self._apart.get(match[0], match[0])
                for subject in [s for s, own in (self._names if did else self._own).items() if name in own]:
                    if draft.only_named(subject):  # 建设项目、买设备、贷款这些，我们都没有
                        draft.clear(subject)
                    items = draft.items[subject]
                    if not items.count and items.none is None:
                        items.none = (start, end)

    def _found(self, text: str, clauses: Sequence[SpokenClause]) -> Iterator[tuple[int, int]]:
        for clause, following in pairwise([*clauses, None]):
            if clause is None or clause.stance is not Stance.STATED or not self._name.search(clause.text):
                continue
            match = self._after.match(text, clause.start) or self._before.match(text, clause.start)
            if match and not (following and following.start < match.end() and following.stance is not Stance.STATED):
                yield match.span()


def denied_thing(
    lexicon: Lexicon, draft: Statements, clause: SpokenClause, mention: Mention, nouns: Sequence[Mention]
) -> bool:
    """Whether a clause says that there is none of the thing that it names with ``mention``, one of its ``nouns``; if so it
    is written down."""
    noun = mention.word
    if not isinstance(noun, Noun):
        return False
    items = draft.items[noun.subject]
    if (items.count and lexicon.of_item(clause.text, mention)) or (noun.tenant and noun.tenant.search(clause.text)):
        return False  # 电商楼宇：没租 · 头一个跟国家试点不沾边
    facts = lexicon.facts_in(clause.text, None, "")
    others = [m for m in facts if not (isinstance(m.word, FactWords) and m.word.fact.subject == noun.subject)]
    before, after = around(clause.text, mention, [*nouns, *others])
    state = _OF_THE_STATE.search(clause.text, 0, mention.start) if lexicon.of_item(clause.text, mention) else None
    chosen = [m.start for m in lexicon.chosen_in(clause.text, noun.subject) if m.start < mention.start <= m.end]
    own = min([state.start()] if state else chosen, default=mention.start)  # 没有|国家试点, 没有|省级园区
    before = before[: len(before) - (mention.start - own)]
    together = own < mention.start and all_denied_at_once(clause.text, mention.end)
    denied = together or none_of(before, after) or (noun.denies and noun.denies.search(clause.text))
    if (_MORE.search(before) and items.count) or not denied:
        return False
    if _NONE_AT_ALL.search(before):  # 园区是商会的，自己没有园区: what was told before is taken back
        draft.clear(noun.subject)
        items = draft.items[noun.subject]
    if not items.count and own == mention.start:  # 国家试点没报过: of others nothing is said
        items.none = (clause.start, clause.start + len(clause.text))
        items.current = ()
    return True
