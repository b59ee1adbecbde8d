"""Calculations of days for programs."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from workflow.calendar import Count, DayKind, Direction, Unit, add, between
from workflow.errors import NotFound

if TYPE_CHECKING:
    from procedures.dates import ChinaDays
    from workflow.calendar import CountingRule, Day

#: The counting rule taken where none is named: back from an event the careful reading.
_LATER = {
    "calendar_days": "period_days",
    "working_days": "period_working_days",
    "months": "period_days",
}
_EARLIER = "reverse_clear_days"


def counted(
    days: ChinaDays, start: date, amount: int, unit: str, rule: str | None, *, earlier: bool
) -> Count:
    """The day that lies so far from another.  Raises NotFound for a rule that there is not."""
    counting = rule_of(days, rule or (_EARLIER if earlier else _LATER[unit]))
    direction = Direction.EARLIER if earlier else Direction.LATER
    return add(days, start, amount, Unit(unit), counting, direction)


def rule_of(days: ChinaDays, name: str) -> CountingRule:
    """The counting rule of that name.  Raises NotFound."""
    if name not in days.rules:
        raise NotFound("calendar_cli.unknown_rule", rule=name, known=tuple(days.rules))
    return days.rules[name]


def count_data(count: Count) -> dict[str, Any]:
    """A count with every day that mattered to it."""
    return {
        "start": count.start.isoformat(),
        "amount": count.amount,
        "unit": count.unit.value,
        "direction": count.direction.value,
        "rule": count.rule.id,
        "end": count.end.isoformat(),
        "provisional": count.provisional,
        "steps": [
            {
                "day": step.date.isoformat(),
                "effect": step.effect.value,
                "kind": step.day.kind.value,
                "name": step.day.name,
                "ordinal": step.ordinal,
                "provisional": step.day.provisional,
            }
            for step in count.steps
        ],
    }


def met_between(days: ChinaDays, start: date, end: date) -> list[Day]:
    """The holidays and make-up workdays after a day up to another."""
    found = (days.day(date.fromordinal(each)) for each in _days(start, end))
    return [day for day in found if day.kind in (DayKind.HOLIDAY, DayKind.MAKE_UP)]


def _days(start: date, end: date) -> range:
    return range(start.toordinal() + 1, end.toordinal() + 1)


def span_data(days: ChinaDays, start: date, end: date, unit: str) -> dict[str, Any]:
    """How many days or months lie between two days."""
    return {
        "start": start.isoformat(),
        "end": end.isoformat(),
        "unit": unit,
        "amount": between(days, start, end, Unit(unit)),
        "provisional": days.day(end).provisional,
        "met": [
            {"day": day.date.isoformat(), "kind": day.kind.value, "name": day.name}
            for day in met_between(days, start, end)
        ],
    }
