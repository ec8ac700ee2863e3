"""``wence serve`` from outside: clear errors, the web alone, secrets that stay out of the log, an orderly end."""

import asyncio
import logging
import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import httpx
import pytest

from bot import serve
from bot.channel import ChannelError
from bot.serve import Redacting
from bot.settings import Settings, SettingsError

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.usefixtures("without_settings")
TOKEN = "123456789:AAFabcdefghijklmnopqrstuvwxyz_-12345"


def start(folder: Path, **settings: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "bot", "serve"],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT)} | settings,
        stderr=subprocess.PIPE,
        text=True,
    )


def free_port() -> str:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return str(free.getsockname()[1])


def test_defaults_and_the_file_env(tmp_path: Path) -> None:
    assert Settings.read().database_url == "sqlite+aiosqlite:///wence.db"
    Path(".env").write_text(f"WENCE_STAFF_IDS= 5, 6 ,\nWENCE_TELEGRAM_TOKEN={TOKEN}\nWENCE_PORT=\n", encoding="utf-8")
    settings = Settings.read()
    assert (settings.staff_ids, settings.port) == (frozenset({5, 6}), 8000)
    assert TOKEN not in repr(settings)


def test_the_example_names_every_setting_and_is_valid(tmp_path: Path) -> None:
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    assert {f"WENCE_{name.upper()}=" for name in Settings.model_fields} <= set(example.splitlines())
    Path(".env").write_text(example, encoding="utf-8")
    assert Settings.read() == Settings()


@pytest.mark.parametrize(
    ("variables", "served"),
    [
        ({}, (None,)),
        ({"POLICY": "one"}, ("one",)),
        ({"POLICIES": " one , packs/two,"}, ("one", "packs/two")),
        ({"POLICIES": "one", "POLICY": "one"}, ("one",)),
    ],
)
def test_the_packs_to_serve(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], served: tuple[str | None, ...]
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(f"WENCE_{name}", value)
    assert Settings.read().served == served


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        ({"WEBHOOK_URL": "https://a.example/x", "TELEGRAM_TOKEN": TOKEN}, "WENCE_WEBHOOK_SECRET: required"),
        ({"WEBHOOK_URL": "https://a.example/x", "WEBHOOK_SECRET": "s"}, "WENCE_TELEGRAM_TOKEN: required"),
        ({"WEBHOOK_URL": "a.example", "WEBHOOK_SECRET": "s", "TELEGRAM_TOKEN": TOKEN}, "WENCE_WEBHOOK_URL: a URL"),
        ({"WEBHOOK_SECRET": "密"}, "WENCE_WEBHOOK_SECRET: 1 to 256"),
        ({"TELEGRAM_TOKEN": "nonsense"}, "WENCE_TELEGRAM_TOKEN: a token looks like"),
        ({"DATABASE_URL": "mysql://x"}, "WENCE_DATABASE_URL: begins with"),
        ({"STAFF_IDS": "5,王"}, "WENCE_STAFF_IDS: user ids"),
        ({"PORT": "99999"}, "WENCE_PORT: "),
        ({"POLICIES": "one, two", "POLICY": "one"}, "WENCE_POLICIES and WENCE_POLICY name different policies"),
        ({"POLICIES": "one, two, one"}, "WENCE_POLICIES names one twice"),
    ],
)
def test_a_wrong_setting_is_named(monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], message: str) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(f"WENCE_{name}", value)
    with pytest.raises(SettingsError, match=message) as raised:
        Settings.read()
    assert "nonsense" not in str(raised.value)


@pytest.mark.parametrize(
    "text",
    [
        f"POST https://api.telegram.org/bot{TOKEN}/sendMessage",
        f"The token `{TOKEN}` was rejected",
        "联系电话 13812345678，谢谢",
        "+86 138-1234-5678",
        "+8613812345678",
        "0371-67181234",
    ],
)
def test_neither_token_nor_phone_reaches_the_log(text: str) -> None:
    try:
        raise ValueError(text)
    except ValueError:
        record = logging.LogRecord("x", logging.ERROR, "f", 1, "text: %s", (text,), sys.exc_info())
    shown = Redacting().format(record)
    assert "Traceback" in shown
    for secret in (TOKEN, "12345678", "1234-5678", "67181234"):
        assert secret not in shown


@pytest.mark.parametrize(
    "text", ["chat -1001234567890", "2026-11-24 12:00:00,123", "update 100000001", "1.13812345678"]
)
def test_other_figures_stay(text: str) -> None:
    assert Redacting().format(logging.LogRecord("x", logging.INFO, "f", 1, text, (), None)) == text


@pytest.mark.slow
def test_bad_settings_and_a_port_in_use_end_with_a_sentence(tmp_path: Path) -> None:
    process = start(tmp_path, WENCE_WEBHOOK_URL="https://a.example/x", WENCE_TELEGRAM_TOKEN=TOKEN)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 2
    assert "WENCE_WEBHOOK_SECRET: required" in errors
    process = start(tmp_path, WENCE_POLICIES="one,two")
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 2
    assert "there is no such pack or folder" in errors
    with socket.create_server(("127.0.0.1", 0)) as taken:
        process = start(tmp_path, WENCE_PORT=str(taken.getsockname()[1]))
        _, errors = process.communicate(timeout=60)
    assert process.returncode == 2
    assert "Traceback" not in errors


def health(port: str) -> str:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
            return answer.read().decode()
    except (urllib.error.URLError, OSError):
        return ""


async def served(process: "subprocess.Popen[str]", port: str) -> None:
    """Waits until ``process`` serves."""
    async with asyncio.timeout(60):
        while "ok" not in await asyncio.to_thread(health, port):
            assert process.poll() is None
            await asyncio.sleep(0.1)


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_without_a_token_the_web_runs_alone_and_ends_in_order(tmp_path: Path, number: signal.Signals) -> None:
    port = free_port()
    process = start(tmp_path, WENCE_PORT=port)
    try:
        await served(process, port)
        process.send_signal(number)
        _, errors = await asyncio.to_thread(process.communicate, timeout=30)
    finally:
        process.kill()
    assert process.returncode == 0
    assert "Traceback" not in errors


@pytest.mark.slow
async def test_the_log_has_no_address_of_a_consultation(tmp_path: Path) -> None:
    port = free_port()
    process = start(tmp_path, WENCE_PORT=port)
    try:
        await served(process, port)
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}/api/v1") as client:
            id = (await client.post("/consultations")).json()["id"]
            told = await client.post(f"/consultations/{id}/messages", json={"text": "我们做代运营"})
            assert told.json()["case"]["enterprise"] == {"agency_operator": True}
            assert (await client.put(f"/consultations/{id}")).status_code == 405
            assert (await client.delete(f"/consultations/{id}")).status_code == 204
            assert (await client.get(f"/consultations/{id}")).status_code == 404
        process.send_signal(signal.SIGTERM)
        _, errors = await asyncio.to_thread(process.communicate, timeout=30)
    finally:
        process.kill()
    assert f"127.0.0.1:{port}" in errors
    assert id not in errors
    assert "/consultations" not in errors


async def test_whatever_fails_in_the_background_begins_anew(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(serve, "FIRST_PAUSE", 0.0)
    monkeypatch.setattr(serve, "LONGEST_PAUSE", 0.0)
    faults: list[Exception] = [ConnectionRefusedError("no database"), KeyError("王总的电话"), OSError("disk full")]

    async def work() -> None:
        if faults:
            raise faults.pop(0)

    await serve._steadily(work, "It failed")
    assert not faults
    assert [record.levelname for record in caplog.records] == ["WARNING", "ERROR", "WARNING"]
    assert "王总" not in caplog.text

    async def refused() -> None:
        raise ChannelError("the token is not accepted")

    with pytest.raises(ChannelError):
        await serve._steadily(refused, "It failed")
