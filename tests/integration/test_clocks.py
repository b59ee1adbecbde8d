"""Notices when clocks change: by an hour, at midnight, over a leap day, forward and back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import pytest

from tests.integration import house as h
from tests.integration.house import LOCAL, Zone, founded, sample
from tests.integration.test_sweep import ON_ONE, sweep_of, told, until_quiet

#: Its clocks change at midnight: in spring that of 8 March does not come, in autumn it comes twice.
HAVANA: Final = ZoneInfo("America/Havana")
SECOND: Final = timedelta(seconds=1)


def at(zone: Zone, instant: str | datetime, where: ZoneInfo = LOCAL) -> set[str]:
    """Look at a local instant; the rules and occasions that were told there."""
    found = instant if isinstance(instant, datetime) else datetime.fromisoformat(instant)
    zone.house.clock.set(found if found.tzinfo else found.replace(tzinfo=where))
    before = len(told(zone))
    assert until_quiet(sweep_of(zone)).failed == 0
    return {f"{rule}.{occasion}" for rule, occasion, _ in told(zone)[before:]}


def lend(zone: Zone, until: str, where: ZoneInfo = LOCAL) -> None:
    since = zone.house.clock.now().astimezone(where).date().isoformat()
    given = h.always(agent=h.HEAD, since=since, until=until)
    zone.do(h.Act("grant_mandate", h.CLERK, given, about=""))


@ON_ONE
@pytest.mark.parametrize(
    ("granted", "midnight"),
    [("2026-03-02T10:00", "2026-03-08T05:00"), ("2026-10-26T10:00", "2026-11-01T04:00")],
)
def test_a_day_begins_once_though_its_midnight_is_left_out_or_comes_twice(
    granted: str, midnight: str, database_url: str
) -> None:
    begins = datetime.fromisoformat(midnight).replace(tzinfo=UTC)
    organisation = replace(sample(), time_zone=HAVANA.key)
    with founded(database_url, organisation, at=date(2026, 1, 5)) as zone:
        at(zone, granted, HAVANA)
        lend(zone, begins.date().isoformat(), HAVANA)
        assert "mandate_ending.coming" in at(zone, begins - 3 * 24 * timedelta(hours=1))
        assert at(zone, begins - SECOND) == set()
        assert at(zone, begins) == {"mandate_ending.last"}
        # An hour later the clock may show the same once more.
        assert at(zone, begins + timedelta(hours=1)) == set()
        assert at(zone, begins + timedelta(hours=24)) == set()


@ON_ONE
def test_the_year_ends_at_midnight_and_what_is_due_comes_to_the_second(database_url: str) -> None:
    with founded(database_url, at=date(2026, 12, 18)) as zone:
        assert at(zone, "2026-12-18T09:00") == {"holidays_missing.last"}
        lend(zone, "2027-01-01")
        at(zone, "2026-12-31T23:59:58")
        assert at(zone, "2026-12-31T23:59:59") == set()
        assert at(zone, "2027-01-01T00:00:00") == {"mandate_ending.last"}
        # The year whose notice was missing has begun; of the one after it is too early to speak.
        missing = "SELECT count(*) FROM alert WHERE rule = 'holidays_missing'"
        assert zone.rows(f"{missing} AND settled_at IS NULL") == [(0,)]
        assert at(zone, "2027-01-04T09:00") == set()


@ON_ONE
def test_a_call_that_closes_on_a_leap_day_is_open_to_its_last_second(database_url: str) -> None:
    with founded(database_url, at=date(2028, 1, 10)) as zone:
        zone.advance_to("drafted", h.PLAIN)
        zone.on("2028-01-15")
        zone.do(h.PUBLISH)
        at(zone, "2028-01-31T09:00")
        assert at(zone, "2028-02-28T23:59:59") == set()
        assert at(zone, "2028-02-29T00:00:00") == {"call_closing.soon"}
        assert at(zone, "2028-02-29T23:59:59") == set()
        assert at(zone, "2028-03-01T00:00:00") == {"call_closing.reached"}


@ON_ONE
def test_what_starts_on_a_saturday_that_is_worked_is_counted_from_it(database_url: str) -> None:
    """14 February 2026 is worked, then comes the Spring Festival; 28 February is worked as well."""
    with founded(database_url, at=date(2026, 2, 13)) as zone:
        zone.advance_to("awaiting_review")
        zone.on("2026-02-14")
        zone.do(h.ACCEPT)
        days = {}
        for number in range(18):
            day = datetime(2026, 2, 14, 9, 1, tzinfo=LOCAL) + timedelta(days=number)
            days[day.date().isoformat()] = at(zone, day)
        assert {day: names for day, names in days.items() if names} == {
            "2026-02-14": {"counsel_asked.done"},
            "2026-02-25": {"counsel_awaited.reminded"},
            "2026-02-27": {"counsel_awaited.urged"},
            "2026-02-28": {"counsel_awaited.urged.up1"},
            "2026-03-03": {"floor.reached"},
        }


@ON_ONE
def test_a_clock_that_was_ahead_for_a_while_tells_nothing_twice_and_loses_nothing_new(
    zone: Zone,
) -> None:
    zone.advance_to("awaiting_review")
    zone.do(h.ACCEPT)
    now = zone.house.clock.now()
    at(zone, now)
    assert at(zone, now + timedelta(days=20)) >= {"counsel_awaited.urged", "floor.reached"}
    known = told(zone)
    # The clock is put right: nobody hears of anything again, day by day.
    for number in range(12):
        assert at(zone, now + timedelta(days=number)) == set()
    assert told(zone) == known
    # What is done now is told now, and what it starts has its own days.
    assert at(zone, now + timedelta(days=12)) == set()
    zone.do(h.RETURN)
    assert at(zone, zone.house.clock.now()) == {"returned.done"}
    zone.do(h.SUBMIT)
    at(zone, zone.house.clock.now())
    assert "acceptance_awaited.reminded" in at(zone, now + timedelta(days=15))
