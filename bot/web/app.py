"""The one ASGI application of ``wence serve``: what is served where."""

from collections.abc import Sequence

from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from starlette.responses import JSONResponse
from starlette.routing import BaseRoute

from conversations.service import Service


def create_app(service: Service, routes: Sequence[BaseRoute] = ()) -> FastAPI:
    """The application; ``routes`` are what the channels bring, as they want it mounted."""
    app = FastAPI(title="问策", docs_url=None, redoc_url=None)
    app.router.routes.extend(routes)

    async def healthz() -> JSONResponse:
        """200 while the database answers."""
        try:
            async with service.store.reading() as connection:
                await connection.execute(text("SELECT 1"))
        except (SQLAlchemyError, OSError):
            return JSONResponse({"status": "no database"}, 503)
        return JSONResponse({"status": "ok"})

    app.add_api_route("/healthz", healthz)
    return app
