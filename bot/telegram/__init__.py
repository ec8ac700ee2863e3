"""Telegram: updates in, replies out. Decides nothing; what a message means is the business of ``conversations``."""
