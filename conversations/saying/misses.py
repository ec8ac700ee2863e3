"""What is said where nothing was understood, or nothing is known: once kindly, then with an example and a person, never long.

Renders from the state alone; whether a message was understood is decided elsewhere.
"""

import re
from functools import cache

from conversations.saying import notices
from conversations.saying.questions import repeated
from conversations.saying.results import brief
from conversations.state.messages import Reply
from conversations.state.session import Known, Session
from conversations.state.shelf import Shelf
from knowledge.patterns import regex
from knowledge.sounds import syllables

_MANY_UNKNOWN = 5
_WORD = regex(r"[A-Za-z]{2,}")


def missed(session: Session, shelf: Shelf, known: Known, text: str) -> Reply:
    """That ``text`` was not understood, the last of ``session.misses`` messages in a row, and the question in one line."""
    english = is_english(text)
    said = notices.ENGLISH if english else notices.again(text)
    if session.asking is None:
        return Reply(text=f"{said}\n{brief(shelf, known)}", choices=notices.AFTERWARDS)
    asked = repeated(session, shelf, known)
    if session.misses < 2:
        return asked.model_copy(update={"text": f"{said}\n{asked.text}"})
    if not english:
        said = f"抱歉，我还是没听懂。{notices.example(shelf, session)}也可以先跳过，或者找工作人员。"
    return asked.model_copy(
        update={"text": f"{said}\n{asked.text}", "choices": (*asked.choices, *notices.TALK_TO_SOMEBODY)}
    )


def many_unknown(session: Session) -> bool:
    """Whether so many questions in a row were answered with "not known" that the result so far is to be offered.

    It is again after as many more.
    """
    run = 0
    for answer in reversed(session.answers):
        if answer.value is not None and not answer.final:
            break
        run += 1
    return run > 0 and run % _MANY_UNKNOWN == 0


def is_english(text: str) -> bool:
    """Whether ``text`` is words in Latin letters, no word or unit among Chinese, and not spelt by sound (duoshao qian)."""
    words = _WORD.findall(text)
    if len(words) < 2 or not text.replace("’", "'").isascii():
        return False
    spelt = sum(bool(_by_sound().fullmatch(word.lower())) for word in words)
    return 2 * spelt < len(words)


@cache
def _by_sound() -> re.Pattern[str]:
    longest_first = sorted({*syllables().values()}, key=len, reverse=True)
    return re.compile(f"(?:{'|'.join(longest_first)})+")
