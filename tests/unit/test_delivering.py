"""On which way a notice goes out: working hours, digests, wishes, absence, tries."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import pytest

from notifications.backing_off import next_try, pause
from notifications.policy import Urgency, load_policy
from notifications.preferences import NOTHING_CHOSEN, Preference, locked
from notifications.quiet import digest_moment, moment
from notifications.routing import Going, Roads, Told, Way, way
from procedures.dates import load_days
from workflow.directory import Mandate
from workflow.errors import BadInput
from workflow.validation import validate

ZONE: Final = ZoneInfo("Asia/Shanghai")
POLICY: Final = load_policy()
DAYS: Final = load_days()
ROADS: Final = Roads(POLICY, DAYS, ZONE, ("mail", "wecom"), ("digest_kind",))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    ("now", "then"),
    [
        ("2026-03-02 08:29", "2026-03-02 08:30"),
        ("2026-03-02 08:30", "2026-03-02 08:30"),
        ("2026-03-02 17:59", "2026-03-02 17:59"),
        ("2026-03-02 18:00", "2026-03-03 08:30"),
        ("2026-02-14 10:00", "2026-02-14 10:00"),  # a Saturday that is worked
        ("2026-03-07 10:00", "2026-03-09 08:30"),
        ("2026-02-14 19:00", "2026-02-24 08:30"),  # before the Spring Festival
        ("2026-12-31 23:59", "2027-01-04 08:30"),
    ],
)
def test_what_is_not_urgent_waits_for_working_hours(now: str, then: str) -> None:
    assert moment(POLICY, DAYS, ZONE, Urgency.ORDINARY, at(now)) == at(then)
    assert moment(POLICY, DAYS, ZONE, Urgency.AT_ONCE, at(now)) == at(now)


def test_beyond_the_calendar_notices_still_go_out() -> None:
    late = datetime(DAYS.last.year + 1, 1, 3, 20, tzinfo=ZONE)
    assert moment(POLICY, DAYS, ZONE, Urgency.ORDINARY, late) == late + timedelta(hours=12.5)


@pytest.mark.parametrize(
    ("now", "daily", "weekly"),
    [
        ("2026-03-02 08:39", "2026-03-02 08:40", "2026-03-02 08:40"),  # a Monday
        ("2026-03-02 08:40", "2026-03-03 08:40", "2026-03-09 08:40"),
        ("2026-03-06 12:00", "2026-03-09 08:40", "2026-03-09 08:40"),
        ("2026-02-16 08:00", "2026-02-24 08:40", "2026-02-24 08:40"),  # that Monday is a holiday
        ("2026-02-20 08:00", "2026-02-24 08:40", "2026-02-24 08:40"),
    ],
)
def test_a_digest_goes_out_on_a_working_day(now: str, daily: str, weekly: str) -> None:
    assert digest_moment(POLICY, DAYS, ZONE, at(now), weekly=False) == at(daily)
    assert digest_moment(POLICY, DAYS, ZONE, at(now), weekly=True) == at(weekly)


NOW: Final = at("2026-03-02 20:00")
MORNING: Final = at("2026-03-03 08:30")
DIGEST: Final = at("2026-03-03 08:40")
MANDATE: Final = Mandate(1, "head", "deputy", frozenset(), date(2026, 3, 1), date(2026, 3, 9), None)


def chosen(**values: Any) -> Preference:
    return validate(Preference, {"addresses": {"mail": "a@b.cn", "wecom": "a"}, **values})


def told(urgency: str = "ordinary", **values: Any) -> Told:
    return Told("a_kind", "head", Urgency(urgency), **values)


def gone(alert: Told, wishes: Preference, now: datetime = NOW) -> list[tuple[str, datetime, str]]:
    return [
        (each.channel, each.not_before, each.digest)
        for each in way(ROADS, alert, wishes, (), now).going
    ]


def test_it_goes_to_every_address_when_it_may() -> None:
    assert gone(told(), chosen()) == [("mail", MORNING, ""), ("wecom", MORNING, "")]
    assert gone(told("at_once"), chosen()) == [("mail", NOW, ""), ("wecom", NOW, "")]
    (going, _) = way(ROADS, told("at_once"), chosen(), (), NOW).going
    assert going == Going("mail", NOW, NOW + timedelta(hours=72))


def test_without_an_address_or_channel_only_the_inbox_has_it() -> None:
    assert gone(told("at_once"), NOTHING_CHOSEN) == []
    assert gone(told("at_once"), chosen(addresses={"pigeon": "loft"})) == []


def test_a_kind_goes_where_and_when_it_is_wished() -> None:
    by_mail = {"a_kind": {"channels": ["mail"]}}
    assert gone(told("at_once"), chosen(kinds=by_mail)) == [("mail", NOW, "")]
    daily = chosen(kinds={"every": {"channels": ["wecom"], "when": "daily"}})
    assert gone(told(), daily) == [("wecom", DIGEST, "daily:2026-03-03")]
    weekly = chosen(kinds={"a_kind": {"channels": ["mail"], "when": "weekly"}})
    assert gone(told("digest"), weekly) == [("mail", at("2026-03-09 08:40"), "weekly:2026-03-09")]
    assert gone(told("digest"), chosen(kinds=by_mail)) == [("mail", DIGEST, "daily:2026-03-03")]


def test_what_is_urgent_waits_for_no_digest() -> None:
    daily = chosen(kinds={"every": {"channels": ["mail"], "when": "daily"}})
    assert gone(told("at_once"), daily) == [("mail", NOW, "")]


def test_only_what_may_be_switched_off_is() -> None:
    off = chosen(kinds={"every": {"when": "off"}, "a_kind": {"when": "off"}})
    assert [each[0] for each in gone(told("at_once"), off)] == ["mail", "wecom"]
    assert way(ROADS, Told("digest_kind", "head", Urgency.ORDINARY), off, (), NOW) == Way()
    assert locked(off, ROADS.switchable) == ("a_kind",)


def test_a_wish_for_a_channel_without_address_does_not_silence_what_is_kept_on() -> None:
    elsewhere = {"a_kind": {"channels": ["sms"]}, "digest_kind": {"channels": ["sms"]}}
    assert [each[0] for each in gone(told(), chosen(kinds=elsewhere))] == ["mail", "wecom"]
    free = Told("digest_kind", "head", Urgency.ORDINARY)
    assert gone(free, chosen(kinds=elsewhere)) == []


def test_what_no_longer_matters_is_not_sent() -> None:
    assert way(ROADS, told(settled=True), chosen(), (), NOW) == Way()
    assert way(ROADS, told(expires=NOW), chosen(), (), NOW) == Way()
    assert way(ROADS, told(expires=MORNING), chosen(), (), NOW) == Way()
    later = way(ROADS, told(expires=DIGEST), chosen(), (), NOW).going
    assert [each.expires for each in later] == [DIGEST, DIGEST]


def test_whoever_is_away_is_stood_in_for_by_mandate() -> None:
    away = chosen(absence={"since": "2026-03-01", "until": "2026-03-05", "substitute": "deputy"})
    assert way(ROADS, told(), away, (MANDATE,), NOW) == Way((), "deputy")
    # Without a mandate that stands somebody must be told, and it is the one who is away.
    assert [each[0] for each in gone(told(), away)] == ["mail", "wecom"]
    back = at("2026-03-06 09:00")
    assert [each[0] for each in gone(told(), away, back)] == ["mail", "wecom"]
    alone = chosen(absence={"since": "2026-03-01", "until": "2026-03-05"})
    assert way(ROADS, told(), alone, (MANDATE,), NOW).substitute is None


def test_an_absence_ends_after_it_begins() -> None:
    with pytest.raises(BadInput):
        chosen(absence={"since": "2026-03-05", "until": "2026-03-01"})


def test_tries_come_ever_later_and_end() -> None:
    retry = POLICY.retry
    assert [pause(retry, n, lambda: 0.5).total_seconds() for n in (1, 2, 3, 9, 99)] == [
        30,
        60,
        120,
        3600,
        3600,
    ]
    assert pause(retry, 1, lambda: 0.0) == timedelta(seconds=22.5)
    now = datetime(2026, 3, 2, tzinfo=UTC)
    assert next_try(retry, 1, now, now + timedelta(seconds=31), lambda: 0.5) == now + timedelta(
        seconds=30
    )
    assert next_try(retry, 1, now, now + timedelta(seconds=30), lambda: 0.5) is None


def test_numbers_say_how_long_a_delivery_is_held_and_when_it_is_late() -> None:
    assert POLICY.lease == timedelta(seconds=180)
    assert POLICY.late == timedelta(hours=2)
