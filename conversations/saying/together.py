"""Several policies in one answer: the result of each, and in one sentence what they come to together.

Where a document pays the same matter once only, the sum is told with that, in the document's words.
"""

from collections.abc import Sequence

from conversations.saying.provisions import paid_once
from conversations.saying.results import result
from conversations.saying.values import interval
from conversations.state.joint import JointAssessment
from conversations.state.session import Known
from conversations.state.shelf import Shelf
from knowledge.policy import Policy
from rules.assessment import Assessment
from rules.case import Case
from rules.combined import Combined


def told(shelf: Shelf, case: Case, assessment: Assessment) -> list[str]:
    """The result of a case that nobody has told in a conversation."""
    return result(shelf, Known({}, case, assessment, frozenset(), frozenset()))


def told_together(joint: JointAssessment) -> list[str]:
    """The results one after the other, each under its document, and the sum of them."""
    said: list[str] = []
    for one in joint.policies:
        first, *others = told(*one)
        said += [f"**{_titled(one.shelf.policy)}**\n{first}", *others]
    return [*said, combined_sum([one.shelf.policy for one in joint.policies], joint.combined)]


def combined_sum(policies: Sequence[Policy], combined: Combined) -> str:
    """What ``policies`` come to together; where they may overlap, that they are not simply added up, and who says so."""
    amount = interval(combined.amount)
    whole = f"**{len(policies)} 份文件合起来：{amount}**"
    rule = paid_once(policies)
    if rule is None or not combined.may_overlap:
        return f"{whole}。"
    name, quote = rule
    return f"{whole}，但不能简单相加：{name}写明“{quote}”，同一事项就高不重复，只拿最高的一份。"


def _titled(policy: Policy) -> str:
    return f"《{policy.title}》" + (f"（{policy.number}）" if policy.number else "")
