"""The entrance of the web, before all that is served: whose request it is, by which name we were asked, how slow it may be.

Who a proxy says that it speaks for is believed of none but those in the settings; links are made with the configured
address, never with what a request calls us. Knows no page.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import TYPE_CHECKING, TypeAlias
from urllib.parse import SplitResult, urlsplit

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = logging.getLogger(__name__)

Network: TypeAlias = IPv4Network | IPv6Network
Address: TypeAlias = IPv4Address | IPv6Address

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
"""What this machine calls itself; nobody else can be sent there."""
LOCAL = (ip_network("127.0.0.0/8"), ip_network("::1/128"))
BODY = 30.0
"""Seconds within which the body of a request must have come."""
LARGEST = 1_000_000
"""Bytes of the largest body that is taken in before anything is begun for it; more of it the desk alone takes, of a file."""
_HAS_BODY = frozenset({b"content-length", b"transfer-encoding"})
BY_ANY_NAME = frozenset({"/healthz", "/metrics"})
"""What balancers and monitors ask for by the address of the machine; nothing there tells a name."""
MISDIRECTED = """<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>网址不对</title>
<p>这个网址不是本服务的，请核对一下再打开。</p>
<p>（给管理员：本服务的网址写在 WENCE_PUBLIC_URL，别的域名写在 WENCE_ALLOWED_HOSTS。）</p>"""


@dataclass(frozen=True, slots=True)
class Names:
    """What we are called: ``public_url``, with which links are made, and all ``hosts`` by which we may be asked."""

    public_url: SplitResult | None
    hosts: frozenset[str]

    @classmethod
    def of(cls, public_url: str | None, others: Iterable[str]) -> Names:
        """``public_url`` is where people find us, if that is known; ``others`` are further names, or URLs."""
        public = None if public_url is None else urlsplit(public_url)
        given = (host_of(urlsplit(each).netloc if "://" in each else each) for each in (*others, public_url or ""))
        return cls(public, LOOPBACK | {each for each in given if each})


class Entrance:
    """Lets requests through to ``app``, as what they are."""

    def __init__(self, app: ASGIApp, names: Names, proxies: Collection[Network] = (), body: float = BODY) -> None:
        self._app = app
        self._names = names
        self._proxies = tuple(proxies)
        self._body = body
        self._warned = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        called = [value.decode("latin-1") for name, value in scope["headers"] if name == b"host"]
        host = host_of(called[0]) if len(called) == 1 else ""
        if scope["path"] not in BY_ANY_NAME and host not in self._names.hosts:
            await _refuse(send, 421 if host else 400)
            return
        scope = {**scope, **self._client(scope)}
        public = self._names.public_url
        if public is not None and host == public.hostname:
            headers = [pair for pair in scope["headers"] if pair[0] != b"host"]
            scope |= {"scheme": public.scheme, "headers": [*headers, (b"host", public.netloc.encode())]}
        if any(name in _HAS_BODY for name, _ in scope["headers"]):
            try:
                read = await _read(receive, self._body)
            except TimeoutError:
                await _refuse(send, 408)
                return
            if read is None:
                return
            receive = read
        await self._app(scope, receive, send)

    def _client(self, scope: Scope) -> dict[str, object]:
        """What of ``scope`` is otherwise where a proxy that is trusted speaks for somebody."""
        peer = scope["client"][0] if scope.get("client") else ""
        chain = [value for name, value in scope["headers"] if name == b"x-forwarded-for"]
        if not (self._proxies and is_within(peer, self._proxies)):
            if chain and not self._warned:
                self._warned = True
                log.warning("Requests come through a proxy that is not in WENCE_TRUSTED_PROXIES: %s", peer)
            return {}
        found: dict[str, object] = {}
        for said in reversed(b",".join(chain).decode("latin-1").split(",")):
            address = _bare(said)
            if address is None:
                break
            found["client"] = (str(address), 0)
            if not is_within(str(address), self._proxies):
                break
        schemes = [value for name, value in scope["headers"] if name == b"x-forwarded-proto"]
        scheme = schemes[-1].decode("latin-1").rpartition(",")[2].strip().lower() if schemes else ""
        return found | ({"scheme": scheme} if scheme in ("http", "https") else {})


async def _read(receive: Receive, seconds: float) -> Receive | None:
    """``receive`` with the body at hand, so that nobody waits for it who holds anything; None where nobody is there.

    A body that is larger is handed on as it comes, to be refused or to be a file for the desk; where the rest of it does
    not come in time its sender is gone. Raises TimeoutError.
    """
    body = bytearray()
    more = True
    until = asyncio.get_running_loop().time() + seconds
    async with asyncio.timeout_at(until):
        while more and len(body) <= LARGEST:
            message = await receive()
            if message["type"] == "http.disconnect":
                return None
            body += message.get("body", b"")
            more = message.get("more_body", False)
    told: list[Message] = [{"type": "http.request", "body": bytes(body), "more_body": more}]

    async def again() -> Message:
        nonlocal more
        if told:
            return told.pop()
        if not more:
            return await receive()
        try:
            async with asyncio.timeout_at(until):
                message = await receive()
        except TimeoutError:
            message = {"type": "http.disconnect"}
        more = message.get("more_body", False)
        return message

    return again


def host_of(netloc: str) -> str:
    """The host that ``netloc`` names, in lower case and ASCII, without its port; empty where it names none."""
    try:
        split = urlsplit(f"//{netloc.strip()}")
        name = (split.hostname or "").removesuffix(".")
        return "" if split.path or split.query or split.username else name.encode("idna").decode("ascii")
    except ValueError:  # brackets or labels that are none
        return ""


@lru_cache(maxsize=4096)
def is_within(address: str, networks: Sequence[Network]) -> bool:
    """Whether ``address`` is one of ``networks``; what is no address is in none."""
    read = _bare(address)
    return read is not None and any(read in network for network in networks)


def _bare(text: str) -> Address | None:
    """The address in ``text``, which may have a port; None where it is none."""
    text = text.strip().strip('"')
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        found = ip_address(text)
    except ValueError:
        return None
    return (found.ipv4_mapped or found) if isinstance(found, IPv6Address) else found


async def _refuse(send: Send, status: int) -> None:
    content = b"" if status == 408 else MISDIRECTED.encode()
    headers = {
        b"content-type": b"text/html; charset=utf-8",
        b"content-length": b"%d" % len(content),
        b"content-security-policy": b"default-src 'none'; frame-ancestors 'none'",
        b"cache-control": b"no-store",
        b"connection": b"close",
    }
    await send({"type": "http.response.start", "status": status, "headers": [*headers.items()]})
    await send({"type": "http.response.body", "body": content})
