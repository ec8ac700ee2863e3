"""The machine's side of ``wence doctor``: settings, disk, port, clock, and how the world gets to the web."""

import asyncio
import json
import shutil
import socket
import stat
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from bot.doctor.diagnosis import Diagnosis, error, fine, in_thread, warning
from bot.environment import FILE, PREFIX, variables
from bot.settings import Settings, SettingsError
from conversations.office.hours import announced_until
from conversations.state.office_time import shown, today
from conversations.storage.inspection import look_at_server, sqlite_file
from knowledge.patterns import regex

SCARCE, TOO_LITTLE = 1 << 30, 100 << 20
"""Bytes of free disk below which somebody should look, and below which nothing can be kept soon."""
DRIFT, TOO_MUCH_DRIFT = 5.0, 60.0
"""Seconds by which the clock may be wrong. A reply is left to its process for 15 seconds."""
_ANNOUNCED_BEFORE = timedelta(days=31)
"""So long before the year ends the holidays of the next one are announced, and known to a new release of the package."""
EXPIRES_SOON = 14
"""Days before a certificate ends."""
TELEGRAMS = "https://api.telegram.org"
_WEBHOOK_PORTS = (443, 80, 88, 8443)
"""Those that Telegram calls."""
_PATIENCE = 6.0
"""Seconds that whoever is asked has to answer. What asks is imported only where there is somebody to ask."""
_SAYS_WHERE = regex(rf"{PREFIX}[A-Z_]+")


def read_settings() -> tuple[Settings, list[Diagnosis]]:
    """The settings, those that are wrong left out so that the rest can be looked at, and what is to be said of them."""
    without: set[str] = set()
    found: list[Diagnosis] = []
    todo = f"改好 {FILE} 或环境变量里的这一项（写法见 .env.example）"
    while True:
        try:
            settings = Settings.read(without)
            break
        except SettingsError as wrong:
            named: set[str] = set()
            for line in str(wrong).splitlines():
                names = {name.removeprefix(PREFIX).lower() for name in _SAYS_WHERE.findall(line)}
                if not names & without:  # else it is wrong only because that one has been left out
                    found.append(error(line, todo))
                named |= names
            # what a mistake does not name could be anything: then nothing of what is written can be used
            without |= named - without or set(Settings.model_fields)
    known = {f"{PREFIX}{name}".upper() for name in Settings.model_fields}
    for name in sorted(variables() - known):
        found.append(warning(f"不认识 {name}", "多半是写错了名字，或者是别的版本的设置；改名或删掉"))
    file = Path(FILE)
    if file.exists() and file.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH):
        found.append(warning(f"{FILE} 里有密码和令牌，别的用户也能读", f"chmod 600 {file.absolute()}"))
    return settings, found or [fine("都能用")]


async def holidays(settings: Settings) -> Sequence[Diagnosis]:
    """Are the public holidays known for the next weeks, where office hours are set?"""
    if not settings.office_hours:
        return [fine("没有设办公时间，不用查")]
    known = announced_until()
    if known - today(datetime.now(UTC)) < _ANNOUNCED_BEFORE:
        todo = "国务院公布下一年的放假安排以后（一般在 11 月），升级 chinesecalendar；没升级时按平常的周几算"
        return [warning(f"放假和调休只知道到 {known}", todo)]
    return [fine(f"放假和调休知道到 {known}")]


async def disk(settings: Settings) -> Sequence[Diagnosis]:
    """Where the database lies, and where the program runs: is there room?"""
    file = sqlite_file(settings.database_url)
    folders = [Path.cwd(), *([file.absolute().parent] if file else [])]
    return await in_thread(lambda: list(_room(folders)))


def _room(folders: Sequence[Path]) -> Iterator[Diagnosis]:
    seen: set[int] = set()
    for folder in folders:
        if not folder.is_dir():
            yield error(f"没有文件夹 {folder}", "建好它，或者改 WENCE_DATABASE_URL")
            continue
        if (device := folder.stat().st_dev) in seen:
            continue
        seen.add(device)
        free = shutil.disk_usage(folder).free
        room = f"{folder} 所在的磁盘还剩 {free / (1 << 30):.1f} GB"
        if free < TOO_LITTLE:
            yield error(room, "马上腾出空间：写不下时，大家发来的话就收不进来了")
        elif free < SCARCE:
            yield warning(room, "腾出空间，比如移走旧的备份和日志")
        else:
            yield fine(room)


async def port(settings: Settings) -> Sequence[Diagnosis]:
    """Is the port free, or ours?"""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)  # noqa: S104 - not to listen there
    place = f"{settings.host}:{settings.port}"
    try:
        _, writer = await asyncio.wait_for(asyncio.open_connection(host, settings.port), 3)
    except (OSError, TimeoutError):
        try:
            family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
            socket.create_server((settings.host, settings.port), family=family).close()
        except OSError as failed:
            return [error(f"不能在 {place} 上听（{failed.strerror}）", "改 WENCE_HOST、WENCE_PORT")]
        return [fine(f"{place} 空着，wence serve 现在没有运行")]
    writer.close()
    name = f"[{host}]" if ":" in host else host
    status = await _health(f"http://{name}:{settings.port}")
    if status is None:
        return [error(f"{place} 被别的程序占着", "停掉那个程序，或者改 WENCE_PORT")]
    if status != "ok":
        return [error(f"wence serve 在 {place} 上运行，但说自己服务不了（{status}）", "先看数据库和磁盘这两项")]
    return [fine(f"wence serve 正在 {place} 上运行")]


async def _health(root: str) -> str | None:
    """What a running ``wence serve`` at ``root`` says of itself; None where something else answers, or nothing."""
    import aiohttp

    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=_PATIENCE)) as session,
            session.get(f"{root}/healthz", allow_redirects=False) as answer,
        ):
            told = json.loads(await answer.content.read(1000))
            return str(told["status"])
    except aiohttp.ClientConnectorCertificateError:
        raise
    except (aiohttp.ClientError, OSError, TimeoutError, ValueError, KeyError, TypeError):
        return None


async def clock(settings: Settings) -> Sequence[Diagnosis]:
    """The machine's clock beside those of the database's server and of the Bot API's, where there are such."""
    found: list[Diagnosis] = []
    for name, asked, what in (
        ("数据库", settings.database_url.startswith("postgresql"), _database_time),
        ("Bot API", settings.telegram_token is not None, _api_time),
    ):
        if not asked:
            continue
        before = time.time()
        theirs = await what(settings)
        if theirs is None:
            found.append(warning(f"{name}的服务器没有答，对不了钟", "先看别的几项里它为什么连不上"))
            continue
        off = (before + time.time()) / 2 - theirs.timestamp()
        found.append(_drift(name, off))
    return found or [fine(f"现在是北京时间 {shown(datetime.now(UTC))}；没有别的服务器可以对")]


def _drift(name: str, off: float) -> Diagnosis:
    if abs(off) <= DRIFT:
        return fine(f"和{name}的服务器差不到 {DRIFT:.0f} 秒")
    text = f"比{name}的服务器{'快' if off > 0 else '慢'} {abs(off):.0f} 秒"
    todo = "打开自动对时：timedatectl set-ntp true"
    return error(text, todo) if abs(off) > TOO_MUCH_DRIFT else warning(text, todo)


async def _database_time(settings: Settings) -> datetime | None:
    try:
        return await look_at_server(settings.database_url, lambda it: it.scalar(select(func.clock_timestamp())))
    except (SQLAlchemyError, OSError):
        return None


async def _api_time(settings: Settings) -> datetime | None:
    import aiohttp

    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=_PATIENCE)) as session,
            session.head(settings.telegram_base_url, allow_redirects=False) as answer,
        ):
            return parsedate_to_datetime(answer.headers["date"])
    except (aiohttp.ClientError, OSError, TimeoutError, KeyError, ValueError):
        return None


async def way_in(settings: Settings) -> Sequence[Diagnosis]:
    """How the world gets to the web: by a proxy, under a public address with a certificate."""
    found: list[Diagnosis] = []
    if not _is_loopback(settings.host) and not settings.trusted_proxies:
        todo = "前面放 Caddy 或 nginx（见 docs/deploy.md），这里改回 127.0.0.1；代理在别处，就写 WENCE_TRUSTED_PROXIES"
        found.append(warning(f"网页直接听在 {settings.host}，不经代理就进得来，而且没有加密", todo))
    if settings.webhook_url is not None and settings.telegram_base_url.rstrip("/") == TELEGRAMS:
        hook = urlsplit(settings.webhook_url)
        if hook.scheme != "https" or (hook.port or 443) not in _WEBHOOK_PORTS:
            ports = "、".join(map(str, _WEBHOOK_PORTS))
            todo = f"WENCE_WEBHOOK_URL 要用 https，端口 {ports} 之一"
            found.append(error(f"Telegram 不会往 {hook.scheme}://{hook.netloc} 送消息", todo))
    written = [urlsplit(url) for url in (settings.public_url, settings.webhook_url) if url]
    for scheme, place in dict.fromkeys((each.scheme, each.netloc) for each in written):
        found.append(await _from_outside(scheme, place))
    return found or [fine(f"网页听在 {settings.host}，对外由代理转")]


async def _from_outside(scheme: str, place: str) -> Diagnosis:
    """Whether the public address at ``place`` leads here, and its certificate is good for a while."""
    public = f"{scheme}://{place}"
    address = urlsplit(public)
    try:
        status = await _health(public)
        days = await _certificate_days(address.hostname or "", address.port or 443) if scheme == "https" else None
    except OSError:
        return error(f"{public} 的证书不对或者过期了", "换证书；用 Caddy 就看它的日志：journalctl -u caddy")
    if status is None:
        todo = "看域名解析和代理的转发；服务没有运行时也会这样。若只是本机不能访问自己的公网地址，可以不管"
        return warning(f"从这台机器访问 {public}/healthz，没有得到问策的回答", todo)
    if days is not None and days < EXPIRES_SOON:
        return warning(f"{public} 的证书还有 {days} 天到期", "看代理为什么没有自动续期")
    return fine(f"{public} 能到这里")


async def _certificate_days(host: str, port: int) -> int | None:
    """How many days the certificate at ``host`` is still good for. Raises ``OSError`` where it is not."""
    try:
        _, writer = await asyncio.wait_for(asyncio.open_connection(host, port, ssl=True), 5)
    except (ConnectionError, TimeoutError, socket.gaierror):
        return None
    certificate = writer.get_extra_info("peercert")
    writer.close()
    ends = datetime.strptime(certificate["notAfter"], "%b %d %H:%M:%S %Y %Z").replace(tzinfo=UTC)
    return (ends - datetime.now(UTC)).days


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
