"""Which clause what a customer tells is about: the one matter of a message, of a question's words, of what both speak of.

Goes by the facts and lists that words name; reads nothing itself, and words nothing.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Set

from conversations.answering.known_words import KnownWords
from conversations.answering.nearness import pairs
from conversations.language import customer_message
from conversations.language.descriptions import Description
from conversations.language.descriptions_clauses import Stance
from conversations.language.descriptions_pieces import named_in
from conversations.language.question import Question
from conversations.state.shelf import Shelf
from knowledge.policy import Policy
from rules.plain import plain_levels

_MOSTLY = 0.5
"""Of what part of a question's own words a clause is to know that is meant by what is told."""


def matter(shelf: Shelf, description: Description) -> str | None:
    """The one clause that what is told is about; None where it is about several, or none."""
    for stance in (Stance.STATED, Stance.OTHERS):
        told = (piece.named for piece in description.pieces if piece.stance is stance)
        votes = _votes(shelf, frozenset[str]().union(*(_plainly(shelf, named) for named in told)))
        if votes:
            return next(iter(votes)) if len(votes) == 1 else None
    return None


def _plainly(shelf: Shelf, named: frozenset[str]) -> frozenset[str]:
    """``named`` without a fact of a thing that a clause does not name, where it names another fact as well."""
    lists = {each.id for each in shelf.policy.subjects if each.many}
    plain = {path for path in named if (subject := path.split(".")[0]) not in lists or subject in named}
    return frozenset(plain) or named


def named_clause(shelf: Shelf, description: Description, text: str) -> str | None:
    """The one clause whose programmes ask for the facts, or are about the lists, that the words of ``text`` name."""
    telling = [each for each in description.pieces if each.words in text and not customer_message.general(each.words)]
    ranked = _votes(shelf, {path for piece in telling for path in piece.named}).most_common(2)
    alone = len(ranked) == 1 or (len(ranked) == 2 and ranked[0][1] > ranked[1][1])
    return ranked[0][0] if alone else None


def spoken(shelf: Shelf, description: Description) -> Counter[str]:
    """Of how many of the facts and lists that a message speaks of each clause's programmes alone are."""
    return _votes(shelf, named_in(description.pieces))


def labelled(policy: Policy, text: str, quoted: bool = False) -> dict[str, list[int]]:
    """Where plain ``text`` calls each programme by words that stand in the name (``quoted``: or quote) of no other.

    Those that it does not call are left out.
    """
    labels = {each.id: pairs(f"{each.label},{each.quote}" if quoted else each.label) for each in policy.programmes}
    often = Counter(pair for words in labels.values() for pair in words)
    named = {
        of: [at for at in range(len(text)) if often[text[at : at + 2]] == 1 and text[at : at + 2] in words]
        for of, words in labels.items()
    }
    return {of: places for of, places in named.items() if places}


def of_levels(policy: Policy, text: str) -> dict[str, list[int]]:
    """Where plain ``text`` calls the programmes that pay by levels."""
    named = labelled(policy, text)
    return {each.id: named[each.id] for each in policy.programmes if plain_levels(each.amount) and each.id in named}


def _votes(shelf: Shelf, named: Set[str]) -> Counter[str]:
    """Of how many of the facts and lists ``named`` each clause's programmes alone are.

    For how many years one was paid may be said of anything.
    """
    any_of_them = {each.years.fact for each in shelf.policy.programmes if each.years}
    return Counter(
        each.clause
        for each in shelf.policy.programmes
        for path in named - any_of_them
        if path == each.subject or (path in shelf.named[each.id] and shelf.users[path] == 1)
    )


def sharing(shelf: Shelf, read: Description, question: Question, stated: Collection[str]) -> Iterator[str]:
    """Those of the clauses that the facts are ``stated`` of which the question's own words speak of as well."""
    words = shelf.compiled(KnownWords)
    named = named_in(piece for piece in read.pieces if piece.words in question.text)
    for each in shelf.policy.programmes:
        known = words.share(question.heading, each.clause) >= _MOSTLY
        if each.clause in stated and (
            named & shelf.named[each.id] or (known and not customer_message.general(question.heading))
        ):
            yield each.clause
