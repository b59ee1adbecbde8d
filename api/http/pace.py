"""How fast somebody who was recognised may ask: far above any day's work, and not without end.

Each account, and each service token, has a rate (GCRA as at the turnstile).  Every request is
counted in the memory of its process; only every so many of them are told to the line that all
workers share (`Lines`), so that an ordinary request costs the database nothing, and several workers
have one rate, but for what each has not told yet.  Whoever is too fast waits; nobody is locked out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from math import ceil
from threading import Lock

from api.http.errors import TooFast
from api.http.turnstile import Lines, Rate, Rates

_FORGETTING_SECONDS = 60.0


class Shown(bytes, Enum):
    """By what somebody was recognised."""

    SESSION = b"p"
    TOKEN = b"t"


@dataclass(slots=True)
class _Walk:
    """One's line in this process: when it is empty again, and how much of it was not told yet."""

    empty: float
    untold: int = 0
    barred_until: float = 0.0


class Pace:
    """Lets those in who were recognised. Safe to share between the threads of a process."""

    def __init__(
        self,
        rates: Rates,
        mark: Callable[[bytes, str], str],
        lines: Callable[[], Lines | None] = lambda: None,
    ) -> None:
        self._of = {Shown.SESSION: rates.per_account, Shown.TOKEN: rates.per_token}
        self._told_every = rates.told_every
        self._most = rates.most_remembered
        self._mark = mark
        self._lines = lines
        self._lock = Lock()
        self._walks: dict[str, _Walk] = {}
        self._looked = 0.0

    def admit(self, shown: Shown, source: str, at: datetime) -> None:
        """Count a request.  Raises TooFast, and StoreTrouble."""
        now, rate, key = at.timestamp(), self._of[shown], self._mark(shown.value, source)
        with self._lock:
            self._forget(now)
            walk = self._walks.setdefault(key, _Walk(now))
            wait = _step(walk, rate, now)
            untold = 0
            if wait <= 0:
                walk.untold += 1
                untold = walk.untold if walk.untold >= self._told_every else 0
        lines = self._lines()
        if untold and lines is not None:
            wait = self._tell(lines, key, walk, rate, untold, now)
        if wait > 0:
            raise TooFast(ceil(wait))

    @property
    def remembered(self) -> int:
        """How many are remembered now."""
        return len(self._walks)

    def _tell(
        self, lines: Lines, key: str, walk: _Walk, rate: Rate, untold: int, now: float
    ) -> float:
        """Tell the shared line of what it does not know; how long to wait where it is full.

        What it did not take is told again before anything else goes on.
        """
        empty = lines.advance(key, now, rate.interval * untold, rate.seconds)
        wait = empty - now - rate.seconds
        with self._lock:
            if wait > 0:
                walk.barred_until = now + wait
            else:
                walk.untold = max(0, walk.untold - untold)
        if wait <= 0:
            lines.sweep(now, self._most)
        return wait

    def _forget(self, now: float) -> None:
        """Forget whoever's line is empty; of more than may be remembered those who came first.

        Whoever was told to wait is remembered for as long again: what the others do not know of
        them is still owed.
        """
        if self._looked <= now < self._looked + _FORGETTING_SECONDS:
            return
        self._looked = now
        owed = max(rate.seconds for rate in self._of.values())
        left = [
            (key, walk)
            for key, walk in self._walks.items()
            if max(walk.empty, walk.barred_until + owed) > now
        ]
        self._walks = dict(left[-self._most :])


def _step(walk: _Walk, rate: Rate, now: float) -> float:
    """One step more, or how many seconds there are to wait until there is room for one."""
    # What is farther off than any line is long was kept before the clock was set back.
    if now < walk.barred_until <= now + rate.seconds:
        return walk.barred_until - now
    known = walk.empty if now < walk.empty <= now + rate.seconds else now
    wait = known + rate.interval - now - rate.seconds
    if wait <= 0:
        walk.empty = known + rate.interval
    return wait
