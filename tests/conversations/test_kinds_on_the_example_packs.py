"""One thing said in several ways on the example packs, with what sounds like it and says something else."""

from collections.abc import Mapping, Sequence
from functools import cache

from conversations.converse import Conversations
from conversations.state.shelf import Shelf
from knowledge.loading import load
from tests.conversations.test_kinds_of_saying import held
from tests.table import check_each

SHOPS = "haicheng-ecommerce-2024"
WORKS = "haicheng-industry-2023"
HONEST, SAFE = "enterprise.dishonest", "enterprise.accident_last_year"
Row = tuple[Sequence[str], Sequence[str], Mapping[str, object]]
"""The documents, the messages, and what stands at the paths of the case at the end (None: nothing)."""


@cache
def shelf(*policies: str) -> Shelf:
    return Shelf.of([load(policy) for policy in policies])


def check(row: Row) -> None:
    policies, messages, expected = row
    conversations = Conversations(shelf(*policies))
    case = [conversations.say({"chat": "a", "text": text, "on": "2025-04-20"})["case"] for text in messages][-1]
    assert {path: held(case, path) for path in expected} == dict(expected)


def check_rows(rows: Sequence[Row]) -> None:
    check_each(rows, check, lambda row: " / ".join(row[1]))


def test_what_is_denied_side_by_side_is_denied_of_each() -> None:
    neither = {HONEST: False, SAFE: False}
    check_rows(
        [
            ([WORKS], ["失信和较大事故都没有"], neither),
            ([WORKS], ["失信、较大安全事故，这些都没有过"], neither),
            ([WORKS], ["没有失信和较大事故"], neither),
            ([WORKS], ["没有失信记录，去年是出过较大事故的"], {HONEST: False, SAFE: True}),
            ([WORKS], ["失信上过名单，较大事故没有"], {SAFE: False}),
        ]
    )


def test_one_who_is_put_right_in_the_same_breath_is_no_second_one() -> None:
    def one(degree: str) -> Mapping[str, object]:
        return {"persons.0.degree": degree, "persons.1": None}

    check_rows(
        [
            ([WORKS], ["我们引进了一个博士，不对，是硕士，她是1990年3月份生的"], one("master")),
            ([WORKS], ["我们引进了一个博士啊不对是硕士我说快了她是1990年3月份生的合同签了四年"], one("master")),
            ([WORKS], ["引进了一位硕士，说错了，是博士，签了五年"], one("doctor")),
            ([WORKS], ["引进了一位硕士，签了五年，另外还有一个博士"], {"persons.1.degree": "doctor"}),
        ]
    )


def test_a_figure_of_one_document_is_none_of_the_other() -> None:
    land = "我们是家具制造企业，新拍了4公顷工业用地，固定资产投资3.2亿"
    fixed = {"haicheng-industry-2023.projects.0.fixed_investment": 320000000}
    check_rows(
        [
            ([SHOPS, WORKS], [land, "抖音店去年卖了700多万"], fixed),
            ([SHOPS, WORKS], [land, "拼多多去年卖了1900万，前年1600万"], fixed),
            ([SHOPS, WORKS], [land, "去年网上零售额5000万"], fixed),
        ]
    )


def test_what_is_told_behind_a_supposition_is_told() -> None:
    lately = ["我们在海珵注册，24年1月份成立的，自己有小程序商城"]
    check_rows(
        [
            ([SHOPS], [*lately, "要是我现在重新注册一个公司接着卖，能算新办吗？我们没有失信"], {HONEST: False}),
            ([SHOPS], [*lately, "如果明年搬走 还能报吗? 失信名单里没有我们"], {HONEST: False}),
            ([SHOPS], [*lately, "假如我们上了失信名单呢？"], {HONEST: None}),
            ([SHOPS], [*lately, "要是失信了，还能报吗？"], {HONEST: None}),
        ]
    )


def test_what_was_not_so_years_ago_says_nothing_of_today() -> None:
    net = "enterprise.ecommerce_business"
    check_rows(
        [
            ([SHOPS], ["我们有家淘宝店 前年没在网上卖过"], {net: True}),
            ([SHOPS], ["前年没在网上卖过"], {net: None}),
            ([SHOPS], ["我们从没在网上卖过"], {net: False}),
            ([WORKS], ["前年没出过较大事故"], {SAFE: None}),
        ]
    )


def test_who_makes_things_is_in_industry() -> None:
    industrial = "enterprise.industrial"
    check_rows(
        [
            ([WORKS], ["我公司在海珵市登记，生产饼干，2011年成立"], {industrial: True}),
            ([WORKS], ["主业是生产注塑机械"], {industrial: True}),
            ([WORKS], ["海珵注册，装备制造，同时淘宝零售配件"], {industrial: True}),
            ([WORKS], ["我们是化纤企业"], {industrial: True}),
            ([WORKS], ["做电路板的 海珵注册"], {industrial: True}),
            ([WORKS], ["公司在海珵，生产都停了"], {industrial: None}),
            ([WORKS], ["生产这块先不说"], {industrial: None}),
            ([WORKS], ["我们卖机床，海珵注册"], {industrial: None}),
        ]
    )


def test_a_sum_put_right_beside_the_documents_own_figure() -> None:
    sales = ["去年营收3.1个亿 前年2.6亿"]
    last = "enterprise.revenue.2024"
    check_rows(
        [
            ([WORKS], [*sales, "不对 3.1亿是含税数 报表营业收入2.86亿 那够不着3亿那档了吧"], {last: 286000000}),
            ([WORKS], [*sales, "3.1亿写错了，是3.2亿，够3亿那一档了"], {last: 320000000}),
            ([WORKS], [*sales, "3亿那档给多少"], {last: 310000000}),
        ]
    )


def test_what_did_not_change_is_not_what_is_put_right() -> None:
    land = ["我们是家具制造企业，新拍了4公顷工业用地建新厂，固定资产投资3.2亿"]
    check_rows(
        [
            ([WORKS], [*land, "看了合同，地是4.2公顷，前面说少了。固投没变"], {"projects.0.mu": 63}),
            (
                [WORKS],
                [*land, "固投说少了，是3.5亿。地没变"],
                {"projects.0.mu": 60, "projects.0.fixed_investment": 350000000},
            ),
        ]
    )


def test_a_kind_that_is_denied_denies_nothing_else() -> None:
    industrial, sector = "enterprise.industrial", "enterprise.sector"
    check_rows(
        [
            ([WORKS], ["我们不是食品厂"], {industrial: None, sector: None}),
            ([WORKS], ["不是食品厂，是做机床的工厂"], {industrial: True, sector: "equipment"}),
            ([WORKS], ["我们归到其他，不算纺织"], {industrial: None, sector: "other"}),
            ([WORKS], ["我们不是工业企业"], {industrial: False}),
        ]
    )


def test_what_is_only_named_is_denied_but_not_affirmed() -> None:
    check_rows(
        [
            ([WORKS], ["安全事故去年没有，失信名单也没有"], {SAFE: False, HONEST: False}),
            ([WORKS], ["失信:无 事故:无"], {SAFE: False, HONEST: False}),
            ([WORKS], ["去年没出过什么大的事故"], {SAFE: False}),
            ([WORKS], ["去年出过事故"], {SAFE: None}),
        ]
    )


def test_somebody_who_is_asked_for_by_the_way_is_not_we() -> None:
    revenue = "enterprise.revenue.2024"
    check_rows(
        [
            ([WORKS], ["我们做机床，有个客户让我顺带问问 他家做轴承 去年营收2亿1 能拿规模奖不"], {revenue: None}),
            ([WORKS], ["集团下面还有个子公司，先说母公司", "母公司去年营业收入2.3亿"], {revenue: 230000000}),
        ]
    )


def test_what_was_received_is_no_question_about_the_grant() -> None:
    received = "enterprise.received_this_year"
    check_rows(
        [
            ([SHOPS], ["今年已经到账的有规模奖励20万 增长奖励和发货的都没到"], {received: 200000}),
            ([SHOPS], ["今年规模奖励20万已经到账"], {received: 200000}),
            ([SHOPS], ["规模奖励20万什么时候到账"], {received: None}),
        ]
    )
