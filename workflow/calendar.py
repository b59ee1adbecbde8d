"""Date arithmetic: periods in calendar days, working days and months, counted on a table of days.

Pure: it knows neither the holidays of a country nor the present day.  All dates are days in the
legal time of the calendar's country; an instant must be turned into such a day before it comes
here.

Two ways lead to the same end.  `add` walks day by day and tells what it did with each; `add_date`
jumps, because the gate asks for several dates each time it is opened.
"""

from __future__ import annotations

import datetime as dt
from calendar import monthrange
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate
from typing import Protocol

from workflow.errors import BadInput

_ONE_DAY = dt.timedelta(days=1)
_MONTHS_A_YEAR = 12


class Unit(StrEnum):
    """What a period is counted in.

    MONTHS end on the corresponding day of the last month or, where it has none, on its last day.
    """

    CALENDAR_DAYS = "calendar_days"
    WORKING_DAYS = "working_days"
    MONTHS = "months"


class Direction(StrEnum):
    """Whether a period is counted on from an event or back from it."""

    LATER = "later"
    EARLIER = "earlier"


class DayKind(StrEnum):
    """Why a day is worked or not; MAKE_UP is a day of rest that is worked (调休上班)."""

    WORKDAY = "workday"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    MAKE_UP = "make_up"


class StepEffect(StrEnum):
    """What a count did with a day.

    SKIPPED because it is not worked, PAUSED because the clock stood still, CLEAR_DAY because the
    whole period must lie between, ROLLED because the end had to move on; of the rolled days the
    last is the end.
    """

    START_NOT_COUNTED = "start_not_counted"
    START_COUNTED = "start_counted"
    COUNTED = "counted"
    SKIPPED = "skipped"
    PAUSED = "paused"
    ROLLED = "rolled"
    CLEAR_DAY = "clear_day"


class OutOfCalendar(BadInput):
    """A day before the first or after the last one that the calendar knows."""

    def __init__(self, date: dt.date | str, first: dt.date, last: dt.date) -> None:
        super().__init__("calendar.out_of_range", date=date, first=first, last=last)


@dataclass(frozen=True, slots=True)
class Day:
    """A day of a calendar; `provisional` while no official notice has settled it."""

    date: dt.date
    kind: DayKind
    name: str | None
    provisional: bool

    @property
    def working(self) -> bool:
        """Offices work on it, be it an ordinary workday or a make-up day."""
        return self.kind is DayKind.WORKDAY or self.kind is DayKind.MAKE_UP


class DayTable(Protocol):
    """The days of a country, from the first to the last that is known."""

    @property
    def first(self) -> dt.date:
        """The first day known."""
        ...

    @property
    def last(self) -> dt.date:
        """The last day known."""
        ...

    def day(self, date: dt.date, /) -> Day:
        """The day; raises OutOfCalendar before `first` and after `last`."""
        ...


@dataclass(frozen=True, slots=True)
class CountingRule:
    """How a period is counted; the law behind it stands in `citation`.

    `start_day_counted`: the day of the event is itself the first day.  `roll`: an end on a day
    that is not worked moves on in the direction of counting, later for periods that run on from
    an event, earlier for those that run back from it.  `clear_days`: the whole period lies between
    the event and the end, which is therefore one more day away.
    """

    id: str
    start_day_counted: bool
    roll: bool
    clear_days: bool
    citation: str


@dataclass(frozen=True, slots=True)
class Span:
    """A closed pause: the days from `first` to the one before `resumed` are not counted.

    Raises BadInput ``calendar.pause_order`` if it is resumed before it began.
    """

    first: dt.date
    resumed: dt.date

    def __post_init__(self) -> None:
        if self.resumed < self.first:
            raise BadInput("calendar.pause_order", first=self.first, resumed=self.resumed)

    def __contains__(self, date: dt.date) -> bool:
        return self.first <= date < self.resumed


@dataclass(frozen=True, slots=True)
class CountStep:
    """One day of a count, and which day of the period it is if it was counted."""

    date: dt.date
    effect: StepEffect
    day: Day
    ordinal: int | None


@dataclass(frozen=True, slots=True)
class Count:
    """A finished count that can explain itself: a step for each day from `start` to `end`.

    `provisional` if any of these days is.
    """

    start: dt.date
    amount: int
    unit: Unit
    direction: Direction
    rule: CountingRule
    end: dt.date
    provisional: bool
    steps: tuple[CountStep, ...]

    @property
    def met(self) -> tuple[CountStep, ...]:
        """The days that make the count differ from one on the fingers.

        Holidays, make-up days, days of a pause, and those over which the end was rolled.
        """
        kinds = (DayKind.HOLIDAY, DayKind.MAKE_UP)
        effects = (StepEffect.PAUSED, StepEffect.ROLLED)
        return tuple(s for s in self.steps if s.day.kind in kinds or s.effect in effects)


@dataclass(frozen=True, slots=True)
class _Year:
    """A year's days; `before[i]` is the number of its working days before the i-th."""

    start: int
    days: tuple[Day, ...]
    working: tuple[dt.date, ...]
    before: tuple[int, ...]


class Almanac:
    """A table of days, read a year at a time when first asked for.

    `special` gives the days of a year that are not what their weekday says, with kind and name;
    `weekend` holds the ISO numbers of the weekdays of rest (Monday is 1).  Days after
    `firm_through` are provisional, so that no firm day ever follows a provisional one.
    """

    def __init__(
        self,
        years: range,
        firm_through: dt.date,
        weekend: frozenset[int],
        special: Callable[[int], Mapping[dt.date, tuple[DayKind, str | None]]],
    ) -> None:
        self.first = dt.date(years[0], 1, 1)
        self.last = dt.date(years[-1], 12, 31)
        self.firm_through = firm_through
        self._weekend = weekend
        self._special = special
        self._years: dict[int, _Year] = {}

    def day(self, date: dt.date, /) -> Day:
        """The day; raises OutOfCalendar before `first` and after `last`."""
        year = self._year(date)
        return year.days[date.toordinal() - year.start]

    def working_days(self, first: dt.date, last: dt.date) -> int:
        """The number of working days from `first` to `last`, both included."""
        year, final = self._year(first), self._year(last)
        total = final.before[last.toordinal() - final.start + 1]
        total -= year.before[first.toordinal() - year.start]
        for between in range(first.year, last.year):
            total += len(self._year(dt.date(between, 1, 1)).working)
        return total

    def nth_working_day(self, origin: dt.date, nth: int, direction: Direction) -> dt.date:
        """The n-th working day from `origin` on or back; `origin` itself may be the first.

        Raises OutOfCalendar if the table ends before it.
        """
        year = self._year(origin)
        position = origin.toordinal() - year.start
        if direction is Direction.LATER:
            index = year.before[position] + nth - 1
        else:
            index = year.before[position + 1] - nth
        while index < 0:
            year = self._year(year.days[0].date - _ONE_DAY)
            index += len(year.working)
        while index >= len(year.working):
            index -= len(year.working)
            year = self._year(year.days[-1].date + _ONE_DAY)
        return year.working[index]

    def _year(self, date: dt.date) -> _Year:
        return self._years.get(date.year) or self._read(date)

    def _read(self, date: dt.date) -> _Year:
        if not self.first.year <= date.year <= self.last.year:
            raise OutOfCalendar(date, self.first, self.last)
        special = self._special(date.year)
        start = dt.date(date.year, 1, 1).toordinal()
        end = dt.date(date.year, 12, 31).toordinal()
        days = tuple(
            Day(day, *(special.get(day) or self._ordinary(day)), day > self.firm_through)
            for day in map(dt.date.fromordinal, range(start, end + 1))
        )
        working = tuple(day.date for day in days if day.working)
        before = tuple(accumulate((day.working for day in days), initial=0))
        year = self._years[date.year] = _Year(start, days, working, before)
        return year

    def _ordinary(self, date: dt.date) -> tuple[DayKind, None]:
        return DayKind.WEEKEND if date.isoweekday() in self._weekend else DayKind.WORKDAY, None


def add(
    table: DayTable,
    start: dt.date,
    amount: int,
    unit: Unit,
    rule: CountingRule,
    direction: Direction = Direction.LATER,
    pauses: Sequence[Span] = (),
) -> Count:
    """Count `amount` units from `start` by `rule`, explained day by day.

    A day of a pause is never counted and no period ends on one, so that a pause shifts the end of a
    period in calendar days by as many days as it shares with the period.  Months are turned into
    the calendar days from `start` to the corresponding day first, and these are then counted.  A
    period of nothing ends on its start, unless the rule rolls it.

    Raises BadInput ``calendar.amount`` if `amount` is negative, ``calendar.not_a_date`` if `start`
    has a time of day, and OutOfCalendar if the count leaves the table.
    """
    owed = _owed(table, start, amount, unit, rule, direction)
    steps = tuple(_walk(table, start, owed, unit, rule, direction, pauses))
    provisional = any(step.day.provisional for step in steps)
    return Count(start, amount, unit, direction, rule, steps[-1].date, provisional, steps)


def add_date(
    table: DayTable,
    start: dt.date,
    amount: int,
    unit: Unit,
    rule: CountingRule,
    direction: Direction = Direction.LATER,
    pauses: Sequence[Span] = (),
) -> tuple[dt.date, bool]:
    """The end of the same count as `add` and whether it is provisional, without the explanation.

    On an `Almanac` it takes about as long for a year as for a week.  Raises as `add` does.
    """
    if not isinstance(table, Almanac):
        count = add(table, start, amount, unit, rule, direction, pauses)
        return count.end, count.provisional
    owed = _owed(table, start, amount, unit, rule, direction)
    later = direction is Direction.LATER
    onward = _ONE_DAY if later else -_ONE_DAY
    end = start
    if owed:
        origin = start if rule.start_day_counted else start + onward
        if pauses:
            owed += _paused(table, origin, owed, unit, direction, pauses)
        end = _reach(table, origin, owed, unit, direction)
    day = table.day(end)
    if rule.clear_days:
        day = table.day(day.date + onward)
        while _is_paused(day.date, pauses):
            day = table.day(day.date + onward)
    if rule.roll:
        while not day.working or _is_paused(day.date, pauses):
            day = table.day(day.date + onward)
    # No firm day follows a provisional one, so the latest day speaks for all.
    return day.date, (day if later else table.day(start)).provisional


def between(table: DayTable, start: dt.date, end: dt.date, unit: Unit) -> int:
    """How many whole units have passed from `start`, not counted, to `end`, counted.

    Raises BadInput ``calendar.order`` if `end` is before `start`, ``calendar.not_a_date`` if one of
    them has a time of day, and OutOfCalendar.
    """
    for date in (start, end):
        _check(table, date)
    if end < start:
        raise BadInput("calendar.order", start=start, end=end)
    if unit is Unit.CALENDAR_DAYS:
        return (end - start).days
    if unit is Unit.MONTHS:
        months = (end.year - start.year) * _MONTHS_A_YEAR + end.month - start.month
        return months if _corresponding(table, start, months) <= end else months - 1
    if start == end:
        return 0
    if isinstance(table, Almanac):
        return table.working_days(start + _ONE_DAY, end)
    ordinals = range(start.toordinal() + 1, end.toordinal() + 1)
    return sum(table.day(dt.date.fromordinal(ordinal)).working for ordinal in ordinals)


def working_day_on_or_after(table: DayTable, date: dt.date) -> dt.date:
    """`date` if it is worked, else the next day that is; raises OutOfCalendar beyond the table."""
    _check(table, date)
    day = table.day(date)
    while not day.working:
        day = table.day(day.date + _ONE_DAY)
    return day.date


def _check(table: DayTable, date: dt.date) -> None:
    if isinstance(date, dt.datetime):
        # Its day depends on the time zone, which only the caller knows.
        raise BadInput("calendar.not_a_date", value=date)
    if not table.first <= date <= table.last:
        raise OutOfCalendar(date, table.first, table.last)


def _owed(
    table: DayTable,
    start: dt.date,
    amount: int,
    unit: Unit,
    rule: CountingRule,
    direction: Direction,
) -> int:
    """How many days must be counted: the amount itself or, for months, their length in days."""
    _check(table, start)
    if amount < 0:
        raise BadInput("calendar.amount", amount=amount)
    if unit is not Unit.MONTHS or not amount:
        return amount
    later = direction is Direction.LATER
    target = _corresponding(table, start, amount if later else -amount)
    days = abs(target - start).days
    # A period that includes its first day ends the day before the corresponding one; where that
    # is missing, the end of the month is the end either way.
    missing = target.day < start.day
    return days + 1 if rule.start_day_counted and later and missing else days


def _corresponding(table: DayTable, start: dt.date, months: int) -> dt.date:
    """The day `months` away with the number of `start`, or else the last day of that month."""
    year, month = divmod(start.year * _MONTHS_A_YEAR + start.month - 1 + months, _MONTHS_A_YEAR)
    month += 1
    if not table.first.year <= year <= table.last.year:
        raise OutOfCalendar(f"{year}-{month:02}", table.first, table.last)
    return dt.date(year, month, min(start.day, monthrange(year, month)[1]))


def _walk(
    table: DayTable,
    start: dt.date,
    owed: int,
    unit: Unit,
    rule: CountingRule,
    direction: Direction,
    pauses: Sequence[Span],
) -> Iterator[CountStep]:
    """Every day from `start` to the end of the count, with what was done with it."""
    onward = _ONE_DAY if direction is Direction.LATER else -_ONE_DAY
    day = table.day(start)
    effect = StepEffect.START_NOT_COUNTED
    counted = 0
    if rule.start_day_counted and owed:
        effect = _effect(day, unit, pauses, StepEffect.START_COUNTED)
        counted = int(effect is StepEffect.START_COUNTED)
    yield CountStep(start, effect, day, counted or None)
    while counted < owed:
        day = table.day(day.date + onward)
        effect = _effect(day, unit, pauses, StepEffect.COUNTED)
        if effect is StepEffect.COUNTED:
            counted += 1
            yield CountStep(day.date, effect, day, counted)
        else:
            yield CountStep(day.date, effect, day, None)
    clear_day_owed = rule.clear_days
    while clear_day_owed:
        day = table.day(day.date + onward)
        clear_day_owed = _is_paused(day.date, pauses)
        effect = StepEffect.PAUSED if clear_day_owed else StepEffect.CLEAR_DAY
        yield CountStep(day.date, effect, day, None)
    while rule.roll and (not day.working or _is_paused(day.date, pauses)):
        day = table.day(day.date + onward)
        effect = StepEffect.PAUSED if _is_paused(day.date, pauses) else StepEffect.ROLLED
        yield CountStep(day.date, effect, day, None)


def _effect(day: Day, unit: Unit, pauses: Sequence[Span], counted: StepEffect) -> StepEffect:
    if _is_paused(day.date, pauses):
        return StepEffect.PAUSED
    if unit is Unit.WORKING_DAYS and not day.working:
        return StepEffect.SKIPPED
    return counted


def _is_paused(date: dt.date, pauses: Sequence[Span]) -> bool:
    return bool(pauses) and any(date in pause for pause in pauses)


def _reach(table: Almanac, origin: dt.date, owed: int, unit: Unit, direction: Direction) -> dt.date:
    """The last of `owed` days of which `origin` may be the first, with no regard to pauses."""
    if unit is Unit.WORKING_DAYS:
        return table.nth_working_day(origin, owed, direction)
    if direction is Direction.LATER:
        # Held at the first day outside: a date can name no day after the year 9999.
        ordinal = min(origin.toordinal() + owed - 1, table.last.toordinal() + 1)
    else:
        ordinal = max(origin.toordinal() - owed + 1, table.first.toordinal() - 1)
    return dt.date.fromordinal(ordinal)


def _paused(
    table: Almanac,
    origin: dt.date,
    owed: int,
    unit: Unit,
    direction: Direction,
    pauses: Sequence[Span],
) -> int:
    """How many days that would have been counted fall into pauses, in the order they are met."""
    later = direction is Direction.LATER
    lost = 0
    for first, last in _merged(pauses, later=later):
        end = _reach(table, origin, owed + lost, unit, direction)
        if first > end if later else last < end:
            break
        # Clipped to what the period can touch, and to the days that the table knows.
        low = max(first, origin if later else table.first)
        high = min(last, table.last if later else origin)
        if low <= high:
            days = (high - low).days + 1
            lost += table.working_days(low, high) if unit is Unit.WORKING_DAYS else days
    return lost


def _merged(pauses: Iterable[Span], *, later: bool) -> list[tuple[dt.date, dt.date]]:
    """The stretches of paused days, first and last day of each, in the order a count meets them."""
    stretches: list[tuple[dt.date, dt.date]] = []
    for pause in sorted(pauses, key=lambda span: span.first):
        if pause.first == pause.resumed:
            continue
        last = pause.resumed - _ONE_DAY
        if stretches and pause.first <= stretches[-1][1]:
            stretches[-1] = stretches[-1][0], max(stretches[-1][1], last)
        else:
            stretches.append((pause.first, last))
    return stretches if later else stretches[::-1]
