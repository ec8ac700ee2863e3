"""``wence chat``: piped line by line, and at a real terminal that goes on the next time where it was."""

import codecs
import logging
import os
import pty
import select
import signal
import sys
import termios
import time
from pathlib import Path

import pytest

from bot.cli_chinese import ForPeople
from bot.terminal import show
from conversations.state.actions import Confirm, Control, Do, Pick, Steer
from conversations.state.commands import Command
from conversations.state.markup import plain
from conversations.state.messages import Choice, Reply
from tests.bot.command import Run, called, started

ROOT = Path(__file__).resolve().parents[2]


def said(run: Run) -> str:
    assert (run.returncode, run.stderr) == (0, b"")
    return run.stdout.decode()


def chat(text: str) -> str:
    return said(called("chat", stdin=text))


@pytest.mark.slow
@pytest.mark.parametrize("locale", ["C", "POSIX", "C.UTF-8"])
def test_a_consultation_by_piped_lines(locale: str) -> None:
    shown = said(started("chat", stdin="1\n\n是\n260万\n没领过\n", LC_ALL=locale, PYTHONUTF8="0"))
    assert "1 做电商代运营" in shown
    assert "第 1 题" in shown
    assert "结果：1 项符合" in shown
    assert "每年 26 万元，最多还可连续 3 年" in shown
    assert "**" not in shown


def test_each_run_on_a_pipe_is_a_consultation_of_its_own() -> None:
    assert "欢迎回来" not in chat("1\n") + chat("1\n")


def test_what_has_to_be_kept_is_to_be_had_elsewhere() -> None:
    elsewhere = "这里的对话不保存，所以也没有登记和留存的资料。请用 wence chat、网页或 Telegram 来登记。\n\n"
    assert chat("/mydata\n1\n是\n260万\n没领过\n登记\n").count(elsewhere) == 2


def test_leaving_words_end_it() -> None:
    assert "结果" not in chat("退出\n1\n是\n260万\n没领过\n")


def test_choices_show_what_to_type() -> None:
    shown = show(
        Reply(
            text="**问题**\n> 原文",
            choices=(
                (
                    Choice(label="是", action=Confirm(1, True), key="1"),
                    Choice(label="不清楚", action=Steer(1, Control.UNKNOWN), key="0"),
                ),
                (Choice(label="修改回答", action=Do(Command.EDIT), key="修改"),),
            ),
        )
    )
    assert shown.splitlines() == ["问题", "  │ 原文", "  1 是   0 不清楚", "  也可以输入：修改"]
    assert plain("a\n> b") == "a\n  │ b"


def test_what_a_person_wrote_gives_the_terminal_no_orders() -> None:
    hostile = Reply(text="记为 **\x1b[2J\u202e好**", choices=((Choice(label="\x07名", action=Pick(1, "x"), key="1"),),))
    assert show(hostile) == "记为 [2J好\n  1 名"
    assert show(Reply(text="**好**"), bold=True) == "\x1b[1m好\x1b[0m"


class Terminal:
    """A process at a pseudo-terminal."""

    def __init__(self, database: Path) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self.pid, self.fd = pty.fork()
        if not self.pid:
            os.chdir(ROOT)
            os.environ |= {"WENCE_DATABASE_URL": f"sqlite+aiosqlite:///{database}", "TERM": "dumb", "LC_ALL": "C"}
            os.execv(sys.executable, [sys.executable, "-m", "bot", "chat"])

    def read_until(self, words: str) -> str:
        """What is shown up to the prompt after ``words``."""
        seen, end = "", time.monotonic() + 60
        while "> " not in seen.partition(words)[2]:
            assert time.monotonic() < end, seen
            if (more := self._read(1)) is None:
                break
            seen += more
        return seen

    def _read(self, seconds: float) -> str | None:
        """What is shown within ``seconds``, None when the other side has left."""
        if not select.select([self.fd], [], [], seconds)[0]:
            return ""
        try:
            return self._decoder.decode(os.read(self.fd, 65536))
        except OSError:
            return None

    def type(self, text: str) -> None:
        os.write(self.fd, text.encode())

    def leave_by(self, key: str) -> int:
        """Press ``key`` once the keyboard is taken (a moment after the prompt is shown); the exit status."""
        end = time.monotonic() + 60
        while termios.tcgetattr(self.fd)[3] & termios.ICANON:
            assert time.monotonic() < end
            time.sleep(0.01)
        self.type(key)
        seen = ""
        while (more := self._read(1)) is not None:
            assert time.monotonic() < end, seen
            seen += more
        assert "再见" in seen
        return self.end()

    def end(self) -> int:
        status = os.waitpid(self.pid, 0)[1]
        os.close(self.fd)
        return status


@pytest.mark.slow
def test_at_a_terminal_it_goes_on_where_it_was_left_even_when_killed(tmp_path: Path) -> None:
    first = Terminal(tmp_path / "wence.db")
    first.read_until("以上都没有")
    first.type("1\r")
    first.read_until("第 1 题")
    first.type("是\r")
    first.read_until("第 2 题")
    os.kill(first.pid, signal.SIGKILL)
    first.end()

    second = Terminal(tmp_path / "wence.db")
    seen = second.read_until("第 2 题")
    assert "欢迎回来" in seen
    second.type("260万\r")
    second.read_until("第 3 题")
    assert second.leave_by("\x04") == 0

    third = Terminal(tmp_path / "wence.db")
    third.read_until("第 3 题")
    assert third.leave_by("\x03") == 0


def test_who_talks_in_the_terminal_hears_of_mistakes_and_of_no_slow_turn(capsys: pytest.CaptureFixture[str]) -> None:
    shown = logging.getLogger("conversations.office.batch")
    handler = ForPeople()
    shown.addHandler(handler)
    try:
        shown.warning("A turn took long (%s)", "terminal")
        shown.error("A message could not be handled")
    finally:
        shown.removeHandler(handler)
    assert capsys.readouterr().err == "A message could not be handled\n"
