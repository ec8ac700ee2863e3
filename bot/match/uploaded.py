"""A table that came over the web: its headings, what a policy comes to over it, the list as a file, single firms as cases.

All of it within bounds, for it may be anything; to be called in a thread. What it makes on disk is gone when it returns.
"""

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
from pydantic import ValidationError

from bot.match.bounds import Bounds
from bot.match.firms import firm_cases, firm_lines
from bot.match.mapping import MatchMapping, mistake
from bot.match.output import write_list
from bot.match.reasons import reasons_of
from bot.match.rows import LINE, TROUBLE
from bot.match.run import Matching, matching
from bot.match.sources import opened
from bot.match.tables import headings
from conversations.state.firm_lists import BadLine, FirmLine, FirmUpload, MatchedFirms, ProgrammeSum
from conversations.state.interchange import BadInputError
from conversations.state.session import Data
from knowledge.policy import Policy
from rules.columns.compiled import Compiled
from rules.columns.summary import PolicyCost, ProgrammeCost

BOUNDS = Bounds(rows=10_000, columns=200, unpacked=30_000_000, seconds=60, memory="1GB", threads=1)
MOST_TOLD = 500
"""So many rows that were left out are told one by one."""


def headings_of(upload: FirmUpload) -> tuple[str, ...]:
    """The columns of the table of firms. Raises ``BadInputError`` where it cannot be read."""
    with _laid_out(upload) as folder, duckdb.connect() as connection:
        source = opened(upload.table, folder, folder, 0, BOUNDS)
        return tuple(each for each in headings(connection, source, BOUNDS) if each not in (LINE, TROUBLE))


def put(policy: Policy, upload: FirmUpload, day: date) -> tuple[MatchedFirms, list[FirmLine]]:
    """What the policy comes to over all firms, and over each. Raises ``BadInputError``."""
    with _matching(policy, upload, day) as found:

        def work(rules: Compiled) -> tuple[MatchedFirms, list[FirmLine]]:
            return _summed(found, rules, found.cost(rules), day), firm_lines(found, rules)

        return found.run(work)


def listed(policy: Policy, upload: FirmUpload, day: date, kind: str, statuses: Sequence[str]) -> bytes:
    """The claims of these statuses as a file of ``kind`` (``.csv``, ``.xlsx``). Raises ``BadInputError``."""
    with _matching(policy, upload, day) as found, TemporaryDirectory(prefix="wence-list-") as folder:
        to = Path(folder) / f"list{kind}"
        found.run(lambda rules: write_list(found.tables, policy, rules, to, statuses))
        return to.read_bytes()


def cases(policy: Policy, upload: FirmUpload, day: date, lines: Sequence[int]) -> dict[int, Data]:
    """What the table knows of the firms on these lines, each as a case. Raises ``BadInputError``."""
    with _matching(policy, upload, day) as found:
        found.tables.finish(narrow=False)
        return firm_cases(found.connection, policy, found.tables.layout, lines)


@contextmanager
def _matching(policy: Policy, upload: FirmUpload, day: date) -> Generator[Matching]:
    try:
        mapping = MatchMapping.model_validate(upload.mapping)
    except ValidationError as error:
        raise BadInputError(f"映射文件：{mistake(error)}") from None
    for each in mapping.lists.values():
        if each.table not in upload.files:
            raise BadInputError(f"映射文件写的清单表 {each.table} 没有一起上传")
    with (
        _laid_out(upload) as folder,
        matching(policy, str(folder / upload.table), mapping, folder, day, lambda _: None, BOUNDS) as found,
    ):
        yield found


@contextmanager
def _laid_out(upload: FirmUpload) -> Generator[Path]:
    """The files in a folder that only we can read."""
    with TemporaryDirectory(prefix="wence-table-") as folder:
        for name, content in upload.files.items():
            (Path(folder) / name).write_bytes(content)
        yield Path(folder)


def _summed(found: Matching, rules: Compiled, cost: PolicyCost, day: date) -> MatchedFirms:
    bad = found.tables.bad
    return MatchedFirms(
        day=day,
        version=found.policy.version,
        firms=cost.firms,
        programmes=tuple(map(_programme, cost.programmes)),
        total=cost.total,
        payable=cost.payable,
        endless=cost.endless,
        missing=tuple(cost.settling()),
        bad=tuple(BadLine(table=row.table, line=row.line, trouble=row.trouble) for row in bad[:MOST_TOLD]),
        left_out=len(bad),
        unused=tuple(found.tables.unused),
        unsupported=reasons_of(rules),
    )


def _programme(cost: ProgrammeCost) -> ProgrammeSum:
    least, most = cost.cost
    return ProgrammeSum(
        programme=cost.programme,
        eligible=cost.eligible,
        undetermined=cost.undetermined,
        ineligible=cost.ineligible,
        least=least,
        most=least if most is None else most,
        endless=cost.endless,
        unfigured=cost.no_figure,
    )
