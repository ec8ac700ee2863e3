"""A free question in the middle: its reply, and the way back to what was asked before."""

from conversations.answering.questions import Answered, Answering
from conversations.consultation.turn import Rows, Turn
from conversations.saying.answers import offer
from conversations.saying.notices import TALK_TO_SOMEBODY
from conversations.saying.results import brief
from conversations.saying.totals import spoken_of
from conversations.state.actions import ShowClause, short
from conversations.state.events import QuestionAsked
from conversations.state.interview import asked, stakes
from conversations.state.messages import Choice
from conversations.state.outcome import Outcome
from conversations.state.session import SCREENING


def answer(turn: Turn, text: str, only_found: bool) -> bool:
    """Answer ``text`` as a free question and go on; False where it is none (``only_found``: none with an answer)."""
    outcome = reply_to(turn, text, only_found)
    if outcome is Outcome.OUT_OF_SCOPE and only_found:
        return False
    if outcome is Outcome.ASSESS:
        if turn.session.answers:
            turn.say(f"按您的回答：{brief(turn.shelf, turn.known)}")
        if turn.session.asking is not None or not turn.session.finished:
            turn.resume(
                "—— 接着问，问完就更准：\n" if turn.session.answers else "好的，我们一条一条来看，问完就知道了。\n\n"
            )
    elif turn.session.asking is not None:
        turn.resume("—— 继续刚才的：\n")
    elif not turn.session.finished:
        turn.resume(f"想知道{turn.shelf.policy.you}能享受哪些？先选出符合的情形。\n")
    return True


def reply_to(turn: Turn, text: str, only_found: bool, topic: str | None = None) -> Outcome:
    """Say the reply to a free question, where there is one to say; ``topic`` is what it is about, if it does not say."""
    answering = Answering(turn.shelf, turn.session.in_play)
    topic = topic or turn.session.topic or topic_of(turn)
    found = answering.answers(text, topic)
    if topic is None and found[0].outcome is not Outcome.ASSESS and (told := _told_of(turn)):
        found = answering.answers(text, told)
    if found[0].outcome is Outcome.OUT_OF_SCOPE and len(found) == 1 and only_found:
        return found[0].outcome
    for answered in found:
        turn.note(QuestionAsked(text, answered.outcome))
        turn.session = turn.session.but(topic=answered.topic or turn.session.topic, misses=0)
        if answered.outcome is not Outcome.ASSESS:
            turn.say(
                answered.reply.removesuffix(f"\n{offer(turn.shelf.policy)}"), _candidates(turn, answered)
            )  # we are at it already
    return found[-1].outcome


def topic_of(turn: Turn) -> str | None:
    """The clause that the open question is about, where it is one."""
    path = turn.session.asking
    claims = stakes(turn.shelf, turn.known.assessment, asked(path)) if path is not None and path != SCREENING else []
    clauses = {claim.programme.clause for claim in claims}
    return clauses.pop() if len(clauses) == 1 else None


def _told_of(turn: Turn) -> str | None:
    """The clause that all is about that was told so far, where it is one."""
    clauses = {claim.programme.clause for claim in spoken_of(turn.shelf, turn.known)}
    return clauses.pop() if len(clauses) == 1 else None


def _candidates(turn: Turn, answered: Answered) -> Rows:
    policy = turn.shelf.policy
    if answered.outcome is Outcome.OFFERED:
        return tuple(
            (Choice(label=policy.clause(hit.clause).title, action=ShowClause(short(hit.clause)), key=chr(97 + place)),)
            for place, hit in enumerate(answered.clauses)
        )
    if answered.outcome is Outcome.ANSWERED and answered.clauses:
        return ((Choice(label="看原文", action=ShowClause(short(answered.clauses[0].clause)), key="原文"),),)
    return TALK_TO_SOMEBODY
