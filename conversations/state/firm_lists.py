"""A list of firms that the office has put to a policy: the table as it came, and what each firm and all together come to.

Knows neither how that is computed nor where it is kept.
"""

from datetime import date
from decimal import Decimal

from pydantic import BaseModel, ConfigDict, JsonValue

ELIGIBLE, UNDETERMINED, INELIGIBLE = "e", "u", "n"
"""A firm's status under a programme, in one sign: of things of a list the best that any of them has."""


class FirmUpload(BaseModel):
    """The files as they came, by name; ``table`` is that of the firms, ``headings`` its columns, ``mapping`` what they are."""

    model_config = ConfigDict(frozen=True, ser_json_bytes="base64", val_json_bytes="base64")

    table: str
    files: dict[str, bytes]
    headings: tuple[str, ...] = ()
    mapping: dict[str, JsonValue] = {}


class FirmLine(BaseModel):
    """A firm of the list: ``firm`` is what its row is called by, ``statuses`` has a sign a programme, in their order.

    ``least`` and ``most`` are what it may claim in yuan, joint limits included; ``least`` None: there is no total,
    ``most`` None beside it: no upper bound.
    """

    model_config = ConfigDict(frozen=True)

    line: int
    firm: str
    name: str = ""
    code: str = ""
    statuses: str
    least: Decimal | None = None
    most: Decimal | None = None

    @property
    def called(self) -> str:
        """The firm's name, where the table has one."""
        return self.name or self.firm


class ProgrammeSum(BaseModel):
    """A programme over all firms; ``endless`` claims have no upper bound, of ``unfigured`` the document gives no figure."""

    model_config = ConfigDict(frozen=True)

    programme: str
    eligible: int
    undetermined: int
    ineligible: int
    least: Decimal
    most: Decimal
    endless: int = 0
    unfigured: int = 0


class BadLine(BaseModel):
    """A row that was left out."""

    model_config = ConfigDict(frozen=True)

    table: str
    line: int
    trouble: str


class MatchedFirms(BaseModel):
    """What the policy, as it stood in its ``version``, comes to over all firms on ``day``; ``total`` with every joint limit, None where there is none; its most is None where there is no upper bound.

    ``missing``: a fact by its path, of how many claims it is the only one missing, and of how many one of those.
    ``bad`` are the first of ``left_out`` rows; ``unsupported`` the programmes that were not computed, and why.
    """

    model_config = ConfigDict(frozen=True)

    day: date
    version: str
    firms: int
    programmes: tuple[ProgrammeSum, ...] = ()
    total: tuple[Decimal, Decimal | None] | None = None
    payable: tuple[Decimal, Decimal | None] | None = None
    endless: int = 0
    missing: tuple[tuple[str, int, int], ...] = ()
    bad: tuple[BadLine, ...] = ()
    left_out: int = 0
    unused: tuple[str, ...] = ()
    unsupported: dict[str, str] = {}
