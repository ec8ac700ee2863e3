"""What the office says beside the documents, and the texts that staff keep for their letters: a list, and a form for each.

Notes are the office's to write, for they are told to everybody as its word; texts for letters are anybody's at the desk.
"""

from datetime import UTC, datetime

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from bot.web.desk.login import clerk
from bot.web.desk.page import DeskPage, day, route
from conversations.answering.canned import PLACEHOLDERS
from conversations.office import office_notes
from conversations.office.office_notes import LONGEST, NoteText
from conversations.saying.office_notes import LABELS
from conversations.state.office_notes import NoteKind, OfficeNote, full, on_shelf
from conversations.state.office_time import today
from conversations.storage.store import Addressed, Work

HINTS = {
    NoteKind.PHONE: "例如 0371-6718 0000",
    NoteKind.PERSON: "例如 张科长，电子商务科，0371-6718 0000",
    NoteKind.ADDRESS: "例如 商务外环路 1 号 3 楼 302 室",
    NoteKind.HOURS: "例如 周一至周五 9:00–12:00，13:30–17:30",
    NoteKind.WINDOW: "例如 2026 年 3 月 1 日至 4 月 30 日",
    NoteKind.FORM: "例如 申报表下载：https://…",
    NoteKind.OTHER: "例如 今年改为网上申报",
    NoteKind.REPLY: "写好一段常用的话，起草答复时可以一键加上",
}


class OfficeNotePages(DeskPage):
    """The list of all, and the page on which one is written."""

    path = "/notes"
    route_name = "notes"
    menu_label = "办公室说明"
    icon = "fa-solid fa-circle-info"

    @route("")
    async def index(self, request: Request) -> Response:
        """All of them, by what they tell; those that do not hold today are marked."""
        async with self.service.store.reading() as connection:
            notes = await office_notes.every(connection)
        on = today(datetime.now(UTC))
        rows = [self._row(request, note) | {"holds": note.holds(on)} for note in notes]
        return self.render(request, "notes.html", {"rows": rows, "labels": _labels(request)})

    @route("/new", name="note-new")
    async def new(self, request: Request) -> Response:
        """The empty form for a kind."""
        kind = _kind(request, request.query_params.get("kind", ""))
        return self._form(request, None, NoteText(kind, ""))

    @route("/{id:row}", name="note")
    async def show(self, request: Request) -> Response:
        """The form of one."""
        note = await self._find(request.path_params["id"])
        return self._form(request, note.id, NoteText(note.kind, note.text, note.about, note.since, note.until))

    @route("/save", methods=["POST"], name="note-save")
    async def save(self, request: Request) -> Response:
        """Write a new one, or one in the place of ``id``; says what is wrong with it and keeps what was written."""
        sent = await request.form()
        kind = _kind(request, _text(sent, "kind"))
        about = tuple(str(name) for name in sent.getlist("about") if on_shelf(self.shelf.policy, str(name)))
        since, until = day(_text(sent, "since")), day(_text(sent, "until"))
        written = NoteText(kind, _text(sent, "text"), about, since, until)
        id = int(_text(sent, "id")) if _text(sent, "id").isdecimal() and len(_text(sent, "id")) < 10 else None
        if problem := _problem(written):
            return self._form(request, id, written, problem)
        if id is not None:
            _kind(request, (await self._find(id)).kind.value)
        author = clerk(request).account.name

        async def do(work: Work, now: datetime) -> list[Addressed]:
            await office_notes.keep(work, id, written, author, now)
            return []

        await self.service.act(do)
        await self.service.read_notes()
        return self.done(request, "已保存，马上生效。", "notes")

    @route("/{id:row}/delete", methods=["POST"], name="note-delete")
    async def delete(self, request: Request) -> Response:
        """Delete one."""
        note = await self._find(request.path_params["id"])
        _kind(request, note.kind.value)

        async def do(work: Work, _now: datetime) -> list[Addressed]:
            await office_notes.remove(work, note.id)
            return []

        await self.service.act(do)
        await self.service.read_notes()
        return self.done(request, "已删除。", "notes")

    async def _find(self, id: int) -> OfficeNote:
        """The note. Raises ``HTTPException`` where it is not there any more."""
        async with self.service.store.reading() as connection:
            notes = await office_notes.every(connection)
        for note in notes:
            if note.id == id:
                return note
        raise HTTPException(404, "这一条已经不在了。")

    def _row(self, request: Request, note: OfficeNote) -> dict[str, object]:
        policy = self.shelf.policy
        clauses = [policy.clause(own).title for name in note.about if (own := on_shelf(policy, name))]
        return {
            "note": note,
            "label": LABELS[note.kind],
            "about": "、".join(clauses),
            "mine": _may(request, note.kind),
        }

    def _form(self, request: Request, id: int | None, written: NoteText, problem: str = "") -> Response:
        policy = self.shelf.policy
        programmes = dict.fromkeys(programme.clause for programme in policy.programmes)
        clauses = [(full(policy, clause), policy.clause(clause)) for clause in programmes]
        context = {
            "id": id,
            "written": written,
            "label": LABELS[written.kind],
            "hint": HINTS[written.kind],
            "clauses": clauses,
            "placeholders": dict(PLACEHOLDERS) if written.kind is NoteKind.REPLY else None,
            "longest": LONGEST,
            "problem": problem,
            "mine": _may(request, written.kind),
        }
        return self.render(request, "note.html", context, 422 if problem else 200)


def _text(sent: FormData, name: str) -> str:
    value = sent.get(name)
    return value.replace("\r\n", "\n").strip() if isinstance(value, str) else ""


def _problem(written: NoteText) -> str:
    if not written.text:
        return "内容还没有写。"
    if len(written.text) > LONGEST:
        return f"太长了，请写在 {LONGEST} 个字以内。"
    if written.since and written.until and written.since > written.until:
        return "生效日期在失效日期后面。"
    return ""


def _may(request: Request, kind: NoteKind) -> bool:
    return kind is NoteKind.REPLY or clerk(request).office


def _labels(request: Request) -> dict[str, str]:
    """The kinds that whoever asks may write."""
    return {kind.value: label for kind, label in LABELS.items() if _may(request, kind)}


def _kind(request: Request, name: str) -> NoteKind:
    """The kind called ``name``. Raises ``HTTPException`` where there is none, or whoever asks may not write such."""
    kind = next((each for each in NoteKind if each.value == name), None)
    if kind is None:
        raise HTTPException(404, "没有这一类。")
    if not _may(request, kind):
        raise HTTPException(403, "办公室说明会作为办公室的话告诉所有人，只有办公室的账号能写。")
    return kind
