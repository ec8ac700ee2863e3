"""A policy against all firms of a table, in an embedded DuckDB. Needs the extra ``match``."""

from importlib.util import find_spec

INSTALL = "pip install 'wence[match]'"


def installed() -> bool:
    """Whether what the extra ``match`` brings is there; imports none of it."""
    return all(find_spec(needed) is not None for needed in ("duckdb", "sqlglot"))
