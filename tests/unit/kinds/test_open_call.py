"""公开征求意见: at least 30 days, every opinion accounted for (Order 713 arts. 15 and 18)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tests.unit.builders import (
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
from workflow.definition import Floor
from workflow.ports import StepState

STEP = "open_call"
NOTICE, CLOSING, TABLE = "publish_open_call", "close_open_call", "adopt_opinions"


def called(on: str = "2026-09-05") -> Matter:
    """A call published on 5 September: 30 days end on National Day's 5 October, so on 8 October."""
    return Matter().drafted().did(NOTICE, on)


def closed(received: int = 2) -> Matter:
    return called().did(CLOSING, "2026-10-09", received=received, channel_proof="截图")


def opinion(number: int, disposition: str = "adopted", **reason: str) -> dict[str, Any]:
    return {"number": number, "summary": "意见", "disposition": disposition, **reason}


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
            Matter().drafted(),
            "2026-09-05",
            closes_on="2026-09-05",
            reason_for_shortening="紧急",
        )
        assert codes(found) == []

    def test_a_call_that_closes_before_it_opens_is_refused(self) -> None:
        found = judge(
            NOTICE,
            Matter().drafted(),
            "2026-09-05",
            closes_on="2026-09-04",
            reason_for_shortening="紧急",
        )
        assert codes(found) == ["open_call.closes_in_the_past"]

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


class TestAdoption:
    def test_a_table_before_the_closing_is_refused(self) -> None:
        assert codes(judge(TABLE, called())) == ["open_call.not_closed"]
        assert codes(judge(TABLE, Matter())) == ["open_call.not_closed"]

    def test_every_opinion_stands_in_the_table__order_713_art_18(self) -> None:
        unmet = only(judge(TABLE, closed(3), opinions=[opinion(1), opinion(3)]))
        assert (unmet.code, law(unmet)) == ("open_call.opinions_missing", ["order_713 18"])
        assert unmet.params == {"received": 3, "listed": 2}

    @pytest.mark.parametrize("number", [0, 3])
    def test_a_number_that_no_opinion_has_does_not_either(self, number: int) -> None:
        found = judge(TABLE, closed(2), opinions=[opinion(1), opinion(number)])
        assert codes(found) == ["open_call.opinions_missing"]

    def test_an_opinion_listed_twice_does_not_stand_for_another(self) -> None:
        found = judge(TABLE, closed(2), opinions=[opinion(1), opinion(1)])
        assert codes(found) == ["open_call.opinions_missing"]

    @pytest.mark.parametrize("disposition", ["partly_adopted", "not_adopted"])
    def test_what_is_turned_down_has_its_reason__order_713_art_18(self, disposition: str) -> None:
        unmet = only(judge(TABLE, closed(1), opinions=[opinion(1, disposition)]))
        assert (unmet.code, unmet.params) == ("open_call.reason_missing", {"numbers": (1,)})
        given = [opinion(1, disposition, reason="与上位法不符")]
        assert codes(judge(TABLE, closed(1), opinions=given)) == []

    def test_no_opinions_make_an_empty_table(self) -> None:
        assert codes(judge(TABLE, closed(0), opinions=[])) == []


class TestStanding:
    def test_it_goes_from_notice_to_closing_to_table(self) -> None:
        matter = Matter().drafted()
        found = assess(STEP, matter)
        assert (found.state, codes(found)) == (StepState.PENDING, ["open_call.not_published"])
        matter.did(NOTICE, "2026-09-05")
        assert codes(assess(STEP, matter, "2026-10-08")) == ["open_call.still_open"]
        found = assess(STEP, matter, "2026-10-09")
        assert (found.state, codes(found)) == (StepState.IN_PROGRESS, ["open_call.not_closed"])
        matter.did(CLOSING, "2026-10-09")
        assert codes(assess(STEP, matter, "2026-10-09")) == ["open_call.not_adopted"]
        matter.did(TABLE, "2026-10-12")
        found = assess(STEP, matter, "2026-10-12")
        assert (found.state, found.on) == (StepState.SATISFIED, day("2026-10-12"))

    def test_a_text_changed_meanwhile_is_told_before_the_days_left(self) -> None:
        matter = called().drafted("第二稿", "substantive", "2026-09-20")
        assert codes(assess(STEP, matter, "2026-09-21")) == ["open_call.text_changed"]
        again = matter.did(NOTICE, "2026-09-21", closes_on="2026-10-30")
        assert codes(assess(STEP, again, "2026-09-22")) == ["open_call.still_open"]

    def test_a_text_changed_by_what_was_adopted_needs_no_new_call__order_713_art_18(self) -> None:
        matter = closed().drafted("第二稿", "substantive", "2026-10-10")
        assert codes(assess(STEP, matter, "2026-10-10")) == ["open_call.not_adopted"]

    def test_publishing_again_restarts_it(self) -> None:
        matter = closed().did(TABLE, "2026-10-12").did(NOTICE, "2026-10-13", closes_on="2026-11-30")
        assert codes(assess(STEP, matter, "2026-10-14")) == ["open_call.still_open"]
        assert codes(judge(TABLE, matter, "2026-10-14")) == ["open_call.not_closed"]


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

    def test_a_closed_call_only_waits_for_its_table(self) -> None:
        assert earliest(STEP, closed(), "2026-10-10") == ("2026-10-10", False)


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
