"""公众参与: a plan of the methods, and a report once they are through (Order 713 art. 14)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from procedures.kinds import KINDS
from tests.unit.builders import (
    CLERK,
    NO_STEP,
    TODAY,
    Matter,
    assess,
    codes,
    day,
    earliest,
    give,
    judge,
    law,
    only,
    procedure,
    with_rule,
)
from workflow.definition import Procedure
from workflow.ports import StepState

STEP = "participation"
PLAN, REPORT = "file_participation_plan", "file_participation_report"
OPEN: Final = {**NO_STEP, "confidential_by_law": False}


def national() -> Procedure:
    return procedure("order_713")


def matter(rules: Procedure | None = None, **answers: bool) -> Matter:
    """A matter on which the public is heard, with its text."""
    known = rules or procedure()
    return Matter(answers={**OPEN, **answers}, rules=known).did("file_research").drafted()


def called(told: Matter) -> Matter:
    """The same with its call published on 5 September and closed."""
    return told.did("publish_open_call", "2026-09-05").did("close_open_call", "2026-10-09")


def activity(method: str = "open_call", held_on: str = TODAY) -> dict[str, str]:
    return {"method": method, "held_on": held_on, "summary": "办理情况"}


class TestPlan:
    def test_it_names_known_methods__order_713_art_14_2(self) -> None:
        unmet = only(judge(PLAN, matter(), methods=["open_call", "rumour"]))
        assert (unmet.code, law(unmet)) == ("participation.method_unknown", ["order_713 14.2"])
        assert unmet.params["methods"] == ("rumour",)
        assert codes(judge(PLAN, matter(), methods=["open_call", "seminar"])) == []

    def test_one_method_named_twice_counts_once__order_713_art_14_2(self) -> None:
        told = matter(with_rule(procedure(), STEP, "methods", value=2))
        unmet = only(judge(PLAN, told, methods=["open_call", "open_call"]))
        assert (unmet.code, unmet.params) == ("participation.too_few_methods", {"wanted": 2})
        assert codes(judge(PLAN, told, methods=["open_call", "visit"])) == []

    def test_what_the_matter_must_have_is_in_it__order_713_art_16_1(self) -> None:
        told = matter(hearing_required_by_law=True)
        unmet = only(judge(PLAN, told, methods=["seminar"]))
        assert (unmet.code, set(unmet.params["methods"])) == (  # type: ignore[call-overload]
            "participation.method_owed",
            {"open_call", "hearing"},
        )
        assert codes(judge(PLAN, told, methods=["open_call", "hearing"])) == []

    def test_the_order_alone_leaves_the_methods_to_it__order_713_art_14_2(self) -> None:
        assert codes(judge(PLAN, matter(national()), methods=["seminar"])) == []

    def test_a_call_that_was_waived_is_not_owed__order_713_art_14_1(self) -> None:
        told = matter().did("rule_waiver")
        assert codes(judge(PLAN, told, methods=["seminar"])) == []

    def test_a_hearing_once_announced_is_not_planned_away__order_713_art_16(self) -> None:
        told = matter(national()).did(PLAN, methods=["seminar", "hearing"])
        told.did("publish_hearing_notice", held_on="2026-10-12")
        unmet = only(judge(PLAN, told, methods=["seminar"]))
        assert (unmet.code, unmet.params) == (
            "participation.method_owed",
            {"methods": ("hearing",)},
        )
        assert codes(judge(PLAN, told, methods=["seminar", "hearing"])) == []

    def test_a_call_that_is_closed_need_not_be_planned_again(self) -> None:
        assert codes(judge(PLAN, called(matter(national())), "2026-10-09", methods=["visit"])) == []

    def test_it_names_the_groups_where_their_interests_are_touched__order_713_art_14_3(
        self,
    ) -> None:
        told = matter(specific_groups=True)
        assert codes(judge(PLAN, told, groups=[])) == ["participation.groups_missing"]
        assert codes(judge(PLAN, told)) == []

    def test_it_may_be_filed_before_the_steps_that_it_plans(self) -> None:
        assert codes(give(PLAN, CLERK, matter())) == []
        assert "step.out_of_order" in codes(give(REPORT, CLERK, matter().did(PLAN)))

    def test_a_wrong_plan_can_be_put_right_today(self) -> None:
        unmet = only(give(PLAN, CLERK, matter(), "2026-09-05", methods=["open_call", "rumour"]))
        assert unmet.earliest == day("2026-09-05")


class TestReport:
    def test_without_a_plan_there_is_nothing_to_report__order_713_art_14_2(self) -> None:
        assert codes(judge(REPORT, matter())) == ["participation.plan_missing"]

    def test_every_method_of_the_plan_stands_in_it__order_713_art_14_2(self) -> None:
        told = matter(national()).did(PLAN, methods=["seminar", "letters"])
        unmet = only(judge(REPORT, told, activities=[activity("seminar")]))
        assert (unmet.code, unmet.params) == (
            "participation.method_not_reported",
            {"methods": ("letters",)},
        )
        both = [activity("seminar"), activity("letters")]
        assert codes(judge(REPORT, told, activities=both)) == []

    def test_it_waits_for_the_call_that_was_planned__order_713_art_14_2(self) -> None:
        told = matter().did(PLAN)
        unmet = only(judge(REPORT, told))
        assert (unmet.code, unmet.params) == (
            "participation.method_open",
            {"methods": ("open_call",)},
        )
        assert codes(judge(REPORT, called(told), "2026-10-09")) == []

    def test_a_call_that_was_waived_is_neither_awaited_nor_reported(self) -> None:
        told = matter().did(PLAN, methods=["open_call", "seminar"]).did("rule_waiver")
        assert codes(judge(REPORT, told, activities=[activity("seminar")])) == []

    def test_it_waits_for_a_hearing_that_nothing_but_the_plan_asks_for(self) -> None:
        told = matter(national()).did(PLAN, methods=["hearing"])
        given: dict[str, Any] = {"activities": [activity("hearing")]}
        assert codes(judge(REPORT, told, **given)) == ["participation.method_open"]

    def test_it_waits_for_a_hearing_that_was_announced_without_a_plan_for_it(self) -> None:
        told = matter(national()).did(PLAN, methods=["seminar"])
        told.did("publish_hearing_notice", held_on="2026-10-12")
        given: dict[str, Any] = {"activities": [activity("seminar")]}
        assert codes(judge(REPORT, told, **given)) == [
            "participation.method_not_reported",
            "participation.method_open",
        ]
        step = told.rules.steps[STEP]
        assert KINDS[STEP].demands(told.view(step)) == ("hearing",)

    def test_it_tells_of_nothing_that_lies_ahead(self) -> None:
        told = called(matter().did(PLAN))
        ahead = [activity(held_on="2026-10-10"), activity(held_on="2026-10-11")]
        found = judge(REPORT, told, "2026-10-09", done_on="2026-10-11", activities=ahead)
        assert codes(found) == ["record.future_day"] * 2


class TestStanding:
    def test_it_goes_from_plan_to_methods_to_report__order_713_art_14(self) -> None:
        told = matter()
        found = assess(STEP, told)
        assert (found.state, codes(found)) == (StepState.PENDING, ["participation.plan_missing"])
        assert only(found).earliest == day(TODAY)
        told.did(PLAN)
        assert codes(assess(STEP, told)) == [
            "participation.method_open",
            "participation.report_missing",
        ]
        called(told)
        assert codes(assess(STEP, told, "2026-10-09")) == ["participation.report_missing"]
        told.did(REPORT, "2026-10-10")
        found = assess(STEP, told, "2026-10-10")
        assert (found.state, found.on) == (StepState.SATISFIED, day("2026-10-10"))

    def test_another_plan_or_another_call_asks_for_another_report(self) -> None:
        told = called(matter().did(PLAN)).did(REPORT, "2026-10-09")
        again = replace(told).did(PLAN, "2026-10-10")
        assert codes(assess(STEP, again, "2026-10-10")) == ["participation.report_missing"]
        called(told)
        assert codes(assess(STEP, told, "2026-10-10")) == ["participation.report_missing"]


class TestEarliest:
    def test_it_takes_no_time_of_its_own(self) -> None:
        told = matter(national())
        assert earliest(STEP, told, "2026-09-05") == ("2026-09-05", False)
        told.did(PLAN, methods=["open_call", "hearing"])
        assert earliest(STEP, told, "2026-09-05") == ("2026-09-05", False)

    def test_it_demands_the_planned_methods_that_are_open(self) -> None:
        told = matter(national())
        step = told.rules.steps[STEP]
        assert KINDS["participation"].demands(told.view(step)) == ()
        told.did(PLAN, methods=["seminar", "open_call", "hearing"])
        assert KINDS["participation"].demands(told.view(step)) == ("open_call", "hearing")
        called(told)
        assert KINDS["participation"].demands(told.view(step, "2026-10-09")) == ("hearing",)
