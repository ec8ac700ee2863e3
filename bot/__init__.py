"""How people reach us: Telegram, terminal, web, command line, settings. Decides nothing."""
