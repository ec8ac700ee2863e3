"""The packs that are served: version, validity with what ends soon marked, how much of each document is in the rules."""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import Response

from bot.web.anchors import address
from bot.web.desk.page import DeskPage, route
from conversations.office import unanswered
from conversations.saying.overview import EXPIRING, Validity, validity_of
from conversations.state.office_time import today
from knowledge.policy import Policy

COVERAGE = {"whole": "全文", "excerpt": "节选"}


@dataclass(frozen=True, slots=True)
class Pack:
    """A line of the list; ``facts`` counts what is asked for, ``clauses`` what is cited, ``questions`` what waits."""

    policy: Policy
    validity: Validity
    address: str
    coverage: str
    programmes: int
    clauses: int
    facts: int
    questions: int


class PolicyList(DeskPage):
    """All packs, those first that need somebody: what is over, what ends soon, of what no end is known."""

    path = "/policies"
    route_name = "policies"
    menu_label = "政策文件"
    icon = "fa-solid fa-book"

    @route("")
    async def index(self, request: Request) -> Response:
        """The list as of today."""
        on = today(datetime.now(UTC))
        async with self.service.store.reading() as connection:
            waiting = Counter(policy for group in await unanswered.groups(connection) for policy in group.policies)
        packs = [
            self._pack(policy, validity_of(policy, on), waiting[policy.id]) for policy in self.shelf.policy.documents
        ]
        packs.sort(key=lambda pack: _urgency(pack.validity))
        return self.render(request, "policies.html", {"packs": packs, "days": EXPIRING})

    def _pack(self, policy: Policy, validity: Validity, questions: int) -> Pack:
        return Pack(
            policy=policy,
            validity=validity,
            address=address(policy),
            coverage=COVERAGE.get(policy.coverage or "", "没有写"),
            programmes=len(policy.programmes),
            clauses=sum(1 for clause in policy.clauses if clause.citation),
            facts=sum(1 for fact in policy.facts if fact.derive is None),
            questions=questions,
        )


def _urgency(validity: Validity) -> int:
    return 0 if validity.in_force is False else 1 if validity.expiring else 2 if validity.in_force is None else 3
