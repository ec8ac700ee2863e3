"""How much of a table is read and with what means, for who does not know whose table it is. Knows no table."""

from dataclasses import dataclass

from conversations.state.interchange import BadInputError


@dataclass(frozen=True, slots=True)
class Bounds:
    """``rows`` and ``columns`` of a table; ``unpacked``: bytes of an XLSX file's contents; ``seconds`` of work.

    None is no bound. ``memory`` as DuckDB writes it.
    """

    rows: int | None = None
    columns: int | None = None
    unpacked: int | None = None
    seconds: float | None = None
    memory: str = "3GB"
    threads: int | None = None

    def look(self, name: str, rows: int, columns: int) -> None:
        """Raises ``BadInputError`` where the table ``name`` is larger."""
        for what, found, most in (("行", rows, self.rows), ("列", columns, self.columns)):
            if most is not None and found > most:
                raise BadInputError(f"{name} 有 {found} {what}，这里一次最多 {most} {what}")


UNBOUNDED = Bounds()
"""For a table of whoever runs the program."""
