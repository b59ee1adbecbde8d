"""Whoever comes too often waits; whoever waited comes in; nobody is remembered for long."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime, timedelta
from typing import Final

import pytest

from api.http.errors import NOTE, TooMany
from api.http.turnstile import (
    Coming,
    Rate,
    Rates,
    Resent,
    Turnstile,
    place_of,
    shipped_rates,
)

NOW: Final = datetime(2026, 3, 2, tzinfo=UTC)
RATES: Final = Rates(
    per_address=Rate(requests=3, seconds=30, reason="x"),
    per_call=Rate(requests=100, seconds=1, reason="x"),
    longest_wait_seconds=25,
    note_seconds=60,
    characters_per_turn=100,
    most_remembered=50,
    resent=Resent(named_seconds=600, unnamed_seconds=60, reason="x"),
    per_account=Rate(requests=9, seconds=9, reason="x"),
    per_token=Rate(requests=9, seconds=9, reason="x"),
    told_every=9,
)


def later(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def full() -> Turnstile:
    turnstile = Turnstile(RATES, b"seal")
    for _ in range(3):
        turnstile.admit(Coming("a"), NOW)
    return turnstile


def asked_to_wait(turnstile: Turnstile, coming: Coming, at: datetime = NOW) -> tuple[int, str]:
    with pytest.raises(TooMany) as caught:
        turnstile.admit(coming, at)
    return int(caught.value.headers["Retry-After"]), caught.value.headers.get(NOTE, "")


def test_others_are_not_held_up_by_one() -> None:
    turnstile = full()
    assert asked_to_wait(turnstile, Coming("a"))[0] == 10
    turnstile.admit(Coming("b"), NOW)


def test_each_takes_a_place_in_line_until_the_line_is_too_long() -> None:
    turnstile = full()
    places = [asked_to_wait(turnstile, Coming("a")) for _ in range(3)]
    assert [wait for wait, _ in places] == [10, 20, 30]
    assert [bool(note) for _, note in places] == [True, True, False]
    # Whoever took no place makes nobody wait longer.
    assert asked_to_wait(turnstile, Coming("a"))[0] == 30


def test_a_note_opens_once_when_due_for_its_call_and_not_for_ever() -> None:
    turnstile = full()
    wait, note = asked_to_wait(turnstile, Coming("a", "call"))
    asked_to_wait(turnstile, Coming("a", "call", note), later(wait - 1))
    asked_to_wait(turnstile, Coming("a", "other", note), later(1))
    for forged in (note[:-1], "x", "", "é", note.replace(".", "..", 1)):
        assert not turnstile._waited(forged, "call", later(wait).timestamp())  # noqa: SLF001
    turnstile.admit(Coming("elsewhere", "call", note), later(wait))
    assert not turnstile._waited(note, "call", later(wait).timestamp())  # noqa: SLF001
    _, second = asked_to_wait(full(), Coming("a"))
    assert not full()._waited(second, "", later(100).timestamp())  # noqa: SLF001


def test_nobody_waits_past_the_end_of_a_call() -> None:
    turnstile = full()
    turnstile.admit(Coming("a", ends_at=later(5)), NOW)
    asked_to_wait(turnstile, Coming("a", ends_at=later(500)))
    # After the end there is nothing left to miss.
    asked_to_wait(turnstile, Coming("a", ends_at=NOW))


def test_a_call_that_everybody_answers_at_once_slows_down() -> None:
    turnstile = Turnstile(RATES, b"seal")
    for number in range(100):
        turnstile.admit(Coming(f"a{number}", "call"), NOW)
    assert asked_to_wait(turnstile, Coming("b", "call"))[0] == 1
    turnstile.admit(Coming("b", "other call"), NOW)


def test_nothing_is_remembered_longer_than_its_window() -> None:
    turnstile = full()
    assert turnstile.remembered == 1
    turnstile.admit(Coming("b"), later(31))
    assert turnstile.remembered == 1
    for number in range(200):
        turnstile.admit(Coming(f"n{number}"), later(32 + number / 100))
    assert turnstile.remembered <= 50 + 200


def test_an_office_of_three_hundred_sends_at_once_without_waiting() -> None:
    turnstile = Turnstile(shipped_rates())
    for number in range(300):
        turnstile.admit(Coming("office", f"call {number % 3}"), NOW)


def test_a_subscriber_is_one_source_however_many_addresses_they_have() -> None:
    assert place_of("2001:db8:1:2::3") == place_of("2001:db8:1:2:ffff::1")
    assert place_of("2001:db8:1:2::3") != place_of("2001:db8:1:3::3")
    assert place_of("::ffff:192.0.2.1") == place_of("192.0.2.1") != place_of("192.0.2.2")
    assert place_of("no address") == "no address"


def test_whoever_brings_much_takes_several_turns() -> None:
    turnstile = Turnstile(RATES, b"seal")
    turnstile.admit(Coming("a", characters=250), NOW)
    assert asked_to_wait(turnstile, Coming("a"))[0] == 10


def test_a_clock_that_is_set_back_locks_nobody_out() -> None:
    turnstile = full()
    turnstile.admit(Coming("a"), later(-3600))
    for _ in range(3):
        turnstile.admit(Coming("a"), later(86400))
    turnstile.admit(Coming("a"), NOW)


class Shared:
    """Lines as a database keeps them, for two workers."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.kept: dict[str, float] = {}

    def advance(self, line: str, now: float, step: float, most: float) -> float:
        self.asked.append(line)
        empty = max(now, self.kept.get(line, now)) + step
        if empty <= now + most:
            self.kept[line] = empty
        return empty

    def use(self, line: str, until: float) -> bool:
        first = line not in self.kept
        self.kept[line] = until
        return first

    def sweep(self, now: float, kept: int) -> None:
        self.kept = {line: until for line, until in self.kept.items() if until > now}


def test_several_workers_have_one_rate_and_a_note_opens_one_of_them_once() -> None:
    shared = Shared()
    here, there = (Turnstile(RATES, b"seal", lambda: shared) for _ in range(2))
    for turnstile in (here, there, here):
        turnstile.admit(Coming("a"), NOW)
    wait, note = asked_to_wait(there, Coming("a"))
    assert wait == 10
    here.admit(Coming("b", note=note), later(wait))
    with pytest.raises(TooMany):
        there.admit(Coming("a", note=note), later(wait))


def test_a_flood_at_one_worker_costs_the_others_no_more_than_the_rate() -> None:
    shared = Shared()
    turnstile = Turnstile(RATES, b"seal", lambda: shared)
    for _ in range(1000):
        with contextlib.suppress(TooMany):
            turnstile.admit(Coming("a"), NOW)
    # Three come in, two may take a place; all others are turned away without asking anybody.
    assert len(shared.asked) == 5


def test_a_sender_is_known_again_here_and_to_nobody_else() -> None:
    ours = Turnstile(RATES, b"seal")
    # A subscriber of IPv6 is one sender; the digest says nothing without the seal.
    assert ours.sender("2001:db8::1") == ours.sender("2001:db8::2") != ours.sender("192.0.2.1")
    assert Turnstile(RATES, b"other").sender("192.0.2.1") != ours.sender("192.0.2.1")
