"""听证: notice, papers in time, every side, in order, signed (Order 713 arts. 16 and 17)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.builders import Matter, assess, codes, day, earliest, judge, law, only, unmets
from workflow.ports import StepState

STEP = "hearing"
NOTICE, PAPERS = "publish_hearing_notice", "deliver_hearing_papers"
SESSION, RECORD = "hold_hearing", "sign_hearing_record"
HELD = "2026-10-12"
DRAFTED = Matter().drafted()


def announced(on: str = "2026-09-10", **changes: Any) -> Matter:
    return Matter().drafted().did(NOTICE, on, **changes)


def served(on: str = "2026-09-28") -> Matter:
    return announced().did(PAPERS, on, receipts=receipts(on))


def held() -> Matter:
    return served().did(SESSION, HELD)


def receipts(*days: str, sides: tuple[str, ...] = ("用户", "经营者")) -> list[dict[str, Any]]:
    """One receipt of each side; the second of the days, if given, is the second side's."""
    return [
        {"participant": who, "side": side, "delivered_on": on}
        for who, side, on in zip(("居民代表", "企业代表"), sides, (days[0], days[-1]), strict=False)
    ]


class TestNotice:
    def test_ten_clear_days_before_it_is_in_time__profile(self) -> None:
        """Ten clear days before 12 October lead into the holiday and roll back to 30 September."""
        assert codes(judge(NOTICE, DRAFTED, "2026-09-30", held_on=HELD)) == []

    def test_after_the_last_day_it_is_refused__order_713_art_16_2(self) -> None:
        unmet = only(judge(NOTICE, DRAFTED, "2026-10-01", held_on=HELD))
        assert (unmet.code, law(unmet)) == (
            "hearing.notice_too_late",
            ["order_713 16.2", "jiyuan_report_2022"],
        )
        assert unmet.params == {"held_on": day(HELD), "latest": day("2026-09-30")}

    def test_without_a_text_there_is_nothing_to_hear__order_713_art_16_2(self) -> None:
        assert codes(judge(NOTICE, Matter(), "2026-09-10")) == ["hearing.no_draft"]

    def test_a_hearing_in_the_past_cannot_be_announced(self) -> None:
        found = judge(NOTICE, DRAFTED, held_on="2026-08-31")
        assert codes(found) == ["hearing.notice_too_late"]

    def test_one_side_alone_is_no_hearing__order_713_art_16_3(self) -> None:
        unmet = only(judge(NOTICE, DRAFTED, sides=["用户", "用户"]))
        assert (unmet.code, unmet.params) == ("hearing.too_few_sides", {"wanted": 2})
        assert law(unmet) == ["order_713 16.3"]


class TestPapers:
    def test_papers_for_a_hearing_never_announced_are_refused(self) -> None:
        assert codes(judge(PAPERS, Matter())) == ["hearing.not_announced"]

    def test_seven_clear_days_before_the_holiday_are_in_time__order_713_art_16_3(self) -> None:
        found = judge(PAPERS, announced(), "2026-09-30", receipts=receipts("2026-09-30"))
        assert codes(found) == []

    def test_papers_five_days_before_are_refused__order_713_art_16_3(self) -> None:
        given = receipts("2026-09-28", "2026-10-07")
        unmet = only(judge(PAPERS, announced(), "2026-10-07", receipts=given))
        assert (unmet.code, law(unmet)) == ("hearing.papers_late", ["order_713 16.3"])
        assert unmet.params == {
            "participants": ("企业代表",),
            "delivered_on": day("2026-10-07"),
            "held_on": day(HELD),
            "latest": day("2026-09-30"),
        }
        assert (unmet.earliest, unmet.provisional) == (day("2026-10-19"), False)

    def test_beyond_the_last_holiday_notice_the_last_day_is_provisional(self) -> None:
        matter = announced(held_on="2027-03-01")
        unmet = only(judge(PAPERS, matter, "2027-02-26", receipts=receipts("2027-02-26")))
        assert (unmet.code, unmet.provisional) == ("hearing.papers_late", True)

    def test_a_receipt_dated_ahead_is_refused_once_for_each_day(self) -> None:
        found = judge(PAPERS, announced(), "2026-09-20", receipts=receipts("2026-09-25"))
        assert codes(found) == ["record.future_day"]

    def test_every_side_gets_the_papers__order_713_art_16_3(self) -> None:
        given = receipts("2026-09-20", sides=("用户",))
        unmet = only(judge(PAPERS, announced(), "2026-09-20", receipts=given))
        assert (unmet.code, unmet.params) == ("hearing.side_missing", {"sides": ("经营者",)})

    def test_papers_delivered_before_the_notice_are_none_of_its_papers(self) -> None:
        given = receipts("2026-09-09", "2026-09-20")
        unmet = only(judge(PAPERS, announced(), "2026-09-20", receipts=given))
        assert (unmet.code, unmet.params) == (
            "hearing.papers_before_notice",
            {"participants": ("居民代表",)},
        )

    def test_nobody_takes_part_on_two_sides__order_713_art_16_3(self) -> None:
        given = receipts("2026-09-20")
        given[1]["participant"] = given[0]["participant"]
        unmet = only(judge(PAPERS, announced(), "2026-09-20", receipts=given))
        assert (unmet.code, unmet.params) == (
            "hearing.on_two_sides",
            {"participants": ("居民代表",)},
        )


class TestSession:
    def test_a_session_never_announced_is_refused(self) -> None:
        assert codes(judge(SESSION, Matter(), HELD)) == ["hearing.not_announced"]

    def test_a_session_without_papers_served_is_refused__order_713_art_16_3(self) -> None:
        unmet = only(judge(SESSION, announced(), HELD))
        assert (unmet.code, law(unmet)) == ("hearing.papers_not_served", ["order_713 16.3"])

    def test_a_session_as_announced_and_in_order_is_accepted__order_713_art_17(self) -> None:
        assert codes(judge(SESSION, served(), HELD)) == []

    def test_a_session_on_another_day_is_refused(self) -> None:
        unmet = only(judge(SESSION, served(), "2026-10-14", held_on="2026-10-13"))
        assert (unmet.code, unmet.params) == (
            "hearing.other_day",
            {"held_on": day("2026-10-13"), "announced": day(HELD)},
        )

    def test_a_session_still_to_come_is_refused(self) -> None:
        assert codes(judge(SESSION, served(), "2026-10-11")) == ["record.future_day"]

    def test_the_chair_does_not_keep_the_record__order_713_art_17(self) -> None:
        unmet = only(judge(SESSION, served(), HELD, recorder="法制办公室"))
        assert (unmet.code, law(unmet)) == ("hearing.chair_records", ["order_713 17"])

    @pytest.mark.parametrize(
        "order",
        [
            ["presentation", "statements", "questions", "confirmation"],
            ["presentation", "questions", "statements", "debate", "confirmation"],
            [],
        ],
    )
    def test_a_part_left_out_or_exchanged_is_refused__order_713_art_17(
        self, order: list[str]
    ) -> None:
        unmet = only(judge(SESSION, served(), HELD, order=order))
        assert (unmet.code, law(unmet)) == ("hearing.order", ["order_713 17"])

    def test_more_than_the_order_demands_may_be_done(self) -> None:
        order = ["opening", "presentation", "statements", "questions", "debate", "confirmation"]
        assert codes(judge(SESSION, served(), HELD, order=order)) == []

    def test_a_side_that_did_not_come_is_missing__order_713_art_16_3(self) -> None:
        unmet = only(judge(SESSION, served(), HELD, present=["居民代表"]))
        assert (unmet.code, unmet.params) == ("hearing.side_missing", {"sides": ("经营者",)})


class TestRecord:
    def test_no_record_of_a_hearing_not_held(self) -> None:
        assert codes(judge(RECORD, served(), HELD)) == ["hearing.not_held"]

    def test_signed_or_refused_with_a_note_is_settled__order_713_art_17(self) -> None:
        assert codes(judge(RECORD, held(), HELD)) == []

    def test_who_was_there_and_neither_signed_nor_refused_is_missing__order_713_art_17(
        self,
    ) -> None:
        signatures = [{"participant": "居民代表", "signed": False}]
        unmet = only(judge(RECORD, held(), HELD, signatures=signatures))
        assert (unmet.code, law(unmet)) == ("hearing.unsigned", ["order_713 17"])
        assert unmet.params == {"participants": ("居民代表", "企业代表")}


class TestStanding:
    def test_it_goes_from_notice_to_papers_to_session_to_record(self) -> None:
        matter = Matter().drafted()
        found = assess(STEP, matter)
        assert (found.state, codes(found)) == (StepState.PENDING, ["hearing.not_announced"])
        assert law(only(found)) == ["order_713 16.1"]
        matter.did(NOTICE, "2026-09-10")
        found = assess(STEP, matter)
        assert codes(found) == ["hearing.papers_not_served", "hearing.not_held"]
        assert unmets(found)[0].params == {"latest": day("2026-09-30")}
        matter.did(PAPERS, "2026-09-28", receipts=receipts("2026-09-28"))
        assert codes(assess(STEP, matter)) == ["hearing.not_held"]
        matter.did(SESSION, HELD)
        assert codes(assess(STEP, matter)) == ["hearing.record_missing"]
        matter.did(RECORD, "2026-10-13")
        found = assess(STEP, matter)
        assert (found.state, found.on) == (StepState.SATISFIED, day("2026-10-13"))

    def test_announcing_again_begins_it_anew(self) -> None:
        matter = held().did(RECORD, HELD).did(NOTICE, "2026-10-14", held_on="2026-11-20")
        found = assess(STEP, matter, "2026-10-15")
        assert codes(found) == ["hearing.papers_not_served", "hearing.not_held"]


class TestEarliest:
    def test_a_hearing_still_to_announce_waits_for_notice_and_papers(self) -> None:
        first, provisional = earliest(STEP, Matter(), "2026-09-10")
        assert (first, provisional) == ("2026-09-21", False)
        assert codes(judge(NOTICE, DRAFTED, "2026-09-10", held_on=first)) == []

    def test_it_steps_over_days_for_which_the_notice_would_roll_back_too_far(self) -> None:
        """A notice of 2 October is as late as one of 8 October, the first day after the holiday."""
        assert earliest(STEP, Matter(), "2026-10-02") == ("2026-10-19", False)
        assert codes(judge(NOTICE, DRAFTED, "2026-10-02", held_on="2026-10-19")) == []
        refused = judge(NOTICE, DRAFTED, "2026-10-02", held_on="2026-10-18")
        assert codes(refused) == ["hearing.notice_too_late"]

    def test_an_announced_hearing_keeps_its_day_while_papers_can_be_in_time(self) -> None:
        assert earliest(STEP, announced(), "2026-09-30") == (HELD, False)

    def test_even_on_the_last_day_for_its_papers(self) -> None:
        late = announced(held_on="2026-10-28")
        assert earliest(STEP, late, "2026-10-20") == ("2026-10-28", False)
        assert earliest(STEP, late, "2026-10-21") == ("2026-11-02", False)

    def test_after_that_it_has_to_be_announced_again(self) -> None:
        first, _ = earliest(STEP, announced(), "2026-10-09")
        assert first > HELD

    def test_with_papers_served_it_keeps_its_day(self) -> None:
        assert earliest(STEP, served(), "2026-10-09") == (HELD, False)

    def test_once_held_only_the_record_is_waited_for(self) -> None:
        assert earliest(STEP, held(), "2026-10-15") == ("2026-10-15", False)
