"""Whose figure is whose in a clause: each quantity goes to the name beside it, or to the topic that was left open.

Knows no policy: the names (and those of figures that no fact asks for) come from the lexicon.
"""

from collections.abc import Sequence
from decimal import Decimal

from conversations.language import descriptions_figure_words as spoken
from conversations.language.descriptions_clauses import SpokenClause
from conversations.language.descriptions_counts import Shares
from conversations.language.descriptions_figure_words import (
    another_s,
    cue_of,
    elsewhen,
    entry_of,
    firmness,
    fits,
    in_full,
    inside,
    of_a_part,
    one_by_one,
    share_of,
    whole,
    year_rank,
)
from conversations.language.descriptions_lexicon import Lexicon
from conversations.language.descriptions_statements import Statement, Statements, is_at
from conversations.language.descriptions_sums import SummedFigures
from conversations.language.descriptions_words import FactWords, Mention, Said
from conversations.language.figures import by_turns
from conversations.language.quantities import Quantity, UnitKind
from conversations.language.revisions import revised
from knowledge.patterns import regex
from rules.values import Range

_THAT = regex(r"(?:说|那|这|刚才|说的|报的|个|笔|条|的)*")
_IS_OF = regex(r"(?:元|块|钱|那个|这个|那笔|这笔|[管交付花买]的)*(?:是|属于|算|管)")  # 五千那个是报税用的
_THAT_IS = regex(r"(?:哦|噢|啊|其实|不过|但是?|那|这|它|个|笔|钱|费|数|条|刚才|说的)+(?:是|属于|算)|是")
_THAT_ONE = regex("[元块]?的?那[笔个台款栋座]")
_NO_SUM = (UnitKind.COUNT, UnitKind.YEARS)  # CA证书，三年一交，一年合600


class Figures:
    """The figures of one text, and what is still to be answered: the topic left open, the figure that may be corrected."""

    def __init__(self, lexicon: Lexicon, draft: Statements, text: str) -> None:
        self._lexicon = lexicon
        self._draft = draft
        self._text = text
        self.called = 0  # where the clause that is read goes on behind what calls its item: A座|1.3万
        self._several = len(spoken.ONE_COSTS.findall(text)) > 1  # 一个1800，一个2400: neither is the whole
        self._open: FactWords | None = None
        self._last: tuple[FactWords, int] | None = None
        self._dated = (-1, 0)  # the sentence in which a year was named, and its rank
        self._resumed = ""
        self._sums = SummedFigures(draft, text)
        self._strayed = False  # a sum of another thing was told since the last of a fact
        self._aside: FactWords | None = None  # the topic, while another thing of the same name is spoken of
        self._planned: FactWords | None = None
        self._over = -1  # the sentence that said for how many years it pays
        self._headed: tuple[FactWords, int] | None = None  # what figures of a sentence are parts of: 服务费：天猫…
        self._shares = Shares(lexicon, draft)

    def resume(self, words: FactWords, path: str) -> None:
        """The fact spoken of last, before this text, and where: by a statement, or a question."""
        self._last, self._resumed = (words, 0), path
        if not self._known(words):
            self._open = words

    def unstated(self, facts: list[Mention], intended: bool) -> None:
        """``facts`` were asked or supposed: a figure that follows may answer; where they are intended, only a past one."""
        numeric = [m.word for m in facts if isinstance(m.word, FactWords) and m.word.fact.spec.numeric]
        if numeric or intended:
            topic = numeric[-1] if numeric else None
            self._open, self._planned = (None, topic) if intended else (topic, None)

    @property
    def waiting(self) -> FactWords | None:
        """What was named without a figure, or only planned."""
        return self._open or self._planned

    def forget(self, words: FactWords) -> None:
        """No figure that follows answers ``words`` any more."""
        self._open = None if self._open is words else self._open

    def withdrawn(self, clause: SpokenClause, quantities: Sequence[Quantity]) -> list[Quantity] | None:
        """那1.2万是去年的 · 那是报税用的 · 5600是两年的: the figures that are left where one known before, told by itself or spoken of
        last, is another thing's or of another time, or is only said to be of some sort (350万是含税的); None where none is."""
        text = clause.text
        said = [q for q in quantities if _IS_OF.match(text, q.end)]
        pointed = spoken.is_first(self._text, clause.start) and bool(_THAT_IS.match(text)) and not quantities
        found: list[str] = []
        left: list[Quantity] = []
        for words in self._lexicon.facts if said or pointed else ():
            if not words.fact.spec.numeric:
                continue
            another = another_s(words, clause)
            spread = [q for q in said if words.question.over_years(text, q, quantities)]
            told = spread or [q for q in said if another and _THAT.fullmatch(text, 0, q.start)]
            mine = [p for p in self._draft.known_paths if is_at(words.fact.id, p)]
            known = mine if told or (pointed and another) else []
            values = [q.value for q in told]
            taken = [p for p in known if self._draft.before(p) in values or (pointed and p == self._resumed)]
            if taken:
                self._open = words
                left = [q for q in quantities if spread and q.start > spread[-1].end and q.kind is not UnitKind.YEARS]
            found += taken
        self._draft.withdrawn |= {path: (clause.start, clause.start + len(text)) for path in found}
        again = [q for q in said if self._draft.was_told(q.value) and _THAT.fullmatch(text, 0, q.start)]
        return left if found else [q for q in quantities if q not in again] if again else None

    def stated(
        self,
        clause: SpokenClause,
        facts: list[Mention],
        quantities: list[Quantity],
        correcting: bool,
        focus: str | None,
    ) -> list[Said]:
        """Take the figures of a stated clause; ``focus`` is the list subject that the text is about."""
        self._set_aside(clause)
        self._shares.take(clause, quantities, focus)
        cues = self._cues(clause, facts)
        quantities = self._shared_out(clause, cues, self._told_now(clause, cues, quantities))
        said, used = self._years_named(clause, facts), set[Mention]()
        self._note_heading(clause, cues)
        partial: FactWords | None = None
        for quantity in quantities:
            cue = cue_of(quantity, [c for c in cues if c not in used], clause.text, quantities)
            start, end = quantity.start, quantity.end
            if cue is None:
                words = whole(partial, quantity, clause.text[:end])
                words = words or self._follow(clause, quantity, correcting, focus)
                better = words and self._better(words, quantity, clause.text)
            else:
                used.add(cue)
                words = cue.word if isinstance(cue.word, FactWords) else None
                start, end = min(cue.start, start), max(cue.end, end)
                better = words and self._named_better(words, clause.text, cue, quantity)
            self._strayed = spoken.strays(self._strayed, words, cue, clause.text[: quantity.start])
            if words and self._sums.one_of_several(words, clause, quantity):
                words, said = None, [*said, *self._sums.of_parts(words, clause)]
            words = None if words and self._not_so(words, clause, quantity, facts) else words
            if words and elsewhen(words, clause.dated):
                self._last, words = (words, clause.sentence), None
                said.append(Said(self._last[0], (), clause.start + start))
            if words and self._passing(words, clause, quantity, quantities):
                partial, words, said = words, None, [*said, *self._sums.of_times(words, clause, quantity)]
            if words and quantity.value is not None and self._takes(words, quantity, clause.text, cue or quantities):
                rank = firmness(clause.text, correcting) or (spoken.LAST_WORD if better else year_rank(clause.dated))
                told = self._narrowed(words, quantity) or quantity.value
                said.append(self._entered(words, clause, entry_of(clause, quantity, told, (start, end), rank)))
        self._dated = (clause.sentence, rank) if (rank := year_rank(clause.text, 0)) else self._dated
        self._leave_open([c for c in cues if c not in used], partial, bool(said), used, quantities)
        return said

    def _entered(self, words: FactWords, clause: SpokenClause, entry: Statement) -> Said:
        """Write a figure down as that of the fact, which is then the last one told."""
        self._last = (words, clause.sentence)
        return Said(words, self._draft.state(words.fact, entry), entry.start)

    def _told_now(self, clause: SpokenClause, cues: list[Mention], quantities: list[Quantity]) -> list[Quantity]:
        """The figures of a clause in full, none where it adds in brackets what one was earlier: 入驻率55%(去年为48%)."""
        aside = self._last and {cue.word for cue in cues} <= {self._last[0]} and spoken.of_before(self._text, clause)
        return [] if aside else [self._in_full(quantity, clause.start) for quantity in quantities]

    def _in_full(self, quantity: Quantity, start: int) -> Quantity:
        """那就按180报, where 180万 is known: a bare number by which to go is in the unit of the figure that it comes near to."""
        words = self._last[0] if self._last and self._text[: start + quantity.start].endswith("按") else None
        known = self._draft.standing(words.fact) if words and words.fact.type == "money" else ()
        meant = (
            each
            for each in quantity.in_large_units()
            if any(isinstance(v, Decimal) and spoken.alike(v, each.value) for v in known)
        )
        return next(meant, in_full(quantity, self._text))

    def _note_heading(self, clause: SpokenClause, cues: list[Mention]) -> None:
        heads = [cue.word for cue in cues if isinstance(cue.word, FactWords) and ":" in clause.text[cue.end - 1 :]]
        self._headed = (heads[-1], clause.sentence) if heads else self._headed

    def _years_named(self, clause: SpokenClause, facts: list[Mention]) -> list[Said]:
        """去年跟前年都给我们发了 · 去年领过一次，前年也领过: how many years there were, where they are named one by one."""
        named = (m.word for m in facts if isinstance(m.word, FactWords))
        also = self._lexicon.facts if spoken.ALSO_IN.match(clause.text) else ()
        known = (words for words in also if not words.many and self._draft.paths(words.fact)[0] in self._draft.facts)
        left = [self._open] if self._open and not facts else ()  # 补贴领过，13年14年两回
        words = next((w for w in (*named, *known, *left) if w.fact.type == "int" and w.fact.counter == "年"), None)
        if words is None or any(m.word is words and m.denied for m in facts):
            return []
        told = self._draft.told(words.fact)
        one_more = [v + 1 for v in told if isinstance(v, Decimal) and v and spoken.ALSO_IN.match(clause.text)]
        years = one_more[0] if one_more else Decimal(by_turns(clause.text))
        if not years:
            return []
        entry = Statement(years, clause.start, clause.start + len(clause.text))
        return [Said(words, self._draft.state(words.fact, entry), clause.start)]

    def _not_so(self, words: FactWords, clause: SpokenClause, quantity: Quantity, facts: list[Mention]) -> bool:
        """Whether the fact is denied in the clause (一年都没领过), or the figure is one of several, or that of another item."""
        denied = any(m.denied and (m.word is words or m.start <= quantity.start < m.end) for m in facts)
        return denied or (quantity.value is not None and self._draft.another_s(words.fact, quantity.value))

    def _spread(self, clause: SpokenClause) -> None:
        """证书5600，一次交两年 · 不过是报税用的: the figure just told, and what follows in the sentence, is of several years, and
        none of one; or it is another thing's."""
        text = clause.text
        over = bool(spoken.OVER_YEARS.fullmatch(text) or spoken.YEARS_SET.search(text))
        self._over = clause.sentence if over else self._over
        words = self._last[0] if self._last and self._last[0].fact.spec.numeric else None
        only = spoken.ONLY_FOR.match(text)
        of_sort = spoken.OF_SORT.fullmatch(text) and not spoken.SET_ASIDE.match(self._text, clause.start + len(text))
        said_of = only or _THAT_IS.match(text) or of_sort
        another = words and said_of and (words.rules_out(text) or elsewhen(words, text))
        another = another or (words and spoken.not_told(text, self._text[: clause.start]))
        if words and (another or (over and words.question.yearly)):
            taken = [self._draft.facts.pop(path, None) for path in self._draft.paths(words.fact)]
            before = over and not self._draft.facts and self._draft.before(self._resumed) is not None
            if before:
                self._draft.withdrawn[self._resumed] = (clause.start, clause.start + len(text))
            self._open = words if before or (any(taken) and not only) else self._open
            if only and any(taken):
                self._none_of(words, clause)

    def _none_of(self, words: FactWords, clause: SpokenClause) -> None:
        """CA证书一年1200，光报税用: all of it is another thing than the fact means, of which there is none."""
        if words.spoken.zero:
            self._draft.state(words.fact, Statement(Decimal(0), clause.start, clause.start + len(clause.text)))

    def _set_aside(self, clause: SpokenClause) -> None:
        """俩证书，一个报税的，一年280，一个签合同的，一年1200: the one that the fact is not about is passed over."""
        text = clause.text
        self._spread(clause)
        if inside := spoken.INCLUDES.search(text):  # 上述CA费用里含报税的6000，网上用的是3.9万: of the same
            whole = (w for w in self._lexicon.facts if w.says and w.says.search(text[: inside.start()]))
            named = next((words for words in whole if words.fact.spec.numeric and self._known(words)), None)
            self._last = (named, clause.sentence) if named else self._last
        if self._lexicon.apart and self._lexicon.apart.search(text):
            self._open = self._last = None  # what is spoken of now is another thing
        if self._open and self._open.rules_out(text):
            if spoken.ALL_FOR.match(text):
                self._none_of(self._open, clause)
            self._aside, self._open = self._open, None
        elif self._aside and spoken.ANOTHER_ONE.match(text):
            self._open, self._aside = self._aside, None

    def _leave_open(
        self, cues: list[Mention], partial: FactWords | None, told: bool, used: set[Mention], quantities: list[Quantity]
    ) -> None:
        """What the clause names without a figure waits for one; a figure or a name ends the waiting of another."""
        unanswered = [cue.word for cue in cues if isinstance(cue.word, FactWords)]
        if self._open:  # 培训报了两次，都是电商协会办的: no share of a building, where there is none
            items = self._draft.items
            unanswered = [words for words in unanswered if not words.many or items[words.fact.subject].count]
        told = told or any(cue.word for cue in used)
        if unanswered or told or any(q.value is not None and q.kind not in _NO_SUM for q in quantities):
            self._open = unanswered[-1] if unanswered else partial

    def _cues(self, clause: SpokenClause, facts: list[Mention]) -> list[Mention]:
        """What a figure of the clause may be the figure of: facts, and things that are none of ours."""
        cues = [m for m in facts if m.numeric and not m.denied and m.whole is None]
        decoys = self._lexicon.decoys_in(clause.text)
        return cues + [d for d in decoys if not any(c.start <= d.start and d.end <= c.end for c in cues)]

    def _shared_out(self, clause: SpokenClause, cues: list[Mention], quantities: list[Quantity]) -> list[Quantity]:
        """总投资分别是1200万和900万: one figure for each item; returns the quantities that are left."""
        if "分别" not in clause.text and not one_by_one(clause.text, quantities):
            return quantities
        words = next((c.word for c in cues if isinstance(c.word, FactWords) and c.word.many), None)
        if words is None:
            self._sums.of_each(clause, cues, self._open, quantities)
            return []
        items = self._draft.items[words.fact.subject]
        fitting = [quantity for quantity in quantities if quantity.value is not None and fits(words, quantity)]
        if len(fitting) != items.count:
            return quantities
        for index, quantity in enumerate(fitting):
            items.current = (index,)
            entry = Statement(quantity.value or Decimal(0), clause.start + quantity.start, clause.start + quantity.end)
            self._draft.state(words.fact, entry)
        items.current = ()
        return [quantity for quantity in quantities if quantity not in fitting]

    def _known(self, words: FactWords) -> bool:
        return any(self._draft.value(path) is not None for path in self._draft.paths(words.fact))

    def _narrowed(self, words: FactWords, quantity: Quantity) -> Decimal | Range | None:
        """不到一百万，大约七十万 · 过一百万了，但没到一百二十万: what the figure says better of what is known as a range."""
        known = [known for known in self._draft.standing(words.fact) if isinstance(known, Range)]
        return spoken.within(known[0], quantity.value) if len(known) == 1 else None

    def _better(self, words: FactWords, quantity: Quantity, text: str) -> bool:
        """Whether a figure without a name says more than the one that is known: more exactly, or all of it."""
        better = self._is_total(words, quantity, text) or spoken.RATHER.match(text) or self._revised(text, quantity)
        return bool(better) or self._narrowed(words, quantity) is not None

    def _is_total(self, words: FactWords, quantity: Quantity, text: str) -> bool:
        """Whether the figure is said to be all of what is known."""
        return self._known(words) and bool(spoken.TOTAL.search(text, 0, quantity.start))

    def _named_better(self, words: FactWords, text: str, cue: Mention, quantity: Quantity) -> bool:
        """Whether a figure with a name says all of what is known, or is named by a better one."""
        total = self._is_total(words, quantity, text) or spoken.put_right(text, quantity.start)
        return total or words.prefers(text[cue.start : cue.end])

    def _passing(
        self, words: FactWords, clause: SpokenClause, quantity: Quantity, quantities: Sequence[Quantity]
    ) -> bool:
        """Whether the sum is of a part only, or of several years, or was to be spent: 一个月800; not 一个月800，拢共9600, 实际1万."""
        text, said = clause.text, clause.text[: quantity.end]
        over = words.question.over_years(text, quantity, quantities, self._over == clause.sentence)
        if over or spoken.only_said(text, quantity):
            return True
        if words.fact.type not in ("money", "area"):
            return False
        if spoken.not_paid(words, text, quantity):
            return True
        one = self._several and not (words.many or words.spoken.plain) and spoken.ONE_OF.search(said)
        paid = self._known(words) and not self._more(words, quantity) and spoken.PAID.search(text, 0, quantity.start)
        part = (one or paid or share_of(text, quantity) or of_a_part(words, text)) and not (
            spoken.IN_ALL.search(spoken.ONE_YEARLY.sub("", said)) or spoken.TOTAL.search(said)
        )
        return bool(part) or (not words.spoken.plain and bool(spoken.BUDGET.search(text)))

    def _takes(self, words: FactWords, quantity: Quantity, text: str, by: Mention | Sequence[Quantity]) -> bool:
        """Whether the figure, named ``by`` a mention or without a name beside others, says something new, and of several
        things only where each is meant (一共投了2000万 is not); without a name it may be another thing's (光设备就花了八百万)."""
        if (
            not isinstance(by, Mention)
            and not spoken.put_right(text, quantity.start)
            and not spoken.summed_up(text, quantity, by)
            and (self._resumed or words is not self._open)
            and words.question.excludes(text, quantity, by)
        ):
            return False
        several = len(self._draft.paths(words.fact)) > 1
        return not self._vaguer(words, quantity) and (not several or bool(spoken.EACH.search(text)))

    def _vaguer(self, words: FactWords, quantity: Quantity) -> bool:
        """98.5万，差一点到一百万: a range that holds the figure which is known says nothing new."""
        if not isinstance(quantity.value, Range):
            return False
        known = self._draft.told(words.fact)
        loose = self._draft.loosely(words.fact)
        known += [loose.value] if loose else []
        return any(isinstance(value, Decimal) and inside(value, quantity.value) for value in known)

    def _bare(self, clause: SpokenClause, quantity: Quantity, plain: FactWords) -> bool:
        """还有一个文旅的，800万: a figure that is all that a clause says, of an item that has none yet."""
        lead, rest = clause.text[self.called : quantity.start], clause.text[quantity.end :]
        return not (lead.strip("那其中一个座栋幢家处") or rest.strip("了的吧啊呢左右") or self._known(plain))

    def _follow(
        self, clause: SpokenClause, quantity: Quantity, correcting: bool, focus: str | None
    ) -> FactWords | None:
        """The fact of a figure without a name: the topic left open, the figure corrected, or the one of another year."""
        period = quantity.kind is UnitKind.YEARS and spoken.PERIOD.match(clause.text, quantity.start)
        if self._open and not period and fits(self._open, quantity) and not self._open.rules_out(clause.text):
            return self._open
        if self._planned and fits(self._planned, quantity) and spoken.PAST.search(clause.text):
            return self._planned  # 今年预计200万，去年是90万
        plain = next((w for w in self._lexicon.facts if self._plainly(clause, quantity, w, focus)), None)
        told = self._last and self._draft.told(self._last[0].fact)
        if correcting and not plain and not told and (known := self._put_right(quantity, focus)):
            return known
        total = spoken.TOTAL.search(clause.text, 0, quantity.start)
        if total and self._headed and self._headed[1] == clause.sentence and fits(self._headed[0], quantity):
            return self._headed[0]
        right = correcting or self._revised(clause.text, quantity)
        words, sentence = self._last or (None, 0)
        if words is None or not fits(words, quantity) or (plain and not right):
            return plain
        if not words.many and total:
            return None if self._strayed or self._sums.of_two(words, quantity) else words  # 4月3000，9月2000，一共5000
        if total and correcting and words.many and self._draft.items[words.fact.subject].count > 1:
            return None  # 不对，一共是8台: not of the last one alone
        if sentence != clause.sentence:
            return words if correcting else None
        if words.many and total and self._more(words, quantity):
            return words  # 当时投资950万，扩建增加270万，目前累计1220万
        if words.many and not self._known(words):
            return self._one_more(words, quantity)  # 第一个投了1200万，第二个900万
        if self._narrowed(words, quantity) is not None:
            return words
        return words if correcting or right or spoken.RATHER.match(clause.text) or self._later(words, clause) else None

    def _one_more(self, words: FactWords, quantity: Quantity) -> FactWords | None:
        """工行贷了300万，利息12万，建行200万: of which of the facts told of the thing before it is one more, ``words`` where
        there was no other."""
        own = {path.rpartition(".")[0] for path in self._draft.paths(words.fact)}
        fitting = {
            w.fact.id: w for w in self._lexicon.facts if w.fact.subject == words.fact.subject and fits(w, quantity)
        }
        told = [
            (fact, entry.value)
            for path, entry in self._draft.facts.items()
            for fact in fitting
            if is_at(fact, path) and path.rpartition(".")[0] not in own
        ]
        return words if len({fact for fact, _ in told}) <= 1 else fitting.get(spoken.nearest(quantity.value, told))

    def _revised(self, text: str, quantity: Quantity) -> bool:
        """本来报2亿，决算下来是2.3亿 · CA一年5000，哦财务说涨价了是5600: whether a figure is that of before, told later or better."""
        if spoken.put_right(text, quantity.start):
            return True
        known = self._draft.standing(self._last[0].fact) if self._last else ()
        near = any(isinstance(v, Decimal) and spoken.alike(v, quantity.value) for v in known)
        told = _IS_OF.match(text, quantity.end) and _THAT.fullmatch(text, 0, quantity.start)
        return near and not told and revised(text[: quantity.start], text[quantity.end :])

    def _put_right(self, quantity: Quantity, focus: str | None) -> FactWords | None:
        """云上苗木那个看串行了，1010万: the only figure of that kind that is known of the item spoken of."""
        own = [w for w in self._lexicon.facts if w.fact.subject == focus and w.many and fits(w, quantity)]
        known = [w for w in own if self._known(w)]
        return known[0] if len(known) == 1 else None

    def _plainly(self, clause: SpokenClause, quantity: Quantity, words: FactWords, focus: str | None) -> bool:
        """Whether a figure without a name is that of ``words``, as a thing is told (物流的1200万)."""
        text = clause.text
        if not words.spoken.plain or words.rules_out(text) or not fits(words, quantity):
            return False
        if self._lexicon.identified(words.fact.subject, text):
            return True
        told = any(self._named(words, path) for path in self._draft.paths(words.fact))
        measured = quantity.kind in (UnitKind.AREA, UnitKind.RATIO) and not told  # 办公14200平，16层以上是公寓，11000平
        measured = measured or self._bare(clause, quantity, words)
        measured = measured or (not told and not quantity.start and _THAT_ONE.match(text, quantity.end))  # 800万那笔
        measured = measured or (quantity.kind is UnitKind.YEARS and spoken.UNTIL_NOW.search(text, 0, quantity.start))
        paid = words.fact.type == "money" and (spoken.SPENT.search(text) or spoken.RATHER.match(text))
        paid = paid or spoken.put_right(text, quantity.start)
        grows = self._more(words, quantity) and spoken.ALTOGETHER.search(text, 0, quantity.start)
        return words.fact.subject == focus and bool(measured or paid or grows)

    def _named(self, words: FactWords, path: str) -> bool:
        """Whether the text told what stands at ``path`` by its name."""
        told = self._draft.facts.get(path)
        return bool(told and words.says and words.says.search(self._text[told.start : told.end]))

    def _more(self, words: FactWords, quantity: Quantity) -> bool:
        known, value = self._draft.standing(words.fact), quantity.value
        return bool(known) and all(isinstance(v, Decimal) and isinstance(value, Decimal) and v < value for v in known)

    def _later(self, words: FactWords, clause: SpokenClause) -> bool:
        """Whether the clause, or what it goes on with (今年涨价，交了1500), tells of another year than the figure known."""
        if spoken.BESIDES.match(clause.text) or year_rank(clause.text, 0):
            return not spoken.BESIDES.match(clause.text)
        known = [self._draft.facts[path].rank for path in self._draft.paths(words.fact) if path in self._draft.facts]
        sentence, rank = self._dated
        return sentence == clause.sentence and bool(known) and rank > max(known)
