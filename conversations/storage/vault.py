"""The lock on personal data: text is sealed before it lies anywhere, and opened when it is read.

Knows keys and text; neither tables nor what the text says. ``cryptography`` is imported when a vault is made, so that
commands without a database do not pay for it.
"""

import base64
import binascii
import hmac
import logging
import os
from collections.abc import Sequence
from pathlib import Path

log = logging.getLogger(__name__)

KEY_VARIABLE = "WENCE_DATA_KEY"
MEMORY = ":memory:"
"""The file of a SQLite database that is none; its key is as fleeting."""
_KEY_MADE = "No %s: a key was made in %s; without it the data cannot be read, so keep a copy"
_MARK = "gAAAA"
"""How every Fernet token begins: version 0x80 and the upper bytes of the time."""


class VaultError(RuntimeError):
    """The key is missing, is none, or is not the one that the data was sealed with."""


class Vault:
    """Seals and opens text with ``keys`` (Fernet): the first seals, all open; the others are keys of earlier times.

    Without a key (``closed``) it lets text through as it is, and whoever wants to keep contact data must not.
    Text that was kept before there was a key is read as it stands.
    """

    def __init__(self, keys: Sequence[str]) -> None:
        from cryptography.fernet import Fernet, InvalidToken, MultiFernet

        try:
            self._fernet = MultiFernet([Fernet(key) for key in keys]) if keys else None
        except (ValueError, binascii.Error):
            raise VaultError(
                f"{KEY_VARIABLE}: a key is 32 random bytes in URL-safe base64 (44 characters); make one with: "
                "python -c 'from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())'"
            ) from None
        self._invalid = InvalidToken
        self._pepper = [hmac.digest(base64.urlsafe_b64decode(key), b"wence digest", "sha256") for key in keys] or [b""]

    @classmethod
    def from_settings(cls, data_key: str, sqlite_file: str | None) -> "Vault":
        """The vault with the keys in ``data_key`` (comma separated), else with the one beside ``sqlite_file``.

        That file is made where it is missing, readable by its owner only. With neither the vault is closed. Raises
        ``VaultError`` for keys that are none, ``OSError`` where the file cannot be read or made.
        """
        keys = [key.strip() for key in data_key.split(",") if key.strip()]
        if not keys and sqlite_file is not None:
            keys = [_key_beside(Path(f"{sqlite_file}.key"))]
        return cls(keys)

    @property
    def closed(self) -> bool:
        """Whether there is no key, so that no contact data may be kept."""
        return self._fernet is None

    def seal(self, text: str) -> str:
        """``text`` as it may lie in the database."""
        return text if self._fernet is None else self._fernet.encrypt(text.encode()).decode("ascii")

    def seal_file(self, content: bytes) -> str:
        """A file's ``content`` as it may lie in the database. Raises ``VaultError`` where there is no key."""
        if self._fernet is None:
            raise VaultError(f"{KEY_VARIABLE} is required to keep files")
        return self._fernet.encrypt(content).decode("ascii")

    def open_file(self, sealed: str) -> bytes:
        """The file that was sealed. Raises ``VaultError`` where no key fits."""
        try:
            if self._fernet is not None:
                return self._fernet.decrypt(sealed)
        except self._invalid:
            pass
        raise VaultError(f"{KEY_VARIABLE} is not the key that the file was sealed with")

    def open(self, sealed: str) -> str:
        """What was sealed. Raises ``VaultError`` where no key fits."""
        if self._fernet is None or not sealed.startswith(_MARK):
            return sealed
        try:
            return self._fernet.decrypt(sealed).decode()
        except self._invalid:
            raise VaultError(f"{KEY_VARIABLE} is not the key that the data was sealed with") from None

    def check(self, token: str) -> None:
        """Raise ``VaultError`` unless ``token``, sealed when the database was new, opens with these keys."""
        if self.closed:
            raise VaultError(f"{KEY_VARIABLE} is required: the data was sealed with a key")
        self.open(token)

    def digest(self, text: str) -> str:
        """What stands for ``text`` in a look-up and does not show it (HMAC-SHA256 with the first key, hexadecimal)."""
        return self.digests(text)[0]

    def digests(self, text: str) -> list[str]:
        """The digests of ``text`` under all keys, to find what was kept under earlier ones.

        A closed vault has but one, which whoever guesses the text can make as well.
        """
        return [hmac.digest(pepper, text.encode(errors="replace"), "sha256").hex() for pepper in self._pepper]


def _key_beside(file: Path) -> str:
    from cryptography.fernet import Fernet

    key = Fernet.generate_key().decode("ascii")
    if file.stem == MEMORY:
        return key
    if not file.exists():
        # Written aside and then linked into place: a second process finds the whole key or none.
        aside = file.with_name(f"{file.name}.{os.getpid()}")
        with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as opened:
            opened.write(f"{key}\n")
        try:
            os.link(aside, file)
        except FileExistsError:
            pass
        else:
            log.warning(_KEY_MADE, KEY_VARIABLE, file)
        finally:
            aside.unlink()
    return file.read_text("ascii").strip()
