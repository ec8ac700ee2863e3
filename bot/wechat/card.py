"""The card that leads to the pages of the documents: what stands on it, and its picture. Knows nothing of how it is sent."""

from pathlib import Path

from bot.web.anchors import LIST, address
from bot.wechat.render import Card, cut
from bot.wechat.traits import LONGEST_DESCRIPTION, LONGEST_TITLE
from knowledge.policy import Policy

SEVERAL = "可以查的 {} 份政策文件"
FULL_TEXT = "文件全文，可以转发给同事"
_PICTURE = Path(__file__).parent / "card.png"


def sources_card(policy: Policy, public_url: str) -> Card:
    """Where ``policy``, or each of those that it is made of, is to be read in the web at ``public_url``."""
    documents = policy.documents
    title, place = policy.title, address(policy)
    if len(documents) > 1:
        title, place = SEVERAL.format(len(documents)), LIST
    told = f"{'、'.join(each.name for each in documents)}\n{FULL_TEXT}"
    return Card(cut(title, LONGEST_TITLE), cut(told, LONGEST_DESCRIPTION), f"{public_url}/{place}")


def picture() -> bytes:
    """The picture that a card of WeChat has to have: ours, as a PNG."""
    return _PICTURE.read_bytes()
