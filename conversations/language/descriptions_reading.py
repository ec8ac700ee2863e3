"""One description read clause by clause into a draft: what is affirmed, what is denied, which choice is meant.

Only stated clauses become facts. What a clause leaves open the next one may close; a later statement outdoes an earlier
one. Which item is meant is the business of ``descriptions_items``, figures that of ``descriptions_figures``. Knows no
policy: the words come from the lexicon.
"""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import pairwise

from conversations.language import descriptions_denials as denials
from conversations.language import descriptions_turns as turns
from conversations.language.called_items import ItemTurn
from conversations.language.descriptions_clauses import SpokenClause, Stance
from conversations.language.descriptions_enumerated import denied_together
from conversations.language.descriptions_figure_words import NOW, elsewhen, firmness, grown, of_one_year, year_rank
from conversations.language.descriptions_figures import Figures
from conversations.language.descriptions_foretold import awaited, foretold, lost
from conversations.language.descriptions_groups import side_by_side
from conversations.language.descriptions_items import Listing
from conversations.language.descriptions_levels import LONG, Levels, asked_of, of_choice, only_of
from conversations.language.descriptions_lexicon import Lexicon, counts_firms
from conversations.language.descriptions_polarity import Verdict, nil, once, predicate, shown, unsettled, verdict
from conversations.language.descriptions_statements import Statement, Statements, is_at
from conversations.language.descriptions_weighed import Naming
from conversations.language.descriptions_words import FactWords, Mention, Noun, Said
from conversations.language.focus import Focus
from conversations.language.ordinals import unnumbered
from conversations.language.ownership import bare, not_ours, of_a_firm_dealt_with, said_to_be_theirs
from conversations.language.quantities import UnitKind, find_quantities
from conversations.language.revisions import closes, revised
from knowledge.patterns import regex
from rules.values import Range, Value

_TOO = regex(r"也|还|同时|又")
_SPEAKER = regex("[我俺咱本]|公司|自[己家]")
_ALSO_IS = regex(r"(?:也|又|还|同时|而且|并且)+是")
_IS = regex(r"(?<!不)是")
_BESIDE = (UnitKind.COUNT, UnitKind.DATE)


class Reading:
    """The reading of one text; ``draft`` is its outcome, ``named`` by the start of each clause the facts and list subjects
    that it spoke of, whatever it said of them, ``turned`` the starts of the clauses that spoke of an item as the enterprise's own,
    ``about`` by the start of each the items of each list that it is about."""

    def __init__(self, lexicon: Lexicon, text: str) -> None:
        self.draft = Statements(lexicon.many)
        self._lexicon = lexicon
        self._text = text
        self._heard = self._resumed = ""  # the fact spoken of before the text, by its label and its path
        self._listing = Listing(lexicon, self.draft, text)
        self._figures = Figures(lexicon, self.draft, text)
        self._levels = Levels(lexicon, self.draft, self._listing)
        self._said: list[Said] = []
        self._stated_now: list[Said] = []
        self._last_choice: FactWords | None = None
        self._missed: denials.Missed | None = None  # the choices last said to be not held, and why
        self._last_bool: FactWords | None = None  # what was last said to be so, or not, of an item
        self._of_one: FactWords | None = None  # what was told of an item just before the text
        self._pending = False
        self._correcting = False
        self._sentence = self._begun = 0  # the sentence that is read, and where it begins
        self._figure_denied = False  # 不是1200万，
        self._spent = set[FactWords]()  # of which the clause says that there is nothing
        self._long_ago = -1  # the sentence that speaks of a time long past: 前年还没做电商，网上一分没有
        self._on: date | None = None
        self._firms = -1  # the sentence that counts firms of which none is us
        self._granted = -1  # the sentence that speaks of what is granted to the enterprise
        self.named: dict[int, frozenset[str]] = {}
        self.namings: list[Naming] = []
        self.turned: set[int] = set()
        self.about: dict[int, dict[str, tuple[int, ...]]] = {}
        self.wondering = self._listing.wondering

    def resume(self, focus: Focus) -> None:
        """Go on where ``focus`` stands, as if an earlier part of the text had said it."""
        self.draft.resume(focus)
        self._listing.resume(focus)
        self._on = focus.on
        if focus.path is None:
            self._heard = self._lexicon.label_at(focus.topic) if focus.topic else ""  # 支付平台给多少？ | 牌照我们没有
            return
        self._heard = self._lexicon.label_at(focus.path)
        words = next((each for each in self._lexicon.facts if is_at(each.fact.id, focus.path)), None)
        if words is not None:
            self._of_one = words if words.many and words.fact.type == "bool" else None
            first = turns.first_of(self._text)
            ends = [m.end for m in words.chosen(first)]
            goes_on = not closes(first) and (turns.replies(self._text) or turns.of_level(self._text, ends))
            if goes_on and self.draft.value(focus.path) in (None, words.spoken.nothing):  # 没批下来, of what was asked
                self._said = self._stated_now = [Said(words, (focus.path,), 0)]
            elif goes_on and (gone := lost(self._lexicon, self.draft, focus.path, self._text)):
                self._said = [Said(gone[0], (gone[1],), 0)]
            self._last_choice, self._resumed = words if words.choices else None, focus.path
            self._figures.resume(words, focus.path)

    def begin(self, turn: ItemTurn, start: int, held: bool) -> None:
        """Turn to the items of which a list that the text writes tells from ``start`` on: to one under its call, or above the
        entries (技改贷款有两笔: …) to all of them; ``held``: nothing else turns to items of that list."""
        self._listing.begun, self._listing.focus = (start if turn.places or turn.count else -1), turn.subject
        self._listing.held = turn.subject if held else None
        self.turned |= {start} if turn.call or turn.count else set()
        self.draft.begin(turn.subject, turn.places, turn.call, turn.count)
        if turn.at >= 0:
            self._listing.calls.state_name(turn.subject, turn.call, turn.at)

    def clause(self, clause: SpokenClause) -> None:
        """Take in the next clause, a long one statement by statement (做代运营年服务费1700万|第一次申请)."""
        whole = len(clause.text) < LONG or counts_firms(clause.text)
        cuts = set[int]() if whole else self._lexicon.starts_in(clause.text)
        if clause.stance is Stance.STATED:
            cuts |= self._listing.cuts(clause.text)
        bounds = [0, *sorted(cuts - {0}), len(clause.text)]
        for start, end in pairwise(bounds):
            self._clause(replace(clause, text=clause.text[start:end], start=clause.start + start))
            self.about[clause.start + start] = self.draft.about

    def _clause(self, clause: SpokenClause) -> None:
        if clause.stance is not Stance.STATED or turns.WHETHER_TRUE.match(clause.text):
            self._unstated(clause)
            return
        correction = turns.CORRECT.match(clause.text) or (not clause.start and turns.BACK_TO.match(clause.text))
        if correction:
            self._correcting = True
            clause = replace(clause, text=clause.text[correction.end() :], start=clause.start + correction.end())
        if (self._correcting or self._figure_denied) and clause.text.startswith("应该"):  # a correction is no doubt
            clause = replace(clause, text=clause.text[len("应该") :], start=clause.start + len("应该"))
        if not clause.text:
            return
        nouns = self.wondering.named_in(clause)
        if turns.ONLY_INSIDE.match(clause.text):
            self._listing.disown()
        disowned = turns.DISOWN.search(clause.text) and not nouns
        if turns.UNSURE.match(clause.text) or disowned:
            another = any(v is False for v in self._just) or turns.BY_NAME.match(
                clause.text
            )  # 自己不做电商，网上那些店都是租户的
            bounded = turns.EXACTLY.match(clause.text) and any(isinstance(v, Range) for v in self._just)
            if not (bounded or (disowned and another)):
                self._retract()
            self._disown(clause)
        else:
            self._stated(clause, nouns)
        self._correcting = bool(turns.SLIPPED.search(clause.text)) or revised(clause.text, firmly=True)

    @property
    def _just(self) -> list[Value | None]:
        """The values of what was stated last."""
        return [self.draft.value(path) for said in self._stated_now for path in said.paths]

    def _disown(self, clause: SpokenClause) -> None:
        """那个牌子是供货商的: what was told before the text, and is named or pointed at, is not ours."""
        denials.disown(self._lexicon, self.draft, clause, self._pointed_at(clause))
        facts = self._lexicon.facts_in(clause.text, self._listing.focus, "")
        named = [m.word for m in facts if m.word and not m.of_item]
        denials.not_by_us(self.draft, named, clause)
        topics = [Said(words, (), clause.start, True) for words in named]  # 支付许可证不是我们的，…，我们没有
        self._said = self._said or self._level_held(clause) or topics

    def _pointed_at(self, clause: SpokenClause) -> str:
        """那是我爱人公司租的: what was spoken of before the text, where ``clause`` points at it, and nothing else was named so far."""
        named = any(about for start, about in self.named.items() if start < clause.start)
        return "" if named or self.draft.facts or not turns.THAT.match(clause.text) else self._resumed

    def _level_held(self, clause: SpokenClause) -> list[Said]:
        """国家级是母公司的，我们是省级: a level of the enterprise's that another has stands as the topic."""
        held = self._levels.held(clause.text)
        self._last_choice = held[-1] if held else self._last_choice
        return [Said(words, (), clause.start) for words in held]

    def _unstated(self, clause: SpokenClause) -> None:
        theirs = [s for s in self._said if s.bare and said_to_be_theirs(clause.text)]  # 许可证不是我们的，是…的
        if clause.stance is Stance.OTHERS:
            another = self._lexicon.facts_in(clause.text, self._listing.focus, "")  # 国家级的是隔壁那家
            denied = any(value is False for value in self._just)  # 我没有，那是他的
            if said_to_be_theirs(clause.text) and not denied and not another:
                self._retract()
            self._figures.withdrawn(clause, find_quantities(clause.text))
        unknown = turns.UNKNOWN.match(clause.text) and any(said.bare for said in self._said)
        if unknown or turns.WHETHER_TRUE.match(clause.text):
            self._retract()  # 国家试点 | 不清楚
        before, self._said, self._stated_now = self._said, [], []
        self._listing.unstated(clause)
        heard = self._heard + self._text[: clause.start]
        facts = self._lexicon.facts_in(clause.text, self._listing.focus, heard, held=self.draft.held)
        topics = [*facts, *self._lexicon.nouns_in(clause.text)]
        self._note(clause, topics)
        if (
            clause.stance is Stance.INTENDED and not topics
        ):  # 国标听说以后想参与，眼下还没有: what was only named is the topic
            self._said = [said for said in before if not self.draft.knows(said.paths)]
        self._figures.unstated(facts, clause.stance is Stance.INTENDED)
        if turns.SLIPPED.search(clause.text):  # 支付牌照写错了 | 我们没有
            self._said += [Said(m.word, (), clause.start + m.start, True) for m in topics if m.word]
            self._correcting = True
        if clause.stance is Stance.ASKED:  # 标准？没有: a topic, not a question
            self._said += asked_of(clause, facts if any(m.of_item for m in facts) else topics)
        if clause.stance in (Stance.INTENDED, Stance.OTHERS) or turns.LEAVE_OUT.search(clause.text):
            self._said += self._still_topics(clause, facts)
        if clause.stance is Stance.OTHERS:  # 母公司有牌照，我们没有
            denials.disown(self._lexicon, self.draft, clause, last := self._pointed_at(clause))
            named = [m.word for m in facts if m.word] or self._lexicon.held_in(clause.text, None, last)
            told = [Said(words, (), clause.start) for words in named] or self._level_held(clause)
            self._said += told or theirs
        for mention, words, held in foretold(clause, facts):
            planned = int(held and words.spoken.planned)  # where it is today is told as well
            told = Statement(held, clause.start + mention.start, clause.start + mention.end, rank=planned)
            paths = self.draft.state(words.fact, told)
            self._said += [Said(words, paths, clause.start + mention.start)] if clause.stance is Stance.REFUTED else []

    def _still_topics(self, clause: SpokenClause, facts: list[Mention]) -> list[Said]:
        """想冲国家级，现在是省级: what a clause that states nothing of us speaks of stands as the topic."""
        told = [(m, m.word) for m in facts if isinstance(m.word, FactWords)]
        self._last_choice = next((words for _, words in reversed(told) if words.choices), self._last_choice)
        moves = turns.MOVES.search(clause.text)
        kept = [(m, words) for m, words in told if words.choices or (words.can_be_aspired_to and not moves)]
        return [Said(words, (), clause.start + m.start) for m, words in kept]

    def _note(self, clause: SpokenClause, mentions: list[Mention]) -> None:
        told = [Naming(self._text, clause, mention) for mention in mentions if mention.word is not None]
        self.named[clause.start] = frozenset(naming.about for naming in told)
        self.namings += told

    def _retract(self) -> None:
        """Not sure · it is the subsidiary's: what the last clause stated is not stated."""
        for said in self._stated_now:
            for path in said.paths:
                self.draft.facts.pop(path, None)
            if said.added and isinstance(said.words, Noun):
                self.draft.drop_item(said.words.subject)
                self.draft.items[said.words.subject].current = ()
        self._said = self._stated_now = []

    def _stated(self, clause: SpokenClause, nouns: list[Mention]) -> None:
        topic = self._figures.waiting
        if topic and topic.spoken.zero and turns.SPENT.fullmatch(clause.text):  # 培训打算明年报，今年没花这个钱
            none = Statement(Decimal(0), clause.start, clause.start + len(clause.text), rank=year_rank(clause.text))
            self._said = [Said(topic, self.draft.state(topic.fact, none), clause.start)]
            return
        self._begun = self._begun if clause.sentence == self._sentence else clause.start
        before = self._said
        past = once(clause.text) or (self._long_ago == clause.sentence and not turns.DATED.search(clause.text))
        self._long_ago = clause.sentence if past else -1
        self._said = self._listing.stated(clause, nouns, self._correcting)
        spoken = (self._said and not self._listing.calls.astray) or self._listing.claimed(clause.text)
        self.turned |= {clause.start} if spoken else set()
        facts = self._facts_of(clause, nouns, before)
        if not nouns and clause.sentence != self._sentence and any(not (m.of_item or m.within) for m in facts):
            self._listing.abroad = False
        told = grown(clause.text, find_quantities(unnumbered(clause.text, self._listing.counting)))
        found = [q for q in told if not turns.NOT_ONE.match(clause.text, q.end)]
        quantities = [] if predicate(clause.text, granted=False) else [q for q in found if not q.denied]
        self._figure_denied = len(quantities) < len(found)
        self._listing.by_figure(clause, quantities, facts)
        self._revoke(clause, before)
        if (left := self._figures.withdrawn(clause, quantities)) is not None:
            quantities = left
        self._groups(clause, nouns, facts)
        own = [said.words for said in self._said if isinstance(said.words, FactWords) and said.words.many]
        self._last_bool = next((words for words in reversed(own) if words.fact.type == "bool"), self._last_bool)
        self._choices(clause, facts, before)
        self._figures.called = self._listing.label_end
        self._said += self._figures.stated(clause, facts, quantities, self._correcting, self._listing.focus)
        while self._spent:
            self._figures.forget(self._spent.pop())
        self._said += [] if facts else self._awaited(clause)
        self._stated_now = self._said
        if not self._said:
            self._said = (
                [] if turns.CLEFT.search(clause.text) or denials.expires_beside(clause.text, before) else before
            )
            if not (nouns or facts or any(q.kind not in _BESIDE for q in quantities)):  # 俩都不是
                self._deny(clause)
        elif clause.sentence == self._sentence and all(said.bare for said in self._said):
            self._said = [said for said in before if said.bare] + self._said
        self._sentence = clause.sentence

    def _facts_of(self, clause: SpokenClause, nouns: list[Mention], before: list[Said]) -> list[Mention]:
        """The facts that the clause speaks of, some of which may be meant by what was said ``before`` it."""
        facts = self._lexicon.facts_in(
            clause.text,
            self._listing.focus,
            turns.since_another(self._heard + self._text[: clause.start]),
            self._listing.abroad,
            self.draft.held,
        )
        facts = [m for m in facts if not of_choice(self._last_choice, self.named, clause.text, m)]
        facts = [] if self._listing.placing else facts
        if counts_firms(clause.text):
            self._firms, facts = clause.sentence, [m for m in facts if m.of_item]
        elif self._firms == clause.sentence and not _SPEAKER.search(clause.text):  # …，年服务费6000万: theirs
            facts = [m for m in facts if m.of_item or not m.numeric]
        if 0 < clause.start == self._listing.begun:  # 一是果园直播卖货: what the thing is
            facts = [m for m in facts if m.of_item]
        self._note(clause, [*facts, *nouns])
        ours = any(not m.of_item for m in facts)
        sorted_away = ours and denials.sorted_out(self.draft, self.named, before, clause)
        if sorted_away or turns.tells_of_one_beside(clause.text, self._text[: clause.start]):
            return []
        if turns.of_that_one(clause.text, self._text[: clause.start], bool(self._listing.focus)):
            facts = [m for m in facts if m.of_item]
        facts = self._of_topic(clause, nouns, facts)
        rest = clause.text[self._listing.label_end :]
        begun = turns.BEGUN.match(rest)
        goes_on = bool(before) and (begun is not None or predicate(rest, granted=True))
        only_named = goes_on and not any(self.draft.knows(said.paths) for said in before)
        if self._listing.focus or begun or only_named:  # B座还没申报过: of the item
            facts = [m for m in facts if self.draft.founded(m.needs)]
        if goes_on:  # 但落选了: of what was before
            facts = [m for m in facts if isinstance(m.word, FactWords) and self.draft.paths(m.word.fact)]
            if clause.sentence == self._sentence:
                facts = [m for m in facts if not denials.of_another(self.draft, m, before, clause.text)]
            facts = [m for m in facts if not (begun and denials.so_already(self.draft, m))]
        return facts

    def _of_topic(self, clause: SpokenClause, nouns: list[Mention], facts: list[Mention]) -> list[Mention]:
        """省级示范企业也是我们，国家级没评上: while a sentence is about what somebody grants to the enterprise, words that mean
        a fact of an item only in its context mean that."""
        own = [m for m in facts if isinstance(m.word, FactWords) and not m.within]
        if nouns or any(m.of_item for m in own):
            self._granted = -1
        elif any(isinstance(m.word, FactWords) and m.word.fact.granted and m.word.choices for m in own):
            self._granted = clause.sentence
        return [m for m in facts if not (m.within and m.of_item)] if self._granted == clause.sentence else facts

    def _awaited(self, clause: SpokenClause) -> list[Said]:
        found = awaited(self._lexicon, self.draft, self._listing, clause.text)
        return [Said(found[0], self._state(*found, clause, 0, len(clause.text)), clause.start)] if found else []

    def _revoke(self, clause: SpokenClause, before: list[Said]) -> None:
        """培训费9000，是内训: what was named is another thing than the fact means."""
        for words in denials.revoked(self.draft, before, clause.text):
            self._figures.forget(words)
            if words.fact.type == "bool":  # 租过一年，后来退了
                self._state(words, False, clause, 0, len(clause.text))

    def _state(self, words: FactWords, value: Value, clause: SpokenClause, start: int, end: int) -> tuple[str, ...]:
        return self.draft.state(words.fact, Statement(value, clause.start + start, clause.start + end))

    def _groups(self, clause: SpokenClause, nouns: list[Mention], facts: list[Mention]) -> None:
        """Facts and things named side by side (园区、楼宇和试点) share what is said before and after them."""
        for group, before, after in side_by_side(clause.text, [*denied_together(clause.text, facts), *nouns]):
            for mention in group:
                if isinstance(mention.word, FactWords):
                    self._group_fact(clause, mention, mention.word, before, after)

    def _group_fact(self, clause: SpokenClause, mention: Mention, words: FactWords, before: str, after: str) -> None:
        """What is said of one fact of a group with ``before`` and ``after`` around it."""
        own = clause.text[mention.start : mention.end]
        alone = bare(before + own + after, len(before), len(before + own))
        value, outcome = None, Verdict.YES
        if words.fact.type == "bool":
            also = mention.denied and _ALSO_IS.match(clause.text) and True in self.draft.told(words.fact)
            if (not_ours(before) and not turns.NOT_WE.search(before)) or of_a_firm_dealt_with(before, after) or also:
                return  # 我们是工业企业，也是电商企业
            past = self._long_ago == clause.sentence
            value, outcome = denials.so_or_not(mention, words, (before, own, after), alone, past, clause.text)
            standing = self.draft.standing(words.fact)
            value = None if denials.of_another_year(words, clause.text, self._on, standing) else value
        elif mention.whole is not None:
            value = Decimal(mention.whole)
        elif not (mention.numeric and words.spoken.zero):
            return
        elif mention.denied or nil(before, own, after):
            had = words.fact.type == "int" and year_rank(clause.text, 0) and self.draft.standing(words.fact)
            apart = had or elsewhen(words, clause.dated) or of_one_year(words, clause.text)
            if not (apart or unsettled(before + own + after)):
                value, outcome = Decimal(0), Verdict.NO
                self._spent.add(words)
        elif not alone:
            return
        paths = self.draft.paths(words.fact)
        if value is not None:
            start, end = shown(clause.text, mention.start, mention.end, outcome)
            right = firmness(clause.text, self._correcting) if words.fact.spec.numeric else 0
            rank = right or int(words.prefers(own))
            self.draft.state(words.fact, Statement(value, clause.start + start, clause.start + end, rank=rank))
        self._said.append(Said(words, paths, clause.start + mention.start, alone))

    def _deny(self, clause: SpokenClause) -> None:
        """都没有 · 还没批下来 · 是的: what the clauses before this one named is not so, or it is."""
        end = clause.start + len(clause.text)
        text = clause.text[self._listing.label_end :]  # 小的|没有
        bare_ones = [said for said in self._said if said.bare]
        begun = turns.BEGUN.match(text)
        if turns.YES.match(text) or begun:
            named = self._said if begun else bare_ones
            denials.affirm(self.draft, named, end, bool(begun and begun["granted"]), self._missed if begun else None)
            return
        told = bare_ones or self._said or denials.of_the_other(self.draft, self._of_one)
        if turns.MOVED.search(text):  # 京东都有店。…搬出来租仓库了: not what another sentence told of
            told = [said for said in told if said.start >= self._begun]
        told = [] if denials.still_runs(text, self._on) or denials.of_one_called(clause, self._text) else told
        named = denials.given_up(self._lexicon, self.draft, told, text, self._text)
        denials.deny(self.draft, named, clause, self._listing.label_end, self._missed, self._last_bool)

    def _choices(self, clause: SpokenClause, facts: list[Mention], before: list[Said]) -> None:
        for words in self._lexicon.choosing:
            topics = [m for m in facts if m.word is words]
            own = self._levels.told_of(words, clause.text, facts)
            named = own or topics or (words.alone and words.many)
            if not named or (words.rules_out(clause.text) and not any(m.denied for m in topics)):
                continue
            right = self._correcting and not self._levels.of_items(words, clause.text)
            followed = self._last_choice is words and (right or any(said.words is words for said in before))
            followed |= only_of(clause.text, own, before)
            followed |= self._levels.point_at(words, clause, own, facts, self._correcting)
            again = followed and self._pending and not (topics or self._correcting)
            if words.alone and words.many:
                if self._listing.focus == words.fact.subject:
                    self._listing.calls.herald(clause, words, own)
                    told = [m for m in own if not m.denied_among(clause.text, own)]
                    self._listing.calls.identify(clause, words, told, self._correcting)
                elif own and not self.draft.items[words.fact.subject].count:
                    self._listing.calls.herald(clause, words, own)
            elif again and self._levels.denied_already(words, clause.text, own):
                continue  # 还在申报，省级的: which one it is that was denied
            elif topics or (own and (words.alone or followed)):
                self._choose(clause, words, topics or own, own)

    def _choose(self, clause: SpokenClause, words: FactWords, topics: list[Mention], own: list[Mention]) -> None:
        """The highest choice affirmed; where all named are denied, or none is named and the topic is, the negative one."""
        text, nothing, fact = clause.text, words.spoken.nothing, words.fact
        start, end = min(m.start for m in (*topics, *own)), max(m.end for m in (*topics, *own))
        affirmed = [m for m in own if not m.denied_among(text, own)]
        pending = verdict("", text, "", fact.granted) is Verdict.NO and verdict("", text, "", False) is Verdict.YES
        outcome = verdict(text[:start], text[start:end], text[end:], fact.granted)
        paths = self.draft.paths(fact)
        self._pending = pending or not own
        self._missed = (words, {m.choice for m in own}) if own else None
        value: str | None = None
        if affirmed and not pending and (outcome is Verdict.YES or len(affirmed) < len(own)):
            named = {m.choice for m in affirmed if m.choice}
            if not self._correcting:  # of two that are held the higher counts
                held = {*self.draft.told(fact)}
                held |= self.draft.standing(fact) if _TOO.search(text) else set()
                named |= {each for each in held if isinstance(each, str)} - {nothing}
            value = min(named, key=[choice.id for choice in fact.choices].index)
        elif outcome is Verdict.NO or (own and not affirmed):
            held, named = self.draft.standing(fact) - {nothing}, {m.choice for m in own} - {nothing}
            value = None if held and named and not held & named else nothing  # one level missed, another reached
        if value is not None:
            begin, until = (clause.start + at for at in shown(text, start, end, outcome))
            self.draft.state(fact, Statement(value, begin, until, rank=NOW * bool(turns.LEFT.search(text))))
        self._last_choice = words
        alone = topics is not own and bare(text, start, end) and not _IS.search(text[start:end])  # 示范企业是省级
        self._said.append(Said(words, paths, clause.start + start, alone))
