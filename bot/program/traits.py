"""Other programs as the rest of the house knows them."""

from conversations.state.channels import ChannelTraits

PROGRAM = ChannelTraits(
    name="program",
    label="合作程序",
    private=str,  # a consultation is a person with one place to be written to, named as they are
)
