"""The chat page as the rest of the house knows it."""

from conversations.state.channels import Ability, ChannelTraits, Limits

LONGEST_CHOICE = 80
"""The most characters of what a button says."""
WEB = ChannelTraits(
    name="web",
    label="网页",
    private=str,  # a person has one page, named as they are
    abilities=frozenset({Ability.FILES}),
    limits=Limits(data=LONGEST_CHOICE),
)
