"""What argparse says, in Chinese: it has its sentences from gettext, and no catalogue comes with it; and what is logged.

Knows no command.
"""

import argparse
import logging
import sys

_SENTENCES = {
    "usage: ": "用法：",
    "positional arguments": "要写的",
    "options": "可以加的",
    "optional arguments": "可以加的",
    "show this help message and exit": "显示这份说明",
    "%(prog)s: error: %(message)s\n": "%(prog)s：%(message)s\n（怎么写：%(prog)s --help）\n",
    "argument %(argument_name)s: %(message)s": "%(argument_name)s：%(message)s",
    "the following arguments are required: %s": "还没有写 %s",
    "one of the arguments %s is required": "%s 要写其中一个",
    "unrecognized arguments: %s": "不认识 %s",
    "invalid choice: %(value)r (choose from %(choices)s)": "没有 %(value)r，可以写 %(choices)s",
    "invalid %(type)s value: %(value)r": "%(value)r 看不懂",
    "expected one argument": "后面要写一个值",
    "expected at most one argument": "后面最多写一个值",
    "expected at least one argument": "后面至少写一个值",
    "expected %s argument": "后面要写 %s 个值",
    "expected %s arguments": "后面要写 %s 个值",
    "ignored explicit argument %r": "后面不能写 %r",
    "not allowed with argument %s": "不能和 %s 一起写",
    "ambiguous option: %(option)s could match %(matches)s": "%(option)s 不清楚是哪一个：%(matches)s",
}


def speak_chinese() -> None:
    """Have every parser of this process speak Chinese; a sentence of a later Python that is not known here stays as it is."""
    # Its own names for gettext, which no stub knows.
    setattr(argparse, "_", _translated)  # noqa: B010
    setattr(argparse, "ngettext", _counted)  # noqa: B010


_LOGGED = {
    "conversations.storage.vault": "第一次用这个数据库：加密用的密钥存在 {1}，没有它就读不出来，请另外备份一份。"
}
"""By the module that logs a warning with the words' arguments."""
_FOR_MONITORS = frozenset({"conversations.office.batch"})
"""Modules whose warnings (a turn took long) are for who watches a server."""


class ForPeople(logging.Handler):
    """Shows what is logged to somebody at a terminal: what they have to know in Chinese, all else as it was written."""

    def emit(self, record: logging.LogRecord) -> None:
        if record.name in _FOR_MONITORS and record.levelno < logging.ERROR:
            return
        known = _LOGGED.get(record.name)
        given = record.args if isinstance(record.args, tuple) else ()
        sys.stderr.write(f"{known.format(*given) if known and len(given) > 1 else record.getMessage()}\n")


def log_for_people() -> None:
    """Have warnings shown by ``ForPeople``, where nothing else takes them."""
    logging.basicConfig(level=logging.WARNING, handlers=[ForPeople()])


def _translated(text: str) -> str:
    return _SENTENCES.get(text, text)


def _counted(one: str, many: str, number: int) -> str:
    return _translated(one if number == 1 else many)
