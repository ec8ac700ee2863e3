"""Where a clause of a policy stands in the web: the address of its page, and the anchor on it."""

from urllib.parse import quote

from knowledge.policy import Clause, Policy, bare

LIST = "policies"
"""The address of the list of policies; below it lies each, by its id."""


def anchor(clause: str) -> str:
    """The anchor of the clause with this id on the page of its policy."""
    return f"c-{bare(clause)}"


def address(policy: Policy, clause: Clause | None = None) -> str:
    """The address of a policy, or of one of its clauses, from the root of the web."""
    whole = f"{LIST}/{quote(policy.id, safe='')}"
    return whole if clause is None else f"{whole}#{quote(anchor(clause.id))}"
