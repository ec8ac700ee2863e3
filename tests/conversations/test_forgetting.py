"""What /forget leaves: nothing that a person said, nor a digest of it that can be guessed, in no table and no file."""

import asyncio
import hashlib
import sqlite3
import uuid
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import func, select

from bot.program.channel import Programs
from bot.program.consultations import Consultations
from bot.web.app import create_app
from bot.web.chat import Chat
from conversations.state.messages import Inbound, Kind
from conversations.state.shelf import Shelf
from conversations.storage.store import Store
from conversations.storage.tables import Seen, Table
from tests.bot.web.visitor import Visitor
from tests.conversations.leading import FORM, Clock, Talker, consult, lead, service

AT = datetime(2026, 11, 24, 2, tzinfo=UTC)
KEY, NEWER = (Fernet.generate_key().decode() for _ in range(2))
SAID = ("是", "没有", "没领过", "263.5万", "做电商代运营", "登记", "同意", "/start", *FORM[1:])
NAMED = FORM[0]
"""Lies plain until it is forgotten, to be searched by the office."""


@pytest.fixture
async def store(url: str) -> AsyncIterator[Store]:
    store = await Store.open(url, "test", KEY)
    yield store
    await store.close()


def guesses(words: Sequence[str], around: Sequence[str]) -> Iterator[str]:
    """How the usual digests begin of what may have been said, bare and in the company of what else is known."""
    digests = [hashlib.new(name) for name in ("md5", "sha1", "sha256", "sha512", "blake2s", "blake2b", "sha3_256")]
    for word in words:
        yield uuid.uuid5(uuid.NAMESPACE_OID, f"\n()\n{word}").hex[:8]  # so much of it lay there once
        for text in (word, f"\n()\n{word}", f"\nNone\n{word}", f"\n{word}", *(f"{with_}:{word}" for with_ in around)):
            for empty in digests:
                digest = empty.copy()
                digest.update(text.encode())
                yield digest.hexdigest()[:16]
            for space in (uuid.NAMESPACE_OID, uuid.NAMESPACE_DNS, uuid.NAMESPACE_URL):
                yield uuid.uuid5(space, text).hex[:12]
                yield uuid.uuid3(space, text).hex[:12]


async def kept(store: Store, folder: Path) -> dict[str, bytes]:
    """All that lies in all tables, as it lies: sealed; of SQLite, its file, its log, and a copy as backups are made."""
    async with store.engine.connect() as connection:
        tables = [(await connection.exec_driver_sql(f'SELECT * FROM "{name}"')).all() for name in Table.metadata.tables]
    found = {"rows": "\n".join(repr(row) for rows in tables for row in rows).encode()}
    name = store.engine.url.database
    if store.engine.dialect.name != "sqlite" or name is None:
        return found
    copy = folder / "copy.db"
    with closing(sqlite3.connect(name)) as origin, closing(sqlite3.connect(copy)) as to:
        origin.backup(to)
    files = {"file": Path(name), "log": Path(f"{name}-wal"), "backup": copy}
    return found | {what: path.read_bytes() for what, path in files.items()}


async def cleared(store: Store) -> None:
    """Waits until SQLite's file has been written anew and its log is empty."""
    if store.engine.dialect.name != "sqlite":
        return
    for _ in range(1200):
        async with store.reading() as connection:
            erased = (await connection.exec_driver_sql("PRAGMA user_version")).scalar_one()
        if not erased and not await asyncio.to_thread(Path(f"{store.engine.url.database}-wal").read_bytes):
            return
        await asyncio.sleep(0.05)
    pytest.fail("what was deleted is not cleared away")


def assert_nothing(where: dict[str, bytes], words: Sequence[str], around: Sequence[str] = ()) -> None:
    """No word can be read or guessed there."""
    for what, content in where.items():
        for word in words:
            if len(word) > 1:  # one character's bytes come by chance
                assert word.encode() not in content, (what, word)
                assert repr(word.encode())[2:-1].encode() not in content, (what, word)
        for guess in guesses(words, around):
            assert guess.encode() not in content, (what, guess)
            assert len(guess) < 16 or bytes.fromhex(guess) not in content, (what, guess)


async def converse(visitor: Visitor) -> None:
    """A consultation on the chat page, up to a lead; the words of ``SAID`` and ``NAMED``."""
    await visitor.open()
    await visitor.press("完成", "做电商代运营")
    for text in ("是", "263.5万", "没领过", "登记", "同意", *FORM):
        await visitor.say(text)
    await visitor.press("确认登记")
    assert "WC-" in visitor.text


async def test_of_who_is_forgotten_on_the_chat_page_nothing_can_be_guessed(
    engine: Shelf, store: Store, tmp_path: Path
) -> None:
    clerks = service(engine, store, Clock())
    async with Chat(clerks, limited=False) as chat:
        visitor = Visitor(create_app(clerks, chat.routes))
        await converse(visitor)
        token = visitor.client.cookies["wence"]
        async with store.reading() as connection:
            person = (await connection.scalars(select(Seen.person).distinct())).one() or ""
        before = await kept(store, tmp_path)  # what is in a copy of the database that somebody has kept
        assert_nothing(before, SAID, (person, token))
        assert person.encode() in before["rows"]
        assert store.sessions.holds(person)
        await visitor.say("/forget")
        await visitor.press("是，全部删除")
        assert "全部删除" in visitor.text
    assert not store.sessions.holds(person)
    await cleared(store)
    assert_nothing(await kept(store, tmp_path), (*SAID, NAMED, "/forget", person, token), (person, token))
    async with store.reading() as connection:
        assert await connection.scalar(select(func.count()).select_from(Seen)) == 0


async def test_of_a_consultation_of_another_program_nothing_can_be_guessed(
    engine: Shelf, store: Store, tmp_path: Path
) -> None:
    clerks = service(engine, store, Clock())
    words = ("the same every day", *SAID)
    async with Programs(clerks):
        consultations = Consultations(clerks)
        begun = await consultations.begin("the same every day")
        assert begun is not None
        id = str(begun["id"])
        for text in ("做电商代运营", "是", "263.5万"):
            assert await consultations.say(id, text, once=text) is not None
        assert await consultations.begin("the same every day") is None
        assert_nothing(await kept(store, tmp_path), words)
        assert await consultations.forget(id)
        await clerks.idle()
    await cleared(store)
    left = await kept(store, tmp_path)
    assert_nothing(left, (*words, id), (id,))
    assert b"program:" not in left["rows"]


async def test_of_many_people_those_who_are_forgotten_leave_no_remnant_between_the_others(
    engine: Shelf, store: Store, tmp_path: Path
) -> None:
    clerks = service(engine, store, Clock())
    people = [Talker(clerks, f"telegram:70000000{number:02}") for number in range(12)]
    for number, person in enumerate(people):
        await consult(person)
        await lead(person, f"第{number:02}号忘却科技有限公司", *FORM[1:])
    for person in people[::2]:
        await person.say("/forget")
        await person.press("是，全部删除")
    await cleared(store)
    for what, content in (await kept(store, tmp_path)).items():
        for number, person in enumerate(people):
            stays = bool(number % 2) and what != "log"
            traces = person.person.encode(), f"第{number:02}号忘却".encode()
            assert [trace in content for trace in traces] == [stays, stays], (what, number)


async def test_what_was_deleted_goes_as_soon_as_no_other_process_reads(
    engine: Shelf, store: Store, tmp_path: Path
) -> None:
    name = store.engine.url.database
    if store.engine.dialect.name != "sqlite" or name is None:
        pytest.skip("about SQLite's files")
    person = Talker(service(engine, store, Clock()))
    await consult(person)
    with closing(sqlite3.connect(name)) as reader:
        reader.execute("BEGIN")
        assert reader.execute("SELECT count(*) FROM people").fetchone() == (1,)
        await person.say("/forget")
        await person.press("是，全部删除")
        assert b"telegram:1" in b"".join((await kept(store, tmp_path)).values())
    await cleared(store)
    assert b"telegram:1" not in b"".join((await kept(store, tmp_path)).values())


async def test_what_a_killed_process_did_not_come_to_is_done_at_the_next_start(
    engine: Shelf, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def killed(_: Store) -> None: ...

    person = Talker(service(engine, store, Clock()), "telegram:7000000001")
    await consult(person)
    monkeypatch.setattr(Store, "leave_no_trace", killed)
    await person.say("/forget")
    await person.press("是，全部删除")
    monkeypatch.undo()
    again = await Store.open(store.engine.url.render_as_string(hide_password=False), "test", KEY)
    await cleared(again)
    assert b"7000000001" not in b"".join((await kept(again, tmp_path)).values())
    await again.close()


async def test_a_repeated_message_is_known_by_an_earlier_key(engine: Shelf, url: str) -> None:
    for keys, replies in ((KEY, True), (f"{NEWER},{KEY}", False), (f"{NEWER},{KEY}", False)):
        store = await Store.open(url, "test", keys)
        said = Inbound(id="a", channel="web", person="web:1", chat="web:1", kind=Kind.TEXT, at=AT, theirs=True)
        heard = await service(engine, store, Clock()).handle(said)
        await store.close()
        assert bool(heard) is replies
