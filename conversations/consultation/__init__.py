"""One turn: what a message does to the state, and what the bot says to it. Pure: no clock, no database, no network."""
