"""The settings: environment variables with the prefix ``WENCE_``, or a file ``.env``; every mistake in one message."""

import re
from collections.abc import Collection
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator, model_validator

from bot.environment import PREFIX, given
from bot.served import packs
from bot.web.entrance import host_of
from conversations.office.hours import OfficeHours
from knowledge.patterns import regex

_WECHAT = ("corp_id", "secret", "kf_id", "token", "aes_key")
"""What only together is of use."""
_ORIGIN = regex(r"https?://[A-Za-z0-9.-]+(:\d+)?")


class SettingsError(ValueError):
    """Settings that cannot be used; the message has a line for each."""


class Settings(BaseModel):
    """What ``.env.example`` lists, with its defaults; ``read`` gives those in force."""

    model_config = ConfigDict(frozen=True)

    telegram_token: SecretStr | None = None
    telegram_base_url: str = "https://api.telegram.org"
    webhook_url: str | None = None
    webhook_secret: SecretStr | None = None
    wechat_corp_id: str | None = None
    wechat_secret: SecretStr | None = None
    wechat_kf_id: str | None = None
    wechat_token: SecretStr | None = None
    wechat_aes_key: SecretStr | None = None
    wechat_base_url: str = "https://qyapi.weixin.qq.com"
    database_url: str = "sqlite+aiosqlite:///wence.db"
    staff_ids: frozenset[int] = frozenset()
    staff_chat_id: int | None = None
    office_hours: str = ""
    desk_password: SecretStr | None = None
    policies: str = ""
    policy: str | None = None
    data_key: SecretStr = SecretStr("")
    retention_days: Annotated[int, Field(ge=1)] = 365
    embed_origins: frozenset[str] = frozenset()
    public_url: str | None = None
    allowed_hosts: frozenset[str] = frozenset()
    trusted_proxies: frozenset[IPv4Network | IPv6Network] = frozenset()
    metrics_token: SecretStr | None = None
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=65535)] = 8000

    @classmethod
    def read(cls, without: Collection[str] = ()) -> "Settings":
        """The settings in force, but for those ``without`` which a program can go on.

        Raises ``SettingsError``, which names each wrong variable and shows no secret.
        """
        try:
            return cls.model_validate(given(cls.model_fields.keys() - set(without)))
        except ValidationError as error:
            lines: list[str] = []
            for mistake in error.errors(include_input=False, include_url=False):
                name = "".join(f"{PREFIX}{part}".upper() + ": " for part in mistake["loc"][:1])
                lines.append(name + mistake["msg"].removeprefix("Value error, "))
            raise SettingsError("\n".join(lines)) from None

    @property
    def served(self) -> tuple[str | None, ...]:
        """The packs to serve, by name or folder; None alone for the one that is served where none is named."""
        return packs({"policies": self.policies, "policy": self.policy})

    @property
    def wechat(self) -> dict[str, str]:
        """What the office has set up for WeChat customer service, by its names there; nothing where it has not."""
        if self.wechat_corp_id is None:
            return {}
        told = {"corp_id": self.wechat_corp_id, "kf": self.wechat_kf_id or "", "base_url": self.wechat_base_url}
        hidden = {"secret": self.wechat_secret, "token": self.wechat_token, "aes_key": self.wechat_aes_key}
        return told | {name: "" if value is None else value.get_secret_value() for name, value in hidden.items()}

    @field_validator("staff_ids", mode="before")
    @classmethod
    def _read_ids(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        ids = [part.strip() for part in value.split(",") if part.strip()]
        if wrong := [part for part in ids if not part.isdecimal()]:
            raise ValueError(f"user ids are whole numbers, comma separated; {wrong[0]!r} is none")
        return frozenset(map(int, ids))

    @field_validator("office_hours")
    @classmethod
    def _check_hours(cls, value: str) -> str:
        OfficeHours.read(value)
        return value

    @field_validator("embed_origins", mode="before")
    @classmethod
    def _read_origins(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        origins = [part.strip().rstrip("/") for part in value.split(",") if part.strip()]
        if wrong := [part for part in origins if not _ORIGIN.fullmatch(part)]:
            raise ValueError(f"origins look like https://www.example.cn, comma separated; {wrong[0]!r} does not")
        return frozenset(origins)

    @field_validator("public_url")
    @classmethod
    def _check_public(cls, value: str | None) -> str | None:
        if value is not None and not _ORIGIN.fullmatch(value := value.strip().rstrip("/").lower()):
            raise ValueError("looks like https://www.example.cn, without a path")
        return value

    @field_validator("allowed_hosts", mode="before")
    @classmethod
    def _read_hosts(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        hosts = [part.strip() for part in value.split(",") if part.strip()]
        if wrong := [part for part in hosts if "/" in part or not host_of(part)]:
            raise ValueError(f"host names look like www.example.cn, comma separated; {wrong[0]!r} does not")
        return frozenset(map(host_of, hosts))

    @field_validator("trusted_proxies", mode="before")
    @classmethod
    def _read_proxies(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        try:
            return frozenset(ip_network(part.strip(), strict=False) for part in value.split(",") if part.strip())
        except ValueError as error:
            raise ValueError(
                f"addresses and networks look like 127.0.0.1, 10.0.0.0/8, comma separated; {error}"
            ) from None

    @field_validator("metrics_token")
    @classmethod
    def _check_metrics(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not re.fullmatch(r"[!-~]{16,}", value.get_secret_value()):
            raise ValueError("at least 16 ASCII characters without spaces")
        return value

    @field_validator("telegram_token")
    @classmethod
    def _check_token(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not re.fullmatch(r"\d+:[\w-]+", value.get_secret_value(), re.ASCII):
            raise ValueError("a token looks like 123456:ABC-DEF (from @BotFather)")
        return value

    @field_validator("webhook_secret")
    @classmethod
    def _check_secret(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", value.get_secret_value()):
            raise ValueError("1 to 256 of the characters A-Z a-z 0-9 _ - are allowed")
        return value

    @field_validator("wechat_aes_key")
    @classmethod
    def _check_aes_key(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not re.fullmatch(r"[A-Za-z0-9]{43}", value.get_secret_value()):
            raise ValueError("an EncodingAESKey is 43 letters and digits")
        return value

    @field_validator("telegram_base_url", "webhook_url", "wechat_base_url")
    @classmethod
    def _check_url(cls, value: str | None) -> str | None:
        if value is not None and not re.match(r"https?://[^/]", value):
            raise ValueError("a URL begins with https:// (or http://)")
        return value

    @field_validator("database_url")
    @classmethod
    def _check_database(cls, value: str) -> str:
        if not value.startswith(("sqlite+aiosqlite://", "postgresql+asyncpg://")):
            raise ValueError("begins with sqlite+aiosqlite:// or postgresql+asyncpg://")
        return value

    @model_validator(mode="after")
    def _check_packs(self) -> "Settings":
        packs({"policies": self.policies, "policy": self.policy})
        return self

    @model_validator(mode="after")
    def _check_wechat(self) -> "Settings":
        given = {name: getattr(self, f"wechat_{name}") for name in _WECHAT}
        lacking = [f"{PREFIX}WECHAT_{name}".upper() for name, value in given.items() if value is None]
        if 0 < len(lacking) < len(given):
            raise ValueError(f"{lacking[0]}: required with the other settings of WeChat customer service")
        return self

    @model_validator(mode="after")
    def _check_webhook(self) -> "Settings":
        if self.webhook_url is not None and self.webhook_secret is None:
            raise ValueError(
                "WENCE_WEBHOOK_SECRET: required with WENCE_WEBHOOK_URL; without it anybody could send updates"
            )
        if self.webhook_url is not None and self.telegram_token is None:
            raise ValueError("WENCE_TELEGRAM_TOKEN: required with WENCE_WEBHOOK_URL")
        return self
