from __future__ import annotations

import subprocess
import sys
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from random import Random

import chinese_calendar
import pytest

from procedures.dates import CHINA, ChinaDays, Confidence, load_days
from procedures.source import SourceError
from tests.unit.calendar_oracle import Question, days_of, oracle_end
from workflow.calendar import (
    CountingRule,
    DayKind,
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
from workflow.errors import BrokenDefinition

DAYS = load_days()
FORWARD = DAYS.rules["period_days"]
WORKING = DAYS.rules["period_working_days"]
REVERSE = DAYS.rules["reverse_days"]
REVERSE_CLEAR = DAYS.rules["reverse_clear_days"]

works = cache(chinese_calendar.is_workday)


def day(text: str) -> date:
    return date.fromisoformat(text)


def written(folder: Path, old: str, new: str) -> Path:
    """The calendar with one passage changed."""
    text = CHINA.read_text("utf-8")
    assert text.count(old) == 1
    path = folder / "cn.yaml"
    path.write_text(text.replace(old, new), "utf-8")
    return path


def refused(path: Path) -> tuple[str, str]:
    with pytest.raises(SourceError) as caught:
        load_days(path)
    (problem,) = caught.value.problems
    assert problem.file == "cn.yaml"
    assert problem.line > 0
    return problem.code, problem.key


# --- the days of the law --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "amount", "expected"),
    [
        ("2026-02-12", 7, "2026-02-28"),
        ("2026-04-28", 7, "2026-05-11"),
        ("2025-09-26", 7, "2025-10-13"),
        ("2026-09-16", 20, "2026-10-20"),
    ],
)
def test_working_days_run_around_the_holidays(start: str, amount: int, expected: str) -> None:
    count = add(DAYS, day(start), amount, Unit.WORKING_DAYS, WORKING)
    assert (count.end, count.provisional) == (day(expected), False)
    assert add_date(DAYS, day(start), amount, Unit.WORKING_DAYS, WORKING) == (day(expected), False)
    assert between(DAYS, day(start), day(expected), Unit.WORKING_DAYS) == amount


@pytest.mark.parametrize(
    ("start", "unrolled", "expected"),
    [
        ("2026-09-05", "2026-10-05", "2026-10-08"),
        ("2026-01-16", "2026-02-15", "2026-02-24"),
        ("2026-03-02", "2026-04-01", "2026-04-01"),
    ],
)
def test_thirty_days_that_end_in_a_holiday_roll_on(
    start: str, unrolled: str, expected: str
) -> None:
    count = add(DAYS, day(start), 30, Unit.CALENDAR_DAYS, FORWARD)
    assert (count.end, count.provisional) == (day(expected), False)
    assert add_date(DAYS, day(start), 30, Unit.CALENDAR_DAYS, FORWARD) == (day(expected), False)
    assert [step.date for step in count.steps if step.ordinal == 30] == [day(unrolled)]


def test_papers_go_out_before_the_holiday_in_which_their_last_day_falls() -> None:
    hearing = day("2026-10-12")
    count = add(DAYS, hearing, 7, Unit.CALENDAR_DAYS, REVERSE_CLEAR, Direction.EARLIER)
    assert count.end == day("2026-09-30")
    assert [step.date for step in count.steps if step.effect is StepEffect.CLEAR_DAY] == [
        day("2026-10-04")
    ]
    assert add_date(DAYS, hearing, 7, Unit.CALENDAR_DAYS, REVERSE_CLEAR, Direction.EARLIER) == (
        day("2026-09-30"),
        False,
    )


def test_the_disputed_reading_asks_one_day_less() -> None:
    for rule, expected in ((REVERSE_CLEAR, "2026-11-12"), (REVERSE, "2026-11-13")):
        end, _ = add_date(DAYS, day("2026-11-20"), 7, Unit.CALENDAR_DAYS, rule, Direction.EARLIER)
        assert end == day(expected)


def test_a_make_up_saturday_is_a_workday_with_a_name() -> None:
    for text in ("2026-02-14", "2026-02-28", "2026-05-09", "2026-10-10", "2025-10-11"):
        found = DAYS.day(day(text))
        assert found.date.isoweekday() == 6
        assert (found.kind, found.name, found.working) == (DayKind.MAKE_UP, "调休上班", True)
    assert DAYS.day(day("2026-09-20")).kind is DayKind.MAKE_UP


def test_an_end_on_a_make_up_saturday_does_not_roll() -> None:
    end, _ = add_date(DAYS, day("2026-01-29"), 30, Unit.CALENDAR_DAYS, FORWARD)
    assert end == day("2026-02-28")


def test_counts_run_across_the_year_end() -> None:
    end, _ = add_date(DAYS, day("2025-12-29"), 4, Unit.WORKING_DAYS, WORKING)
    assert end == day("2026-01-05")
    end, _ = add_date(DAYS, day("2025-12-29"), 3, Unit.WORKING_DAYS, WORKING)
    assert end == day("2026-01-04")
    back, _ = add_date(DAYS, day("2026-01-05"), 4, Unit.WORKING_DAYS, WORKING, Direction.EARLIER)
    assert back == day("2025-12-29")


def test_the_leap_day_counts_and_months_end_with_the_month() -> None:
    assert add_date(DAYS, day("2024-02-28"), 1, Unit.WORKING_DAYS, WORKING)[0] == day("2024-02-29")
    assert add_date(DAYS, day("2024-01-31"), 1, Unit.MONTHS, FORWARD)[0] == day("2024-02-29")
    assert add_date(DAYS, day("2024-02-29"), 12, Unit.MONTHS, FORWARD)[0] == day("2025-02-28")
    assert add_date(DAYS, day("2026-08-01"), 2, Unit.MONTHS, FORWARD)[0] == day("2026-10-08")


def test_a_pause_over_the_holiday_costs_only_the_working_days_in_it() -> None:
    holiday = Span(day("2026-09-30"), day("2026-10-09"))
    start = day("2026-09-28")
    assert add_date(DAYS, start, 3, Unit.WORKING_DAYS, WORKING)[0] == day("2026-10-08")
    paused, _ = add_date(DAYS, start, 3, Unit.WORKING_DAYS, WORKING, Direction.LATER, (holiday,))
    assert paused == day("2026-10-10")


def test_the_next_day_worked_after_the_spring_festival_begins() -> None:
    assert working_day_on_or_after(DAYS, day("2026-02-15")) == day("2026-02-24")
    assert working_day_on_or_after(DAYS, day("2026-02-14")) == day("2026-02-14")


# --- what is known, and how well ------------------------------------------------------------------


def test_years_without_a_notice_are_provisional_and_so_is_what_touches_them() -> None:
    assert not DAYS.day(day("2026-11-30")).provisional
    assert DAYS.day(day("2027-01-01")).provisional
    assert add_date(DAYS, day("2026-12-10"), 20, Unit.WORKING_DAYS, WORKING)[1]
    assert add_date(DAYS, day("2027-01-04"), 20, Unit.WORKING_DAYS, WORKING, Direction.EARLIER)[1]


def test_the_next_notice_may_still_move_the_last_days_of_the_year() -> None:
    assert DAYS.firm_through == day("2026-12-28")
    assert not DAYS.day(day("2026-12-28")).provisional
    assert DAYS.day(day("2026-12-29")).provisional


def test_a_new_notice_makes_its_year_firm(tmp_path: Path) -> None:
    notice = """
  - year: 2027
    number: 国办发明电〔2026〕0号
    dated: 2026-11-20
    published: 2026-11-21
    confidence: U

# 随软件"""
    days = load_days(written(tmp_path, "\n# 随软件", notice))
    assert days.firm_through == day("2027-12-28")
    assert not days.day(day("2027-06-01")).provisional
    assert days.edition == day("2026-11-21")
    assert days.notices[-1].confidence is Confidence.UNSURE


def test_every_firm_year_rests_on_a_numbered_notice() -> None:
    assert sorted({notice.year for notice in DAYS.notices}) == list(range(2019, 2027))
    assert all(notice.number.startswith("国办发明电〔") for notice in DAYS.notices)
    assert DAYS.edition == day("2025-11-04")


def test_every_counting_rule_cites_its_source() -> None:
    assert set(DAYS.rules) == {
        "period_days",
        "period_working_days",
        "reverse_days",
        "reverse_clear_days",
    }
    for id_, rule in DAYS.rules.items():
        assert rule.id == id_
        assert "《中华人民共和国民法典》第二百零一条" in rule.citation
        assert not rule.start_day_counted
        assert rule.roll
        assert rule.clear_days == (id_ == "reverse_clear_days")


def test_a_day_cites_the_notices_of_its_year_or_the_general_rule() -> None:
    assert DAYS.citation(day("2026-02-17")) == "国办发明电〔2025〕7号"
    assert DAYS.citation(day("2020-02-01")) == "国办发明电〔2019〕16号、国办发明电〔2020〕1号"
    assert DAYS.citation(day("2027-02-17")).startswith("《全国年节及纪念日放假办法》")


def test_days_of_rest_have_names_in_chinese_and_english() -> None:
    names = {
        "2026-02-16": ("农历除夕", "Chinese New Year's Eve"),
        "2025-10-06": ("中秋节", "Mid-Autumn Festival"),
        "2020-10-01": ("中秋节、国庆节", "Mid-Autumn Festival, National Day"),
        "2026-10-10": ("调休上班", "make-up workday"),
        "2026-10-11": (None, None),
        "2026-10-12": (None, None),
    }
    found = {text: (DAYS.day(day(text)).name, DAYS.english(day(text))) for text in names}
    assert found == names


@pytest.mark.parametrize("text", ["2018-12-31", "2037-01-01"])
def test_days_outside_the_table_are_refused(text: str) -> None:
    for ask in (DAYS.day, DAYS.english, DAYS.citation):
        with pytest.raises(OutOfCalendar):
            ask(day(text))
    assert (DAYS.first, DAYS.last) == (day("2019-01-01"), day("2036-12-31"))


def test_the_last_year_of_the_table_can_be_read() -> None:
    assert DAYS.day(DAYS.last).provisional


def test_loading_the_calendar_does_not_load_the_holidays() -> None:
    code = (
        "import sys; from procedures.dates import load_days; load_days();"
        "sys.exit('holidays' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=CHINA.parents[2])


# --- second opinions ------------------------------------------------------------------------------


def test_every_day_agrees_with_another_calendar() -> None:
    for each in days_of(day("2019-01-01"), day("2026-12-31")):
        found = DAYS.day(each)
        assert found.working == works(each), each
        if each.isoweekday() in (6, 7):
            assert (found.kind is DayKind.MAKE_UP) == works(each), each
        else:
            assert (found.kind is DayKind.HOLIDAY) != works(each), each


def test_ten_thousand_random_counts_agree_with_the_oracle() -> None:
    random = Random(20190901)
    days = days_of(day("2019-01-01"), day("2026-12-31"))
    starts = days_of(day("2021-07-01"), day("2024-06-30"))
    for _ in range(10_000):
        question = random_question(random, starts)
        rule = CountingRule(
            "", question.start_day_counted, question.roll, question.clear_days, citation=""
        )
        direction = Direction.LATER if question.later else Direction.EARLIER
        pauses = [Span(*pause) for pause in question.pauses]
        unit = Unit(question.unit)
        expected = oracle_end(question, days, works)
        count = add(DAYS, question.start, question.amount, unit, rule, direction, pauses)
        assert count.end == expected, question
        assert add_date(DAYS, question.start, question.amount, unit, rule, direction, pauses) == (
            expected,
            False,
        ), question


def random_question(random: Random, starts: list[date]) -> Question:
    unit = random.choice(list(Unit))
    most = {Unit.CALENDAR_DAYS: 200, Unit.WORKING_DAYS: 120, Unit.MONTHS: 18}[unit]
    start = random.choice(starts)
    pauses = []
    for _ in range(random.choice((0, 0, 1, 2, 4))):
        first = start + timedelta(days=random.randrange(-250, 250))
        pauses.append((first, first + timedelta(days=random.randrange(60))))
    return Question(
        start=start,
        amount=random.choice((1, 3, 7, 10, 20, 30, random.randrange(most))) % most,
        unit=unit.value,
        later=random.random() < 0.5,
        start_day_counted=random.random() < 0.3,
        roll=random.random() < 0.7,
        clear_days=random.random() < 0.3,
        pauses=pauses,
    )


# --- corrections ----------------------------------------------------------------------------------

OVERRIDES = """overrides:
  - date: 2026-09-03
    kind: holiday
    name: 纪念日
    name_en: Commemoration
    citation: 国办发明电〔2026〕0号
    published: 2026-05-01
  - date: 2026-09-06
    kind: make_up
    citation: 国办发明电〔2026〕0号
    published: 2026-05-01
  - date: 2026-10-10
    kind: weekend
    citation: 国办发明电〔2026〕0号
    published: 2026-05-02
  - date: 2026-10-07
    kind: workday
    citation: 国办发明电〔2026〕0号
    published: 2026-05-02
"""


@pytest.fixture
def corrected(tmp_path: Path) -> ChinaDays:
    return load_days(written(tmp_path, "overrides: []\n", OVERRIDES))


def test_a_correction_outweighs_the_package(corrected: ChinaDays) -> None:
    kinds = {
        "2026-09-03": DayKind.HOLIDAY,
        "2026-09-06": DayKind.MAKE_UP,
        "2026-10-10": DayKind.WEEKEND,
        "2026-10-07": DayKind.WORKDAY,
        "2026-09-20": DayKind.MAKE_UP,
    }
    assert {text: corrected.day(day(text)).kind for text in kinds} == kinds
    assert add_date(corrected, day("2026-09-02"), 2, Unit.WORKING_DAYS, WORKING)[0] == day(
        "2026-09-06"
    )


def test_a_correction_leaves_other_years_alone(corrected: ChinaDays) -> None:
    year = days_of(day("2025-01-01"), day("2025-12-31"))
    assert [corrected.day(each) for each in year] == [DAYS.day(each) for each in year]


def test_a_correction_brings_its_names_citation_and_date(corrected: ChinaDays) -> None:
    assert corrected.day(day("2026-09-03")).name == "纪念日"
    assert corrected.english(day("2026-09-03")) == "Commemoration"
    assert corrected.day(day("2026-09-06")).name == "调休上班"
    assert corrected.english(day("2026-09-06")) == "make-up workday"
    assert corrected.day(day("2026-10-07")).name is None
    assert corrected.english(day("2026-10-07")) is None
    assert corrected.citation(day("2026-09-03")) == "国办发明电〔2026〕0号"
    assert corrected.edition == day("2026-05-02")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("2026-09-20, 2026-10-10]", "2026-10-10]"),
        ("2026-09-20, 2026-10-10]", "2026-09-20, 2026-10-10, 2026-10-11]"),
        ("withdrawn: [2020-02-01]", "withdrawn: []"),
    ],
)
def test_a_package_that_disagrees_with_a_notice_is_not_believed(
    tmp_path: Path, old: str, new: str
) -> None:
    days = load_days(written(tmp_path, old, new))
    year = 2020 if "2020" in old else 2026
    with pytest.raises(BrokenDefinition) as caught:
        days.day(date(year, 6, 1))
    assert caught.value.code == "calendar.package_disagrees"
    assert caught.value.params["file"] == "cn.yaml"
    assert caught.value.params["year"] == year
    assert caught.value.params["days"]
    assert days.day(day("2024-06-03")).working


@pytest.mark.parametrize(
    ("old", "new", "code", "key"),
    [
        ("  - year: 2022\n", "  - year: 2023\n", "calendar.notice_order", "notices[6].year"),
        ("  - year: 2022\n", "  - year: 2021\n", "calendar.notice_order", "notices[6].year"),
        ("amends: true  # 春", "amends: false  # 春", "calendar.notice_order", "notices[4].year"),
        (
            "published: 2022-12-08",
            "published: 2022-12-07",
            "calendar.notice_published_early",
            "notices[7].published",
        ),
        ("[2025-01-26,", "[2025-01-27,", "calendar.notice_day", "notices[9]"),
        ("[2025-01-26,", "[2023-01-29,", "calendar.notice_day", "notices[9]"),
        ("last_year: 2036", "last_year: 2025", "calendar.last_year", "last_year"),
        ("date: 2026-09-06", "date: 2026-09-03", "calendar.override_day", "overrides[2].date"),
        ("date: 2026-09-06", "date: 2018-09-08", "calendar.override_day", "overrides[2].date"),
        ("date: 2026-09-06", "date: 2026-09-04", "calendar.override_kind", "overrides[2].kind"),
        ("date: 2026-10-10", "date: 2026-10-12", "calendar.override_kind", "overrides[3].kind"),
        ("date: 2026-10-07", "date: 2026-10-11", "calendar.override_kind", "overrides[4].kind"),
    ],
)
def test_a_file_that_contradicts_itself_is_refused_at_the_place(
    tmp_path: Path, old: str, new: str, code: str, key: str
) -> None:
    path = written(tmp_path, "overrides: []\n", OVERRIDES)
    text = path.read_text("utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), "utf-8")
    assert refused(path) == (code, key)
