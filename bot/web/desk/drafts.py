"""A customer's message in, the draft of an answer out: for the helpdesk to edit and copy.

The message is not kept; what came of its questions is counted, and those without an answer join the queue.
"""

import uuid
from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import Response

from bot.web.desk.login import clerk
from bot.web.desk.page import DeskPage, form, route
from conversations.answering.canned import canned
from conversations.answering.drafting import LONGEST, draft
from conversations.answering.letter_parts import Letter, Style
from conversations.office import statistics, unanswered
from conversations.office.helpdesk_wording import TOO_LONG, hint
from conversations.office.unanswered import DESK, How
from conversations.state.messages import Inbound, Kind
from conversations.state.outcome import Outcome

STYLES = {Style.USUAL: "一般", Style.SPOKEN: "更口语", Style.FORMAL: "更正式"}
LONGEST_NAME = 40


class Drafts(DeskPage):
    """The page with the form, and with the draft under it."""

    path = "/draft"
    route_name = "draft"
    menu_label = "起草答复"
    icon = "fa-solid fa-pen-to-square"

    @route("")
    async def index(self, request: Request) -> Response:
        """The empty form."""
        return self._page(request)

    @route("/write", methods=["POST"], name="draft-write")
    async def write(self, request: Request) -> Response:
        """The draft; ``next`` asks for another clause in the place of a question's, ``style`` for another register."""
        sent = await form(request)
        text, name = sent.get("text", ""), sent.get("name", "")[:LONGEST_NAME]
        style = next((each for each in Style if each.value == sent.get("style")), Style.USUAL)
        if not text:
            return self._page(request, name=name, problem="先把客户的话粘贴进来。")
        if len(text) > LONGEST:
            return self._page(request, text=text, name=name, problem=TOO_LONG.format(LONGEST))
        chosen = _read(sent.get("chosen", ""))
        if (place := sent.get("next", "")).isdecimal() and len(place) < 3:
            chosen[int(place)] = chosen.get(int(place), 0) + 1
        drafted = draft(self.shelf, text, name or None, style, chosen)
        if "again" not in sent:
            await self._count(request, drafted)
        return self._page(request, text=text, name=name, style=style, chosen=chosen, drafted=drafted)

    def _page(
        self,
        request: Request,
        *,
        text: str = "",
        name: str = "",
        style: Style = Style.USUAL,
        chosen: dict[int, int] | None = None,
        drafted: Letter | None = None,
        problem: str = "",
    ) -> Response:
        places = [] if drafted is None else [at for at, item in enumerate(drafted.items) if len(item.clauses) > 1]
        context = {
            "text": text,
            "name": name,
            "problem": problem,
            "longest": LONGEST,
            "style": style.value,
            "styles": {each.value: label for each, label in STYLES.items()},
            "chosen": ",".join(f"{place}:{choice}" for place, choice in (chosen or {}).items()),
            "drafted": drafted,
            "letter": "" if drafted is None else _letter(drafted.text),
            "hints": [] if drafted is None else hint(self.shelf.policy, drafted).splitlines()[1:],
            "places": places,
            "canned": [] if drafted is None else canned(self.shelf, drafted),
        }
        return self.render(request, "draft.html", context, 422 if problem else 200)

    async def _count(self, request: Request, drafted: Letter) -> None:
        """Count what came of the questions, and keep those that found no answer."""
        now, ident, me = datetime.now(UTC), uuid.uuid4().hex, clerk(request).account.person
        inbound = Inbound(id=ident, channel=DESK, person=me, chat=me, kind=Kind.FORWARD, at=now)
        async with self.service.store.transaction() as work:
            for item in drafted.items:
                await statistics.note(work.connection, now, statistics.QUESTION, f"draft:{ident}", item.outcome.value)
                if item.outcome is Outcome.OUT_OF_SCOPE:
                    await unanswered.keep(work.connection, inbound, item.text, How.REPORTED, now)


def _letter(text: str) -> str:
    """The draft as it is pasted elsewhere, where there is no markup."""
    return "\n".join(line.removeprefix("> ") for line in text.replace("**", "").split("\n"))


def _read(chosen: str) -> dict[int, int]:
    """Which clause each question has, from the form's ``0:1,2:1``; what is none is passed over."""
    pairs = (part.partition(":") for part in chosen.split(",")[:50])
    return {int(at): int(to) for at, _, to in pairs if at.isdecimal() and to.isdecimal() and len(at + to) < 6}
