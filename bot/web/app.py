"""The one ASGI application of ``wence serve``: what is served where."""

from collections.abc import Sequence

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import BaseRoute

from bot.web.api import Api
from bot.web.away import WhenAway
from bot.web.health import health_route
from bot.web.metrics import Metrics
from bot.web.policy_pages import PolicyPages
from conversations.service import Service


def create_app(
    service: Service, routes: Sequence[BaseRoute] = (), metrics: Metrics | None = None, metrics_token: str = ""
) -> Starlette:
    """The application; ``routes`` are what the channels bring, as they want it mounted.

    With ``metrics``, which the service should be telling of its messages, they are served too: to who has the token, or,
    where there is none, on this machine.
    """
    api = Api(service, metrics and metrics.requested)
    own: list[BaseRoute] = [api.mount, *PolicyPages(service.shelf).routes, health_route(service.store)]
    if metrics is not None:
        own.append(metrics.route(service.store, metrics_token))
    return Starlette(routes=[*routes, *own], middleware=[Middleware(WhenAway)])
