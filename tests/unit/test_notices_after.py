"""What is told of reports that are due or expected, of replies, of calls, and of last week."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from notifications.due import Before, due
from notifications.keeping import notice_to_json, point_from_json, point_to_json
from notifications.rules import FIRST, shipped_notices
from notifications.watchpoints import About, Watchpoint, of_house
from notifications.wording import Letters
from procedures.book import shipped
from tests.unit.builders import (
    CLERK,
    DIRECTOR,
    KEEPER,
    NO_STEP,
    TODAY,
    Matter,
    day,
    directory,
    lens,
    ready,
)
from tests.unit.builders import procedure as definition
from tests.unit.notices import DAYS
from tests.unit.test_planning_after import decided, issued
from tests.unit.test_watchpoints import CALL, told, watch
from workflow.catalogue import catalogue_for

RULES = shipped_notices().rules("jiyuan_htz", date(2026, 9, 1))


def first_lines(point: Watchpoint, on: str) -> list[str]:
    """What is said of a point on a day: the rule, and the first line in both languages."""
    (notice,) = due(RULES, (point,), Before(), DAYS, day(on)).notices
    body = {"matter": None, "title": "", "notice": notice_to_json(notice)}
    letters = Letters(shipped_notices().titles)
    words = [
        letters.words(catalogue_for(locale), shipped().get("jiyuan_htz"), directory(), body)
        for locale in ("zh", "en")
    ]
    assert all(each.why for each in words)
    return [f"{notice.rule.id}.{notice.threshold}", *(each.first for each in words)]


def only(matter: Matter, about: About, act: str, on: str = TODAY) -> Watchpoint:
    (found,) = [each for each in watch(matter, on) if (each.about, each.act) == (about, act)]
    return found


def carried_out(*units: str) -> Matter:
    return issued("executing", rules="shenyang_type").did(
        "assign_execution", by=DIRECTOR, units=list(units), due_on="2027-06-30"
    )


class TestProgress:
    def points(self, matter: Matter, on: str = TODAY) -> list[Watchpoint]:
        return [each for each in watch(matter, on) if each.act == "report_progress"]

    def test_each_unit_is_told_of_its_own_report__order_713_art_34(self) -> None:
        matter = carried_out("planning_construction", "finance")
        found = self.points(matter)
        assert [(each.rule, each.by.isoformat()) for each in found] == [
            ("progress.planning_construction", "2026-12-01"),
            ("progress.finance", "2026-12-01"),
        ]
        assert "finance.head" in (found[1].people or ())
        assert "finance.head" not in (found[0].people or ())
        assert first_lines(found[0], "2026-11-24") == [
            "progress_report.coming",
            "请最迟在2026年12月1日报告执行进展。",
            "Please report progress by 1 December 2026.",
        ]

    def test_a_report_that_is_late_is_told_as_missed_and_only_so(self) -> None:
        matter = carried_out("finance")
        (late,) = self.points(matter, "2026-12-02")
        assert (late.by, late.about) == (day("2026-12-01"), About.DEADLINE)
        assert first_lines(late, "2026-12-02")[:2] == [
            "progress_report.missed",
            "请立即报告执行进展并说明迟延的理由：最后一天是2026年12月1日，已经逾期。",
        ]

    def test_a_report_begins_the_interval_of_its_unit_anew_and_of_no_other(self) -> None:
        before = self.points(carried_out("planning_construction", "finance"))
        matter = carried_out("planning_construction", "finance")
        after = self.points(matter.did("report_progress", "2026-11-30"), "2026-11-30")
        assert after[0].point != before[0].point
        assert after[0].by > before[0].by
        assert after[1] == before[1]

    def test_whoever_has_carried_it_out_hears_no_more_of_it(self) -> None:
        matter = carried_out("planning_construction", "finance")
        matter.did("complete_execution", "2026-09-02", by="finance.head")
        assert [each.rule for each in self.points(matter)] == ["progress.planning_construction"]
        last = only(matter, About.DEADLINE, "complete_execution")
        assert "finance.head" not in (last.people or ())

    def test_nobody_reports_while_it_is_suspended_or_where_no_interval_is_set(self) -> None:
        halted = carried_out("finance").did("report_problem").did("suspend_execution", by=DIRECTOR)
        assert self.points(halted) == []
        plain = issued("executing").did("assign_execution", by=DIRECTOR, units=["finance"])
        assert self.points(plain) == []

    def test_what_is_done_meanwhile_does_not_begin_a_last_day_anew(self) -> None:
        matter = carried_out("finance")
        before = only(matter, About.DEADLINE, "complete_execution")
        matter.did("report_progress", "2026-11-30", by="finance.head")
        after = only(matter, About.DEADLINE, "complete_execution", "2026-11-30")
        assert before.point == after.point


RISKY = {**NO_STEP, "stability_risk": True}


def test_who_prepares_it_is_told_first_and_all_when_it_is_due() -> None:
    rule = RULES.named("publication")
    assert rule is not None
    assert rule.told("coming") == rule.told("coming", "soon") == (FIRST,)
    assert rule.told("due") == rule.told("coming", "due") == rule.told("moved") == rule.to


class TestExpected:
    def test_a_risk_report_is_expected_once_nothing_stands_before_it__order_713_art_22(
        self,
    ) -> None:
        matter = ready(answers=RISKY)
        (found,) = [each for each in watch(matter) if RULES.of(each) is RULES.named("risk_report")]
        assert (found.about, found.by) == (About.EXPECTED, day(TODAY))
        rule, zh, en = first_lines(found, "2026-09-08")
        assert rule == "risk_report.reminded"
        assert zh == "请尽快提交风险评估报告：自2026年9月1日起，风险评估已经可以办理。"
        assert en.endswith('the step "risk assessment" could have begun on 1 September 2026.')
        matter.did("file_risk_assessment")
        assert "file_risk_assessment" not in told(matter, about=About.EXPECTED)

    def test_not_before_what_comes_first_is_done(self) -> None:
        matter = Matter(answers=RISKY).did("study").did("classify", by=KEEPER)
        assert "file_risk_assessment" not in told(matter, about=About.EXPECTED)


def test_a_reply_is_awaited_after_the_decision_too__order_713_art_31() -> None:
    asked = decided().did("submit_request", by=KEEPER)
    found = only(asked, About.AWAITED, "record_reply")
    rule, zh, en = first_lines(found, "2026-09-15")
    assert (rule, zh) == (
        "reply_awaited.reminded",
        "请尽快登记批复：自2026年9月1日起，向同级党委请示报告一直在等这一项。",
    )
    assert en.startswith("Please record the reply soon")
    ended = replace_stage(asked, "closed")
    assert "record_reply" not in told(ended, about=About.AWAITED)


def replace_stage(matter: Matter, stage: str) -> Matter:
    matter.stage = stage
    return matter


def test_a_call_is_told_with_the_hour_at_which_it_closes__order_713_art_15() -> None:
    matter = ready(answers=CALL).did("publish_open_call")
    opened = only(matter, About.EVENT, "publish_open_call")
    closing = only(matter, About.FLOOR, "close_open_call")
    rule, zh, en = first_lines(opened, TODAY)
    assert rule == "call_opened.done"
    assert zh == "请留意收集意见：公开征求意见已于2026年9月1日开始，2026年10月8日24时截止。"
    assert en.endswith("began on 1 September 2026 and closes at 24:00 on 8 October 2026.")
    assert first_lines(closing, "2026-10-08")[1] == (
        "请准备汇总意见：公开征求意见2026年10月8日24时截止，2026年10月9日起可以结束征求意见。"
    )
    assert first_lines(closing, "2026-10-09")[1] == (
        "请结束征求意见：公开征求意见已于2026年10月8日24时截止。"
    )


class TestDigest:
    TALLY = (("2026-0001", "propose_agenda_item", 3), ("2026-0002", "approve_override", 1))

    def points(self, on: str, *tally: tuple[str, str, int]) -> list[Watchpoint]:
        found = of_house(definition(), directory(), lens(on), {}, tally)
        return [each for each in found if each.about is About.DIGEST]

    def test_on_monday_the_week_before_is_summed_up(self) -> None:
        (found,) = self.points("2026-09-09", *self.TALLY)
        assert (found.by, found.ends) == (date(2026, 9, 7), date(2026, 9, 6))
        assert first_lines(found, "2026-09-07")[:2] == [
            "floors_digest.weekly",
            "请抽查 2 件事项：上周（截至2026年9月6日）反复被拦截，或者缩短了期限，逐件列在下面。",
        ]
        assert point_from_json(point_to_json(found)) == found
        # Another week is another point, and an old week need not be told any more.
        (next_,) = self.points("2026-09-14", *self.TALLY)
        assert next_.point != found.point
        assert due(RULES, (found,), Before(), DAYS, date(2026, 9, 14)).notices == ()

    def test_a_week_without_anything_of_the_kind_is_not_told(self) -> None:
        assert self.points("2026-09-09") == []

    @pytest.mark.parametrize(("locale", "line"), [("zh", "3 次"), ("en", "3 times")])
    def test_each_matter_is_named_with_what_was_tried_and_how_often(
        self, locale: str, line: str
    ) -> None:
        (found,) = self.points("2026-09-09", *self.TALLY)
        (notice,) = due(RULES, (found,), Before(), DAYS, date(2026, 9, 7)).notices
        letters = Letters(shipped_notices().titles)
        body = {"matter": None, "title": "", "notice": notice_to_json(notice)}
        rules = shipped().get("jiyuan_htz")
        words = letters.words(catalogue_for(locale), rules, directory(), body)
        assert "2026-0001" in words.about[0]
        assert line in words.about[0]
        assert "2026-0002" in letters.plain(catalogue_for(locale), words)


def test_only_experts_who_have_not_declared_are_waited_for__order_713_art_19() -> None:
    matter = ready(answers={**NO_STEP, "technical": True}).did("choose_experts")
    found = only(matter, About.AWAITED, "declare_interest")
    assert found.rule == "expert_argument.declarations_missing"
    assert first_lines(found, "2026-09-04")[0] == "experts_awaited.reminded"
    assert CLERK not in (found.people or ())
    assert replace(found, people=None).point == found.point
