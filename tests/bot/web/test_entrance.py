"""The entrance: by which names we are asked, whom a proxy speaks for, what links are made of, and who is too slow."""

import asyncio
import socket
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from ipaddress import ip_network

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.types import Message, Receive, Scope, Send

from bot.settings import Settings, SettingsError
from bot.web import patience
from bot.web.entrance import LARGEST, Entrance, Names, host_of
from bot.web.listeners import ENDLESS, Listeners, begin
from bot.web.patience import PatientProtocol
from bot.web.security import Visitor, address, same_origin
from tests.table import check_each

PROXIES = [ip_network("127.0.0.1"), ip_network("10.0.0.0/8")]


async def told(request: Request) -> Response:
    """What a page knows of the request."""
    response = JSONResponse(
        {
            "address": address(request),
            "scheme": request.url.scheme,
            "link": str(request.url_for("told")),
            "same": same_origin(request),
        }
    )
    Visitor.of(request, embedded=False).remember(response, request, embedded=False)
    return response


async def size(request: Request) -> Response:
    return PlainTextResponse(str(len(await request.body())))


APP = Starlette(routes=[Route("/", told, name="told"), Route("/size", size, methods=["POST"]), Route("/healthz", told)])


def entrance(
    public: str | None = "https://wence.example.cn", others: Sequence[str] = (), proxied: bool = False
) -> Entrance:
    return Entrance(APP, Names.of(public, others), PROXIES if proxied else ())


async def ask(door: Entrance, *headers: tuple[str, str], peer: str = "127.0.0.1", path: str = "/") -> httpx.Response:
    transport = httpx.ASGITransport(door, client=(peer, 5))
    async with httpx.AsyncClient(transport=transport, base_url="http://wence.example.cn") as client:
        return await client.get(path, headers=[*headers])


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("wence.example.cn", 200),
        ("WENCE.example.cn:443", 200),
        ("wence.example.cn.", 200),
        ("localhost:8000", 200),
        ("127.0.0.1:8000", 200),
        ("[::1]:8000", 200),
        ("other.example.cn", 200),
        ("evil.example", 421),
        ("wence.example.cn.evil.example", 421),
        ("wence.example.cn@evil.example", 400),
        ("wence.example.cn/evil", 400),
        ("[::1", 400),
        ("", 400),
    ],
)
async def test_the_web_answers_by_its_own_names_and_no_other(host: str, status: int) -> None:
    answer = await ask(entrance(others=["other.example.cn"]), ("host", host))
    assert answer.status_code == status
    assert "evil" not in answer.text
    assert status == 200 or "网址不对" in answer.text
    assert (await ask(entrance(), ("host", host), path="/healthz")).status_code == 200


async def test_two_host_headers_are_none() -> None:
    assert (await ask(entrance(), ("host", "wence.example.cn"), ("host", "evil.example"))).status_code == 400


async def test_links_are_made_with_the_public_url() -> None:
    said = [("x-forwarded-host", "evil.example"), ("x-forwarded-proto", "ftp"), ("host", "wence.example.cn:8000")]
    answer = (await ask(entrance(), *said)).json()
    assert (answer["link"], answer["scheme"]) == ("https://wence.example.cn/", "https")
    alone = (await ask(entrance(public=None), ("host", "127.0.0.1:8000"))).json()
    assert alone["link"] == "http://127.0.0.1:8000/"


async def test_over_https_the_cookie_is_this_hosts_alone() -> None:
    cookie = (await ask(entrance())).headers["set-cookie"]
    assert cookie.startswith("__Host-wence=")
    assert "Secure" in cookie
    assert "Domain" not in cookie
    assert "Path=/;" in cookie
    plain = (await ask(entrance(public=None), ("host", "127.0.0.1"))).headers["set-cookie"]
    assert plain.startswith("wence=")


async def test_a_page_of_the_public_url_may_post() -> None:
    for origin, same in (("https://wence.example.cn", True), ("https://evil.example", False)):
        assert (await ask(entrance(), ("origin", origin))).json()["same"] is same


CHAINS = [
    ("127.0.0.1", "203.0.113.7", "203.0.113.7"),
    ("127.0.0.1", "198.51.100.1, 203.0.113.7", "203.0.113.7"),  # what the client wrote itself comes first
    ("127.0.0.1", "203.0.113.7, 10.1.2.3", "203.0.113.7"),  # through two proxies of ours
    ("10.9.9.9", "203.0.113.7:4711", "203.0.113.7"),
    ("127.0.0.1", "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
    ("127.0.0.1", '"[2001:db8::1]:80"', "2001:db8::"),
    ("127.0.0.1", "::ffff:203.0.113.7", "203.0.113.7"),
    ("::ffff:127.0.0.1", "203.0.113.7", "203.0.113.7"),
    ("127.0.0.1", "10.0.0.5", "10.0.0.5"),
    ("127.0.0.1", "<script>, 203.0.113.7", "203.0.113.7"),
    ("127.0.0.1", "203.0.113.7, unknown", "127.0.0.1"),
    ("127.0.0.1", "", "127.0.0.1"),
    ("203.0.113.9", "198.51.100.1", "203.0.113.9"),  # no proxy of ours: it speaks for itself
]


async def test_whom_a_proxy_speaks_for() -> None:
    door = entrance(proxied=True)
    answers = {
        (peer, chain): (await ask(door, ("x-forwarded-for", chain), peer=peer)).json() for peer, chain, _ in CHAINS
    }

    def is_so(case: tuple[str, str, str]) -> None:
        assert answers[case[:2]]["address"] == case[2]

    check_each(CHAINS, is_so)


async def test_headers_of_one_chain_may_be_several() -> None:
    chain = ("x-forwarded-for", "198.51.100.1"), ("x-forwarded-for", "203.0.113.7")
    assert (await ask(entrance(proxied=True), *chain)).json()["address"] == "203.0.113.7"


async def test_nobody_is_trusted_unless_the_settings_say_so(caplog: pytest.LogCaptureFixture) -> None:
    door = entrance(public=None, others=["wence.example.cn"])
    for _ in range(2):
        answer = (await ask(door, ("x-forwarded-for", "203.0.113.7"), ("x-forwarded-proto", "https"))).json()
        assert (answer["address"], answer["scheme"]) == ("127.0.0.1", "http")
    assert caplog.text.count("WENCE_TRUSTED_PROXIES") == 1


async def test_a_trusted_proxy_says_how_it_was_asked() -> None:
    door = Entrance(APP, Names.of(None, ["wence.example.cn"]), PROXIES)
    for said, scheme in (("https", "https"), ("http, https", "https"), ("javascript", "http")):
        assert (await ask(door, ("x-forwarded-proto", said))).json()["scheme"] == scheme


def test_names_and_networks_are_read_from_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WENCE_PUBLIC_URL", "https://Wence.Example.cn/")
    monkeypatch.setenv("WENCE_ALLOWED_HOSTS", "政策.example.cn, other.example.cn:8000")
    monkeypatch.setenv("WENCE_TRUSTED_PROXIES", "127.0.0.1, 10.1.2.3/8, ::1")
    settings = Settings.read()
    assert settings.public_url == "https://wence.example.cn"
    assert settings.allowed_hosts == {"政策.example.cn".encode("idna").decode(), "other.example.cn"}
    assert settings.trusted_proxies == {ip_network("127.0.0.1"), ip_network("10.0.0.0/8"), ip_network("::1")}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PUBLIC_URL", "wence.example.cn"),
        ("PUBLIC_URL", "https://wence.example.cn/path"),
        ("ALLOWED_HOSTS", "https://wence.example.cn"),
        ("TRUSTED_PROXIES", "nginx"),
        ("TRUSTED_PROXIES", "10.0.0.0/99"),
        ("METRICS_TOKEN", "short"),
    ],
)
def test_what_is_none_is_refused_at_the_start(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(f"WENCE_{name}", value)
    with pytest.raises(SettingsError, match=f"WENCE_{name}: "):
        Settings.read()


def test_hosts_of_headers() -> None:
    cases = [("a.B", "a.b"), ("a:1", "a"), (" a ", "a"), ("a b", "a b"), ("x" * 300, ""), ("a..b", ""), ("::1", "")]

    def is_so(case: tuple[str, str]) -> None:
        assert host_of(case[0]) == case[1]

    check_each(cases, is_so)


# -- who is slow


@asynccontextmanager
async def serving(body: float = 60.0) -> AsyncGenerator[int]:
    """A server on loopback; its port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        door = Entrance(APP, Names.of(None, ()), body=body)
        config = uvicorn.Config(door, http=PatientProtocol, ws="none", log_config=None, lifespan="off")
        server = uvicorn.Server(config)
        running = asyncio.create_task(server.serve([listener]))
        try:
            yield listener.getsockname()[1]
        finally:
            server.should_exit = True
            await running


async def answer_to(port: int, *parts: bytes, pause: float = 0.0) -> bytes:
    """What comes until the server closes the connection, where ``parts`` are sent and then nothing."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        for part in parts:
            writer.write(part)
            await writer.drain()
            await asyncio.sleep(pause)
        return await asyncio.wait_for(reader.read(), 60)
    except ConnectionError:
        return b"closed"
    finally:
        writer.close()


@pytest.mark.parametrize(
    "parts",
    [
        (),
        (b"GET / HTTP/1.1\r\n",),
        (b"GET / HTTP/1.1\r\nhost: localhost\r\n", *[b"x: y\r\n"] * 100),
        (b"GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n", b"GET / HT"),
    ],
    ids=["silent", "half", "drops", "second"],
)
async def test_who_never_ends_the_headers_is_let_go(monkeypatch: pytest.MonkeyPatch, parts: Sequence[bytes]) -> None:
    monkeypatch.setattr(patience, "HEADERS", 0.2)
    async with serving() as port:
        answer = await answer_to(port, *parts, pause=0.01)
    late = b"HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
    assert answer.endswith(late) or (answer == b"closed" and len(parts) > 2)  # who still talks may not hear why


async def test_headers_without_an_end_are_not_gathered() -> None:
    async with serving() as port:
        answer = await answer_to(port, b"GET / HTTP/1.1\r\nhost: localhost\r\n", b"x: " + b"y" * 70_000)
    assert b" 431 " in answer


async def test_who_never_ends_the_body_is_let_go_and_others_are_heard() -> None:
    begun = b"POST /size HTTP/1.1\r\nhost: localhost\r\ncontent-length: 10\r\n\r\n1234"
    async with serving(body=0.2) as port:
        late = await answer_to(port, begun)
        assert b" 408 " in late.partition(b"\r\n")[0]
        whole = await answer_to(port, begun.replace(b"length: 10", b"length: 10\r\nconnection: close"), b"567890")
        assert whole.endswith(b"\r\n\r\n10")


async def test_a_slow_answer_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "HEADERS", 0.05)

    async def slow(request: Request) -> Response:
        await asyncio.sleep(0.3)
        return PlainTextResponse("at last")

    monkeypatch.setattr(APP.router, "routes", [Route("/slow", slow)])
    async with serving() as port:
        answer = await answer_to(port, b"GET /slow HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")
    assert answer.endswith(b"at last")


async def test_a_page_that_listens_is_not_waited_for_when_the_server_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    async def nothing(person: str, after: int) -> None:
        return None

    async def listen(scope: Scope, receive: Receive, send: Send) -> None:
        scope["state"][ENDLESS] = True
        await begin(scope, receive, send)
        await Listeners(nothing).listen("a", 0, receive, send)

    monkeypatch.setattr(APP.router, "routes", [Mount("/stream", listen)])
    async with serving() as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET /stream/ HTTP/1.1\r\nhost: localhost\r\n\r\n")
        assert b"text/event-stream" in await reader.readuntil(b"\r\n\r\n")
    assert await reader.read() == b""
    writer.close()


async def test_who_never_ends_a_large_body_is_gone() -> None:
    heard: list[str] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            heard.append(message["type"])
            if message["type"] == "http.disconnect" or not message["more_body"]:
                return

    waiting = asyncio.Event()
    parts = iter([b"x" * (LARGEST + 1), b"y"])

    async def receive() -> Message:
        part = next(parts, None)
        if part is None:
            await waiting.wait()
        return {"type": "http.request", "body": part, "more_body": True}

    async def send(message: Message) -> None:
        heard.append(message["type"])

    scope = {"type": "http", "path": "/", "headers": [(b"host", b"localhost"), (b"content-length", b"5000000")]}
    await Entrance(app, Names.of(None, []), body=0.2)(scope, receive, send)
    assert heard == ["http.request", "http.request", "http.disconnect"]
