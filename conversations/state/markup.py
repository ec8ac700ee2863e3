"""The light markup that every text may hold: ``**`` around what is bold, ``> `` before a quotation. Knows no channel."""


def plain(text: str) -> str:
    """``text`` without its light markup, for where there is none; quotations are set apart by a bar."""
    lines = (f"  │ {line[2:]}" if line.startswith("> ") else line for line in text.replace("**", "").split("\n"))
    return "\n".join(lines)
