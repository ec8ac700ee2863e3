"""What a person can ask of the bot at any time, apart from the questions, by words or by a button.

A name alone: the words for a command belong to the language, what it does to the consultation.
"""

from enum import StrEnum


class Command(StrEnum):
    """A wish that stands apart from the questions."""

    START = "start"
    NEW = "new"
    HELP = "help"
    RESULT = "result"
    MATERIALS = "materials"
    NOTES = "notes"
    EDIT = "edit"
    FILL = "fill"
    WHY = "why"
    BACK = "back"
    SKIP = "skip"
    PAUSE = "pause"
    PROGRESS = "progress"
    POLICY = "policy"
    PRIVACY = "privacy"
    OTHERS = "others"
    PERSON = "person"
    THANKS = "thanks"
    END = "end"
    LEAD = "lead"
    MINE = "mine"
    CASES = "cases"
    MYDATA = "mydata"
    PAPER = "paper"
    FORGET = "forget"
