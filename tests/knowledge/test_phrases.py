"""Phrases find what they say: words, classes of words, and classes made of other classes."""

from knowledge.phrases import Phrasebook

WORDS = {"ranks": ("第一", "[头/前]三"), "known": ("{ranks}", "百强")}


def found(phrase: str, text: str) -> str | None:
    """What ``phrase`` stands for in ``text``, None where it does not."""
    phrases = Phrasebook(WORDS).compiled((phrase,))
    assert phrases is not None
    span = phrases.search(text)
    return span and text[span.start() : span.end()]


def test_a_class_within_a_class_keeps_its_words_and_its_patterns() -> None:
    assert found("国内 … {known}", "国内排第一") == "国内排第一"
    assert found("国内 … {known}", "国内排前三") == "国内排前三"
    assert found("国内 … {known}", "国内百强") == "国内百强"
    assert found("国内 … {known}", "国内排第四") is None
