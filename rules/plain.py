"""The amounts that most programmes have, as plain numbers, for those who explain them: a sum, levels, a share."""

from decimal import Decimal
from typing import NamedTuple

from rules.amounts import Amount, ByLevel, Fixed, Share


class PlainShare(NamedTuple):
    """A share of a bare fact at a rate that is a number, up to a cap that is one."""

    fact: str
    rate: Decimal
    cap: Decimal | None


def plain_share(amount: Amount) -> PlainShare | None:
    """``amount`` as a plain share, None where it is anything more."""
    if not isinstance(amount, Share) or amount.fact is None or amount.floor is not None:
        return None
    if not isinstance(amount.rate, Decimal) or not (amount.cap is None or isinstance(amount.cap, Decimal)):
        return None
    return PlainShare(amount.fact, amount.rate, amount.cap)


def plain_levels(amount: Amount) -> tuple[str, dict[str, Decimal]] | None:
    """The fact of an amount by level, and what each of its levels pays, where all of them are plain numbers."""
    if not isinstance(amount, ByLevel) or amount.cap is not None or amount.floor is not None:
        return None
    levels = {choice: plain_sum(level) for choice, level in amount.levels.items()}
    figures = {choice: paid for choice, paid in levels.items() if paid is not None}
    return (amount.of, figures) if len(figures) == len(levels) else None


def plain_most(amount: Amount) -> Decimal | None:
    """The most in yuan that ``amount`` pays at once, None where no plain number says so."""
    share = plain_share(amount)
    return share.cap if share is not None else plain_sum(amount)


def plain_sum(amount: Amount) -> Decimal | None:
    """How much a fixed amount is, None for any other."""
    if not isinstance(amount, Fixed) or amount.cap is not None or amount.floor is not None:
        return None
    return amount.amount if isinstance(amount.amount, Decimal) else None
