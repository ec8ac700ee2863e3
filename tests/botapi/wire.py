"""What stands on the wire: a call's parameters in any of Telegram's encodings, and its errors.

Knows the shapes of values, no method and no chat.
"""

import json
from typing import Any, TypeAlias, cast

from aiohttp import web
from aiohttp.multipart import BodyPartReader

Json: TypeAlias = dict[str, Any]


class ApiError(Exception):
    """A call that Telegram refuses; ``parameters`` are the machine-readable part (``retry_after`` and the like)."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def json(self) -> Json:
        """The body of the answer."""
        body: Json = {"ok": False, "error_code": self.code, "description": self.description}
        return body | {"parameters": self.parameters} if self.parameters else body


def bad(description: str) -> ApiError:
    """A 400, worded as Telegram words it."""
    return ApiError(400, f"Bad Request: {description}")


def utf16(text: str) -> int:
    """Length in UTF-16 code units, which is how Telegram counts."""
    return len(text.encode("utf-16-le")) // 2


class Params:
    """A call's parameters: plain strings from a form or a query, native values from a JSON body, files from multipart."""

    def __init__(self, values: Json, files: dict[str, tuple[str, bytes]] | None = None) -> None:
        self.values = values
        self.files = files or {}

    @classmethod
    async def read(cls, request: web.Request) -> "Params":
        """Takes query, JSON, urlencoded or multipart bodies; a body that is none of them is a 400."""
        values: Json = dict(request.query)
        files: dict[str, tuple[str, bytes]] = {}
        kind = request.content_type
        if kind == "application/json" and request.can_read_body:
            try:
                body: object = json.loads(await request.read() or b"{}")
            except ValueError:
                raise bad("can't parse JSON object") from None
            if not isinstance(body, dict):
                raise bad("object expected as request parameters")
            values |= cast("Json", body)
        elif kind == "multipart/form-data":
            async for part in await request.multipart():
                if not isinstance(part, BodyPartReader) or part.name is None:
                    raise bad("can't parse multipart body")
                data = await part.read(decode=True)
                if part.filename is None:
                    values[part.name] = data.decode()
                else:
                    files[part.name] = (part.filename, bytes(data))
        elif request.can_read_body:
            values |= {key: value for key, value in (await request.post()).items() if isinstance(value, str)}
        return cls(values, files)

    def text(self, name: str, default: str = "") -> str:
        """A string; a number of a JSON body is read as its digits."""
        value = self.values.get(name)
        return default if value is None else str(value)

    def number(self, name: str, default: int | None = None) -> int | None:
        """A whole number."""
        value = self.values.get(name)
        if value is None or value == "":
            return default
        try:
            return int(value)
        except (TypeError, ValueError):
            raise bad(f"field {name} must be of type Number") from None

    def flag(self, name: str) -> bool:
        """A truth value: true, yes or 1, whatever the case."""
        return str(self.values.get(name, "")).lower() in {"true", "yes", "1"}

    def json(self, name: str) -> Any:
        """A nested value: native in a JSON body, serialised elsewhere; None where absent."""
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return json.loads(value)
        except ValueError:
            raise bad(f"can't parse {name.replace('_', ' ')} JSON object") from None
