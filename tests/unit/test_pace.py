"""Whoever was recognised is counted; only who is faster than anybody works has to wait."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

import pytest

from api.http.errors import TooFast
from api.http.pace import Pace, Shown
from api.http.turnstile import Rate, Turnstile, shipped_rates

NOW: Final = datetime(2026, 3, 2, tzinfo=UTC)
RATES: Final = shipped_rates().model_copy(
    update={
        "per_account": Rate(requests=10, seconds=100, reason="x"),
        "per_token": Rate(requests=20, seconds=100, reason="x"),
        "told_every": 4,
        "most_remembered": 5,
    }
)


class Shared:
    """Lines that workers share, and how often they were told anything."""

    def __init__(self) -> None:
        self.until: dict[str, float] = {}
        self.told = 0

    def advance(self, line: str, now: float, step: float, most: float) -> float:
        self.told += 1
        left = self.until.get(line, now)
        found = (left if now < left <= now + most else now) + step
        if found <= now + most:
            self.until[line] = found
        return found

    def use(self, line: str, until: float) -> bool:
        return bool(line and until)

    def sweep(self, now: float, kept: int) -> None:
        self.until = {line: until for line, until in self.until.items() if until > now and kept}


def pace(lines: Shared | None = None) -> Pace:
    return Pace(RATES, Turnstile(RATES, b"seal").mark, lines=lambda: lines)


def admitted(door: Pace, tries: int, at: float = 0, shown: Shown = Shown.SESSION) -> int:
    """How many of so many tries come in."""
    found = 0
    for _ in range(tries):
        try:
            door.admit(shown, "zone/clerk", NOW + timedelta(seconds=at))
        except TooFast:
            continue
        found += 1
    return found


def test_an_account_and_a_token_have_a_rate_each_and_are_let_in_again() -> None:
    door = pace()
    assert admitted(door, 30) == 10
    assert admitted(door, 30, shown=Shown.TOKEN) == 20
    with pytest.raises(TooFast) as caught:
        door.admit(Shown.SESSION, "zone/clerk", NOW)
    assert caught.value.headers == {"Retry-After": "10"}
    door.admit(Shown.SESSION, "zone/other", NOW)
    assert admitted(door, 30, at=10) == 1
    assert admitted(door, 30, at=1000) == 10


def test_several_workers_have_one_rate_and_tell_only_of_every_so_many() -> None:
    shared = Shared()
    doors = [pace(shared) for _ in range(3)]
    came = sum(admitted(door, 3) for door in doors)
    # Whoever does a day's work costs the database nothing.
    assert (came, shared.told) == (9, 0)
    came += sum(admitted(door, 30) for door in doors)
    # One rate, but for what each worker has not told yet.
    assert 10 <= came < 10 + 3 * RATES.told_every
    assert shared.told <= came / RATES.told_every + len(doors)
    # In the long run it is one rate however many serve: what was not taken is owed.
    later = sum(admitted(door, 30, at=at) for at in range(10, 1001, 10) for door in doors)
    assert 80 <= later <= 120


def test_a_clock_that_is_set_back_keeps_nobody_waiting() -> None:
    shared = Shared()
    door = pace(shared)
    admitted(door, 30, at=5000)
    assert admitted(door, 3) == 3


def test_nobody_is_remembered_for_long_and_never_too_many() -> None:
    door = pace()
    for number in range(20):
        door.admit(Shown.SESSION, f"zone/{number}", NOW)
    door.admit(Shown.SESSION, "zone/late", NOW + timedelta(seconds=5))
    assert door.remembered == 21
    for number in range(20):
        door.admit(Shown.TOKEN, f"{number}", NOW + timedelta(seconds=62))
    door.admit(Shown.SESSION, "zone/last", NOW + timedelta(seconds=123))
    assert door.remembered == 1
    for number in range(9):
        for _ in range(9):
            door.admit(Shown.SESSION, f"zone/{number}", NOW + timedelta(seconds=124))
    door.admit(Shown.SESSION, "zone/last", NOW + timedelta(seconds=185))
    assert door.remembered == 6
