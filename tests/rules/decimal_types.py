"""Of what type databases take the figures in a compiled query to be, and where two meet that have no room beside each other.

A database has 38 digits for a DECIMAL. Where the digits before the point of one figure and the decimals of another are more
together, DuckDB and Spark leave out decimals without a word. This looks at the query as it is written, and knows nothing of
how it was made.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, TypeAlias

from sqlglot import exp

MOST = 38
_QUICK = 18


class Kind(NamedTuple):
    """Digits before the point, and decimals."""

    whole: int
    scale: int


Kinds: TypeAlias = Mapping[str, Kind | None]
"""Of what type the columns of a table are; None for what is no figure."""

_INT, _BIGINT, _SUM = Kind(10, 0), Kind(20, 0), Kind(38, 0)
_COMPARED = (exp.GTE, exp.GT, exp.LTE, exp.LT, exp.EQ, exp.NEQ, exp.Mod)


class QueryTypes:
    """Goes through a query of ``tables``; ``cut`` is where decimals are lost, ``figures`` how many columns it knew."""

    def __init__(self, query: exp.Query, tables: Mapping[str, Kinds]) -> None:
        self._tables: dict[str, Kinds] = dict(tables)
        self.cut: list[str] = []
        self.figures = 0
        for part in query.ctes:
            self._tables[part.alias] = self._columns(part.this)
        self._rows(query)

    def _rows(self, query: exp.Query) -> Sequence[Kind | None]:
        if isinstance(query, exp.SetOperation):
            left, right = self._rows(query.left), self._rows(query.right)
            return [self._meet(query, [one, other]) for one, other in zip(left, right, strict=True)]
        return [*self._columns(query).values()]

    def _columns(self, select: exp.Query) -> Kinds:
        joined = [join.this.name for join in select.args.get("joins") or ()]
        source = select.args["from_"].this.name
        known: dict[str, Kind | None] = {}
        for table in (*joined, source):
            known |= self._tables[table]
        found: dict[str, Kind | None] = dict(self._tables[source]) if select.is_star else {}
        for column in select.expressions:
            if not isinstance(column, exp.Star):
                found[column.alias_or_name] = self._kind(column, known)
        if (rows := select.args.get("where")) is not None:
            self._kind(rows.this, known)
        self.figures += len([one for one in found.values() if one is not None])
        return found

    def _kind(self, node: exp.Expr, known: Kinds) -> Kind | None:
        if isinstance(node, exp.Case):
            return self._meet(node, [self._kind(each, known) for each in _branches(node)])
        if isinstance(node, exp.If):
            self._kind(node.this, known)
            return self._kind(node.args["true"], known)
        inner = [self._kind(each, known) for each in node.iter_expressions() if not isinstance(each, exp.DataType)]
        if isinstance(node, exp.Column):
            return known[node.name]
        if isinstance(node, exp.Literal):
            return None if node.is_string else _of_literal(node.name)
        if isinstance(node, exp.Cast):
            return _of_cast(node.to.sql())
        if isinstance(node, (*_COMPARED, exp.In)):
            met = self._meet(node, inner)
            return met if isinstance(node, exp.Mod) else None
        return self._of_figures(node, inner)

    def _of_figures(self, node: exp.Expr, inner: Sequence[Kind | None]) -> Kind | None:
        figures = [each for each in inner if each is not None]
        if isinstance(node, (exp.Greatest, exp.Least, exp.Coalesce)):
            return self._meet(node, figures)
        if isinstance(node, (exp.Alias, exp.Paren, exp.Neg, exp.Max, exp.Round)):
            return figures[0] if figures else None
        if isinstance(node, (exp.Count, exp.CountIf, exp.BitwiseAnd)):
            return _BIGINT
        if isinstance(node, exp.Sum):
            return Kind(MOST - figures[0].scale, figures[0].scale) if figures else None
        if isinstance(node, (exp.Add, exp.Sub)) and len(figures) == 2:
            return Kind(max(each.whole for each in figures) + 1, max(each.scale for each in figures))
        if isinstance(node, exp.Mul):
            return self._product(node, figures)
        return None

    def _product(self, node: exp.Expr, figures: Sequence[Kind]) -> Kind:
        left, right = figures
        found = Kind(left.whole + right.whole + 1, left.scale + right.scale)
        if found.scale > MOST:
            self.cut.append(f"{found.scale} decimals: {node.sql()}")
        return Kind(min(found.whole, MOST - found.scale), found.scale)

    def _meet(self, node: exp.Expr, kinds: Iterable[Kind | None]) -> Kind | None:
        figures = [each for each in kinds if each is not None]
        if not figures:
            return None
        met = Kind(max(each.whole for each in figures), max(each.scale for each in figures))
        if met.whole + met.scale > MOST:
            self.cut.append(f"{met.whole} digits beside {met.scale} decimals: {node.sql()[:200]}")
        return met


def _branches(node: exp.Case) -> Sequence[exp.Expr]:
    default = node.args.get("default")
    return [*node.args["ifs"], *([] if default is None else [default])]


def _of_literal(written: str) -> Kind:
    whole, _, decimals = written.partition(".")
    if decimals:
        return Kind(len(whole), len(decimals))
    return _INT if int(written) < 1 << 31 else _BIGINT


def _of_cast(kind: str) -> Kind | None:
    name, _, digits = kind.lower().rstrip(")").partition("(")
    if name == "decimal":
        most, scale = map(int, digits.split(","))
        return Kind(most - scale, scale)
    return {"int": _INT, "bigint": _BIGINT}.get(name)
