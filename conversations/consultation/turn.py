"""A turn: the session as it changes, what is said, and the moves that every way in shares.

``dialogue``, ``presses`` and ``typed`` decide what a message means and call these moves; the interview decides what
comes next.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from conversations.language.focus import Focus
from conversations.language.message import Message
from conversations.language.references import KnownItem
from conversations.language.text import normalise
from conversations.saying import notices, results
from conversations.saying.questions import question, running_total, slot
from conversations.saying.values import answer_label, answer_value
from conversations.state.ahead import ahead
from conversations.state.answer import Answer
from conversations.state.events import Event, Finished
from conversations.state.interview import MORE, SAME_PROJECT, live, next_question, projects_in_question
from conversations.state.messages import Choice, Inbound, Reply
from conversations.state.office_time import today
from conversations.state.session import SCREENING, Known, Session, derive, is_fact, without_item
from conversations.state.shelf import Shelf
from rules.values import Value

_LONGEST_WORDS = 200
Rows = tuple[tuple[Choice, ...], ...]


class Held(NamedTuple):
    """What a message can lean on of what is known: the values by path, the number of items of each list, and the words in
    which each was spoken of."""

    facts: dict[str, Value]
    counts: dict[str, int]
    words: dict[tuple[str, int], str]


@dataclass
class Turn:
    """What becomes of a message: ``session`` is the new state (so far), ``replies`` what the bot says, ``events`` what
    the rest of the house may want to know.

    ``away`` is the time since the message before; ``said`` is how the message reads where that is not its text: the
    label of the button pressed. ``recorded`` are the paths answered by this message, ``removed`` the items taken out by it
    (by their places before), each with its words; ``unread`` the spans that state something that was not taken;
    ``agreed``: it was a yes to what the bot had offered; ``pointed`` the path that a correction points back at by the
    number of an entry, or by the value that it denies.
    """

    session: Session
    inbound: Inbound
    shelf: Shelf
    now: datetime
    said: str = ""
    replies: list[Reply] = field(default_factory=list[Reply])
    events: list[Event] = field(default_factory=list[Event])
    recorded: dict[str, str] = field(default_factory=dict[str, str])
    removed: dict[str, str] = field(default_factory=dict[str, str])
    unread: list[str] = field(default_factory=list[str])
    agreed: bool = False
    pointed: str | None = None
    away: timedelta = field(init=False)
    _question: tuple[Session, Reply] | None = field(init=False, default=None, repr=False, compare=False)
    _known: tuple[tuple[tuple[Answer, ...], tuple[str, ...]], Known] | None = field(
        init=False, default=None, repr=False, compare=False
    )
    _held: tuple[Known, Held] | None = field(init=False, default=None, repr=False, compare=False)

    def __post_init__(self) -> None:
        self.away = self.now - self.session.touched
        self.session = self.session.but(touched=self.now)

    @cached_property
    def message(self) -> Message:
        """What the person says, read once."""
        return Message(self.inbound.text.strip(), self.shelf, self.today)

    @property
    def today(self) -> date:
        """The day at which the message is said."""
        return today(self.now)

    @property
    def known(self) -> Known:
        """What the answers come to now."""
        rests_on = (self.session.answers, self.session.in_play)
        if self._known is None or self._known[0] != rests_on:
            self._known = (rests_on, derive(self.session, self.shelf))
        return self._known[1]

    @property
    def open_question(self) -> Reply:
        """The open question as it is put."""
        if self._question is None or self._question[0] is not self.session:
            self._question = (self.session, question(self.session, self.shelf, self.known))
        return self._question[1]

    @property
    def held(self) -> Held:
        """What a message can lean on of what the answers come to now."""
        known = self.known
        if self._held is None or self._held[0] is not known:
            facts: dict[str, Value] = {}
            counts: dict[str, int] = {}
            for subject in self.shelf.policy.subjects:
                items = known.case.items[subject.id] or ()
                if subject.many:
                    counts[subject.id] = len(items)
                for index, item in enumerate(items):
                    prefix = f"{subject.id}.{index}" if subject.many else subject.id
                    facts |= {f"{prefix}.{name}": value for name, value in item.items()}
            words = {item.place: f"{item.words}\n{item.told}" for item in self.items(tuple(counts))}
            self._held = (known, Held(facts, counts, words))
        return self._held[1]

    def focus(self, path: str | None) -> Focus:
        """What the message can lean on, where ``path`` (a fact, or an item) is what was spoken of last."""
        facts, counts, words = self.held
        asked_about = path if path and is_fact(path) else None
        return Focus(
            facts,
            counts,
            asked_about,
            self.item_of(path),
            words,
            self.session.wondered_at if counts.get(self.session.wondered_at or "") == 0 else None,
            self.session.client,
            self.session.mentioned,
            self.today,
            None if asked_about else self._topic(),
            self.session.trades,
        )

    def _topic(self) -> str | None:
        """The one fact of which only the programmes of the clause talked about last have a condition."""
        told = [each for each in self.shelf.policy.programmes if each.clause == self.session.topic]
        facts = {fact for programme in told for fact in self.shelf.own_facts(programme)}
        return facts.pop() if len(facts) == 1 else None

    def items(self, subjects: Sequence[str]) -> list[KnownItem]:
        """The items of the lists ``subjects``, with the words in which each was spoken of."""
        found: list[KnownItem] = []
        for subject in subjects:
            sized = self.shelf.sizes.get(subject, "")
            for index, item in enumerate(self.known.case.items[subject] or ()):
                prefix = f"{subject}.{index}"
                said = [a for a in self.session.answers if is_fact(a.path) and a.path.startswith(f"{prefix}.")]
                words = [a.said for a in said]
                words += [
                    word
                    for a in said
                    for choice in self.shelf.policy.fact(a.path).choices
                    if choice.id == a.value
                    for word in (choice.label, *choice.synonyms)
                ]
                size, name = item.get(sized), item.get("name")
                found.append(
                    KnownItem(
                        (subject, index),
                        normalise("\n".join(words)),
                        size if isinstance(size, Decimal) else None,
                        normalise(name) if isinstance(name, str) else "",
                        normalise("\n".join(a.said for a in self.session.answers if a.path == prefix)),
                    )
                )
        return found

    def item_of(self, path: str | None) -> tuple[str, int] | None:
        """The item that ``path`` is about; where it is about none, the one spoken of last."""
        lists, items = self.shelf.policy.lists, self.known.case.items
        for place in (path, self.session.focus):
            subject, _, rest = (place or "").partition(".")
            index = rest.partition(".")[0]
            if index.isdigit() and subject in lists and int(index) < len(items[subject] or ()):
                return subject, int(index)
        return None

    def say(self, text: str, choices: Rows = ()) -> None:
        """Reply ``text``."""
        self.replies.append(Reply(text=text, choices=choices))

    def inform(self, text: str, choices: Rows = ()) -> None:
        """Say ``text``, which has nothing to do with the open question, and put that again."""
        self.say(text, choices)
        if self.session.asking is not None:
            self.resume("—— 继续刚才的：\n")

    def note(self, event: Event) -> None:
        """Let the house know of something."""
        self.events.append(event)

    @property
    def answered(self) -> list[str]:
        """The paths of the facts to which there is an answer, the last given first."""
        return [a.path for a in reversed(self.session.answers) if is_fact(a.path) and a.value is not None]

    def answer(self, path: str, value: object, said: str, approximate: bool = False, final: bool = False) -> Answer:
        """An answer given by this message."""
        old = self.session.answer(path)
        return Answer.model_validate(
            {
                "path": path,
                "value": value,
                "said": said[:_LONGEST_WORDS],
                "approximate": approximate,
                "final": final,
                "volunteered": self.session.asking != path and (old is None or old.volunteered),
                "message": self.inbound.message,
            }
        )

    def record(self, answer: Answer) -> None:
        """Keep ``answer``."""
        self.session = self.session.record(answer)
        self.recorded[answer.path] = answer.said
        if "." in answer.path:
            self.session = self.session.but(focus=answer.path)

    def put(self, path: str) -> None:
        """Make ``path`` the open question, under a new number, without saying it yet."""
        offered: Sequence[str] = ()
        ticks: Sequence[str] = ()
        if path == SCREENING:
            answered = self.session.answer(SCREENING) is not None or not self.session.answers
            options = self.shelf.options(self.session.in_play)
            offered = [option.id for option in options] if answered else self._unmentioned()
            spoken = self.session.claimed
            known = {o.id: self.known.ticked(o) for o in options if o.id in offered}
            ticks = [
                o.id
                for o in options
                if o.id in offered and (known[o.id] or (known[o.id] is None and spoken & {*o.chosen, *o.otherwise}))
            ]
            if self.shelf.crowded(offered, self.session.in_play):
                offered = ticks = ()
        elif path == SAME_PROJECT:
            offered = [project[0] for project in projects_in_question(self.shelf, self.known.assessment)]
        self.session = self.session.but(
            asking=path,
            number=self.session.number + 1,
            offered=tuple(offered),
            ticks=tuple(ticks),
            proposed=None,
            first_shown=0,
        )

    def offer(self, claims: Sequence[str]) -> None:
        """Ask about one project again, among these claims only."""
        self.put(SAME_PROJECT)
        self.session = self.session.but(offered=tuple(claims))

    def next_path(self) -> str | None:
        """Where the next answer is wanted, None when nothing more can change the result."""
        if self.session.answer(SCREENING) is None and (not self.session.answers or self._unmentioned()):
            return SCREENING
        known = self.known
        questions = ahead(self.shelf, known).open
        asked = next_question(self.shelf, known.case, known.assessment, known.skipped, questions)
        return None if asked is None else slot(self.shelf, known, asked)

    def resume(self, before: str = "") -> None:
        """Say the open question again (where all is answered, what there is to do), after ``before``."""
        if self.session.asking is None and not self.session.finished:
            self.advance()
        if self.session.asking is None:
            self.say(f"{before}{results.brief(self.shelf, self.known)}", notices.AFTERWARDS)
        else:
            asked = self.open_question
            self.replies.append(asked.model_copy(update={"text": f"{before}{asked.text}"}))

    def advance(self) -> None:
        """Put the next question, or none when all is known."""
        path = self.next_path()
        if path is None:
            self.session = self.session.but(asking=None, offered=(), ticks=(), proposed=None, first_shown=0)
        else:
            self.put(path)

    def proceed(self, before: Known, echo: str = "") -> None:
        """After an answer: say it back, the running total where it moved, then the next question or the result."""
        self.session = self.session.but(misses=0, topic=None)  # what was talked about before is done with
        self.advance()
        lines = [echo] if echo else []
        if self.session.asking is None:
            self.finish(lines)
            return
        if (total := running_total(self.shelf, self.known)) != running_total(self.shelf, before) and total:
            lines.append(total)
        self.resume("".join(f"{line}\n" for line in lines) + ("\n" if lines else ""))

    def finish(self, lines: Sequence[str] = ()) -> None:
        """Say the result, after ``lines``."""
        self.session = self.session.but(finished=True)
        self.pages(["\n".join([*lines, ""])] if lines else [], results.result(self.shelf, self.known))
        self.note(Finished())

    def pages(self, before: Sequence[str], texts: Sequence[str]) -> None:
        """Say ``texts`` one after the other, ``before`` at the top, what can be done next under the last."""
        first, *rest = texts
        *earlier, last = ["\n".join([*before, first]), *rest]
        for text in earlier:
            self.say(text)
        self.say(last, results.afterwards(self.session, self.known) if self.session.asking is None else ())

    def reopen(self, path: str, before: str = "") -> None:
        """Ask again what was answered (or skipped), the old answer kept until there is a new one."""
        self.put(path)
        self.resume(before)

    def back(self) -> None:
        """Reopen the question before the open one; as often as one likes."""
        path = self.session.asking
        asked = [answer.path for answer in self.session.answers if not answer.volunteered]
        earlier = asked[: asked.index(path)] if path in asked else asked
        if earlier:
            self.reopen(earlier[-1])
        else:
            self.resume("这已经是第一题了。\n\n")

    def take_out(self, subject: str, index: int, focus: str | None = None) -> None:
        """Forget the item of ``subject`` at ``index``, and speak of ``focus`` from now on."""
        items = self.known.case.items[subject] or ()
        self.removed[f"{subject}.{index}"] = self.inbound.text
        self.session = without_item(self.session, subject, index, len(items)).but(focus=focus)

    def said_back(self, answer: Answer) -> str:
        """How an answer is shown back."""
        return f"记为 **{answer_value(self.shelf, answer)}**。"

    def labelled(self, answer: Answer) -> str:
        """An answer with what it is about, and the words it was read from."""
        label = answer_label(self.shelf, self.known.case, answer)
        return f"• {label}：记为 **{answer_value(self.shelf, answer)}** ← “{answer.said}”"

    def forget(self, answers: Collection[Answer]) -> list[str]:
        """Forget ``answers``, which may be asked for again; what is said of them."""
        lines = [self.taken_back(answer) for answer in answers]
        self.session = self.session.but(answers=tuple(one for one in self.session.answers if one not in answers))
        return lines

    def taken_back(self, answer: Answer) -> str:
        """What is said of an answer that is forgotten."""
        return notices.withdrawn(answer_label(self.shelf, self.known.case, answer), answer_value(self.shelf, answer))

    def _unmentioned(self) -> list[str]:
        """The screening's options that are still open and could change the result, and further items of known lists."""
        known = self.known
        missing = {path for claim in live(known.assessment) for path in claim.missing} - known.skipped
        options = [
            option.id
            for option in self.shelf.options(self.session.in_play)
            if known.ticked(option) is None and missing & {*option.chosen, *option.otherwise}
        ]
        more = [
            f"{subject}.{MORE}"
            for subject in self.shelf.policy.lists
            if known.case.items[subject] and f"{subject}.{MORE}" not in known.skipped
        ]
        return [*options, *more] if options else []
