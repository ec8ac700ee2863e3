"""What other programs ask and get, in the contract's JSON: one implementation behind the command line and the web.

Each request is a JSON value as ``read_json`` gives it; what cannot be used raises ``BadInputError`` with the path of
the place. Imports what a request needs when it comes, for the sake of a quick start. Knows no channel and no limits.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, cast

from conversations.state.interchange import BadInputError, Json, day_of, optional_string, string_of
from conversations.state.shelf_names import outward, path_inward, path_outward

if TYPE_CHECKING:
    from datetime import date

    from pydantic import JsonValue

    from conversations.answering.questions import Answering
    from conversations.language.replies import ReplyReader
    from conversations.language.understood import Understood
    from conversations.state.joint import Joint, JointAssessment
    from conversations.state.shelf import Shelf
    from knowledge.policy import Policy
    from rules.case import Case


class Requests:
    """Answers requests about the policy of ``shelf``."""

    def __init__(self, shelf: Shelf) -> None:
        self.shelf = shelf

    @cached_property
    def answering(self) -> Answering:
        """From a question to its written reply."""
        from conversations.answering.questions import Answering

        return Answering(self.shelf)

    def case(self, data: object) -> Case:
        """The case that ``data`` states."""
        from rules.case import CaseError

        try:
            return self.shelf.rules.parse(data)
        except CaseError as error:
            raise BadInputError(error.message, error.path) from None

    def assess(self, data: object) -> Json:
        """A case → its assessment; of several policies that of each, and what they come to together."""
        from conversations.saying.report import assessment_json, joint_json

        if self.shelf.policy.several:
            return joint_json(self._together(data))
        return assessment_json(self.shelf, self.case(data))

    def result(self, data: object) -> list[str]:
        """A case → the result in words, of several policies one after the other, with the sum."""
        from conversations.saying.together import told, told_together

        if self.shelf.policy.several:
            return told_together(self._together(data))
        case = self.case(data)
        return told(self.shelf, case, self.shelf.rules.assess(case))

    def ask(self, data: object) -> Json:
        """``{"text"}``, a question → the clauses that answer it, and the reply."""
        from conversations.answering.questions import answer_json

        text = string_of(data, "text")
        return answer_json(self.shelf.policy, text, self.answering.answer(text))

    def understand(self, data: object) -> Json:
        """``{"fact", "text"}``, the words of an answer, and the day ``"on"`` (else today) → the value that they state."""
        from conversations.language.answers import AnswerReader
        from conversations.language.descriptions import DescriptionReader
        from conversations.language.replies import ReplyReader

        named, text = string_of(data, "fact"), string_of(data, "text")
        fact = path_inward(named, self.shelf.policy)
        if not self._is_asked(fact):
            raise BadInputError(f"there is no fact {named!r}", "fact")
        readers = self.shelf.compiled(AnswerReader), self.shelf.compiled(DescriptionReader)
        replies, on = ReplyReader(self.shelf.policy, *readers), day_of(data)
        if self.shelf.policy.fact(fact).by_year and "@" not in fact:
            return _of_each_year(replies, fact, text, on)
        return _understood(replies.read(fact, text, on))

    def _is_asked(self, fact: str) -> bool:
        """Whether there is such a fact: one with a figure for each year is asked for with its year."""
        name, at, year = fact.partition("@")
        known = next((known for known in self.shelf.policy.facts if known.id == name), None)
        return known is not None and (not at or (known.by_year and len(year) == 4 and year.isdecimal()))

    def extract(self, data: object) -> Json:
        """``{"text"}``, a description of an enterprise → the case that it states, with the words for each fact.

        ``"on"`` is the day at which it is told (else today).
        """
        from conversations.language.descriptions import DescriptionReader
        from conversations.language.focus import Focus

        read = self.shelf.compiled(DescriptionReader).read(string_of(data, "text"), Focus(on=day_of(data)))
        order = [path_outward(path) for path in read.facts if path in read.approximate]
        evidence = {path_outward(path): words for path, words in read.evidence.items()}
        return {"case": outward(cast("dict[str, JsonValue]", read.case())), "evidence": evidence, "approximate": order}

    def draft(self, data: object) -> Json:
        """``{"text"}``, a customer's message → the letter that staff send on, in the ``"register"`` (else ``usual``).

        ``"sender"`` is the customer's name, where it is known. ``case`` is what the message states and ``total`` what
        that comes to (null where it states nothing); ``advice`` is for the member of staff alone.
        """
        from conversations.answering.drafting import draft, draft_json
        from conversations.answering.letter_parts import Style
        from conversations.office.helpdesk_wording import hint

        registers = {"plain": Style.SPOKEN, "usual": Style.USUAL, "formal": Style.FORMAL}
        text, register = string_of(data, "text"), optional_string(data, "register") or "usual"
        if register not in registers:
            raise BadInputError(f"expected one of {', '.join(registers)}", "register")
        drafted = draft(self.shelf, text, optional_string(data, "sender"), registers[register])
        return draft_json(drafted, hint(self.shelf.policy, drafted))

    def facts(self) -> Json:
        """The facts with the questions that the bot asks for them."""
        from conversations.saying.report import facts_json

        return facts_json(self.shelf.policy)

    def policies(self) -> Json:
        """The policies that are served, as they stand today."""
        from conversations.saying.policies import policies_json

        return policies_json((document, True) for document in self.shelf.policy.documents)

    def policy(self, id: str | None = None) -> Json | None:
        """The document ``id``, else the only one: its data, its clauses and programmes; None where it is not served."""
        from conversations.saying.policies import policy_json

        document = self._document(id)
        return None if document is None else policy_json(document)

    def clause(self, id: str, policy: str | None = None) -> Json | None:
        """The clause ``id`` of ``policy``, else of the only one, with its text and its programmes; None where there is none."""
        from conversations.saying.policies import clause_json

        document = self._document(policy)
        return None if document is None else clause_json(document, id)

    @cached_property
    def _joint(self) -> Joint:
        from conversations.state.joint import Joint

        return Joint([type(self.shelf)(policy) for policy in self.shelf.policy.alone])

    def _together(self, data: object) -> JointAssessment:
        from rules.case import CaseError

        try:
            return self._joint.assess(data)
        except CaseError as error:
            raise BadInputError(error.message, error.path) from None

    def _document(self, id: str | None) -> Policy | None:
        """The document of this id; without one the only one that is served, None where there are several."""
        documents = self.shelf.policy.documents
        if id is None:
            return documents[0] if len(documents) == 1 else None
        return next((each for each in documents if each.id == id), None)


def _understood(read: Understood) -> Json:
    """What was read, as ``understand`` tells it."""
    from rules.case import value_to_json

    if read.value is None:
        offer = {} if read.offer is None else {"offer": value_to_json(read.offer)}
        return {"status": read.status, **offer}
    reply: dict[str, object] = {"status": read.status, "value": value_to_json(read.value)}
    return reply | {"approximate": True} if read.approximate else reply


def _of_each_year(replies: ReplyReader, fact: str, text: str, on: date) -> Json:
    """What ``text`` says of a ``fact`` by year: the figure of each year that it names; of none it is unclear which is meant."""
    from conversations.language.text import normalise, paused
    from conversations.language.yearly import by_year
    from rules.case import value_to_json

    read = {
        year: replies.read(f"{fact}@{year}", text, on) for year in by_year(normalise(paused(text)), on) or () if year
    }
    told = {str(year): value_to_json(each.value) for year, each in read.items() if each.value is not None}
    if not told:
        unknown = replies.read(fact, text, on).status == "unknown"
        return {"status": "unknown" if unknown else "unclear"}
    approximate = any(each.approximate for each in read.values())
    return {"status": "ok", "value": told, **({"approximate": True} if approximate else {})}
