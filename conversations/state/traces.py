"""By what a sealed contact can be found again: words that are kept as keyed digests beside it.

Pure: knows neither the key nor where they lie.
"""

from conversations.state.lead_fields import enterprise_key
from conversations.state.leads import Contact

TAIL = 4
"""So many last digits of a phone number are enough to look for."""
SHORTEST, LONGEST = 2, 4
"""Of a name, runs of so many characters are found, and the whole name."""
_READ = 40
"""So many characters of a name at most; the form takes no more."""


def traces(contact: Contact) -> list[str]:
    """What ``contact`` is found by, each once."""
    name = enterprise_key(contact.contact)[:_READ]
    runs = [name[at : at + size] for size in range(SHORTEST, LONGEST + 1) for at in range(len(name) - size + 1)]
    number = contact.phone.partition(";")[0]
    tail = [f"tail {number[-TAIL:]}"] if len(number) > TAIL else []
    return list(dict.fromkeys([*tail, *(f"name {run}" for run in (*runs, name) if len(run) >= SHORTEST)]))


def sought(words: str) -> list[str]:
    """The traces that somebody may mean who looks for ``words``."""
    if words.isdecimal() and words.isascii():
        return [f"tail {words}"] if len(words) == TAIL else []
    key = enterprise_key(words)[:_READ]
    return [f"name {key}"] if len(key) >= SHORTEST else []
