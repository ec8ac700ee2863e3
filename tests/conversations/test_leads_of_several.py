"""A lead about several policies: it holds the claims of each, and opens whatever is served later."""

import io
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import docx
import pytest

from conversations.office import documents, lead_cards, leads
from conversations.state.shelf import Shelf
from conversations.storage.store import Store
from conversations.storage.tables_leads import Lead
from knowledge.loading import load
from tests.conversations.leading import STAFF_CHAT, Clock, Talker, lead, service

NAMES = ("haicheng-ecommerce-2024", "haicheng-industry-2023")
TOLD = (
    "我们2023年1月5日在海珵市成立，做电商，没有失信",
    "去年网络零售额3200万，前年2000万",
    "是工业企业，做食品的，去年没出过安全事故，去年6月1日首次入规",
    "没有了",
)


@pytest.fixture
async def store(url: str) -> AsyncIterator[Store]:
    store = await Store.open(url, "test", "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=")
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
    both = Shelf.of([load(name) for name in NAMES])
    row, told = await the_lead(store, both)
    assert {f"{NAMES[0]}/scale", f"{NAMES[1]}/listing"} <= {*row.programmes.split()}
    for policy, programme in ((NAMES[0], "scale"), (NAMES[1], "listing")):
        assert load(policy).programme(programme).label in told
        assert load(policy).name in told
    for shelf in (both, *(Shelf(load(name)) for name in (*NAMES, "zhengzhou-2013-237"))):
        card = lead_cards.open_points(shelf, row)
        assert all("/" not in point for point in card), card
        known = documents.known_from(shelf, row)
        assert len(known.assessment.claims) >= len(shelf.policy.programmes)
        file = docx.Document(io.BytesIO(await documents.render(f"lead:{row.number}", shelf, store)))
        assert any("预评估" in paragraph.text for paragraph in file.paragraphs)
    alone = Shelf(load(NAMES[1]))
    claim = next(c for c in documents.known_from(alone, row).assessment.claims if c.id == "listing")
    kept = next(c for c in documents.known_from(both, row).assessment.claims if c.id == f"{NAMES[1]}/listing")
    assert (claim.status, claim.amount) == (kept.status, kept.amount)
