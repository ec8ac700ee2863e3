"""Everyday Chinese into values, cases and intents; what is not understood is said to be so, never guessed."""
