"""A clause that names nothing itself says of what the ones before it named that it is so (是的, 批下来了) or is not (都没有).

Knows no policy: what was named before is told by the reading.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date

from conversations.language import descriptions_turns as turns
from conversations.language.days import find_days
from conversations.language.descriptions_clauses import SpokenClause
from conversations.language.descriptions_figure_words import LAST_WORD, elsewhen, year_rank
from conversations.language.descriptions_lexicon import Lexicon
from conversations.language.descriptions_polarity import (
    Verdict,
    ended,
    new_trade,
    once,
    only_denies,
    predicate,
    verdict,
)
from conversations.language.descriptions_statements import Statement, Statements
from conversations.language.descriptions_words import FactWords, Mention, Noun, Said
from conversations.language.labels import labels_in, points
from conversations.language.lexicon import lexicon
from conversations.language.ownership import bare, turned_out_theirs
from conversations.language.quantities import find_quantities
from knowledge.patterns import regex
from rules.values import Value

Missed = tuple[FactWords, Collection[str | None]]
"""A fact, and the choices of it that were last said to be not held."""


_ZH = lexicon("stance")
_UNDONE = regex(
    "(?:不|没有?|未|非)(?:是|说|会|能|再|被|有|可能|存在)*(?:[我俺咱]们?|说|完全)?$"
)  # 我们不是|不做电商; not 不卖货|不搞电商
_TOPIC = regex(r"(?:的话|嘛|呢)$")
_ONLY_CALLED = regex(
    r"(?!.*[做搞干弄有是参加起持拿租在]).*(?:[呀啊哈哦哇]|(?<=..)[这那](?:[块个种]|些个?))$|[你您]们?(?:刚才?)?[说问讲提]的"
)
"""代运营呀 · 你说的那个支付许可: a whole clause in which something is only called."""
_NO = regex("[也还就都]?(?:没有?|未能?)")  # 没选上: a denial and nothing else
_EVER_SINCE = regex("开始|起|至今|现在|一直")
_OF_YEAR = (("上年", 1), ("上一年", 1), ("去年", 1), ("本年", 0), ("当年", 0), ("今年", 0))
_NUMBERED_YEAR = regex(r"(?<!\d)((?:20)?\d\d)年(?![前多半内以期来])")


def of_another_year(words: FactWords, text: str, on: date | None, held: Collection[Value]) -> bool:
    """22年那次是较大事故: whether ``text``, on the day ``on``, tells by its number of another year than that of which the fact,
    by its label, is; or of a time before last year, where it is ``held`` that it is not so (不做电商了。前年网上还卖了680万)."""
    days = [day.year for day in find_days(text, on) if day.year] if on and {*held} == {False} else []
    if on and days and max(days) < on.year - 1 and not _EVER_SINCE.search(text):
        return True
    back = next((back for lead, back in _OF_YEAR if words.fact.label.startswith(lead)), None)
    told = [int(match[1]) % 100 for match in _NUMBERED_YEAR.finditer(text)]
    return back is not None and on is not None and bool(told) and (on.year - back) % 100 not in told


def so_or_not(
    mention: Mention, words: FactWords, around: tuple[str, str, str], alone: bool, past: bool, clause: str
) -> tuple[bool | None, Verdict]:
    """What is said of a fact of yes or no, by the words before its name, the name, and those behind; None where it is only a
    topic (国家试点的话，俩都不是: ``alone``; ``clause`` is all that is said with it) or what is denied is ``past``."""
    before, own, after = around
    if turns.NOT_WE.search(before):
        return False, Verdict.NO
    if mention.denied:
        over = _UNDONE.search(before) or once(before + own) or turns.IS_GONE.match(after)
        outcome = Verdict.ONCE if over else Verdict.NO
    else:
        outcome = Verdict.YES if mention.ongoing else verdict(before, own, after, words.fact.granted)
    outcome = Verdict.ONCE if outcome is Verdict.NO and past else outcome
    value = {Verdict.YES: not mention.named or None, Verdict.NO: None if mention.kind else False}.get(outcome)
    said = "".join(around)
    topic = alone and (_TOPIC.search(said) or (said == clause and _ONLY_CALLED.match(said)))
    topic = topic and not turns.HAPPENS.search(own)
    return None if value and topic else value, outcome


def revoked(draft: Statements, before: Sequence[Said], text: str) -> list[FactWords]:
    """培训费9000，是内训: the facts told ``before`` of which ``text`` says that it is another thing; what was told of them goes,
    but a part that was told by a better name (协会的2万，其余是内训), or beside a figure of the other thing (内训2万)."""
    facts = [said.words for said in before if isinstance(said.words, FactWords)]
    of_its_own = not turns.PART_OF_IT.match(text) and any(q.value is not None for q in find_quantities(text))
    gone: list[FactWords] = []
    for words in (words for words in facts if words.is_revoked(text)):
        told = [path for path in draft.paths(words.fact) if path in draft.facts]
        named = turns.THE_REST_IS.match(text) and any(draft.facts[path].rank == LAST_WORD for path in told)
        if not (named or (of_its_own and told)):
            draft.facts = {path: entry for path, entry in draft.facts.items() if path not in told}
            gone.append(words)
    return gone


def so_already(draft: Statements, mention: Mention) -> bool:
    """Whether a mention affirms of an item what was said of it before."""
    words = mention.word
    return isinstance(words, FactWords) and mention.within and not mention.denied and draft.so(words.fact)


def affirm(draft: Statements, asked: Sequence[Said], end: int, granted: bool, missed: Missed | None = None) -> None:
    """做代运营？是的。 · 报了省级，四月发文了: what was ``asked``, or ``missed`` before, is so, up to ``end``; ``granted``: where it is
    something that is granted."""
    for said in asked:
        if not isinstance(said.words, FactWords) or (granted and not said.words.fact.granted):
            continue
        awaited = next(iter(missed[1])) if missed and missed[0] is said.words and len(missed[1]) == 1 else None
        value = said.choice or awaited or (True if said.words.fact.type == "bool" else None)
        if value and not said.negative:
            draft.state(said.words.fact, Statement(value, said.start, end))


def given_up(lexicon: Lexicon, draft: Statements, told: Sequence[Said], clause: str, text: str) -> list[Said]:
    """What of the things ``told`` in ``text`` a ``clause`` may deny that says what is done no more."""
    named = [_business(lexicon, draft, said, clause) for said in told]
    return [said for said in named if not (new_trade(clause) and _tells_where(lexicon, draft, said, text))]


def _business(lexicon: Lexicon, draft: Statements, said: Said, text: str) -> Said:
    """做过代运营，领过两年，2023年起不做了: what is done no more is that of which the fact just told is told."""
    needs = said.words.spoken.needs if isinstance(said.words, FactWords) and turns.STOPPED.search(text) else None
    words = next((each for each in lexicon.facts if each.fact.id == needs), None) if needs else None
    return replace(said, words=words, paths=draft.paths(words.fact)) if words else said


def _tells_where(lexicon: Lexicon, draft: Statements, said: Said, text: str) -> bool:
    """执照在郑州，后来改行了: whether what was said in ``text`` names a place, which no other trade changes."""
    told = [draft.facts[path] for path in said.paths if path in draft.facts]
    return any(lexicon.names_place(text[entry.start : entry.end]) for entry in told)


def still_runs(text: str, on: date | None) -> bool:
    """2026年到期: whether ``text`` says of what is held, on the day ``on``, until when it runs."""
    told = turns.RUNS_OUT.search(text)
    return told is not None and (on is None or int(told[1]) >= on.year)


def of_one_called(clause: SpokenClause, text: str) -> bool:
    """执照现在是郑州的，兰考那个注销了: whether a clause that says what is no more points at a thing by words that stand nowhere before
    it in ``text``: what was told of is another."""
    pointed = [call for at, call in labels_in(clause.text) if at == 0 and points(clause.text, call, 0)]
    return bool(pointed) and ended(clause.text) and pointed[0] not in text[: clause.start]


def disown(lexicon: Lexicon, draft: Statements, clause: SpokenClause, last: str) -> None:
    """那个牌子是供货商的: what was told before the text, and ``clause`` names (the ``last`` where it only points), is not ours."""
    text = clause.text
    for words in lexicon.held_in(text, draft.held, last):
        if (turns.DISOWN.search(text) or _called_theirs(draft, words, text)) and (value := words.denial) is not None:
            draft.state(words.fact, Statement(value, clause.start, clause.start + len(text)))


def not_by_us(draft: Statements, named: Sequence[FactWords | Noun], clause: SpokenClause) -> None:
    """国家标准不是我们做的: what ``clause`` has ``named`` is done, and not by us."""
    for words in named if turns.NOT_BY_US.search(clause.text) else ():
        if isinstance(words, FactWords) and words.fact.type == "bool":
            draft.state(words.fact, Statement(False, clause.start, clause.start + len(clause.text)))


def _called_theirs(draft: Statements, words: FactWords, text: str) -> bool:
    """许可证是北京母公司持有的: whether ``text`` begins with what it calls the fact of ``words``, or points at it, and goes on with
    whose it is."""
    that = turns.POINTED.match(text)
    chosen = [
        m for m in words.chosen(text) if m.choice in draft.standing(words.fact)
    ]  # 省级的是隔壁公司, and ours national
    calls = [(0, that.end())] if that else [(m.start, m.end) for m in (*words.called(text), *chosen)]
    return any(bare(text[:end], start, end) and turned_out_theirs(text, end) for start, end in calls)


def of_the_other(draft: Statements, words: FactWords | None) -> list[Said]:
    """做农业的那个入选了 · 冷链那个没有: what was told of one item before the text, where the text turns to another of which it is not
    known."""
    items = draft.items[words.subject] if words else None
    turned = items is not None and items.current and not items.carried
    return [Said(words, (), 0)] if words and turned and not draft.standing(words.fact) else []


def deny(
    draft: Statements,
    named: Sequence[Said],
    clause: SpokenClause,
    label_end: int,
    missed: Missed | None,
    last_bool: FactWords | None,
) -> None:
    """都没有 · 还没批下来 · 后来注销了: ``clause`` denies what was ``named``; it goes on at ``label_end`` behind a call (小的|没有).

    ``last_bool`` is what was last said to be so, or not, of an item.
    """
    end = clause.start + len(clause.text)
    text = clause.text[label_end:]
    told = turns.EVERY.sub("", text, 1)
    for said in named:
        words = said.words
        if isinstance(words, Noun):
            _deny_thing(draft, said, words, text, end)
            continue
        origin = not said.bare and turns.ORIGIN.match(text)
        if origin or _stays(draft, words, text, missed) or elsewhen(words, clause.text):
            continue
        if words.many and words.fact.spec.numeric and turns.IS_NOT.match(text) and last_bool:
            words = last_bool  # 国家批的只有第二个，给了200万，第一个不是
        meant = words.fact.type == "bool" and not (draft.told(words.fact) or draft.so(words.fact))
        not_begun = meant and _ZH["not_begun"].fullmatch(text)  # 想开网店 | 眼下还没开呢
        only_named = said.bare and not draft.told(words.fact)
        denied = not_begun or predicate(told, words.fact.granted, said.bare) or (only_named and only_denies(told))
        if denied and (value := words.denial) is not None:
            if words.many and turns.EVERY.match(text) and not label_end:
                items = draft.items[words.fact.subject]
                items.current = tuple(range(items.count))
            rank = year_rank(clause.text, 0) if words.fact.spec.numeric else 0
            wholly = turns.EVERY.match(text) is not None
            draft.deny(words.fact, Statement(value, said.start, end, rank=rank), wholly)


def sorted_out(
    draft: Statements, named: Mapping[int, frozenset[str]], before: Sequence[Said], clause: SpokenClause
) -> bool:
    """国标参与过一个，不是电商的: whether ``clause`` says of what sort the thing told ``before`` it is not; that is not told then.

    ``named`` are the facts that each clause spoke of, by its start.
    """
    here = named[clause.start]
    told = frozenset[str]().union(*(facts for start, facts in named.items() if start < clause.start))
    if not (told - here and turns.OF_NO_SUCH_SORT.match(clause.text)):
        return False
    for said in before:
        for path in said.paths if isinstance(said.words, FactWords) and said.words.fact.id not in here else ():
            draft.facts.pop(path, None)
    return True


def of_another(draft: Statements, mention: Mention, before: Sequence[Said], text: str) -> bool:
    """国家试点的申请已提交，尚未获批: whether a clause ``text`` that goes on in a sentence is of what was just denied, and names
    nothing else."""
    alone = _NO.fullmatch(text, 0, mention.start) and len(text) <= mention.end + 1
    if not (mention.within or alone) or not isinstance(mention.word, FactWords):
        return False
    others = [said for said in before if isinstance(said.words, FactWords) and said.words is not mention.word]
    return any(draft.value(path) is False for said in others for path in said.paths)


def expires_beside(text: str, before: Sequence[Said]) -> bool:
    """网上卖货，还买过一张证书，早过期了: whether what expired is none of what was told ``before``, which nobody grants."""
    told = [said.words for said in before if isinstance(said.words, FactWords)]
    lasting = bool(told) and all(words.fact.type == "bool" and not words.fact.granted for words in told)
    return lasting and bool(turns.EXPIRED.search(text))


def _of_money(text: str) -> bool:
    """Whether ``text`` denies that there is, or was, money, and nothing else."""
    return bool(turns.UNPAID.search(text) or turns.OF_MONEY.search(text))


def _stays(draft: Statements, words: FactWords, text: str, missed: Missed | None) -> bool:
    """Whether what was told of the fact stands, whatever ``text`` denies."""
    if words.fact.type == "int" and (ended(text) or (year_rank(text, 0) and draft.standing(words.fact))):
        return True  # 享受了三年，今年不再报 · 2022年领过，2023年没申报: what was had stays
    if _of_money(text) and not words.fact.spec.numeric:
        return True
    if words.fact.type == "money" and turns.NOT_PAID_YET.search(text) and not words.spoken.this_year:
        return True  # 去年交了4800，今年还没交
    if missed is None or missed[0] is not words:
        return False
    return bool(
        draft.standing(words.fact) - {*missed[1]} - {words.spoken.nothing}
    )  # 省级的有，国家级报过，落选: that one stays


def _deny_thing(draft: Statements, said: Said, noun: Noun, text: str, end: int) -> None:
    """There is none of what was named by itself, if it was not there before."""
    if _of_money(text) or (noun.tenant and noun.tenant.search(text)):
        return  # 电商楼宇？没租
    items = draft.items[noun.subject]
    none = predicate(text, False, of_a_name=True) or only_denies(text)
    if said.bare and (said.added or not items.count) and none:
        if said.added and items.count:
            draft.drop_item(noun.subject)
        items.none = None if items.count else (said.start, end)
