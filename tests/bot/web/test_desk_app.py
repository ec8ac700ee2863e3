"""The desk is put together when somebody first comes to it: once, however many come at that moment."""

import asyncio
import time

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Mount, Route

from bot.web.desk.app import _WhenAsked


async def page(request: Request) -> PlainTextResponse:
    return PlainTextResponse(str(request.url_for("late:page").path))


async def test_those_who_come_first_wait_for_one_and_the_same() -> None:
    made: list[Starlette] = []

    def make() -> Starlette:
        time.sleep(0.05)
        made.append(Starlette(routes=[Route("/page", page, name="page")]))
        return made[-1]

    app = Starlette(routes=[Mount("/late", _WhenAsked(make), name="late")])
    assert not made
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://wence.test") as client:
        answers = await asyncio.gather(*(client.get("/late/page") for _ in range(4)))
    assert [answer.text for answer in answers] == ["/late/page"] * 4
    assert len(made) == 1
