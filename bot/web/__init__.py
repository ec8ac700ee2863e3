"""The web: one ASGI application for the webhook, pages and the HTTP API."""
