"""What the command line tells of a matter from its meeting on to the archive, and of exceptions."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from api.bootstrap import stage
from api.cli.playing import fresh_house
from api.presenting.slip import agenda_slip
from api.rehearsal import play
from procedures.scenario import SCENARIOS, load_scenario
from tests.integration.command_line import CommandLine, cli, clock, squeezed
from tests.scenarios.test_scenarios import SAMPLE
from workflow.catalogue import catalogue_for, locales
from workflow.clock import FixedClock

__all__ = ["cli", "clock"]

#: The same words come from either database.
pytestmark = [pytest.mark.parametrize("backend", ["sqlite"]), pytest.mark.usefixtures("backend")]

#: The agenda of the second meeting is fixed on this day of the scenario.
EXECUTIVE_AGENDA = date(2026, 9, 23)


def played(name: str, last: str, url: str, clock: FixedClock, days: int = 0) -> CommandLine:
    """A database in which a scenario was played up to the first time that an act was done.

    The clock then stands at that moment, or so many days later.
    """
    scenario = load_scenario(SCENARIOS / f"{name}.yaml")
    with fresh_house(url, scenario) as house:
        for each in play(scenario, stage(house, scenario.organisation)):
            assert each.met, each.differences
            if each.step.do == last and each.step.expect == "done":
                clock.set(each.at + timedelta(days=days))
                return CommandLine(url)
    raise AssertionError(last)


def told(line: CommandLine, *args: str) -> str:
    return squeezed(line(*args).stdout)


def test_an_overdue_publication_is_told_in_list_reasons_inbox_and_to_supervisors(
    database_url: str, clock: FixedClock
) -> None:
    line = played("suspend_then_adjust", "assign_execution", database_url, clock, days=34)
    assert "执行中（有事待补办）（逾期）" in told(line, "matter", "list")
    assert "公布决策已逾期（2026年10月20日）" in told(line, "matter", "list")
    assert "登记执行完毕最迟2026年12月31日" in told(line, "matter", "list")
    assert "现在要做的一件事公布决策由谁规划建设局经办人" in told(
        line, "matter", "why", "2026-0001"
    )
    assert "公布决策（应当在2026年10月20日前办理，已经逾期）" in told(
        line, "inbox", "--as", "planning.clerk"
    )
    assert "逾期未办公布决策已逾期" in told(line, "matter", "departures")
    (found,) = line.json("matter", "departures")
    assert [each["act"] for each in found["overdue"]] == ["publish_decision"]
    english = line("--locale", "en", "matter", "departures", "--limit", "1").stdout
    assert "publish the decision overdue (20 October 2026)" in " ".join(english.split())


def test_a_suspension_and_a_late_publication_stand_among_the_exceptions__order_713_art_37(
    database_url: str, clock: FixedClock
) -> None:
    line = played("suspend_then_adjust", "suspend_execution", database_url, clock)
    sheet = told(line, "matter", "departures")
    assert "超过公布的期限，规划建设局经办人于2026年10月21日说明理由：门户网站改版" in sheet
    assert "管委会主任于2026年10月23日先行中止执行，理由：情况紧急" in sheet
    assert "现在要做的一件事恢复执行" in told(line, "matter", "why", "2026-0001")


def test_the_minutes_name_who_was_due_and_the_next_meeting__gb_9704(
    database_url: str, clock: FixedClock
) -> None:
    line = played("urgent_item", "close_meeting", database_url, clock)
    minutes = told(line, "meeting", "minutes", "M2026-001")
    assert "到会应到3人，实到3人出席党组书记、党组成员一" in minutes
    assert "应到3人，满2票方为通过" in minutes
    assert "提请下一会议常务会议" in minutes
    assert "已经党组会议通过，接下来上常务会议。" in told(line, "matter", "why", "2026-0001")
    assert "下一步" not in told(line, "meeting", "show", "M2026-001")


def test_what_was_refused_is_archived_and_nothing_else_is_owed__order_713_art_33(
    database_url: str, clock: FixedClock
) -> None:
    line = played("request_refused", "record_reply", database_url, clock)
    assert "现在要做的一件事未办成事项归档" in told(line, "matter", "why", "2026-0001")
    assert [each["act"] for each in line.json("matter", "plan", "2026-0001")["duties"]] == [
        "archive_ended"
    ]
    shown = told(line, "matter", "show", "2026-0001")
    assert "签发和印发不再办理" in shown
    assert "归档未开始" in shown


def test_what_continues_an_emergency_tells_its_level_and_its_report__order_713_art_3_2(
    database_url: str, clock: FixedClock
) -> None:
    """Given its report is owed, then filed late: the matter says so, and so does its slip."""
    scenario, line = (
        load_scenario(SCENARIOS / "emergency_continued.yaml"),
        CommandLine(database_url),
    )
    slips: list[str] = []
    with fresh_house(database_url, scenario) as house:
        set_stage = stage(house, scenario.organisation)
        for each in play(scenario, set_stage):
            clock.set(each.at)
            if each.step.do == "study":
                owing = told(line, "matter", "show", "2026-0002")
                owing_en = told(line, "--locale", "en", "matter", "show", "2026-0002")
            elif each.step.do == "freeze_agenda" and each.step.day == EXECUTIVE_AGENDA:
                standing = set_stage.inquiry.matter(SAMPLE.id, "2026-0002")
                meeting = set_stage.inquiry.meeting(SAMPLE.id, str(standing.facts.meeting))
                slips = [agenda_slip(catalogue_for(name), standing, meeting) for name in locales()]
                break
    level = "市防汛抗旱指挥部7月6日宣布的防汛二级响应"
    continued = f"延续应急措施事项2026-0001，{level}"
    assert f"{continued}；事后报告应于2026年8月5日前提交，还没有交" in owing
    assert f"continuesemergency2026-0001:{level};thereportafterwardsisowedby5August2026" in owing_en
    zh, en = slips
    assert f"{continued}；事后报告已交" in squeezed(zh)
    assert "Continues       emergency 2026-0001:" in en
    assert f"{level};thereportafterwardswasfiled" in squeezed(en)
    assert "Party group meeting 22 September 2026, M2026-001: adopted." in en
    shown = told(line, "matter", "show", "2026-0001")
    assert "补交应急处置报告生态环境与应急局局长于2026年9月16日才办理，逾期42日" in shown


def test_where_nothing_was_excepted_supervisors_are_told_so(cli: CommandLine) -> None:
    assert "没有缩短、免除、超期和例外" in told(cli, "matter", "departures")
