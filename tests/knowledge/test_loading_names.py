"""A pack is named by its id or by its folder; where one stands is a folder too."""

from pathlib import Path

import pytest

from knowledge.folders import PackError
from knowledge.loading import load
from tests.knowledge.small_packs import sheet, write


def test_the_folder_that_one_is_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(write(tmp_path / "growth", sheet("growth")))
    assert load(".").id == "growth"


def test_no_name_leads_out_of_the_packs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(PackError, match="no such pack"):
        load("../packs/nowhere")
