"""What the language of phrases finds: the gap that holds verbs, and classes made of classes."""

from knowledge.phrases import Phrasebook
from tests.table import check_each

BOOK = Phrasebook(
    {
        "stall": ("市集", "夜市(上)"),
        "fair": ("{stall}", "庙会"),
        "open": ("{days}", "-周一"),
        "days": ("周一", "周二"),
        "all_days": ("{open}", "节日"),
        "ranks": ("第一", "[头/前]三"),
        "known": ("{ranks}", "百强"),
        "grade": ("５Ａ", "4A级"),
    }
)


def found(phrase: str, text: str) -> bool:
    """Whether ``phrase`` stands in ``text``."""
    phrases = BOOK.compiled([phrase])
    return phrases is not None and phrases.search(text) is not None


def test_a_phrase_is_found_where_it_should_be() -> None:
    def check(row: tuple[str, str, bool]) -> None:
        phrase, text, there = row
        assert found(phrase, text) is there

    rows = [
        ("庙会 ~ 卖", "庙会那边摆开了卖", True),
        ("庙会 ~ 卖", "卖糖人要去赶庙会", True),
        ("庙会 ~ 卖 ~ 糖", "糖在庙会卖", False),  # three and more words: as written
        ("庙会 ~ 卖", "庙会上从来没卖", False),
        ("庙会 ~ 卖", "庙会上替人卖", False),
        ("庙会 ~ 卖", "庙会散了,卖完了", False),
        ("{fair} ~ 卖", "夜市上卖", True),  # what the inner class has with a bracket, beside its plain words
        ("{fair} ~ 卖", "市集里卖", True),
        ("{all_days} ~ 卖", "周二卖", True),
        ("国内 … {known}", "国内排前三", True),
        ("国内 … {known}", "国内百强", True),
        ("国内 … {known}", "国内排第四", False),
        ("[5A/ＡＡＡ]级", "评上了5a级", True),  # letters and figures as a text is read
        ("[5A/ＡＡＡ]级", "评上了aaa级", True),
        ("[5A/ＡＡＡ]级", "评上了aaaa级", False),
        ("{grade}企业", "评上了5a企业", True),
        ("{all_days} ~ 卖", "周一卖", False),  # what the inner class takes out
        ("在 ~ {-fair}上卖", "在小集镇上卖", True),  # a character that ends no word of the class
        ("在 ~ {-fair}上卖", "在庙会上卖", False),
    ]
    check_each(rows, check, str)
