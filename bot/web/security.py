"""What protects the pages: who a visitor is (a random cookie), response headers, same-origin posts, bounds, rate limits.

Knows nothing of consultations: the chat page and the desk use the same parts.
"""

import base64
import hashlib
import secrets
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from math import ceil
from urllib.parse import urlsplit

from starlette.convertors import Convertor, register_url_convertor
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from conversations.storage.shared_counts import MINUTE, SharedCounts
from conversations.storage.store import Store
from knowledge.patterns import regex

COOKIE, EMBEDDED_COOKIE = "wence", "wence_embedded"
"""A page inside another site's frame has a cookie of its own, which browsers send there too."""
COOKIE_DAYS = 180

_TOKEN = regex(r"[A-Za-z0-9_-]{43}")


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody's browser, by the secret in its cookie. ``new`` = it brought none, so this one is fresh."""

    token: str
    new: bool

    @classmethod
    def of(cls, request: Request, *, embedded: bool) -> "Visitor":
        """The visitor that ``request`` comes from."""
        token = request.cookies.get(_cookie(request, embedded=embedded), "")
        if _TOKEN.fullmatch(token):
            return cls(token, new=False)
        return cls(secrets.token_urlsafe(32), new=True)

    def afresh(self) -> "Visitor":
        """Somebody of whom nothing is kept, under a new secret: one that others have planted leads to nobody."""
        return Visitor(secrets.token_urlsafe(32), new=True)

    @property
    def person(self) -> str:
        """The key of the conversation partner; the secret cannot be had from it."""
        return f"web:{hashlib.sha256(self.token.encode()).hexdigest()[:32]}"

    def remember(self, response: Response, request: Request, *, embedded: bool) -> None:
        """Have the browser keep the secret, out of reach of scripts and, unless ``embedded``, of other sites."""
        secure = request.url.scheme == "https"
        name = _cookie(request, embedded=embedded)
        sites = "SameSite=None; Partitioned" if embedded and secure else "SameSite=Lax"
        response.headers.append(
            "set-cookie",
            f"{name}={self.token}; Path=/; Max-Age={COOKIE_DAYS * 86400}; HttpOnly; {sites}{'; Secure' * secure}",
        )


def _cookie(request: Request, *, embedded: bool) -> str:
    """The name of the cookie; over https one that browsers take from this very host alone."""
    return f"{'__Host-' * (request.url.scheme == 'https')}{EMBEDDED_COOKIE if embedded else COOKIE}"


class SecurityHeaders:
    """Middleware that adds the headers every page should have; those that a response has set itself stay."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
                if scope["scheme"] == "https":
                    headers.setdefault("strict-transport-security", "max-age=31536000")
            await send(message)

        await self._app(scope, receive, send_with_headers)


_HEADERS = {
    "content-security-policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}


def page_policy(style: str, framed_by: Collection[str] = ()) -> str:
    """The Content-Security-Policy of a page with one inline style sheet, ``style``, and scripts from files only.

    ``framed_by`` are the origins that may show it in a frame; without any, nobody may.
    """
    digest = hash_source(style)
    frames = " ".join(sorted(framed_by)) or "'none'"
    return (
        f"default-src 'none'; script-src 'self'; style-src {digest}; img-src 'self'; connect-src 'self'; "
        f"form-action 'self'; base-uri 'none'; frame-ancestors {frames}"
    )


def hash_source(text: str) -> str:
    """``text`` as a source of a Content-Security-Policy: its hash."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def same_origin(request: Request) -> bool:
    """Whether a page of this site made the request, by what browsers say of it and scripts cannot forge."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    # Browsers tell it of trustworthy (https) addresses only; the origin of a post they always tell.
    return urlsplit(request.headers.get("origin", "")).netloc == request.headers.get("host")


@dataclass(frozen=True, slots=True)
class Rate:
    """So many times a minute."""

    amount: int


class Minutes:
    """What was done within the last minute, by key: counts of this minute, and of the one before as far as it is not over.

    Two tables that are put away whole, so that a key costs nothing once its time is over. ``clock`` tells seconds, and
    never goes back.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._minute = 0
        self._now: dict[str, int] = {}
        self._before: dict[str, int] = {}

    def hit(self, key: str, amount: int) -> bool:
        """Count one more for ``key``, unless that were more than ``amount``."""
        minute, passed = divmod(self._clock(), MINUTE)
        if minute != self._minute:
            self._before = self._now if minute == self._minute + 1 else {}
            self._now, self._minute = {}, int(minute)
        count = self._now.get(key, 0) + 1
        if count + self._before.get(key, 0) * (1 - passed / MINUTE) > amount:
            return False
        self._now[key] = count
        return True


class RateLimits:
    """How often something may be done by one session or from one address, of all processes on ``store`` together."""

    def __init__(self, store: Store) -> None:
        self._shared = SharedCounts(store)
        self._own = Minutes()

    async def wait(self, *bounds: tuple[Rate, str]) -> int:
        """Count one more for each (rate, key); returns 0, or the seconds to wait where one is used up."""
        for rate, key in bounds:
            if not self._own.hit(f"{rate.amount} {key}", rate.amount):  # the same may be limited in several ways
                return MINUTE
            if wait := await self._shared.take(key, rate.amount):
                return ceil(wait)
        return 0


async def body_within(request: Request, most: int) -> bytes | None:
    """What was posted; None where it is more than ``most`` bytes, the rest of which is not read then."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > most:
            return None
    return bytes(body)


def address(request: Request) -> str:
    """Where the request comes from: the address, of IPv6 the network that one subscriber has."""
    host = request.client.host if request.client else ""
    try:
        found = ip_address(host)
    except ValueError:
        return host
    if found.version == 4 or found.ipv4_mapped:
        return str(getattr(found, "ipv4_mapped", None) or found)
    return str(ip_network((found, 64), strict=False).network_address)


class RowConvertor(Convertor[int]):
    """The number of a row in an address, ``{id:row}``: of no more digits than any table counts to and any database holds."""

    regex = "[0-9]{1,15}"

    def convert(self, value: str) -> int:
        return int(value)

    def to_string(self, value: int) -> str:
        return str(value)


register_url_convertor("row", RowConvertor())


def number(text: str, least: int, most: int) -> int:
    """The number that ``text`` is, no less than ``least`` and no more than ``most``; ``least`` for what is none."""
    digits = text.strip()[:16]
    return max(least, min(int(digits), most)) if digits.isdecimal() else least
