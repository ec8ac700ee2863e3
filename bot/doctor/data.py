"""The data's side of ``wence doctor``: the database and its revision, the key and what it opens, the policy packs."""

import os
import stat
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from bot.doctor.diagnosis import Diagnosis, error, fine, in_thread, warning
from bot.settings import Settings
from conversations.state.office_time import today
from conversations.storage import migrations
from conversations.storage.inspection import check_key, look_at_file, look_at_server, sqlite_file
from conversations.storage.vault import KEY_VARIABLE, Vault, VaultError
from knowledge.folders import PackError
from knowledge.loading import check, load
from rules.dates import Dates
from rules.validity import days_of, in_force

T = TypeVar("T")

ENDS_SOON = timedelta(days=30)
"""How long before the end of a document somebody should know."""


async def database(settings: Settings) -> Sequence[Diagnosis]:
    """Is the database there, and has it the tables of this release?"""
    file = sqlite_file(settings.database_url)
    if file is None and settings.database_url.startswith("sqlite"):
        return [warning("数据库在内存里，一停就什么都没有了", "WENCE_DATABASE_URL 换成一个文件")]
    if file is not None and not file.exists():
        todo = f"第一次运行 wence serve 时会建好；要是本来有，就核对 WENCE_DATABASE_URL 和当前文件夹（{Path.cwd()}）"
        return [warning(f"还没有 {file}", todo)]
    try:
        found = await _look(settings, migrations.revision)
    except (SQLAlchemyError, OSError) as failed:
        return [error(f"连不上{_place(settings)}（{type(failed).__name__}）", _remedy(file))]
    if file is not None and not _writable(file):
        return [error(f"{file} 只能读，不能写", "改文件和文件夹的属主，让运行 wence 的用户能写；或者磁盘被挂成了只读")]
    return [_at(found, _place(settings))]


def _at(found: str | None, place: str) -> Diagnosis:
    known = migrations.revisions()
    if found is None:
        return warning(
            f"{place}里还没有表", "第一次运行 wence serve 时会建好；要是本来有数据，就核对 WENCE_DATABASE_URL"
        )
    if found not in known:
        todo = "换回写它的那个版本的程序，或者恢复升级前的备份：wence restore FILE --replace"
        return error(f"{place}是更新的版本写的（{found}，这个版本只到 {known[-1]}）", todo)
    if found != known[-1]:
        todo = "先 wence backup FILE，再重启 wence serve，它会自己升级"
        return warning(f"{place}还是 {found} 版的表，这个版本要 {known[-1]}", todo)
    return fine(f"{place}，版本 {found}")


def _place(settings: Settings) -> str:
    """Where the database is, its password left out."""
    url = make_url(settings.database_url)
    if sqlite_file(settings.database_url):
        return f"数据库 {url.database}"
    host = url.host or url.query.get("host") or "localhost"
    return f"数据库 {host}:{url.port or 5432}/{url.database}"


def _remedy(file: Path | None) -> str:
    if file is not None:
        return "文件坏了就恢复最近的备份：wence restore FILE --replace；不是数据库文件就核对 WENCE_DATABASE_URL"
    return "看 PostgreSQL 是不是在运行（pg_isready）、地址和密码对不对、防火墙让不让过"


def _writable(file: Path) -> bool:
    return os.access(file, os.W_OK) and os.access(file.absolute().parent, os.W_OK)


async def key(settings: Settings) -> Sequence[Diagnosis]:
    """Is there a key, of the right form, and does it open what lies sealed?"""
    file = sqlite_file(settings.database_url)
    beside = None if file is None else Path(f"{file}.key")
    written = settings.data_key.get_secret_value()
    found: list[Diagnosis] = []
    if not written and beside is None:
        todo = f"在 .env 里写 {KEY_VARIABLE}（.env.example 里有生成的命令），写好后再也不能丢"
        return [warning("没有密钥：大家写的话没有加密，也不能登记", todo)]
    if not written and beside is not None:
        if not beside.exists():
            if file is not None and file.exists():
                return [error(f"没有 {beside}，数据打不开", "把备份时另存的密钥文件放回去；找不回密钥，数据就没有了")]
            return [fine(f"还没有密钥，第一次运行 wence serve 时会做一把，放在 {beside}")]
        if beside.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            found.append(warning(f"{beside} 别的用户也能读", f"chmod 600 {beside.absolute()}"))
    try:
        vault = Vault.from_settings(written, None if file is None else str(file))
    except VaultError:
        return [*found, error("密钥的样子不对", f"{KEY_VARIABLE} 应是 44 个字符，多把用逗号分开；从另存的那一份重新抄")]
    source = KEY_VARIABLE if written else str(beside)
    if file is not None and not file.exists():
        return [*found, fine(f"{source} 样子是对的，还没有数据可试")]
    try:
        await _look(settings, lambda connection: check_key(connection, vault))
    except VaultError:
        todo = "换回原来的密钥；换过密钥的话，把旧的也留在逗号后面"
        return [*found, error(f"{source} 打不开数据库里加密的内容", todo)]
    except (SQLAlchemyError, OSError):
        return [*found, warning(f"{source} 样子是对的，但数据库里的内容没法试", "先看“数据库”这一项")]
    where = "；它不在备份里，请另外存一份" if not written else ""
    return [*found, fine(f"{source} 打得开数据库里的内容{where}")]


async def packs(settings: Settings) -> Sequence[Diagnosis]:
    """Are the packs that are served sound, and the documents in force?"""
    day = today(datetime.now(UTC))
    return await in_thread(lambda: [each for pack in settings.served for each in _of_pack(pack, day)])


def _of_pack(pack: str | None, day: date) -> Iterator[Diagnosis]:
    if mistakes := check(pack):
        todo = f"wence check {pack or ''}".rstrip() + " 会列出全部；改好以前 wence serve 起不来"
        yield error(f"政策包 {pack or '（默认）'} 有 {len(mistakes)} 处错，第一处：{mistakes[0]}", todo)
        return
    try:
        policy = load(pack, whole=False)
    except PackError:  # changed in between
        yield error(f"政策包 {pack or '（默认）'} 读不出来", "再运行一次")
        return
    last = None if policy.valid is None else days_of(policy.valid)[1]
    if policy.valid is not None and in_force(policy.valid, Dates(day, day)) is False:
        ended = f"（到 {last:%Y-%m-%d} 为止）" if last is not None and last < day else ""
        todo = "问发文机关有没有新的文件；只用来查旧政策就不用管，不用了就从 WENCE_POLICIES 里拿掉"
        yield warning(f"{policy.id} 不在有效期内{ended}", todo)
    elif last is not None and last - day <= ENDS_SOON:
        yield warning(f"{policy.id} 到 {last:%Y-%m-%d} 就过期了", "问发文机关会不会延期或出新的")
    else:
        yield fine(f"{policy.id} 没有错")


async def _look(settings: Settings, look: Callable[[Connection], T]) -> T:
    file = sqlite_file(settings.database_url)
    if file is None:
        return await look_at_server(settings.database_url, look)
    return await in_thread(lambda: look_at_file(file, look))
