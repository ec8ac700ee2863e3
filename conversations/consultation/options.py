"""The options of the first question in typed words: by number, by name, or in a clause that says no more than that one holds.

Whoever writes before it was asked may name them as well. What states a fact in words of its own is the business of
``statements``.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from conversations.consultation import slots
from conversations.consultation.statements import Stated, claimed
from conversations.consultation.turn import Turn
from conversations.language.multiple_choice import held
from conversations.saying.questions import further
from conversations.state.session import SCREENING
from knowledge.policy import ScreeningOption


def take(turn: Turn) -> bool:
    """The whole message: options by number (like their buttons), or by name; those not named stay open."""
    offered = turn.session.offered
    if not offered:
        return False
    names = _names(turn)
    chosen = turn.message.chosen([names.get(option, ()) for option in offered])
    if chosen is not None:
        if chosen.places and not turn.message.numbers:
            slots.name(turn, [offered[place] for place in sorted(chosen.places)], turn.message.text)
        else:
            slots.choose(turn, chosen.places, turn.message.text, rest=not chosen.unsure)
    elif numbers := turn.message.numbers:
        turn.resume(f"序号是 1 到 {len(offered)}，“{numbers}”对不上，请再看一下。\n\n")
    else:
        return False
    return True


def named(turn: Turn, found: Stated) -> Stated:
    """``found`` with the options that clauses of which nothing was taken say to hold: 总部这条符合 · 示范企业我们有."""
    if not _may_be_named(turn) or not found.rest:
        return found
    names = _names(turn)
    ids, labels = list(names), list(names.values())
    said = {words: ids[place] for words in found.rest if (place := held(words, labels)) is not None}
    for piece, following in pairwise(found.description.pieces):
        if not (following.named or following.taken or following.words in said):  # 有支付牌照，不过是我们子公司的
            said.pop(piece.words, None)
    facts = dict(found.facts)
    for words, option in tuple(said.items()):
        holding = {each.path: each for each in slots.holding(turn, option, words)}
        if any(path in found.facts for path in holding):  # 做电商，不对我们不是电商企业
            del said[words]
        else:
            facts |= holding
    left = [tuple(words for words in clauses if words not in said) for clauses in (found.beside, found.rest)]
    told = tuple(names[option][0] for option in said.values() if not slots.states(turn, option))
    return replace(found, facts=facts, beside=left[0], rest=left[1], options=told)


def spoken_of(turn: Turn, found: Stated) -> list[ScreeningOption]:
    """The open options of which clauses speak as ours that state nothing yet: 公司被认定过示范企业."""
    if not _may_be_named(turn):
        return []
    facts = claimed(turn, found.description)
    return [
        option
        for option in turn.shelf.options(turn.session.in_play)
        if turn.known.ticked(option) is None and facts & {*option.chosen, *option.otherwise}
    ]


def _may_be_named(turn: Turn) -> bool:
    """Whether the first question is open, or is still to be put."""
    return turn.session.asking in (SCREENING, None) and not turn.session.finished


def _names(turn: Turn) -> dict[str, Sequence[str]]:
    """What each option is called, the label first; further items of a list under the list's own."""
    options = turn.shelf.options(turn.session.in_play)
    names: dict[str, Sequence[str]] = {option.id: (option.label, *option.synonyms) for option in options}
    return names | {option: (label,) for option, label in further(turn.shelf.policy).items()}
