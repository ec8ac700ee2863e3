"""Two threads that read at once read as one does: what they share is compiled rules, kept claims and readers."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial

from conversations.consultation.dialogue import turn
from conversations.state.messages import Inbound, Kind
from conversations.state.session import Session
from conversations.state.shelf import Shelf
from tests import served

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
TEXTS = (
    "我们做代运营，去年收了240万服务费，注册在郑州，是省级电商示范企业",
    "管着两个电商园区，一个是国家级的，一个是市级的，去年培训花了12万",
    "有支付牌照，总部打算从上海迁来，租在电商楼宇里，一年租金三十来万",
    "列入了市级试点，投了1760万，做物流，代运营服务费160万，没评过级",
) * 3


def read(shelf: Shelf, text: str) -> list[str]:
    said = Inbound(id="1", channel="x", person="p", chat="p", kind=Kind.TEXT, text=text, at=NOW)
    taken = turn(Session.begin("s", "p", shelf, NOW), said, shelf, NOW)
    return [taken.session.model_dump_json(), *(reply.text for reply in taken.replies)]


def test_readers_beside_each_other() -> None:
    alone = [read(served.shelf(), text) for text in TEXTS]
    shared = Shelf(served.policy())  # nothing is compiled yet
    with ThreadPoolExecutor(3) as threads:
        assert list(threads.map(partial(read, shared), TEXTS)) == alone
