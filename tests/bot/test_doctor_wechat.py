"""``wence doctor`` on WeChat customer service: what is wrong is found, said with what to do, and shows no secret."""

import pytest

from bot.doctor.diagnosis import Severity
from bot.doctor.wechat import customer_service
from bot.settings import Settings, SettingsError
from tests.wechatapi import FakeWeChat
from tests.wechatapi.server import AES_KEY, SECRET

pytestmark = pytest.mark.usefixtures("without_settings")


def settings(wechat: FakeWeChat, given: dict[str, str] | None = None) -> Settings:
    told = {name.removeprefix("WENCE_").lower(): value for name, value in wechat.settings.items()}
    return Settings.model_validate(told | (given or {}))


@pytest.mark.parametrize(
    ("servicers", "words"),
    [
        ([], "没有接待人员"),
        ([{"userid": "lisi", "status": 1}, {"userid": "wang", "status": 1, "stop_type": 0}], "停止接待"),
        ([{"userid": "lisi", "status": 1}, {"userid": "wang", "status": 0}], ""),
        ([{"department_id": 2}], ""),
    ],
)
async def test_somebody_has_to_be_there_to_whom_people_are_put_through(
    servicers: list[dict[str, object]], words: str
) -> None:
    async with FakeWeChat() as wechat:
        wechat.world.servicers = servicers
        account, *staff = await customer_service(settings(wechat, {"public_url": "https://a.example"}))
    assert account.severity is Severity.FINE
    assert [words in found.text for found in staff] == [True] * bool(words)


async def test_without_it_there_is_nothing_to_look_at() -> None:
    (found,) = await customer_service(Settings())
    assert found.severity is Severity.FINE


@pytest.mark.parametrize(
    ("given", "severity", "words"),
    [
        ({"public_url": "https://a.example"}, Severity.FINE, "https://a.example/wechat"),
        ({}, Severity.WARNING, "WENCE_PUBLIC_URL"),
        ({"wechat_secret": "another"}, Severity.ERROR, "Secret"),
        ({"wechat_kf_id": "wkAnother"}, Severity.ERROR, "政策咨询"),
        ({"wechat_base_url": "http://127.0.0.1:9"}, Severity.ERROR, "127.0.0.1:9"),
    ],
    ids=["fine", "no address", "secret", "account", "unreachable"],
)
async def test_what_is_found(given: dict[str, str], severity: Severity, words: str) -> None:
    async with FakeWeChat() as wechat:
        (found,) = await customer_service(settings(wechat, given))
    told = f"{found.text}。{found.todo}"
    assert (found.severity, words in told) == (severity, True), told
    assert SECRET not in told


@pytest.mark.parametrize(
    ("code", "words"), [(60020, "可信"), (48002, "可调用接口的应用"), (60030, "可见范围"), (12345, "12345")]
)
async def test_what_is_not_let_through_is_said_with_what_to_do(code: int, words: str) -> None:
    async with FakeWeChat() as wechat:
        wechat.fail("kf/account/list", errcode=code)
        (found,) = await customer_service(settings(wechat))
    assert words in f"{found.text}。{found.todo}"


def test_settings_that_lack_something_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WENCE_WECHAT_CORP_ID", "ww1")
    with pytest.raises(SettingsError, match="WENCE_WECHAT_SECRET"):
        Settings.read()
    for name in ("SECRET", "KF_ID", "TOKEN"):
        monkeypatch.setenv(f"WENCE_WECHAT_{name}", "given")
    monkeypatch.setenv("WENCE_WECHAT_AES_KEY", AES_KEY[:-1])
    with pytest.raises(SettingsError, match=r"WENCE_WECHAT_AES_KEY.*43"):
        Settings.read()
    monkeypatch.setenv("WENCE_WECHAT_AES_KEY", AES_KEY)
    assert Settings.read().wechat["kf"] == "given"
