"""WeChat customer service as the rest of the house knows it, and its limits, which are those of its documentation.

Lengths are bytes of UTF-8.
"""

from datetime import timedelta

from conversations.state.channels import Ability, ChannelTraits, Limits

LONGEST_TEXT = 2048
LONGEST_HEAD, LONGEST_TAIL = 1024, 1024
"""What stands above and below the items of a menu."""
MOST_ITEMS, LONGEST_ITEM = 10, 128
"""Items of one menu, and what one reads."""
LARGEST_FILE = 20 * 1024 * 1024
LONGEST_TITLE, LONGEST_DESCRIPTION = 128, 512
"""What stands on the card of a link."""
MEDIA_LASTS = timedelta(days=3)
"""How long what was uploaded can be sent."""
MOST_MESSAGES = 5
"""Messages that a person may be sent after each of their own …"""
WINDOW = timedelta(hours=48)
"""… and for how long."""
CODE_LASTS = timedelta(seconds=18)
"""How long a code of an event lets us send one message beside that: 20 seconds, less the way of the call."""
LONGEST_ID = 32
"""What a message of ours may be called, in ``0-9 a-z A-Z _ -``."""


def _private(person: str) -> str:
    """A person has one conversation with us, which has their id."""
    return person.partition(":")[2]


WECHAT = ChannelTraits(
    name="wechat",
    label="微信",
    private=_private,
    abilities=frozenset({Ability.FILES, Ability.STAFF}),
    carrier="微信（腾讯公司的服务）",
    limits=Limits(text=LONGEST_TEXT // 3, row=1, data=64),
)
