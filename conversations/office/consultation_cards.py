"""What staff read about a consultation: how far it came, what it comes to. Says nothing of whose it is.

Renders a session; changes nothing. Knows no database.
"""

from conversations.saying.totals import estimate
from conversations.saying.values import wanted_label
from conversations.state.interview import MORE, SAME_PROJECT, SCREENING
from conversations.state.session import MENUS, Known, Session, derive
from conversations.state.shelf import Shelf
from conversations.state.shelf_change import migrate


def standing(shelf: Shelf, session: Session) -> Known:
    """What a kept ``session`` comes to under the policies as they stand."""
    return derive(migrate(session, shelf)[0], shelf)


def reached(shelf: Shelf, session: Session) -> str:
    """How far the consultation came, and what it comes to so far: in a few words."""
    if not session.answers:
        return "还没有答题"
    total = estimate(shelf, standing(shelf, session))
    if session.finished:
        return f"出了结果：{total}"
    stop = stopped_at(shelf, session)
    return f"停在“{stop}”，目前 {total}" if stop else f"没有问完，目前 {total}"


def stopped_at(shelf: Shelf, session: Session) -> str:
    """What the open question is about; empty where none is open."""
    asking = session.asking
    if asking is None or asking in MENUS:
        return ""
    if asking == SCREENING:
        return shelf.policy.screening.question
    if asking == SAME_PROJECT:
        return "是不是同一个项目"
    place = ".".join(part for part in asking.split(".") if part != MORE and not part.isdigit())
    return wanted_label(shelf.policy, place)
