"""What the office says beside the document, marked as its word, with who wrote it and when. Renders only."""

from collections.abc import Collection, Iterable, Sequence

from conversations.saying.values import day
from conversations.state.office_notes import TOLD, NoteKind, OfficeNote, chosen, full, on_shelf
from conversations.state.shelf import Shelf
from knowledge.policy import Policy
from rules.assessment import Claim

LABELS = {
    NoteKind.PHONE: "电话",
    NoteKind.PERSON: "负责人",
    NoteKind.ADDRESS: "地址",
    NoteKind.HOURS: "办公时间",
    NoteKind.WINDOW: "受理时间",
    NoteKind.FORM: "表格",
    NoteKind.OTHER: "说明",
    NoteKind.REPLY: "现成的答复",
}
HEAD = "办公室提供（不是文件里写的）"
"""Above what the office says."""
_SHORT = (NoteKind.WINDOW, NoteKind.PHONE)
"""What a result on one screen tells."""
_MOST = 12


def lines(policy: Policy, notes: Iterable[OfficeNote]) -> list[str]:
    """A line a note: what it is, which clauses it is about, until when it holds, who wrote it and when."""
    return [f"• {_line(policy, note)}" for note in list(notes)[:_MOST]]


def titled(policy: Policy, notes: Sequence[OfficeNote]) -> str:
    """``lines`` under their head; empty where there are none."""
    return "\n".join([f"**{HEAD}**", *lines(policy, notes)]) if notes else ""


def of_claims(shelf: Shelf, claims: Iterable[Claim], kinds: Collection[NoteKind] = TOLD) -> tuple[OfficeNote, ...]:
    """What the office says to who may have these claims."""
    clauses = {full(shelf.policy, claim.programme.clause) for claim in claims}
    return chosen(shelf.notes, kinds, clauses)


def in_short(shelf: Shelf, claims: Iterable[Claim]) -> str:
    """What of it belongs into a result that is to stay on one screen, each note a line."""
    return "\n".join(f"☎️ 办公室：{_line(shelf.policy, note)}" for note in of_claims(shelf, claims, _SHORT)[:2])


def _line(policy: Policy, note: OfficeNote) -> str:
    clauses = [policy.clause(own) for name in note.about if (own := on_shelf(policy, name))]
    about = f"（{'、'.join(clause.title for clause in clauses)}）" if clauses else ""
    text = " ".join(note.text.split("\n"))
    until = f"，{day(note.until)}前有效" if note.until else ""
    return f"{LABELS[note.kind]}{about}：{text}（{note.author} {day(note.written)}写{until}）"
