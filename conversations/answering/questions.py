"""The written reply to a free question: from the clause that answers it, with the figure asked for, quoted and cited.

Which clause that is, is chosen in ``choosing``; here what the question asks of it is said. Reads everything that it
says from the pack. Knows no session and no channel.
"""

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from conversations.answering import asked
from conversations.answering.added_up import added_up
from conversations.answering.asked import Aspect, ReadQuestion
from conversations.answering.choosing import Chooser, ChosenClauses
from conversations.answering.clause_reply import ClauseReply
from conversations.answering.figures import FigureReader, rows, thresholds
from conversations.answering.nearness import excerpt, overlap, pairs
from conversations.answering.office_matters import notes_for
from conversations.language import office_matters
from conversations.language.quantities import find_quantities
from conversations.language.question import Matters
from conversations.language.units import UnitKind
from conversations.saying import answers as wording
from conversations.saying import office_notes
from conversations.state.outcome import Outcome
from conversations.state.shelf import Shelf
from knowledge.patterns import regex
from knowledge.policy import ASSESS, META, Clause, Notice, Policy, Programme, bare, owner
from knowledge.search import Hit
from rules.plain import plain_levels, plain_share
from rules.values import Range

_DOCUMENT = {
    "number": regex(r"文号|编号|几号文|第几号|号文件|哪个号"),
    "title": regex(r"全称|全名|名称|标题|叫什么|叫啥|什么文件|啥文件|关于啥|关于什么"),
    "issuer": regex(r"谁发|发文|哪.{0,3}发的|省里|市里|印发单位|落款|谁印|哪级"),
    "printed": regex(r"什么时候[发印出]|啥时候[发印出]|日期|(?<!到)哪[年天月]|几号[印发出]|印出来"),
    "lead": regex(r"主办|牵头|谁负责|负责单位|归谁"),
}
_LEVEL = regex(r"(?:国家|[省市区县])级")
_SHORT_LEVEL = regex(r"国家(?=示范)|(?<!本)[省市](?=示范(?!城市))|国家(?=[和跟与、][省市])")
_NUMBER = regex(r"[\d.,%]+")
_FIGURE_WEIGHT = 2
_PARTS = 4
_OFTEN = 2
_TOLD = 4
"""So many pairs of characters are shared with what is told beside a question by what is to be noticed of it."""
_TELLING = 3
_NAMING = 2
_DATED = regex(r"\d{4} ?年|\d+ ?[月日]")
_JUST = regex("[正刚恰]好|整|以上|超过|不到|不足|本数|包不包|差")
"""What asks whether a figure itself is enough, without naming one."""
_INCLUDED = regex(r"(?:以上|超过|本数)\W?(?:[包含]|算不算)")
"""What asks of the text's own words whether the figure is within: “以上”含不含."""
_TIMED = regex("时候|时间|多久|期限|截止")
"""What already says something of when."""
_REMARKS = 2
_IDLE = "什么 怎么 多少 多少钱 给多少 没有 可以 能不能 是不是 算不算 我们 我们公司 一个 哪个 这个 那个 一次 不算 怎么算"


@dataclass(frozen=True, slots=True)
class Answered:
    """A reply with the clauses that it rests on, best first; ``topic`` is what a follow-up would be about."""

    outcome: Outcome
    clauses: tuple[Hit, ...]
    reply: str
    topic: str | None


class Answering:
    """Answers free questions from one policy; of several documents those ``in_play`` come first.

    ``stated`` are the programmes of which somebody has told something: they are meant where a question tells nothing.
    """

    def __init__(self, shelf: Shelf, in_play: Collection[str] = (), stated: Collection[str] = ()) -> None:
        self._stated = stated
        self._shelf = shelf
        self._policy = shelf.policy
        self._chooser = Chooser(shelf, in_play)
        self._read = shelf.compiled(FigureReader)

    def answer(self, text: str, topic: str | None = None) -> Answered:
        """The reply to ``text``, taken as one question; ``topic`` is the clause that was talked about before, if any."""
        (chosen,) = self._chooser.choose((), topic, whole=text)
        return self._worded(chosen)

    def answers(self, text: str, topic: str | None = None) -> tuple[Answered, ...]:
        """The replies to a message: one a question where it surely asks of different things, else one to the whole."""
        from conversations.language import customer_message  # not for `answer`

        questions = customer_message.read(text).questions[:_PARTS]
        return tuple(map(self._worded, self._chooser.choose(questions, topic, whole=text)))

    def _worded(self, chosen: ChosenClauses) -> Answered:
        policy = self._policy
        if notes := notes_for(self._shelf, chosen):
            return self._of_the_office(chosen, office_notes.titled(policy, notes))
        match chosen.outcome:
            case Outcome.OUT_OF_SCOPE if not chosen.asks:
                reply = wording.nothing_asked(policy)
            case Outcome.OUT_OF_SCOPE:
                reply = wording.out_of_scope(policy, chosen.advice)
            case Outcome.ASSESS:
                reply = wording.assess(policy)
            case Outcome.OFFERED:
                reply = wording.candidates(policy.clause(hit.clause) for hit in chosen.clauses)
            case Outcome.ANSWERED:
                reply = self.reply(chosen.clauses[0].clause, chosen.text).text
        return Answered(chosen.outcome, chosen.clauses, reply, chosen.topic)

    def _of_the_office(self, chosen: ChosenClauses, said: str) -> Answered:
        """The office's word first, then what the document says to it, where it surely does."""
        if chosen.outcome is not Outcome.ANSWERED:
            return Answered(Outcome.ANSWERED, (), said, chosen.topic)
        document = self.reply(chosen.clauses[0].clause, chosen.text).text
        return Answered(Outcome.ANSWERED, chosen.clauses, f"{said}\n\n{document}", chosen.topic)

    def reply(self, clause: str, text: str, core: str = "", of: Programme | None = None) -> ClauseReply:
        """The reply from ``clause`` to ``text``, or to no question in particular where it asks nothing.

        ``core`` is the question in ``text`` without what was told before it, where that is known; ``of`` the programme of the
        clause that it is about, else that is seen from its words.
        """
        return self._reply(asked.read(text, core), clause, of)

    def about(self, clause: str, text: str, core: str) -> frozenset[str]:
        """The programmes of ``clause`` that a question is about."""
        return frozenset(each.id for each in self._nearest(asked.read(text, core), self._programmes(clause)))

    def _programmes(self, clause: str) -> tuple[Programme, ...]:
        return tuple(each for each in self._policy.programmes if each.clause == clause)

    def _reply(self, question: ReadQuestion, clause_id: str, of: Programme | None) -> ClauseReply:
        policy = self._policy
        clause = policy.clause(clause_id)
        source = wording.source(policy, clause)
        if bare(clause_id) == META:
            places = self._remarks(question, clause_id, ())
            points = tuple(places) or self._in_general(question, clause) or tuple(self._document(question, clause))
            if places and Aspect.WHERE in question.aspects and office_matters.read(question.core):
                points = (*points, wording.where(policy.document(clause_id)))
            return ClauseReply(source, points=points, places=places)
        programmes = (of,) if of else self._nearest(question, self._programmes(clause_id))
        places = self._remarks(question, clause_id, programmes)
        remarks = tuple(places)
        if not programmes:
            document = policy.document(clause_id)
            silent = self._silent(question, clause, remarks)
            how = question.aspects & {Aspect.PAPERS, Aspect.PROCESS} and wording.NO_GRANT not in silent
            return ClauseReply(
                source,
                remarks=remarks,
                points=silent,
                summaries=(clause.summary,),
                advice=(wording.steps(document), *_papers_of_all(document)) if how else (),
                quotes=(excerpt(question.text, clause.text),),
                notices=tuple(n.text for n in policy.notices if n.clause == clause_id and not remarks),
                places=places,
            )
        alone = len(programmes) == 1
        points = {line: at for each in programmes for line, at in self._direct(question, each, remarks).items()}
        return ClauseReply(
            source,
            figures=tuple(line for each in programmes for line in self._figures(question, each, alone)),
            remarks=remarks,
            points=tuple(points),
            summaries=() if Aspect.PAPERS in question.aspects else tuple(each.summary for each in programmes),
            quotes=tuple(each.quote for each in programmes),
            notices=() if remarks else tuple(notice.text for notice in self._notices(question, programmes)),
            offer=wording.offer(self._policy),
            doubted=any(self._doubted(question, each) for each in programmes),
            open=any(self._open(question, each) for each in programmes),
            places=points | places,
        )

    def _in_general(self, question: ReadQuestion, clause: Clause) -> tuple[str, ...]:
        """When one can apply, and what papers every application needs, where just that is asked."""
        document = self._policy.document(clause.id)
        if asked.asks_to_apply(question):
            return tuple(wording.calls(document))
        if (
            Aspect.PAPERS in question.aspects
            and Aspect.WHERE not in question.aspects
            and asked.of_no_matter(question.core)
        ):
            return _papers_of_all(document)
        return ()

    def _silent(self, question: ReadQuestion, clause: Clause, remarks: Collection[str]) -> tuple[str, ...]:
        """That the clause names no date, or grants nothing, where that is asked for; when one can apply stands elsewhere."""
        dates = self._dates(question, clause.id, bool(_DATED.search(clause.text) or any(map(_TIMED.search, remarks))))
        told = bool(remarks) or asked.pays(clause.text) or asked.OPEN in clause.summary
        grant = asked.pays(question.core) and not told
        return (*dates, *([wording.NO_GRANT] if grant else []))

    def _remarks(self, question: ReadQuestion, clause: str, programmes: Sequence[Programme]) -> dict[str, int]:
        """What the pack has ready on just this question, each with its place: what decides first, then as it is asked.

        What is called for only by what is told beside the question counts where the question itself calls for nothing.
        """
        called = asked.called_for(self._policy, question, clause, programmes)
        asking = asked.asking(question)
        sentences = [part for part in re.findall("[^。;!?]+[。;!?]?", question.core) if asked.asking_clauses(part)]
        idle = not all(any(re.search(each.asked, part) for each in called) for part in sentences)
        within = [each for each in called if re.search(each.asked, asking)]
        for part in (
            sentences if within else ()
        ):  # a sentence that calls for nothing in what it asks does in what it tells
            if not any(re.search(each.asked, "，".join(asked.asking_clauses(part))) for each in called):
                within += [each for each in called if each not in within and re.search(each.asked, part)]
        deciding = [each for each in called if asked.decides(each, question)]
        meant = [each for each in called if each in deciding or idle or each in (within or called)]
        places = {each: asked.FIRST if each in deciding else asked.BESIDE for each in meant}
        places |= {each: asked.place_of(question, each) for each in within if each not in deciding}
        ranked = sorted(places, key=lambda each: (each not in deciding, places[each] == asked.BESIDE, places[each]))
        most = len(deciding) + asking.count("，") + 1
        return {wording.emphasised(each.said_to(question.text)): places[each] for each in ranked[: max(_REMARKS, most)]}

    def _direct(self, question: ReadQuestion, programme: Programme, remarks: Collection[str]) -> dict[str, int]:
        """What the question asks of ``programme``, from its rule, each line with its place in what is asked.

        No boundary where more to the point is in ``remarks``.
        """
        policy = self._policy
        aspects = question.aspects
        lines: dict[str, int] = {}

        def add(said: str, of: Aspect | None = None) -> None:
            lines.setdefault(said, asked.place_of(question, of) if of else asked.FIRST)

        for line in self._of_levels(question, programme):
            add(line)
        if not lines and (not remarks or _INCLUDED.search(question.core)):
            for line in self._boundaries(question, programme):
                add(line, Aspect.BOUNDARY)
        if Aspect.PERIOD in aspects or (Aspect.AGAIN in aspects and wording.once(programme)):
            add(wording.period(programme), Aspect.PERIOD if Aspect.PERIOD in aspects else Aspect.AGAIN)
        told = bool(any(map(_TIMED.search, remarks)) or _DATED.search(programme.quote))
        for line in self._dates(question, programme.id, told, (programme.id,)):
            add(line, Aspect.DATE)
        if len(lines) > 1 and Aspect.AGAIN in aspects and not remarks:
            add(wording.UPGRADED, Aspect.AGAIN)
        if Aspect.LENIENT in aspects:
            add(wording.NO_EXCEPTION, Aspect.LENIENT)
        if Aspect.PROCESS in aspects:
            add(wording.steps(policy), Aspect.PROCESS)
        elif (
            office_matters.read(question.core) and Aspect.WHERE in aspects and not self._says_where(question, programme)
        ):
            add(wording.where(policy), Aspect.WHERE)
        for line, at in self._papers(question, programme).items():
            lines.setdefault(line, at)
        return lines

    def _says_where(self, question: ReadQuestion, programme: Programme) -> bool:
        """Whether the pack itself tells where one goes for ``programme``: 找市里还是找区里."""
        parts = map(asked.read, asked.asking_clauses(question.core))
        where = (part for part in parts if Aspect.WHERE in part.aspects)
        return any(asked.called_for(self._policy, part, programme.clause, (programme,), own=True) for part in where)

    def _papers(self, question: ReadQuestion, programme: Programme) -> dict[str, int]:
        """The papers of ``programme`` where they are asked for, or the one of which it is asked whether it is needed."""
        papers = self._policy.materials(programme.id)
        if question.aspects & {Aspect.PAPERS, Aspect.PROCESS}:
            return {wording.papers(f"**{programme.label}**", papers): asked.FIRST}
        named = asked.needed_paper(question, papers)
        return {wording.paper(named[0]): named[1]} if named else {}

    def _dates(self, question: ReadQuestion, of: str, told: bool, programmes: Collection[str] = ()) -> list[str]:
        """When ``programmes`` of the document that ``of`` belongs to can be applied for, or that it does not say when: where
        that is asked, and nothing else ``told`` of time."""
        if told or Aspect.DATE not in question.aspects:
            return []
        calls = wording.calls(self._policy.document(of), programmes) if asked.asks_to_apply(question) else []
        return calls or [wording.NO_DATE]

    def _of_levels(self, question: ReadQuestion, programme: Programme) -> list[str]:
        """What each level that the question names pays, where the programme pays by levels."""
        by_level = plain_levels(programme.amount)
        named = dict.fromkeys(_LEVEL.findall(_SHORT_LEVEL.sub(r"\g<0>级", question.text)))
        return wording.levels(self._policy, *by_level, named) if by_level else []

    def _boundaries(self, question: ReadQuestion, programme: Programme) -> list[str]:
        """Whether the figures that the programme demands are enough themselves, where that is asked and no figure tells."""
        if Aspect.BOUNDARY not in question.aspects or self._figures(question, programme, alone=True):
            return []
        if not (question.quantities or _JUST.search(question.core)):  # 预收款算不算
            return []
        conditions = thresholds(programme)
        meant = [c for c in conditions if overlap(question.text, c.leaf.quote, programme.label)]
        named = [each for each in rows(programme) if any(each.value == figure.value for figure in question.quantities)]
        meant = [*meant, *named] or (conditions if question.quantities else [])
        return [wording.boundary(self._policy.fact(each.fact), each) for each in meant]

    def _figures(self, question: ReadQuestion, programme: Programme, alone: bool) -> list[str]:
        """What follows from the figures in the question, where it is sure what each is; sums where it is ``alone``."""
        policy = self._policy
        doubted = self._doubted(question, programme)
        lines: list[str] = []
        failed = False
        for condition in thresholds(programme):
            fact = policy.fact(condition.fact)
            told = self._read.said(question, programme, condition, fact)
            if told is None or told.value is None:
                continue
            passes = condition.decide(told.value)
            if passes is None and isinstance(told.value, Range) and None in (told.value.low, told.value.high):
                continue
            failed |= passes is False
            if doubted and (passes is not False or self._open(question, programme)):
                continue
            words = question.text[told.start : told.end]
            lines.append(wording.verdict(fact, condition, told.value, words, told.approximate))
        rule = plain_share(programme.amount)
        if alone and rule and not (failed or doubted):
            known = self._read.base(question, programme, rule, policy.fact(rule.fact))
            lines += [wording.computed(policy, programme, rule, *known)] if known else []
        return lines

    def _doubted(self, question: ReadQuestion, programme: Programme) -> bool:
        """Whether what is asked of does not surely count: by the pack, as had before, or as a sum of one's own."""
        had = (Aspect.AGAIN in question.aspects and wording.once(programme)) or added_up(self._shelf, question.text)
        called = asked.called_for(self._policy, question, programme.clause, (programme,))
        return bool(had) or any(asked.decides(remark, question) for remark in called)

    def _open(self, question: ReadQuestion, programme: Programme) -> bool:
        """Whether the document does not say whether what is asked of counts."""
        called = asked.called_for(self._policy, question, programme.clause, (programme,))
        left = any(asked.decides(remark, question) and asked.OPEN in remark.text for remark in called)
        return left or added_up(self._shelf, question.text) is not None

    def _nearest(self, question: ReadQuestion, programmes: tuple[Programme, ...]) -> tuple[Programme, ...]:
        """Of several programmes of one clause those that the question comes nearest to, all where it does not tell."""
        if len(programmes) < 2:
            return programmes
        policy = self._policy
        shares = {each.value for each in question.quantities if each.kind is UnitKind.RATIO}
        named = tuple(p for p in programmes if (rule := plain_share(p.amount)) and rule.rate in shares)
        if len(named) == 1:  # 按10%是230万吧
            return named
        facts = [[policy.fact(fact) for fact in programme.facts] for programme in programmes]
        words = [
            programme.label
            + programme.summary
            + programme.quote
            + "".join(fact.label + fact.question + fact.help for fact in own)
            for programme, own in zip(programmes, facts, strict=True)
        ]
        nearest = programmes
        stated = tuple(programme for programme in programmes if programme.id in self._stated)
        if stated and not self._shelf.compiled(Matters).named(question.core):
            return stated  # 钱是市里出还是区里出
        for text in dict.fromkeys((question.core, question.text)):  # what was told before it only where it says nothing
            if text != question.core and stated:
                return stated
            rated = [
                len(self._figures(question, programme, alone=True)) * _FIGURE_WEIGHT * (text == question.text)
                + (not stated and self._is_remarked(question, programme))
                + _NAMING * asked.names_its_sum(question, programme)
                + overlap(
                    _without_figures(text),
                    own,
                    _IDLE + "".join(other for other in words if other is not own),
                    single=not stated or text != question.core,
                )
                for programme, own in zip(programmes, words, strict=True)
            ]
            told = max(rated) - min(rated)
            nearest = tuple(p for p, score in zip(programmes, rated, strict=True) if score == max(rated))
            if told >= (_NAMING if stated else _TELLING):
                break
            nearest = nearest if stated or told >= _NAMING else programmes  # one character is chance
        return nearest

    def _is_remarked(self, question: ReadQuestion, programme: Programme) -> bool:
        """Whether the pack has something ready on just this question of ``programme``, and of no other of its clause."""
        called = asked.called_for(self._policy, question, programme.clause, (programme,), own=True)
        return any(remark.programmes for remark in called)

    def _notices(self, question: ReadQuestion, programmes: Sequence[Programme]) -> list[Notice]:
        """The pack's caveats on ``programmes`` that the question touches, at most two."""
        ids = {programme.id for programme in programmes}
        every = [notice.text for notice in self._policy.notices]
        often = Counter(pair for text in every for pair in pairs(text))
        idle = {pair for pair, count in often.items() if count > _OFTEN}
        idle |= pairs(_IDLE + "".join(programme.label for programme in programmes))
        again = Aspect.AGAIN in question.aspects
        told, asking = pairs(question.text) - idle, pairs(asked.asking(question)) - idle
        own = [(pairs(each.text), each) for each in self._policy.notices if ids & set(each.programmes)]
        rated = [
            (len(told & words), each)
            for words, each in own
            if asking & words or len(told & words) >= (1 if again else _TOLD)
        ]
        return [notice for _, notice in sorted(rated, key=lambda each: -each[0])[:2]]

    def _document(self, question: ReadQuestion, clause: Clause) -> list[str]:
        """The document's own data: what is asked for, or the line of the text that comes nearest, or all of it."""
        policy = self._policy
        wanted = [name for name, pattern in _DOCUMENT.items() if pattern.search(question.text)]
        if wanted:
            return wording.document(policy.document(clause.id), wanted)
        common = f"{policy.title}{policy.issuer}{policy.number}文件"
        if Aspect.WHERE in question.aspects:
            how = [wording.steps(policy)] if Aspect.PROCESS in question.aspects else []
            return [wording.where(policy.document(clause.id)), *how]
        line = max(clause.text.splitlines(), key=lambda each: overlap(question.core, each, common), default="")
        caveats = [notice.text for notice in policy.notices if notice.clause == clause.id]
        caveats.sort(key=lambda text: -overlap(question.core, text, common))
        nearest = max((overlap(question.core, text, common) for text in caveats), default=0)
        if overlap(question.core, line, common) > nearest:
            return [wording.quotation(line), wording.emphasised(clause.summary)]
        near = [text for text in caveats if nearest and overlap(question.core, text, common) == nearest]
        return [*(near or caveats), *wording.document(policy.document(clause.id), ("lead",))]


def answer_json(policy: Policy, text: str, answered: Answered) -> dict[str, JsonValue]:
    """``answered`` as the machine interface gives it."""
    clauses: list[JsonValue] = []
    for hit in answered.clauses:
        document = None if hit.clause == ASSESS else policy.document(hit.clause)
        citation = None if document is None else document.own_citation(document.clause(hit.clause))
        clause: dict[str, JsonValue] = {"id": bare(hit.clause), "citation": citation, "score": hit.score}
        clauses.append(clause | {"policy": owner(hit.clause)} if policy.several else clause)
    return {
        "text": text,
        "in_scope": bool(answered.clauses),
        "clauses": clauses,
        "reply": answered.reply,
    }


def _papers_of_all(document: Policy) -> tuple[str, str]:
    """The papers that every application needs, and that those of a programme come on top."""
    general = [paper for paper in document.evidence if not paper.proves]
    return wording.papers("每一项申报都", general), wording.WHICH


def _without_figures(text: str) -> str:
    """``text`` without its figures, nor the units of areas and times: 一个月一平方补几块 is about no floor area."""
    for quantity in reversed(find_quantities(text)):
        if quantity.kind in (UnitKind.AREA, UnitKind.YEARS):
            text = f"{text[: quantity.start]} {text[quantity.end :]}"
    return _NUMBER.sub("", text)
