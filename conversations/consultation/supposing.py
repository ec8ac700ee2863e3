"""What would be if: computed from the message for the person to see, and not noted."""

from conversations.consultation import corrections
from conversations.consultation.turn import Turn
from conversations.language.descriptions_clauses import Stance
from conversations.language.message import Message
from conversations.saying.results import what_if
from conversations.state.answer import Answer
from conversations.state.session import derive, is_fact
from knowledge.patterns import regex
from rules.case import value_to_json

_IF = regex(r"^[^,。]{0,4}?(?:要是|如果|假如|假设|假使|假定|若是|倘若|比方说|(?<![\d一二两三四五六七八九十百千])万一)")
_ASKED = regex("[?？!！。]+")
_AND_THEN = regex(
    r"(?:的话)?[,，]?(?:那|又|就)?(?:呢|会怎[么样]*|怎么[样算办]*|(?:能|可以|可|会)?(?:多|再)?(?:拿|领|给|补|得|报|有)?(?:到)?(?:多少|几个?钱?)(?:钱|万)?)?[呢啊呀吗?？!。]*$"
)


def take(turn: Turn) -> bool:
    """Say what the message's supposition would come to; False where it is none, or nothing known would change."""
    said = turn.message.plain
    if not turn.session.answers or not (found := _IF.search(said)) or _tells_more(turn):
        return False
    would = Message(_AND_THEN.sub("", said[found.end() :]), turn.shelf, turn.today)
    if not (answers := _facts(turn, would)):
        return False
    session = turn.session
    for answer in answers:
        session = session.record(answer)
    known = derive(session, turn.shelf)
    turn.say(what_if(turn.shelf, turn.known, known, answers))
    turn.resume("—— 继续刚才的：\n")
    return True


def _tells_more(turn: Turn) -> bool:
    """Whether behind the question of what would be the message tells what is: 要是重新注册，能算新办吗？我们没有失信 · 假如评上省级
    那是不是60万 现在还没评上."""
    pieces = turn.message.description(turn.focus(None)).pieces
    supposed = [at for at, piece in enumerate(pieces) if piece.stance in (Stance.SUPPOSED, Stance.ASKED)]
    if supposed and any(piece.taken and piece.stance is Stance.STATED for piece in pieces[supposed[0] :]):
        return True
    _, *rest = _ASKED.split(turn.message.text, maxsplit=1)
    return bool(rest) and bool(Message(rest[0], turn.shelf, turn.today).description(turn.focus(None)).facts)


def _facts(turn: Turn, would: Message) -> list[Answer]:
    """What the supposition states; a figure that names nothing is one of what was spoken of last."""
    focus = turn.session.focus or ""
    description = would.description(turn.focus(focus))
    found = [turn.answer(path, value_to_json(v), would.text) for path, v in description.facts.items() if v != ()]
    found = [answer for answer in found if is_fact(answer.path)]
    if found:
        return found
    for path in filter(is_fact, dict.fromkeys([focus, *turn.answered])):
        numeric = turn.shelf.policy.fact(path).spec.numeric
        if numeric and (answer := corrections.read_as(turn, path, would, named=True)):
            return [answer]
    return []
