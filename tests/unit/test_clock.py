from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from workflow.clock import FixedClock, SystemClock

BEIJING = timezone(timedelta(hours=8))


def test_the_system_clock_is_aware_and_in_utc() -> None:
    assert SystemClock().now().tzinfo is UTC


def test_the_system_clock_goes_on() -> None:
    clock = SystemClock()
    assert clock.now() <= clock.now()


def test_a_fixed_clock_stands_still_in_utc() -> None:
    clock = FixedClock(datetime(2026, 9, 1, 8, tzinfo=BEIJING))
    assert clock.now() == clock.now() == datetime(2026, 9, 1, 0, tzinfo=UTC)
    assert clock.now().tzinfo is UTC


def test_a_fixed_clock_can_be_set_even_back() -> None:
    clock = FixedClock(datetime(2026, 9, 1, tzinfo=UTC))
    clock.set(datetime(2026, 8, 1, tzinfo=UTC))
    assert clock.now() == datetime(2026, 8, 1, tzinfo=UTC)


def test_a_time_without_a_zone_is_refused() -> None:
    naive = datetime(2026, 9, 1)  # noqa: DTZ001 (that is the point)
    with pytest.raises(ValueError, match="time zone"):
        FixedClock(naive)
    clock = FixedClock(datetime(2026, 9, 1, tzinfo=UTC))
    with pytest.raises(ValueError, match="time zone"):
        clock.set(naive)
