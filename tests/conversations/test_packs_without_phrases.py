"""What people say of themselves to a pack that has no phrases: read by the labels, names and listed answers of its facts."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from conversations.converse import Conversations
from conversations.state.shelf import Shelf
from knowledge.mentions import Mentions
from knowledge.own_phrases import with_own_phrases
from knowledge.policy import Policy
from tests.conversations.test_kinds_of_saying import held
from tests.served import read_yaml
from tests.table import check_each
from tests.yuchuan import PACK

LEVELS = [
    {"id": "national", "label": "国家级"},
    {"id": "provincial", "label": "省级"},
    {"id": "city", "label": "市级"},
    {"id": "none", "label": "都没有", "synonyms": ["没评上"]},
]
FACTS: list[dict[str, Any]] = [
    {"id": "enterprise.registered", "type": "bool", "label": "在澜湾市登记", "no": ["外地登记"]},
    {"id": "enterprise.permit", "type": "bool", "granted": True, "label": "持有排污许可证", "yes": ["有排污证"]},
    {"id": "enterprise.hightech", "type": "bool", "granted": True, "label": "高新技术企业", "yes": ["是高企", "高企"]},
    {"id": "enterprise.punished", "type": "bool", "label": "上年度受到行政处罚", "yes": ["被罚过"], "no": ["没被罚过"]},
    {"id": "enterprise.factory", "type": "choice", "granted": True, "label": "绿色工厂", "choices": LEVELS},
    {"id": "enterprise.station", "type": "choice", "granted": True, "label": "博士后科研工作站", "choices": LEVELS},
    {"id": "enterprise.centre", "type": "money", "label": "能源管理中心投入", "reads": {"names": ["能管中心"]}},
    {"id": "enterprise.power", "type": "ratio", "label": "绿色电力占比", "reads": {"names": ["绿电"]}},
    {"id": "enterprise.flats", "type": "area", "label": "人才公寓建筑面积", "reads": {"names": ["公寓"]}},
    {
        "id": "enterprise.solar",
        "type": "count",
        "unit": "千瓦",
        "whole": False,
        "label": "屋顶光伏装机容量",
        "reads": {"units": {"兆瓦": 1000}, "names": ["光伏"]},
    },
    {"id": "enterprise.beds", "type": "count", "unit": "张", "label": "床位", "reads": {"names": ["床位"]}},
    {"id": "enterprise.care", "type": "count", "unit": "张", "label": "护理型床位", "reads": {"names": ["护理型床位"]}},
    {
        "id": "enterprise.doctors",
        "type": "count",
        "unit": "人",
        "label": "引进博士",
        "reads": {"units": {"名": 1, "个": 1}, "names": ["博士"]},
    },
    {
        "id": "enterprise.masters",
        "type": "count",
        "unit": "人",
        "label": "引进硕士",
        "reads": {"units": {"名": 1, "个": 1}, "names": ["硕士"]},
    },
    {"id": "enterprise.fair", "type": "count", "unit": "家", "label": "招聘会参会单位", "reads": {"names": ["招聘会"]}},
    {
        "id": "retrofits.kind",
        "type": "choice",
        "label": "改造类型",
        "choices": [
            {"id": "boiler", "label": "锅炉改造", "synonyms": ["锅炉"]},
            {"id": "heat", "label": "余热利用", "synonyms": ["余热"]},
            {"id": "other", "label": "其他改造"},
        ],
    },
    {"id": "retrofits.filed", "type": "bool", "granted": True, "label": "通过节能审查", "yes": ["审查通过"]},
    {"id": "retrofits.cost", "type": "money", "label": "项目投资额", "reads": {"names": ["投资", "投了"]}},
]
RETROFITS = {"id": "retrofits", "label": "节能改造项目", "many": True, "any": "有吗？", "more": "还有吗？"}
Row = tuple[Sequence[str], Mapping[str, object]]
"""The messages, and what stands at the paths of the case at the end (None: nothing)."""


@cache
def shelf() -> Shelf:
    """An invented document with these facts and no phrase for any of them."""
    asked = [{**fact, "question": f"{fact['label']}？", "help": "照实写。", "why": "因为看这个。"} for fact in FACTS]
    written: dict[str, Any] = read_yaml(PACK)
    fields = {"subjects": [*written["subjects"], RETROFITS], "facts": [*written["facts"], *asked]}
    policy = Policy.model_validate({**written, **fields})
    policy.speak(Mentions, lambda said: with_own_phrases(said, policy))
    return Shelf(policy)


def check(row: Row) -> None:
    messages, expected = row
    conversations = Conversations(shelf())
    case = [conversations.say({"chat": "a", "text": text, "on": "2025-04-20"})["case"] for text in messages][-1]
    assert {path: held(case, path) for path in expected} == dict(expected)


def check_rows(rows: Sequence[Row]) -> None:
    check_each(rows, check, lambda row: " / ".join(row[0]))


def test_what_is_so_is_told_by_the_name_of_it_and_that_there_is_one() -> None:
    permit, here, high = "enterprise.permit", "enterprise.registered", "enterprise.hightech"
    check_rows(
        [
            (["我们有排污许可证"], {permit: True}),
            (["排污许可证没有"], {permit: False}),
            (["排污许可证办下来了"], {permit: True}),
            (["排污许可证正在办"], {permit: False}),
            (["排污许可证怎么办"], {permit: None}),
            (["排污许可证这个事"], {permit: None}),
            (["我们在澜湾注册"], {here: True}),
            (["外地登记的"], {here: False}),
            (["我们是高新技术企业"], {high: True}),
            (["现在不是高企"], {high: False}),
            (["去年没被罚过"], {"enterprise.punished": False}),
            (["前年受到行政处罚"], {"enterprise.punished": None}),
        ]
    )


def test_levels_stand_beside_what_has_them() -> None:
    factory, station = "enterprise.factory", "enterprise.station"
    check_rows(
        [
            (["绿色工厂评的省级"], {factory: "provincial", station: None}),
            (["国家级绿色工厂"], {factory: "national"}),
            (["绿色工厂没评上"], {factory: "none"}),
            (["省级绿色工厂正在申报", "市级的前年就评上了"], {factory: "city"}),
            (["博士后工作站是省级的"], {station: "provincial", factory: None, "enterprise.doctors": None}),
            (["我们是省级的"], {factory: None, station: None}),
        ]
    )


def test_figures_stand_beside_what_they_are_of() -> None:
    solar = "enterprise.solar"
    check_rows(
        [
            (["能源管理中心投入了60万"], {"enterprise.centre": 600000}),
            (["能管中心花了45万"], {"enterprise.centre": 450000}),
            (["能管中心没建"], {"enterprise.centre": 0}),
            (["绿电占四成"], {"enterprise.power": 0.4}),
            (["人才公寓2600平方米"], {"enterprise.flats": 2600}),
            (["屋顶光伏装了500千瓦"], {solar: 500}),
            (["光伏1.2兆瓦"], {solar: 1200}),
            (["光伏也没装"], {solar: 0}),
            (["打算明年装光伏"], {solar: None}),
            (["隔壁厂装了2000千瓦光伏，我们装了300千瓦"], {solar: 300}),
            (["如果装500千瓦光伏能补多少"], {solar: None}),
        ]
    )


def test_a_name_within_a_longer_one_is_that_of_the_longer() -> None:
    beds, care = "enterprise.beds", "enterprise.care"
    check_rows(
        [
            (["护理型床位80张"], {care: 80, beds: None}),
            (["床位120张"], {beds: 120, care: None}),
            (["床位120张，护理型床位80张"], {beds: 120, care: 80}),
        ]
    )


def test_counts_go_each_to_its_name_and_one_told_next_to_what_was_named() -> None:
    doctors, masters, fair = "enterprise.doctors", "enterprise.masters", "enterprise.fair"
    check_rows(
        [
            (["引进了2个博士8个硕士"], {doctors: 2, masters: 8}),
            (["博士2名，硕士一个没招"], {doctors: 2, masters: 0}),
            (["招聘会办了一场，来了56家单位"], {fair: 56}),
            (["硕士55人，不对，45人"], {masters: 45}),
        ]
    )


def test_things_of_a_list_are_told_apart_by_what_they_are() -> None:
    check_rows(
        [
            (
                ["有两个节能改造项目，一个余热利用投了500万，一个锅炉改造投了180万", "余热那个投资510万"],
                {"retrofits.0.kind": "heat", "retrofits.0.cost": 5100000, "retrofits.1.cost": 1800000},
            ),
            (["有个余热利用项目投了500万，审查通过了"], {"retrofits.0.filed": True}),
            (["有个余热利用项目投了500万，节能审查还没通过"], {"retrofits.0.filed": False}),
            (["有个余热利用项目投了500万，节能审查什么时候能通过"], {"retrofits.0.filed": None}),
            (["节能改造没做过"], {"retrofits": []}),
            (["节能改造补贴怎么申请"], {"retrofits": None}),
        ]
    )
