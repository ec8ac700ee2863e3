"""WeChat's side of ``wence doctor``: is what the office has written of 企业微信 accepted there, and may it serve the account?

And is there anybody there to whom people can be put through? What talks to 企业微信 is only imported where it is set.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bot.doctor.diagnosis import Diagnosis, Severity, error, fine, warning
from bot.settings import Settings
from rules.raw import is_list, is_object

if TYPE_CHECKING:
    from bot.wechat.api import Json, WeChatError

_TODO = {
    40001: ("企业微信不认这个 Secret", "照 docs/wechat.md 重新抄 WENCE_WECHAT_CORP_ID 和 WENCE_WECHAT_SECRET"),
    40013: ("企业微信不认这个企业 ID", "照 docs/wechat.md 重新抄 WENCE_WECHAT_CORP_ID"),
    48002: (
        "这个应用还不能调用微信客服的接口",
        "管理后台“微信客服 → API → 可调用接口的应用”里选上它，并把客服账号交给它管",
    ),
    60020: (
        "这台机器的 IP 不在企业微信的可信名单里",
        "在应用的“企业可信IP”里加上这台机器的公网 IP；那里说要先设接收消息服务器的，先保存回调的 URL（wence serve 要开着）",
    ),
    60030: ("接待人员不在应用的可见范围里", "在应用的“可见范围”里加上客服账号的所有接待人员"),
}
"""What a refusal by this number says, and what to do."""
_AWAY = 1
"""``status`` of a member of staff who takes nobody at the moment; a department in the list has none."""


async def customer_service(settings: Settings) -> Sequence[Diagnosis]:
    """Are corp id and secret accepted, and is the account one that may be served?"""
    if not (written := settings.wechat):
        return [fine("没有设微信客服")]
    from bot.wechat.api import UnreachableError, WeChatApi, WeChatError

    try:
        async with WeChatApi(written["base_url"], written["corp_id"], written["secret"]) as api:
            answer = await api.call("kf/account/list", {"offset": 0, "limit": 100})
            found = _account(settings, written["kf"], answer)
            if found.severity is Severity.ERROR:
                return [found]
            return [found, *_staff(await api.get("kf/servicer/list", {"open_kfid": written["kf"]}))]
    except UnreachableError as failed:
        place = urlsplit(written["base_url"]).netloc
        return [error(f"连不上 {place}（{failed}）", f"从这台机器试：curl -sI {written['base_url']}；不通就找网络")]
    except WeChatError as refused:
        return [_refused(refused)]


def _account(settings: Settings, kf: str, answer: Json) -> Diagnosis:
    """May the account ``kf`` be served?"""
    accounts = _listed(answer, "account_list")
    ours = next((each for each in accounts if each.get("open_kfid") == kf), None)
    if ours is None:
        known = "、".join(f"{each.get('open_kfid')}（{each.get('name')}）" for each in accounts) or "一个也没有"
        return error(f"没有 WENCE_WECHAT_KF_ID 这个客服账号，能管的有：{known}", "写上其中一个；没有就先在企业微信里建")
    if ours.get("manage_privilege") is False:
        todo = "管理后台“微信客服 → API”里，把这个客服账号交给可调用接口的应用管理"
        return error(f"客服账号“{ours.get('name')}”不归这个应用管", todo)
    if settings.public_url is None:
        todo = "写上 WENCE_PUBLIC_URL，企业微信回调的网址就是它后面加 /wechat"
        return warning(f"客服账号“{ours.get('name')}”能用，但没有写对外的网址", todo)
    return fine(f"客服账号“{ours.get('name')}”能用，回调网址是 {settings.public_url}/wechat")


def _staff(answer: Json) -> Sequence[Diagnosis]:
    """Is there anybody to whom people can be put through?"""
    listed = _listed(answer, "servicer_list")
    if not listed:
        todo = "在企业微信的“客服账号”里选上接待人员；在那以前，转人工的人在工作台上等"
        return [warning("客服账号没有接待人员", todo)]
    if all(each.get("status") == _AWAY for each in listed):
        return [warning("接待人员都停止接待了", "请至少一位同事在企业微信里把自己改成“接待中”")]
    return []


def _listed(answer: Json, name: str) -> Sequence[Mapping[str, object]]:
    listed = answer.get(name)
    return [each for each in listed if is_object(each)] if is_list(listed) else []


def _refused(refused: WeChatError) -> Diagnosis:
    if refused.code in _TODO:
        return error(*_TODO[refused.code])
    return error(f"企业微信没让查（错误码 {refused.code}）", "在企业微信开发者中心的“全局错误码”里查这个号，照它说的改")
