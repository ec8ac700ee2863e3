"""The desk put together: starlette-admin with our theme, lists, pages and login, as one application.

starlette-admin brings the frame, the lists with their filters, CSRF and flash messages; what it would load from another
host is taken out, and its inline scripts carry the nonce of the page's policy.
"""

import logging
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

from jinja2 import BaseLoader, Environment, PackageLoader, PrefixLoader
from sqlalchemy.ext.asyncio import async_sessionmaker
from starlette.applications import Starlette
from starlette.formparsers import MultiPartParser
from starlette_admin import I18nConfig, TimezoneConfig
from starlette_admin.contrib.sqla import Admin
from starlette_admin.views import BaseView

from bot.web.desk import NAME, PATH
from bot.web.desk.account_pages import AccountPages, OwnPassword
from bot.web.desk.consultations import ConsultationPage
from bot.web.desk.dashboard import Dashboard
from bot.web.desk.drafts import Drafts
from bot.web.desk.gate import LARGEST_POST
from bot.web.desk.handovers import HandoverPages
from bot.web.desk.lead_care import LeadCare
from bot.web.desk.lead_facts import LeadFacts
from bot.web.desk.lead_new import LeadNew
from bot.web.desk.lead_pages import LeadPages
from bot.web.desk.lead_papers import LeadPapers
from bot.web.desk.lists import ConsultationList, Leads
from bot.web.desk.login import Login
from bot.web.desk.match_pages import MatchPages
from bot.web.desk.office_notes import OfficeNotePages
from bot.web.desk.policies import PolicyList
from bot.web.desk.questions import QuestionPages
from bot.web.desk.set_aside import SetAsidePages
from conversations.office import attachments
from conversations.service import Service
from conversations.storage.vault import Vault

TEMPLATES = Path(__file__).parent.parent / "templates" / "desk"
STATIC = Path(__file__).parent / "static"


class _Core(PackageLoader):
    """starlette-admin's own templates, made fit for a strict policy and for screen readers of Chinese."""

    _MENDS = (
        ("""placeholder="{{ _('Search') }}...\"""", 'placeholder="{{ view.search_hint }}"'),
        ("<script>", '<script nonce="{{ request.state.nonce }}">'),
        ('aria-label="Toggle navigation"', 'aria-label="菜单"'),
        ('aria-label="Open user menu"', 'aria-label="账号菜单"'),
        ('onchange="window.location = this.value"', "data-goto"),
        ('aria-label="close"', 'aria-label="关闭" role="button" href="#" tabindex="0"'),
    )

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Callable[[], bool] | None]:
        source, file, fresh = super().get_source(environment, template)
        for old, new in self._MENDS:
            source = source.replace(old, new)
        return source, file, fresh


def admin(service: Service) -> Starlette:
    """The desk of ``service``'s office, without its door."""
    # It logs what people have typed into the login form, and addresses with what they have searched for.
    logging.getLogger("starlette_admin").setLevel(logging.ERROR)
    core = _Core("starlette_admin", "templates")
    loaders: list[BaseLoader] = [PrefixLoader({"core": core}), core]
    site = Admin(
        async_sessionmaker(service.store.engine.execution_options(reading=True), expire_on_commit=False),
        title="问策工作台",
        base_url=PATH,
        route_name=NAME,
        templates_dir=str(TEMPLATES),
        additional_loaders=loaders,
        static_dir=str(STATIC),
        index_view=Dashboard(service),
        auth_provider=Login(service.store),
        secret_key=_secret(service.store.vault),
        i18n_config=I18nConfig("zh", None, None),
        timezone_config=TimezoneConfig("Asia/Shanghai", None, "UTC", use_user_locale_timezone=False),
    )
    # What is uploaded waits in memory until it is sealed, and never on the disk as it came.
    MultiPartParser.spool_max_size = attachments.LARGEST + LARGEST_POST
    for view in _views(service):
        site.add_view(view)
    languages: Any = site.templates.env
    languages.globals["get_locale"] = lambda: "zh-CN"  # of the pages; its catalogue is for all who write Chinese
    site.mount_to(Starlette())  # which builds the application; it is mounted behind its door elsewhere
    return site.app


def _views(service: Service) -> list[BaseView]:
    """All that stands in the menu, in its order, and the pages behind it."""
    listed = Leads(service)
    return [
        listed,
        LeadPages(service, listed),
        LeadNew(service),
        LeadCare(service),
        LeadPapers(service),
        LeadFacts(service),
        HandoverPages(service),
        MatchPages(service),
        QuestionPages(service),
        Drafts(service),
        ConsultationList(service),
        ConsultationPage(service),
        OfficeNotePages(service),
        PolicyList(service),
        SetAsidePages(service),
        AccountPages(service),
        OwnPassword(service),
    ]


def _secret(vault: Vault) -> str:
    """What signs the desk's forms: the same for all processes and after a restart, where there is a data key."""
    return secrets.token_hex(32) if vault.closed else vault.digest("desk forms")
