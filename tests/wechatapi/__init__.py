"""WeChat customer service on loopback, strict where it is, with people and staff whom tests hold in their hands."""

from tests.wechatapi.people import Visitor
from tests.wechatapi.server import FakeWeChat

__all__ = ["FakeWeChat", "Visitor"]
