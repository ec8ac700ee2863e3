"""The templates of the web's own pages: escaped, and strict about what they name."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined


def environment() -> Environment:
    """The templates beside this module, to which a page adds its filters."""
    return Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,  # else it looks at each file again for each page
        trim_blocks=True,
        lstrip_blocks=True,
    )
