"""What can become of a free question: a closed list, for whoever answers, counts or keeps it."""

from enum import StrEnum


class Outcome(StrEnum):
    """What became of a question."""

    ANSWERED = "answered"
    OFFERED = "offered"
    """Two or three clauses are equally likely: the person chooses."""
    ASSESS = "assess"
    """The person asks what their own enterprise can get: the questionnaire tells."""
    OUT_OF_SCOPE = "out_of_scope"
