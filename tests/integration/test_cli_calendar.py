"""`yicheng calendar`: the vectors of the domain page, and the explanation of each date."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner, Result

from api.cli.root import root
from tests.integration.command_line import squeezed


def run(*args: str, expect: int = 0) -> Result:
    result = CliRunner().invoke(root, ["calendar", *args])
    assert result.exit_code == expect, result.stderr
    return result


def test_of_months_the_last_day_is_the_end_and_no_other() -> None:
    told = run("add", "2026-01-31", "14", "months").stdout
    ends = [line for line in told.splitlines() if "期满" in line]
    assert len(ends) == 1
    assert "2027年3月31日" in ends[0]


@pytest.mark.parametrize(
    ("start", "amount", "unit", "options", "end"),
    [
        ("2026-02-12", "7", "working_days", (), "2026-02-28"),
        ("2026-04-28", "7", "working_days", (), "2026-05-11"),
        ("2025-09-26", "7", "working_days", (), "2025-10-13"),
        ("2026-09-16", "20", "working_days", (), "2026-10-20"),
        ("2026-09-05", "30", "calendar_days", (), "2026-10-08"),
        ("2026-01-16", "30", "calendar_days", (), "2026-02-24"),
        ("2026-10-12", "7", "calendar_days", ("--earlier",), "2026-09-30"),
        ("2026-10-12", "7", "calendar_days", ("--earlier", "--rule", "reverse_days"), "2026-09-30"),
        ("2026-01-31", "1", "months", (), "2026-02-28"),
    ],
)
def test_add(start: str, amount: str, unit: str, options: tuple[str, ...], end: str) -> None:
    told = json.loads(run("add", start, amount, unit, *options, "--json").stdout)
    assert told["end"] == end
    assert told["steps"][0]["day"] == start
    assert told["steps"][-1]["day"] == end


def test_add_explains_each_day_that_mattered() -> None:
    told = run("add", "2026-09-05", "30", "calendar_days").stdout
    assert told.startswith("自2026年9月5日（周六）起30日：2026年10月8日（周四）\n")
    lines = [" ".join(line.split()) for line in told.splitlines()]
    assert "2026年9月5日（周六） 起算，当日不计" in lines
    assert "2026年9月20日（周日，调休上班） 第 15 日" in lines
    assert "2026年10月5日（周一，国庆节假期） 第 30 日，期满" in lines
    assert "2026年10月7日（周三，国庆节假期） 休息，顺移" in lines
    assert "2026年10月8日（周四） 顺移至此" in lines
    assert "《中华人民共和国民法典》第二百零一条第一款" in squeezed(told)


def test_add_counts_make_up_days_and_leaves_out_holidays() -> None:
    told = run("add", "2026-02-12", "7", "working_days").stdout
    lines = [" ".join(line.split()) for line in told.splitlines()]
    assert "2026年2月14日（周六，调休上班） 第 2 日" in lines
    assert "2026年2月17日（周二，春节假期） 休息，不计" in lines
    assert "2026年2月28日（周六，调休上班） 第 7 日，期满" in lines


def test_add_marks_what_no_notice_has_settled() -> None:
    told = run("add", "2026-12-25", "7", "working_days").stdout
    assert "2027年1月6日" in told
    assert "注意：2026年12月28日之后的放假安排尚未正式公布" in told
    assert "（暂定）" in told


def test_add_in_english() -> None:
    told = run("add", "2026-10-12", "7", "calendar_days", "--earlier", "--locale", "en").stdout
    assert told.startswith("7 days before Mon 12 October 2026: Wed 30 September 2026 at the latest")
    assert "one day more, for the days between must be whole" not in told.splitlines()[0]
    assert "National Day holiday" in told


@pytest.mark.parametrize(
    ("start", "end", "unit", "amount"),
    [
        ("2026-09-16", "2026-10-20", "working_days", 20),
        ("2026-09-05", "2026-10-05", "calendar_days", 30),
        ("2026-01-31", "2026-03-30", "months", 1),
        ("2026-01-31", "2026-01-31", "working_days", 0),
    ],
)
def test_count(start: str, end: str, unit: str, amount: int) -> None:
    assert json.loads(run("count", start, end, unit, "--json").stdout)["amount"] == amount


def test_count_names_the_holidays_between() -> None:
    told = run("count", "2026-09-16", "2026-10-20", "working_days").stdout
    assert told.startswith("自2026年9月16日（周三）至2026年10月20日（周二）：20个工作日\n")
    assert "2026年10月10日（周六，调休上班）" in told


def test_count_says_where_there_are_none() -> None:
    told = run("count", "2026-11-02", "2026-11-04", "working_days").stdout
    assert "其间没有放假日和调休上班日" in told
    assert "注意" not in told


def test_count_marks_what_no_notice_has_settled() -> None:
    assert "注意" in run("count", "2027-01-04", "2027-01-05", "working_days").stdout


@pytest.mark.parametrize(
    ("args", "status", "code"),
    [
        (
            ("add", "2026-09-05", "1", "months", "--rule", "nonsense"),
            4,
            "calendar_cli.unknown_rule",
        ),
        (("add", "2018-09-05", "1", "months"), 2, "calendar.out_of_range"),
        (("add", "2026-09-05", "999999999", "months"), 2, "calendar.out_of_range"),
        (("add", "2026-09-05", "999999999", "calendar_days"), 2, "calendar.out_of_range"),
        (("count", "2026-09-05", "2026-09-04", "months"), 2, "calendar.order"),
        (("count", "2026-09-05", "2099-09-04", "months"), 2, "calendar.out_of_range"),
    ],
)
def test_what_cannot_be_counted(args: tuple[str, ...], status: int, code: str) -> None:
    assert json.loads(run(*args, "--json", expect=status).stderr)["error"] == code
