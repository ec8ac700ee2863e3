"""The envelope of a callback: who sent it is proved by its signature, what it says lies encrypted.

The scheme is the one of 企业微信: SHA-1 over the sorted parts with the token, AES-256-CBC with a key whose first half is
the vector, padded to 32 bytes; inside are 16 random bytes, the length, the text, and whom it is for. Knows no message.
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

_BLOCK, _RANDOM, _LENGTH = 32, 16, 4


class ForgedError(ValueError):
    """What came is not from 企业微信, or not for us."""


class Envelope:
    """Opens what is sent to ``receiver`` (the corp id); ``token`` and ``aes_key`` are those of the callback's page.

    Raises ValueError where the key is none.
    """

    def __init__(self, token: str, aes_key: str, receiver: str) -> None:
        self._token = token
        self._key = key_of(aes_key)
        self._receiver = receiver.encode()

    def open(self, query: Mapping[str, str], sealed: str) -> str:
        """The text in ``sealed``, which came with this ``query``. Raises ``ForgedError``."""
        parts = sorted([self._token, query.get("timestamp", ""), query.get("nonce", ""), sealed])
        wanted = hashlib.sha1("".join(parts).encode(), usedforsecurity=False).hexdigest()
        if not hmac.compare_digest(wanted.encode(), query.get("msg_signature", "").encode(errors="replace")):
            raise ForgedError("wrong signature")
        try:
            return self._decrypt(base64.b64decode(sealed, validate=True))
        except (binascii.Error, ValueError) as error:
            raise ForgedError("not encrypted with our key") from error

    def _decrypt(self, sealed: bytes) -> str:
        decryptor = Cipher(algorithms.AES(self._key), modes.CBC(self._key[:_RANDOM])).decryptor()
        padded = decryptor.update(sealed) + decryptor.finalize()
        padding = padded[-1] if padded else 0
        if not 1 <= padding <= _BLOCK or padded[-padding:] != bytes([padding]) * padding:
            raise ValueError("wrong padding")
        content = padded[_RANDOM:-padding]
        end = _LENGTH + int.from_bytes(content[:_LENGTH], "big")
        if not hmac.compare_digest(content[end:], self._receiver):
            raise ValueError("for somebody else")
        return content[_LENGTH:end].decode()


def key_of(aes_key: str) -> bytes:
    """The 32 bytes that an EncodingAESKey stands for. Raises ValueError where it is none."""
    if len(aes_key) != 43 or not (aes_key.isascii() and aes_key.isalnum()):
        raise ValueError("an EncodingAESKey has 43 letters and digits")
    return base64.b64decode(f"{aes_key}=")


def fields(xml: str | bytes) -> dict[str, str]:
    """The fields of a flat XML document; one that declares types or entities is refused. Raises ``ForgedError``."""
    try:
        root = fromstring(xml, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise ForgedError("no XML that can be read") from error
    return {child.tag: (child.text or "").strip() for child in root}
