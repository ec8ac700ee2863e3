"""``wence doctor``: each thing that can be wrong is found, said with what to do, and hides nothing else."""

import asyncio
import json
import socket
import sqlite3
import ssl
import time
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from email.utils import formatdate
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from cryptography import x509
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from bot.doctor import bot_api, data, diagnosis, machine
from bot.doctor.checks import CHECKS
from bot.doctor.diagnosis import Check, Diagnosis, Severity, examine, fine, in_thread
from bot.settings import Settings
from conversations.state.messages import Inbound, Kind
from conversations.state.office_time import today
from conversations.state.session import Session
from conversations.storage import migrations
from conversations.storage.store import Change, Store
from tests import databases, served
from tests.bot.command import called
from tests.botapi import FakeTelegram
from tests.knowledge.small_packs import sheet, write

FINE, WARNING, ERROR = Severity
pytestmark = pytest.mark.usefixtures("without_settings")
TOKEN = "123456789:AAFabcdefghijklmnopqrstuvwxyz_-12345"


def settings(**given: Any) -> Settings:
    return Settings.model_validate(given)


def says(found: Sequence[Diagnosis], severity: Severity, *words: str) -> None:
    """The worst that was found is this bad, and its line has the words; whatever is not fine says what to do."""
    worst = max(found, key=lambda each: each.severity)
    assert worst.severity is severity, found
    for word in words:
        assert word in f"{worst.text}。{worst.todo}"
    assert all(each.todo for each in found if each.severity is not Severity.FINE)


# -- how checks are run


async def test_a_check_that_fails_or_hangs_is_a_finding_and_stops_no_other() -> None:
    async def works(_: Settings) -> Sequence[Diagnosis]:
        return [fine("好")]

    async def fails(_: Settings) -> Sequence[Diagnosis]:
        raise ValueError(f"POST https://api.telegram.org/bot{TOKEN}/getMe")

    async def hangs(_: Settings) -> Sequence[Diagnosis]:
        await asyncio.Event().wait()
        raise AssertionError

    async def hangs_in_a_thread(_: Settings) -> Sequence[Diagnosis]:
        return await in_thread(lambda: time.sleep(3600) or [])

    checks = [Check(each.__name__, "", each, limit=0.1) for each in (fails, hangs, hangs_in_a_thread, works)]
    found = await examine(checks, settings())
    assert [(check.name, each.severity) for check, each in found] == [
        ("fails", ERROR),
        ("hangs", ERROR),
        ("hangs_in_a_thread", ERROR),
        ("works", FINE),
    ]
    assert "ValueError" in found[0][1].text
    assert TOKEN not in str(found)


async def test_what_a_thread_raises_comes_through() -> None:
    with pytest.raises(OSError, match="gone"):
        await in_thread(lambda: (_ for _ in ()).throw(OSError("gone")))


def test_everything_wrong_at_once_is_all_told_and_no_secret_with_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    secrets = {
        "TELEGRAM_TOKEN": TOKEN,
        "TELEGRAM_BASE_URL": "http://127.0.0.1:9",
        "WEBHOOK_URL": "http://bot.example.invalid/secret-path-of-the-hook",
        "WEBHOOK_SECRET": "secret-of-the-hook",
        "DATABASE_URL": "postgresql+asyncpg://wence:secret-password@127.0.0.1:9/wence",
        "DATA_KEY": "a-secret-that-is-no-key",
        "DESK_PASSWORD": "secret-of-the-desk",
    }
    wrong = {"POLICIES": "no-such-pack", "PORT": "99999", "STAFF_CHAT_ID": "-1005", "TELEGRM_TOKEN": TOKEN}
    for name, value in (secrets | wrong).items():
        monkeypatch.setenv(f"WENCE_{name}", value)
    run = called("doctor")
    told = run.stdout.decode()
    assert run.returncode == 2
    lines = told.splitlines()
    for title, words in (
        ("设置", "WENCE_PORT"),
        ("设置", "WENCE_TELEGRM_TOKEN"),
        ("数据库", "连不上数据库 127.0.0.1:9/wence"),
        ("密钥", "密钥的样子不对"),
        ("政策包", "no-such-pack"),
        ("机器人", "连不上 127.0.0.1:9"),
        ("收消息", "连不上 127.0.0.1:9"),
        ("工作群", "连不上 127.0.0.1:9"),
        ("磁盘", "GB"),
        ("时钟", "对不了钟"),
        ("端口", "8000"),
        ("入口", "bot.example.invalid"),
    ):
        assert any(title in line[:6] and words in line for line in lines), (title, words, told)
    as_json = called("doctor", "--json").stdout.decode()
    found = json.loads(as_json)
    assert found["status"] == "error"
    assert {check.name for check in CHECKS} | {"settings"} == {each["check"] for each in found["checks"]}
    hidden = [value for name, value in secrets.items() if not name.endswith("URL")]
    for secret in (*hidden, "secret-password", "secret-path"):
        assert secret not in told + as_json + run.stderr.decode()


# -- settings


def test_settings_that_are_wrong_are_left_out_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"PORT": "x", "POLICIES": "a,b", "POLICY": "c", "HOST": "127.0.0.9"}.items():
        monkeypatch.setenv(f"WENCE_{name}", value)
    read, found = machine.read_settings()
    assert (read.port, read.host, read.served) == (8000, "127.0.0.9", (None,))
    assert [each.severity for each in found] == [ERROR, ERROR]


def test_a_file_with_secrets_is_nobody_elses(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("WENCE_PORT=8001\n")
    file.chmod(0o644)
    read, found = machine.read_settings()
    assert read.port == 8001
    says(found, WARNING, "chmod 600")
    file.chmod(0o600)
    says(machine.read_settings()[1], FINE)


# -- database and key


def revise(file: Path, revision: str) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", (revision,))
        connection.commit()


@pytest.mark.slow
async def test_the_database(tmp_path: Path) -> None:
    here = settings(database_url=f"sqlite+aiosqlite:///{tmp_path}/wence.db")
    file = tmp_path / "wence.db"
    says(await data.database(here), WARNING, "还没有")
    assert not file.exists()
    file.write_bytes(b"")
    says(await data.database(here), WARNING, "还没有表")
    file.unlink()
    databases.sqlite(tmp_path)
    says(await data.database(here), FINE, migrations.revisions()[-1])
    revise(file, "9999")
    says(await data.database(here), ERROR, "9999", "wence restore")
    file.write_bytes(b"no database at all, just text" * 100)
    says(await data.database(here), ERROR, "连不上")
    says(await data.database(settings(database_url="sqlite+aiosqlite://")), WARNING, "内存")


@pytest.mark.slow
async def test_a_database_of_an_earlier_release(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    databases.sqlite(tmp_path)
    later = [*migrations.revisions(), "9998"]
    monkeypatch.setattr(migrations, "revisions", lambda: later)
    says(await data.database(settings()), WARNING, "9998", "wence backup")


async def talked(folder: Path, key: str) -> None:
    """Something lies sealed in the database of ``folder``."""
    store = await Store.open(databases.sqlite(folder), data_key=key)
    now = datetime.now(UTC)
    inbound = Inbound(id="1", channel="web", person="web:1", chat="1", kind=Kind.TEXT, text="你好", at=now)
    session = Session.begun_by(inbound, served.shelf(), now)
    async with store.transaction() as work:
        await work.greet([inbound], now)
        await work.keep([Change(session, "web", active=True)], now)
    await store.close()


@pytest.mark.slow
async def test_the_key(tmp_path: Path) -> None:
    first, second = (Fernet.generate_key().decode() for _ in range(2))
    url = f"sqlite+aiosqlite:///{tmp_path}/wence.db"
    says(await data.key(settings(database_url=url)), FINE, "还没有密钥")
    says(await data.key(settings(database_url=url, data_key=first)), FINE, "还没有数据可试")
    await talked(tmp_path, first)
    says(await data.key(settings(database_url=url, data_key=first)), FINE, "打得开")
    says(await data.key(settings(database_url=url, data_key=second)), ERROR, "打不开")
    says(await data.key(settings(database_url=url, data_key=f"{second},{first}")), FINE, "打得开")
    says(await data.key(settings(database_url=url, data_key=f"{first},nonsense")), ERROR, "样子不对")
    says(await data.key(settings(database_url=url)), ERROR, "放回去")
    beside = tmp_path / "wence.db.key"
    assert not beside.exists()
    beside.write_text(first)
    beside.chmod(0o640)
    says(await data.key(settings(database_url=url)), WARNING, "chmod 600")
    beside.chmod(0o600)
    says(await data.key(settings(database_url=url)), FINE, "打得开", "另外存一份")
    says(await data.key(settings(database_url="postgresql+asyncpg://u@h/d")), WARNING, "WENCE_DATA_KEY")


@pytest.mark.slow
async def test_a_key_that_was_given_up_too_early(tmp_path: Path) -> None:
    """The check row opens with the new key; what a person has said was sealed with the old one."""
    old, new = (Fernet.generate_key().decode() for _ in range(2))
    await talked(tmp_path, old)
    with closing(sqlite3.connect(tmp_path / "wence.db")) as connection:
        connection.execute("UPDATE key_check SET token = ?", (Fernet(new).encrypt(b"wence").decode(),))
        connection.commit()
    url = f"sqlite+aiosqlite:///{tmp_path}/wence.db"
    says(await data.key(settings(database_url=url, data_key=new)), ERROR, "旧的")
    says(await data.key(settings(database_url=url, data_key=f"{new},{old}")), FINE)


# -- packs


def that(day: date, _: datetime) -> date:
    return day


async def test_packs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pack = write(tmp_path / "qinglan-2022", sheet("qinglan-2022"))
    (pack / "facts.yaml").write_text("- id: nothing\n")
    says(await data.packs(settings(policies=str(pack))), ERROR, "facts.yaml:1", "wence check")
    says(await data.packs(settings()), FINE)
    for day, severity, words in (
        (date(2027, 1, 1), FINE, "没有错"),
        (date(2027, 6, 1), WARNING, "2027-06-30"),
        (date(2027, 7, 1), WARNING, "不在有效期内（到 2027-06-30 为止）"),
        (date(2024, 1, 1), WARNING, "不在有效期内"),
    ):
        monkeypatch.setattr(data, "today", partial(that, day))
        says(await data.packs(settings(policies="haicheng-ecommerce-2024")), severity, words)


# -- Telegram


async def test_the_token(tmp_path: Path) -> None:
    async with FakeTelegram() as telegram:
        here = settings(telegram_token=telegram.token, telegram_base_url=telegram.base_url)
        says(await bot_api.token(here), FINE, "@wence_test_bot")
        other = settings(telegram_token=TOKEN, telegram_base_url=telegram.base_url)
        says(await bot_api.token(other), ERROR, "不认")
        telegram.fail("getMe", status=502)
        says(await bot_api.token(here), ERROR, "连不上")
    says(await bot_api.token(settings()), FINE)


async def test_how_updates_come(monkeypatch: pytest.MonkeyPatch) -> None:
    async with FakeTelegram() as telegram:
        polls = settings(telegram_token=telegram.token, telegram_base_url=telegram.base_url)
        hooked = polls.model_copy(update={"webhook_url": "http://127.0.0.1:9/telegram"})
        says(await bot_api.updates(polls), FINE, "轮询")
        says(await bot_api.updates(hooked), WARNING, "还没有登记")
        person = await telegram.user(7, "甲")
        monkeypatch.setattr(bot_api, "WAITING", 1)
        await person.send("/start")
        says(await bot_api.updates(polls), WARNING, "1 条消息等着")
        telegram.world.updates.set_webhook("http://127.0.0.1:9/telegram", "secret", 4, drop=False)
        assert "送去 127.0.0.1" in (await bot_api.updates(polls))[0].text
        await person.wait_until(lambda: telegram.world.updates.webhook.error is not None)  # type: ignore[union-attr]
        says(await bot_api.updates(hooked), ERROR, "送不进来")


async def test_rights_in_the_staff_group() -> None:
    async with FakeTelegram() as telegram:
        clerk = await telegram.user(5, "小李")
        rights = ("can_manage_topics", "can_delete_messages")
        await telegram.group(-1001, "全", [clerk], forum=True, bot="administrator", rights=rights)
        await telegram.group(-1002, "少话题", [clerk], forum=True, bot="administrator")
        await telegram.group(-1003, "成员", [clerk], forum=True)
        await telegram.group(-1004, "平", [clerk])
        await telegram.group(-1005, "不在", [clerk], bot=None)
        here = settings(telegram_token=telegram.token, telegram_base_url=telegram.base_url)
        for chat, severity, words in (
            (-1001, FINE, "权限够（有话题）"),
            (-1002, ERROR, "管理话题"),
            (-1003, ERROR, "管理员"),
            (-1004, FINE, "没有话题"),
            (-1005, ERROR, "WENCE_STAFF_CHAT_ID"),
            (-1006, ERROR, "WENCE_STAFF_CHAT_ID"),
        ):
            says(await bot_api.staff_group(here.model_copy(update={"staff_chat_id": chat})), severity, words)
    says(await bot_api.staff_group(settings(staff_chat_id=-1001)), WARNING, "令牌")
    says(await bot_api.staff_group(settings()), FINE)


# -- the machine


async def test_the_disk(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    says(await machine.disk(settings(database_url=f"sqlite+aiosqlite:///{tmp_path}/no/wence.db")), ERROR, "没有文件夹")
    monkeypatch.setattr(machine, "SCARCE", 1 << 60)
    says(await machine.disk(settings()), WARNING, "GB")
    monkeypatch.setattr(machine, "TOO_LITTLE", 1 << 60)
    says(await machine.disk(settings()), ERROR, "腾出空间")


class Dated:
    """A server that says of itself what it is told to, and that it is some time of day."""

    def __init__(self, *, late: float = 0, status: str | None = None) -> None:
        self._late = late
        self._status = status

    async def __aenter__(self) -> int:
        app = web.Application()
        app.router.add_route("*", "/{rest:.*}", self._answer)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        return int(self._runner.addresses[0][1])

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()

    async def _answer(self, _: web.Request) -> web.Response:
        headers = {"date": formatdate(time.time() + self._late, usegmt=True)}
        if self._status is None:
            return web.Response(text="hello", headers=headers)
        return web.json_response({"status": self._status}, headers=headers)


async def test_the_clock() -> None:
    for late, severity, words in ((0, FINE, "差不到"), (30, WARNING, "慢"), (-3600, ERROR, "快 3")):
        async with Dated(late=late) as port:
            here = settings(telegram_token=TOKEN, telegram_base_url=f"http://127.0.0.1:{port}")
            says(await machine.clock(here), severity, words)
    says(await machine.clock(settings()), FINE)


async def test_the_holidays(monkeypatch: pytest.MonkeyPatch) -> None:
    says(await machine.holidays(settings()), FINE, "没有设办公时间")
    here = settings(office_hours="mon-fri 09:00-17:00")
    day = today(datetime.now(UTC))
    for left, severity in ((60, FINE), (20, WARNING), (-400, WARNING)):
        until = day + timedelta(days=left)
        monkeypatch.setattr(machine, "announced_until", lambda until=until: until)
        says(await machine.holidays(here), severity, f"只知道到 {until}" if severity else f"知道到 {until}")


async def test_the_port() -> None:
    for status, severity, words in (
        (None, ERROR, "别的程序"),
        ("ok", FINE, "正在"),
        ("no database", ERROR, "no database"),
    ):
        async with Dated(status=status) as port:
            says(await machine.port(settings(port=port)), severity, words)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    says(await machine.port(settings(port=port)), FINE, "空着")
    says(await machine.port(settings(host="192.0.2.1", port=port)), ERROR, "WENCE_HOST")


async def test_the_way_in() -> None:
    hook = {"telegram_token": TOKEN, "webhook_secret": "s"}
    says(await machine.way_in(settings()), FINE)
    says(await machine.way_in(settings(host="0.0.0.0")), WARNING, "127.0.0.1")
    says(await machine.way_in(settings(host="0.0.0.0", trusted_proxies="172.30.7.2")), FINE)
    says(await machine.way_in(settings(**hook, webhook_url="http://a.example/x")), ERROR, "https")
    says(await machine.way_in(settings(**hook, webhook_url="https://a.example:8000/x")), ERROR, "8443")
    async with Dated(status="ok") as port:
        own = {"telegram_base_url": "http://127.0.0.1:9", "webhook_url": f"http://127.0.0.1:{port}/x"}
        says(await machine.way_in(settings(**hook, **own)), FINE)
        public = {"public_url": f"http://127.0.0.1:{port}"}
        says(await machine.way_in(settings(**public)), FINE, f"127.0.0.1:{port} 能到这里")
    says(await machine.way_in(settings(**public)), WARNING, "/healthz")
    says(await machine.way_in(settings(**hook, **own)), WARNING, "/healthz")


async def test_a_certificate_that_nobody_trusts(tmp_path: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(1).not_valid_before(now).not_valid_after(now + timedelta(days=9))
    certificate = made.sign(key, hashes.SHA256())
    pem = tmp_path / "server.pem"
    pem.write_bytes(
        certificate.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    server = await asyncio.start_server(lambda r, w: w.close(), "127.0.0.1", 0, ssl=context)
    async with server:
        url = f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}/x"
        here = settings(telegram_token=TOKEN, webhook_secret="s", webhook_url=url, telegram_base_url="http://a")
        says(await machine.way_in(here), ERROR, "证书")


def test_the_worst_is_the_exit_status(monkeypatch: pytest.MonkeyPatch) -> None:
    async def found(*_: object) -> list[Diagnosis]:
        return [diagnosis.warning("甲", "乙"), fine("丙")]

    monkeypatch.setattr("bot.doctor.checks.CHECKS", (Check("a", "子", found),))
    run = called("doctor")
    assert (run.returncode, run.stdout.decode().splitlines()[1:]) == (1, ["！ 子：甲。要做的：乙。", "✓ 子：丙。"])
    monkeypatch.setattr("bot.doctor.checks.CHECKS", ())
    assert called("doctor").returncode == 0
