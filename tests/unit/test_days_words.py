"""Days and periods in words, on the real calendar."""

from __future__ import annotations

from datetime import date

import pytest

from api.presenting.days import Days
from procedures.dates import ChinaDays, load_days
from workflow.calendar import Direction, Span, Unit, add
from workflow.catalogue import catalogue_for

TABLE: ChinaDays = load_days()
DAYS = {locale: Days(catalogue_for(locale), TABLE) for locale in ("zh", "en")}


def story(start: str, amount: int, unit: Unit, rule: str, *pauses: Span, locale: str = "zh") -> str:
    direction = Direction.EARLIER if rule.startswith("reverse") else Direction.LATER
    first = date.fromisoformat(start)
    count = add(TABLE, first, amount, unit, TABLE.rules[rule], direction, pauses)
    return DAYS[locale].story("期限" if locale == "zh" else "Time", count)


@pytest.mark.parametrize(
    ("day", "zh", "en"),
    [
        ("2026-03-02", "2026年3月2日（周一）", "Mon 2 March 2026"),
        ("2026-02-28", "2026年2月28日（周六，调休上班）", "Sat 28 February 2026 (make-up workday)"),
        (
            "2026-10-01",
            "2026年10月1日（周四，国庆节假期）",
            "Thu 1 October 2026 (National Day holiday)",
        ),
        (
            "2026-10-06",
            "2026年10月6日（周二，国庆节假期）",
            "Tue 6 October 2026 (National Day holiday)",
        ),
        (
            "2026-10-04",
            "2026年10月4日（周日，国庆节假期）",
            "Sun 4 October 2026 (National Day holiday)",
        ),
        ("2026-03-01", "2026年3月1日（周日）", "Sun 1 March 2026"),
    ],
)
def test_a_day_says_why_it_is_worked_or_not(day: str, zh: str, en: str) -> None:
    assert DAYS["zh"].full(date.fromisoformat(day)) == zh
    assert DAYS["en"].full(date.fromisoformat(day)) == en


@pytest.mark.parametrize(
    ("start", "amount", "unit", "rule", "told"),
    [
        ("2026-09-05", 30, Unit.CALENDAR_DAYS, "period_days",
         "期限：2026年9月5日起30日，10月5日为国庆节假期，顺延至10月8日"),
        ("2026-03-02", 3, Unit.CALENDAR_DAYS, "period_days", "期限：2026年3月2日起3日，至3月5日"),
        ("2026-03-02", 1, Unit.MONTHS, "period_days", "期限：2026年3月2日起1个月，至4月2日"),
        ("2026-03-02", 5, Unit.CALENDAR_DAYS, "period_days",
         "期限：2026年3月2日起5日，3月7日为周六，顺延至3月9日"),
        ("2026-02-12", 7, Unit.WORKING_DAYS, "period_working_days",
         ("期限：2026年2月12日起7个工作日，2月15日至2月23日农历除夕、春节放假不计，"
         "2月14日、2月28日调休上班计入，至2月28日（调休上班）")),
        ("2026-10-12", 7, Unit.CALENDAR_DAYS, "reverse_clear_days",
         "期限：10月12日之前7日，10月4日为国庆节假期，提前至9月30日"),
        ("2026-09-28", 7, Unit.CALENDAR_DAYS, "reverse_clear_days",
         "期限：9月28日之前7日，最迟9月20日（调休上班）"),
        ("2026-12-30", 1, Unit.WORKING_DAYS, "period_working_days",
         "期限：2026年12月30日起1个工作日，至12月31日，放假安排尚未正式公布，暂定"),
        ("2026-12-31", 1, Unit.WORKING_DAYS, "period_working_days",
         ("期限：2026年12月31日起1个工作日，1月1日至1月3日元旦放假不计，"
         "至2027年1月4日，放假安排尚未正式公布，暂定")),
    ],
)  # fmt: skip
def test_a_period_tells_its_story(
    start: str, amount: int, unit: Unit, rule: str, told: str
) -> None:
    assert story(start, amount, unit, rule) == told


def test_a_pause_is_part_of_the_story() -> None:
    pause = Span(date(2026, 3, 3), date(2026, 3, 5))
    told = story("2026-03-02", 2, Unit.WORKING_DAYS, "period_working_days", pause)
    assert told == "期限：2026年3月2日起2个工作日，3月3日至3月4日中止不计，至3月6日"
    one = Span(date(2026, 3, 3), date(2026, 3, 4))
    told = story("2026-03-02", 2, Unit.WORKING_DAYS, "period_working_days", one)
    assert told == "期限：2026年3月2日起2个工作日，3月3日中止不计，至3月5日"


def test_the_story_in_english() -> None:
    told = story("2026-09-05", 30, Unit.CALENDAR_DAYS, "period_days", locale="en")
    assert told == (
        "Time: 30 days from 5 September 2026, "
        "5 October falls on National Day holiday, so moved on to 8 October"
    )
