"""The examples in a pack's ``mentions.yaml`` and the vocabulary's: each sentence states the value written beside it, a counter-example none."""

from functools import cache

import pytest

from bot.cli_pack_spoken import stated as stated_by
from conversations.language.descriptions import DescriptionReader
from knowledge.folders import PACKS
from knowledge.mentions import FactMentions
from tests import served
from tests.table import check_each

NAMES = sorted(path.name for path in PACKS.iterdir() if path.is_dir())
pytestmark = pytest.mark.parametrize("name", NAMES)


@cache
def reader(name: str) -> DescriptionReader:
    """What reads descriptions in the words of the pack ``name``."""
    return DescriptionReader(served.policy(name))


def spoken(name: str) -> tuple[FactMentions, ...]:
    """How people speak of each fact of the pack ``name``."""
    return served.policy(name).written_mentions.facts


def stated(name: str, said: FactMentions, sentence: str) -> object:
    """What ``sentence`` states of the fact; None where nothing."""
    return stated_by(reader(name), served.policy(name).mentions, said.fact, sentence)


def test_an_example_states_its_value(name: str) -> None:
    def check(example: tuple[FactMentions, str]) -> None:
        said, sentence = example
        assert stated(name, said, sentence) == said.examples[sentence]

    check_each([(said, sentence) for said in spoken(name) for sentence in said.examples], check, lambda e: e[1])


def test_a_counter_example_states_nothing_of_the_fact(name: str) -> None:
    def check(example: tuple[FactMentions, str]) -> None:
        said, sentence = example
        assert stated(name, said, sentence) is None

    check_each([(said, sentence) for said in spoken(name) for sentence in said.counter], check, lambda e: e[1])


def test_every_fact_that_is_spoken_of_has_an_example(name: str) -> None:
    assert [said.fact for said in spoken(name) if not said.examples] == []
