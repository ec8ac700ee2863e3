"""One consultation: a message in, a change of state and replies out. Knows no channel."""
