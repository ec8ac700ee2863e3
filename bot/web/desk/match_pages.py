"""政策找企业: a table of firms put to a policy, the sums, the list as a file, and leads of the firms that are chosen.

For the office alone. The work is done in a thread, within bounds, one table at a time; what needs the extra ``match`` is
imported when a table is there.
"""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime
from pathlib import PurePath
from urllib.parse import quote, urlencode

from pydantic import JsonValue
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from bot.match import INSTALL, KINDS, LARGEST, TOO_LARGE, installed
from bot.match.mapping import parsed
from bot.web.desk import match_columns, match_view
from bot.web.desk.lists import ASSIGNEE_UNKNOWN, here
from bot.web.desk.login import clerk
from bot.web.desk.match_view import PAGE, STATUSES, FirmFilter
from bot.web.desk.page import DeskPage, day, form, route
from bot.web.security import number
from conversations.office import firm_lists, lead_listed
from conversations.office.firm_lists import Computed, KeptList
from conversations.office.lead_listed import ListedFirm, ListedLeads, OpenLeads
from conversations.service import Service
from conversations.state.firm_lists import FirmLine, FirmUpload, MatchedFirms
from conversations.state.interchange import BadInputError
from conversations.state.office_time import today
from conversations.state.shelf import Shelf
from knowledge.policy import Policy

log = logging.getLogger(__name__)

LARGEST_MAPPING = 20_000
MOST_LEADS = 500
"""So many firms become leads at once."""
GONE = "这张名单已经不在了：到期自动删除，或者有人删了。"
CLOSED = "没有数据密钥，名单存不了。请管理员先设好。"
_STATUSES = {"e": "eligible", "u": "undetermined", "n": "ineligible"}
_AT_ONCE = 10
"""So many leads are made in one transaction, so that consultations need not wait long."""


class MatchPages(DeskPage):
    """The form with the lists that are kept, and a page for each list."""

    path = "/match"
    route_name = "match"
    menu_label = "政策找企业"
    icon = "fa-solid fa-magnifying-glass-chart"

    def __init__(self, service: Service) -> None:
        super().__init__(service)
        self._computing = asyncio.Lock()
        self._shelves = {each.id: self._alone(each) for each in self.shelf.policy.alone}

    def is_accessible(self, request: Request) -> bool:
        """Whether it stands in the menu, and any of it can be reached."""
        return clerk(request).office

    @route("")
    async def index(self, request: Request) -> Response:
        """The form, and the lists that are kept."""
        return await self._index(request)

    @route("/upload", methods=["POST"], name="match-upload")
    async def upload(self, request: Request) -> Response:
        """Take a table in, and put it to the policy."""
        me, now = clerk(request), datetime.now(UTC)
        sent = await request.form()
        try:
            if self.service.store.vault.closed:
                raise BadInputError(CLOSED)
            policy, on = self._policy(_text(sent, "policy")), day(_text(sent, "on")) or today(now)
            upload = await _read(sent)
            async with self._computing:
                upload, computed = await asyncio.to_thread(_begun, policy, upload, on)
            async with self.service.store.reading() as connection:
                if await firm_lists.count(connection, now) >= firm_lists.MOST:
                    raise BadInputError(f"已经存了 {firm_lists.MOST} 张名单，请先删掉不用的。")
        except BadInputError as error:
            return await self._index(request, str(error))
        name = upload.table
        id = await firm_lists.keep(self.service.store, name, me.account.person, policy.id, upload, computed, now)
        log.info("A list of firms was put to %s at the desk, by %s: %s", policy.id, me.account.name, id)
        return self.done(request, "名单算好了。" if computed.matched else "表收到了，还没有算。", "match-list", id=id)

    @route("/{id:row}", name="match-list")
    async def show(self, request: Request) -> Response:
        """The list."""
        kept = await self._find(request)
        policy = self._policy(kept.policy)
        matched, lines = await firm_lists.computed_of(self.service.store, kept.id)
        upload = await firm_lists.upload_of(self.service.store, kept.id)
        on = matched.day if matched else today(kept.at)
        problem = f"还没有算成：{kept.problem}。请选好每一列是什么，再算一次。" if kept.problem else ""
        if matched is not None and matched.version != policy.version:
            matched, problem = None, f"政策资料从 {matched.version} 版换成了 {policy.version} 版，请再算一次。"
        context: dict[str, object] = {
            "title": kept.name,
            "kept": kept,
            "problem": problem,
            "policy": policy,
            "author": clerk(request).names.get(kept.author, ASSIGNEE_UNKNOWN),
            "at": here(kept.at),
            "expires": here(kept.expires),
            "columns": match_columns.shown(policy, upload),
            "choices": match_columns.choices(policy, on),
            "units": [*match_columns.UNITS],
            "figures": match_columns.FIGURES,
            "apart": bool(upload.mapping.get("apart")),
            "poolable": bool(policy.pooled),
            "lists": bool(upload.mapping.get("lists")),
            "on": on,
            "matched": matched,
        }
        if matched is not None:
            context |= await self._computed(request, policy, matched, lines)
        return self.render(request, "match_list.html", context)

    @route("/{id:row}/columns", methods=["POST"], name="match-columns")
    async def columns(self, request: Request) -> Response:
        """Compute it once more, with other columns or on another day."""
        kept, sent = await self._find(request), await form(request)
        _needed()
        policy, on = self._policy(kept.policy), day(sent.get("on", "")) or today(datetime.now(UTC))
        upload = await firm_lists.upload_of(self.service.store, kept.id)
        upload = upload.model_copy(update={"mapping": match_columns.read(upload, sent)})
        async with self._computing:
            computed = await asyncio.to_thread(_computed, policy, upload, on)
        await firm_lists.replace(self.service.store, kept.id, policy.id, upload, computed)
        words = "按这些列重新算好了。" if computed.matched else "列记下了，还是没有算成。"
        return self.done(request, words, "match-list", fine=computed.matched is not None, id=kept.id)

    @route("/{id:row}/file", name="match-file")
    async def file(self, request: Request) -> Response:
        """The claims for a spreadsheet: of all firms, or those of one status."""
        me, kept = clerk(request), await self._find(request)
        kind, status = f".{request.query_params.get('kind')}", request.query_params.get("status", "")
        if kind not in (".csv", ".xlsx"):
            raise HTTPException(400, "没有这种导出。")
        _needed()
        matched, _ = await firm_lists.computed_of(self.service.store, kept.id)
        if matched is None:
            raise HTTPException(400, "这张名单还没有算成，没有可以下载的。")
        upload = await firm_lists.upload_of(self.service.store, kept.id)
        statuses = [_STATUSES[status]] if status in _STATUSES else [*_STATUSES.values()]
        from bot.match import uploaded

        try:
            async with self._computing:
                content = await asyncio.to_thread(
                    uploaded.listed, self._policy(kept.policy), upload, matched.day, kind, statuses
                )
        except BadInputError as error:
            return self.done(request, f"没有下载成：{error}", "match-list", fine=False, id=kept.id)
        log.info("The list %s of firms was downloaded at the desk, by %s", kept.id, me.account.name)
        named = quote(f"政策找企业-{PurePath(kept.name).stem}{kind}")
        headers = {"content-disposition": f"attachment; filename*=UTF-8''{named}"}
        return Response(content, headers=headers, media_type="application/octet-stream")

    @route("/{id:row}/leads", methods=["POST"], name="match-leads")
    async def leads(self, request: Request) -> Response:
        """Make leads of the firms that are ticked, or of all that the filter leaves."""
        me, kept, sent = clerk(request), await self._find(request), await request.form()
        _needed()
        policy = self._policy(kept.policy)
        matched, lines = await firm_lists.computed_of(self.service.store, kept.id)
        if matched is None or self.service.store.vault.closed:
            return self.done(request, CLOSED, "match-list", fine=False, id=kept.id)
        ticked = {number(str(each), 0, 2**31) for each in sent.getlist("line")}
        fields = {name: value for name, value in sent.items() if isinstance(value, str)}
        wanted = FirmFilter.read(fields, matched)
        chosen = wanted.of(matched, lines)
        if fields.get("which") != "all":
            chosen = [line for line in lines if line.line in ticked]
        if not chosen or len(chosen) > MOST_LEADS:
            words = f"选了 {len(chosen)} 家，一次最多 {MOST_LEADS} 家，请再筛一筛。" if chosen else "还没有勾选企业。"
            return self.done(request, words, "match-list", fine=False, id=kept.id)
        upload = await firm_lists.upload_of(self.service.store, kept.id)
        shelf = self._shelves[policy.id]
        async with self._computing:
            firms = await asyncio.to_thread(_known, shelf, upload, matched, chosen)
        origin = f"名单“{kept.name}”（{here(kept.at)}）"
        done = await self._enter(shelf, firms, origin, me.account.person)
        log.info("Of the list %s of firms %s leads were made, by %s", kept.id, len(done.made), me.account.name)
        answer = self.done(request, _told(done), "match-list", fine=bool(done.made), id=kept.id)
        answer.headers["location"] += f"?{urlencode(asdict(wanted))}"
        return answer

    @route("/{id:row}/delete", methods=["POST"], name="match-delete")
    async def delete(self, request: Request) -> Response:
        """Delete it before its time."""
        me, kept = clerk(request), await self._find(request)
        async with self.service.store.transaction() as work:
            await firm_lists.remove(work, kept.id)
        await self.service.store.leave_no_trace()
        log.info("The list %s of firms was deleted at the desk, by %s", kept.id, me.account.name)
        return self.done(request, "名单删掉了。", "match")

    # -- steps

    async def _index(self, request: Request, problem: str = "") -> Response:
        now = datetime.now(UTC)
        async with self.service.store.reading() as connection:
            kept = await firm_lists.every(connection, now)
        names = clerk(request).names
        documents = {each.id: each for each in self.shelf.policy.alone}
        context = {
            "installed": installed(),
            "install": INSTALL,
            "closed": CLOSED if self.service.store.vault.closed else "",
            "problem": problem,
            "policies": [*documents.values()],
            "today": today(now),
            "kinds": ",".join(KINDS),
            "largest": LARGEST,
            "days": firm_lists.KEPT.days,
            "lists": [
                {
                    "id": each.id,
                    "name": each.name,
                    "policy": documents[each.policy].name if each.policy in documents else each.policy,
                    "at": here(each.at),
                    "who": names.get(each.author, ASSIGNEE_UNKNOWN),
                    "problem": each.problem,
                }
                for each in kept
            ],
        }
        return self.render(request, "match.html", context, 422 if problem else 200)

    async def _computed(
        self, request: Request, policy: Policy, matched: MatchedFirms, lines: Sequence[FirmLine]
    ) -> dict[str, object]:
        """What the page shows of a list that could be computed."""
        choice = FirmFilter.read(request.query_params, matched)
        chosen = choice.of(matched, lines)
        pages = max(1, -(-len(chosen) // PAGE))
        page = number(request.query_params.get("page", "1"), 1, pages)
        async with self.service.store.reading() as connection:
            there = await OpenLeads.read(connection)
        return {
            "bars": match_view.bars(policy, matched),
            "total": match_view.total(matched.total) if matched.total else "",
            "payable": match_view.total(matched.payable)
            if matched.payable and matched.payable != matched.total
            else "",
            "missing": match_view.missing(policy, matched),
            "unsupported": {policy.programme(each).label: why for each, why in matched.unsupported.items()},
            "programmes": {each.programme: policy.programme(each.programme).label for each in matched.programmes},
            "statuses": STATUSES,
            "choice": choice,
            "found": len(chosen),
            "rows": match_view.rows(policy, matched, chosen[(page - 1) * PAGE : page * PAGE], there),
            "page": page,
            "pages": pages,
            "most": MOST_LEADS,
        }

    async def _enter(self, shelf: Shelf, firms: Sequence[ListedFirm], origin: str, who: str) -> ListedLeads:
        """Make the leads, a few a transaction."""
        done = ListedLeads()
        for start in range(0, len(firms), _AT_ONCE):
            async with self.service.store.transaction() as work:
                some = firms[start : start + _AT_ONCE]
                made = await lead_listed.enter(work, shelf, some, origin, who, datetime.now(UTC))
            done.made += made.made
            done.known += made.known
            done.refused += made.refused
        return done

    async def _find(self, request: Request) -> KeptList:
        async with self.service.store.reading() as connection:
            found = await firm_lists.find(connection, request.path_params["id"], datetime.now(UTC))
        if found is None:
            raise HTTPException(404, GONE)
        return found

    def _policy(self, id: str) -> Policy:
        documents = self.shelf.policy.alone
        if not id and len(documents) == 1:
            return documents[0]
        found = next((each for each in documents if each.id == id), None)
        if found is None:
            raise HTTPException(404, "这份政策现在不在用。")
        return found

    def _alone(self, policy: Policy) -> Shelf:
        """A shelf on which nothing but ``policy`` lies."""
        return Shelf(policy, self.shelf.retention_days) if self.shelf.policy.several else self.shelf


def _needed() -> None:
    """Raises ``HTTPException`` where what the extra brings is not there (any more): a list that is kept can be looked at."""
    if not installed():
        raise HTTPException(400, f"还要装上：{INSTALL}")


def _text(sent: FormData, name: str) -> str:
    value = sent.get(name)
    return value.strip() if isinstance(value, str) else ""


async def _read(sent: FormData) -> FirmUpload:
    """The files of the form. Raises ``BadInputError``."""
    if not installed():
        raise BadInputError(f"还要装上：{INSTALL}")
    files: dict[str, bytes] = {}
    given = [("table", sent.get("table")), *(("list", each) for each in sent.getlist("lists"))]
    for kind, each in given:
        if not isinstance(each, UploadFile) or not each.filename:
            if kind == "table":
                raise BadInputError("请选一个表格文件。")
            continue
        name = "".join(sign for sign in PurePath(each.filename.replace("\\", "/")).name if sign.isprintable())[-80:]
        if PurePath(name).suffix.lower() not in KINDS:
            raise BadInputError(f"“{name}”不是表格：要 CSV、XLSX 或 Parquet 文件。")
        if name in files:
            raise BadInputError(f"有两个文件都叫“{name}”。")
        files[name] = await each.read()
    if sum(map(len, files.values())) > LARGEST:
        raise BadInputError(f"文件太大：{TOO_LARGE}")
    return FirmUpload(table=next(iter(files)), files=files, mapping=await _mapping(sent.get("mapping")))


async def _mapping(given: object) -> dict[str, JsonValue]:
    """What a mapping file says; none says nothing. Raises ``BadInputError``."""
    if not isinstance(given, UploadFile) or not given.filename:
        return {}
    content = await given.read()
    if len(content) > LARGEST_MAPPING:
        raise BadInputError(f"映射文件太大：最多 {LARGEST_MAPPING // 1000} KB。")
    return parsed(content, "映射文件").model_dump(mode="json", exclude_unset=True)


def _begun(policy: Policy, upload: FirmUpload, on: date) -> tuple[FirmUpload, Computed]:
    """The table with its headings and what they say by themselves, and what the policy comes to over it."""
    from bot.match import uploaded

    headings = uploaded.headings_of(upload)
    mapping = match_columns.guessed(policy, headings, upload.mapping)
    whole = upload.model_copy(update={"headings": headings, "mapping": mapping})
    return whole, _computed(policy, whole, on)


def _computed(policy: Policy, upload: FirmUpload, on: date) -> Computed:
    from bot.match import uploaded

    try:
        matched, lines = uploaded.put(policy, upload, on)
    except BadInputError as error:
        return Computed(problem=str(error))
    return Computed(matched, lines)


def _known(shelf: Shelf, upload: FirmUpload, matched: MatchedFirms, chosen: Sequence[FirmLine]) -> list[ListedFirm]:
    """What is known of these firms, with its assessment."""
    from bot.match import uploaded

    found = uploaded.cases(shelf.policy, upload, matched.day, [line.line for line in chosen])
    return [ListedFirm(line, lead_listed.known_of(shelf, found[line.line])) for line in chosen]


def _told(done: ListedLeads) -> str:
    """What has become of the firms, in words."""
    parts = [f"记下了 {len(done.made)} 条登记"]
    if done.known:
        parts.append(f"{len(done.known)} 家已有没办完的登记，没有再记（{_few(done.known)}）")
    if done.refused:
        parts.append(f"{len(done.refused)} 家没有记：{_few(done.refused)}")
    return "；".join(parts) + "。"


def _few(pairs: Sequence[tuple[str, str]]) -> str:
    said = "；".join(f"{name}：{words}" for name, words in pairs[:3])
    return said + (" 等" if len(pairs) > 3 else "")
