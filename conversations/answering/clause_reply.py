"""A reply from one clause, part by part: put together for a conversation as it stands, or worded anew for a letter.

Holds what was decided in ``questions``; decides nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from conversations.answering import asked
from conversations.saying import answers as wording


@dataclass(frozen=True, slots=True)
class ClauseReply:
    """A reply from one clause, part by part, for whoever words it anew.

    ``figures``: what follows from the figures in the question; ``remarks``: what the pack
    has ready on just it, ``points``: what else it asks for, ``advice`` what may
    stand behind; ``quotes``: the text word for word; ``notices``: what the document leaves open about it; ``doubted``:
    what is asked of does not count, or not surely; ``open``: the document does not say whether it does. ``places``:
    where in what is asked a remark or point is called for, as ``asked.place_of`` has it.
    """

    source: str
    figures: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    points: tuple[str, ...] = ()
    summaries: tuple[str, ...] = ()
    advice: tuple[str, ...] = ()
    quotes: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    offer: str = ""
    doubted: bool = False
    open: bool = False
    places: Mapping[str, int] = field(default_factory=dict[str, int])

    @property
    def decided(self) -> bool:
        """Whether something that the pack has ready decides."""
        return self.doubted and any(self.places.get(each) == asked.FIRST for each in self.remarks)

    @property
    def text(self) -> str:
        """The whole reply in light markup."""
        quotes = [wording.quotation(quote) for quote in self.quotes]
        notices = [f"⚠️ {notice}" for notice in self.notices]
        answer = [*self.figures, *self.remarks, *self.points, *map(wording.emphasised, self.summaries), *self.advice]
        lines = [*answer, *quotes, self.source, *notices, self.offer]
        return "\n".join(line for line in dict.fromkeys(lines) if line)
