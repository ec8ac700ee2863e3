"""What is said of things to come tells of now: what is under way is so, what is only planned or waited for is not.

Generic Chinese; knows no policy.
"""

from collections.abc import Iterable, Iterator

from conversations.language import descriptions_turns as turns
from conversations.language.descriptions_clauses import SpokenClause, Stance
from conversations.language.descriptions_items import Listing
from conversations.language.descriptions_lexicon import Lexicon
from conversations.language.descriptions_polarity import awaits, denied, ended
from conversations.language.descriptions_statements import Statements, is_at
from conversations.language.descriptions_words import FactWords, Mention


def foretold(clause: SpokenClause, facts: Iterable[Mention]) -> Iterator[tuple[Mention, FactWords, bool]]:
    """Of the ``facts`` that a clause mentions which states nothing those of which it tells something all the same."""
    for mention in facts:
        if isinstance(mention.word, FactWords) and (held := _foretold(clause, mention, mention.word)) is not None:
            yield mention, mention.word, held


def _foretold(clause: SpokenClause, mention: Mention, words: FactWords) -> bool | None:
    if clause.stance is Stance.REFUTED:  # 老说有牌照，其实没有
        return False if words.fact.type == "bool" and not mention.denied else None
    if mention.denied and clause.stance is Stance.INTENDED and turns.ONLY_PLANS.search(clause.text):
        return False  # 技改还只是打算
    if (mention.ongoing and clause.preparing) or (words.spoken.planned and clause.firm):
        return not mention.denied and not denied(clause.text[: mention.start], "", "")
    if words.spoken.planned and turns.NO_PLAN.search(clause.text):
        return False  # 总部不考虑放郑州
    return None


def lost(lexicon: Lexicon, draft: Statements, path: str, text: str) -> tuple[FactWords, str] | None:
    """后来又被取消了, a text by itself: the one thing granted that is held by whom ``path`` is of; None where there is none."""
    if not ended(text):
        return None
    prefix = path.rpartition(".")[0]
    held = [(words, f"{prefix}.{words.fact.name}") for words in lexicon.facts if words.fact.granted]
    held = [(words, at) for words, at in held if is_at(words.fact.id, at)]
    held = [(words, at) for words, at in held if draft.value(at) not in (None, False, words.spoken.nothing)]
    return next((each for each in held if each[1] == path), held[0] if len(held) == 1 else None)


def awaited(lexicon: Lexicon, draft: Statements, listing: Listing, text: str) -> tuple[FactWords, bool] | None:
    """河东园还在走流程 · 认定证书下来了: what the item spoken of waits for (False), or has the paper of (True), where that is the one
    thing of its list that is granted and is not known yet, and ``text`` says nothing else."""
    came = bool(turns.PAPER_CAME.fullmatch(text[listing.label_end :]))
    own = [words for words in lexicon.facts if words.subject == listing.focus and words.fact.granted]
    if len(own) != 1 or own[0].fact.type != "bool" or not (came or awaits(text[listing.label_end :])):
        return None
    return None if any(draft.value(path) is not None for path in draft.paths(own[0].fact)) else (own[0], came)
