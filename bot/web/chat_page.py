"""The chat page as HTML: the whole page, what is new for a page that is open, and kind refusals.

Fills the templates with what ``conversations.consultation.history`` gives; knows nothing of requests beyond what it is told.
"""

import hashlib
import uuid
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from markupsafe import Markup
from pydantic import JsonValue
from starlette.responses import HTMLResponse, Response

from bot.web.anchors import address
from bot.web.chat_render import Renderer, said
from bot.web.security import page_policy
from bot.web.templating import environment
from conversations.consultation.history import History, LogEntry
from conversations.state.actions import Do, Steer
from conversations.state.commands import Command
from conversations.state.messages import Choice, Reply
from conversations.storage.store import Outgoing
from knowledge.policy import Policy

HERE = Path(__file__).parent
HIDDEN = frozenset({"/start"})
"""What is handed in for a person and not by them."""
MENU = (
    Choice(label="看结果", action=Do(Command.RESULT)),
    Choice(label="修改回答", action=Do(Command.EDIT)),
    Choice(label="材料清单", action=Do(Command.MATERIALS)),
    Choice(label="转人工", action=Do(Command.PERSON)),
    Choice(label="隐私说明", action=Do(Command.PRIVACY)),
    Choice(label="怎么用", action=Do(Command.HELP)),
)
"""The buttons at the foot of the page."""
OTHER_DOCUMENTS = Choice(label="选文件", action=Do(Command.POLICY))
"""The one before them, where there are several documents."""


class Page:
    """The page about one policy. ``framed_by`` are the origins that may show it in a frame, with ``embedded``."""

    def __init__(self, policy: Policy, framed_by: Collection[str] = ()) -> None:
        templates = environment()
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
            "message": self._message,
            "menu": (OTHER_DOCUMENTS, *MENU) if policy.several else MENU,
        }
        self._renderer = Renderer(policy)
        self._page = templates.get_template("chat.html", globals=shared)
        self._notice = templates.get_template("notice.html", globals=shared)
        self._messages = templates.get_template("chat_messages.html", globals=shared)
        self._answers = templates.get_template("chat_answers.html", globals=shared)

    def address(self, *, embedded: bool, last: bool = False) -> str:
        """The page's own address, relative to any of its neighbours; ``last``: at its end."""
        return f"./{'?embed=1' * embedded}{'#answer' * last}"

    def response(self, seen: History, told: Sequence[Outgoing], *, embedded: bool, large: bool) -> Response:
        """The whole page; ``told`` are replies that stand in no log."""
        html = self._page.render(
            entries=_shown(seen, told),
            panel=_panel(seen.question),
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
            "messages": self._messages.render(entries=_shown(seen, told)),
            "panel": self._answers.render(panel=_panel(seen.question)),
            "last": _last(seen),
        }

    def notice(self, words: str, status: int, headers: Mapping[str, str] | None, *, embedded: bool) -> Response:
        """A page with ``words`` and the way back."""
        html = self._notice.render(words=words, address=self.address(embedded=embedded))
        return HTMLResponse(html, status, {**self._headers[embedded], **(headers or {})})

    def _message(self, entry: LogEntry) -> Markup:
        return said(entry.text) if entry.incoming else self._renderer.reply(entry.text)


def _shown(seen: History, told: Sequence[Outgoing]) -> list[LogEntry]:
    entries = [entry for entry in seen.entries if not (entry.incoming and entry.text in HIDDEN)]
    return [*entries, *(LogEntry(0, False, outgoing.reply.text, None) for outgoing in told)]


def _last(seen: History) -> int:
    return seen.entries[-1].id if seen.entries else 0


def _panel(question: Reply | None) -> dict[str, list[list[Choice]]]:
    """The open question's buttons by rows: boxes to tick, answers, and what can be done else (with boxes: be done)."""
    rows = [list(row) for row in question.choices] if question is not None else []
    toggles = [row for row in rows if any(choice.on is not None for choice in row)]
    others = [row for row in rows if row not in toggles and all(_is_no_answer(choice) for choice in row)]
    answers = [row for row in rows if row not in toggles and row not in others]
    return {
        "toggles": toggles,
        "answers": answers,
        "done": others[:1] if toggles else [],
        "others": others[1:] if toggles else others,
    }


def _is_no_answer(choice: Choice) -> bool:
    """Whether a button of a question does something else than state a value."""
    return isinstance(choice.action, Steer)


def static(name: str) -> str:
    """The address of a static file, which changes with what is in it."""
    return f"static/{name}?{hashlib.sha256((HERE / 'static' / name).read_bytes()).hexdigest()[:8]}"
