"""``wence match``: a policy against all firms of a table, in an embedded DuckDB. Needs the extra ``match``."""
