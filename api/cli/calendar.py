"""`yicheng calendar`: dates calculated, with the days that mattered, and what the days rest on."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from api.cli.forms import Day, OneOf, WholeNumber
from api.cli.invocation import Invocation, current
from api.cli.shell import Argument, Command, Group, Option
from api.presenting.page import Style
from api.settings import has_database

if TYPE_CHECKING:
    from procedures.dates import ChinaDays
    from workflow.calendar import Count

UNITS = OneOf("calendar_days", "working_days", "months")

#: A blank that a line break in the file left between two Chinese characters.
_FOLD = re.compile(r"(?<=[^\x00-\x7f]) (?=[^\x00-\x7f])")


def _add(start: date, amount: int, unit: str, rule: str | None, *, earlier: bool) -> None:
    from api.presenting.counts import count_data, counted

    days = _days()
    count = counted(days, start, amount, unit, rule, earlier=earlier)
    invocation = current()
    if invocation.as_json:
        invocation.give(count_data(count))
    else:
        _write(invocation, days, count)


def _count(start: date, end: date, unit: str) -> None:
    from api.presenting.counts import met_between, span_data
    from workflow.calendar import Unit

    days = _days()
    told = span_data(days, start, end, unit)
    invocation = current()
    if invocation.as_json:
        invocation.give(told)
        return
    from api.presenting.days import Days

    words, page, say = Days(invocation.catalogue, days), invocation.page, invocation.catalogue.text
    amount = words.units(told["amount"], Unit(unit))
    first, last = words.full(start), words.full(end)
    page.heading(say("calendar_cli.between", start=first, end=last, amount=amount))
    met = met_between(days, start, end)
    page.line(say("calendar_cli.met" if met else "calendar_cli.none_met"), style=Style.QUIET)
    for day in met:
        page.line(words.full(day.date), first="  ")
    if told["provisional"]:
        page.line(say("calendar_cli.provisional", day=days.firm_through), style=Style.WARNING)


def _days() -> ChinaDays:
    """The days of the organisation that is meant, or of everybody where there is no database."""
    from procedures.dates import load_days

    invocation = current()
    if not (invocation.database_named or invocation.code or has_database(invocation.database)):
        return load_days()
    with invocation.house() as house:
        return house.days_of(invocation.organisation(house))


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


command = Group(
    "calendar",
    {
        "add": "api.cli.calendar:add",
        "count": "api.cli.calendar:count",
        "import": "api.cli.holidays:take_in",
        "notices": "api.cli.holidays:notices",
    },
)
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
