"""Things of a list told one after another by their own names, put right or taken back by them: in any pack.

The lists are those of an invented document, whose words no phrase of a pack knows: what is read is read by the facts alone.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from conversations.converse import Conversations
from conversations.state.shelf import Shelf
from tests.served import read_yaml
from tests.table import check_each
from tests.yuchuan import PACK, changed

KEEPERS = {"id": "keepers", "label": "驯养员", "many": True, "any": "聘了驯养员吗？", "more": "还有别的驯养员吗？"}
FACTS = [
    {"id": "keepers.since", "type": "date", "label": "入行时间", "reads": {"names": ["入行"]}},
    {"id": "keepers.term", "type": "years", "label": "聘期", "reads": {"names": ["聘期", "聘了"]}},
    {
        "id": "keepers.grade",
        "type": "choice",
        "label": "等级",
        "choices": [
            {"id": "high", "label": "特级驯养"},
            {"id": "low", "label": "普通驯养"},
            {"id": "none", "label": "没有"},
        ],
    },
    {"id": "keepers.lodged", "type": "bool", "label": "住在园里", "yes": ["住在场里"], "no": ["住在外头"]},
    {
        "id": "keepers.awards",
        "type": "int",
        "label": "领过几次驯养津贴",
        "counter": "次",
        "minimum": 0,
        "maximum": 9,
        "reads": {"units": {"次": 1}, "names": ["领过"], "zero": ["第一次申请"]},
    },
]


@cache
def shelf() -> Shelf:
    """The invented document with such a list."""
    written: dict[str, Any] = read_yaml(PACK)
    asked = [{**fact, "question": f"{fact['label']}？", "help": "照实写。", "why": "因为看这个。"} for fact in FACTS]
    return changed(subjects=[*written["subjects"], KEEPERS], facts=[*written["facts"], *asked])


def keepers(messages: Sequence[str]) -> list[dict[str, object]]:
    conversations = Conversations(shelf())
    case: Any = [conversations.say({"chat": "a", "text": text, "on": "2025-04-20"})["case"] for text in messages][-1]
    return [{key: value for key, value in item.items() if key != "name"} for item in case.get("keepers", [])]


def test_those_who_are_told_by_their_names() -> None:
    first: dict[str, object] = {"grade": "high", "term": 5, "lodged": True}
    second: dict[str, object] = {"grade": "low", "term": 3, "lodged": False}
    rows: dict[tuple[str, ...], list[dict[str, object]]] = {
        ("老秦 特级驯养 聘期5年 住在场里\n小邓 普通驯养 聘期3年 住在外头",): [first, second],
        ("老秦 特级驯养 聘期5年 住在场里", "还有邓师傅 普通驯养 聘期3年 住在外头"): [first, second],
        ("老秦 特级驯养 聘期5年 住在场里", "另外还请人看过门"): [first],
        ("老秦 特级驯养 聘期5年 住在场里 他领过2次",): [{**first, "awards": 2}],
        ("老秦 特级驯养 聘期5年 住在场里", "我表弟也是驯养员 他领过2次"): [first],
        (
            "老秦 特级驯养 聘期5年 住在场里\n小邓 普通驯养 聘期3年 住在外头",
            "前面这两位都是头一回报",
        ): [{**first, "awards": 0}, {**second, "awards": 0}],
    }

    def check(row: tuple[tuple[str, ...], list[dict[str, object]]]) -> None:
        messages, expected = row
        assert keepers(messages) == expected

    check_each(list(rows.items()), check, lambda row: " / ".join(row[0]))


def devices(messages: Sequence[str]) -> list[Mapping[str, object]]:
    """The rows of a list with a price and a count, which the invented document's devices get here."""
    written: dict[str, Any] = read_yaml(PACK)
    boats = {"id": "boats", "label": "游船", "many": True, "any": "买了游船吗？", "more": "还有别的游船吗？"}
    facts = [
        {"id": "boats.price", "type": "money", "label": "单价"},
        {"id": "boats.many", "type": "count", "unit": "条", "counter": "条", "minimum": 1, "label": "数量"},
    ]
    asked = [{**fact, "question": f"{fact['label']}？", "help": "照实写。", "why": "因为看这个。"} for fact in facts]
    kept = [fact for fact in written["facts"] if not fact["id"].startswith("devices.")]
    subjects = [subject for subject in written["subjects"] if subject["id"] != "devices"]
    programmes = [p for p in written["programmes"] if "devices" not in str(p)]
    fields = {"subjects": [*subjects, boats], "facts": [*kept, *asked], "programmes": programmes}
    conversations = Conversations(changed(**fields))
    case: Any = [conversations.say({"chat": "a", "text": text, "on": "2025-04-20"})["case"] for text in messages][-1]
    return list(case.get("boats", []))


def test_things_by_how_many_and_what_one_costs() -> None:
    def lot(price: int, many: int) -> dict[str, int]:
        return {"price": price, "many": many}

    rows: dict[tuple[str, ...], list[Mapping[str, object]]] = {
        ("买了手划船单价3万12条 电瓶船9.5万一条4条",): [lot(30000, 12), lot(95000, 4)],
        ("买了画舫2条，合计64万；手划船12条，每条3万",): [lot(320000, 2), lot(30000, 12)],
        ("买了手划船12条，每条3万 画舫2条，每条32万", "更正一下 画舫是3条 有1条是租的"): [
            lot(30000, 12),
            lot(320000, 3),
        ],
        ("买了手划船12条，每条3万 画舫2条，每条32万", "手划船退了两条，最后是10条"): [lot(30000, 10), lot(320000, 2)],
    }

    def check(row: tuple[tuple[str, ...], list[Mapping[str, object]]]) -> None:
        messages, expected = row
        assert devices(messages) == expected

    check_each(list(rows.items()), check, lambda row: " / ".join(row[0]))


def test_a_sum_of_several_kinds_is_of_none_alone() -> None:
    assert all("price" not in item for item in devices(["买了画舫2条，手划船12条，合计64万"]))
