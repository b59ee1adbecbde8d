from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest

from tests.unit.calendar_oracle import (
    BeyondTheLine,
    Question,
    days_of,
    oracle_end,
    oracle_months,
    oracle_working_days,
)
from workflow.calendar import (
    Almanac,
    Count,
    CountingRule,
    Day,
    DayKind,
    DayTable,
    Direction,
    OutOfCalendar,
    Span,
    StepEffect,
    Unit,
    add,
    add_date,
    between,
    working_day_on_or_after,
)
from workflow.errors import BadInput

Special = Mapping[date, tuple[DayKind, str | None]]

WEEKEND = frozenset({6, 7})
LATER, EARLIER = Direction.LATER, Direction.EARLIER
DAYS, WORKING, MONTHS = Unit.CALENDAR_DAYS, Unit.WORKING_DAYS, Unit.MONTHS

PLAIN = CountingRule("plain", start_day_counted=False, roll=False, clear_days=False, citation="-")
COUNTED = CountingRule("counted", start_day_counted=True, roll=False, clear_days=False, citation="")
ROLLING = CountingRule("rolling", start_day_counted=False, roll=True, clear_days=False, citation="")
CLEAR = CountingRule("clear", start_day_counted=False, roll=False, clear_days=True, citation="")
CLEAR_ROLLING = CountingRule(
    "both", start_day_counted=False, roll=True, clear_days=True, citation=""
)

# In June 2021 the 1st is a Tuesday; a holiday on Thursday and Friday is made up for on Saturday.
SPECIAL: Special = {
    date(2021, 6, 10): (DayKind.HOLIDAY, "端午节"),
    date(2021, 6, 11): (DayKind.HOLIDAY, "端午节"),
    date(2021, 6, 12): (DayKind.MAKE_UP, "调休上班"),
}


def almanac(
    special: Special = SPECIAL,
    years: range = range(2020, 2025),
    firm_through: date = date(2023, 12, 31),
) -> Almanac:
    return Almanac(years, firm_through, WEEKEND, lambda _: special)


class OtherTable:
    """A table of days that is no almanac."""

    def __init__(self, inner: Almanac) -> None:
        self.first = inner.first
        self.last = inner.last
        self.day = inner.day


TABLE = almanac()
TABLES = pytest.mark.parametrize("table", [TABLE, OtherTable(TABLE)], ids=["almanac", "other"])


def june(day: int) -> date:
    return date(2021, 6, day)


def end(
    start: date,
    amount: int,
    unit: Unit = DAYS,
    rule: CountingRule = PLAIN,
    direction: Direction = LATER,
    *pauses: Span,
    table: DayTable = TABLE,
) -> date:
    """The end, told alike by both ways of counting."""
    count = add(table, start, amount, unit, rule, direction, pauses)
    assert add_date(table, start, amount, unit, rule, direction, pauses) == (
        count.end,
        count.provisional,
    )
    return count.end


def effects(count: Count) -> list[tuple[int, StepEffect, int | None]]:
    return [(step.date.day, step.effect, step.ordinal) for step in count.steps]


# --- days -----------------------------------------------------------------------------------------


def test_a_day_tells_its_kind_and_name() -> None:
    assert TABLE.day(june(9)) == Day(june(9), DayKind.WORKDAY, None, provisional=False)
    assert TABLE.day(june(10)) == Day(june(10), DayKind.HOLIDAY, "端午节", provisional=False)
    assert TABLE.day(june(12)) == Day(june(12), DayKind.MAKE_UP, "调休上班", provisional=False)
    assert TABLE.day(june(13)) == Day(june(13), DayKind.WEEKEND, None, provisional=False)


def test_workdays_and_make_up_days_are_worked() -> None:
    worked = [day for day in range(9, 15) if TABLE.day(june(day)).working]
    assert worked == [9, 12, 14]


def test_a_day_after_the_last_firm_one_is_provisional() -> None:
    assert not TABLE.day(date(2023, 12, 31)).provisional
    assert TABLE.day(date(2024, 1, 1)).provisional


def test_a_year_is_read_once_and_only_when_needed() -> None:
    asked: list[int] = []

    def special(year: int) -> Special:
        asked.append(year)
        return {}

    table = Almanac(range(2020, 2025), date(2024, 12, 31), WEEKEND, special)
    assert asked == []
    for _ in range(3):
        table.day(june(1))
        end(june(1), 20, WORKING, table=table)
    assert asked == [2021]


@pytest.mark.parametrize("outside", [date(2019, 12, 31), date(2025, 1, 1), date.min, date.max])
def test_a_day_outside_the_table_is_refused(outside: date) -> None:
    with pytest.raises(OutOfCalendar) as caught:
        TABLE.day(outside)
    assert caught.value.code == "calendar.out_of_range"
    assert caught.value.params == {
        "date": outside,
        "first": date(2020, 1, 1),
        "last": date(2024, 12, 31),
    }
    assert caught.value.exit_status == 2


# --- counting -------------------------------------------------------------------------------------


def test_the_start_day_is_not_counted_unless_the_rule_counts_it() -> None:
    assert end(june(1), 3) == june(4)
    assert end(june(1), 3, rule=COUNTED) == june(3)
    assert end(june(4), 3, direction=EARLIER) == june(1)
    assert end(june(4), 3, rule=COUNTED, direction=EARLIER) == june(2)


def test_working_days_skip_weekends_and_holidays_but_not_make_up_days() -> None:
    assert end(june(8), 3, WORKING) == june(14)
    assert end(june(14), 3, WORKING, direction=EARLIER) == june(8)


def test_a_start_day_of_rest_does_not_count_as_a_working_day() -> None:
    assert end(june(10), 1, WORKING, COUNTED) == june(12)
    assert end(june(9), 1, WORKING, COUNTED) == june(9)
    assert end(june(11), 1, WORKING, COUNTED, EARLIER) == june(9)
    assert end(june(9), 1, WORKING, COUNTED, EARLIER) == june(9)


def test_working_days_run_across_years_both_ways() -> None:
    assert end(date(2020, 12, 31), 1, WORKING) == date(2021, 1, 1)
    # 120 weeks, two holidays more and a make-up day less.
    assert end(date(2020, 12, 31), 600, WORKING) == date(2023, 4, 21)
    assert end(date(2023, 4, 21), 600, WORKING, direction=EARLIER) == date(2020, 12, 31)


def test_the_leap_day_is_a_day() -> None:
    assert end(date(2024, 2, 28), 1) == date(2024, 2, 29)
    assert end(date(2024, 2, 28), 2) == date(2024, 3, 1)
    assert end(date(2023, 2, 28), 1) == date(2023, 3, 1)
    assert end(date(2024, 3, 1), 1, WORKING, direction=EARLIER) == date(2024, 2, 29)


def test_an_end_on_a_day_of_rest_rolls_in_the_direction_of_counting() -> None:
    assert end(june(8), 2, rule=ROLLING) == june(12)
    assert end(june(12), 2, rule=ROLLING, direction=EARLIER) == june(9)
    assert end(june(8), 2) == june(10)


def test_an_end_on_a_worked_day_stays() -> None:
    assert end(june(8), 1, rule=ROLLING) == june(9)
    assert end(june(8), 4, rule=ROLLING) == june(12)


def test_clear_days_lie_between_the_event_and_the_end() -> None:
    assert end(june(30), 7, rule=CLEAR, direction=EARLIER) == june(22)
    assert end(june(22), 7, rule=CLEAR) == june(30)


def test_clear_working_days_lie_between_too() -> None:
    assert end(june(14), 2, WORKING, CLEAR, EARLIER) == june(8)
    assert end(june(16), 3, WORKING, CLEAR, EARLIER) == june(11)
    assert end(june(16), 3, WORKING, CLEAR_ROLLING, EARLIER) == june(9)


def test_a_period_of_nothing_ends_on_its_start() -> None:
    for rule in (PLAIN, COUNTED):
        for unit in Unit:
            assert end(june(10), 0, unit, rule) == june(10)
    assert end(june(10), 0, rule=ROLLING) == june(12)
    assert end(june(10), 0, rule=ROLLING, direction=EARLIER) == june(9)
    assert end(june(9), 0, rule=CLEAR, direction=EARLIER) == june(8)


# --- months ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "months", "expected"),
    [
        (date(2021, 1, 15), 1, date(2021, 2, 15)),
        (date(2021, 1, 31), 1, date(2021, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2021, 1, 31), 3, date(2021, 4, 30)),
        (date(2020, 2, 29), 12, date(2021, 2, 28)),
        (date(2020, 2, 29), 48, date(2024, 2, 29)),
        (date(2021, 11, 30), 3, date(2022, 2, 28)),
        (date(2021, 12, 1), 1, date(2022, 1, 1)),
        (date(2021, 2, 28), 1, date(2021, 3, 28)),
    ],
)
def test_months_end_on_the_corresponding_day_or_the_end_of_the_month(
    start: date, months: int, expected: date
) -> None:
    assert end(start, months, MONTHS) == expected


@pytest.mark.parametrize(
    ("start", "months", "expected"),
    [
        (date(2021, 3, 15), 1, date(2021, 2, 15)),
        (date(2021, 3, 31), 1, date(2021, 2, 28)),
        (date(2024, 2, 29), 12, date(2023, 2, 28)),
        (date(2022, 1, 1), 1, date(2021, 12, 1)),
    ],
)
def test_months_run_back_too(start: date, months: int, expected: date) -> None:
    assert end(start, months, MONTHS, direction=EARLIER) == expected


@pytest.mark.parametrize(
    ("start", "direction", "expected"),
    [
        (date(2021, 3, 1), LATER, date(2021, 3, 31)),
        (date(2021, 1, 15), LATER, date(2021, 2, 14)),
        (date(2021, 1, 31), LATER, date(2021, 2, 28)),
        (date(2021, 1, 29), LATER, date(2021, 2, 28)),
        (date(2021, 3, 31), EARLIER, date(2021, 3, 1)),
        (date(2021, 3, 15), EARLIER, date(2021, 2, 16)),
    ],
)
def test_a_month_that_counts_its_first_day_ends_a_day_sooner(
    start: date, direction: Direction, expected: date
) -> None:
    assert end(start, 1, MONTHS, COUNTED, direction) == expected


def test_months_roll_and_pause_like_days() -> None:
    assert end(date(2021, 5, 10), 1, MONTHS, ROLLING) == june(12)
    assert end(date(2021, 5, 10), 1, MONTHS, PLAIN, LATER, Span(june(1), june(4))) == june(13)


# --- pauses ---------------------------------------------------------------------------------------


def test_a_pause_shifts_calendar_days_by_exactly_its_length() -> None:
    for length in range(15):
        pause = Span(june(3), june(3 + length))
        assert end(june(1), 5, DAYS, PLAIN, LATER, pause) == june(6 + length)


def test_a_pause_shifts_working_days_by_the_working_days_in_it() -> None:
    assert end(june(8), 1, WORKING, PLAIN, LATER, Span(june(9), june(12))) == june(12)
    assert end(june(8), 3, WORKING, PLAIN, LATER, Span(june(10), june(12))) == june(14)
    assert end(june(8), 3, WORKING, PLAIN, LATER, Span(june(10), june(13))) == june(15)
    assert end(june(14), 3, WORKING, PLAIN, EARLIER, Span(june(10), june(13))) == june(7)


def test_only_the_part_of_a_pause_inside_the_period_counts() -> None:
    assert end(june(10), 5, DAYS, PLAIN, LATER, Span(june(1), june(13))) == june(17)
    assert end(june(10), 5, DAYS, PLAIN, LATER, Span(june(1), june(10))) == june(15)
    assert end(june(10), 5, DAYS, PLAIN, LATER, Span(june(16), june(30))) == june(15)
    assert end(june(10), 5, DAYS, PLAIN, LATER, Span(june(15), june(20))) == june(20)
    assert end(june(20), 5, DAYS, PLAIN, EARLIER, Span(june(18), june(25))) == june(13)
    assert end(june(20), 5, DAYS, PLAIN, EARLIER, Span(june(1), june(15))) == june(15)
    assert end(june(20), 5, DAYS, PLAIN, EARLIER, Span(june(1), june(16))) == date(2021, 5, 31)


def test_a_paused_start_day_is_not_counted_even_where_start_days_are() -> None:
    assert end(june(1), 1, DAYS, COUNTED, LATER, Span(june(1), june(4))) == june(4)


def test_pauses_that_overlap_or_touch_count_once_in_whatever_order() -> None:
    pauses = (Span(june(8), june(9)), Span(june(3), june(6)), Span(june(4), june(8)))
    assert end(june(1), 5, DAYS, PLAIN, LATER, *pauses) == june(12)
    assert end(june(13), 5, DAYS, PLAIN, EARLIER, *pauses) == june(2)
    by_a_day = (Span(june(3), june(6)), Span(june(5), june(9)))
    assert end(june(1), 5, DAYS, PLAIN, LATER, *by_a_day) == june(12)
    assert end(june(1), 5, DAYS, PLAIN, LATER, Span(june(3), june(9)), Span(june(4), june(5))) == (
        june(12)
    )


def test_a_pause_can_draw_the_period_into_the_next_pause() -> None:
    pauses = (Span(june(2), june(5)), Span(june(8), june(11)))
    assert end(june(1), 4, DAYS, PLAIN, LATER, *pauses) == june(11)


def test_an_end_never_falls_into_a_pause() -> None:
    # The 10th is a holiday, and the clock stands still from the 12th, where it would roll to.
    assert end(june(8), 2, DAYS, ROLLING, LATER, Span(june(12), june(16))) == june(16)
    assert end(june(20), 3, DAYS, CLEAR, EARLIER, Span(june(14), june(17))) == june(13)


def test_an_empty_pause_changes_nothing() -> None:
    assert end(june(1), 5, DAYS, PLAIN, LATER, Span(june(3), june(3))) == june(6)
    assert end(june(1), 5, DAYS, PLAIN, LATER, Span(date.min, date.min)) == june(6)


def test_a_pause_resumed_before_it_began_is_refused() -> None:
    with pytest.raises(BadInput) as caught:
        Span(june(3), june(2))
    assert caught.value.code == "calendar.pause_order"
    assert caught.value.params == {"first": june(3), "resumed": june(2)}


# --- bad input and the edge of the table ----------------------------------------------------------


@TABLES
def test_a_negative_amount_is_refused(table: DayTable) -> None:
    for count in (add, add_date):
        with pytest.raises(BadInput) as caught:
            count(table, june(1), -1, DAYS, PLAIN)
        assert caught.value.code == "calendar.amount"
        assert caught.value.params == {"amount": -1}


@TABLES
def test_an_instant_is_no_day(table: DayTable) -> None:
    instant = datetime(2021, 6, 1, tzinfo=UTC)
    attempts: list[Callable[[], object]] = [
        lambda: add(table, instant, 1, DAYS, PLAIN),
        lambda: add_date(table, instant, 1, DAYS, PLAIN),
        lambda: between(table, instant, june(2), DAYS),
        lambda: between(table, june(1), instant, DAYS),
        lambda: working_day_on_or_after(table, instant),
    ]
    for attempt in attempts:
        with pytest.raises(BadInput) as caught:
            attempt()
        assert caught.value.code == "calendar.not_a_date"


@TABLES
@pytest.mark.parametrize("unit", list(Unit))
@pytest.mark.parametrize("amount", [1, 5000, 10**12])
@pytest.mark.parametrize("rule", [PLAIN, COUNTED, CLEAR_ROLLING])
def test_a_count_that_leaves_the_table_is_refused(
    table: DayTable, unit: Unit, amount: int, rule: CountingRule
) -> None:
    if rule is COUNTED and amount == 1:
        amount = 2
    for count in (add, add_date):
        with pytest.raises(OutOfCalendar):
            count(table, date(2024, 12, 31), amount, unit, rule)
        with pytest.raises(OutOfCalendar):
            count(table, date(2020, 1, 1), amount, unit, rule, EARLIER)


def test_a_count_may_reach_the_first_and_the_last_day_of_the_table() -> None:
    assert end(date(2020, 1, 2), 1, WORKING, direction=EARLIER) == date(2020, 1, 1)
    assert end(date(2020, 1, 1), 1, WORKING, COUNTED) == date(2020, 1, 1)
    assert end(date(2024, 12, 30), 1, WORKING) == date(2024, 12, 31)
    assert end(date(2024, 12, 30), 1) == date(2024, 12, 31)


@TABLES
def test_a_start_outside_the_table_is_refused_even_if_the_end_is_inside(table: DayTable) -> None:
    for count in (add, add_date):
        with pytest.raises(OutOfCalendar):
            count(table, date(2019, 12, 1), 60, DAYS, PLAIN)
        with pytest.raises(OutOfCalendar):
            count(table, date(2025, 1, 31), 60, DAYS, PLAIN, EARLIER)


@TABLES
def test_a_clear_day_a_roll_or_a_pause_can_leave_the_table(table: DayTable) -> None:
    endless = Span(date(2024, 11, 21), date.max)
    for count in (add, add_date):
        with pytest.raises(OutOfCalendar):
            count(table, date(2024, 12, 30), 1, DAYS, CLEAR)
        with pytest.raises(OutOfCalendar):
            count(table, date(2020, 1, 3), 2, DAYS, CLEAR_ROLLING, EARLIER)
        for unit in Unit:
            with pytest.raises(OutOfCalendar):
                count(table, date(2024, 11, 20), 1, unit, CLEAR, LATER, (endless,))
            with pytest.raises(OutOfCalendar):
                count(table, date(2024, 11, 25), 1, unit, PLAIN, LATER, (Span(june(1), date.max),))
            with pytest.raises(OutOfCalendar):
                count(table, june(30), 1, unit, PLAIN, EARLIER, (Span(date.min, june(30)),))


def test_the_month_that_is_not_known_is_named() -> None:
    with pytest.raises(OutOfCalendar) as caught:
        add_date(TABLE, date(2024, 11, 30), 3, MONTHS, PLAIN)
    assert caught.value.params["date"] == "2025-02"


# --- explanations ---------------------------------------------------------------------------------


def test_a_count_tells_what_it_did_with_each_day() -> None:
    count = add(TABLE, june(8), 2, DAYS, ROLLING)
    assert effects(count) == [
        (8, StepEffect.START_NOT_COUNTED, None),
        (9, StepEffect.COUNTED, 1),
        (10, StepEffect.COUNTED, 2),
        (11, StepEffect.ROLLED, None),
        (12, StepEffect.ROLLED, None),
    ]
    assert count == Count(
        june(8), 2, DAYS, LATER, ROLLING, june(12), provisional=False, steps=count.steps
    )


def test_a_count_tells_skipped_and_paused_days() -> None:
    count = add(TABLE, june(9), 2, WORKING, COUNTED, LATER, (Span(june(12), june(13)),))
    assert effects(count) == [
        (9, StepEffect.START_COUNTED, 1),
        (10, StepEffect.SKIPPED, None),
        (11, StepEffect.SKIPPED, None),
        (12, StepEffect.PAUSED, None),
        (13, StepEffect.SKIPPED, None),
        (14, StepEffect.COUNTED, 2),
    ]


def test_a_count_tells_clear_days_and_pauses_on_the_way_to_its_end() -> None:
    pauses = (Span(june(11), june(12)), Span(june(14), june(15)))
    count = add(TABLE, june(16), 1, DAYS, CLEAR_ROLLING, EARLIER, pauses)
    assert effects(count) == [
        (16, StepEffect.START_NOT_COUNTED, None),
        (15, StepEffect.COUNTED, 1),
        (14, StepEffect.PAUSED, None),
        (13, StepEffect.CLEAR_DAY, None),
        (12, StepEffect.ROLLED, None),
    ]
    count = add(TABLE, june(13), 0, DAYS, CLEAR_ROLLING, EARLIER, (Span(june(11), june(13)),))
    assert effects(count) == [
        (13, StepEffect.START_NOT_COUNTED, None),
        (12, StepEffect.PAUSED, None),
        (11, StepEffect.PAUSED, None),
        (10, StepEffect.CLEAR_DAY, None),
        (9, StepEffect.ROLLED, None),
    ]


def test_a_start_day_that_was_to_count_tells_why_it_did_not() -> None:
    on_holiday = add(TABLE, june(10), 1, WORKING, COUNTED)
    assert effects(on_holiday)[0] == (10, StepEffect.SKIPPED, None)
    paused = add(TABLE, june(9), 1, WORKING, COUNTED, LATER, (Span(june(9), june(10)),))
    assert effects(paused)[0] == (9, StepEffect.PAUSED, None)


def test_what_a_count_met_are_holidays_make_up_days_pauses_and_rolled_days() -> None:
    count = add(TABLE, june(4), 9, DAYS, ROLLING, LATER, (Span(june(7), june(8)),))
    assert [(step.date.day, step.effect) for step in count.met] == [
        (7, StepEffect.PAUSED),
        (10, StepEffect.COUNTED),
        (11, StepEffect.COUNTED),
        (12, StepEffect.COUNTED),
    ]
    rolled = add(TABLE, june(4), 1, DAYS, ROLLING)
    assert [(step.date.day, step.effect) for step in rolled.met] == [
        (6, StepEffect.ROLLED),
        (7, StepEffect.ROLLED),
    ]


@TABLES
def test_a_count_is_provisional_if_any_day_of_it_is(table: DayTable) -> None:
    def provisional(start: date, direction: Direction) -> set[bool]:
        count = add(table, start, 10, WORKING, PLAIN, direction)
        return {count.provisional, add_date(table, start, 10, WORKING, PLAIN, direction)[1]}

    assert provisional(date(2023, 12, 1), LATER) == {False}
    assert provisional(date(2023, 12, 20), LATER) == {True}
    assert provisional(date(2024, 1, 2), EARLIER) == {True}
    assert provisional(date(2023, 12, 31), EARLIER) == {False}


# --- between --------------------------------------------------------------------------------------


@TABLES
def test_between_counts_the_end_but_not_the_start(table: DayTable) -> None:
    assert between(table, june(8), june(14), DAYS) == 6
    assert between(table, june(8), june(14), WORKING) == 3
    assert between(table, june(9), june(11), WORKING) == 0
    for unit in Unit:
        assert between(table, june(9), june(9), unit) == 0


@TABLES
def test_between_counts_whole_months(table: DayTable) -> None:
    assert between(table, date(2021, 1, 31), date(2021, 2, 27), MONTHS) == 0
    assert between(table, date(2021, 1, 31), date(2021, 2, 28), MONTHS) == 1
    assert between(table, date(2021, 1, 31), date(2021, 3, 30), MONTHS) == 1
    assert between(table, date(2020, 1, 1), date(2024, 12, 31), MONTHS) == 59


@TABLES
def test_between_refuses_days_out_of_order_or_out_of_range(table: DayTable) -> None:
    for unit in Unit:
        with pytest.raises(BadInput) as caught:
            between(table, june(2), june(1), unit)
        assert caught.value.code == "calendar.order"
        assert caught.value.params == {"start": june(2), "end": june(1)}
        with pytest.raises(OutOfCalendar):
            between(table, date(2019, 12, 31), june(1), unit)
        with pytest.raises(OutOfCalendar):
            between(table, june(1), date(2025, 1, 1), unit)


def test_working_days_between_run_across_years() -> None:
    table = almanac(special={})
    assert between(table, date(2020, 12, 31), date(2022, 1, 3), WORKING) == 262


@TABLES
def test_the_next_day_worked_may_be_the_day_itself(table: DayTable) -> None:
    assert working_day_on_or_after(table, june(9)) == june(9)
    assert working_day_on_or_after(table, june(10)) == june(12)
    assert working_day_on_or_after(table, june(13)) == june(14)
    with pytest.raises(OutOfCalendar):
        working_day_on_or_after(almanac(years=range(2020, 2023)), date(2022, 12, 31))
    with pytest.raises(OutOfCalendar):
        working_day_on_or_after(table, date(2025, 1, 1))


# --- against the oracle ---------------------------------------------------------------------------


def worked_on(table: DayTable) -> Callable[[date], bool]:
    return lambda day: table.day(day).working


def random_almanac(random: Random) -> Almanac:
    """Three years in which every fifth day is out of the ordinary."""
    days = days_of(date(2023, 1, 1), date(2025, 12, 31))
    special = {day: (random.choice(list(DayKind)), None) for day in random.sample(days, 219)}
    return almanac(special, range(2023, 2026), random.choice(days))


@pytest.mark.no_cover
def test_random_counts_agree_with_the_oracle_on_random_calendars_to_their_very_edges() -> None:
    random = Random(713)
    days = days_of(date(2023, 1, 1), date(2025, 12, 31))
    agreed = refused = 0
    for case in range(3000):
        if case % 100 == 0:
            table = random_almanac(random)
        question = Question(
            start=random.choice(days),
            amount=random.choice((0, 1, 2, 3, 7, 20, 30, random.randrange(300))),
            unit=random.choice(list(Unit)).value,
            later=random.random() < 0.5,
            start_day_counted=random.random() < 0.3,
            roll=random.random() < 0.6,
            clear_days=random.random() < 0.3,
            pauses=[
                (first, first + timedelta(days=random.randrange(40)))
                for first in random.sample(days, random.choice((0, 0, 1, 2, 9)))
            ],
        )
        arguments = (
            question.start,
            question.amount,
            Unit(question.unit),
            CountingRule(
                "", question.start_day_counted, question.roll, question.clear_days, citation=""
            ),
            LATER if question.later else EARLIER,
            [Span(*pause) for pause in question.pauses],
        )
        try:
            expected = oracle_end(question, days, worked_on(table))
        except BeyondTheLine:
            refused += 1
            for count in (add, add_date):
                with pytest.raises(OutOfCalendar):
                    count(table, *arguments)
            continue
        agreed += 1
        provisional = max(question.start, expected) > table.firm_through
        told = add(table, *arguments)
        assert (told.end, told.provisional) == (expected, provisional), question
        assert add_date(table, *arguments) == (expected, provisional), question
        assert add_date(OtherTable(table), *arguments) == (expected, provisional), question
        first, last = sorted((question.start, expected))
        assert sorted(step.date for step in told.steps) == days_of(first, last), question
    assert agreed > 1500
    assert refused > 300


@pytest.mark.no_cover
def test_random_distances_agree_with_the_oracle() -> None:
    random = Random(201)
    days = days_of(date(2023, 1, 1), date(2025, 12, 31))
    for case in range(200):
        if case % 20 == 0:
            table = random_almanac(random)
        start, end = sorted(random.sample(days, 2))
        working = oracle_working_days(start, end, days, worked_on(table))
        for each in (table, OtherTable(table)):
            assert between(each, start, end, WORKING) == working, (start, end)
            assert between(each, start, end, DAYS) == (end - start).days
            assert between(each, start, end, MONTHS) == oracle_months(start, end, days)
