"""What passes is told from what does not, and nobody's words get into what is said of it."""

import sqlite3

import pytest
from pydantic import ValidationError
from sqlalchemy import exc

from conversations.state.session import Session
from conversations.storage.faults import of_settings, passing, told


class DriverError(Exception):
    def __init__(self, sqlstate: str) -> None:
        super().__init__("x")
        self.sqlstate = sqlstate


def of_driver(sqlstate: str) -> exc.DBAPIError:
    return exc.DBAPIError("INSERT", {}, DriverError(sqlstate))


def of_interface(cause: Exception) -> exc.InterfaceError:
    complaint = Exception("x")
    complaint.__cause__ = cause
    return exc.InterfaceError("INSERT", {}, complaint)


@pytest.mark.parametrize(
    ("error", "passes"),
    [
        (ConnectionRefusedError("no"), True),
        (TimeoutError(), True),
        (exc.TimeoutError("the pool is exhausted"), True),
        (exc.OperationalError("INSERT", {}, sqlite3.OperationalError("database or disk is full")), True),
        (of_driver("57P01"), True),
        (of_driver("53100"), True),
        (of_driver("40001"), True),
        (of_driver("22021"), False),
        (of_interface(RuntimeError("the connection was closed")), True),
        (of_interface(ValueError("a value out of range")), False),
        (exc.InterfaceError("INSERT", {}, sqlite3.InterfaceError("binding")), False),
        (exc.IntegrityError("INSERT", {}, sqlite3.IntegrityError("UNIQUE")), False),
        (KeyError("asking"), False),
        (ValueError("王总"), False),
    ],
)
def test_what_passes(error: Exception, passes: bool) -> None:
    assert passing(error) is passes


def test_a_wrong_address_is_told_from_an_outage() -> None:
    assert of_settings(of_driver("28P01"))
    assert of_settings(of_driver("3D000"))
    assert not of_settings(of_driver("57P03"))
    assert not of_settings(exc.OperationalError("connect", {}, ConnectionRefusedError("no")))


def test_nobodys_words_are_told() -> None:
    with pytest.raises(ValidationError) as raised:
        Session.model_validate_json('{"id": "1", "person": "2", "answers": "王总的13800138000"}')
    assert "answers" in told(raised.value)
    for error in (raised.value, ValueError("王总的13800138000"), KeyError("王总的13800138000")):
        assert "王总" not in told(error)
        assert type(error).__name__ in told(error) or "Session" in told(error)
