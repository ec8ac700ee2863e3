"""The envelope of a callback: opened where it is from 企业微信 and for us, else never."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.wechat.envelope import Envelope, ForgedError, fields, key_of
from tests.wechatapi.sealing import encrypt, signed
from tests.wechatapi.server import AES_KEY, CORP, TOKEN

ENVELOPE = Envelope(TOKEN, AES_KEY, CORP)
OTHER_KEY = AES_KEY[::-1]


@given(st.text())
def test_what_is_sealed_is_opened(text: str) -> None:
    text = text.encode(errors="ignore").decode()
    sealed = encrypt(text, AES_KEY, CORP)
    assert ENVELOPE.open(signed(TOKEN, sealed), sealed) == text


@given(st.binary(max_size=200), st.text(max_size=30))
def test_whatever_else_comes_is_refused(content: bytes, signature: str) -> None:
    sealed = content.hex()
    with pytest.raises(ForgedError):
        ENVELOPE.open(signed(TOKEN, sealed), sealed)
    with pytest.raises(ForgedError):
        ENVELOPE.open({"msg_signature": signature}, encrypt("", AES_KEY, CORP))


@pytest.mark.parametrize(
    ("token", "key", "receiver"),
    [("another", AES_KEY, CORP), (TOKEN, OTHER_KEY, CORP), (TOKEN, AES_KEY, "wwAnother")],
    ids=["token", "key", "receiver"],
)
def test_an_envelope_of_somebody_else_stays_closed(token: str, key: str, receiver: str) -> None:
    sealed = encrypt("text", key, receiver)
    with pytest.raises(ForgedError):
        ENVELOPE.open(signed(token, sealed), sealed)


@pytest.mark.parametrize("key", ["", "a" * 42, "a" * 44, "é" * 43, "/" * 42 + "="])
def test_what_is_no_key(key: str) -> None:
    with pytest.raises(ValueError, match="43"):
        key_of(key)


@pytest.mark.parametrize(
    "xml",
    [
        "",
        "<xml>",
        '<!DOCTYPE xml [<!ENTITY a "b">]><xml><Encrypt>&a;</Encrypt></xml>',
        '<!DOCTYPE xml SYSTEM "file:///etc/passwd"><xml><Encrypt>a</Encrypt></xml>',
    ],
)
def test_a_document_that_declares_anything_is_refused(xml: str) -> None:
    with pytest.raises(ForgedError):
        fields(xml)


def test_the_fields_of_a_document() -> None:
    told = "<xml><Event><![CDATA[kf_msg_or_event]]></Event><Token>\n a&amp;b </Token></xml>"
    assert fields(told) == {"Event": "kf_msg_or_event", "Token": "a&b"}
