"""The examples in a pack's ``mentions.yaml``: each sentence states the value written beside it, a counter-example none."""

from conversations.language.descriptions import DescriptionReader
from knowledge.mentions import FactMentions
from rules.case import value_to_json
from tests import served
from tests.table import check_each

POLICY = served.policy()
READER = DescriptionReader(POLICY)
SPOKEN = POLICY.mentions.facts


def stated(spoken: FactMentions, sentence: str) -> object:
    """What ``sentence`` states of the fact, of the first item where it is a list's; None where nothing."""
    subject, name = spoken.fact.split(".")
    facts = READER.read(sentence).facts
    value = facts.get(spoken.fact, facts.get(f"{subject}.0.{name}"))
    return None if value is None or isinstance(value, tuple) else value_to_json(value)


def test_an_example_states_its_value() -> None:
    def check(example: tuple[FactMentions, str]) -> None:
        spoken, sentence = example
        assert stated(spoken, sentence) == spoken.examples[sentence]

    check_each([(spoken, sentence) for spoken in SPOKEN for sentence in spoken.examples], check, lambda e: e[1])


def test_a_counter_example_states_nothing_of_the_fact() -> None:
    def check(example: tuple[FactMentions, str]) -> None:
        spoken, sentence = example
        assert stated(spoken, sentence) is None

    check_each([(spoken, sentence) for spoken in SPOKEN for sentence in spoken.counter], check, lambda e: e[1])


def test_every_fact_that_is_spoken_of_has_an_example() -> None:
    assert [spoken.fact for spoken in SPOKEN if not spoken.examples] == []
