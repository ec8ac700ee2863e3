"""The facts that policies share: each id is global and means one thing; a pack takes one by its name and says why it asks.

How people speak of them is shared, too: a pack has the phrases with the fact; and so are the kinds of questions that no
document answers, as far as a pack's own clauses do not speak of the same. Knows no policy.
"""

from collections import Counter
from collections.abc import Mapping
from functools import cache
from itertools import chain, pairwise
from pathlib import Path

from knowledge.pack_yaml import PackLoader
from rules.raw import is_list, is_object

FOLDER = Path(__file__).parent / "vocabulary"
_WIDESPREAD = 4
"""What is said in more kinds of questions than that (怎么, 补贴) is the matter of none of them."""
_ASKING = frozenset("奖励补贴助给钱领拿多少几怎么什哪谁吗呢吧有没能可会要想是不的了和在到上我你您们这那请问个一")
"""Signs that whoever asks for anything uses."""
_OFTEN = 2
"""In so many example questions of a clause stands what it is about."""
_OF_NO_CLAUSE = ("assess", "meta")


@cache
def shared_facts() -> Mapping[str, Mapping[str, object]]:
    """The shared facts as they are written, by id."""
    return {**_written(FOLDER, "id"), **_written(FOLDER / "added", "id")}


@cache
def reserved() -> frozenset[str]:
    """The shared facts that no pack may define itself.

    Those that were added since are not among them: a pack that is older than the entry goes on defining its own.
    """
    added = _written(FOLDER / "added", "id")
    return frozenset(shared_facts().keys() - added.keys())


@cache
def shared_mentions() -> Mapping[str, Mapping[str, object]]:
    """How people speak of shared facts, as in a pack's ``mentions.yaml``, by the fact's id."""
    return _written(FOLDER / "mentions", "fact")


def with_shared_mentions(mentions: object, taken: frozenset[str]) -> object:
    """``mentions`` as a pack has them, with those of the facts ``taken`` that only the vocabulary has; where a pack ``adds``
    to these, with both."""
    own = mentions.get("facts", []) if is_object(mentions) else None
    if not is_object(mentions) or not is_list(own):
        return mentions
    spoken = {fact.get("fact") for fact in own if is_object(fact)}
    more = [fact for ident, fact in shared_mentions().items() if ident in taken and ident not in spoken]
    return {**mentions, "facts": [*map(_added_to, own), *more]}


def _added_to(fact: object) -> object:
    """``fact`` as a pack speaks of it, its phrases behind those of the vocabulary where it ``adds`` to them."""
    if not is_object(fact) or fact.get("adds") is not True:
        return fact
    shared = shared_mentions().get(str(fact.get("fact")), {})
    both = {
        key: [*own, *added] for key, added in fact.items() if is_list(added) and is_list(own := shared.get(key, []))
    }
    return {**shared, **fact, **both, "examples": fact.get("examples", {}), "counter": fact.get("counter", [])}


@cache
def shared_kinds() -> Mapping[str, Mapping[str, object]]:
    """The kinds of questions that no document answers, as in a pack's ``unanswered``, by id."""
    return _written(FOLDER / "unanswered", "id", "kinds")


def with_shared_kinds(questions: object, clauses: object) -> object:
    """``questions`` as a pack has them, with the kinds that only the vocabulary has.

    A pack that names one of these has all of it, and may give it questions and an advice of its own. Of the others it
    has the questions in which nothing is said that its own ``clauses`` are about.
    """
    own = questions.get("unanswered") if is_object(questions) else None
    if not is_object(questions) or not is_list(own):
        return questions
    spoken = _spoken(clauses, questions.get("answered"))
    kinds: list[object] = []
    for kind in own:
        shared = shared_kinds().get(str(kind.get("id"))) if is_object(kind) else None
        if shared is not None and is_object(kind):
            advice = kind.get("advice", shared["advice"])
            kind = {**kind, "advice": advice, "questions": kind.get("questions", []), "common": _asked(shared)}
        kinds.append(kind)
    named = {kind.get("id") for kind in kinds if is_object(kind)}
    for ident, shared in shared_kinds().items():
        common = [each for each in _asked(shared) if spoken.isdisjoint(_matters(each))]
        if ident not in named and common:
            kinds.append({**shared, "questions": [], "common": common})
    return {**questions, "unanswered": kinds}


def _spoken(clauses: object, answered: object) -> frozenset[str]:
    """The pairs of signs that clauses are about: in their titles and summaries, or in some of their example questions."""
    found: set[str] = set()
    for clause in clauses if is_list(clauses) else ():
        if is_object(clause):
            found |= _pairs(str(clause.get("title"))) | _pairs(str(clause.get("summary")))
    for clause, examples in answered.items() if is_object(answered) else ():
        if clause not in _OF_NO_CLAUSE and is_list(examples):
            times = Counter(chain.from_iterable(_pairs(str(each)) for each in examples))
            found |= {pair for pair, count in times.items() if count >= _OFTEN}
    return frozenset(found)


@cache
def _matters(question: str) -> frozenset[str]:
    """The pairs of signs in a question of some kind that are the matter of that kind, and not how people ask."""
    spread = _spread()
    return frozenset(pair for pair in _pairs(question) if spread[pair] <= _WIDESPREAD and _ASKING.isdisjoint(pair))


@cache
def _spread() -> Counter[str]:
    """In how many kinds of questions each pair of signs occurs."""
    return Counter(
        chain.from_iterable(
            set[str]().union(*(_pairs(each) for each in _asked(kind))) for kind in shared_kinds().values()
        )
    )


def _asked(kind: Mapping[str, object]) -> list[str]:
    questions = kind.get("questions")
    return [str(each) for each in questions] if is_list(questions) else []


def _pairs(text: str) -> set[str]:
    return {one + other for one, other in pairwise(text) if one.isalnum() and other.isalnum()}


def _written(folder: Path, name: str, under: str = "facts") -> Mapping[str, Mapping[str, object]]:
    """The entries under ``under`` in the files of a folder, by what stands under ``name``."""
    found: dict[str, Mapping[str, object]] = {}
    for path in sorted(folder.glob("*.yaml")):
        loader = PackLoader(path.read_text(encoding="utf-8"))
        node = loader.get_single_node()
        raw = None if node is None else loader.construct(node)
        entries = raw.get(under) if is_object(raw) else None
        for entry in entries if is_list(entries) else ():
            if is_object(entry):
                found[str(entry[name])] = entry
    return found
