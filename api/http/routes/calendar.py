"""Calculations of days by the official calendar, and what that rests on."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import Depends, Query
from starlette.responses import Response

from api.http.answering import answer, days_of
from api.http.authentication import asked
from api.http.door import Call
from api.http.shapes.journal import Count, HolidayNotices, Span
from api.http.table import Asked, Table, Whole
from api.http.table import Day as Written
from api.presenting.counts import count_data, counted, span_data
from api.presenting.holidays import notices_data

Calendar = Annotated[Call, Depends(asked("calendar"))]
Unit = Annotated[Literal["calendar_days", "working_days", "months"], Query()]
Day = Annotated[Written, Query()]

#: More than any period of law, and little enough to be counted at once.
_MOST = 3660


def add(table: Table) -> None:
    """Enter the calculations."""
    table.get("/api/v1/calendar/counts", "calendar_count", "calendar", Count, _count, names=True)
    table.get("/api/v1/calendar/spans", "calendar_span", "calendar", Span, _span)
    path = "/api/v1/calendar/notices"
    table.get(path, "holiday_notices", "calendar", HolidayNotices, _notices)


def _count(
    call: Calendar,
    start: Day,
    amount: Annotated[Whole, Query(ge=0, le=_MOST)],
    unit: Unit,
    direction: Annotated[Literal["later", "earlier"], Query()] = "later",
    rule: Asked = None,
) -> Response:
    """The day that lies so far from another."""
    days = days_of(call)
    found = counted(days, start, amount, unit, rule, earlier=direction == "earlier")
    return answer(count_data(found))


def _span(call: Calendar, start: Day, end: Day, unit: Unit) -> Response:
    """How many days or months lie between two days."""
    return answer(span_data(days_of(call), start, end, unit))


def _notices(call: Calendar) -> Response:
    """The notices on holidays that the days rest on."""
    return answer(notices_data(days_of(call), call.ask.holidays()))
