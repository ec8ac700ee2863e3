"""What the server imports from which the processes of ``tests.forked`` are forked: all that they use, warm.

The pack is read here once, and a consultation has been held: a process that starts need not do it again. That one reads
its pack by itself is for the tests that start it as a command.
"""

import gc
from functools import cache
from importlib import import_module

import argon2
import jinja2
from sqlalchemy.orm import configure_mappers

from knowledge import loading, patterns
from tests import quick

loading.load = cache(loading.load)  # before anybody takes it from there
jinja2.Environment.__init__ = quick.templates()
argon2.PasswordHasher = quick.hashes()

for _name in (
    *("bot.cli", "bot.serve", "bot.telegram.channel", "bot.program.channel"),
    *("bot.web.chat", "bot.web.chat_page", "bot.web.desk.admin"),
    *("conversations.answering.questions", "conversations.language.customer_message", "conversations.saying.report"),
    *("knowledge.search", "knowledge.sounds", "tests.conversations.counting"),
    *("aiosqlite", "alembic.command", "anyio._backends._asyncio", "bot.web.patience", "cryptography.fernet", "docx"),
    *("encodings.idna", "openpyxl", "phonenumbers", "rapidfuzz", "sqlalchemy.dialects.sqlite.aiosqlite"),
    *("stdnum.cn.uscc", "uvicorn.lifespan.off", "uvicorn.loops.uvloop", "uvicorn.protocols.http.httptools_impl"),
):
    import_module(_name)
configure_mappers()

from conversations.converse import Conversations  # noqa: E402
from conversations.state.shelf import Shelf  # noqa: E402

_consultation = Conversations(Shelf(loading.load(None)))
for _text in ("我们注册在郑州，做网店代运营，去年服务费九十二万", "没领过", "代运营最多拿几年？"):
    _consultation.say({"chat": "warm", "text": _text})

for _ in patterns.compile_waiting():
    pass

gc.collect()
gc.freeze()
