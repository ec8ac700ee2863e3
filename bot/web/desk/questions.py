"""The questions that found no answer: by frequency, with what was answered; one answer goes to all who asked."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from bot.web.desk.login import clerk
from bot.web.desk.page import DeskPage, form, route
from bot.web.security import number
from conversations.office import unanswered, unanswered_desk
from conversations.office.helpdesk_wording import to_asker
from conversations.office.unanswered import Group, How, QuestionState
from conversations.storage.store import Addressed, Work

TABS = {
    QuestionState.OPEN: "待回答",
    QuestionState.ANSWERED: "已回答",
    QuestionState.FOREIGN: "不归我们",
    QuestionState.DONE: "处理完",
}
HOW = {How.OUT_OF_SCOPE: "文件里没有", How.MISSED: "没听懂", How.REPORTED: "同事代客户记下"}
EMPTY = {
    QuestionState.OPEN: "没有待回答的问题。机器人答不上来的提问会自动出现在这里，问得最多的排在前面。",
    QuestionState.ANSWERED: "还没有回答过。答复写好以后会发给每一位问过的人，并留在这里。",
    QuestionState.FOREIGN: "还没有标为“不归我们”的问题。",
    QuestionState.DONE: "还没有标为“处理完”的问题。",
}
MARKS = {"foreign": QuestionState.FOREIGN, "done": QuestionState.DONE}
SETTLED = "这个问题刚刚已经处理过了。"
LONGEST_ANSWER = 2000
PAGE = 30
_HERE = "\x00"
"""Where the answer goes in what those who asked get to read."""


class QuestionPages(DeskPage):
    """The queue, and the page of one question with all who asked alike."""

    path = "/questions"
    route_name = "questions"
    menu_label = "没答上的问题"
    icon = "fa-solid fa-circle-question"

    @route("")
    async def index(self, request: Request) -> Response:
        """The questions in one state, the most frequent first."""
        asked = request.query_params.get("state", QuestionState.OPEN.value)
        state = next((each for each in TABS if each.value == asked), QuestionState.OPEN)
        async with self.service.store.reading() as connection:
            every = await unanswered.groups(connection, [state])
        documents = self._documents(every)
        about = request.query_params.get("policy")
        found = [group for group in every if about is None or (about or None) in group.policies]
        page = number(request.query_params.get("page", ""), 1, 999)
        context = {
            "tabs": {each.value: label for each, label in TABS.items()},
            "state": state.value,
            "documents": documents,
            "about": about,
            "every": len(every),
            "names": {policy: name for policy, name, _ in documents},
            "groups": found[(page - 1) * PAGE : page * PAGE],
            "number": page,
            "pages": -(-len(found) // PAGE),
            "empty": EMPTY[state],
            "how": HOW,
        }
        return self.render(request, "questions.html", context)

    def _documents(self, groups: Sequence[Group]) -> list[tuple[str, str, int]]:
        """Of each document its id, its name and how many questions; of one alone nothing. The last: of none that is seen."""
        policies = self.shelf.policy.documents
        if len(policies) == 1:
            return []
        counted = Counter(policy for group in groups for policy in group.policies)
        named = [(each.id, each.name, counted.pop(each.id, 0)) for each in policies]
        gone = [(policy, policy, count) for policy, count in counted.items() if policy is not None]
        return [*named, *gone, ("", "没说是哪份", counted[None])]

    @route("/{id:row}", name="question")
    async def show(self, request: Request) -> Response:
        """One open question, to be answered."""
        async with self.service.store.reading() as connection:
            group = await unanswered.group(connection, request.path_params["id"])
            if group is None:
                return self.done(request, SETTLED, "questions", fine=False)
            people = len(await unanswered.reachable(connection, group))
        before, _, after = to_asker(group.text, _HERE, reported=False).partition(_HERE)
        context = {"group": group, "people": people, "how": HOW, "longest": LONGEST_ANSWER}
        return self.render(request, "question.html", context | {"before": _bare(before), "after": _bare(after)})

    @route("/{id:row}/answer", methods=["POST"], name="question-answer")
    async def answer(self, request: Request) -> Response:
        """Send the answer to all who asked."""
        text = (await form(request)).get("answer", "")
        if not text or len(text) > LONGEST_ANSWER:
            words = f"答复要写 1 到 {LONGEST_ANSWER} 个字，还没有发。"
            return self.done(request, words, "question", fine=False, id=request.path_params["id"])
        me = clerk(request).account.person

        async def do(work: Work, now: datetime) -> list[Addressed]:
            return await unanswered_desk.answer_all(work, await _group(work, request), text, me, now)

        try:
            sent = await self.service.act(do)
        except _SettledError:
            return self.done(request, SETTLED, "questions", fine=False)
        people = f"已发给 {len(sent)} 人。" if sent else "问过的人现在都联系不上了，答复已经存下。"
        return self.done(request, people, "questions")

    @route("/{id:row}/mark", methods=["POST"], name="question-mark")
    async def mark(self, request: Request) -> Response:
        """Set the question aside without an answer."""
        state = MARKS.get((await form(request)).get("state", ""))
        if state is None:
            raise HTTPException(400, "没有这个标记。")
        me = clerk(request).account.person

        async def do(work: Work, now: datetime) -> list[Addressed]:
            await unanswered.settle(work.connection, await _group(work, request), state, me, now)
            return []

        try:
            await self.service.act(do)
        except _SettledError:
            return self.done(request, SETTLED, "questions", fine=False)
        return self.done(request, f"已标为“{TABS[state]}”。", "questions")


class _SettledError(LookupError):
    """Somebody else was quicker."""


def _bare(text: str) -> str:
    return "\n".join(line.removeprefix("> ") for line in text.replace("**", "").strip().split("\n"))


async def _group(work: Work, request: Request) -> Group:
    group = await unanswered.group(work.connection, request.path_params["id"])
    if group is None:
        raise _SettledError
    return group
