"""听证: notice, list, papers in time, every side, in order, signed (Order 713 arts. 16, 17)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from pydantic import ValidationError

from procedures.kinds import KINDS
from tests.unit.builders import (
    Matter,
    assess,
    codes,
    day,
    earliest,
    judge,
    law,
    only,
    payload,
    procedure,
    unmets,
    with_step,
)
from workflow.definition import Procedure
from workflow.ports import StepState, Wait

STEP = "hearing"
NOTICE, LIST = "publish_hearing_notice", "publish_hearing_list"
PAPERS = "deliver_hearing_papers"
SESSION, RECORD = "hold_hearing", "sign_hearing_record"
PAPERS_RULE, HELD = "papers_before", "2026-10-12"
DRAFTED = Matter().drafted()


def announced(on: str = "2026-09-10", **changes: Any) -> Matter:
    return Matter().drafted().did(NOTICE, on, **changes)


def listed(on: str = "2026-09-10", **changes: Any) -> Matter:
    return announced(on, **changes).did(LIST, on)


def served(on: str = "2026-09-28") -> Matter:
    return listed().did(PAPERS, on, receipts=receipts(on))


def held() -> Matter:
    return served().did(SESSION, HELD)


def receipts(*days: str, of: tuple[str, ...] = ("居民代表", "企业代表")) -> list[dict[str, Any]]:
    """One receipt of each participant; the last of the days is that of all but the first."""
    served_on = (days[0], *(days[-1] for _ in of[1:]))
    return [{"participant": who, "delivered_on": on} for who, on in zip(of, served_on, strict=True)]


def person(
    name: str, category: str = "affected", side: str = "用户", **more: Any
) -> dict[str, Any]:
    given = {"participant": name, "category": category, "side": side, "serving_official": False}
    return {**given, **more}


BOTH = [person("居民代表"), person("企业代表", "operator", "经营者")]


def ruled(**rules: Any) -> Procedure:
    """The profile with rules of the hearing that other localities have."""
    step = procedure().steps[STEP]
    named = {
        name: replace(step.rules["sides"], **{"id": name, "value": None, **values})
        for name, values in rules.items()
    }
    return with_step(procedure(), STEP, rules={**step.rules, **named})


def with_list_before(days: int) -> Procedure:
    step = procedure().steps[STEP]
    period = replace(step.rules[PAPERS_RULE], id="list_before", value=days)
    return with_step(procedure(), STEP, rules={**step.rules, "list_before": period})


def under(rules: Procedure, matter: Matter) -> Matter:
    return replace(matter, rules=rules)


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

    @pytest.mark.parametrize("hour", [None, "9", "24:00", "上午九点", "09:60", "09:00:00"])
    def test_it_tells_the_hour__order_713_art_16_2(self, hour: str | None) -> None:
        with pytest.raises(ValidationError, match="begins_at"):
            payload(NOTICE, begins_at=hour)

    def test_one_side_alone_is_no_hearing__order_713_art_16_3(self) -> None:
        unmet = only(judge(NOTICE, DRAFTED, sides=["用户", "用户"]))
        assert (unmet.code, unmet.params) == ("hearing.too_few_sides", {"wanted": 2})
        assert law(unmet) == ["order_713 16.3"]


class TestList:
    def test_a_list_of_a_hearing_never_announced_is_refused(self) -> None:
        assert codes(judge(LIST, Matter())) == ["hearing.not_announced"]

    def test_every_side_is_on_it__order_713_art_16_3(self) -> None:
        assert codes(judge(LIST, announced(), "2026-09-20")) == []
        unmet = only(judge(LIST, announced(), "2026-09-20", participants=BOTH[:1]))
        assert (unmet.code, unmet.params) == ("hearing.side_missing", {"sides": ("经营者",)})
        assert law(unmet) == ["order_713 16.3"]

    def test_nobody_is_on_it_for_a_side_that_was_not_announced__order_713_art_16_3(self) -> None:
        listed = [*BOTH, person("厂商代表", "enterprise", "供应商")]
        unmet = only(judge(LIST, announced(), "2026-09-20", participants=listed))
        assert (unmet.code, law(unmet)) == ("hearing.side_not_announced", ["order_713 16.3"])
        assert unmet.params == {"sides": ("供应商",)}

    def test_nobody_is_on_it_twice__order_713_art_16_3(self) -> None:
        twice = [*BOTH, person("居民代表", side="经营者")]
        unmet = only(judge(LIST, announced(), "2026-09-20", participants=twice))
        assert (unmet.code, unmet.params) == (
            "hearing.listed_twice",
            {"participants": ("居民代表",)},
        )

    @pytest.mark.parametrize(
        ("name", "shown"),
        [
            ("居民代表 0391-6633123", True),
            ("居民代表139 0000 0000", True),
            ("居民代表41000019700101001X", True),
            ("居民代表 123456", False),
            ("3号楼12单元居民代表", False),
        ],
    )
    def test_it_shows_no_number_that_identifies__personal_information_art_34(
        self, name: str, shown: bool
    ) -> None:
        found = judge(LIST, announced(), "2026-09-20", participants=[person(name), BOTH[1]])
        assert codes(found) == (["hearing.number_shown"] if shown else [])
        for unmet in unmets(found):
            assert law(unmet) == ["order_713 16.3", "personal_information 34"]

    def test_after_the_last_day_for_papers_it_stands__order_713_art_16_3(self) -> None:
        assert codes(judge(LIST, served(), "2026-09-30")) == []
        unmet = only(judge(LIST, served(), "2026-10-01"))
        assert (unmet.code, law(unmet), unmet.params) == (
            "hearing.list_after_papers",
            ["order_713 16.3"],
            {"held_on": day(HELD), "latest": day("2026-09-30")},
        )
        assert unmet.earliest is not None
        assert unmet.earliest > day(HELD)

    def test_beyond_the_last_holiday_notice_its_last_day_is_provisional(self) -> None:
        unmet = only(judge(LIST, announced(held_on="2027-03-01"), "2027-02-26"))
        assert (unmet.code, unmet.provisional) == ("hearing.list_after_papers", True)

    def test_after_the_hearing_it_no_longer_changes(self) -> None:
        assert codes(judge(LIST, held(), "2026-10-13")) == ["hearing.held_already"]
        assert codes(judge(PAPERS, held(), "2026-10-13")) == ["hearing.held_already"]


class TestListOfLocalities:
    """Rules that national law leaves out and localities set (variants of law.md, section 2)."""

    def test_published_in_time_it_is_accepted_and_later_refused__variant_15_days(self) -> None:
        matter = under(with_list_before(15), announced(held_on="2026-10-28"))
        assert codes(judge(LIST, matter, "2026-10-12")) == []
        unmet = only(judge(LIST, matter, "2026-10-13"))
        assert (unmet.code, unmet.params) == (
            "hearing.list_too_late",
            {"held_on": day("2026-10-28"), "latest": day("2026-10-12")},
        )
        assert unmet.earliest == day("2026-10-29")

    def test_enough_people_are_on_it__variant_8_people(self) -> None:
        enough = under(ruled(participants={"value": 2}), announced())
        assert codes(judge(LIST, enough, "2026-09-20")) == []
        matter = under(ruled(participants={"value": 3}), announced())
        unmet = only(judge(LIST, matter, "2026-09-20"))
        assert (unmet.code, unmet.params) == (
            "hearing.too_few_participants",
            {"wanted": 3, "given": 2},
        )

    def test_some_have_their_share_of_it__variant_one_third(self) -> None:
        rules = ruled(share_of={"share": Fraction(2, 3), "choices": ("affected", "public")})
        matter = under(rules, announced())
        three = [*BOTH, person("市民代表", "public")]
        assert codes(judge(LIST, matter, "2026-09-20", participants=three)) == []
        unmet = only(judge(LIST, matter, "2026-09-20"))
        assert (unmet.code, unmet.params) == (
            "hearing.share_too_small",
            {"categories": ("affected", "public"), "wanted": "2/3", "given": 1, "everybody": 2},
        )

    def test_the_affected_outnumber_the_public__variant(self) -> None:
        rules = ruled(more_than={"choices": ("affected", "public")})
        matter = under(rules, announced())
        assert codes(judge(LIST, matter, "2026-09-20")) == []
        even = [*BOTH, person("市民代表", "public")]
        unmet = only(judge(LIST, matter, "2026-09-20", participants=even))
        assert (unmet.code, unmet.params) == (
            "hearing.not_more",
            {"categories": ("affected",), "others": ("public",)},
        )

    def test_serving_officials_represent_nobody__variant(self) -> None:
        matter = under(ruled(no_officials={}), announced())
        assert codes(judge(LIST, matter, "2026-09-20")) == []
        official = [BOTH[0], person("机关代表", "operator", "经营者", serving_official=True)]
        unmet = only(judge(LIST, matter, "2026-09-20", participants=official))
        assert (unmet.code, unmet.params) == (
            "hearing.official_listed",
            {"participants": ("机关代表",)},
        )

    @pytest.mark.parametrize(
        ("share", "refused"),
        [(Fraction(1, 2), []), (Fraction(2, 3), ["hearing.too_few_present"])],
    )
    def test_with_too_few_present_it_is_put_off__variant_two_thirds(
        self, share: Fraction, refused: list[str]
    ) -> None:
        rules = ruled(attendance={"share": share})
        four = [*BOTH, person("居民代表二"), person("居民代表三")]
        matter = under(rules, announced()).did(LIST, "2026-09-10", participants=four)
        matter.did(PAPERS, "2026-09-28", receipts=receipts("2026-09-28"))
        found = judge(SESSION, matter, HELD)
        assert codes(found) == refused
        for unmet in unmets(found):
            assert unmet.params == {"wanted": "2/3", "present": 2, "invited": 4}
            assert unmet.earliest == day("2026-10-23")


class TestPapers:
    def test_papers_for_a_hearing_never_announced_are_refused(self) -> None:
        assert codes(judge(PAPERS, Matter())) == ["hearing.not_announced"]

    def test_papers_without_a_list_are_refused__order_713_art_16_3(self) -> None:
        assert codes(judge(PAPERS, announced(), "2026-09-20")) == ["hearing.list_missing"]

    def test_seven_clear_days_before_the_holiday_are_in_time__order_713_art_16_3(self) -> None:
        found = judge(PAPERS, listed(), "2026-09-30", receipts=receipts("2026-09-30"))
        assert codes(found) == []

    def test_papers_five_days_before_are_refused__order_713_art_16_3(self) -> None:
        given = receipts("2026-09-28", "2026-10-07")
        unmet = only(judge(PAPERS, listed(), "2026-10-07", receipts=given))
        assert (unmet.code, law(unmet)) == ("hearing.papers_late", ["order_713 16.3"])
        assert unmet.params == {
            "participants": ("企业代表",),
            "delivered_on": day("2026-10-07"),
            "held_on": day(HELD),
            "latest": day("2026-09-30"),
        }
        assert (unmet.earliest, unmet.provisional) == (day("2026-10-19"), False)

    def test_beyond_the_last_holiday_notice_the_last_day_is_provisional(self) -> None:
        matter = listed(held_on="2027-03-01")
        unmet = only(judge(PAPERS, matter, "2027-02-26", receipts=receipts("2027-02-26")))
        assert (unmet.code, unmet.provisional) == ("hearing.papers_late", True)

    def test_a_receipt_dated_ahead_is_refused_once_for_each_day(self) -> None:
        found = judge(PAPERS, listed(), "2026-09-20", receipts=receipts("2026-09-25"))
        assert codes(found) == ["record.future_day"]

    def test_everybody_on_the_list_gets_the_papers__order_713_art_16_3(self) -> None:
        given = receipts("2026-09-20", of=("居民代表",))
        unmet = only(judge(PAPERS, listed(), "2026-09-20", receipts=given))
        assert (unmet.code, unmet.params) == ("hearing.left_out", {"participants": ("企业代表",)})

    def test_papers_delivered_before_the_notice_are_none_of_its_papers(self) -> None:
        given = receipts("2026-09-09", "2026-09-20")
        unmet = only(judge(PAPERS, listed(), "2026-09-20", receipts=given))
        assert (unmet.code, unmet.params) == (
            "hearing.papers_before_notice",
            {"participants": ("居民代表",)},
        )

    def test_papers_delivered_before_the_list_named_them_are_none__order_713_art_16_3(
        self,
    ) -> None:
        matter = announced().did(LIST, "2026-09-20")
        given = receipts("2026-09-19", "2026-09-20")
        unmet = only(judge(PAPERS, matter, "2026-09-21", receipts=given))
        assert (unmet.code, law(unmet), unmet.params) == (
            "hearing.papers_before_list",
            ["order_713 16.3", "personal_information 34"],
            {"participants": ("居民代表",)},
        )

    def test_a_list_changed_since_leaves_papers_good_for_whom_it_kept__order_713_art_16_3(
        self,
    ) -> None:
        changed = [BOTH[0], person("商户代表", "operator", "经营者")]
        matter = listed().did(LIST, "2026-09-20", participants=changed)
        of = ("居民代表", "商户代表")
        late = receipts("2026-09-12", "2026-09-20", of=of)
        assert codes(judge(PAPERS, matter, "2026-09-21", receipts=late)) == []
        unmet = only(judge(PAPERS, matter, "2026-09-21", receipts=receipts("2026-09-12", of=of)))
        assert unmet.params == {"participants": ("商户代表",)}

    def test_a_list_for_an_earlier_notice_names_nobody__order_713_art_16_3(self) -> None:
        matter = listed().did(NOTICE, "2026-09-12").did(LIST, "2026-09-15")
        given = receipts("2026-09-13", "2026-09-15")
        found = judge(PAPERS, matter, "2026-09-15", receipts=given)
        assert codes(found) == ["hearing.papers_before_list"]

    def test_nobody_else_is_served_in_their_place__order_713_art_16_3(self) -> None:
        given = receipts("2026-09-20", of=("居民代表", "企业代表", "旁听人"))
        unmet = only(judge(PAPERS, listed(), "2026-09-20", receipts=given))
        assert (unmet.code, unmet.params) == ("hearing.not_listed", {"participants": ("旁听人",)})


class TestSession:
    def test_a_session_never_announced_is_refused(self) -> None:
        assert codes(judge(SESSION, Matter(), HELD)) == ["hearing.not_announced"]

    def test_a_session_without_papers_served_is_refused__order_713_art_16_3(self) -> None:
        unmet = only(judge(SESSION, listed(), HELD))
        assert (unmet.code, law(unmet)) == ("hearing.papers_not_served", ["order_713 16.3"])

    def test_a_session_without_a_list_is_refused__order_713_art_16_3(self) -> None:
        assert codes(judge(SESSION, announced(), HELD)) == ["hearing.list_missing"]

    def test_who_is_not_on_the_list_takes_no_part__order_713_art_16_3(self) -> None:
        present = ["居民代表", "企业代表", "旁听人"]
        unmet = only(judge(SESSION, served(), HELD, present=present))
        assert (unmet.code, unmet.params) == ("hearing.not_listed", {"participants": ("旁听人",)})

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

    def test_who_was_not_there_does_not_sign__order_713_art_17(self) -> None:
        signed = [
            {"participant": who, "signed": True} for who in ("居民代表", "企业代表", "旁听人")
        ]
        unmet = only(judge(RECORD, held(), HELD, signatures=signed))
        assert (unmet.code, unmet.params) == ("hearing.not_present", {"participants": ("旁听人",)})

    @pytest.mark.parametrize("numbers", [(1, 1), (2, 3), (1, 3)])
    def test_its_opinions_are_numbered_one_by_one__order_713_art_18(
        self, numbers: tuple[int, ...]
    ) -> None:
        said = [{"number": each, "side": "用户", "opinion": "分档"} for each in numbers]
        unmet = only(judge(RECORD, held(), HELD, opinions=said))
        assert (unmet.code, unmet.params) == (
            "hearing.opinions_unnumbered",
            {"first": 1, "last": 2},
        )

    def test_those_of_another_hearing_go_on_from_the_last_number__order_713_art_18(self) -> None:
        matter = held().did(RECORD, HELD).did(NOTICE, "2026-10-14", held_on="2026-11-20")
        matter.did(LIST, "2026-10-14").did(PAPERS, "2026-10-15", receipts=receipts("2026-10-15"))
        matter.did(SESSION, "2026-11-20", held_on="2026-11-20")
        said = [{"number": 2, "side": "用户", "opinion": "分档"}]
        assert codes(judge(RECORD, matter, "2026-11-20", opinions=said)) == []
        unmet = only(judge(RECORD, matter, "2026-11-20"))
        assert (unmet.code, unmet.params) == (
            "hearing.opinions_unnumbered",
            {"first": 2, "last": 2},
        )

    def test_a_session_has_one_record_and_stands_with_it__order_713_art_17(self) -> None:
        matter = held().did(RECORD, HELD)
        for act in (RECORD, SESSION):
            unmet = only(judge(act, matter, HELD))
            assert (unmet.code, law(unmet)) == ("hearing.signed_already", ["order_713 17"])

    def test_its_opinions_come_from_the_sides_announced__order_713_art_17(self) -> None:
        said = [{"number": 1, "side": "旁听", "opinion": "分档"}]
        unmet = only(judge(RECORD, held(), HELD, opinions=said))
        assert (unmet.code, unmet.params) == ("hearing.opinion_of_no_side", {"sides": ("旁听",)})


class TestStanding:
    def test_it_goes_from_notice_to_papers_to_session_to_record(self) -> None:
        matter = Matter().drafted()
        found = assess(STEP, matter)
        assert (found.state, codes(found)) == (StepState.PENDING, ["hearing.not_announced"])
        assert law(only(found)) == ["order_713 16.1"]
        matter.did(NOTICE, "2026-09-10")
        found = assess(STEP, matter)
        assert codes(found) == [
            "hearing.list_missing",
            "hearing.papers_not_served",
            "hearing.not_held",
        ]
        matter.did(LIST, "2026-09-10")
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
        assert codes(found) == [
            "hearing.list_missing",
            "hearing.papers_not_served",
            "hearing.not_held",
        ]

    def test_a_new_list_is_served_anew__order_713_art_16_3(self) -> None:
        found = assess(STEP, served().did(LIST, "2026-09-29"), "2026-09-29")
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
        assert earliest(STEP, late, "2026-10-21") == ("2026-11-01", False)

    def test_after_that_it_has_to_be_announced_again(self) -> None:
        first, _ = earliest(STEP, announced(), "2026-10-09")
        assert first > HELD

    def test_with_papers_served_it_keeps_its_day(self) -> None:
        assert earliest(STEP, served(), "2026-10-09") == (HELD, False)

    def test_once_held_only_the_record_is_waited_for(self) -> None:
        assert earliest(STEP, held(), "2026-10-15") == ("2026-10-15", False)

    def test_a_list_that_is_due_in_time_counts_too__variant_15_days(self) -> None:
        matter = under(with_list_before(15), DRAFTED)
        assert earliest(STEP, matter, "2026-09-10") == ("2026-09-26", False)
        announced_ = under(with_list_before(15), announced())
        assert earliest(STEP, announced_, "2026-09-24") == (HELD, False)
        assert earliest(STEP, announced_, "2026-09-25") == ("2026-10-14", False)
        listed_ = under(with_list_before(15), listed())
        assert earliest(STEP, listed_, "2026-09-30") == (HELD, False)

    def test_every_milestone_is_a_wait_of_its_own(self) -> None:
        rules = with_list_before(15)
        step, start = rules.steps[STEP], day("2026-09-10")
        found = KINDS["hearing"].course(under(rules, DRAFTED).view(step, "2026-09-10"), start)
        assert found.waits == tuple(
            Wait(step.rules[rule], act, start, SESSION, day("2026-09-26"), backward=True)
            for rule, act in (
                ("notice_before", NOTICE),
                ("list_before", LIST),
                (PAPERS_RULE, PAPERS),
            )
        )
        found = KINDS["hearing"].course(under(rules, announced()).view(step, "2026-09-10"), start)
        assert [(wait.act, wait.since, wait.chosen) for wait in found.waits] == [
            (LIST, day("2026-09-24"), True),
            (PAPERS, day("2026-09-30"), True),
        ]

    @pytest.mark.parametrize("matter", [DRAFTED, announced(), listed(), served(), held()])
    def test_a_later_start_never_ends_sooner(self, matter: Matter) -> None:
        starts = [date.fromordinal(day("2026-09-10").toordinal() + each) for each in range(60)]
        ends = [earliest(STEP, matter, start.isoformat(), "2026-09-10")[0] for start in starts]
        assert ends == sorted(ends)

    @pytest.mark.parametrize("start", ["2026-09-10", "2026-09-19", "2026-09-29", "2026-10-05"])
    def test_no_sooner_day_could_be_announced(self, start: str) -> None:
        first, _ = earliest(STEP, DRAFTED, start)
        assert codes(judge(NOTICE, DRAFTED, start, held_on=first)) == []
        sooner = date.fromordinal(day(first).toordinal() - 1).isoformat()
        refused = judge(NOTICE, DRAFTED, start, held_on=sooner)
        assert codes(refused) == ["hearing.notice_too_late"]
