"""The other side of a callback's envelope: what 企业微信 encrypts and signs. Made apart from the one that opens it."""

import base64
import hashlib
import os
import struct
import time
from xml.sax.saxutils import escape

from cryptography.hazmat.primitives import padding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes


def encrypt(text: str, aes_key: str, receiver: str) -> str:
    """``text`` for ``receiver``, in base64."""
    key = base64.b64decode(f"{aes_key}=")
    content = text.encode()
    padder = padding.PKCS7(256).padder()
    whole = os.urandom(16) + struct.pack(">I", len(content)) + content + receiver.encode()
    padded = padder.update(whole) + padder.finalize()
    encryptor = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
    return base64.b64encode(encryptor.update(padded) + encryptor.finalize()).decode()


def signed(token: str, sealed: str) -> dict[str, str]:
    """The query that goes along with what is sealed."""
    timestamp, nonce = str(int(time.time())), os.urandom(5).hex()
    signature = hashlib.sha1("".join(sorted([token, timestamp, nonce, sealed])).encode()).hexdigest()
    return {"msg_signature": signature, "timestamp": timestamp, "nonce": nonce}


def document(**fields: str) -> str:
    """A flat XML document."""
    return "<xml>" + "".join(f"<{name}>{escape(value)}</{name}>" for name, value in fields.items()) + "</xml>"
