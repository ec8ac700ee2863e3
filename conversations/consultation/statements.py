"""What a message states, as answers: which of them are new, and which item of a list each is about."""

from conversations.consultation.turn import Turn
from conversations.language.descriptions import Description
from conversations.state.interview import SAME_PROJECT, projects_in_question
from conversations.state.session import Answer, value_at
from rules.case import value_to_json


def stated(turn: Turn, description: Description, asked: str | None = None) -> dict[str, Answer]:
    """The description's facts as answers, by path: those that say something new, and the one that was ``asked`` for."""
    found: dict[str, Answer] = {}
    for subject, count in description.counts.items():
        last = _item(turn, description, subject, count - 1)
        for index in range(len(turn.known.case.items[subject] or ()), last + 1):
            _keep(turn, found, turn.answer(f"{subject}.{index}", True, turn.inbound.text), asked)
    for place, value in description.facts.items():
        subject, _, rest = place.partition(".")
        number, dot, name = rest.partition(".")
        words = turn.message.phrase(description.evidence[place])
        if not rest:
            answer = turn.answer(f"{subject}.0", False, words)
        else:
            path = f"{subject}.{_item(turn, description, subject, int(number))}.{name}" if dot else place
            answer = turn.answer(path, value_to_json(value), words, place in description.approximate)
        _keep(turn, found, answer, asked)
    return found


def record(turn: Turn, facts: dict[str, Answer], description: Description) -> None:
    """Keep ``facts``, and which claims the description says to be one project."""
    for answer in facts.values():
        turn.record(answer)
    if description.same_project is not None:
        projects = projects_in_question(turn.shelf, turn.known.assessment)
        named = [list(group) for group in description.same_project]
        among = [claim for project in projects for claim in project]
        value = {"among": among, "groups": named, "done": True}
        turn.record(turn.answer(SAME_PROJECT, value, turn.inbound.text))


def worth_saying(answer: Answer) -> bool:
    """Whether ``answer`` needs a line; that there is an item does not: its facts are shown."""
    return not (answer.value is True and answer.path.partition(".")[2].isdigit())


def _keep(turn: Turn, found: dict[str, Answer], answer: Answer, asked: str | None) -> None:
    old = turn.session.answer(answer.path)
    if old is None or old.value != answer.value or answer.path == asked:
        found[answer.path] = answer


def _item(turn: Turn, description: Description, subject: str, number: int) -> int:
    """Which item of the consultation the description's item ``number`` is.

    The one that the open question is about; else the one at its place, or a further one where that one is different.
    """
    about, _, rest = (turn.session.asking or "").partition(".")
    index = rest.partition(".")[0]
    if about == subject and index.isdigit() and description.counts.get(subject) == 1:
        return int(index)
    case = turn.known.case
    stated = {path: value for path, value in description.facts.items() if path.startswith(f"{subject}.")}
    if any(value_at(case, path) not in (None, value) for path, value in stated.items()):
        return number + len(case.items[subject] or ())
    return number
