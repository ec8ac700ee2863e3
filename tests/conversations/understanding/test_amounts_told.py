"""Figures in descriptions, told in many ways: years said once, counts of a part, rows of a list, spans in two parts."""

from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

from conversations.language.descriptions import DescriptionReader
from conversations.language.focus import NOWHERE
from rules.case import value_to_json
from tests import served
from tests.table import check_each

HERE = replace(NOWHERE, on=date(2025, 4, 20))
NAMES = {
    "营收": "enterprise.revenue",
    "网零": "haicheng-ecommerce-2024/enterprise.online_sales",
    "包裹": "haicheng-ecommerce-2024/enterprise.parcels",
    "客户": "haicheng-ecommerce-2024/enterprise.clients",
    "新招": "haicheng-industry-2023/enterprise.new_employees",
    "设备": "haicheng-industry-2023/devices",
    "首台套": "haicheng-industry-2023/machines",
    "项目": "haicheng-industry-2023/projects",
    "贷款": "haicheng-industry-2023/loans",
    "人才": "haicheng-industry-2023/persons",
}


@cache
def reader() -> DescriptionReader:
    return DescriptionReader(served.shelf("haicheng-ecommerce-2024", "haicheng-industry-2023").policy)


def told(text: str) -> dict[str, Any]:
    """The figures that a text states, by their short names."""
    facts = reader().read(text, HERE).facts
    short = {path: name for name, path in NAMES.items()}
    found: dict[str, Any] = {}
    for path, value in facts.items():
        own = next((full for full in short if path.startswith(full)), None)
        if own is not None and value != () and not isinstance(value, bool | str):
            found[short[own] + path.removeprefix(own)] = value_to_json(value)
    return found


def check(rows: dict[str, dict[str, Any]]) -> None:
    def told_so(row: tuple[str, dict[str, Any]]) -> None:
        text, expected = row
        assert told(text) == expected

    check_each(list(rows.items()), told_so)


def test_a_year_said_once_governs_what_follows() -> None:
    check(
        {
            "2024：营收3.1亿，网销1.6亿": {"营收@2024": 310000000, "网零@2024": 160000000},
            "2023年营收8000万，网上零售额2000万；2024年营收9000万，网上零售额2600万": {
                "营收@2023": 80000000,
                "网零@2023": 20000000,
                "营收@2024": 90000000,
                "网零@2024": 26000000,
            },
            "去年营业收入5200万，其中网上零售额1800万；前年营业收入4700万，网上1500万": {
                "营收@2024": 52000000,
                "网零@2024": 18000000,
                "营收@2023": 47000000,
                "网零@2023": 15000000,
            },
            "3、2024年网销7200万，2023年6100万": {"网零@2024": 72000000, "网零@2023": 61000000},
            "2024年：\n营收6000万\n网销2400万": {"营收@2024": 60000000, "网零@2024": 24000000},
            "2024营收6600万，2023营收6000万": {"营收@2024": 66000000, "营收@2023": 60000000},
            "去年营收7000万；从海珵发出包裹22万件": {"营收@2024": 70000000, "包裹@2024": 220000},
            "老公司去年营收8300万，前年8900万，掉了": {"营收@2024": 83000000, "营收@2023": 89000000},
            "去年营业额五百一十万前年四百六十万涨了差不多一成吧": {"营收@2024": 5100000, "营收@2023": 4600000},
            "去年营收2亿网上零售额9000万前年营收1.8亿网上零售额7000万": {
                "营收@2024": 200000000,
                "网零@2024": 90000000,
                "营收@2023": 180000000,
                "网零@2023": 70000000,
            },
            "2024年为本市36家企业做了设计，公司营业收入总计3900万元，2023年3300万元": {
                "客户@2024": 36,
                "营收@2024": 39000000,
                "营收@2023": 33000000,
            },
            "公司2022年成立，营收2000万": {},
            "2022年网销500万，营业额2000万是2021年的": {"网零@2022": 5000000, "营收@2021": 20000000},
        }
    )


def test_of_a_whole_and_a_part_the_part_that_is_the_facts_own() -> None:
    check(
        {
            "2024年一共服务了72家客户，其中本市企业44家": {"客户@2024": 44},
            "去年总共卖了8000万，批发占了3000万，剩下5000万是网店卖的": {"网零@2024": 50000000},
            "2024年给本市48家企业做过培训，营收770万，2023年是680万": {
                "客户@2024": 48,
                "营收@2024": 7700000,
                "营收@2023": 6800000,
            },
            "去年招了64个人，社保满半年的有51个": {"新招": 51},
            "去年新招66人其中社保满半年47人": {"新招": 47},
            "我们新拿了一块工业用地，61.5亩，固投2.6亿": {"项目.0.mu": 61.5, "项目.0.fixed_investment": 260000000},
            "我们有块老厂区，61.5亩": {},
            "去年网店包裹一共18万件，从海珵发的是13.2万件": {"包裹@2024": 132000},
        }
    )


def test_rows_of_a_list_are_items() -> None:
    first, second = "设备.0.", "设备.1."
    both = {f"{first}price": 2400000, f"{first}quantity": 3, f"{second}price": 76000, f"{second}quantity": 9}
    check(
        {
            "新买了三条包装线每条两百四十万还有九台选料机一台七万六": both,
            "新购包装线3条，单价240万，选料机9台，每台7.6万": both,
            "买了设备：包装线3条，每条240万；选料机9台，单台7.6万元": both,
            "新购贴片机6台，单价175万": {f"{first}price": 1750000, f"{first}quantity": 6},
            "今年上了新设备 切片机2台每台90万": {f"{first}price": 900000, f"{first}quantity": 2},
            "我们有产品认定为首台套了，卖了两台，一台810万，一台905万": {
                "首台套.0.price": 8100000,
                "首台套.1.price": 9050000,
            },
            "卖了5台，单价190万": {},
            "打算新买5台，单价190万": {},
            "要是买3台织机，单价150万": {},
        }
    )


def test_the_entries_of_a_list_are_its_items() -> None:
    check(
        {
            "银行贷款三笔：建行1000万，期限两年；中行500万，期限一年；农行300万，期限一年半。其他没有": {
                "贷款.0.principal": 10000000,
                "贷款.0.years": 2,
                "贷款.1.principal": 5000000,
                "贷款.1.years": 1,
                "贷款.2.principal": 3000000,
                "贷款.2.years": 1.5,
            },
            "想给几个人报津贴：\n①周工，博士，合同4年；\n②吴工，硕士，合同3年；\n③小郑，本科，合同两年。": {
                "人才.0.contract": 4,
                "人才.1.contract": 3,
                "人才.2.contract": 2,
            },
            "①注册在海珵；②去年营收2亿；③没有失信": {"营收@2024": 200000000},
        }
    )


def test_a_span_in_two_parts_is_one() -> None:
    check(
        {
            "去年网上零售额三千万往上、不到三千五百万": {"网零@2024": {"at_least": 30000000, "less_than": 35000000}},
            "去年营收9000万以上，不到9500万": {"营收@2024": {"at_least": 90000000, "less_than": 95000000}},
            "去年营收超过8000万、不足8800万": {"营收@2024": {"more_than": 80000000, "less_than": 88000000}},
            "去年营收不低于7000万、不超过7600万": {"营收@2024": {"at_least": 70000000, "at_most": 76000000}},
        }
    )


def test_the_figures_of_others_are_not_ours() -> None:
    check(
        {
            "代工厂去年营收有2.2个亿": {},
            "买我们设备的客户是做电商仓的，去年从海珵发了三百多万件": {},
            "用我们系统的网店去年网上零售额有4个亿": {},
            "上游厂家去年营收5亿，前年4亿": {},
            "供货商去年营收3亿": {},
            "我们给代工厂供料，我们去年营收2亿": {"营收@2024": 200000000},
        }
    )


def test_each_figure_takes_its_fact_and_its_year_from_what_stands_beside_it() -> None:
    check(
        {
            "去年网上零售一千二百万左右吧 前年是860万 去年包裹发了11万8千件 都是从海珵发出去的": {
                "网零@2023": 8600000,
                "网零@2024": 12000000,
                "包裹@2024": 118000,
            },
            "网络零售额：2023年 7,350万；2024年 1.02亿。2024年从海珵发出 930,000 件": {
                "网零@2023": 73500000,
                "网零@2024": 102000000,
                "包裹@2024": 930000,
            },
            "2023全年网络零售额1.87亿 2022年是1.46亿": {"网零@2022": 146000000, "网零@2023": 187000000},
            "2024年整个营业收入9000万，里面网上零售是2100万。23年营收没细看，网上那块是1900万": {
                "营收@2024": 90000000,
                "网零@2024": 21000000,
                "网零@2023": 19000000,
            },
            "2024年网络零售额和营业收入分别是3000万、4000万": {"网零@2024": 30000000, "营收@2024": 40000000},
            "2022、2023年营业收入都是2000万": {"营收@2022": 20000000, "营收@2023": 20000000},
            "5600万的网络零售额是2024年的": {"网零@2024": 56000000},
            "去年网上卖了1.6亿（2024年），前年（2023年）1.2亿": {"网零@2024": 160000000, "网零@2023": 120000000},
            "网上零售3600万，前面说的都是去年": {"网零@2024": 36000000},
            "去年网上零售多少？会计说是1530万": {"网零@2024": 15300000},
            "去年营收2亿，利润300万": {"营收@2024": 200000000},
            "去年网上卖了2000万，前年给员工发了3000万奖金": {"网零@2024": 20000000},
            "2019年成立，营收2000万": {},
            "去年网上卖了5600万，前年4300万，快递9万件": {"网零@2024": 56000000, "网零@2023": 43000000},
        }
    )


def test_the_unit_that_is_declared_once_is_that_of_each_number() -> None:
    check(
        {
            "营业收入(万元) 2023年:9850 2024年:10320": {"营收@2023": 98500000, "营收@2024": 103200000},
            "单位：万元。2023年网销860，2024年1,130.5，2024年包裹从海珵发出12万件": {
                "网零@2023": 8600000,
                "网零@2024": 11305000,
                "包裹@2024": 120000,
            },
            "网上零售额（单位：亿元）：2024年1.2；营收2024年3000万": {"网零@2024": 120000000, "营收@2024": 30000000},
        }
    )


def test_of_two_figures_for_one_the_enterprises_own_counts_else_none() -> None:
    check(
        {
            "统计局说我们去年网络零售额4800万，我们自己账上是5060万": {"网零@2024": 50600000},
            "去年在海珵的客户33家，全国加起来87家": {"客户@2024": 33},
        }
    )
