"""Yes, no, not known: what an everyday Chinese sentence says to a question that can be answered so.

A sentence is taken clause by clause. What is uncertain (应该有吧), asked back, only supposed (如果有的话) or said of others
decides nothing; what is still under way is told apart from what is settled; a clause counts as an answer only where
nothing in it is foreign to the question, so that 没有时间 is no 没有. The question's own words (``yes``, ``no``,
``about``) are given by the caller; this module knows no policy.
"""

import re
from collections.abc import Iterable
from enum import StrEnum

from conversations.language.lexicon import lexicon
from conversations.language.text import normalise


class AnswerStance(StrEnum):
    """What one clause, or a whole answer, says."""

    YES = "yes"
    NO = "no"
    PENDING = "pending"  # applied for, under way, intended
    UNKNOWN = "unknown"  # the person does not know, or is not sure
    ASKS = "asks"  # asks back
    SUPPOSES = "supposes"
    OTHERS = "others"  # speaks of somebody else
    SILENT = "silent"  # says nothing on the question


_WORDS = lexicon("stance")
_UNKNOWN = _WORDS["unknown"]
_HEDGED = _WORDS["hedged"]
_FAINT = re.compile(r"不?算吧|(?:不?算)?(?:有|没有?|是|对|不是)吧")
_SURE = re.compile(r"不可能|怎么可能|应该的|(?:没|不)可能")
_ASKS = _WORDS["asks"]
_SUPPOSES = _WORDS["supposes"]
_OTHERS = _WORDS["others"]
_TURNED_ROUND = _WORDS["turned_round"]
_OURS = _WORDS["ours"]
_WHEN = _WORDS["when"]
_ORIGIN = re.compile(r"(?:从|打|由|原先?在|以前在)$")
_FIRMS = re.compile(r"(?:有|下面|旗下|名下|集团)[^,。]{0,4}[两二三四五六七八九几\d]家(?:公司|企业|$)|(?:只有?|就)一家")
_GONE = _WORDS["gone"]
_AFTER_ALL = _WORDS["after_all"]
_SINCE = re.compile(r"(?:[去今前]年|后来|现在|如今|最近|刚|\d{2,4}年|\d{1,2}月)")
_NOWADAYS = _WORDS["nowadays"]
_BEFORE = _WORDS["before"]
_PENDING = _WORDS["pending"]
_SOON = _WORDS["soon"]
_DONE = _WORDS["done"]
_DOUBLE = _WORDS["double"]
_NO = _WORDS["no"]
_YES = _WORDS["yes"]
_DOES = _WORDS["does"]
_ACHIEVED = _WORDS["achieved"]
_GIVES_UP = _WORDS["gives_up"]
_MIXED_LOT = _WORDS["mixed_lot"]
_NO_PROBLEM = re.compile(r"没(?:有)?(?:问题|毛病)(?:的|啊|呀|哈|了|吧)*[。!]?")
_POLITE = _WORDS["polite"]
_WHOLE_YES = _WORDS["whole_yes"]
_AGREES = re.compile(r"(?:嗯|恩|对|是|啊|哦|噢|喔|好|额|呃|行|中|昂)+(?:的|呀|啊|吧)?")
_SAME_SOUND = (
    ("是的", re.compile("[时事四素系十师]的")),
    ("有的", re.compile("[油友由又]的")),
    ("没有", re.compile("没[油又友]|[梅美煤]有|煤油")),
    ("不是", re.compile("[卜布]是|不[四似事]")),
)
_REPEATED = re.compile(r"^(没有|没|有|不是|是|对)\1+")
_MIXED = re.compile(r"有的?有?有的没|有也没|(.)也不\1")
_LACKS = re.compile(r"不用了|没(?:有)?(?:人|钱(?!花)|空|事|意思|办法|关系|时间|意见|兴趣|必要)")
_DENIED = _WORDS["denied"]
_DENIED_AFTER = _WORDS["denied_after"]
_SPLIT = _WORDS["split"]
_CORRECTED = _WORDS["corrected"]
_IDLE = _WORDS["idle"]
_PARTICLE = frozenset(
    "参此该被的了呀啊哩嘞哈呢吧吗嘛哦噢喔哇么滴得着过地也都就还又再才刚早已经是有在这那个些里儿咱俺我们您你它其家来去啦咯呗呐哟诶哎欸额呃唉喽咧勒捏耶 0123456789.()\"'“”?"
)


def says_unknown(text: str) -> bool:
    """Whether plain ``text`` says that the person does not know, will ask, or wants to pass on."""
    return bool(_UNKNOWN.search(text))


def settles_nothing(text: str) -> bool:
    """Whether plain ``text`` gives up (算了, 取消), agrees to nothing in particular (没问题) or tells of some and others."""
    return bool(_GIVES_UP.search(text) or _NO_PROBLEM.fullmatch(text) or _MIXED_LOT.search(text))


def is_uncertain(text: str) -> bool:
    """Whether plain ``text`` hedges: 应该, 好像, 可能."""
    return bool(_HEDGED.search(text)) and not _SURE.search(text)


def asks_back(text: str) -> bool:
    """Whether plain ``text`` asks something, or only supposes it."""
    return bool(_ASKS.search(text) or _SUPPOSES.search(text))


def is_pending(text: str) -> bool:
    """Whether plain ``text`` tells of something applied for, under way or intended, and not yet there."""
    return bool(_PENDING.search(text)) and (not _DONE.search(text) or bool(_SOON.search(text)))


def is_past(text: str) -> bool:
    """Whether plain ``text`` tells of what was once, or is no longer."""
    return bool(_GONE.search(text) or _BEFORE.search(text))


def is_gone(text: str) -> bool:
    """Whether plain ``text`` tells of what is no longer."""
    return bool(_GONE.search(text))


def of_now(text: str) -> str:
    """Plain ``text`` without the clauses that tell of what was once."""
    return ",".join(clause for clause in _SPLIT.split(text) if not _BEFORE.search(clause))


def of_others(text: str) -> bool:
    """Whether plain ``text`` speaks of somebody else."""
    return bool(_OTHERS.search(text))


def _bare(clause: str) -> str:
    """The clause without yes, no and what belongs to no question in particular."""
    left = _IDLE.sub("", _YES.sub("", _NO.sub("", clause)))
    return "".join(character for character in left if character not in _PARTICLE)


class YesNo:
    """A yes/no question: ``yes`` and ``no`` are ways to answer just it, ``about`` are the words that it is made of.

    ``granted``: it asks for something that somebody grants, so that what is pending is a no. ``elsewhere`` are ways to
    answer other questions: a clause that holds one says nothing on this.
    """

    def __init__(
        self,
        yes: Iterable[str] = (),
        no: Iterable[str] = (),
        about: str = "",
        granted: bool = False,
        elsewhere: Iterable[str] = (),
    ) -> None:
        words = {normalise(word): AnswerStance.YES for word in yes} | {normalise(word): AnswerStance.NO for word in no}
        self._own = dict(sorted(words.items(), key=lambda item: -len(item[0])))
        affirming = "".join(word for word, stance in words.items() if stance is AnswerStance.YES)
        self._about = {AnswerStance.YES: frozenset(normalise(about) + affirming) | _PARTICLE}
        self._about[AnswerStance.NO] = self._about[AnswerStance.YES].union(*self._own)
        self._granted = granted
        self._text = "|".join((*self._own, normalise(about)))
        self._elsewhere = [word for word in elsewhere if len(_bare(word)) > 1 and word not in self._own]
        self._achievable = granted or not affirming
        ever = (word.endswith("过") for word, stance in words.items() if stance is AnswerStance.YES)
        self._plans = any(is_pending(word) for word, stance in words.items() if stance is AnswerStance.YES)
        self._ever = not granted and any(ever)  # asks whether it was ever so

    def read(self, text: str) -> AnswerStance:
        """What plain ``text`` answers: YES, NO, UNKNOWN, or SILENT where it cannot be told."""
        text = re.sub(r"(?<=[有没无是的呀啊嘞哩呢])[,。]?那?(?:下一[题个步]|跳过)吧?[。!]?$", "", text)
        text = _POLITE.sub("", text)
        text = _REPEATED.sub(r"\1", text)
        heard = text.strip("。.!,~ ")
        text = next((meant for meant, sounds in _SAME_SOUND if sounds.fullmatch(heard)), text)
        corrected = [match.end() for match in _CORRECTED.finditer(text) if match.end() < len(text)]
        text = text[corrected[-1] :] if corrected else text
        clauses = [clause for clause in _SPLIT.split(text) if clause.strip()]
        stances = [self._clause(clause) for clause in clauses]
        if any(map(self._is_elsewhere, clauses)):  # 做电商，有三个店铺: then what is said in part is of that as well
            told = [bool(_bare(clause)) and not self._own_word(clause) for clause in clauses]
            stances = [AnswerStance.SILENT if part else each for part, each in zip(told, stances, strict=True)]
        if stances == [AnswerStance.SILENT]:
            stances = [self._as_a_word(clauses[0])]
        ours = [s for c, s in zip(clauses, stances, strict=True) if _OURS.search(c)]
        if AnswerStance.OTHERS in stances and {AnswerStance.YES, AnswerStance.NO} & set(ours):
            stances = ours  # 母公司在深圳，我们在管城办的执照
        if len(clauses) > 1 and _AGREES.fullmatch(clauses[0]) and set(stances[1:]) != {AnswerStance.SILENT}:
            del stances[0]  # 对，没有: the agreement only leads in
        if after := _AFTER_ALL.search(text):
            after = [c for c in clauses if not _BEFORE.search(c)]
            later = {self._clause(c) for c in after} - {AnswerStance.SILENT}
            dated = later or (after and _SINCE.match(after[0]))
            if dated and later <= {AnswerStance.YES} and not _NO.search("".join(after)) and not is_pending(text):
                return AnswerStance.YES  # 之前没有，今年三月拿到了
        planned = any(s is AnswerStance.YES and is_pending(c) for c, s in zip(clauses, stances, strict=False))
        if self._plans and planned and set(stances) <= {AnswerStance.YES, AnswerStance.NO}:
            return AnswerStance.YES  # 总部在杭州，准备迁到郑州
        recent = {stance for clause, stance in zip(clauses, stances, strict=False) if _NOWADAYS.match(clause)}
        if {AnswerStance.YES, AnswerStance.NO} == set(stances) and len(recent) == 1:
            return recent.pop()  # 去年没选上，今年选上了
        gone = any(_GONE.search(clause) for clause in clauses) and AnswerStance.UNKNOWN not in stances
        return AnswerStance.NO if gone and AnswerStance.ASKS not in stances else self._together(stances)

    def _together(self, stances: list[AnswerStance]) -> AnswerStance:
        said = set(stances) - {AnswerStance.SILENT}
        if AnswerStance.UNKNOWN in said:
            settled = stances[0] in (AnswerStance.YES, AnswerStance.NO) and len(said) == 2
            return AnswerStance.SILENT if settled else AnswerStance.UNKNOWN
        if AnswerStance.SUPPOSES in said or AnswerStance.ASKS in said:
            return (
                stances[0]
                if stances[0] in (AnswerStance.YES, AnswerStance.NO) and len(said) == 2
                else AnswerStance.SILENT
            )
        if said == {AnswerStance.YES}:
            return AnswerStance.YES
        if AnswerStance.NO in said and AnswerStance.YES not in said:
            return AnswerStance.NO
        if said == {AnswerStance.PENDING}:
            return AnswerStance.NO if self._granted else AnswerStance.SILENT
        return AnswerStance.SILENT

    def _clause(self, clause: str) -> AnswerStance:
        word = self._own_word(clause)
        if of_others(clause.replace(word[0], "") if word else clause) or (not word and _FIRMS.search(clause)):
            return AnswerStance.OTHERS
        if _TURNED_ROUND.search(clause):
            return AnswerStance.OTHERS
        if says_unknown(clause) or _FAINT.fullmatch(clause):
            return AnswerStance.UNKNOWN
        if _SUPPOSES.search(clause):
            return AnswerStance.SUPPOSES
        double = _DOUBLE.search(clause)
        if not double and _ASKS.search(clause):
            return AnswerStance.ASKS
        if is_uncertain(clause):
            return AnswerStance.UNKNOWN
        word = None if double else word
        planned = word and (is_pending(word[0]) or (self._plans and word[1] is AnswerStance.YES))
        if is_pending(clause) and not planned:
            return AnswerStance.PENDING
        if word:
            settled = _NO.search(word[0]) or re.search("[就已早过]" if self._ever else "[就已早]", clause)
            return word[1] if settled or not _BEFORE.search(clause) else AnswerStance.SILENT
        if _WHOLE_YES.fullmatch(clause):
            return AnswerStance.YES
        return self._plain(clause, bool(double))

    def _plain(self, clause: str, double: bool) -> AnswerStance:
        """The clause's polarity, if every word of it belongs to the question or to nothing in particular."""
        rest = _DOUBLE.sub("", clause)
        if not self._achievable and any(
            set(m.group()) - self._about[AnswerStance.YES] for m in _ACHIEVED.finditer(clause)
        ):
            return AnswerStance.SILENT  # 批了 says nothing of what nobody grants
        negative = _NO.search(rest)
        positive = double or _YES.search(_DOES.sub("", rest) if self._granted else rest)
        if not negative and not positive:
            return self._other_order(clause)
        if _BEFORE.search(clause) and not negative and not (self._ever and "过" in clause):
            return AnswerStance.SILENT
        if _LACKS.search(clause) or _MIXED.search(clause) or self._is_elsewhere(clause):
            return AnswerStance.SILENT
        stance = AnswerStance.NO if negative and not double else AnswerStance.YES
        return AnswerStance.SILENT if self.foreign(rest, stance) or self._scattered(rest) else stance

    def _is_elsewhere(self, clause: str) -> bool:
        return any(word in clause for word in self._elsewhere)

    def _scattered(self, clause: str) -> bool:
        """Whether the words of a clause only happen to be made of the question's characters: 上市 of 上街, 本市."""
        bare = _bare(clause)
        pairs = (clause[i : i + 2] for i in range(len(clause) - 1))
        return len(bare) > 1 and not any(pair in self._text for pair in pairs if set(pair) & set(bare))

    def foreign(self, clause: str, stance: AnswerStance = AnswerStance.NO) -> int:
        """How many characters of the clause belong neither to the question nor to everyday talk."""
        return sum(character not in self._about[stance] for character in _bare(clause))

    def _as_a_word(self, clause: str) -> AnswerStance:
        """One of the question's own words but for its particles: 郑州 for 郑州的."""
        bare = _bare(clause)
        if len(bare) < 2 or _NO.search(clause):
            return AnswerStance.SILENT
        return next((stance for word, stance in self._own.items() if _bare(word) == bare), AnswerStance.SILENT)

    def _other_order(self, clause: str) -> AnswerStance:
        """Part of one of the question's own words, or its parts in another order: 托管网店的 for 网店托管."""
        bare = _bare(clause)
        if len(bare) > 2 and any(bare in word for word, stance in self._own.items() if stance is AnswerStance.YES):
            return AnswerStance.YES
        parts = sorted(bare)
        return next(
            (stance for word, stance in self._own.items() if len(parts) > 2 and sorted(_bare(word)) == parts),
            AnswerStance.SILENT,
        )

    def _own_word(self, clause: str) -> tuple[str, AnswerStance] | None:
        """The longest of the question's own words in the clause, and what it says there."""
        return self._own_word_in(clause) or self._own_word_in(_WHEN.sub("", clause))

    def _own_word_in(self, clause: str) -> tuple[str, AnswerStance] | None:
        found: list[tuple[str, AnswerStance]] = []
        for word, stance in self._own.items():
            place = clause.find(word)
            if place < 0 or (found and len(word) < len(found[0][0])):
                continue
            if _ORIGIN.search(clause[:place]) and not _NO.match(word):
                continue  # 从新乡迁来
            foreign = self.foreign(clause.replace(word, "", 1), stance)
            if _DENIED.search(clause[:place]) or _DENIED_AFTER.match(clause, place + len(word)):
                stance = AnswerStance.NO if stance is AnswerStance.YES else AnswerStance.SILENT
            elif _NO.search(clause[:place]):
                continue
            if foreign <= len(word) // 2:
                found.append((word, stance))
        if len({stance for _, stance in found}) > 1:
            return found[0][0], AnswerStance.SILENT
        return found[0] if found else None
