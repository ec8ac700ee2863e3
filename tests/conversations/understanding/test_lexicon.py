"""Each entry of the lexicon finds what it says that it finds, and every alternative of it stands for itself."""

import re

import pytest

from conversations.language.lexicon import ZH, entries, lexicon

FILES = sorted(path.stem for path in ZH.glob("*.yaml"))


@pytest.mark.parametrize("name", FILES)
def test_an_entry_finds_its_examples(name: str) -> None:
    found = lexicon(name)
    missed = [
        f"{entry}: {text}"
        for entry, data in entries(name).items()
        for text in data["says"] or ["(no example)"]
        if not found[entry].search(text)
    ]
    assert not missed


@pytest.mark.parametrize("name", FILES)
def test_an_entry_finds_none_of_its_counter_examples(name: str) -> None:
    found = lexicon(name)
    wrong = [
        f"{entry}: {text}"
        for entry, data in entries(name).items()
        for text in data.get("never", [])
        if found[entry].search(text)
    ]
    assert not wrong


@pytest.mark.parametrize("name", FILES)
def test_no_alternative_stands_twice_in_an_entry(name: str) -> None:
    twice = [
        f"{entry}: {word}"
        for entry, data in entries(name).items()
        for word in set(data["words"])
        if data["words"].count(word) > 1
    ]
    assert not twice


@pytest.mark.parametrize("name", FILES)
def test_every_alternative_is_a_pattern_of_its_own(name: str) -> None:
    for data in entries(name).values():
        for word in data["words"]:
            re.compile(word)
