"""`yicheng calendar`: a date calculation, shown with the days that mattered to it."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from api.cli.forms import Day, OneOf, WholeNumber
from api.cli.invocation import Invocation, current
from api.cli.shell import Argument, Command, Group, Option
from api.presenting.page import Style
from workflow.errors import NotFound

if TYPE_CHECKING:
    from procedures.dates import ChinaDays
    from workflow.calendar import Count, CountingRule

UNITS = OneOf("calendar_days", "working_days", "months")

#: The counting rule taken where none is named: back from an event the careful reading.
_LATER = {
    "calendar_days": "period_days",
    "working_days": "period_working_days",
    "months": "period_days",
}
#: A blank that a line break in the file left between two Chinese characters.
_FOLD = re.compile(r"(?<=[^\x00-\x7f]) (?=[^\x00-\x7f])")
_EARLIER = "reverse_clear_days"


def _add(start: date, amount: int, unit: str, rule: str | None, *, earlier: bool) -> None:
    from procedures.dates import load_days
    from workflow.calendar import Direction, Unit, add

    days = load_days()
    counting = _rule(days, rule or (_EARLIER if earlier else _LATER[unit]))
    direction = Direction.EARLIER if earlier else Direction.LATER
    count = add(days, start, amount, Unit(unit), counting, direction)
    invocation = current()
    if invocation.as_json:
        invocation.give(_data(count))
    else:
        _write(invocation, days, count)


def _count(start: date, end: date, unit: str) -> None:
    from procedures.dates import load_days
    from workflow.calendar import DayKind, Unit, between

    days = load_days()
    amount = between(days, start, end, Unit(unit))
    met = [
        days.day(date.fromordinal(each))
        for each in range(start.toordinal() + 1, end.toordinal() + 1)
        if days.day(date.fromordinal(each)).kind in (DayKind.HOLIDAY, DayKind.MAKE_UP)
    ]
    provisional = days.day(end).provisional
    invocation = current()
    if invocation.as_json:
        invocation.give(
            {
                "start": start.isoformat(),
                "end": end.isoformat(),
                "unit": unit,
                "amount": amount,
                "provisional": provisional,
                "met": [
                    {"day": day.date.isoformat(), "kind": day.kind.value, "name": day.name}
                    for day in met
                ],
            }
        )
        return
    from api.presenting.days import Days

    words, page, say = Days(invocation.catalogue, days), invocation.page, invocation.catalogue.text
    told = words.units(amount, Unit(unit))
    first, last = words.full(start), words.full(end)
    page.heading(say("calendar_cli.between", start=first, end=last, amount=told))
    page.line(say("calendar_cli.met" if met else "calendar_cli.none_met"), style=Style.QUIET)
    for day in met:
        page.line(words.full(day.date), first="  ")
    if provisional:
        page.line(say("calendar_cli.provisional", day=days.firm_through), style=Style.WARNING)


def _write(invocation: Invocation, days: ChinaDays, count: Count) -> None:
    from api.presenting.days import Days

    words, page, say = Days(invocation.catalogue, days), invocation.page, invocation.catalogue.text
    later = count.direction == "later"
    told = {
        "start": words.full(count.start),
        "amount": words.amount(count),
        "end": words.full(count.end),
    }
    page.heading(say("calendar_cli.later" if later else "calendar_cli.earlier", **told))
    page.table(list(words.walk(count)), indent="  ")
    citation = _FOLD.sub("", count.rule.citation)
    page.line(say("calendar_cli.rule", id=count.rule.id, citation=citation), style=Style.QUIET)
    if count.provisional:
        page.line(say("calendar_cli.provisional", day=days.firm_through), style=Style.WARNING)


def _data(count: Count) -> dict[str, object]:
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


def _rule(days: ChinaDays, name: str) -> CountingRule:
    if name not in days.rules:
        raise NotFound("calendar_cli.unknown_rule", rule=name, known=tuple(days.rules))
    return days.rules[name]


command = Group("calendar", {"add": "api.cli.calendar:add", "count": "api.cli.calendar:count"})
add = Command(
    "calendar.add",
    callback=_add,
    params=[
        Argument("start", about="start", type=Day(), required=True),
        Argument("amount", about="amount", type=WholeNumber(), required=True),
        Argument("unit", about="unit", type=UNITS, required=True),
        Option("--earlier", about="earlier", is_flag=True),
        Option("--rule", about="rule", metavar="ID"),
    ],
)
count = Command(
    "calendar.count",
    callback=_count,
    params=[
        Argument("start", about="start", type=Day(), required=True),
        Argument("end", about="end", type=Day(), required=True),
        Argument("unit", about="unit", type=UNITS, required=True),
    ],
)
