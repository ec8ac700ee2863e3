"""What a message states, as answers: which of them say something new, and what of the message was not taken."""

from dataclasses import dataclass, replace
from decimal import Decimal

from conversations.consultation import pointed
from conversations.consultation.last_told import vaguer
from conversations.consultation.meant import named_in_short
from conversations.consultation.turn import Turn
from conversations.language import revisions
from conversations.language.descriptions import Description, Stance
from conversations.language.descriptions_pieces import also_taken, named_in
from conversations.language.focus import Focus
from conversations.language.message import Message
from conversations.language.persons import speaks_as_them
from conversations.language.quantities import find_quantities
from conversations.language.references import named_items, referred
from conversations.language.text import normalise
from conversations.language.yesno import said_no
from conversations.state.answer import Answer, Grouping
from conversations.state.interview import SAME_PROJECT, projects_in_question
from conversations.state.session import is_fact, value_at
from knowledge.patterns import regex
from rules.case import value_to_json
from rules.values import Value
from rules.walk import names

_OURS = (Stance.STATED, Stance.INTENDED, Stance.DOUBTED)
"""The stances of clauses that may say something of the enterprise."""
_RENTED = regex("租|入驻")
"""Who rents a place does not run it."""
_ROUTED, _LONGEST_MATTER = 6, 60
"""Of how many clauses that were not read the matter is looked for, and in how many characters of each."""
_SHARED = 3
"""A fact on which so many programmes depend tells of none of them."""


@dataclass(frozen=True, slots=True)
class Stated:
    """``facts`` are the answers by path that say something new; ``beside`` the clauses of which nothing was taken, ``rest``
    those of them that say something of the enterprise; ``whole``: nothing else stands in the message. ``options`` are the
    labels of options that clauses say to hold, of which more is to be asked."""

    facts: dict[str, Answer]
    description: Description
    beside: tuple[str, ...]
    rest: tuple[str, ...]
    whole: bool
    options: tuple[str, ...] = ()

    @property
    def unread(self) -> tuple[str, ...]:
        """Where the message was not understood: its clauses that state something of the enterprise."""
        pieces = (piece.words for piece in self.description.pieces if piece.stance in _OURS)
        return self.rest or tuple(filter(_tells, pieces))

    @property
    def said(self) -> tuple[str, ...]:
        """The clauses that say something, of whomever."""
        return tuple(piece.words for piece in self.description.pieces if _tells(piece.words))


NOTHING = Stated({}, Description({}, {}), (), (), True)
"""Nothing beside the answer."""


def stated(turn: Turn, asked: str | None, about: str | None = None) -> Stated:
    """What the message states where the open question, or what was spoken of last, is the focus; where it is known what the
    message itself is ``about`` (a fact, or a list), that.

    The answer to the question that was ``asked`` counts as new whatever it says.
    """
    if client := turn.message.client(bool(turn.held.facts)):
        turn.session = turn.session.but(client=client)
    elif speaks_as_them(turn.message.plain, turn.session.client):
        turn.session = turn.session.but(client=None)  # 我们公司…: from here on they say we of that firm
    description = _with_what_was_left(turn, turn.message.description(_focus(turn, about)))
    if not description.facts and about is None:
        description = _of_the_last(turn, description)
    if not client and turn.message.asks_of_anybody(turn.session.client):
        description = replace(description, facts={}, counts={}, withdrawn={})
    named = named_in(description.pieces)
    wondered_at = _wondered_at(turn, description) if named else turn.session.wondered_at
    turn.session = turn.session.but(
        mentioned=turn.session.mentioned | named,
        claimed=turn.session.claimed | claimed(turn, description),
        wondered_at=wondered_at,
        trades=description.trades,
    )
    pointed.note_entries(turn, description)
    facts = _answers(turn, description, asked)
    needs = _needs(turn)  # of what is had only where another thing is so nobody speaks who has not told of that
    own = {fact for fact in named if not _of_list(turn, fact)}
    own = {f for f in own if f not in needs or needs[f] in named or value_at(turn.known.case, needs[f]) is not None}
    if not facts and len(own) == 1:  # a customer's licence: spoken of, if not ours
        fact = own.pop()
        told = [a.path for a in turn.session.answers if a.path.partition("@")[0] == fact]
        turn.session = turn.session.but(focus=told[-1] if told else fact)
    unknown = [piece.words for piece in description.pieces if not piece.taken and not piece.named]
    for words in unknown[:_ROUTED]:
        _note_matter(turn, words[:_LONGEST_MATTER])
    untaken = [p for p in description.pieces if not p.taken and p.stance in _OURS]
    short = [p for p in untaken if p.named and len(p.words) <= _LONGEST_MATTER][:_ROUTED]  # each is read once more
    repeated = [p for p in short if _repeats(turn, p.words, description)]
    beside = tuple(p.words for p in untaken if p not in repeated)
    rest = tuple(filter(_tells, beside))
    return Stated(facts, description, beside, rest, not any(piece.taken for piece in description.pieces))


def _with_what_was_left(turn: Turn, description: Description) -> Description:
    """``description`` with what it says behind the words that were not read before: 我们做第三方支付的, and then 牌照没有; and with
    what those say themselves, where it tells of the first things of a list: 总投资1850万, and then 这个是国家试点."""
    begins = any(not turn.known.case.items[subject] for subject in description.counts)
    untold = [p.words for p in description.pieces if not p.taken and p.stance in _OURS and _tells(p.words)]
    if not turn.session.left or not (begins or untold):
        return description
    left = "。".join(turn.session.left)
    together = Message(f"{left}。{turn.message.text}", turn.shelf, turn.today).description(_focus(turn))
    if any(together.facts.get(path) != value for path, value in description.facts.items()):
        return description
    said = {path for path, words in together.evidence.items() if any(words in each for each in untold)}
    said = {path for path in said if together.evidence[path] not in left}
    lists = {path.partition(".")[0] for path in said if path.count(".") > 1} | {*description.counts}
    begun = {subject for subject in lists if not turn.known.case.items[subject]}
    refused = named_in(description.pieces)  # named, and not taken
    own = {path for path in said - refused if not _of_list(turn, path)}
    more = [path for path in together.facts if path in own or path.partition(".")[0] in begun]
    more = [path for path in more if path not in description.facts and value_at(turn.known.case, path) is None]
    if not more:
        return description
    return replace(
        description,
        facts=description.facts | {path: together.facts[path] for path in more},
        evidence=description.evidence | {path: together.evidence[path] for path in more},
        approximate=description.approximate | (together.approximate & {*more}),
        counts=description.counts | {subject: n for subject, n in together.counts.items() if subject in begun},
        pieces=also_taken(description.pieces, together.pieces),
        words=description.words | {item: told for item, told in together.words.items() if item[0] in begun},
    )


def _of_the_last(turn: Turn, description: Description) -> Description:
    """``description`` of a message of which nothing was taken, with what it says of the fact spoken of last, where somebody grants
    that (2014年评的省级示范企业, and then 后来复核没过), or of one of which it says, in its pack's words, that it is no more
    (上个月退租搬出来了), when it is read behind the words that told it."""
    named = named_in(description.pieces)
    own = [p.words for p in description.pieces if p.stance in _OURS]
    if turn.message.closes:  # 没，其他的都没有: that there is nothing else is said of nothing that was told
        plain = {words: normalise(words) for words in own}
        own = [words for words in own if not (said_no(plain[words]) or revisions.closes(plain[words]))]
    for path in _maybe_over(turn, unnamed=not named):
        told, known = turn.session.answer(path), value_at(turn.known.case, path)
        if told is None or known is None or named - {turn.shelf.policy.fact(path).id}:
            continue
        words = f"{told.said}。{turn.message.text}"
        together = Message(words, turn.shelf, turn.today).description(Focus(on=turn.today, client=turn.session.client))
        value, said = together.facts.get(path), together.evidence.get(path, "")
        if value is not None and value != known and any(each in said for each in own):
            pieces = also_taken(description.pieces, together.pieces)
            return replace(description, facts={path: value}, evidence={path: said}, pieces=pieces)
    return description


def _maybe_over(turn: Turn, unnamed: bool) -> list[str]:
    """The fact of the enterprise spoken of last, where somebody grants it and the message leaves it ``unnamed``, as any other, and
    those of which it says, in the words that the pack has for it, that they are no more."""
    mentions = turn.shelf.policy.mentions
    over = {
        each.fact for each in mentions.facts if (p := mentions.compiled(each.revoked)) and p.search(turn.message.plain)
    }
    facts = {path: turn.shelf.policy.fact(path) for path in turn.answered if not _of_list(turn, path)}
    last = [path for path in facts if unnamed and path == turn.session.focus and facts[path].granted]
    return last + [path for path, fact in facts.items() if fact.id in over and fact.type == "bool"]


def claimed(turn: Turn, description: Description) -> frozenset[str]:
    """The facts and lists that clauses name as the person's own, and of which they state nothing yet: 公司被认定过示范企业."""
    pieces = [piece for piece in description.pieces if piece.stance is Stance.STATED and not piece.taken]
    rented = any(_RENTED.search(piece.words) for piece in pieces)  # 我租的地方叫电商产业园
    return named_in(pieces) - frozenset(turn.shelf.policy.lists if rented else ())


def _wondered_at(turn: Turn, description: Description) -> str | None:
    """The list spoken of last, and not as somebody else's, of which nothing is there yet: 想问问试点的事."""
    ours = (piece for piece in description.pieces if piece.stance is not Stance.OTHERS)
    lists = [subject for piece in ours for subject in turn.shelf.policy.lists if subject in piece.named]
    return lists[-1] if lists and not turn.known.case.items[lists[-1]] else None


def _repeats(turn: Turn, words: str, description: Description) -> bool:
    """Whether ``words``, of which nothing was taken, say only what the rest of the message says as well."""
    if not description.facts:
        return False
    alone = Message(words, turn.shelf, turn.today).description(turn.focus(None)).facts
    return bool(alone) and all(description.facts.get(place) == value for place, value in alone.items())


def _answers(turn: Turn, description: Description, asked: str | None) -> dict[str, Answer]:
    """What a ``description`` states and takes back, as answers by path."""
    facts: dict[str, Answer] = {}
    for subject, count in description.counts.items():
        for index in range(len(turn.known.case.items[subject] or ()), count):
            words = description.words.get((subject, index), turn.inbound.text)
            _keep(turn, facts, turn.answer(f"{subject}.{index}", True, words), asked)
    for (subject, index), words in description.words.items():
        if words and _told_together(turn, subject, index):
            facts[f"{subject}.{index}"] = turn.answer(f"{subject}.{index}", True, words[:_LONGEST_MATTER])
    items = {tuple(place.split(".")[:2]) for place in description.facts if place.count(".") == 2}
    for place, value in description.facts.items():
        words = turn.message.phrase(description.evidence[place])
        if (value == 0 and _stands(turn, place)) or vaguer(turn, place, value):
            continue
        if "." in place:
            corrects = turn.message.corrects
            rough = place in description.approximate and not corrects  # 应该是270万: put right, not guessed
            path = place
            if len(items) == 1:  # who tells of several has told which is which
                path = _corrected_item(turn, place) if corrects else _called(turn, place, value)
            answer = turn.answer(path, value_to_json(value), words, rough)
        else:
            answer = turn.answer(f"{place}.0", False, words)
        _keep(turn, facts, answer, asked)
    waiting = {answer.path: answer for answer in turn.session.waiting}
    waiting |= {
        path: turn.answer(path, value_to_json(value), words) for path, (value, words) in description.waiting.items()
    }
    founded = _founded(turn, facts, waiting)
    for path in [path for path in waiting if path in founded or description.counts.get(path.partition(".")[0])]:
        answer = waiting.pop(path)
        if path not in facts and value_at(turn.known.case, path) is None:
            facts[path] = answer
    needs = _needs(turn)
    kept = [answer for path, answer in waiting.items() if path not in needs or path in description.waiting]
    turn.session = turn.session.but(waiting=tuple(kept))
    for path, words in description.withdrawn.items():
        _keep(turn, facts, turn.answer(path, None, words), asked)
    return facts


def _needs(turn: Turn) -> dict[str, str]:
    """The facts that are spoken of only where another one is affirmed, with that one."""
    return {each.fact: each.needs for each in turn.shelf.policy.mentions.facts if each.needs}


def _founded(turn: Turn, facts: dict[str, Answer], waiting: dict[str, Answer]) -> set[str]:
    """连着三年都领满了 · 我们做代运营: what of ``waiting`` the message gives the ground to, right after it was told."""
    ground = {path: each for path, each in _needs(turn).items() if path in waiting}
    return {path for path, each in ground.items() if (told := facts.get(each)) is not None and told.value is True}


def _told_together(turn: Turn, subject: str, index: int) -> bool:
    """Whether an item was only counted with others so far (有两个项目), so that no words of its own are kept."""
    old = turn.session.answer(f"{subject}.{index}")
    said = [a.said for a in turn.session.answers if a.path.rpartition(".")[0] == subject and a.value is True]
    return old is not None and said.count(old.said) > 1


def _stands(turn: Turn, path: str) -> bool:
    """Whether a sum is known at ``path``, so that 还没领, said of one of its parts, does not take it back: unless the message
    puts something right, or tells the sum again (那1500是报税用的)."""
    known = value_at(turn.known.case, path) if turn.shelf.policy.fact(path).type == "money" else None
    if not isinstance(known, Decimal) or known <= 0 or turn.message.corrects:
        return False
    return all(quantity.value != known for quantity in find_quantities(turn.message.plain))


def record(turn: Turn, found: Stated) -> None:
    """Keep what was ``found``, and which claims it says to be one project."""
    told = list(found.facts.values())
    several = {subject for subject, count in found.description.counts.items() if count > 1}
    if {
        answer.path.partition(".")[0] for answer in told
    } <= several:  # of one and then of another: the last is spoken of
        told.sort(key=lambda answer: turn.inbound.text.find(answer.said))
    for answer in told:
        turn.record(answer)
    if path := _left_open(turn, found.description):
        turn.session = turn.session.but(focus=path)
    if found.description.same_project is not None:
        projects = projects_in_question(turn.shelf, turn.known.assessment)
        among = tuple(claim for project in projects for claim in project)
        value = Grouping(among=among, groups=found.description.same_project)
        turn.record(turn.answer(SAME_PROJECT, value, turn.inbound.text))


def _left_open(turn: Turn, description: Description) -> str | None:
    """The one figure that a message names as ours and leaves open: 国家给多少还没定 · 一个月服务费十来万."""
    item = turn.item_of(None)
    open_ones: set[str] = set()
    left = [piece for piece in description.pieces if piece.stance is not Stance.OTHERS and not piece.taken]
    for fact in {fact for piece in left for fact in piece.named}:
        subject, _, name = fact.partition(".")
        spec = turn.shelf.policy.fact(fact) if name else None
        if spec is None or not spec.spec.numeric or spec.by_year or spec.type == "int":
            continue
        path = f"{subject}.{item[1]}.{name}" if item and item[0] == subject else fact
        if (path != fact) == _of_list(turn, fact) and value_at(turn.known.case, path) is None:
            open_ones.add(path)
    return open_ones.pop() if len(open_ones) == 1 else None


def _tells(words: str) -> bool:
    """Whether a clause says something, and is no courtesy, hesitation or the like."""
    return not revisions.idle(normalise(words))


def is_item(answer: Answer) -> bool:
    """Whether ``answer`` says that there is an item of a list, and nothing of it."""
    return answer.value is True and answer.path.partition(".")[2].isdigit()


def _corrected_item(turn: Turn, path: str) -> str:
    """The place of a correction of one item: the item that is meant, else the only one that has such a fact."""
    subject, _, rest = path.partition(".")
    index, dot, name = rest.partition(".")
    meant = referred(turn.message.plain, turn.items([subject])) if dot else []
    told_anew = dot and int(index) >= len(turn.known.case.items[subject] or ())
    if len(meant) == 1 and not told_anew:
        return f"{subject}.{meant[0][1]}.{name}"
    items = turn.known.case.items[subject] or ()
    if not dot or int(index) >= len(items) or items[int(index)].get(name) is not None:
        return path
    having = [at for at, item in enumerate(items) if item.get(name) is not None]
    return f"{subject}.{having[0]}.{name}" if len(having) == 1 else path


def _called(turn: Turn, path: str, value: Value | tuple[()]) -> str:
    """绞车实际卖了2450万: the place of another value of what is known at ``path``: of the thing that the message calls by its words."""
    subject, _, name = path.split(".") if path.count(".") > 1 else ("", "", "")
    if not subject or value_at(turn.known.case, path) in (None, value):
        return path
    called = named_items(turn.message.plain, turn.items([subject]))
    return f"{subject}.{called[0][1]}.{name}" if len(called) == 1 else path


def _note_matter(turn: Turn, words: str) -> None:
    """What ``words`` that were not read are about, as the search hears it, counts as spoken of: it is not denied unasked."""
    if not _tells(words):
        return
    found = turn.shelf.search.find(words)
    clause = found.hits[0].clause if found.in_scope else None
    about: set[str] = set()
    for programme in turn.shelf.policy.programmes:
        if programme.clause == clause:
            conditions = dict.fromkeys(fact for leaf in programme.leaves for fact in names(leaf))
            own = [fact for fact in conditions if turn.shelf.users[fact] < _SHARED]
            about |= {*own, *(fact.partition(".")[0] for fact in own if _of_list(turn, fact))}
    turn.session = turn.session.but(mentioned=turn.session.mentioned | about)


def _of_list(turn: Turn, fact: str) -> bool:
    """Whether ``fact`` is a list subject, or belongs to its items."""
    return fact.partition(".")[0] in turn.shelf.policy.lists


def _focus(turn: Turn, about: str | None = None) -> Focus:
    """What the message is about where it does not say: what it is known to be ``about``; the open question; what was spoken of
    last, where it corrects, or what it names in short."""
    if about is not None:
        listed = about in turn.shelf.policy.lists
        return replace(turn.focus(None), listing=about) if listed else turn.focus(about)
    asking = turn.session.asking
    if turn.message.corrects and turn.message.has_figure and (named := named_in_short(turn)):
        return replace(turn.focus(named), item=None) if named.count(".") == 1 else turn.focus(named)
    if asking is None or not is_fact(asking) or turn.message.corrects:
        return turn.focus(turn.session.focus or asking)
    return turn.focus(asking)


def _keep(turn: Turn, found: dict[str, Answer], answer: Answer, asked: str | None) -> None:
    old = turn.session.answer(answer.path)
    if old is None or old.value != answer.value or answer.path == asked:
        found[answer.path] = answer
