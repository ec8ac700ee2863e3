"""What the lists can be filtered by: the few conditions that an office asks for, by Chinese names."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, or_
from starlette.requests import Request
from starlette_admin import BaseField, DateField, DateTimeField, EnumField, StringField
from starlette_admin.contrib.sqla import filters
from starlette_admin.filters import BaseFilter, FilterApplyContext, FilterRegistry

from conversations.storage.tables_leads import Lead


class Is(filters.InFilter):
    label = "是"


class IsNot(filters.NotInFilter):
    label = "不是"


class Contains(filters.ContainsFilter):
    label = "含有"


class StartsWith(filters.StartsWithFilter):
    label = "开头是"


class OnDay(filters.DateEqualFilter):
    label = "在这一天"


class BetweenDays(filters.DateBetweenFilter):
    label = "从…到…"


class InPast(filters.DateInPastFilter):
    label = "已经过了"


class BetweenMoments(filters.DateTimeBetweenFilter):
    label = "从…到…"


class Missing(filters.IsNullFilter):
    label = "还没有"


class There(filters.IsNotNullFilter):
    label = "已经有"


class Includes(filters.InFilter):
    """Leads that may get one of some programmes; the column holds their ids, each between blanks."""

    name = "includes"
    label = "有"

    def apply(self, ctx: FilterApplyContext) -> ColumnElement[bool]:
        return or_(*(Lead.programmes.contains(f" {id} ", autoescape=True) for id in ctx.value))


class Programmes(EnumField):
    """The programmes that a lead may get: the first by its name, and how many there are."""

    async def serialize_value(self, request: Request, value: str) -> str | None:
        labels = dict(self._get_choices(request))
        ids = value.split()
        if not ids:
            return None
        first = labels.get(ids[0], ids[0])
        return first if len(ids) == 1 else f"{first}等 {len(ids)} 项"


_BY_FIELD: dict[type[BaseField], Sequence[type[BaseFilter]]] = {
    Programmes: (Includes,),
    EnumField: (Is, IsNot, Missing, There),
    StringField: (Contains, StartsWith),
    DateField: (BetweenDays, OnDay, InPast, Missing, There),
    DateTimeField: (BetweenMoments, Missing, There),
}


def registry() -> FilterRegistry:
    """The conditions, by the kind of a field."""
    return FilterRegistry(_BY_FIELD)
