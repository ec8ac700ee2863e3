"""The command ``wence``: within this process, which is quick, or as a process, where it is about the process itself."""

import io
import os
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest

from bot.cli import main

ROOT = Path(__file__).resolve().parents[2]


class Run(NamedTuple):
    """What a command has come to."""

    returncode: int
    stdout: bytes
    stderr: bytes


def called(*arguments: str, stdin: str | bytes = "") -> Run:
    """Runs the command as a function."""
    data = stdin if isinstance(stdin, bytes) else stdin.encode()
    with _streams(data) as (out, err):
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


@contextmanager
def _streams(data: bytes) -> Generator[tuple[io.BytesIO, io.BytesIO]]:
    """Standard streams as a process has them, bytes below and text above."""
    out, err = io.BytesIO(), io.BytesIO()
    with pytest.MonkeyPatch.context() as patch:
        for name, below in (("stdin", io.BytesIO(data)), ("stdout", out), ("stderr", err)):
            patch.setattr(sys, name, io.TextIOWrapper(below))
        yield out, err
