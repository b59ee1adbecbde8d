"""公开征求意见: at least 30 days, republished where the text changes (Order 713 art. 15)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Final

import pytest

from tests.unit.builders import (
    NO_STEP,
    Matter,
    assess,
    codes,
    day,
    earliest,
    judge,
    law,
    only,
    procedure,
    with_rule,
)
from workflow.calendar import OutOfCalendar, Unit
from workflow.definition import Floor, Procedure
from workflow.ports import StepState

STEP = "open_call"
NOTICE, CLOSING, PLAN = "publish_open_call", "close_open_call", "file_participation_plan"


def called(on: str = "2026-09-05") -> Matter:
    """A call published on 5 September: 30 days end on National Day's 5 October, so on 8 October."""
    return Matter().drafted().did(NOTICE, on)


def closed(received: int = 2) -> Matter:
    return called().did(CLOSING, "2026-10-09", received=received, channel_proof="截图")


def national() -> Procedure:
    """Order 713 alone, which leaves it to the plan whether there is a call."""
    return procedure("order_713")


class TestNotice:
    def test_thirty_days_across_national_day_are_accepted__order_713_art_15_1(self) -> None:
        matter = Matter().drafted()
        assert codes(judge(NOTICE, matter, "2026-09-05", closes_on="2026-10-08")) == []

    def test_a_day_less_is_refused_without_a_reason__order_713_art_15_1(self) -> None:
        unmet = only(judge(NOTICE, Matter().drafted(), "2026-09-05", closes_on="2026-10-07"))
        assert (unmet.code, law(unmet)) == ("open_call.short_without_reason", ["order_713 15.1"])
        assert unmet.params == {
            "closes_on": day("2026-10-07"),
            "ends": day("2026-10-08"),
            "amount": 30,
            "unit": "calendar_days",
        }

    def test_a_reason_in_the_notice_shortens_it__order_713_art_15_1(self) -> None:
        found = judge(
            NOTICE,
            Matter().drafted(),
            "2026-09-05",
            closes_on="2026-09-15",
            reason_for_shortening="汛期在即，情况紧急",
        )
        assert codes(found) == []

    def test_a_hard_floor_knows_no_reason(self) -> None:
        matter = Matter(rules=with_rule(procedure(), STEP, "period", floor=Floor.HARD)).drafted()
        found = judge(
            NOTICE, matter, "2026-09-05", closes_on="2026-09-15", reason_for_shortening="紧急"
        )
        assert codes(found) == ["open_call.too_short"]

    def test_an_end_beyond_the_last_holiday_notice_is_provisional(self) -> None:
        unmet = only(judge(NOTICE, Matter().drafted(), "2026-12-15", closes_on="2026-12-20"))
        assert unmet.provisional
        assert not only(
            judge(NOTICE, Matter().drafted(), "2026-09-05", closes_on="2026-09-06")
        ).provisional

    def test_a_call_without_a_text_is_refused(self) -> None:
        assert codes(judge(NOTICE, Matter(), "2026-09-05")) == ["open_call.no_draft"]

    def test_a_call_cannot_close_beyond_the_calendar(self) -> None:
        for closes_on in ("2036-12-31", "2040-01-01"):
            with pytest.raises(OutOfCalendar):
                judge(NOTICE, Matter().drafted(), "2026-09-05", closes_on=closes_on)

    def test_an_urgent_call_may_close_today__order_713_art_15_1(self) -> None:
        found = judge(
            NOTICE,
            Matter(rules=national()).drafted(),
            "2026-09-05",
            closes_on="2026-09-05",
            reason_for_shortening="紧急",
        )
        assert "open_call.short_without_reason" not in codes(found)
        assert "open_call.below_shortest" not in codes(found)

    @pytest.mark.parametrize("reason", ["无", "/", ".", "（略）", "N/A"])
    def test_words_that_say_nothing_are_no_reason_to_shorten__order_713_art_15_1(
        self, reason: str
    ) -> None:
        when = {"closes_on": "2026-09-20", "reason_for_shortening": reason}
        found = judge(NOTICE, Matter().drafted(), "2026-09-05", **when)
        assert codes(found) == ["open_call.short_without_reason"]

    def test_no_reason_shortens_below_what_the_zone_sets(self) -> None:
        when = {"closes_on": "2026-09-09", "reason_for_shortening": "紧急"}
        unmet = only(judge(NOTICE, Matter().drafted(), "2026-09-05", **when))
        assert unmet.code == "open_call.below_shortest"
        assert unmet.params["ends"] == day("2026-09-10")

    def test_a_call_that_closes_before_it_opens_is_refused(self) -> None:
        found = judge(
            NOTICE,
            Matter().drafted(),
            "2026-09-05",
            closes_on="2026-09-04",
            reason_for_shortening="紧急",
        )
        assert codes(found) == [
            "open_call.closes_in_the_past",
            "open_call.below_shortest",
        ]

    def test_an_unknown_channel_is_refused_with_the_known_ones__order_713_art_15_1(self) -> None:
        channels = ["government_site", "notice_board"]
        unmet = only(judge(NOTICE, Matter().drafted(), "2026-09-05", channels=channels))
        assert (unmet.code, unmet.params["channels"]) == (
            "open_call.channel_unknown",
            ("notice_board",),
        )
        assert unmet.params["known"] == procedure().steps[STEP].rules["channels"].choices

    def test_too_few_channels_are_refused_and_one_named_twice_counts_once(self) -> None:
        matter = Matter(rules=with_rule(procedure(), STEP, "channels", value=2)).drafted()
        channels = ["government_site", "government_site"]
        unmet = only(judge(NOTICE, matter, "2026-09-05", channels=channels))
        assert (unmet.code, unmet.params) == ("open_call.too_few_channels", {"wanted": 2})

    def test_where_no_number_of_channels_is_set_any_will_do(self) -> None:
        matter = Matter(rules=with_rule(procedure(), STEP, "channels", value=None)).drafted()
        assert codes(judge(NOTICE, matter, "2026-09-05")) == []


class TestClosing:
    def test_a_call_never_published_cannot_be_closed(self) -> None:
        assert codes(judge(CLOSING, Matter())) == ["open_call.not_published"]

    def test_it_stays_open_through_its_last_day__order_713_art_15_1(self) -> None:
        unmet = only(judge(CLOSING, called(), "2026-10-08"))
        assert (unmet.code, unmet.earliest) == ("open_call.still_open", day("2026-10-09"))
        assert codes(judge(CLOSING, called(), "2026-10-09")) == []

    def test_a_closed_call_keeps_its_number_of_opinions(self) -> None:
        assert codes(judge(CLOSING, closed(), "2026-10-10")) == ["open_call.already_closed"]

    def test_a_text_changed_in_substance_is_published_again__order_713_art_15_1(self) -> None:
        matter = called().drafted("第二稿", "editorial", "2026-09-20")
        assert codes(judge(CLOSING, matter, "2026-10-09")) == []
        matter.drafted("第三稿", "substantive", "2026-09-21").drafted("第四稿", "editorial")
        unmet = only(judge(CLOSING, matter, "2026-10-09"))
        assert (unmet.code, unmet.params) == (
            "open_call.text_changed",
            {"published": 1, "current": 3},
        )

    def test_silence_needs_proof_that_the_channels_were_open(self) -> None:
        unmet = only(judge(CLOSING, called(), "2026-10-09", received=0))
        assert (unmet.code, law(unmet)) == (
            "open_call.zero_without_proof",
            ["order_713 15.1", "house_rules"],
        )
        found = judge(CLOSING, called(), "2026-10-09", received=0, channel_proof="测试记录")
        assert codes(found) == []


class TestThePlan:
    """A call is held where the participation plan names it, or the definition asks for one."""

    OPEN: Final = {**NO_STEP, "confidential_by_law": False}

    def matter(self, rules: Procedure) -> Matter:
        return Matter(answers=self.OPEN, rules=rules).drafted()

    def test_none_is_published_before_a_plan_names_it__order_713_art_14_2(self) -> None:
        matter = self.matter(national())
        unmet = only(judge(NOTICE, matter, "2026-09-05"))
        assert (unmet.code, unmet.earliest) == ("open_call.not_planned", day("2026-09-05"))
        assert unmet.cured_by == national().steps["participation"].first_act
        matter.did(PLAN, methods=["seminar"])
        assert codes(judge(NOTICE, matter, "2026-09-05")) == ["open_call.not_planned"]
        matter.did(PLAN)
        assert codes(judge(NOTICE, matter, "2026-09-05")) == []

    def test_while_there_is_no_plan_none_is_demanded__order_713_art_14_2(self) -> None:
        matter = self.matter(national())
        assert assess(STEP, matter).state is StepState.NOT_REQUIRED
        assert codes(assess("participation", matter)) == ["participation.plan_missing"]

    def test_a_plan_that_hears_people_otherwise_needs_none__order_713_art_14_2(self) -> None:
        matter = self.matter(national()).did(PLAN, methods=["seminar"])
        assert assess(STEP, matter).state is StepState.NOT_REQUIRED

    def test_a_plan_that_names_it_asks_for_its_days__order_713_art_15_1(self) -> None:
        matter = self.matter(national()).did(PLAN)
        assert codes(assess(STEP, matter)) == ["open_call.not_published"]
        assert earliest(STEP, matter, "2026-09-05") == ("2026-10-09", False)

    def test_a_call_once_published_is_gone_through_whatever_the_plan_says(self) -> None:
        matter = self.matter(national()).did(PLAN).did(NOTICE, "2026-09-05")
        matter.did(PLAN, "2026-09-06", methods=["seminar"])
        assert codes(assess(STEP, matter, "2026-09-07")) == ["open_call.still_open"]

    def test_the_zone_holds_one_in_any_case__order_713_art_15_1(self) -> None:
        matter = self.matter(procedure()).did(PLAN, methods=["seminar"])
        assert codes(assess(STEP, matter)) == ["open_call.not_published"]
        assert codes(judge(NOTICE, matter, "2026-09-05")) == ["open_call.not_planned"]

    def test_where_no_plan_is_asked_for_a_call_is_held(self) -> None:
        assert codes(assess(STEP, Matter(rules=national()))) == ["open_call.not_published"]


class TestStanding:
    def test_it_goes_from_notice_to_closing(self) -> None:
        matter = Matter().drafted()
        found = assess(STEP, matter)
        assert (found.state, codes(found)) == (StepState.PENDING, ["open_call.not_published"])
        matter.did(NOTICE, "2026-09-05")
        assert codes(assess(STEP, matter, "2026-10-08")) == ["open_call.still_open"]
        found = assess(STEP, matter, "2026-10-09")
        assert (found.state, codes(found)) == (StepState.IN_PROGRESS, ["open_call.not_closed"])
        matter.did(CLOSING, "2026-10-09")
        found = assess(STEP, matter, "2026-10-12")
        assert (found.state, found.on) == (StepState.SATISFIED, day("2026-10-09"))

    def test_a_text_changed_meanwhile_is_told_before_the_days_left(self) -> None:
        matter = called().drafted("第二稿", "substantive", "2026-09-20")
        assert codes(assess(STEP, matter, "2026-09-21")) == ["open_call.text_changed"]
        again = matter.did(NOTICE, "2026-09-21", closes_on="2026-10-30")
        assert codes(assess(STEP, again, "2026-09-22")) == ["open_call.still_open"]

    def test_a_text_changed_by_what_was_adopted_needs_no_new_call__order_713_art_18(self) -> None:
        matter = closed().drafted("第二稿", "substantive", "2026-10-10")
        assert assess(STEP, matter, "2026-10-10").state is StepState.SATISFIED

    def test_publishing_again_restarts_it__order_713_art_15_1(self) -> None:
        matter = closed().did(NOTICE, "2026-10-13", closes_on="2026-11-30")
        assert codes(assess(STEP, matter, "2026-10-14")) == ["open_call.still_open"]


class TestEarliest:
    def test_a_call_still_to_publish_takes_its_days(self) -> None:
        assert earliest(STEP, Matter(), "2026-09-05") == ("2026-10-09", False)

    def test_a_call_across_the_last_holiday_notice_is_provisional(self) -> None:
        assert earliest(STEP, Matter(), "2026-12-15")[1]

    def test_a_running_call_ends_the_day_after_its_last(self) -> None:
        assert earliest(STEP, called(), "2026-09-20") == ("2026-10-09", False)
        assert earliest(STEP, called(), "2026-11-02") == ("2026-11-02", False)

    def test_a_call_on_another_text_begins_anew(self) -> None:
        matter = called().drafted("第二稿", "substantive", "2026-09-20")
        assert earliest(STEP, matter, "2026-10-09") == ("2026-11-10", False)


def test_the_period_is_data_and_may_be_working_days() -> None:
    """Hunan counties count at least 20 working days: from 16 September to 20 October."""
    rules = with_rule(
        procedure(),
        STEP,
        "period",
        value=20,
        unit=replace(procedure().steps["legality_review"].rules["review_time"]).unit,
        counting="period_working_days",
    )
    unmet = only(judge(NOTICE, Matter(rules=rules).drafted(), "2026-09-16", closes_on="2026-10-14"))
    assert unmet.params["ends"] == date(2026, 10, 20)


def test_a_period_in_months_ends_on_the_corresponding_day__civil_code_art_202() -> None:
    """From 28 August a month ends on 28 September, a Monday."""
    rules = with_rule(procedure(), STEP, "period", value=1, unit=Unit.MONTHS)
    matter = Matter(rules=rules).drafted()
    unmet = only(judge(NOTICE, matter, "2026-08-28", closes_on="2026-09-27"))
    assert unmet.params["ends"] == date(2026, 9, 28)
    assert codes(judge(NOTICE, matter, "2026-08-28", closes_on="2026-09-28")) == []


class TestWhatPeopleSentIn:
    def test_nothing_is_taken_in_where_nothing_waits(self) -> None:
        assert codes(judge("take_in_opinions", called())) == ["open_call.nothing_waiting"]

    def test_a_call_does_not_close_over_what_was_sent_in__order_713_art_18(self) -> None:
        matter = called()
        matter.sent_in = ("a", "b", "a")
        found = judge(CLOSING, matter, "2026-10-09", received=3)
        assert codes(found) == ["open_call.not_taken_in"]
        assert only(found).params == {"count": 3}
        waiting = assess(STEP, matter, "2026-10-09").unmet
        assert [each.code for each in waiting] == ["open_call.not_taken_in", "open_call.not_closed"]
        matter.did("take_in_opinions", "2026-10-09").sent_in = ()
        few = judge(CLOSING, matter, "2026-10-09", received=1)
        assert codes(few) == ["open_call.fewer_than_taken_in"]
        closing = judge(CLOSING, matter, "2026-10-09", received=2)
        assert (codes(closing), closing.extra) == ([], {"submitted": 3})

    def test_what_is_left_over_keeps_a_closed_call_open(self) -> None:
        matter = closed()
        matter.sent_in = ("a",)
        found = assess(STEP, matter, "2026-10-10")
        assert (found.state, [each.code for each in found.unmet]) == (
            StepState.IN_PROGRESS,
            ["open_call.not_taken_in"],
        )
