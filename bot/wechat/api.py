"""How the interface of 企业微信 is called: one access token for all processes, and errors by their number.

Knows HTTP and its failures, and no message. An error never shows an address, since that would show the token.
"""

import asyncio
import json
import logging
import time
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any, Self, TypeAlias

import aiohttp
from pydantic import BaseModel, ConfigDict

from bot.wechat.traits import WECHAT
from conversations.storage import channel_notes
from conversations.storage.faults import complain
from conversations.storage.store import Store
from conversations.storage.vault import VaultError
from rules.raw import is_object

log = logging.getLogger(__name__)

Json: TypeAlias = Mapping[str, Any]
_Content: TypeAlias = Callable[[], "bytes | aiohttp.FormData | None"]
"""Makes what is sent along, anew for each try: a form can be sent once."""

EARLY = 600.0
"""Seconds before its end in which the token is renewed."""
AGAIN = 30.0
"""Seconds between two tries of that; until its end the old one holds."""
_TOKEN = "access_token"  # noqa: S105 - the name of a note
_TOKEN_GONE = frozenset({40001, 40014, 41001, 42001})
_SETTINGS = frozenset({40001, 40013})
"""The secret or the corp id is wrong."""
_UNREADY = frozenset({48002, 60020, 60030, 95000, 95004, 95011, 95012, 95017})
"""We may not ask: the application is not let, this address is not, its staff or the account are not its, nothing is on."""
BUSY, TOO_OFTEN, TOO_MANY = -1, 45009, 45033
MOST_SENT, TOO_LATE = 95001, 95002
NO_SUCH_TOKEN, ENDED, NOT_OURS, NO_SUCH_MEDIA = 95007, 95013, 95018, 40007
"""Of ``sync_msg``: the callback's token has expired. Of ``send_msg``: the session is over; it is with staff, or over; what
was uploaded is not there (any more)."""
_PASSING = frozenset({BUSY, TOO_OFTEN, TOO_MANY})


class WeChatError(Exception):
    """A call that is refused; ``code`` is the number that the documentation explains."""

    def __init__(self, method: str, code: int, text: str) -> None:
        super().__init__(f"{method}: {code} {text}")
        self.code = code

    @property
    def passing(self) -> bool:
        """Whether the same call may soon be let through."""
        return self.code in _PASSING

    @property
    def standing(self) -> bool:
        """Whether no call is let through until somebody sets something right, here or in 企业微信."""
        return self.code in _SETTINGS | _UNREADY | _TOKEN_GONE

    @property
    def of_settings(self) -> bool:
        """Whether it is a setting of ours that is wrong."""
        return self.code in _SETTINGS


class UnreachableError(ConnectionError):
    """No answer, or none that can be read."""


class _Token(BaseModel):
    """The access token, and until when it holds, in seconds since 1970."""

    model_config = ConfigDict(frozen=True)

    token: str = ""
    until: float = 0.0

    def holds(self, refused: str, seconds: float) -> bool:
        return self.token not in ("", refused) and self.until - seconds > time.time()


def told(answer: Json, name: str, method: str) -> object:
    """What ``answer`` to ``method`` says by that name. Raises ``UnreachableError`` where it says nothing."""
    if (value := answer.get(name)) is None:
        raise UnreachableError(f"{method}: the answer has no {name}")
    return value


class WeChatApi:
    """The interface at ``base_url`` for one enterprise; an asynchronous context manager.

    ``store`` is where the token is kept for all processes; without one it is this process's own.
    """

    def __init__(self, base_url: str, corp_id: str, secret: str, store: Store | None = None) -> None:
        self._base = base_url.rstrip("/")
        self._credentials = {"corpid": corp_id, "corpsecret": secret}
        self._store = store
        self._session: aiohttp.ClientSession | None = None
        self._token = _Token()
        self._renewing = asyncio.Lock()
        self._asked = 0.0

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=None, connect=5, sock_read=10),
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._session is not None:
            await self._session.close()

    async def call(self, method: str, body: Json) -> Json:
        """The answer to ``method`` (``kf/send_msg``). Raises ``WeChatError`` and ``UnreachableError``."""
        sent = json.dumps(body, ensure_ascii=False).encode()
        return await self._with_token(method, {}, lambda: sent)

    async def get(self, method: str, query: Mapping[str, str]) -> Json:
        """The answer to ``method`` where it is only looked up. Raises as ``call`` does."""
        return await self._with_token(method, query, lambda: None, "GET")

    async def upload(self, kind: str, name: str, content: bytes) -> str:
        """The media id under which a ``file`` or an ``image`` can be sent for three days. Raises as ``call`` does."""

        def form() -> aiohttp.FormData:
            data = aiohttp.FormData(quote_fields=False)  # quoted, a Chinese name would be shown as %E9%A2%84
            data.add_field("media", content, filename=name, content_type="application/octet-stream")
            return data

        return str(told(await self._with_token("media/upload", {"type": kind}, form), "media_id", "media/upload"))

    async def _with_token(self, method: str, query: Mapping[str, str], content: _Content, verb: str = "POST") -> Json:
        token = await self._access()
        try:
            return await self._ask(verb, method, {"access_token": token, **query}, content)
        except WeChatError as error:
            if error.code not in _TOKEN_GONE:
                raise
            token = await self._access(refused=token)
            return await self._ask(verb, method, {"access_token": token, **query}, content)

    async def _access(self, refused: str = "") -> str:
        """The access token: another than ``refused``, renewed in time by whichever process comes to it first."""
        if self._token.holds(refused, EARLY):
            return self._token.token
        async with self._renewing:
            if self._token.holds(refused, 0) and time.monotonic() - self._asked < AGAIN:
                return self._token.token
            if (found := await self._kept()).holds(refused, EARLY):
                self._token = found
                return found.token
            self._asked = time.monotonic()
            answer = await self._ask("GET", "gettoken", self._credentials, lambda: None)
            token, lasts = (told(answer, name, "gettoken") for name in ("access_token", "expires_in"))
            self._token = _Token(token=str(token), until=time.time() + float(str(lasts)))
            await self._keep(self._token)
            return self._token.token

    async def _kept(self) -> _Token:
        """The token that lies in the database, as secret as all else there; none where it cannot be read."""
        if self._store is None:
            return _Token()
        try:
            async with self._store.glance() as connection:
                sealed = (await channel_notes.read(connection, WECHAT.name, [_TOKEN])).get(_TOKEN, "")
            return _Token.model_validate_json(self._store.vault.open(sealed))
        except (VaultError, ValueError):
            return _Token()
        except Exception as error:  # who is in the middle of a delivery is told of WeChat's failures alone
            complain(log, "The access token cannot be looked up", error)
            return _Token()

    async def _keep(self, token: _Token) -> None:
        """Lay the token into the database for all processes; where that fails each fetches it, and is given the same."""
        if self._store is None:
            return
        try:
            async with self._store.transaction() as work:
                await channel_notes.write(work, WECHAT.name, _TOKEN, work.vault.seal(token.model_dump_json()))
        except Exception as error:
            complain(log, "The access token could not be kept for all processes", error)

    async def _ask(self, verb: str, method: str, query: Mapping[str, str], content: _Content) -> Json:
        if self._session is None:
            raise RuntimeError("the interface is not open")
        try:
            async with self._session.request(
                verb, f"{self._base}/cgi-bin/{method}", params=query, data=content(), allow_redirects=False
            ) as response:
                answer: object = json.loads(await response.read())
        except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as error:
            raise UnreachableError(f"{method}: {type(error).__name__}") from None
        code = answer.get("errcode", 0) if is_object(answer) else None
        if not is_object(answer) or not isinstance(code, int):
            raise UnreachableError(f"{method}: no answer that can be read")
        if code:
            raise WeChatError(method, code, str(answer.get("errmsg", ""))[:100])
        return answer
