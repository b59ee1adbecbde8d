"""When somebody may be told: nobody is disturbed outside working hours save by the urgent. Pure."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from notifications.policy import DeliveryPolicy, Urgency
from workflow.calendar import DayTable, OutOfCalendar, working_day_on_or_after

_DAY = timedelta(days=1)
_WEEK = 7


def moment(
    policy: DeliveryPolicy,
    table: DayTable,
    zone: ZoneInfo,
    urgency: Urgency,
    now: datetime,
) -> datetime:
    """The first instant, from `now` on, at which an ordinary or urgent notice may go out.

    What is for a digest is told by `digest_moment`.
    """
    if urgency is Urgency.AT_ONCE:
        return now
    begin, end = policy.working_hours.span
    local = now.astimezone(zone)
    today = local.date()
    if _worked(table, today):
        if begin <= local.time() < end:
            return now
        if local.time() < begin:
            return _at(today, begin, zone)
    return _at(_next_worked(table, today + _DAY), begin, zone)


def digest_moment(
    policy: DeliveryPolicy, table: DayTable, zone: ZoneInfo, now: datetime, *, weekly: bool
) -> datetime:
    """When the next digest goes out, strictly after `now`: what comes later is in the one after."""
    local, hour = now.astimezone(zone), policy.digest.at
    day = local.date()
    if not weekly:
        found = _next_worked(table, day)
        while _at(found, hour, zone) <= now:
            found = _next_worked(table, found + _DAY)
        return _at(found, hour, zone)
    # The weekday of this week may lie behind, and its digest still ahead: moved on by days of rest.
    monday = day - timedelta(days=day.isoweekday() - 1)
    wanted = monday + timedelta(days=policy.digest.weekday - 1 - _WEEK)
    while _at(_next_worked(table, wanted), hour, zone) <= now:
        wanted += timedelta(days=_WEEK)
    return _at(_next_worked(table, wanted), hour, zone)


def _worked(table: DayTable, day: date) -> bool:
    try:
        return table.day(day).working
    except OutOfCalendar:
        return True


def _next_worked(table: DayTable, day: date) -> date:
    # Where the calendar ends, notices still go out.
    try:
        return working_day_on_or_after(table, day)
    except OutOfCalendar:
        return day


def _at(day: date, hour: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, hour, zone)
