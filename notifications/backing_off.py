"""When a delivery that failed is tried again, and when it is given up. Pure."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from notifications.policy import Retry

#: A number from 0 up to but not including 1; injected, so that tests know it.
Chance = Callable[[], float]
_MOST_DOUBLINGS = 30


def pause(retry: Retry, attempts: int, chance: Chance) -> timedelta:
    """How long to wait after so many attempts; at random a little more or less.

    So whoever comes back is not overrun by all that waited for them at the same moment.
    """
    doubled = retry.first_seconds * 2 ** min(attempts - 1, _MOST_DOUBLINGS)
    seconds = min(doubled, retry.most_seconds)
    spread = retry.jitter_percent / 100
    return timedelta(seconds=seconds * (1 - spread + 2 * spread * chance()))


def next_try(
    retry: Retry, attempts: int, now: datetime, expires: datetime, chance: Chance
) -> datetime | None:
    """When to try again; None where that would be after it is given up."""
    at = now + pause(retry, attempts, chance)
    return at if at < expires else None
