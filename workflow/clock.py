"""The present: the one door to the system's clock, and a clock that stands until it is set."""

from __future__ import annotations

from datetime import UTC, datetime


class SystemClock:
    """The clock of the machine."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        return datetime.now(UTC)


class FixedClock:
    """A clock that stands still until it is set: for scenarios, rehearsals and tests.

    Raises `ValueError` for a datetime without a time zone.
    """

    def __init__(self, at: datetime) -> None:
        self._at = _in_utc(at)

    def now(self) -> datetime:
        """The instant last set, aware, in UTC."""
        return self._at

    def set(self, at: datetime) -> None:
        """Let it be this instant from now on; it may lie in the past."""
        self._at = _in_utc(at)


def _in_utc(at: datetime) -> datetime:
    if at.utcoffset() is None:
        message = f"an instant needs its time zone: {at!r}"
        raise ValueError(message)
    return at.astimezone(UTC)
