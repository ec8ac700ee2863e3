"""Yes, no, not known: what an everyday Chinese sentence says to a question that can be answered so.

A sentence is taken clause by clause. What is uncertain (应该有吧), asked back, only supposed (如果有的话) or said of others
decides nothing; what is still under way is told apart from what is settled; a clause counts as an answer only where
nothing in it is foreign to the question, so that 没有时间 is no 没有. The question's own words (``yes``, ``no``,
``about``) are given by the caller; this module knows no policy.
"""

import re
from collections.abc import Iterable
from enum import StrEnum
from typing import Literal, TypeAlias

from conversations.language.lexicon import lexicon
from conversations.language.text import CLAUSE, Stretch, blank, blanked, normalise
from knowledge.patterns import regex


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


Words: TypeAlias = Iterable[str]
_ZH = lexicon("stance")
_PERSONS = lexicon("persons")
_THEIRS = regex("|".join((_ZH["others"].pattern, *(_PERSONS[e].pattern for e in ("kin", "around", "related_firm")))))
_SAME_SOUND = (
    ("是的", regex("[时事四素系十师]的")),
    ("有的", regex("[油友由又]的")),
    ("没有", regex("没[油又友]|[梅美煤]有|煤油")),
    ("不是", regex("[卜布]是|不[四似事]")),
)
_PARTICLE = frozenset(
    "参此该被的了呀啊哩嘞哈呢吧吗嘛哦噢喔哇么滴得着过地也都就还又再才刚早已经是有在这那个些里儿咱俺我们您你它其家来去啦咯呗呐哟诶哎欸额呃唉喽咧勒捏耶 0123456789.()\"'“”?"
)


def says_unknown(text: str) -> bool:
    """Whether plain ``text`` says that the person does not know, will ask, or wants to pass on."""
    return bool(_ZH["unknown"].search(text))


def without_what_is_finer(text: str, told: Iterable[Stretch], finer: re.Pattern[str], untold: re.Pattern[str]) -> str:
    """Plain ``text`` without the clauses that say of something ``finer`` than the times or places ``told`` that it is not known,
    or ``untold``: 八二年的，哪个月不晓得."""
    for part in CLAUSE.finditer(blanked(text, told)):
        if finer.search(part[0]) and (says_unknown(part[0]) or untold.search(part[0])):
            text = blank(text, *part.span())
    return text


def leaves_unknown(text: str) -> bool:
    """Whether the last clause of plain ``text`` says that the person does not know, and not only of a detail of what is so."""
    last = CLAUSE.findall(text)[-1:]
    return any(says_unknown(clause) and not _ZH["detail"].search(clause) for clause in last)


def settles_nothing(text: str) -> bool:
    """Whether plain ``text`` gives up (算了, 取消), agrees to nothing in particular (没问题) or tells of some and others."""
    return bool(_ZH["gives_up"].search(text) or _ZH["no_problem"].fullmatch(text) or _ZH["mixed_lot"].search(text))


def is_uncertain(text: str) -> bool:
    """Whether plain ``text`` hedges: 应该, 好像, 可能."""
    return bool(_ZH["hedged"].search(text)) and not _ZH["sure"].search(text)


def asks_back(text: str) -> bool:
    """Whether plain ``text`` asks something, or only supposes it."""
    return bool(_ZH["asks"].search(text) or _ZH["supposes"].search(text))


def said_no(text: str) -> bool:
    """Whether plain ``text`` begins with no, and nothing else: 没呢，今年就批了二十个."""
    first = CLAUSE.match(text)
    return first is not None and _ZH["bare_no"].match(first[0]) is not None


def is_pending(text: str) -> bool:
    """Whether plain ``text`` tells of something applied for, under way or intended, and not yet there."""
    return bool(_ZH["pending"].search(text)) and (not _ZH["done"].search(text) or bool(_ZH["soon"].search(text)))


def of_now(text: str) -> str:
    """Plain ``text`` without the clauses that tell of what was once."""
    return ",".join(clause for clause in _ZH["split"].split(text) if not _ZH["before"].search(clause))


def tells(of: Literal["before", "gone", "others"], text: str) -> bool:
    """Whether plain ``text`` tells of what was once (``before``), is no longer (``gone``), or of somebody else."""
    return bool(_ZH[of].search(text))


def without_polarity(clause: str) -> str:
    """The clause without yes, no and what belongs to no question in particular."""
    left = _ZH["idle"].sub("", _ZH["yes"].sub("", _ZH["no"].sub("", clause)))
    return "".join(character for character in left if character not in _PARTICLE)


def ours_alone(text: str) -> str:
    """Plain ``text`` with commas for what it tells of others, where it tells of the speaker as well: 隔壁八年了，我们才半年."""
    clauses = [(m.start(), m.end()) for m in CLAUSE.finditer(text)]
    theirs = [(a, b) for a, b in clauses if _THEIRS.search(text, a, b) and not _ZH["ours"].match(text, a, b)]
    theirs = [(a, b) for a, b in theirs if not any(_ZH[e].match(text, a, b) for e in ("for_others", "none_of_others"))]
    if not theirs or not any(_ZH["ours"].search(text, a, b) for a, b in clauses if (a, b) not in theirs):
        return text
    for start, end in theirs:
        text = blank(text, start, end)
    return text


def without_hearsay(text: str) -> str:
    """Plain ``text`` with commas for that its speaker has only now heard of the matter, where it says more: 没领过，头一回听说."""
    heard = _ZH["hearsay"].sub(lambda match: "," * len(match[0]), text)
    return heard if heard.strip(",。!~ ") else text


class YesNo:
    """A yes/no question: ``yes`` and ``no`` are ways to answer just it, ``about`` are the words that it is made of.

    ``granted``: it asks for something that somebody grants, so that what is pending is a no. ``elsewhere`` are ways to
    answer other questions: a clause that holds one says nothing on this.
    """

    def __init__(
        self, yes: Words = (), no: Words = (), about: str = "", granted: bool = False, elsewhere: Words = ()
    ) -> None:
        words = {normalise(word): AnswerStance.YES for word in yes} | {normalise(word): AnswerStance.NO for word in no}
        self._own = dict(sorted(words.items(), key=lambda item: -len(item[0])))
        affirming = "".join(word for word, stance in words.items() if stance is AnswerStance.YES)
        self._about = {AnswerStance.YES: frozenset(normalise(about) + affirming) | _PARTICLE}
        self._about[AnswerStance.NO] = self._about[AnswerStance.YES].union(*self._own)
        self._granted = granted
        self._timely = _ZH["timely"].search(normalise(about) + affirming) is not None  # asks whether it was so in time
        self._text = "|".join((*self._own, normalise(about)))
        self._elsewhere = [word for word in elsewhere if len(without_polarity(word)) > 1 and word not in self._own]
        self._achievable = granted or not affirming
        ever = (word.endswith("过") for word, stance in words.items() if stance is AnswerStance.YES)
        self._plans = any(is_pending(word) for word, stance in words.items() if stance is AnswerStance.YES)
        self._ever = not granted and any(ever)  # asks whether it was ever so
        self._for_others = any(_ZH["done_for"].search(word) for word, told in words.items() if told is AnswerStance.YES)

    def read(self, text: str) -> AnswerStance:
        """What plain ``text`` answers: YES, NO, UNKNOWN, or SILENT where it cannot be told."""
        text = re.sub(r"(?<=[有没无是的呀啊嘞哩呢])[,。]?那?(?:下一[题个步]|跳过)吧?[。!]?$", "", text)
        text = _ZH["polite"].sub("", text)
        text = _ZH["repeated"].sub(r"\1", text)
        heard = text.strip("。.!,~ ")
        text = next((meant for meant, sounds in _SAME_SOUND if sounds.fullmatch(heard)), text)
        corrected = [match.end() for match in _ZH["corrected"].finditer(text) if match.end() < len(text)]
        text = text[corrected[-1] :] if corrected else text
        clauses = [clause for clause in _ZH["split"].split(text) if clause.strip()]
        stances = [self._clause(clause) for clause in clauses]
        if elsewhere := [place for place, clause in enumerate(clauses) if self._is_elsewhere(clause)]:
            told = [  # 做电商，有三个店铺: then what is said in part behind it is of that as well
                place >= elsewhere[0] and bool(without_polarity(clause)) and not self._own_word(clause)
                for place, clause in enumerate(clauses)
            ]
            stances = [AnswerStance.SILENT if part else each for part, each in zip(told, stances, strict=True)]
        if stances == [AnswerStance.SILENT]:
            stances = [self._as_a_word(clauses[0])]
        ours = [s for c, s in zip(clauses, stances, strict=True) if _ZH["ours"].search(c)]
        if AnswerStance.OTHERS in stances and {AnswerStance.YES, AnswerStance.NO} & set(ours):
            before = stances[: stances.index(AnswerStance.OTHERS)]
            stances = [*before, *ours]  # 母公司在深圳，我们在管城办的执照; 不搞那个，店都是自己的，没替别家运营
        if len(clauses) > 1 and _ZH["agrees"].fullmatch(clauses[0]) and set(stances[1:]) != {AnswerStance.SILENT}:
            del stances[0]  # 对，没有: the agreement only leads in
        elif len(clauses) > 1 and _ZH["takes_note"].fullmatch(clauses[0]):
            del stances[0]  # 好了，我回来了
        if self._timely and (told := self._in_time(clauses, stances)):
            return told
        if after := _ZH["after_all"].search(text):
            after = [c for c in clauses if not _ZH["before"].search(c)]
            later = {self._clause(c) for c in after} - {AnswerStance.SILENT}
            dated = later or (after and _ZH["since"].match(after[0]))
            if dated and later <= {AnswerStance.YES} and not _ZH["no"].search("".join(after)) and not is_pending(text):
                return AnswerStance.YES  # 之前没有，今年三月拿到了
        planned = any(s is AnswerStance.YES and is_pending(c) for c, s in zip(clauses, stances, strict=False))
        if self._plans and planned and set(stances) <= {AnswerStance.YES, AnswerStance.NO}:
            return AnswerStance.YES  # 总部在杭州，准备迁到郑州
        recent = {stance for clause, stance in zip(clauses, stances, strict=False) if _ZH["nowadays"].match(clause)}
        if {AnswerStance.YES, AnswerStance.NO} == set(stances) and len(recent) == 1 and not said_no(text):
            return recent.pop()  # 去年没选上，今年选上了
        gone = any(_ZH["gone"].search(clause) for clause in clauses) and AnswerStance.UNKNOWN not in stances
        return AnswerStance.NO if gone and AnswerStance.ASKS not in stances else self._together(stances)

    @staticmethod
    def _in_time(clauses: list[str], stances: list[AnswerStance]) -> AnswerStance | None:
        """晚了两个月才完工 is no, 提前完工 yes to who asks whether it was in time."""
        if set(stances) & {AnswerStance.UNKNOWN, AnswerStance.ASKS, AnswerStance.SUPPOSES, AnswerStance.OTHERS}:
            return None
        late = any(_ZH["late"].search(clause) for clause in clauses)
        in_time = {clause for clause in clauses if _ZH["in_time"].search(clause)}
        to_come = any(_ZH["to_come"].search(clause) or is_pending(clause) for clause in in_time)
        if not late and not in_time:
            return None
        unfinished = AnswerStance.NO in [s for c, s in zip(clauses, stances, strict=False) if c not in in_time]
        if (late and in_time) or to_come or (in_time and unfinished):
            return AnswerStance.SILENT
        return AnswerStance.NO if late else AnswerStance.YES

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
        clause = _ZH["rhetorical"].sub("没有", clause)
        if refused := _ZH["for_others"].match(clause):
            clause = f"{refused['not']}别人{clause[refused.end() :]}"
        word = self._own_word(clause)
        if self._for_others and not word:
            clause = _ZH["none_of_others"].sub(
                r"\g<not>", clause
            )  # 没替别家运营, to who asks whether one does it for others
        if open_ := self._undecided(clause, word):
            return open_
        double = bool(_ZH["double"].search(clause))
        if not double and (self._refused(clause) or self._dismissed(clause)):
            return AnswerStance.NO
        word = None if double else word
        planned = word and (is_pending(word[0]) or (self._plans and word[1] is AnswerStance.YES))
        if is_pending(clause) and not planned:
            return AnswerStance.YES if self._plans and self._plans_it(clause) else AnswerStance.PENDING
        if word:
            if word[1] is AnswerStance.YES and _ZH["gone"].search(clause):
                return AnswerStance.NO  # 今年退租了
            settled = _ZH["no"].search(word[0]) or re.search("[就已早过]" if self._ever else "[就已早]", clause)
            return word[1] if settled or not _ZH["before"].search(clause) else AnswerStance.SILENT
        return AnswerStance.YES if _ZH["whole_yes"].fullmatch(clause) else self._plain(clause, double)

    @staticmethod
    def _undecided(clause: str, word: tuple[str, AnswerStance] | None) -> AnswerStance | None:
        """What keeps a clause from being an answer: it is of others or of a detail, not known, supposed, or asked."""
        if _ZH["detail"].search(clause):
            return AnswerStance.SILENT
        others = tells("others", clause.replace(word[0], "") if word else clause)
        if others or (not word and _ZH["firms"].search(clause)) or _ZH["turned_round"].search(clause):
            return AnswerStance.OTHERS
        if says_unknown(clause) or _ZH["faint"].fullmatch(clause) or _ZH["unseen"].search(clause):
            return AnswerStance.UNKNOWN
        if _ZH["supposes"].search(clause):
            return AnswerStance.SUPPOSES
        if not _ZH["double"].search(clause) and _ZH["asks"].search(clause):
            return AnswerStance.ASKS
        return AnswerStance.UNKNOWN if is_uncertain(clause) else None

    def _refused(self, clause: str) -> bool:
        """Whether a clause tells that what the question asks for was not granted: 报了没过."""
        return self._granted and bool(_ZH["failed"].search(clause)) and not _ZH["after_failing"].search(clause)

    def _dismissed(self, clause: str) -> bool:
        """Whether a clause only waves aside what the question asks for: 不干这个."""
        dismissed = _ZH["dismissed"].search(clause)
        return dismissed is not None and not self.foreign(clause.replace(dismissed[0], "", 1))

    def _plans_it(self, clause: str) -> bool:
        """Whether what a clause intends is what the question asks for: 打算设到郑州."""
        ours = not (self.foreign(clause, AnswerStance.YES) or self._scattered(clause))
        return ours and bool(without_polarity(clause)) and not _ZH["no"].search(clause)

    def _plain(self, clause: str, double: bool) -> AnswerStance:
        """The clause's polarity, if every word of it belongs to the question or to nothing in particular."""
        rest = _ZH["double"].sub("", clause)
        if not self._achievable and any(
            set(m.group()) - self._about[AnswerStance.YES] for m in _ZH["achieved"].finditer(clause)
        ):
            return AnswerStance.SILENT  # 批了 says nothing of what nobody grants
        negative = _ZH["no"].search(rest)
        positive = double or _ZH["yes"].search(_ZH["does"].sub("", rest) if self._granted else rest)
        if not negative and not positive:
            return self._other_order(clause)
        if _ZH["before"].search(clause) and not negative and not (self._ever and "过" in clause):
            return AnswerStance.SILENT
        if _ZH["lacks"].search(clause) or _ZH["mixed"].search(clause) or self._is_elsewhere(clause):
            return AnswerStance.SILENT
        if self._for_others and _ZH["ones_own"].search(clause):
            return AnswerStance.SILENT  # 店都是自己的
        stance = AnswerStance.NO if negative and not double else AnswerStance.YES
        return AnswerStance.SILENT if self.foreign(rest, stance) or self._scattered(rest) else stance

    def _is_elsewhere(self, clause: str) -> bool:
        failed = self._granted and _ZH["failed"].search(clause)
        return not failed and any(word in clause for word in self._elsewhere)

    def _scattered(self, clause: str) -> bool:
        """Whether the words of a clause only happen to be made of the question's characters: 上市 of 上街, 本市."""
        bare = without_polarity(clause)
        pairs = (clause[i : i + 2] for i in range(len(clause) - 1))
        return len(bare) > 1 and not any(pair in self._text for pair in pairs if set(pair) & set(bare))

    def foreign(self, clause: str, stance: AnswerStance = AnswerStance.NO) -> int:
        """How many characters of the clause belong neither to the question nor to everyday talk."""
        return sum(character not in self._about[stance] for character in without_polarity(clause))

    def _as_a_word(self, clause: str) -> AnswerStance:
        """One of the question's own words but for its particles: 郑州 for 郑州的."""
        bare = without_polarity(clause)
        if len(bare) < 2 or _ZH["no"].search(clause):
            return AnswerStance.SILENT
        own = ((word, stance) for word, stance in self._own.items() if not _ZH["no"].search(word))
        return next((stance for word, stance in own if without_polarity(word) == bare), AnswerStance.SILENT)

    def _other_order(self, clause: str) -> AnswerStance:
        """Part of one of the question's own words, or its parts in another order: 托管网店的 for 网店托管."""
        bare = without_polarity(clause)
        if len(bare) > 2 and any(bare in word for word, stance in self._own.items() if stance is AnswerStance.YES):
            return AnswerStance.YES
        parts = sorted(bare)
        own = ((word, stance) for word, stance in self._own.items() if len(parts) > 2 and not _ZH["no"].search(word))
        return next((stance for word, stance in own if sorted(without_polarity(word)) == parts), AnswerStance.SILENT)

    def _own_word(self, clause: str) -> tuple[str, AnswerStance] | None:
        """The longest of the question's own words in the clause, and what it says there."""
        return self._own_word_in(clause) or self._own_word_in(_ZH["when"].sub("", clause))

    @staticmethod
    def _denied_behind(clause: str, place: int, word: str) -> bool:
        """Whether what stands behind ``word`` in the clause denies something: then the word alone is no yes."""
        behind = clause[place + len(word) :]
        return bool(_ZH["no"].search(behind)) and not _ZH["double"].search(clause)

    def _own_word_in(self, clause: str) -> tuple[str, AnswerStance] | None:
        found: list[tuple[str, AnswerStance]] = []
        for word, stance in self._own.items():
            place = clause.find(word)
            if place < 0 or (found and len(word) < len(found[0][0])):
                continue
            if _ZH["origin"].search(clause[:place]) and not _ZH["no"].match(word):
                continue  # 从新乡迁来
            foreign = self.foreign(clause.replace(word, "", 1), stance)
            if _ZH["denied"].search(clause[:place]) or _ZH["denied_after"].match(clause, place + len(word)):
                stance = AnswerStance.NO if stance is AnswerStance.YES else AnswerStance.SILENT
            elif _ZH["no"].search(clause[:place]) or (
                stance is AnswerStance.YES and self._denied_behind(clause, place, word)
            ):
                continue
            if foreign <= len(word) // 2:
                found.append((word, stance))
        if len({stance for _, stance in found}) > 1:
            return found[0][0], AnswerStance.SILENT
        return found[0] if found else None
