"""One message, read once: whatever needs to know what it says asks its ``Message``, not the text again.

Each reading is made when it is first asked for, and kept. A message says the same whatever is done with it: which
question is open, what is known and what follows from it is the consultation's business.
"""

from collections.abc import Sequence
from datetime import date
from functools import cached_property

from conversations.language import command_words, multiple_choice, question, revisions
from conversations.language.answers import AnswerReader, Understood, listed_answers
from conversations.language.descriptions import Description, DescriptionReader
from conversations.language.focus import NOWHERE, Focus
from conversations.language.lexicon import lexicon
from conversations.language.multiple_choice import Chosen
from conversations.language.persons import client, exchanged
from conversations.language.quantities import UnitKind, find_quantities
from conversations.language.text import breathed, normalise, paused
from conversations.language.yesno import AnswerStance, YesNo, is_pending, says_unknown
from conversations.state.commands import Command
from conversations.state.shelf import Shelf
from knowledge.patterns import regex

_ZH = lexicon("messages")
_ONE_PROJECT = YesNo(
    yes=("同一个", "一个项目", "一回事", "同个项目"),
    no=("不是同一个", "各自独立", "两个项目", "不同", "两回事", "各是各的", "分开的"),
    about="这几两三项说的是同一个项目都",
)
_RESTART = YesNo(yes=("重新开始",), no=("接着来", "继续"), about="要")
_CHANGE = YesNo(yes=("改", "要改", "改吧", "要"))
_KEEP = frozenset({"不", "不用", "不用改", "不用了", "不改", "不改了", "不要", "别改", "算了", "保持不变"})
_ANY = YesNo()
_FIGURE = regex(r"[\d一二两三四五六七八九十百千万亿]")
_NUMBERS = regex(r"[\d\s,、和]*\d")
_PARTS = regex(r"(?<=[?？])|[，,。；;！!\n|｜]+(?!\d)")
_END = regex("[,。;!?]|$")
_AROUND = " ,。.!?~"
_SHORT = 8
_PHRASE = 18
"""The most characters of a phrase that is shown whole."""


class Message:
    """What ``text`` says, to somebody who knows the questions of ``shelf``, on the day ``on``."""

    def __init__(self, text: str, shelf: Shelf, on: date | None = None) -> None:
        self.text = text
        self._shelf = shelf
        self._on = on
        self._answers: dict[str, Understood] = {}
        self._description: tuple[Focus, Description] | None = None

    @cached_property
    def plain(self) -> str:
        """The text in its plain form."""
        return normalise(self.text)

    @cached_property
    def paused(self) -> str:
        """The plain form with a comma for each space that parts clauses."""
        return normalise(paused(self.text))

    @cached_property
    def bare(self) -> str:
        """The plain form without the punctuation around it."""
        return self.plain.strip(_AROUND)

    @cached_property
    def command(self) -> Command | None:
        """The command that the whole message is, None where it is something else."""
        return command_words.read(self.text)

    def description(self, focus: Focus = NOWHERE) -> Description:
        """The facts that the message states, said where ``focus`` stands."""
        if self._description is None or self._description[0] != focus:
            self._description = focus, self._shelf.compiled(DescriptionReader).read(self.text, focus)
        return self._description[1]

    @cached_property
    def corrects(self) -> bool:
        """Whether the message says that something was not right, or says it more exactly."""
        return revisions.corrects(self.plain)

    @cached_property
    def mixed_up(self) -> bool:
        """Whether the message says that two things were told the wrong way round."""
        return bool(lexicon("stance")["mixed_up"].search(self.plain))

    @cached_property
    def revised(self) -> str:
        """The figure of the message that is said to have come later, or to be surer, than one told before, and nothing else
        of it; empty where none is."""
        plain = self.paused
        for figure in find_quantities(plain):
            end = _END.search(plain, figure.end)
            after = plain[figure.end : end.start() if end else None]
            clause = max(plain.rfind(mark, 0, figure.start) for mark in ",。;!?") + 1
            if any(revisions.revised(plain[start : figure.start], after) for start in (0, clause)):
                return plain[figure.start : figure.end]
        return ""

    def client(self, known: bool) -> str | None:
        """Whom the speaker says that they ask for, where something is ``known`` of an enterprise or not."""
        return client(self.plain, known)

    @cached_property
    def only_these(self) -> bool:
        """Whether the message says that there is no further item of what was spoken of."""
        return revisions.only_these(self.plain)

    @cached_property
    def company(self) -> str:
        """The name of a firm that the whole message is, empty where it is none."""
        return revisions.company(self.plain)

    @cached_property
    def complains(self) -> bool:
        """Whether an angry person speaks, and asks nothing that a document answers."""
        return revisions.complains(self.plain)

    @cached_property
    def grievance(self) -> str:
        """The clause that tells what made somebody angry, without abuse; empty where none does."""
        return next((part.strip() for part in self._parts if revisions.is_grievance(normalise(part))), "")

    @cached_property
    def several_firms(self) -> bool:
        """Whether the message speaks of several firms of one's own at once."""
        return revisions.several_firms(self.plain)

    @cached_property
    def own(self) -> bool:
        """Whether the message states something of the writer's own: in the first person, as done, or as a figure."""
        return revisions.own(self.plain)

    @cached_property
    def removes(self) -> bool:
        """Whether the message takes something back."""
        return revisions.removes(self.paused)

    @cached_property
    def only_closes(self) -> bool:
        """Whether the message says nothing else than that there is nothing else."""
        return any(map(revisions.closes, self._plain_parts)) and all(map(revisions.idle, self._plain_parts))

    @cached_property
    def closes(self) -> bool:
        """Whether the message ends by saying that there is nothing else."""
        parts = self._plain_parts
        return bool(parts) and (revisions.closes(parts[-1]) or revisions.closes(self.plain))

    @cached_property
    def label(self) -> str:
        """The message as it is compared with the labels of buttons."""
        return as_label(self.text)

    def answer(self, fact_id: str) -> Understood:
        """The message as the answer to the question for a fact."""
        if fact_id not in self._answers:
            self._answers[fact_id] = self._shelf.compiled(AnswerReader).read(fact_id, self.text, self._on)
        return self._answers[fact_id]

    def any_item(self, subject_id: str) -> Understood:
        """The message as the answer to whether there is any, or another one, of a list."""
        return self._shelf.compiled(AnswerReader).read_any(subject_id, self.text)

    def chosen(self, labels: Sequence[Sequence[str]]) -> Chosen | None:
        """The options that the message names, each by number or label; None where it is something else."""
        return multiple_choice.several(self.text, labels)

    @cached_property
    def numbers(self) -> str:
        """The numbers that the whole message is; empty where it is more than that."""
        found = _NUMBERS.fullmatch(self.plain)
        return found.group() if found else ""

    @cached_property
    def owners(self) -> tuple[str, ...]:
        """The facts among whose listed answers the message is: 没有 is anybody's, 没领过 one's."""
        return tuple(fact for fact, words in self._shelf.compiled(listed_answers).items() if self.bare in words)

    @cached_property
    def asks(self) -> bool:
        """Whether the message asks something, or asks on about what was just told."""
        return _asks(self.text)

    def asks_of_anybody(self, asked_for: str | None) -> bool:
        """Whether the message only asks, and tells nothing of the one who asks or is ``asked_for``: 外地的公司能申请吗."""
        if not self.asks or revisions.tells_of_self(self.plain):
            return False
        if self.told is not self and not all(map(revisions.idle, self.told._plain_parts)):
            return False  # 做卡券电商的 执照郑州 有啥补贴
        return not asked_for or not revisions.tells_of_self(exchanged(self.plain, asked_for))

    @cached_property
    def question(self) -> str:
        """The parts of the message that ask something, by its punctuation; empty where none does."""
        return "，".join(part for part in self._parts if _asks(part))

    @cached_property
    def told(self) -> "Message":
        """The message without the parts that ask something; the message itself where none does."""
        if not self.question:
            return self
        return Message("，".join(part for part in self._parts if not _asks(part)), self._shelf, self._on)

    @cached_property
    def nods(self) -> bool:
        """Whether the message takes note of what was said, and states nothing: 好的, 明白了."""
        return bool(_ZH["nods"].fullmatch(self.bare))

    @cached_property
    def acknowledges(self) -> bool:
        """Whether the message only takes note, in words that are no yes to a question about facts: 好的, 行吧."""
        return bool(_ZH["acknowledges"].fullmatch(self.bare))

    @cached_property
    def is_bare(self) -> bool:
        """Whether it states something only where something was asked: 是, 没有, 就这样."""
        return bool(_ZH["bare"].fullmatch(self.bare))

    @cached_property
    def does_not_know(self) -> bool:
        """Whether the message says that the person does not know."""
        return says_unknown(self.bare)

    @cached_property
    def merely_does_not_know(self) -> bool:
        """Whether it says so and, being short, hardly anything else."""
        return self.does_not_know and len(self.bare) < _SHORT

    @cached_property
    def denies_or_waits(self) -> bool:
        """Whether the message is a no, or tells of something that is not there yet."""
        return _ANY.read(self.plain) in (AnswerStance.NO, AnswerStance.PENDING) or is_pending(self.plain)

    @cached_property
    def is_one_clause(self) -> bool:
        """Whether no mark parts the message."""
        return not _PARTS.search(self.bare) and "、" not in self.bare

    @cached_property
    def has_figure(self) -> bool:
        """Whether some figure stands in the message."""
        return bool(_FIGURE.search(self.bare))

    @cached_property
    def has_quantity(self) -> bool:
        """Whether a figure of something, and not only how many things there are, stands in the message."""
        return any(quantity.kind is not UnitKind.COUNT for quantity in find_quantities(self.plain))

    @cached_property
    def one_project(self) -> AnswerStance:
        """The message as the answer to whether several things are one project."""
        return _ONE_PROJECT.read(self.plain)

    @cached_property
    def restart(self) -> AnswerStance:
        """The message as the answer to whether to begin anew."""
        return _RESTART.read(self.plain)

    @cached_property
    def change(self) -> bool | None:
        """The message as the answer to whether to change an answer given; None where it is none."""
        stance = AnswerStance.NO if self.bare in _KEEP else _CHANGE.read(self.bare)
        return {AnswerStance.YES: True, AnswerStance.NO: False}.get(stance)

    def phrase(self, words: str) -> str:
        """The phrase of the message in which ``words`` stand, so that no word is cut in half; ``words`` where it is long."""
        phrases = [part.strip() for part in self._parts if words in part]
        return phrases[0] if phrases and len(phrases[0]) <= max(_PHRASE, len(words)) else words

    @cached_property
    def _plain_parts(self) -> tuple[str, ...]:
        return tuple(part for part in _PARTS.split(self.plain) if part.strip(_AROUND))

    @cached_property
    def _parts(self) -> tuple[str, ...]:
        return tuple(part for part in _PARTS.split(paused(breathed(self.text))) if part)


def as_label(words: str) -> str:
    """Words as they are compared with a button's: 满100万 is 满 100 万元."""
    return normalise(words).replace(" ", "").removesuffix("元")


def _asks(text: str) -> bool:
    return question.asks(text) or bool(_ZH["goes_on"].search(normalise(text)))
