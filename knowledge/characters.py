"""Traditional characters made simplified, one for one, so that every place in a text stays where it is.

OpenCC's table of characters, and beside it what people write in Hong Kong, Macao and Taiwan or with a Japanese keyboard
and the table leaves alone, since it is a character of its own as well. Words are not exchanged (資料 is no 数据): they
mean the same here, whoever writes them. Knows no text of ours.
"""

from collections.abc import Callable
from functools import cache, lru_cache

_MORE = (
    "「“ 」” 『‘ 』’ 妳你 牠它 瞭了 姪侄 砲炮 粧妆 衞卫 敍叙 枱台 痺痹 簷檐 銲焊 傚效 倣仿 揹背 搾榨 鎗枪 荳豆 甦苏 "
    "畧略 栢柏 濶阔 隣邻 閙闹 幇帮 幚帮 籐藤 塲场 厰厂 欵款 鑛矿 寳宝 壻婿 畆亩 畮亩 讬托 秊年 竝并 "
    "鉄铁 麺面 効效 賛赞 歴历 働动 覇霸 頼赖 氷冰 汚污"
)


def is_simplified(text: str) -> bool:
    """Whether there is nothing to convert: GB 2312 holds no traditional forms. The table is loaded only for others."""
    try:
        text.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def simplified(text: str) -> str:
    """``text`` in simplified characters, as long as it was."""
    return text if text.isascii() else "".join(map(_simple, text))


@lru_cache(maxsize=8192)
def _simple(character: str) -> str:
    if "\ud800" <= character <= "\udfff":  # half a character, as JSON may have it
        return character
    more, convert = _tables()
    return more.get(character) or convert(character)


@cache
def _tables() -> tuple[dict[str, str], Callable[[str], str]]:
    from opencc import OpenCC  # pyright: ignore[reportMissingTypeStubs]  # 40 ms, paid only where they are written

    more = {pair[0]: pair[1] for pair in _MORE.split()}
    return more, OpenCC("t2s").convert  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
