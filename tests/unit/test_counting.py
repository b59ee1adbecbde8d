"""Periods of a definition on the real calendar (the vectors of Order 713 and the notices)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.unit.builders import counting, day, procedure
from workflow.calendar import Direction, OutOfCalendar, Span, Unit
from workflow.definition import Rule

REVIEW = procedure().steps["legality_review"].rules["review_time"]
CALL = procedure().steps["open_call"].rules["period"]
PAPERS = procedure().steps["hearing"].rules["papers_before"]


@pytest.mark.parametrize(
    ("rule", "start", "end"),
    [
        (REVIEW, "2026-02-12", "2026-02-28"),
        (REVIEW, "2026-04-28", "2026-05-11"),
        (REVIEW, "2025-09-26", "2025-10-13"),
        (CALL, "2026-09-05", "2026-10-08"),
        (CALL, "2026-01-16", "2026-02-24"),
    ],
)
def test_a_period_ends_as_the_notices_have_it__order_713_arts_15_26(
    rule: Rule, start: str, end: str
) -> None:
    assert counting().end(rule, day(start)) == (day(end), False)


def test_papers_for_12_october_are_due_on_30_september__order_713_art_16_3() -> None:
    assert counting().latest(PAPERS, day("2026-10-12")) == (day("2026-09-30"), False)


def test_only_a_rule_that_says_so_is_stopped_by_a_pause() -> None:
    pauses = (Span(day("2026-03-04"), day("2026-03-06")),)
    assert counting().end(REVIEW, day("2026-03-02"), pauses)[0] == day("2026-03-13")
    unstopped = replace(REVIEW, paused=False)
    assert counting().end(unstopped, day("2026-03-02"), pauses)[0] == day("2026-03-11")


def test_the_explanation_ends_on_the_same_day() -> None:
    pauses = (Span(day("2026-03-04"), day("2026-03-06")),)
    assert counting().explain(REVIEW, day("2026-03-02"), pauses).end == day("2026-03-13")
    unstopped = replace(REVIEW, paused=False)
    assert counting().explain(unstopped, day("2026-03-02"), pauses).end == day("2026-03-11")
    back = counting().explain(PAPERS, day("2026-10-12"), direction=Direction.EARLIER)
    assert back.end == day("2026-09-30")


def test_beyond_the_last_notice_it_is_provisional_and_beyond_the_calendar_refused() -> None:
    assert counting().end(REVIEW, day("2027-03-01"))[1] is True
    with pytest.raises(OutOfCalendar):
        counting().end(CALL, day("2036-12-20"))


@pytest.mark.parametrize("lacking", ["value", "unit", "counting"])
def test_a_rule_that_is_no_period_cannot_be_counted(lacking: str) -> None:
    changes: dict[str, None] = {lacking: None}
    broken: Rule = replace(REVIEW, **changes)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="review_time is not a period"):
        counting().end(broken, day("2026-03-02"))


def test_twenty_working_days_are_counted_in_working_days() -> None:
    twenty = replace(REVIEW, value=20, unit=Unit.WORKING_DAYS)
    assert counting().end(twenty, day("2026-09-16"))[0] == day("2026-10-20")


def test_of_periods_that_bind_beside_each_other_the_farthest_counts() -> None:
    days = replace(CALL, value=20, unit=Unit.WORKING_DAYS, counting="period_working_days")
    both = replace(CALL, also=(days,))
    alone = [counting().end(rule, day("2026-09-05"))[0] for rule in (CALL, days)]
    assert alone == [day("2026-10-08"), day("2026-10-09")]
    assert counting().end(both, day("2026-09-05")) == (day("2026-10-09"), False)
    assert counting().end(both, day("2026-03-02")) == (day("2026-04-01"), False)


def test_counted_back_the_farthest_is_the_earliest() -> None:
    longer = replace(PAPERS, value=15)
    both = replace(PAPERS, also=(longer,))
    assert counting().latest(both, day("2026-10-12")) == counting().latest(
        longer, day("2026-10-12")
    )
