"""What the entries of a journal say of their order themselves, whatever their digests say.  Pure.

Each act on a matter makes its next version: who takes an entry out, or puts one in, and hashes all
of them anew, leaves a gap.  And where the clock was set back (时钟回拨), a deadline may have been
met by the clock alone; that is told and is no flaw, for clocks are also put right.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from workflow.facts import UNMASK
from workflow.journal import Flaw

MOST: Final = 100
"""So many are told one by one."""


@dataclass(frozen=True, slots=True)
class Turn:
    """The entry `seq`, made `at`, follows on one that is dated `after`, which is later."""

    seq: int
    at: datetime
    after: datetime


class Timeline:
    """Watches the entries of a journal pass; `turns` are where the clock was set back.

    `whole` is False for a part of a journal, in which matters go on from any version.  An entry
    that cannot be read is told of elsewhere; that a version is missing with it is no more to tell.
    """

    def __init__(self, *, whole: bool = True) -> None:
        self.turns: list[Turn] = []
        self._whole = whole
        self._last = ""
        self._seq, self._unread = 0, 0
        self._versions: dict[str, int] = {}

    def look(self, seq: int, told: Mapping[str, Any]) -> Iterator[Flaw]:
        """Whatever is missing or too much before the next entry; `told` is what its body says."""
        self._clock(seq, told.get("at"))
        if self._whole or self._seq:
            self._unread += max(0, seq - self._seq - 1)
        self._seq = seq
        matter, version = told.get("matter"), told.get("version")
        if told.get("status") != "done" or told.get("command") == UNMASK:
            return
        if isinstance(matter, str) and type(version) is int:
            before = self._versions.get(matter, 0 if self._whole else version - 1)
            if 0 < version - before - 1 <= self._unread:
                self._unread -= version - before - 1
            elif version != before + 1:
                yield Flaw(seq, "version", (("matter", matter), ("version", version)))
            self._versions[matter] = version

    def _clock(self, seq: int, at: object) -> None:
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
