"""A lead about several policies: it holds the claims of each, and opens whatever is served later."""

import io
import json
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import docx
import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Text, column, insert, table, text
from sqlalchemy.ext.asyncio import create_async_engine

from conversations.office import documents, lead_cards, lead_desk, lead_export, leads
from conversations.office.lead_search import matching
from conversations.state.leads import ClaimSums, LeadFilter
from conversations.state.shelf import Shelf
from conversations.storage import migrations
from conversations.storage.store import Store
from conversations.storage.tables import Moment
from conversations.storage.tables_leads import Lead
from conversations.storage.vault import Vault
from tests import served
from tests.conversations.leading import STAFF_CHAT, Clock, Talker, lead, service

KEY = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="
NAMES = ("haicheng-ecommerce-2024", "haicheng-industry-2023")
TOLD = (
    "我们2023年1月5日在海珵市成立，做电商，没有失信",
    "去年网络零售额3200万，前年2000万",
    "是工业企业，做食品的，去年没出过安全事故，去年6月1日首次入规",
    "没有了",
)


@pytest.fixture
async def store(url: str) -> AsyncIterator[Store]:
    store = await Store.open(url, "test", KEY)
    yield store
    await store.close()


async def the_lead(store: Store, shelf: Shelf) -> tuple[Lead, str]:
    """A lead that somebody left about both policies, and what the staff are told of it."""
    talker = Talker(service(shelf, store, Clock(datetime(2025, 4, 20, 2, tzinfo=UTC))))
    said = await talker.say("/start", *TOLD)
    for _ in range(40):
        if "**结果" in said:
            break
        said = await talker.say("不清楚")
    assert "WC-20250420-0001" in await lead(talker)
    told = "\n".join(one.reply.text for one in talker.heard if one.chat == STAFF_CHAT)
    async with store.reading() as connection:
        (row,) = await leads.find(connection)
    return row, told


async def test_it_holds_the_claims_of_each_and_opens_under_any_shelf(store: Store) -> None:
    both = served.shelf(*NAMES)
    row, told = await the_lead(store, both)
    async with store.reading() as connection:
        claims = {(each.policy, each.programme): each for each in (await leads.claims(connection))[row.id]}
    for policy, programme, offices in ((NAMES[0], "scale", 1), (NAMES[1], "listing", 2)):
        claim = claims[policy, programme]
        assert (claim.label, claim.citation) == (
            served.policy(policy).programme(programme).label,
            served.policy(policy).clause(served.policy(policy).programme(programme).clause).citation,
        )
        assert (len(claim.office.split("、")), claim.office.split("、")[0]) == (offices, served.policy(policy).lead)
        assert f"（受理：{claim.office}）" in told
    scale = claims[NAMES[0], "scale"]
    kept = next(c for c in documents.known_from(both, row).assessment.claims if c.id == f"{NAMES[0]}/scale")
    assert (scale.status, scale.sums.min) == (kept.status, kept.amount and kept.amount.min)
    for policy, programme in ((NAMES[0], "scale"), (NAMES[1], "listing")):
        assert served.policy(policy).programme(programme).label in told
        assert served.policy(policy).name in told
    for shelf in (both, *(served.shelf(name) for name in (*NAMES, "zhengzhou-2013-237"))):
        card = lead_cards.open_points(shelf, row)
        assert all("/" not in point for point in card), card
        known = documents.known_from(shelf, row)
        assert len(known.assessment.claims) >= len(shelf.policy.programmes)
        file = docx.Document(io.BytesIO(await documents.render(f"lead:{row.number}", shelf, store)))
        assert any("预评估" in paragraph.text for paragraph in file.paragraphs)
    alone = served.shelf(NAMES[1])
    claim = next(c for c in documents.known_from(alone, row).assessment.claims if c.id == "listing")
    kept = next(c for c in documents.known_from(both, row).assessment.claims if c.id == f"{NAMES[1]}/listing")
    assert (claim.status, claim.amount) == (kept.status, kept.amount)


@pytest.mark.parametrize(
    ("shown", "found"),
    [
        (LeadFilter(policy=NAMES[0]), True),
        (LeadFilter(policy=NAMES[1], programme="listing"), True),
        (LeadFilter(policy=NAMES[0], programme="listing"), False),
        (LeadFilter(policy="zhengzhou-2013-237"), False),
    ],
)
async def test_lists_and_export_are_by_policy(store: Store, shown: LeadFilter, found: bool) -> None:
    both = served.shelf(*NAMES)
    await the_lead(store, both)
    chosen = lead_desk.conditions(shown, store.vault, "", date(2025, 4, 20))
    async with store.reading() as connection:
        rows = await leads.find(connection, *chosen)
        claims = await leads.claims(connection, *chosen)
    content = lead_export.table(both, rows, claims, {}, ".csv").decode("utf-8-sig")
    assert ("WC-20250420-0001" in content) == found
    assert ("、".join(served.policy(name).name for name in NAMES) in content) == found


def at_first_release(connection: Connection) -> None:
    """The tables as the first release made them, with a lead of two policies and one of a lone policy."""
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    config.attributes["connection"] = connection
    command.upgrade(config, "0001")
    claim = {"citation": "三", "amount": {"min": 1.5, "max": None}, "period": "year", "superseded_by": None}
    mine = {**claim, "status": "eligible", "programme": "a/x", "claim": "a/x:1"}
    lone = {**claim, "status": "undetermined", "programme": "y", "claim": "y", "amount": None, "superseded_by": "z"}
    gone = {**claim, "status": "ineligible", "programme": "n", "claim": "n"}
    moments = dict.fromkeys(("consented", "created", "touched"), datetime(2026, 11, 24, 2, tzinfo=UTC))
    words = (
        "person",
        "channel",
        "consultation",
        "version",
        "enterprise",
        "enterprise_key",
        "code",
        "contact",
        "notice",
    )
    rest = moments | dict.fromkeys((*words, "phone_digest", "programmes", "state"), "")
    kinds = {name: Moment() if name in moments else Text() for name in (*rest, "number", "policy", "attached")}
    first_leads = table("leads", *(column(name, kind) for name, kind in kinds.items()))
    for policy, claims in (("a+b", [mine, gone]), ("p", [lone, gone])):
        attached = Vault([KEY]).seal(json.dumps({"case": {}, "assessment": {"claims": claims}}))
        contact = Vault([KEY]).seal(json.dumps({"contact": "张三丰", "phone": f"+861380013800{len(policy)}"}))
        row = {**rest, "number": policy, "policy": policy, "attached": attached, "contact": contact}
        connection.execute(insert(first_leads), row)


async def test_leads_of_the_first_release_get_their_claims(bare_url: str) -> None:
    engine = create_async_engine(bare_url)
    async with engine.begin() as connection:
        await connection.run_sync(at_first_release)
    await engine.dispose()
    store = await Store.open(bare_url, "test", KEY)
    async with store.reading() as connection:
        found = await leads.claims(connection)
        sealed = (await connection.execute(text("SELECT sums FROM lead_claims"))).scalars().all()
        called = [await leads.count(connection, matching(store.vault, words)) for words in ("8003", "8001", "张三")]
    assert called == [1, 1, 2], "they are found by what lies sealed"
    assert [(c.policy, c.programme, c.claim, c.citation, c.status, c.sums) for cs in found.values() for c in cs] == [
        ("a", "x", "x:1", "三", "eligible", ClaimSums(min=Decimal("1.5"), period="year")),
        ("p", "y", "y", "三", "undetermined", ClaimSums(period="year", gave_way=True)),
    ]
    assert not any("year" in each for each in sealed)
    await store.close()
