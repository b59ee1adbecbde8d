"""A forecast in words, where no open matter is to be told about: tabled, barred."""

from __future__ import annotations

from api.presenting.days import Days
from api.presenting.page import Page, Terminal
from api.presenting.plan import Outline
from api.presenting.plan_data import forecast_data
from procedures.dates import load_days
from tests.unit.builders import TODAY, Matter, directory, lens, meeting, ready
from tests.unit.test_planning_after import decided, issued
from workflow.catalogue import catalogue_for
from workflow.guards import assess
from workflow.inquiry import Forecast, Standing
from workflow.planning import plan


def forecast(matter: Matter, on: str = TODAY) -> Forecast:
    looked, facts = lens(on, matter.rules), matter.facts
    found = plan(looked, facts)
    standing = Standing(
        facts,
        matter.rules,
        directory(),
        looked.today,
        assess(looked, facts),
        (),
        (),
        duties=found.duties,
    )
    tabled = None if facts.meeting is None else meeting(matters=(facts.number,))
    return Forecast(standing, found, None, tabled)


def told(matter: Matter, locale: str = "zh", on: str = TODAY) -> list[str]:
    lines: list[str] = []
    catalogue = catalogue_for(locale)
    outline = Outline(catalogue, Days(catalogue, load_days()), forecast(matter, on))
    outline.write(Page(Terminal(), lambda line: lines.append(str(line))))
    return lines


def test_of_a_tabled_matter_the_meeting_is_told() -> None:
    matter = ready(meeting="PG-2026-1").passed()
    matter.stage = "tabled"
    assert told(matter) == ["2026-1 已列入会议 PG-2026-1 的议程，会期为2026年11月6日（周五）。"]
    assert forecast_data(forecast(matter))["tabled"] == {
        "meeting": "PG-2026-1",
        "held_on": "2026-11-06",
    }


def test_of_a_barred_matter_the_steps_are_told() -> None:
    matter = ready()
    matter.records = matter.records[1:]
    assert told(matter, "en") == [
        "2026-1 cannot go on: these steps are open, and no stage ahead allows them: study before",
        "the start.",
    ]
    assert forecast_data(forecast(matter))["barred"] == ["study"]


def test_after_the_decision_the_acts_owed_are_told_with_their_last_days() -> None:
    lines = told(issued().did("assign_execution"))
    assert lines[0] == "2026-1 已经会议决定，不再上会；到办结为止还要办 4 项。"
    sheet = "\n".join(lines)
    for part in (
        "现在可以办\n  1. 公布决策",
        "最迟  2026年9月29日（周二）",
        "2026年9月1日起20个工作日",
        "还没有执行完毕（要求2026年12月31日前完成）",
        "登记执行完毕：交办时要求最迟2026年12月31日（周四）办结。",
        "先办结  公布和解读、执行",
        "执行单位还没有报告过进展。",
    ):
        assert part in sheet
    late = "\n".join(told(issued().did("assign_execution"), on="2026-09-30"))
    assert "2026年9月29日（周二），已经逾期" in late
    progress = issued().did("assign_execution").did("report_progress")
    assert "最近一次进展报告（2026年9月1日）：进展顺利" in "\n".join(told(progress))


def test_a_day_beyond_the_holiday_notices_is_told_as_provisional() -> None:
    matter = issued("executing", rules="guangxi_type").did("assign_execution")
    sheet = "\n".join(told(matter, "en"))
    assert "(provisional: the holidays are not announced yet)" in " ".join(sheet.split())
    assert forecast_data(forecast(matter))["duties"][0]["act"] == "publish_decision"


def test_the_one_thing_to_do_after_the_decision_needs_no_last_day() -> None:
    catalogue = catalogue_for("zh")
    outline = Outline(catalogue, Days(catalogue, load_days()), forecast(decided()))
    found = outline.next_task
    assert found is not None
    assert (found.act, found.latest, found.until) == ("submit_request", None, "")
    assert found.as_data()["latest"] is None
