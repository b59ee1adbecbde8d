"""The days of 2026 and 2027 as the State Council's notice has them, walked one at a time.

Written out by hand from the notice (国办发明电〔2025〕7号); for 2027, which has no notice yet, the
days that the Measures on Public Holidays name, and those that make up for weekends (art. 6).  It
shares nothing with the engine's calendar.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

DAY: Final = timedelta(days=1)
_SATURDAY: Final = 5

REST: Final = (
    ("2026-01-01", "2026-01-03"),
    ("2026-02-15", "2026-02-23"),
    ("2026-04-04", "2026-04-06"),
    ("2026-05-01", "2026-05-05"),
    ("2026-06-19", "2026-06-21"),
    ("2026-09-25", "2026-09-27"),
    ("2026-10-01", "2026-10-07"),
    ("2027-01-01", "2027-01-01"),
    ("2027-02-05", "2027-02-10"),
    ("2027-04-05", "2027-04-05"),
    ("2027-05-01", "2027-05-04"),
    ("2027-06-09", "2027-06-09"),
    ("2027-09-15", "2027-09-15"),
    ("2027-10-01", "2027-10-05"),
)
WORKED: Final = (
    "2026-01-04",
    "2026-02-14",
    "2026-02-28",
    "2026-05-09",
    "2026-09-20",
    "2026-10-10",
)

#: Pauses, each from its first day up to the day on which the matter went on.
Pauses = Collection[tuple[date, date]]


@dataclass(frozen=True)
class Days:
    """Which days are worked; `corrected` are those that a correction turned round."""

    corrected: frozenset[date] = frozenset()

    def works(self, day: date) -> bool:
        text = day.isoformat()
        if text in WORKED:
            usual = True
        elif any(first <= text <= last for first, last in REST):
            usual = False
        else:
            usual = day.weekday() < _SATURDAY
        return usual is not (day in self.corrected)

    def shift(self, day: date, period: dict[str, int] | None, sign: int) -> date:
        """So many working or calendar days on or back."""
        if period is None:
            return day
        if "calendar_days" in period:
            return day + sign * DAY * period["calendar_days"]
        left = period["working_days"]
        while left > 0:
            day += sign * DAY
            left -= self.works(day)
        return day

    def end(self, start: date, working: int, pauses: Pauses = ()) -> date:
        """The last of so many working days after a day, those of pauses left out."""
        day, left = start, working
        while left > 0 or not self._counts(day, pauses):
            day += DAY
            left -= self._counts(day, pauses)
        return day

    def before(self, event: date, clear: int) -> date:
        """The last working day with so many whole days between it and an event."""
        day = event - DAY * (clear + 1)
        while not self.works(day):
            day -= DAY
        return day

    def _counts(self, day: date, pauses: Pauses) -> bool:
        return self.works(day) and not any(first <= day < last for first, last in pauses)
