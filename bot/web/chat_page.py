"""The chat page as HTML: the whole page, what is new for a page that is open, and kind refusals.

Fills the templates with what ``conversations.consultation.history`` gives; knows nothing of requests beyond what it is told.
"""

import hashlib
import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from markupsafe import Markup
from pydantic import JsonValue
from starlette.responses import HTMLResponse, Response

from bot.web.anchors import address
from bot.web.chat_render import NOTHING, Renderer, has_result, said
from bot.web.security import page_policy
from bot.web.templating import environment
from conversations.consultation.history import History, LogEntry, WithStaff
from conversations.consultation.presses import PRESSED
from conversations.saying.figure_field import FigureField, FigureFields
from conversations.saying.handovers import SURE
from conversations.state.actions import AskFirst, Do, FillIn, Pick, State, Steer
from conversations.state.commands import Command
from conversations.state.messages import Choice
from conversations.state.shelf import Shelf
from conversations.storage.store import Outgoing

HERE = Path(__file__).parent
HIDDEN = frozenset({"/start", PRESSED})
"""What is handed in for a person and not by them, or says nothing."""
MENU = (
    Choice(label="结果", action=Do(Command.RESULT)),
    Choice(label="修改", action=Do(Command.EDIT)),
    Choice(label="材料", action=Do(Command.MATERIALS)),
    Choice(label="转人工", action=AskFirst()),
    Choice(label="隐私", action=Do(Command.PRIVACY)),
    Choice(label="怎么用", action=Do(Command.HELP)),
)
"""The buttons at the foot of the page, all of them to be seen on a phone."""
OTHER_DOCUMENTS = Choice(label="选文件", action=Do(Command.POLICY))
"""The one before them, where there are several documents."""
BESIDE_RESULT = (Do(Command.LEAD), Do(Command.PAPER))
"""What stands beside what a result comes to, the first that there is being the one to press."""
FOREMOST = ("yes", "send")
"""The values of the form of a lead that go on with it."""
END = Choice(label="结束，回到问卷", action=Do(Command.END))


@dataclass(frozen=True, slots=True)
class DrawnLine:
    """A line of the log as it is drawn: ``file`` can be downloaded, ``more`` can be done about it."""

    id: int
    mine: bool
    html: Markup
    file: str | None
    more: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Panel:
    """What the open question is answered with: boxes to tick, a field, answers; then what can be done else.

    ``done`` ends the ticking of boxes. ``with_staff``: there is no question, since the person is with staff.
    """

    toggles: Sequence[Sequence[Choice]] = ()
    figure: FigureField | None = None
    answers: Sequence[Sequence[Choice]] = ()
    done: Sequence[Sequence[Choice]] = ()
    others: Sequence[Sequence[Choice]] = ()
    with_staff: WithStaff | None = None


class Page:
    """The page about what lies on ``shelf``. ``framed_by`` are the origins that may show it in a frame, with ``embedded``."""

    def __init__(self, shelf: Shelf, framed_by: Collection[str] = ()) -> None:
        templates, policy = environment(), shelf.policy
        # Inline, so that the first question is drawn after one round trip; its hash stands in the page's policy.
        self._style = (HERE / "static" / "chat.css").read_text(encoding="utf-8")
        self._headers = {
            False: {"content-security-policy": page_policy(self._style)},
            True: {
                "content-security-policy": page_policy(self._style, framed_by),
                "cross-origin-resource-policy": "cross-origin",
            },
        }
        shared: dict[str, object] = {
            "policy": policy,
            "documents": policy.documents,
            "address": address,
            "style": Markup(self._style),  # noqa: S704 - our own file
            "static": static,
            "menu": (OTHER_DOCUMENTS, *MENU) if policy.several else MENU,
            "foremost": _is_foremost,
            "end": END,
        }
        self._shelf = shelf
        self._renderer = Renderer(policy)
        self._page = templates.get_template("chat.html", globals=shared)
        self._notice = templates.get_template("notice.html", globals=shared)
        self._messages = templates.get_template("chat_messages.html", globals=shared)
        self._answers = templates.get_template("chat_answers.html", globals=shared)
        self._actions = templates.get_template("chat_actions.html", globals=shared)

    def address(self, *, embedded: bool, last: bool = False) -> str:
        """The page's own address, relative to any of its neighbours; ``last``: at its end."""
        return f"./{'?embed=1' * embedded}{'#answer' * last}"

    def response(self, seen: History, told: Sequence[Outgoing], *, embedded: bool, large: bool) -> Response:
        """The whole page; ``told`` are replies that stand in no log."""
        html = self._page.render(
            messages=self._drawn(seen, told),
            panel=self._panel(seen),
            earlier=seen.earlier,
            last=_last(seen),
            ident=uuid.uuid4().hex,
            embedded=embedded,
            large=large,
        )
        return HTMLResponse(html, headers=self._headers[embedded])

    def news(self, seen: History, told: Sequence[Outgoing] = ()) -> dict[str, JsonValue]:
        """What a page that is open has to add: the messages, the open question's buttons, the place in the log."""
        return {
            "messages": self._messages.render(messages=self._drawn(seen, told)),
            "panel": self._answers.render(panel=self._panel(seen)),
            "last": _last(seen),
        }

    def notice(self, words: str, status: int, headers: Mapping[str, str] | None, *, embedded: bool) -> Response:
        """A page with ``words`` and the way back."""
        html = self._notice.render(words=words, address=self.address(embedded=embedded))
        return HTMLResponse(html, status, {**self._headers[embedded], **(headers or {})})

    def _drawn(self, seen: History, told: Sequence[Outgoing]) -> list[DrawnLine]:
        lines = [line for line in seen.entries if not (line.incoming and line.text in HIDDEN)]
        return [self._message(line) for line in (*_joined(lines), *(_unlogged(each.reply.text) for each in told))]

    def _message(self, line: LogEntry) -> DrawnLine:
        if line.incoming:
            return DrawnLine(line.id, True, said(line.text), None, ())
        choices = [] if _asks_first(line) else _choices(line)
        beside = [each for action in BESIDE_RESULT for each in choices if each.action == action]
        if not beside or not has_result(line.text):
            beside = []
        html = self._renderer.reply(line.text, Markup(self._actions.render(choices=beside)) if beside else NOTHING)  # noqa: S704
        more = tuple(choice for choice in choices if choice not in beside)
        return DrawnLine(line.id, False, html, line.shown.file if line.shown is not None else None, more)

    def _panel(self, seen: History) -> Panel:
        if seen.with_staff is not None:
            return Panel(with_staff=seen.with_staff)
        if seen.entries and _asks_first(seen.entries[-1]):
            return Panel(answers=[_choices(seen.entries[-1])])
        if seen.question is None:
            return Panel()
        rows = [list(row) for row in seen.question.choices]
        toggles = [row for row in rows if any(choice.on is not None for choice in row)]
        others = [row for row in rows if row not in toggles and all(_is_no_answer(choice) for choice in row)]
        answers = [row for row in rows if row not in toggles and row not in others]
        field = self._shelf.compiled(FigureFields).of(seen.question.ask or "")
        if (
            field is not None and answers
        ):  # the question has ranges of its own, a figure to confirm, or all that there can be
            figures = any(isinstance(choice.action, Pick | State) for row in answers for choice in row)
            field = None if figures else replace(field, ranges=())
        done, others = (others[:1], others[1:]) if toggles else ([], others)
        return Panel(toggles, field, answers, done, others)


def _joined(lines: Iterable[LogEntry]) -> list[LogEntry]:
    """``lines`` with the pages of a result as one: there is room for it here."""
    joined: list[LogEntry] = []
    for line in lines:
        begins = len(joined)
        if BESIDE_RESULT[-1] in [choice.action for choice in _choices(line)] and not has_result(line.text):
            while begins and not joined[begins - 1].incoming and joined[begins - 1].shown is None:
                begins -= 1
                if has_result(joined[begins].text):
                    break
            else:
                begins = len(joined)
        text = "\n".join([*(each.text for each in joined[begins:]), line.text])
        joined[begins:] = [replace(line, text=text)]
    return joined


def _unlogged(text: str) -> LogEntry:
    return LogEntry(0, False, text, None)


def _choices(line: LogEntry) -> list[Choice]:
    return [choice for row in line.shown.choices for choice in row] if line.shown is not None else []


def _asks_first(line: LogEntry) -> bool:
    """Whether it is the offer to hand the person over: it stands in the place of the open question."""
    return line.shown is not None and line.shown.choices == SURE


def _last(seen: History) -> int:
    return seen.entries[-1].id if seen.entries else 0


def _is_no_answer(choice: Choice) -> bool:
    """Whether a button of a question does something else than state a value."""
    return isinstance(choice.action, Steer)


def _is_foremost(choice: Choice) -> bool:
    """Whether it is the button to press, of those that stand together."""
    action = choice.action
    return action == Do(Command.PERSON) or (isinstance(action, FillIn) and action.value in FOREMOST)


def static(name: str) -> str:
    """The address of a static file, which changes with what is in it."""
    return f"static/{name}?{hashlib.sha256((HERE / 'static' / name).read_bytes()).hexdigest()[:8]}"
