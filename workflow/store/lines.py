"""The lines in which whoever comes too often waits.

Each statement is a transaction of its own and changes one row, but for the sweeping, which passes
over what somebody else holds: so nobody waits crosswise.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, text

# A line that is longer than any can be was written before the clock was set back: it is none.
_NOW: Final = (
    "CASE WHEN waiting_line.until > :now AND waiting_line.until <= :now + :most"
    " THEN waiting_line.until ELSE :now END"
)
_ADVANCE: Final = text(
    "INSERT INTO waiting_line (line, until) VALUES (:line, :now + :step)"  # noqa: S608 (our words)
    f" ON CONFLICT (line) DO UPDATE SET until = {_NOW} + :step"
    f" WHERE {_NOW} + :step <= :now + :most RETURNING until"
)
_USE: Final = text(
    "INSERT INTO waiting_line (line, until) VALUES (:line, :until)"
    " ON CONFLICT (line) DO NOTHING RETURNING until"
)
_LOOK: Final = text("SELECT until FROM waiting_line WHERE line = :line")
_SWEEP: Final = (
    "DELETE FROM waiting_line WHERE line IN (SELECT line FROM waiting_line WHERE until <= :now{0})"
)
_TRIM: Final = (
    "DELETE FROM waiting_line WHERE line IN"
    " (SELECT line FROM waiting_line ORDER BY until DESC LIMIT 1000000 OFFSET :kept{0})"
)
_PASSING_OVER: Final = " FOR UPDATE SKIP LOCKED"


class Lines:
    """Lines over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._free = _PASSING_OVER if connection.dialect.name == "postgresql" else ""

    def advance(self, line: str, now: float, step: float, most: float) -> float:
        """When the line would be empty again, one longer; it never grows beyond `most` seconds."""
        given = {"line": line, "now": now, "step": step, "most": most}
        found = self._connection.execute(_ADVANCE, given).scalar()
        if found is not None:
            return float(found)
        left = self._connection.execute(_LOOK, {"line": line}).scalar()
        return (now if left is None else float(left)) + step

    def use(self, line: str, until: float) -> bool:
        """Take note of something that is good for one time; whether it is the first."""
        given = {"line": line, "until": until}
        return self._connection.execute(_USE, given).scalar() is not None

    def sweep(self, now: float, kept: int) -> None:
        """Forget every line that is empty, and of the rest all but so many, the longest."""
        self._connection.execute(text(_SWEEP.format(self._free)), {"now": now})
        self._connection.execute(text(_TRIM.format(self._free)), {"kept": kept})
