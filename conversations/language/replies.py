"""What somebody writes when one fact is asked for: an answer to the question, or a statement that names the fact.

The reader of answers takes what belongs to the question alone; what it leaves unclear may still say the fact in so many
words (总部前年就迁过来了，现在…), as a description would. Where both read something, the answer counts. Knows the facts
of the policy that it is given, and no policy of its own.
"""

from datetime import date

from conversations.language.answers import AnswerReader, Understood
from conversations.language.descriptions import DescriptionReader
from conversations.language.focus import Focus
from conversations.language.lexicon import lexicon
from conversations.language.quantities import UnitKind, find_quantities
from conversations.language.text import normalise, paused
from conversations.language.yesno import asks_back, leaves_unknown, ours_alone, said_no, settles_nothing
from knowledge.policy import Policy

_ZH = lexicon("replies")


_READ_ALONE = ("date", "place")
"""Types whose answers say all that a description would."""


class ReplyReader:
    """Reads what is written to the question for a fact of ``policy``, with its ``answers`` and ``descriptions``."""

    def __init__(self, policy: Policy, answers: AnswerReader, descriptions: DescriptionReader) -> None:
        self._policy = policy
        self._answers = answers
        self._descriptions = descriptions

    def read(self, fact_id: str, text: str, on: date | None = None) -> Understood:
        """The value of ``fact_id`` that ``text``, written on the day ``on``, answers or states. Raises KeyError where the policy has no such fact."""
        answer = self._answers.read(fact_id, text, on)
        fact = self._policy.fact(fact_id)
        if answer.status == "unknown" or answer.offer is not None or fact.type in _READ_ALONE or fact.by_year:
            return answer
        said = ours_alone(normalise(paused(text)))
        changed = answer.status == "ok" and fact.type != "money" and _ZH["changed"].search(said)
        settled = answer.status == "ok" and not changed
        spanned = fact.type == "years" and _ZH["from_to"].search(said)
        doubted = fact.type == "bool" and leaves_unknown(said)
        if settled or spanned or doubted or _open(said) or self._answers.of_another(fact, said):
            return answer
        subject, _, name = fact_id.partition(".")
        many = subject in self._policy.lists
        path = f"{subject}.0.{name}" if many else fact_id
        asked = path if fact.type == "years" else None  # 开了十八个月: no other length of time is told
        focus = Focus(counts={subject: 1}, item=(subject, 0), path=asked, on=on) if many else Focus(on=on)
        told = self._descriptions.read(text, focus)
        value = told.facts.get(path)
        if value is None or isinstance(value, tuple) or told.counts.get(subject, 1) > 1:
            return answer
        if self._answers.denies(fact, said, value):
            return answer
        if (
            many
            and fact.type == "money"
            and not any(normalise(name) in said for name in (fact.label, *fact.reads.names))
        ):
            return answer  # 运费四万: another thing's price, as a row of a list would tell it
        if value is True and said_no(said):
            return answer  # 没呢，今年就批了二十个
        if fact.spec.numeric and value != 0 and not self._answers.only_figure(fact, said, value):
            return answer
        return Understood("ok", value, path in told.approximate, told.evidence[path])


def _open(plain: str) -> bool:
    """Whether plain text leaves the matter open: it asks, gives up, compares, or counts in another country's money."""
    foreign = any(quantity.kind is UnitKind.FOREIGN for quantity in find_quantities(plain))
    return foreign or bool(_ZH["not_said"].search(plain)) or settles_nothing(plain) or asks_back(plain)
