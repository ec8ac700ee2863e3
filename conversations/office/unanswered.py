"""Questions that found no answer, from every channel: kept, grouped with their near-duplicates, answered once, exported.

The bot never learns by itself: staff write an answer, and a person takes the export over into the pack. Phone numbers
and the like are masked before a text is kept. Knows neither commands nor wording.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import delete, insert, select, update

from conversations.language import command_words
from conversations.language.question import Matters
from conversations.office.context import Happening
from conversations.office.statistics import Connection, document_of
from conversations.state.events import Missed, QuestionAsked
from conversations.state.messages import Inbound
from conversations.state.outcome import Outcome
from conversations.state.personal import masked
from conversations.state.session import is_fact
from conversations.state.shelf import Shelf
from conversations.storage.store import Addressed, Work
from conversations.storage.tables import Person
from conversations.storage.tables_helpdesk import UnansweredQuestion
from knowledge.patterns import regex
from knowledge.search import Found

MOST = 2000
"""How many questions, the newest, are looked at."""
LONGEST = 500
DESK = "desk"
"""The channel of questions that staff noted at their desk: there is nobody to write back to."""
ALIKE = 82
"""From this share (of 100) of equal characters on, two questions count as one."""


class How(StrEnum):
    """How a question came here."""

    OUT_OF_SCOPE = "out_of_scope"
    MISSED = "missed"
    REPORTED = "reported"


class QuestionState(StrEnum):
    """What became of a question."""

    OPEN = "open"
    ANSWERED = "answered"
    FOREIGN = "foreign"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Asked:
    """One question as it was asked, by whom and where."""

    id: int
    person: str
    channel: str
    chat: str
    thread: str | None
    text: str
    how: How
    asking: str | None
    answer: str | None
    policy: str | None


@dataclass(frozen=True, slots=True)
class Group:
    """Questions that are nearly the same; the first one stands for all, and its id for the group."""

    asked: tuple[Asked, ...]

    @property
    def id(self) -> int:
        return self.asked[0].id

    @property
    def text(self) -> str:
        return self.asked[0].text

    @property
    def people(self) -> int:
        """How many different people asked."""
        return len({one.person for one in self.asked})

    @property
    def policies(self) -> list[str | None]:
        """The documents that it was asked about, None among them where that was not seen."""
        return list(dict.fromkeys(one.policy for one in self.asked))

    @property
    def variants(self) -> list[str]:
        """The different wordings, the first one first."""
        return list(dict.fromkeys(one.text for one in self.asked))


_COURTESY = regex(
    r"(?:我想|想)?(?:请问|问|咨询|了解)一?下?|[您你]们?好|谢谢[您你]?|麻烦|我们公司|我公司|我们|你们|您|一下|[\W_]|[吗呢啊呀吧嘛的了是]"
)
_BOT = regex(
    r"人工|真人|客服|机器人|上一[题步页]|返回|重新(?:来|开始|填|答)|重来|(?:修?改|看|查|删).{0,4}(?:回答|答案|前面|上面|我的)"
    r"|(?:看|发|给).{0,3}结果|怎么(?:用|操作|点)|按钮|点不[了动]|(?:没|不)反应|卡住|退出"
)
_LONGEST_WISH = 20
"""So many characters at most of what is wanted of the bot; a longer text may be about more."""
_SAME = (("咋样", "怎么样"), ("咋", "怎么"), ("啥", "什么"), ("多少钱", "多少"), ("几个钱", "多少"))


async def follow(work: Work, happening: Happening) -> Sequence[Addressed]:
    """Keep questions that found no answer; says nothing.

    What was not understood is kept where it asks something, of the office: an answer that was misread, or what somebody
    wants of the bot, is no question that an answer could be written to.
    """
    shelf = happening.house.shelf
    match happening.event:
        case QuestionAsked(text, Outcome.OUT_OF_SCOPE) if not _of_the_bot(text):
            about = document_of(shelf, happening.session)
            await keep(work.connection, happening.inbound, text, How.OUT_OF_SCOPE, happening.now, policy=about)
        case Missed(text, asking) if not _of_the_bot(text) and shelf.compiled(Matters).asked(text):
            label = shelf.policy.fact(asking).label if asking and is_fact(asking) else ""
            about = document_of(shelf, happening.session)
            await keep(work.connection, happening.inbound, text, How.MISSED, happening.now, label, about)
        case _:
            pass
    return ()


def _of_the_bot(text: str) -> bool:
    """Whether ``text`` wants something of the bot itself: a command, however put, or what it is and how it is used."""
    return command_words.read(text) is not None or (len(text) <= _LONGEST_WISH and bool(_BOT.search(text)))


async def keep(
    connection: Connection,
    inbound: Inbound,
    text: str,
    how: How,
    now: datetime,
    asking: str = "",
    policy: str | None = None,
) -> bool:
    """Keep a question that ``inbound`` asked about ``policy``, if that is known; False where there is nothing to keep."""
    text = masked(text.strip())[:LONGEST]
    if text.startswith("/") or not re.search(r"[一-鿿A-Za-z]{2}", text):
        return False
    row = {
        "person": inbound.person,
        "channel": inbound.channel,
        "chat": inbound.chat,
        "thread": inbound.thread,
        "text": text,
        "how": how.value,
        "asking": asking or None,
        "policy": policy,
        "at": now,
        "state": QuestionState.OPEN.value,
    }
    await connection.execute(insert(UnansweredQuestion), row)
    return True


async def groups(connection: Connection, states: Collection[QuestionState] = (QuestionState.OPEN,)) -> list[Group]:
    """The questions in these states, near-duplicates together, the most frequent first."""
    table = UnansweredQuestion
    newest = (
        select(
            table.id,
            table.person,
            table.channel,
            table.chat,
            table.thread,
            table.text,
            table.how,
            table.asking,
            table.answer,
            table.policy,
        )
        .where(table.state.in_([state.value for state in states]))
        .order_by(table.id.desc())
        .limit(MOST)
    )
    rows = (await connection.execute(newest)).all()
    asked = [Asked(row[0], row[1], row[2], row[3], row[4], row[5], How(row[6]), *row[7:]) for row in rows[::-1]]
    return sorted(_grouped(asked), key=lambda group: (-len(group.asked), -group.people, group.id))


async def group(connection: Connection, id: int) -> Group | None:
    """The open group that ``id`` stands for, None where it is settled."""
    return next((each for each in await groups(connection) if each.id == id), None)


async def settle(
    connection: Connection, group: Group, state: QuestionState, who: str, now: datetime, answer: str | None = None
) -> None:
    """Note what became of all questions of ``group``, and through whom."""
    ids = [one.id for one in group.asked]
    values = {"state": state.value, "answer": answer, "settled_at": now, "settled_by": who}
    await connection.execute(update(UnansweredQuestion).where(UnansweredQuestion.id.in_(ids)).values(values))


async def reachable(connection: Connection, group: Group) -> list[Asked]:
    """Who of those who asked can still be written to, each once, with the last question of theirs."""
    last = {one.person: one for one in group.asked if one.channel != DESK}
    gone = select(Person.person).where(Person.person.in_(last), Person.left_at.is_not(None))
    left = set((await connection.execute(gone)).scalars())
    return [one for person, one in last.items() if person not in left]


async def purge(connection: Connection, before: datetime) -> None:
    """Delete questions settled ``before`` then."""
    await connection.execute(delete(UnansweredQuestion).where(UnansweredQuestion.settled_at < before))


async def export(connection: Connection, shelf: Shelf) -> str:
    """The questions as YAML in the shape of a pack's example questions, to be reviewed by a person.

    Each stands under the clause or the kind that it seems nearest to; a comment tells how often it was asked, and the
    answer that staff gave. What was marked as done is left out.
    """
    found = await groups(connection, (QuestionState.OPEN, QuestionState.ANSWERED, QuestionState.FOREIGN))
    answered: dict[str, list[Group]] = {}
    unanswered: dict[str, list[Group]] = {}
    for each in found:
        nearest = shelf.search.find(each.text)
        place = answered if nearest.in_scope else unanswered
        place.setdefault(_place(nearest), []).append(each)
    clauses = [clause.id for clause in shelf.policy.clauses]
    lines = [
        "# 机器人没有答上的问题，按问得最多的排。请逐条审阅后再并入政策包的 questions.yaml：",
        "# 文件有答案的放到 answered 的那一条下面，没有答案的放到 unanswered 的那一类下面；归类只是按相近程度猜的。",
        f"# 政策包：{shelf.policy.id}，版本 {shelf.policy.version}",
        "answered:" if answered else "answered: {}",
    ]
    for clause in sorted(answered, key=lambda id: clauses.index(id) if id in clauses else len(clauses)):
        lines.append(f"  {json.dumps(clause)}:")
        lines += _listed(answered[clause], "    ")
    lines.append("unanswered:" if unanswered else "unanswered: []")
    advice = {kind.id: kind.advice for kind in shelf.policy.questions.unanswered}
    for kind, each in sorted(unanswered.items()):
        lines += [f"  - id: {json.dumps(kind)}", f"    advice: {_quoted(advice.get(kind, ''))}", "    questions:"]
        lines += _listed(each, "      ")
    return "\n".join(lines) + "\n"


def _place(found: Found) -> str:
    return found.hits[0].clause if found.in_scope else found.kind or "new"


def _listed(groups: Sequence[Group], indent: str) -> list[str]:
    lines: list[str] = []
    for each in groups:
        lines.append(f"{indent}# 问过 {len(each.asked)} 次，{each.people} 人")
        answer = next((one.answer for one in each.asked if one.answer), None)
        if answer:
            lines.append(f"{indent}# 工作人员的答复：{' '.join(answer.split())}")
        lines += [f"{indent}- {_quoted(text)}" for text in each.variants]
    return lines


def _quoted(text: str) -> str:
    """A string as YAML takes it whatever stands in it: JSON's is one of YAML's."""
    quoted = json.dumps(" ".join(text.split()), ensure_ascii=False)
    return "".join(sign if sign.isprintable() else f"\\u{ord(sign):04x}" for sign in quoted)


def _grouped(asked: Sequence[Asked]) -> list[Group]:
    """Each question to the first group whose first question is alike, in the order of their coming."""
    from rapidfuzz import fuzz, process

    firsts: list[str] = []
    members: list[list[Asked]] = []
    for one in asked:
        core = _core(one.text)
        found = process.extractOne(core, firsts, scorer=fuzz.ratio, score_cutoff=ALIKE) if core else None
        if found is None:
            firsts.append(core)
            members.append([one])
        else:
            members[found[2]].append(one)
    return [Group(tuple(each)) for each in members]


def _core(text: str) -> str:
    """What is compared of a question: folded, without courtesies and particles."""
    folded = unicodedata.normalize("NFKC", text).lower()
    for said, plain in _SAME:
        folded = folded.replace(said, plain)
    return _COURTESY.sub("", folded)
