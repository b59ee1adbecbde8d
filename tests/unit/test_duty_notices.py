"""What is told of recurring duties, when, and to whom."""

from __future__ import annotations

from datetime import date

from notifications.falling_due import of_duties
from notifications.keeping import point_from_json, point_to_json
from notifications.watchpoints import About, Watchpoint
from tests.unit.builders import LEGAL_HEAD, REVIEWER, day
from tests.unit.builders import procedure as definition
from tests.unit.test_notices_after import first_lines
from tests.unit.test_recurring import assigned, evidence, record, year
from workflow.facts import Record


def points(on: str, *records: Record) -> list[Watchpoint]:
    found = of_duties(definition(), (year(*records),), day(on))
    return [each for each in found if each.rule == "law_study"]


def test_a_period_that_has_begun_is_to_be_assigned_and_has_its_last_day() -> None:
    opened, due = [each for each in points("2026-07-01") if each.entry == 20263]
    assert (opened.about, opened.act, opened.by) == (
        About.DUTY_OPENED,
        "assign_duty",
        date(2026, 7, 1),
    )
    assert (due.about, due.act, due.by) == (About.DUTY, "assign_duty", date(2026, 9, 30))
    assert point_from_json(point_to_json(due)) == due
    assert [each.entry for each in points("2026-06-30")] == [20261, 20261, 20262, 20262]


def test_then_it_is_for_whoever_it_fell_to_and_at_the_end_for_whoever_closes_it() -> None:
    (due,) = [each for each in points("2026-07-03", assigned()) if each.entry == 20263]
    assert (due.act, due.people) == ("file_duty_evidence", (REVIEWER,))
    whole = (assigned(), evidence("programme", "attendance"))
    (due,) = [each for each in points("2026-08-21", *whole) if each.entry == 20263]
    assert (due.act, due.people) == ("close_duty", None)
    closed = record(3, "close_duty", LEGAL_HEAD, "2026-08-24")
    assert [each for each in points("2026-08-24", *whole, closed) if each.entry == 20263] == []


def test_the_words_say_what_to_do_and_by_when_and_cite_the_report__jiyuan_report_2_4() -> None:
    opened, due = [each for each in points("2026-07-01") if each.entry == 20263]
    rule, zh, en = first_lines(opened, "2026-07-01")
    assert (rule, zh) == (
        "duty_opened.opened",
        "请把“‘每季一法’集体学法”第3季度分派给承办人：这一期已经开始。",
    )
    assert en == "Please assign “joint study of a law”, quarter 3: the period has begun."
    rule, zh, en = first_lines(due, "2026-09-30")
    assert rule == "duty.due"
    assert zh.startswith("请最迟在2026年9月30日就")
    rule, zh, en = first_lines(due, "2026-10-01")
    assert rule == "duty.missed"
    assert "已经逾期（期限2026年9月30日）" in zh
    assert "is overdue since 30 September 2026" in en
