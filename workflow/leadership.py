"""Which of several processes leads: one at a time, by an advisory lock of PostgreSQL.

The lock belongs to a connection of its own and goes with it: whoever is killed, or loses the
database, leads no more, and another takes over at its next try.  On SQLite one process serves, and
leads.  Nothing rests on it but work that need not be done twice.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError

#: Any numbers, as long as nothing else on the server uses them.
_CLASS: Final = 4_207_714
_TRY: Final = text("SELECT pg_try_advisory_lock(:kind, :number)")
_ALIVE: Final = text("SELECT 1")


class Leadership:
    """One process's claim to lead in something, by its number; not shared between threads."""

    def __init__(self, engine: Engine, number: int) -> None:
        self._engine = engine
        self._number = number
        self._line: Connection | None = None
        self._alone = engine.dialect.name != "postgresql"

    def held(self) -> bool:
        """Whether this process leads now; it tries to where nobody does."""
        if self._alone:
            return True
        if self._line is not None:
            try:
                self._line.execute(_ALIVE)
            except SQLAlchemyError:
                self.release()
            else:
                return True
        return self._taken()

    def _taken(self) -> bool:
        try:
            line = self._engine.connect()
        except SQLAlchemyError:
            return False
        try:
            # Out of the pool: it is held for as long as the process lives.
            line.detach()
            won = line.execute(_TRY, {"kind": _CLASS, "number": self._number}).scalar()
        except SQLAlchemyError:
            line.close()
            return False
        if not won:
            line.close()
            return False
        self._line = line
        return True

    def release(self) -> None:
        """Let another lead."""
        line, self._line = self._line, None
        if line is not None:
            try:
                line.close()
            except SQLAlchemyError:
                line.invalidate()
