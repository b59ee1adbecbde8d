"""Where the clock was set back (时钟回拨) while a journal was written.  Pure.

Entries follow each other whatever the clock says, so an instant before that of an earlier entry
shows it: a deadline may have been met by the clock alone.  No flaw, for clocks are also put right.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

MOST: Final = 100
"""So many are told one by one."""


@dataclass(frozen=True, slots=True)
class Turn:
    """The entry `seq`, made `at`, follows on one that is dated `after`, which is later."""

    seq: int
    at: datetime
    after: datetime


class Timeline:
    """Watches the entries of a journal pass; `turns` are where the clock was set back."""

    def __init__(self) -> None:
        self.turns: list[Turn] = []
        self._last = ""

    def look(self, seq: int, told: Mapping[str, Any]) -> None:
        """The next entry, by its number and what its body says."""
        at = told.get("at")
        if not isinstance(at, str):
            return
        # All are in UTC and of one form, so that texts compare as instants do.
        if at < self._last and len(self.turns) < MOST:
            try:
                turn = Turn(seq, datetime.fromisoformat(at), datetime.fromisoformat(self._last))
            except ValueError:
                return
            if turn.at.tzinfo is not None is not turn.after.tzinfo and turn.at < turn.after:
                self.turns.append(turn)
        self._last = at
