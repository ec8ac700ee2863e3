"""The description of the HTTP API as a page for people: drawn here, one inline style, no script, no other host."""

import json
import re
from functools import partial
from pathlib import Path
from typing import cast

from markupsafe import Markup, escape

from bot.web.api_description import Tree
from bot.web.security import page_policy
from bot.web.templating import environment

HERE = Path(__file__).parent
STYLE = (HERE / "static" / "api.css").read_text(encoding="utf-8")
HEADERS = {"content-security-policy": page_policy(STYLE)}


def page(description: Tree) -> str:
    """``description`` as HTML."""
    templates = environment()
    templates.filters |= {
        "kind": _kind,
        "pretty": partial(json.dumps, ensure_ascii=False, indent=2),
        "prose": _prose,
    }
    [server] = cast("list[Tree]", description["servers"])
    style = Markup(STYLE)  # noqa: S704 - our own file
    return templates.get_template("api_docs.html").render(description, base=server["url"], style=style)


def _kind(schema: Tree) -> Markup:
    """What values ``schema`` lets through, in a few words."""
    if "$ref" in schema:
        return Markup('<a href="#{0}"><code>{0}</code></a>').format(str(schema["$ref"]).rpartition("/")[2])
    if "anyOf" in schema:
        return Markup(" 或 ").join(map(_kind, cast("list[Tree]", schema["anyOf"])))
    if "enum" in schema or "const" in schema:
        choices = cast("list[object]", schema.get("enum", [schema.get("const")]))
        return Markup(" 或 ").join(Markup("<code>{}</code>").format(json.dumps(choice)) for choice in choices)
    if schema.get("type") == "array":
        return _kind(cast("Tree", schema["items"])) + " 的列表"
    return Markup("<code>{}</code>").format(schema.get("type", "any"))


def _prose(text: str) -> Markup:
    """Paragraphs, lists and code of ``text``, which is simple Markdown."""
    html = re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(text)))
    blocks: list[str] = []
    for line in filter(None, html.split("\n")):
        if line.startswith("- "):
            item = f"<li>{line[2:]}</li></ul>"
            blocks.append(
                f"{blocks.pop().removesuffix('</ul>')}{item}"
                if blocks and blocks[-1].endswith("</ul>")
                else f"<ul>{item}"
            )
        else:
            blocks.append(f"<p>{line}</p>")
    return Markup("".join(blocks))  # noqa: S704 - escaped above
