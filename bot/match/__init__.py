"""A policy against all firms of a table, in an embedded DuckDB. Needs the extra ``match``."""

from importlib.util import find_spec

INSTALL = "pip install 'wence[match]'"
KINDS = (".csv", ".parquet", ".xlsx")
"""The kinds of files that a table may be."""
LARGEST = 900_000
"""Bytes of the files of one upload: somewhat less than the largest body that is taken anywhere."""
TOO_LARGE = f"一次最多 {LARGEST // 1000} KB。更大的表请管理员用 wence match 命令算。"


def installed() -> bool:
    """Whether what the extra ``match`` brings is there; imports none of it."""
    return all(find_spec(needed) is not None for needed in ("duckdb", "sqlglot"))
