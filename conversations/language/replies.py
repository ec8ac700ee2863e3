"""What somebody writes when one fact is asked for: an answer to the question, or a statement that names the fact.

The reader of answers takes what belongs to the question alone; what it leaves unclear may still say the fact in so many
words (总部前年就迁过来了，现在…), as a description would. Where both read something, the answer counts. Knows the facts
of the policy that it is given, and no policy of its own.
"""

from conversations.language.answers import AnswerReader, Understood
from conversations.language.descriptions import DescriptionReader
from conversations.language.focus import Focus
from conversations.language.quantities import UnitKind, find_quantities
from conversations.language.text import normalise
from conversations.language.yesno import asks_back, settles_nothing
from knowledge.policy import Policy


class ReplyReader:
    """Reads what is written to the question for a fact of ``policy``, with its ``answers`` and ``descriptions``."""

    def __init__(self, policy: Policy, answers: AnswerReader, descriptions: DescriptionReader) -> None:
        self._policy = policy
        self._answers = answers
        self._descriptions = descriptions

    def read(self, fact_id: str, text: str) -> Understood:
        """The value of ``fact_id`` that ``text`` answers or states. Raises KeyError where the policy has no such fact."""
        answer = self._answers.read(fact_id, text)
        if answer.status != "unclear" or answer.offer is not None or _open(normalise(text)):
            return answer
        subject, _, name = fact_id.partition(".")
        many = subject in self._policy.lists
        path = f"{subject}.0.{name}" if many else fact_id
        focus = Focus(counts={subject: 1}, item=(subject, 0)) if many else Focus()
        told = self._descriptions.read(text, focus)
        value = told.facts.get(path)
        if value is None or isinstance(value, tuple) or told.counts.get(subject, 1) > 1:
            return answer
        return Understood("ok", value, path in told.approximate, told.evidence[path])


def _open(plain: str) -> bool:
    """Whether plain text leaves the matter open: it asks, gives up, or counts in another country's money."""
    foreign = any(quantity.kind is UnitKind.FOREIGN for quantity in find_quantities(plain))
    return foreign or settles_nothing(plain) or asks_back(plain)
