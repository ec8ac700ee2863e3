"""The papers of a lead: which its programmes need, which were handed in, and the files that are attached to them.

Files lie sealed and go with the lead. Works on a transaction that is handed in; what is done is written down in the lead's
history. Knows no page.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from pydantic import JsonValue
from sqlalchemy import delete, func, insert, select

from conversations.office import leads
from conversations.office.attachments import Attachment
from conversations.office.lead_cards import claim_label
from conversations.office.leads import Reader, RefusedError
from conversations.state.shelf import Shelf
from conversations.storage.store import Work
from conversations.storage.tables_leads import Lead, LeadClaim, LeadFile, LeadPaper
from knowledge.policy import Evidence
from rules.assessment import Status

MOST_FILES = 30
"""So many files may be attached to one lead."""
OTHER = "其他材料"
"""What is attached to none of the papers."""
EVERY = "每一项都要"
"""In the place of the names of all programmes."""


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file that is attached; ``size`` in bytes, ``who`` the key of the colleague who attached it."""

    id: int
    name: str
    size: int
    at: datetime
    who: str


@dataclass(frozen=True, slots=True)
class PaperLine:
    """A paper: which programmes need it, since when (and by whom) it is there, its files.

    ``inferred``: the document does not name it. ``sure``: a programme that is due needs it, and not only one that may yet be.
    ``needed`` is false of one that was handed in and that none of the programmes needs (any more); its ``name`` is empty
    where files belong to no paper.
    """

    name: str
    programmes: tuple[str, ...] = ()
    note: str = ""
    inferred: bool = False
    needed: bool = True
    sure: bool = False
    at: datetime | None = None
    who: str = ""
    files: tuple[KeptFile, ...] = ()


async def listed(connection: Reader, shelf: Shelf, lead: int, claims: Sequence[LeadClaim]) -> list[PaperLine]:
    """The papers of a lead in the order of the packs, then what else is there."""
    rows = await connection.execute(select(LeadPaper.__table__).where(LeadPaper.lead == lead))
    handed = {row.paper: LeadPaper(**row._mapping) for row in rows}  # pyright: ignore[reportPrivateUsage]
    files: dict[str, list[KeptFile]] = {}
    columns = (LeadFile.paper, LeadFile.id, LeadFile.name, LeadFile.size, LeadFile.at, LeadFile.who)
    for row in await connection.execute(select(*columns).where(LeadFile.lead == lead).order_by(LeadFile.id)):
        files.setdefault(row.paper, []).append(KeptFile(row.id, row.name, row.size, row.at, row.who))
    needed = _needed(shelf, claims)
    due = _needed(shelf, [claim for claim in claims if claim.status == Status.ELIGIBLE])
    names: list[str] = [*needed, *handed, *filter(None, files), *([""] if "" in files else [])]
    lines = (_line(name, needed.get(name), handed.get(name), files.get(name, ())) for name in dict.fromkeys(names))
    return [replace(line, sure=line.name in due) for line in lines]


async def kept(connection: Reader, lead: int) -> list[JsonValue]:
    """What is kept of the papers of a lead, for its person: each with when it was handed in, and its files by name."""
    handed = select(LeadPaper.paper, LeadPaper.at).where(LeadPaper.lead == lead)
    files = select(LeadFile.paper, LeadFile.name, LeadFile.at).where(LeadFile.lead == lead).order_by(LeadFile.id)
    return [
        *({"paper": paper, "at": at.isoformat()} for paper, at in await connection.execute(handed)),
        *(
            {"paper": paper or OTHER, "file": name, "at": at.isoformat()}
            for paper, name, at in await connection.execute(files)
        ),
    ]


def _line(
    name: str, needed: tuple[Evidence, list[str]] | None, handed: LeadPaper | None, files: Sequence[KeptFile]
) -> PaperLine:
    paper, programmes = needed or (None, [])
    return PaperLine(
        name=name,
        programmes=tuple(programmes),
        note=paper.note if paper else "",
        inferred=paper is not None and paper.basis == "inferred",
        needed=paper is not None,
        at=handed.at if handed else None,
        who=handed.who if handed else "",
        files=tuple(files),
    )


async def tick(
    work: Work, lead: Lead, was: Collection[str], now_there: Collection[str], who: str, now: datetime
) -> tuple[list[str], list[str]]:
    """Note which papers were handed in and which were given back, against what ``was`` there when the list was shown.

    Returns both; what a colleague has changed meanwhile and is not changed here stays as it is.
    """
    came = [paper for paper in now_there if paper not in was]
    gone = [paper for paper in was if paper not in now_there]
    there = await _handed(work.connection, lead.id)
    came, gone = [paper for paper in came if paper not in there], [paper for paper in gone if paper in there]
    for paper in came:
        await _take(work, lead, paper, who, now)
    if gone:
        taken = delete(LeadPaper).where(LeadPaper.lead == lead.id, LeadPaper.paper.in_(gone))
        await work.connection.execute(taken)
        await leads.note(work, lead, who, "unpaper", now, "、".join(gone))
    return came, gone


async def attach(work: Work, lead: Lead, paper: str, file: Attachment, sealed: str, who: str, now: datetime) -> None:
    """Attach ``file``, as the vault has ``sealed`` it, to a paper (empty: to none), which is thereby handed in.

    Raises ``RefusedError`` where there are too many.
    """
    found = await work.connection.execute(select(func.count()).select_from(LeadFile).where(LeadFile.lead == lead.id))
    if found.scalar_one() >= MOST_FILES:
        raise RefusedError(f"一条登记最多附 {MOST_FILES} 个文件，请先删掉不用的。")
    row = {"lead": lead.id, "paper": paper, "name": file.name, "size": len(file.content), "content": sealed}
    await work.connection.execute(insert(LeadFile).values(row | {"at": now, "who": who}))
    await leads.note(work, lead, who, "attached", now, f"{paper or OTHER}：{file.name}")
    if paper and paper not in await _handed(work.connection, lead.id):
        await _take(work, lead, paper, who, now)


async def opened(work: Work, lead: Lead, file: int, who: str, now: datetime) -> tuple[str, str]:
    """Name and sealed content of a file of ``lead``; that somebody had it is written down. Raises ``RefusedError``."""
    columns = (LeadFile.name, LeadFile.paper, LeadFile.content)
    chosen = select(*columns).where(LeadFile.lead == lead.id, LeadFile.id == file)
    row = (await work.connection.execute(chosen)).one_or_none()
    if row is None:
        raise RefusedError("这个文件已经删除了。")
    await leads.note(work, lead, who, "opened", now, f"{row.paper or OTHER}：{row.name}")
    return row.name, row.content


async def detach(work: Work, lead: Lead, file: int, who: str, now: datetime) -> str:
    """Delete a file of ``lead``, without a trace; returns its name. Raises ``RefusedError``."""
    this = (LeadFile.lead == lead.id, LeadFile.id == file)
    row = (await work.connection.execute(select(LeadFile.name, LeadFile.paper).where(*this))).one_or_none()
    if row is None:
        raise RefusedError("这个文件已经删除了。")
    await work.connection.execute(delete(LeadFile).where(*this))
    await work.erase()
    await leads.note(work, lead, who, "detached", now, f"{row.paper or OTHER}：{row.name}")
    return row.name


async def _handed(connection: Reader, lead: int) -> set[str]:
    return set((await connection.execute(select(LeadPaper.paper).where(LeadPaper.lead == lead))).scalars())


async def _take(work: Work, lead: Lead, paper: str, who: str, now: datetime) -> None:
    row = {"lead": lead.id, "paper": paper, "at": now, "who": who}
    await work.connection.execute(work.insert(LeadPaper).values(row).on_conflict_do_nothing())
    await leads.note(work, lead, who, "paper", now, paper)


def _needed(shelf: Shelf, claims: Sequence[LeadClaim]) -> Mapping[str, tuple[Evidence, list[str]]]:
    """Each paper that the programmes of ``claims`` need by its name, with what those are called."""
    found: dict[str, tuple[Evidence, list[str]]] = {}
    order: list[str] = []
    for document in shelf.policy.alone:
        order += [paper.name for paper in document.evidence]
        programmes = {each.id for each in document.programmes}
        for claim in claims:
            if claim.policy != document.id or claim.programme not in programmes:
                continue
            for paper in document.materials(claim.programme):
                label = claim_label(shelf, claim)
                _, needing = found.setdefault(paper.name, (paper, []))
                needing += [] if label in needing else [label]
    every = {label for _, needing in found.values() for label in needing}
    for _, needing in found.values():
        needing[:] = [EVERY] if len(needing) == len(every) > 1 else needing
    return {name: found[name] for name in dict.fromkeys(order) if name in found}
