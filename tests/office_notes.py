"""What an office says, for the tests: a note of each kind."""

from datetime import date

from conversations.state.office_notes import NoteKind, OfficeNote

POLICY = "zhengzhou-2013-237"
PHONE = "0371-6718 0000"
PLACE = "商务外环路 1 号 302 室"
WINDOW = "每年 3 月 1 日至 4 月 30 日"
IN_CHARGE = "张科长，6718 1111"


def note(id: int, kind: NoteKind, text: str, *about: str) -> OfficeNote:
    """A note about clauses of the policy, or about all of it."""
    names = tuple(f"{POLICY}/{clause}" for clause in about)
    return OfficeNote(id, kind, text, names, None, None, "陈主任", date(2026, 11, 29))


NOTES = (
    note(1, NoteKind.PHONE, PHONE),
    note(2, NoteKind.ADDRESS, PLACE),
    note(3, NoteKind.HOURS, "周一至周五 9:00–17:30"),
    note(4, NoteKind.WINDOW, WINDOW),
    note(5, NoteKind.FORM, "https://example.gov.cn/form.docx"),
    note(6, NoteKind.PERSON, IN_CHARGE, "3.6"),
    note(7, NoteKind.REPLY, "{称呼}，代运营那一项请打 {电话} 找 {负责人}，金额 {金额}，交 {没有的}。", "3.6"),
    note(8, NoteKind.REPLY, "{称呼}，申报窗口在 {地址}。"),
)
SIGNED = "陈主任 2026 年 11 月 29 日写"
