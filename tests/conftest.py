"""What tests of every storey share: the policy that is served, compiled once, and how they are spread over processes."""

import gc
import os
import re
import sys
import threading
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from xdist.remote import Producer
    from xdist.scheduler import LoadFileScheduling

    from conversations.state.shelf import Shelf

QUICK = "not slow"
"""The tests that are run again and again, as ``-m`` names them."""
SLOW_FOLDERS = ("tests/browser/", "tests/e2e/")
TOGETHER = (*SLOW_FOLDERS, "tests/architecture/")
"""One process has all tests of such a folder: what takes them long to begin with is there once."""

_ALL_SLOW = re.compile(rb"^pytestmark = pytest\.mark\.(?:slow|exhaustive)$", re.MULTILINE)

if sys.dont_write_bytecode:
    # Where no bytecode may lie beside the sources, each of the many processes would compile all that it imports.
    sys.dont_write_bytecode = False
    sys.pycache_prefix = str(Path(__file__).parents[1] / ".pytest_cache" / "bytecode")
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ["PYTHONPYCACHEPREFIX"] = sys.pycache_prefix


def pytest_addoption(parser: pytest.Parser, pluginmanager: pytest.PytestPluginManager) -> None:
    """How much is tried by chance; and ``-p no:xdist`` may run although the project's options are made for xdist."""
    parser.addoption("--thorough", action="store_true", help="try all cases of the tests by chance, not a quarter")
    if not pluginmanager.hasplugin("xdist"):
        for option in ("--numprocesses", "--dist"):
            parser.addoption(option, help="not in force: xdist is not there")
        parser.addoption("--no-loadscope-reorder", action="store_true", help="not in force: xdist is not there")


def pytest_configure(config: pytest.Config) -> None:
    """Readies a process that collects and runs tests; the one that hands them out need not import a thing."""
    if getattr(config.option, "numprocesses", None) and not hasattr(config, "workerinput"):
        return
    gc.disable()  # until all is collected
    from hypothesis import settings

    from tests import chance

    chance.register()
    settings.load_profile("thorough" if config.getoption("thorough") else "quick")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Where nothing slow is wanted, no process imports a module all of which is slow."""
    if config.option.markexpr != QUICK or not collection_path.name.startswith("test_"):
        return None
    place = collection_path.relative_to(Path(__file__).parents[1]).as_posix()
    return place.startswith(SLOW_FOLDERS) or _ALL_SLOW.search(collection_path.read_bytes()) is not None or None


def pytest_itemcollected(item: pytest.Item) -> None:
    """What is slow without saying so: all that starts a server or a browser, and what is exhaustive."""
    if item.get_closest_marker("exhaustive") or item.nodeid.startswith(SLOW_FOLDERS):
        item.add_marker("slow")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """What is exhaustive says the same of a line a thousand times: it is not measured, which would take twice as long.

    Nor is a server that it starts in a thread. The ``no_cover`` of pytest-cov is of no use: in a process of xdist's
    there is a second measurement below its own.
    """
    tracing, of_threads = sys.gettrace(), threading.gettrace()
    if tracing is None or of_threads is None or not item.get_closest_marker("exhaustive"):
        return (yield)
    sys.settrace(None)
    threading.settrace(None)  # type: ignore[arg-type]  # it takes None
    try:
        return (yield)
    finally:
        sys.settrace(tracing)
        threading.settrace(of_threads)


def pytest_collection_finish() -> None:
    """The garbage collector looks less often, and never at what was there before the tests, as ``wence serve`` has it."""
    gc.freeze()  # not collected first: what is garbage by now is little, and looking for it takes a third of a second
    gc.set_threshold(20_000, 20, 20)
    gc.enable()


@pytest.hookimpl(tryfirst=True)
def pytest_unconfigure() -> None:
    """Nobody looks for garbage on the way out, as pytest does twice and Python once more, among all that tests have left."""
    gc.freeze()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Lets the modules that take long begin: where one of them came last, the other processes would wait for it."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(
        key=lambda item: (
            not item.nodeid.startswith(SLOW_FOLDERS),
            item.path not in slow,
            "understanding" not in item.path.parts,
        )
    )


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Three processes on two cores, since tests of browsers and servers wait half of their time; two where there are none:
    each has to import and compile everything."""
    cores = os.cpu_count() or 1
    return cores if config.option.markexpr == QUICK else cores + cores // 2


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: "Producer") -> "LoadFileScheduling | None":
    """Gives the tests of a file to one process, and so those of some folders: a browser and its server start once, that
    from which servers are forked in two processes, and the modules are parsed once."""
    if config.getoption("dist") != "loadfile":
        return None
    from xdist.scheduler import LoadFileScheduling

    class TogetherInSomeFolders(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return next(filter(nodeid.startswith, TOGETHER), None) or super()._split_scope(nodeid)

    return TogetherInSomeFolders(config, log)


@pytest.fixture(scope="session")
def engine() -> "Shelf":
    """The engine of the pack that is served where none is named."""
    from tests import served

    return served.shelf()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Path]:
    """The socket folder of the PostgreSQL server that all processes of a run share (``databases.postgresql``)."""
    from tests import databases

    with databases.server() as folder:
        yield folder


@pytest.fixture(scope="session", autouse=True)
def quick_applications() -> Iterator[None]:
    """An application finds its templates compiled, and hashes passwords in no time, which is meant to take long."""
    from tests import quick

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("jinja2.Environment.__init__", quick.templates())
        patch.setattr("argon2.PasswordHasher", quick.hashes())
        yield
