"""What tests of the program's commands share: a folder of their own, and no settings from outside."""

import os
from pathlib import Path

import pytest


@pytest.fixture
def without_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in list(os.environ):
        if name.startswith("WENCE_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
