"""Whose the facts of a conversation are: a client's, whoever speaks for them; the speaker's; or another firm's."""

from typing import NamedTuple

import pytest
from pydantic import JsonValue

from conversations.converse import Conversations
from conversations.language.persons import client, exchanged
from conversations.language.text import normalise
from tests import served
from tests.table import check_each

SHELF = served.shelf()


class Told(NamedTuple):
    """What is said, one message after the other, and the facts of the enterprise that it comes to."""

    messages: tuple[str, ...]
    facts: dict[str, JsonValue]


HERE: dict[str, JsonValue] = {"registered_in_zhengzhou": True}
ONLINE: dict[str, JsonValue] = {"registered_in_zhengzhou": True, "ecommerce_business": True}
AGENCY: dict[str, JsonValue] = {"registered_in_zhengzhou": True, "agency_operator": True}

TOLD = [
    # a relative who sent the speaker is the client from then on, another relative is not
    Told(
        (
            "俺舅让俺替他问问，他公司在新郑注册",
            "俺二姨家也有个公司，她那个是国家级电商示范企业",
            "俺舅这边是省级电商示范企业",
        ),
        {**HERE, "demonstration_level": "provincial"},
    ),
    Told(("俺闺女托俺问嘞，她在郑东新区注册了公司，网上卖手工皂", "她对象在开封有个公司，是省级电商示范企业"), ONLINE),
    Told(("我姐不会用电脑，我替她问，她的公司注册在上街，开天猫店卖童装",), ONLINE),
    Told(
        (
            "替我爸问一下：他的公司是做代运营的，注册在二七区，去年服务费收入180万",
            "我自己在杭州也有个公司，是国家级示范企业，不算",
        ),
        {**AGENCY, "agency_service_fee": 1800000},
    ),
    # who works for a relative speaks of their firm as "we"
    Told(
        ("我给我二哥的公司管账，二哥让我问问。我们公司注册在上街，网上卖铝锅", "二哥说CA一年3300"),
        {**ONLINE, "digital_certificate_fee": 3300},
    ),
    # who asks for another one in passing still speaks for themselves
    Told(
        ("我家公司注册在中原区，自己开网店", "顺便帮我朋友问一句，他公司是国家级电商示范企业，在洛阳注册，能领多少"),
        ONLINE,
    ),
    # agents and the office
    Told(("我帮客户咨询，以下都是客户的情况：一家在抖音上卖零食的公司，注册地在惠济区",), ONLINE),
    Told(
        (
            "代客户咨询：某代运营公司，注册在郑州，年服务费收入230万元",
            "我们公司自己在深圳，有支付业务许可证，不用管",
        ),
        {**AGENCY, "agency_service_fee": 2300000},
    ),
    Told(
        ("我帮客户问的，他们注册在郑州，做跨境电商", "他们参没参与过国家标准我不清楚，回头问问"),
        ONLINE,
    ),
    # the group is us, its subsidiaries are not; to a subsidiary it is the other way round
    Told(
        ("我们是控股集团，注册在郑东新区。全资子公司持有支付业务许可证，集团没有",),
        {**HERE, "payment_licence": False},
    ),
    Told(("集团是国家级示范企业，我们只是集团下面的子公司，注册在郑州",), HERE),
    # what an insider or a relative is quoted with is the firm's; hearsay is nobody's
    Told(
        ("公司注册在中原区，网上卖灯具", "会计说，CA证书去年花了3800"),
        {**ONLINE, "digital_certificate_fee": 3800},
    ),
    Told(("俺公司在荥阳注册，做代运营", "俺媳妇说去年服务费收了一百五十万"), {**AGENCY, "agency_service_fee": 1500000}),
    Told(
        ("我们注册在郑州高新区", "听同行说代运营服务费一百万以上就能拿十万", "隔壁老板说他们公司是国家级的示范企业"),
        HERE,
    ),
    Told(("我们注册在郑州", "我表哥也做代运营，他说他一年服务费有三百万"), HERE),
    # another's thing, also where that is said last
    Told(("我们公司注册在新密", "有个林业试点投了1500万，那是我表哥公司在做，跟我没关系"), HERE),
    Told(
        ("我们做代运营，注册在二七区，去年服务费130万", "服务费400万的那家是我弟的，别记到我头上"),
        {**AGENCY, "agency_service_fee": 1300000},
    ),
    Told(("公司在郑州注册的", "国家标准我没参与过，那是我堂弟公司参与的"), {**HERE, "national_standard": False}),
    Told(("我哋公司喺郑州高新区注册", "嗰个园区系朋友嘅，国家级，唔关我哋事"), HERE),
]


def test_the_facts_are_those_of_the_enterprise_in_question() -> None:
    conversations = Conversations(SHELF)

    def check(told: Told) -> None:
        case: object = {}
        for message in told.messages:
            case = conversations.say({"chat": told.messages[0], "text": message})["case"]
        assert case == {"enterprise": told.facts}

    check_each(TOLD, check, lambda told: " / ".join(told.messages))


@pytest.mark.parametrize(
    ("text", "known", "asked_for"),
    [
        ("俺叔叔叫俺问问，他在中牟弄了个公司", False, "叔"),
        ("我是老板的外甥，他不会打字让我来问", False, None),
        ("老板让我来问问补贴", False, None),
        ("帮我朋友问一句，他能领多少", True, None),
        ("我是帮我朋友问的", True, "朋友"),
        ("顺便替我同学打听一下", False, None),
        ("我是代账会计，替客户咨询", True, "客户"),
    ],
)
def test_whom_somebody_asks_for(text: str, known: bool, asked_for: str | None) -> None:
    assert client(normalise(text), known) == asked_for


@pytest.mark.parametrize(
    ("text", "asked_for", "meant"),
    [
        ("俺叔这边没有，俺姑有，她那个是省级", "叔", "我们这边没有,俺姑有,她那个是省级"),
        ("他们给客户做代运营，我们不做", "客户", "我们给客户做代运营,他们不做"),
        ("我查了下，我公司在西安", "客户", "我查了下,他公司在西安"),
        ("其他企业", "客户", "其他企业"),
    ],
)
def test_persons_are_exchanged(text: str, asked_for: str, meant: str) -> None:
    assert exchanged(normalise(text), asked_for) == meant
