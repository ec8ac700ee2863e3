"""Which items of a list a clause means by a number: 第二个, 前两个, 2号楼, 另外两栋, 一个…一个…, 两个省级一个市级.

Knows no policy, and not what is told of the items.
"""

from conversations.language.descriptions_clauses import SpokenClause
from conversations.language.descriptions_counts import COUNT, ONE, told_again
from conversations.language.descriptions_places import AFTER_CALL
from conversations.language.descriptions_statements import Items
from conversations.language.numerals import digit
from conversations.language.ordinals import ORDINAL, THE_REST, marks, number_of
from knowledge.patterns import regex

_PAIR = regex(r"[个座栋处家者楼][和跟与、及]|号楼?(?=[1-4]号)")


def by_ordinal(items: Items, text: str) -> tuple[bool, int] | None:
    """Turn to the item that a clause tells by an ordinal; a 2号楼 without a first is one that is called so. Returns whether it is
    one for certain, and where the clause goes on behind it; None where it tells none."""
    if (told := marks(text, items.count))[0]:
        items.current = tuple(number - 1 for number in told[0])
        return True, told[1]
    ordinals = list(ORDINAL.finditer(text))
    if not ordinals:
        return None
    ordinal, numbers = ordinals[0], [number_of(match, items.count) for match in ordinals]
    number = numbers[0]
    far = ordinal["nth"] and number > items.count + 1 > 1  # 第五台, where there are two
    if far or (len(numbers) > 1 and _PAIR.search(text)):
        items.current = tuple(number - 1 for number in numbers if number <= items.count)
        return False, 0
    index = next((at for name, at in items.names.items() if name.startswith(ordinal[0])), number - 1)
    if ordinal["number"] and index > items.count:
        index = items.names[ordinal[0]] = items.count
    items.turn_to(index)
    if ordinal["first"]:  # 前两个, 后面两个
        first = max(0, items.count - number) if ordinal["first"][0] == "后" else 0
        items.current = tuple(range(first, first + number))
    found = AFTER_CALL.match(text, ordinal.end()) if ordinal.start() == 0 else None
    return True, found.end() if found else 0


def the_others(items: Items, text: str) -> int | None:
    """另外两栋都没有: where a clause goes on that speaks of all items but the one just spoken of; None where it does not."""
    rest = THE_REST.match(text)
    if len(items.current) != 1 or items.count < 2 or not rest:
        return None
    items.current = tuple(index for index in range(items.count) if index not in items.current)
    return rest.end()


class Counting:
    """Goes through the things of a ``text`` that were counted, as it tells them off: 一个…一个…"""

    def __init__(self, text: str) -> None:
        self._text = text
        self._ones: dict[tuple[int, str], int] = {}  # so many of a list were told in a sentence

    def turn(self, items: Items, clause: SpokenClause, subject: str) -> bool:
        """Turn to the next of ``items``, or the next few (国家级的一个，省级的两个), that a clause tells; whether it does."""
        text = clause.text
        if ONE.search(text):
            told = self._ones.get((clause.sentence, subject), 0)
            nth = told_again(self._text, clause.start, told, items.expected)
            self._ones[clause.sentence, subject] = told + 1
            if nth is None:
                items.current = ()
                return True
            if nth or items.fresh:
                following = items.current[-1] + 1 if items.current and nth == told else nth
                items.turn_to(following if len(items.current) == 1 or following < items.count else nth)
                return True
        if items.fresh and (count := COUNT.search(text)) and "其中" not in text:
            first, number = items.current[-1] + 1 if items.current else 0, digit(count[1])
            if number < items.count and first + number <= items.count:
                items.current = tuple(range(first, first + number))
                return True
        return False
