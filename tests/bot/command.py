"""The command ``wence``: within this process, which is quick, or as a process, where it is about the process itself."""

import io
import os
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from bot.cli import main
from knowledge import loading
from knowledge.folders import shipped
from knowledge.policy import Policy

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = frozenset(folder.name for folder in shipped())


class Run(NamedTuple):
    """What a command has come to."""

    returncode: int
    stdout: bytes
    stderr: bytes


def called(*arguments: str, stdin: str | bytes = "") -> Run:
    """Runs the command as a function; of the packs that are shipped it has what was read for the command before."""
    data = stdin if isinstance(stdin, bytes) else stdin.encode()
    with _streams(data) as (out, err), pytest.MonkeyPatch.context() as patch:
        patch.setattr(loading, "load", _load)
        try:
            status = main(list(arguments))
        except SystemExit as left:
            status = left.code if isinstance(left.code, int) else 1
        sys.stdout.flush()
        sys.stderr.flush()
        return Run(status, out.getvalue(), err.getvalue())


def started(*arguments: str, stdin: str | bytes = "", **environment: str) -> Run:
    """Runs the command as a process."""
    data = stdin if isinstance(stdin, bytes) else stdin.encode()
    run = subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        cwd=ROOT,
        input=data,
        capture_output=True,
        timeout=60,
        env={**os.environ, **environment},
        check=False,
    )
    return Run(run.returncode, run.stdout, run.stderr)


_read = loading.load


def _load(pack: str | Path | None = None, *, whole: bool = True) -> Policy:
    """As ``loading.load``."""
    return _shipped(pack, whole) if pack is None or pack in SHIPPED else _read(pack, whole=whole)


@cache
def _shipped(pack: str | Path | None, whole: bool) -> Policy:
    return _read(pack, whole=whole)


@contextmanager
def _streams(data: bytes) -> Generator[tuple[io.BytesIO, io.BytesIO]]:
    """Standard streams as a process has them, bytes below and text above."""
    out, err = io.BytesIO(), io.BytesIO()
    with pytest.MonkeyPatch.context() as patch:
        for name, below in (("stdin", io.BytesIO(data)), ("stdout", out), ("stderr", err)):
            patch.setattr(sys, name, io.TextIOWrapper(below))
        yield out, err
