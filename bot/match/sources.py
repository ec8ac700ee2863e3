"""Where a table comes from: CSV, Parquet, XLSX, or a table of PostgreSQL; as something that DuckDB can read.

Every cell is read as it stands; what it means is the business of ``bot.match.staging``.
"""

import asyncio
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from asyncpg.exceptions import PostgresError  # pyright: ignore[reportMissingTypeStubs]
from sqlalchemy import URL, make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import create_async_engine

from bot.cli_start import reason
from bot.match import KINDS
from bot.match.bounds import UNBOUNDED, Bounds
from bot.match.rows import delimiter_of, numbered, write_numbered
from conversations.state.interchange import BadInputError


@dataclass(frozen=True, slots=True)
class Source:
    """A table as DuckDB reads it: ``relation`` stands behind FROM; ``first`` is the line of its first row.

    ``csv``: the file of which DuckDB may pass rows over; ``numbered``: each row says which line it is (``rows.LINE``).
    """

    relation: str
    name: str
    first: int = 2
    csv: Path | None = None
    numbered: bool = False


def opened(written: str, beside: Path, workplace: Path, number: int, bounds: Bounds = UNBOUNDED) -> Source:
    """The table ``written``: a file (that of a mapping lies ``beside`` it), or a URL of PostgreSQL with ``#table``.

    ``workplace`` is where what has to be turned into CSV goes. Raises ``BadInputError``.
    """
    if written.startswith(("postgresql://", "postgres://", "postgresql+asyncpg://")):
        copy = workplace / f"{number}.csv"
        asyncio.run(_copied(written, copy))
        return Source(_csv(copy), written.rpartition("#")[2], first=1)
    file = beside / written
    if not file.is_file():
        raise BadInputError(f"没有 {file} 这个文件")
    kind = file.suffix.lower()
    if kind == ".parquet":
        return Source(f"read_parquet({literal(str(file))})", file.name, first=1)
    if kind == ".xlsx":
        return Source(_csv(_from_xlsx(file, workplace / f"{number}.csv", bounds)), file.name, numbered=True)
    if kind == ".csv":
        plain = _in_utf_8(file, workplace / f"{number}.csv")
        return Source(_csv(plain), file.name, csv=plain)
    raise BadInputError(f"{file}：表要是 {'、'.join(KINDS)} 文件，或者 postgresql://…#表名")


def line_by_line(source: Source, copy: Path) -> Source:
    """``source`` read row by row: nothing is passed over, and each row knows its line."""
    if source.csv is None:
        return source
    made = _csv(numbered(source.csv, copy))
    return Source(made, source.name, numbered=True)


def literal(text: str) -> str:
    """``text`` as a string of SQL."""
    return "'" + text.replace("'", "''") + "'"


def name(column: str) -> str:
    """The name of a column or a table as SQL writes it."""
    return '"' + column.replace('"', '""') + '"'


def _csv(file: Path) -> str:
    # told all of its form: a file with rows that do not fit is sniffed for another one
    form = f"delim = {literal(delimiter_of(file))}, quote = '\"', escape = '\"', skip = 0, comment = ''"
    return f"read_csv({literal(str(file))}, {form}, header = true, all_varchar = true, store_rejects = true, null_padding = false)"


def _in_utf_8(file: Path, copy: Path) -> Path:
    """The file itself, or a copy of one in the coding that Chinese spreadsheets write."""
    try:
        with file.open(encoding="utf-8-sig") as text:
            for _ in iter(lambda: text.read(1 << 20), ""):
                pass
    except UnicodeDecodeError:
        try:
            with file.open(encoding="gb18030") as text, copy.open("w", encoding="utf-8") as written:
                for part in iter(lambda: text.read(1 << 20), ""):
                    written.write(part)
        except UnicodeDecodeError as error:
            raise BadInputError(f"{file.name} 读不了：{reason(error)}") from None
        return copy
    except OSError as error:
        raise BadInputError(f"{file.name} 读不了：{reason(error)}") from None
    return file


def _from_xlsx(file: Path, copy: Path, bounds: Bounds) -> Path:
    """The first sheet as CSV."""
    from zipfile import ZipFile

    from openpyxl import load_workbook

    try:
        with ZipFile(file) as packed:
            size = sum(part.file_size for part in packed.infolist())
        if bounds.unpacked is not None and size > bounds.unpacked:
            raise BadInputError(f"{file.name} 解开以后太大（{size // 1_000_000} MB）")
        book = load_workbook(file, read_only=True, data_only=True)
    except BadInputError:
        raise
    except Exception as error:  # whatever a broken file does to the library
        raise BadInputError(f"{file.name} 不是能打开的 XLSX 文件：{error}") from None
    sheet = book.worksheets[0]
    # the heading, and one row and one column more than there may be, to be counted
    most = None if bounds.rows is None else bounds.rows + 2
    widest = None if bounds.columns is None else bounds.columns + 1
    write_numbered(_rows(sheet.iter_rows(values_only=True, max_row=most, max_col=widest)), copy)
    book.close()
    return copy


def _rows(rows: Iterable[tuple[object, ...]]) -> Iterator[list[str]]:
    """The cells of each row, as many as the heading has; none of an empty row."""
    wide = 0
    for row in rows:
        cells = [_cell(value) for value in row]
        while cells and not cells[-1]:
            cells.pop()
        wide = wide or len(cells)
        yield cells + [""] * (wide - len(cells)) if cells else []


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


async def _copied(written: str, copy: Path) -> None:
    url, _, table = written.partition("#")
    if not table:
        raise BadInputError("PostgreSQL 的地址后面要写表名，如 postgresql://…/office#firms")
    # a query, for a view cannot be copied, nor a table in partitions
    query = f"SELECT * FROM {'.'.join(map(name, table.split('.')))}"
    try:
        made = _address(url)
    except (SQLAlchemyError, ValueError):  # the error would repeat the password
        raise BadInputError("PostgreSQL 的地址看不懂，要像 postgresql://user@host:5432/office#firms 这样") from None
    engine = create_async_engine(made)
    try:
        async with engine.connect() as connection:
            driver = (await connection.get_raw_connection()).driver_connection
            options = {"format": "csv", "header": True, "encoding": "utf-8"}
            await driver.copy_from_query(query, output=copy, **options)  # type: ignore[union-attr]
    except (OSError, SQLAlchemyError, PostgresError, TypeError) as error:  # TypeError: an option that it does not know
        raise BadInputError(f"{made.render_as_string(hide_password=True)}#{table} 读不了：{error}") from None
    finally:
        await engine.dispose()


def _address(url: str) -> URL:
    """The address for the driver, which calls the way of encryption by another name than PostgreSQL's own programs."""
    made = make_url(url).set(drivername="postgresql+asyncpg")
    if (mode := made.query.get("sslmode")) is not None:
        made = made.difference_update_query(["sslmode"]).update_query_dict({"ssl": mode})
    return made
