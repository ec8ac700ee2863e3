"""Which of several programmes is paid where they are for one project, and what each of them pays.

For a question that names the programmes without telling enough of a case. Decides nothing that the text leaves open.
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from conversations.answering.told import of_levels
from conversations.language.descriptions import Description
from conversations.saying.values import money, value
from conversations.state.session import Known
from conversations.state.shelf import Shelf
from knowledge.policy import Programme
from rules.assessment import Status
from rules.plain import plain_levels, plain_sum


def highest(shelf: Shelf, known: Known, description: Description, text: str) -> tuple[str, ...]:
    """What the programmes that ``text`` names pay and the highest of them, each a line; empty where a sum is not known."""
    named = {path for piece in description.pieces if piece.words in text for path in piece.named}
    called = of_levels(shelf.policy, text)
    meant = [each for each in shelf.policy.programmes if each.id in called or _is_meant(shelf, each, named)]
    sums = dict(_sums(shelf, known, meant, text, called))
    if len(sums) < 2 or len(sums) < len(meant):
        return ()
    cited = {each.label: f"{each.label}（{shelf.policy.clause(each.clause).citation}）" for each in meant}
    yearly = {each.label for each in meant if each.period == "year"}
    each = "，".join(f"{cited[of]}{'每年 ' if of in yearly else ' '}{money(paid)}" for of, paid in sums.items())
    if not all(one.id in shelf.policy.pooled for one in meant):
        return (f"文件给的分别是：{each}。",)
    best = max(sums, key=lambda each: sums[each])
    line = f"{each}：同一个项目只给最高的一项，也就是{best} **{money(sums[best])}**（要先符合它的条件）。"
    longer = [
        f"{one.label}按 {one.years.limit} 年算一共 {money(all_years)}"
        for one in meant
        if one.years is not None
        and best not in yearly
        and (all_years := sums[one.label] * one.years.limit) > sums[best]
    ]
    return (line, *(f"{each}，会超过它；按一年比还是按几年比，文件没有写。" for each in longer))


def _is_meant(shelf: Shelf, programme: Programme, named: set[str]) -> bool:
    return any(path in shelf.named[programme.id] and shelf.users[path] == 1 for path in named)


def _sums(
    shelf: Shelf, known: Known, meant: list[Programme], text: str, called: Mapping[str, Sequence[int]]
) -> Iterator[tuple[str, Decimal]]:
    """What each pays: its one sum, that of the level that ``text`` names, or what the case comes to."""
    for programme in meant:
        if (fixed := plain_sum(programme.amount)) is not None:
            yield programme.label, fixed
        elif levels := plain_levels(programme.amount):
            fact = shelf.policy.fact(levels[0])
            ends = called.get(programme.id, [len(text)])
            said = {
                amount: max(
                    text.rfind(value(fact, level), 0, end) - end for end in ends if value(fact, level) in text[:end]
                )
                for level, amount in levels[1].items()
                if value(fact, level) in text[: max(ends)]
            }
            if said:  # the level that stands nearest before the programme's name
                yield programme.label, max(said, key=lambda amount: said[amount])
        else:
            claims = [each for each in known.assessment.claims if each.programme == programme]
            due = [shelf.rules.paid(each, known.case) for each in claims if each.status is not Status.INELIGIBLE]
            exact = [each.max for each in due if each is not None and each.max is not None and each.min == each.max]
            if len(exact) == 1:
                yield programme.label, exact[0]
