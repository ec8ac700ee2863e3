"""What the lists can be filtered by: the few conditions that an office asks for, by Chinese names."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, or_, select
from starlette.requests import Request
from starlette_admin import BaseField, DateField, DateTimeField, EnumField, StringField
from starlette_admin.contrib.sqla import filters
from starlette_admin.filters import BaseFilter, FilterApplyContext, FilterRegistry

from conversations.storage.tables_leads import Lead, LeadClaim
from knowledge.policy import SEPARATOR


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
    """Leads that may get something of some policies, or one of some programmes (``policy/programme``)."""

    name = "includes"
    label = "有"

    def apply(self, ctx: FilterApplyContext) -> ColumnElement[bool]:
        return or_(*(Lead.id.in_(select(LeadClaim.lead).where(*_of(str(each)))) for each in ctx.value))


def _of(matter: str) -> Sequence[ColumnElement[bool]]:
    policy, _, programme = matter.partition(SEPARATOR)
    return [LeadClaim.policy == policy, *([LeadClaim.programme == programme] if programme else [])]


class Claims(EnumField):
    """What a lead may get: the first programme by its name, and how many there are; its choices are policies too."""

    async def serialize_value(self, request: Request, value: Sequence[LeadClaim]) -> str | None:
        labels = dict(self._get_choices(request))
        named = {f"{each.policy}{SEPARATOR}{each.programme}": each.label or each.programme for each in value}
        if not named:
            return None
        first = next(labels.get(ident, name) for ident, name in named.items())
        return first if len(named) == 1 else f"{first}等 {len(named)} 项"


_BY_FIELD: dict[type[BaseField], Sequence[type[BaseFilter]]] = {
    Claims: (Includes,),
    EnumField: (Is, IsNot, Missing, There),
    StringField: (Contains, StartsWith),
    DateField: (BetweenDays, OnDay, InPast, Missing, There),
    DateTimeField: (BetweenMoments, Missing, There),
}


def registry() -> FilterRegistry:
    """The conditions, by the kind of a field."""
    return FilterRegistry(_BY_FIELD)
