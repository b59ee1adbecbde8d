"""A second opinion on date arithmetic: slow, plain, and sharing no code with the engine.

It lays the days out in a line and picks the end from it, where the engine walks and jumps.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice


class BeyondTheLine(Exception):
    """The end lies outside the days that the oracle was given."""


@dataclass(frozen=True, kw_only=True)
class Question:
    """A count to be made; pauses are pairs of the first paused day and the day of resumption."""

    start: date
    amount: int
    unit: str
    later: bool = True
    start_day_counted: bool = False
    roll: bool = False
    clear_days: bool = False
    pauses: Sequence[tuple[date, date]] = ()


def days_of(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def oracle_end(question: Question, days: list[date], works: Callable[[date], bool]) -> date:
    """The end of the count; `days` are whole years without a gap."""

    def runs(day: date) -> bool:
        return not any(first <= day < resumed for first, resumed in question.pauses)

    line = _line_from(question, days)
    end = question.start
    if question.amount:
        candidates = line if question.start_day_counted else line[1:]
        wanted = question.amount
        if question.unit == "months":
            wanted = candidates.index(_last_day_of_months(question, line)) + 1
        end = _pick(
            wanted,
            (d for d in candidates if runs(d) and (question.unit != "working_days" or works(d))),
        )
    if question.clear_days:
        end = _pick(1, (d for d in line[line.index(end) + 1 :] if runs(d)))
    if question.roll:
        end = _pick(1, (d for d in line[line.index(end) :] if runs(d) and works(d)))
    return end


def oracle_working_days(
    start: date, end: date, days: list[date], works: Callable[[date], bool]
) -> int:
    return len([day for day in days if start < day <= end and works(day)])


def oracle_months(start: date, end: date, days: list[date]) -> int:
    """Whole months, by trying one number after the other."""
    months = 0
    while True:
        question = Question(start=start, amount=months + 1, unit="months")
        try:
            if _last_day_of_months(question, _line_from(question, days)) > end:
                return months
        except BeyondTheLine:
            return months
        months += 1


def _line_from(question: Question, days: list[date]) -> list[date]:
    """The days as a count from the start meets them."""
    if question.start not in days:
        raise BeyondTheLine
    place = days.index(question.start)
    return days[place:] if question.later else days[place::-1]


def _last_day_of_months(question: Question, line: list[date]) -> date:
    def number(day: date) -> int:
        return day.year * 12 + day.month

    target = number(question.start) + (question.amount if question.later else -question.amount)
    month = sorted(day for day in line if number(day) == target)
    if not month:
        raise BeyondTheLine
    found = [day for day in month if day.day == question.start.day] or month[-1:]
    one_day_nearer = line[line.index(found[0]) - 1]
    if not question.start_day_counted:
        return found[0]
    if question.later and found[0].day != question.start.day:
        # The day before a corresponding day that is missing is missing too, or is the month's end.
        return found[0]
    return one_day_nearer


def _pick(number: int, days: Iterable[date]) -> date:
    for day in islice(days, number - 1, None):
        return day
    raise BeyondTheLine
