"""The words for what a person can ask of the bot at any time: ``/edit`` and 修改 are one command.

Knows neither the state of a consultation nor what a command does.
"""

import unicodedata

from conversations.language.lexicon import entries, lexicon
from conversations.state.commands import Command

_ZH = lexicon("commands")
_LONGEST = 24
"""The most characters of a command in words."""
_LISTED = entries("commands")
WORDS = {command: tuple(_LISTED[command]["words"]) for command in Command if command in _LISTED}
"""The words that are just a command; the first is what a press of its button says."""
_COMMANDS = {word: command for command, words in WORDS.items() for word in words}
_WISHES = (Command.END, Command.PERSON, Command.LEAD, Command.EDIT, Command.MINE, Command.PAPER, Command.PAUSE)
"""Those that are said in words of one's own as well, courtesies around them aside."""


def read(text: str) -> Command | None:
    """The command that ``text`` is, None where it is something else; ``/edit@SomeBot`` is ``/edit``."""
    words = unicodedata.normalize("NFKC", text).strip().lower()
    if words.startswith("/"):
        name = words[1:].partition(" ")[0].partition("@")[0]
        return Command(name) if name in Command.__members__.values() else _COMMANDS.get(name)
    words = words.strip(" 。.!~?")
    if _ZH["greeting"].fullmatch(words):
        return Command.START
    if len(words) > _LONGEST:
        return None
    if (command := _COMMANDS.get(words)) is not None:
        return command
    bare = _ZH["polite"].sub("", _ZH["polite"].sub("", words))
    return next((wish for wish in _WISHES if _ZH[f"{wish}_wished"].fullmatch(bare)), _COMMANDS.get(bare or words))
