"""``wence pack``: a pack begun from a document, and tried while it is written."""

import builtins
from pathlib import Path

import pytest

from bot import cli_pack
from knowledge.loading import check
from tests.bot.command import Run, called, started
from tests.knowledge.small_packs import sheet, write

FARMS = Path(__file__).parents[1] / "data" / "drafting" / "yuchuan-farms.txt"


def said(run: Run) -> str:
    return run.stdout.decode()


def refused(run: Run) -> str:
    assert run.returncode == 2
    return run.stderr.decode()


def test_new_says_what_it_made_and_what_comes_next(tmp_path: Path) -> None:
    folder = tmp_path / "packs" / "yuchuan-2022-9"
    run = called("pack", "new", str(folder), str(FARMS))
    assert run.returncode == 0
    assert "切成 10 条" in said(run)
    assert "起草了 5 项支持" in said(run)
    steps = [
        said(run).index(word)
        for word in ("clauses.yaml", "programmes.yaml", "facts.yaml", "wence check", "wence pack try")
    ]
    assert steps == sorted(steps)
    assert f"{len(check(folder))} 处写着 TODO" in said(run)
    assert (folder / "source.txt").read_text("utf-8") == FARMS.read_text("utf-8")


def test_what_is_drafted_is_not_served(tmp_path: Path) -> None:
    folder = tmp_path / "yuchuan-2022-9"
    called("pack", "new", str(folder), str(FARMS))
    assert "TODO" in refused(called("ask", "冷库补多少", "--policy", str(folder)))


def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("记", "utf-8")
    assert "已经有东西了" in refused(called("pack", "new", str(tmp_path / "mine"), str(FARMS)))
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["notes.txt"]


def test_other_folders_that_cannot_be(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    assert "换一个文件夹名" in refused(called("pack", "new", str(tmp_path / "file"), str(FARMS)))
    assert "小写字母" in refused(called("pack", "new", str(tmp_path / "我的包"), str(FARMS)))


def test_a_text_that_cannot_be_read_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"%PDF")
    assert "另存为" in refused(called("pack", "new", str(tmp_path / "new"), str(tmp_path / "a.pdf")))
    assert not (tmp_path / "new").exists()


def test_try_shows_the_mistakes_first_and_then_what_there_is(tmp_path: Path) -> None:
    folder = tmp_path / "yuchuan-2022-9"
    called("pack", "new", str(folder), str(FARMS))
    path = folder / "programmes.yaml"
    path.write_text(path.read_text("utf-8").replace("{kind: by_level,", "{kind: TODO! 写上,"), "utf-8")
    run = called("pack", "try", str(folder))
    assert run.returncode == 2
    text = said(run)
    assert text.index("这个包还没写完") < text.index("【会问的问题") < text.index("【例子和结果】")
    assert "流转土地是多少亩？" in text
    assert "【还没写完的】" in text
    assert "流转土地正好300亩" in text  # its conditions and its amount are all drafted
    assert "【对话】" not in text


def test_try_shows_a_result_for_each_example() -> None:
    run = called("pack", "try", "zhengzhou-2013-237")
    assert run.returncode == 0
    assert "✓ 符合，每年 26 万元" in said(run)
    assert "← 和例子里写的不一样" not in said(run)
    assert "【还没测到的地方】" not in said(run)


def test_try_says_where_an_example_and_the_rules_differ(tmp_path: Path) -> None:
    folder = write(tmp_path / "growth", sheet("growth"))
    path = folder / "programmes.yaml"
    path.write_text(path.read_text("utf-8").replace("- 100000\n    - 100000", "- 100000\n    - 200000", 1), "utf-8")
    run = called("pack", "try", str(folder))
    assert run.returncode == 2
    assert said(run).count("← 和例子里写的不一样") == 1


def test_try_without_a_pack(tmp_path: Path) -> None:
    run = called("pack", "try", str(tmp_path / "nowhere"))
    assert run.returncode == 2
    assert "先把上面这些改好" in said(run)


@pytest.fixture
def at_a_terminal(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Somebody sits at a terminal and types these lines."""
    lines: list[str] = []

    def typed(_: str = "") -> str:
        if not lines:
            raise EOFError
        return lines.pop(0)

    monkeypatch.setattr(builtins, "input", typed)
    monkeypatch.setattr(cli_pack, "at_a_terminal", lambda: True)
    return lines


def test_at_a_terminal_examples_are_taken_and_the_rules_stand_beside(tmp_path: Path, at_a_terminal: list[str]) -> None:
    sparse = sheet("growth")
    sparse["programmes"][0]["examples"] = []
    folder = write(tmp_path / "growth", sparse)
    at_a_terminal += ["y", "去年营业收入1200万", "退出"]
    run = called("pack", "try", str(folder))
    assert "已写进" in said(run)
    assert list(map(str, check(folder))) == []
    assert "┌ 规则现在算出来" in said(run)
    assert "再见。" in said(run)


@pytest.mark.slow
def test_as_a_process_with_another_encoding(tmp_path: Path) -> None:
    text = tmp_path / "a.txt"
    text.write_bytes(FARMS.read_text("utf-8").encode("gb18030"))
    run = started("pack", "new", str(tmp_path / "farms"), str(text), LC_ALL="C")
    assert run.returncode == 0
    assert "切成 10 条" in said(run)


def test_words_shows_the_classes_that_every_pack_may_use() -> None:
    run = called("pack", "words")
    assert run.returncode == 0
    assert "{here}  本市、" in said(run)
    assert Path(said(run).split("：")[-1].strip()).is_file()
