"""The lists of the desk: starlette-admin's views of the tables, to look, search and filter.

What is changed is changed through the office's functions (``bulk`` for many at once), so that histories are complete.
Whom to call is not even read.
"""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, select, type_coerce
from sqlalchemy.orm import InstrumentedAttribute, load_only, selectinload
from starlette.requests import Request
from starlette_admin import BaseField, DateField, DateTimeField, EnumField, StringField
from starlette_admin.contrib.sqla import ModelView
from starlette_admin.export import BaseExporter
from starlette_admin.filters import FilterRegistry
from starlette_admin.importers import BaseImporter
from starlette_admin.types import RequestAction, RowActionsPosition

from bot.channels import CHANNELS
from bot.web.desk.bulk import BulkWork
from bot.web.desk.filters import Claims, registry
from bot.web.desk.login import clerk
from conversations.office.consultation_cards import reached
from conversations.office.lead_cards import kept_sum
from conversations.office.lead_entry import EVERY_WAY
from conversations.office.lead_search import matching
from conversations.saying.registration import STATES
from conversations.service import Service
from conversations.state import office_time
from conversations.state.leads import Attached
from conversations.state.session import Session
from conversations.storage.tables import Consultation, Table
from conversations.storage.tables_leads import Lead, LeadClaim
from conversations.storage.vault import VaultError
from knowledge.policy import SEPARATOR, Policy

_CHANNELS = [(each.traits.name, each.traits.label) for each in CHANNELS]
_WAYS = [*_CHANNELS, *((each.value, label) for each, label in EVERY_WAY.items())]
_Narrow = Callable[[Request, Select[int], str | None, object], Awaitable[Select[int]]]
COMPUTED = "computed"
"""The field that is no column: what a sealed column comes to, in words."""
ASSIGNEE_UNKNOWN = "（已离开的同事）"


@dataclass
class Link(StringField):
    """What a row is called; leads to its page."""

    list_template: str = "link.html"


@dataclass
class Words(EnumField):
    """A value by its label; one that is not among the choices as it stands."""

    unknown: str | None = None

    async def serialize_value(self, request: Request, value: Any) -> Any:
        return dict(self._get_choices(request)).get(value, self.unknown or value)


@dataclass
class StateField(Words):
    """The state of a lead, with its colour."""

    list_template: str = "state.html"

    async def serialize_value(self, request: Request, value: Any) -> Any:
        return value


@dataclass
class MomentField(DateTimeField):
    """A moment in the office's time."""

    async def serialize_value(self, request: Request, value: Any) -> str:
        return office_time.shown(value)


@dataclass
class BegunField(MomentField):
    """When a consultation began; leads to its page."""

    list_template: str = "consultation_link.html"


@dataclass
class DayField(DateField):
    """A day as it is written here."""

    async def serialize_value(self, request: Request, value: Any) -> str:
        return f"{value:%Y-%m-%d}"


def _quiet(fields: Sequence[BaseField]) -> Sequence[BaseField]:
    """``fields``, with a dash where there is nothing."""
    for each in fields:
        each.null_template = each.empty_template = "nothing.html"
    return fields


class TableView(ModelView):
    """A list to look at. ``columns`` are all that is read of a row."""

    exporters: Sequence[BaseExporter | str] = ()
    importers: Sequence[BaseImporter | str] = ()
    actions: Sequence[str] | None = ()
    row_actions: Sequence[str] | None = ()
    column_visibility = False  # its button is an inline event handler, which the page's policy refuses
    row_click_navigate = False
    row_actions_position = RowActionsPosition.AFTER_COLUMNS  # an empty column, which the style sheet hides
    page_size = 25
    page_size_options: Sequence[int] = (25, 50, 100)
    columns: Sequence[InstrumentedAttribute[Any]] = ()
    search_hint = ""
    """What can be looked for, as it stands in the field."""
    sealed: str
    """The name of the column that ``computed`` makes words of, as it lies: a row that cannot be read is no trouble of the others."""

    def __init__(self, service: Service, model: type[Table], **options: Any) -> None:
        self.store, self.shelf = service.store, service.shelf
        super().__init__(model, **options)

    def computed(self, opened: str) -> str:
        """What the field ``COMPUTED`` says of the sealed column's JSON. Raises ``ValueError`` where it cannot be read."""
        raise NotImplementedError

    async def find_all(self, request: Request, *args: Any, **options: Any) -> Sequence[Any]:
        """The rows, each with what is made of its sealed column."""
        rows = await super().find_all(request, *args, **options)
        model: Any = self.model
        key = model.id
        lying = select(key, type_coerce(getattr(model, self.sealed), Text)).where(key.in_([row.id for row in rows]))
        found = dict((await request.state.session.execute(lying)).all())
        for row in rows:
            setattr(row, COMPUTED, self._said(found.get(row.id, "")))
        return rows

    def _said(self, sealed: str) -> str:
        try:
            return self.computed(self.store.vault.open(sealed))
        except (ValueError, KeyError, VaultError):
            return "读不出来"

    def get_filter_registry(self) -> FilterRegistry:
        return registry()

    def can_create(self, request: Request) -> bool:
        return False

    def can_edit(self, request: Request) -> bool:
        return False

    def can_delete(self, request: Request) -> bool:
        return False

    def can_view_detail(self, request: Request) -> bool:
        return False

    def can_export(self, request: Request) -> bool:
        return False

    def can_import(self, request: Request) -> bool:
        return False

    def get_list_query(self, request: Request) -> Select[tuple[Table]]:
        """The rows with ``columns`` alone: anything else raises where it is looked at."""
        return select(self.model).options(load_only(*self.columns, raiseload=True))


class Leads(BulkWork, TableView):
    """The leads; searched by all that staff may know of one (``lead_search``)."""

    list_template = "leads.html"
    search_hint = "企业、编号、代码、联系人、电话或后四位"
    fields_default_sort: Sequence[tuple[str, bool] | str] = (("created", True),)
    searchable_fields: Sequence[str] = (
        *("number", "enterprise", "state", "assignee", "follow_up", "created", "claims", "channel"),
    )
    columns = (
        *(Lead.id, Lead.number, Lead.enterprise, Lead.code, Lead.state, Lead.assignee),
        *(Lead.follow_up, Lead.created, Lead.channel),
    )
    sortable_fields: Sequence[str] = ("number", "enterprise", "state", "assignee", "follow_up", "created", "channel")

    sealed = "attached"

    def __init__(self, service: Service) -> None:
        policy = service.shelf.policy
        self.fields = _quiet(
            [
                Link("number", "编号"),
                Link("enterprise", "企业"),
                Claims("claims", "可能的政策", choices=list(_matters(policy.alone))),
                StringField(COMPUTED, "预估金额"),
                StateField("state", "状态", choices=list(STATES.items())),
                Words("assignee", "负责", unknown=ASSIGNEE_UNKNOWN, choices_loader=_colleagues),
                DayField("follow_up", "跟进日期"),
                MomentField("created", "登记时间"),
                Words("channel", "来自", choices=_WAYS),
            ]
        )
        super().__init__(
            service, Lead, icon="fa-solid fa-address-card", display_name="登记", menu_label="登记", key="leads"
        )

    def get_list_query(self, request: Request) -> Select[tuple[Table]]:
        programmes = selectinload(Lead.claims).load_only(
            LeadClaim.policy, LeadClaim.programme, LeadClaim.label, raiseload=True
        )
        return super().get_list_query(request).options(programmes)

    def computed(self, opened: str) -> str:
        return kept_sum(Attached.model_validate_json(opened))

    def get_search_query(self, request: Request, term: str) -> Any:
        """Leads that ``term`` is found in, whatever of them lies sealed."""
        return matching(self.store.vault, term)

    async def chosen(self, request: Request) -> ColumnElement[bool]:
        """The condition for all leads that the list shows at the address of ``request``. Raises ``HTTPException`` (400)."""
        request.state.action = RequestAction.LIST  # whose fields can be filtered by
        asked = self._parse_list_params(request)
        library: Any = self
        narrow: _Narrow = library._apply_search_and_filters
        ids = await narrow(request, select(Lead.id), asked.q, asked.filters)
        return Lead.id.in_(ids)


class ConsultationList(TableView):
    """The consultations, without whose they are and what was said."""

    list_template = "consultations.html"
    fields_default_sort: Sequence[tuple[str, bool] | str] = (("touched", True),)
    searchable_fields: Sequence[str] = ("begun", "touched", "finished", "channel", "version")
    columns = (
        *(Consultation.id, Consultation.channel, Consultation.begun, Consultation.touched),
        *(Consultation.finished, Consultation.version),
    )

    sealed = "state"

    def __init__(self, service: Service) -> None:
        self.fields = _quiet(
            [
                StringField("id", exclude_from_list=True),
                BegunField("begun", "开始"),
                StringField(COMPUTED, "走到哪里"),
                MomentField("touched", "最近一次"),
                MomentField("finished", "出结果"),
                Words("channel", "来自", choices=_CHANNELS),
                StringField("version", "政策资料版本"),
            ]
        )
        named = {"display_name": "咨询", "menu_label": "咨询", "key": "consultations"}
        super().__init__(service, Consultation, icon="fa-solid fa-comments", **named)

    def computed(self, opened: str) -> str:
        return reached(self.shelf, Session.model_validate_json(opened))


def _matters(documents: Sequence[Policy]) -> Iterator[tuple[str, str]]:
    """What leads can be filtered by: whole policies, where there are several, and programmes."""
    for document in documents if len(documents) > 1 else ():
        yield document.id, document.name
    for document in documents:
        for programme in document.programmes:
            yield f"{document.id}{SEPARATOR}{programme.id}", programme.label


def _colleagues(request: Request) -> list[tuple[str, str]]:
    return list(clerk(request).names.items())


def came(channel: str) -> str:
    """How a lead came, by its channel."""
    return dict(_WAYS).get(channel, channel)


def here(moment: datetime) -> str:
    """``moment`` in the office's time."""
    return office_time.shown(moment)
