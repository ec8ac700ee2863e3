"""A Bot API server on loopback, strict where Telegram is, with a person's side that tests hold in their hands."""

from tests.botapi.people import Group, Person
from tests.botapi.server import FakeTelegram, Fault
from tests.botapi.world import Callback, Chat, Message

__all__ = ["Callback", "Chat", "FakeTelegram", "Fault", "Group", "Message", "Person"]
