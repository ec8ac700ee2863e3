"""Texts that staff keep for their letters, with what stands in their gaps filled in from the letter at hand.

A gap for which there is nothing stays as it is, for the member of staff to see. Renders only.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from conversations.answering.letter_parts import Letter
from conversations.saying.totals import estimate
from conversations.state.office_notes import NoteKind, OfficeNote, chosen, full
from conversations.state.shelf import Shelf

_NAME, _SUM, _LEAD = "{称呼}", "{金额}", "{主管部门}"
_NOTED = {
    "{电话}": NoteKind.PHONE,
    "{地址}": NoteKind.ADDRESS,
    "{受理时间}": NoteKind.WINDOW,
    "{负责人}": NoteKind.PERSON,
}
PLACEHOLDERS: Mapping[str, str] = {
    _NAME: "客户的称呼，没有就是“您”",
    _SUM: "客户情况算出来的合计",
    _LEAD: "文件的主管部门",
    **dict.fromkeys(_NOTED, "办公室说明里写的"),
}
"""The gaps that a text may have, with what comes into them."""
_LABEL = 16


@dataclass(frozen=True, slots=True)
class Canned:
    """A text that staff keep: its name on a button, and the text for this letter."""

    id: int
    label: str
    text: str


def canned(shelf: Shelf, drafted: Letter) -> tuple[Canned, ...]:
    """The texts for a letter, those of its clauses first."""
    answered = {item.clause for item in drafted.items if item.clause is not None}
    clauses = answered | {one.claim.programme.clause for one in drafted.further}
    own = {full(shelf.policy, clause) for clause in clauses}
    kept = chosen(shelf.notes, (NoteKind.REPLY,), own)
    ranked = sorted(kept, key=lambda each: not each.about)
    return tuple(Canned(each.id, _label(each), _filled(shelf, each, own, drafted)) for each in ranked)


def _filled(shelf: Shelf, text: OfficeNote, clauses: Collection[str], drafted: Letter) -> str:
    values = {_NAME: drafted.message.name or "您", _LEAD: shelf.policy.lead}
    if drafted.evidence:
        values[_SUM] = estimate(shelf, drafted.known).replace("**", "")
    for gap, kind in _NOTED.items():
        if notes := chosen(shelf.notes, (kind,), clauses):
            values[gap] = (next((note for note in notes if note.about), notes[0])).text
    filled = text.text
    for gap, value in values.items():
        filled = filled.replace(gap, value)
    return filled


def _label(text: OfficeNote) -> str:
    first = text.text.strip().split("\n")[0]
    return first if len(first) <= _LABEL else f"{first[:_LABEL]}…"
