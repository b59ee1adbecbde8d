"""执行、中止、终止和调整: Order 713 arts. 34, 35 and 37."""

from __future__ import annotations

from typing import Any

import pytest

from procedures.kinds import KINDS
from tests.unit.builders import (
    CLERK,
    DIRECTOR,
    HEAD,
    Matter,
    assess,
    codes,
    day,
    directory,
    judge,
    last_day,
    law,
    lens,
    only,
    payload,
    procedure,
    ready,
)
from workflow.definition import Relation
from workflow.facts import Linked
from workflow.ports import StepState

STEP = "execution"
LATER = {"assign_execution": {"due_on": "2027-06-30"}}


def assigned(*units: str) -> Matter:
    return ready().did("assign_execution", by=DIRECTOR, units=list(units) or ["finance"])


def changed_by(*, adjusts: str = "2026-1", issued: bool = True) -> Matter:
    matter = assigned()
    linked = Linked("2026-2", "调整", "issued", adjusts, issued)
    matter.linked = {"2026-2": linked}
    matter.changes = (linked,) if adjusts == "2026-1" else ()
    return matter


def both() -> Matter:
    return assigned("planning_construction", "finance")


def test_somebody_is_charged_with_it__order_713_art_34() -> None:
    found = assess(STEP, ready())
    assert (found.state, codes(found)) == (StepState.PENDING, ["execution.not_assigned"])
    assert law(only(found)) == ["order_713 34"]


def test_it_is_open_until_it_is_done__order_713_art_34() -> None:
    found = assess(STEP, assigned())
    assert (found.state, codes(found)) == (StepState.IN_PROGRESS, ["execution.not_completed"])
    assert only(found).params["due_on"] == day("2026-12-31")
    done = assigned().did("complete_execution", by="finance.head")
    assert assess(STEP, done).state is StepState.SATISFIED


def test_it_is_done_when_every_unit_has_said_so__order_713_art_34() -> None:
    assert judge("complete_execution", both(), by=HEAD).outcome == "in_part"
    half = both().did("complete_execution", by=HEAD)
    assert only(assess(STEP, half)).params["waiting"] == 1
    assert judge("complete_execution", half, by=HEAD).outcome == "in_part"
    assert judge("complete_execution", half, by="finance.head").outcome == ""
    half.did("complete_execution", by="finance.head")
    assert assess(STEP, half).state is StepState.SATISFIED
    assert codes(assess(STEP, half.did("assign_execution"))) == ["execution.not_completed"]


def test_it_is_given_to_units_that_can_report_it_done__order_713_art_34() -> None:
    found = judge("assign_execution", ready(), units=["finance", "expert_pool"])
    assert codes(found) == ["execution.unit_unstaffed"]
    assert only(found).params["units"] == (directory().units["expert_pool"].name,)


def test_who_comes_late_says_why__order_713_art_34() -> None:
    late: dict[str, Any] = {"on": "2027-01-04", "by": "finance.head", "done_on": "2027-01-04"}
    for unsaid in (None, "无"):
        found = judge("complete_execution", assigned(), **late, reason_for_delay=unsaid)
        assert codes(found) == ["execution.late_without_reason"]
        assert law(only(found)) == ["order_713 34"]
    told = judge("complete_execution", assigned(), **late, reason_for_delay="设备到货较晚")
    assert (codes(told), told.extra) == ([], {"overdue": "due"})
    late["done_on"] = "2026-12-30"
    in_time = judge("complete_execution", assigned(), **late, reason_for_delay="登记晚了")
    assert (codes(in_time), in_time.extra) == ([], {})


def test_nothing_is_done_before_it_was_given_to_the_unit() -> None:
    matter = ready().did("assign_execution", "2026-09-04", units=["finance"])
    matter.did("assign_execution", "2026-09-10", units=["planning_construction"])
    found = judge("complete_execution", matter, "2026-09-15", by=HEAD, done_on="2026-09-09")
    assert codes(found) == ["record.past_day"]
    assert only(found).params["since"] == day("2026-09-10")
    found = judge("inspect_execution", matter, "2026-09-15", done_on="2026-09-03")
    assert codes(found) == ["record.past_day"]
    found = judge("record_feedback", ready(), received_on="2026-08-31")
    assert codes(found) == ["record.past_day"]


class TestProgress:
    """A locality may ask for reports at an interval (Shenyang type, test values)."""

    def matter(self) -> Matter:
        return ready(rules=procedure("shenyang_type")).did(
            "assign_execution", units=["planning_construction", "finance"]
        )

    def test_without_an_interval_a_report_is_never_late(self) -> None:
        assert judge("report_progress", assigned(), "2027-12-31").extra == {}
        assert judge("report_progress", ready(rules=procedure("shenyang_type"))).extra == {}

    def test_each_unit_reports_within_it__shenyang_type(self) -> None:
        first = self.matter().did("report_progress", "2026-11-30")
        assert judge("report_progress", first, "2026-12-02").extra == {}
        late = judge("report_progress", first, "2026-12-02", by="finance.head")
        assert codes(late) == ["execution.late_without_reason"]
        told = judge(
            "report_progress",
            first,
            "2026-12-02",
            by="finance.head",
            reason_for_delay="年终决算",
        )
        assert (codes(told), told.extra) == ([], {"overdue": "progress"})

    def test_who_is_silent_is_told__shenyang_type(self) -> None:
        found = assess(STEP, self.matter(), "2026-12-02")
        assert codes(found) == ["execution.not_completed", "execution.progress_owed"]
        assert found.unmet[1].params == {"due": day("2026-12-01"), "silent": 2}
        assert codes(assess(STEP, self.matter())) == ["execution.not_completed"]

    def test_a_suspension_counts_for_nothing__shenyang_type(self) -> None:
        matter = self.matter().did("resume_execution", "2026-11-30")
        assert judge("report_progress", matter, "2026-12-02").extra == {}


def test_a_suspension_is_no_end__order_713_art_37() -> None:
    halted = assigned().did("report_problem").did("suspend_execution", by=DIRECTOR)
    found = only(assess(STEP, halted))
    assert (found.code, found.act) == ("execution.suspended", "resume_execution")
    assert last_day(STEP, halted) is None
    resumed = halted.did("resume_execution", by=DIRECTOR)
    assert codes(assess(STEP, resumed)) == ["execution.not_completed"]
    assert last_day(STEP, resumed) == day("2026-12-31")
    assert last_day(STEP, ready()) is None


def test_it_is_given_to_units_that_there_are_and_for_a_day_to_come__order_713_art_34() -> None:
    found = judge("assign_execution", ready(), units=["night_watch"], due_on="2026-08-31")
    assert codes(found) == ["execution.unit_unknown", "execution.due_day_past"]
    assert codes(judge("assign_execution", ready(), due_on="2026-09-01")) == []


def test_who_carries_it_out_is_as_last_assigned__order_713_art_34() -> None:
    units = directory().units_of
    assert units(Relation.EXECUTING_UNIT, None) == frozenset()
    assert units(Relation.EXECUTING_UNIT, ready().facts) == frozenset()
    twice = assigned("finance").did("assign_execution", units=["environment_safety"])
    assert units(Relation.EXECUTING_UNIT, twice.facts) == {"environment_safety"}


@pytest.mark.parametrize(
    ("command", "key"),
    [
        ("complete_execution", "done_on"),
        ("inspect_execution", "done_on"),
        ("record_feedback", "received_on"),
    ],
)
def test_nothing_is_dated_ahead(command: str, key: str) -> None:
    assert codes(judge(command, assigned(), **{key: "2026-09-02"})) == ["record.future_day"]
    assert codes(judge(command, assigned())) == []


@pytest.mark.parametrize("command", ["report_progress", "report_problem", "resume_execution"])
def test_a_report_says_all(command: str) -> None:
    assert codes(judge(command, assigned())) == []


def test_it_is_suspended_upon_a_report_and_not_otherwise__order_713_art_37() -> None:
    found = judge("suspend_execution", assigned())
    assert codes(found) == ["execution.nothing_reported"]
    assert law(only(found)) == ["order_713 35.1", "order_713 37"]
    reported = assigned().did("report_problem", by=CLERK)
    assert codes(judge("suspend_execution", reported)) == []


def test_once_resumed_it_takes_another_report__order_713_art_37() -> None:
    resumed = assigned().did("report_problem").did("suspend_execution").did("resume_execution")
    assert codes(judge("suspend_execution", resumed)) == ["execution.nothing_reported"]
    assert codes(judge("suspend_execution", resumed.did("report_problem"))) == []


@pytest.mark.parametrize("command", ["terminate_execution", "record_adjustment"])
class TestAnotherDecision:
    """Nothing is changed or ended but by a decision that ran its course (art. 37)."""

    def test_it_was_proposed_to_change_this_one__order_713_art_37(self, command: str) -> None:
        found = judge(command, assigned())
        assert codes(found) == ["execution.not_about_this"]
        assert codes(judge(command, changed_by(adjusts="2026-9"))) == ["execution.not_about_this"]

    def test_it_is_issued__order_713_art_37(self, command: str) -> None:
        found = judge(command, changed_by(issued=False))
        assert codes(found) == ["execution.not_issued_yet"]

    def test_then_it_ends_the_execution__order_713_art_37(self, command: str) -> None:
        matter = changed_by()
        assert codes(judge(command, matter)) == []
        assert assess(STEP, matter.did(command)).state is StepState.SATISFIED

    def test_should_its_number_be_voided_it_is_open_again__order_713_art_37(
        self, command: str
    ) -> None:
        matter = changed_by().did(command)
        matter.changes = ()
        assert codes(assess(STEP, matter)) == ["execution.not_issued_yet"]

    def test_what_it_changed_is_not_carried_out_as_before__order_713_art_37(
        self, command: str
    ) -> None:
        for act in (
            "assign_execution",
            "complete_execution",
            "report_progress",
            "resume_execution",
        ):
            found = judge(act, changed_by(), by="finance.head")
            assert codes(found) == ["execution.superseded"]
            assert law(only(found)) == ["order_713 37"]
        owed = only(assess(STEP, changed_by()))
        assert (owed.code, owed.act) == ("execution.superseded", "record_adjustment")
        assert codes(judge("report_problem", changed_by())) == []
        assert codes(judge(command, changed_by())) == []

    def test_it_names_the_matter_that_decides__order_713_art_37(self, command: str) -> None:
        assert payload(command).named_matters() == ("2026-2",)


class TestAnotherDay:
    def late(self, **more: Any) -> list[str]:
        again = {"units": ["finance"], "due_on": "2027-06-30", **more}
        return codes(judge("assign_execution", assigned(), "2027-01-04", DIRECTOR, **again))

    def test_after_the_last_one_is_late_all_the_same__order_713_art_34(self) -> None:
        assert self.late() == ["execution.late_without_reason"]
        assert self.late(reason_for_delay="无") == ["execution.late_without_reason"]
        assert self.late(reason_for_delay="管网迁改滞后") == []
        again = {"due_on": "2027-06-30", "reason_for_delay": "管网迁改滞后"}
        found = judge("assign_execution", assigned(), "2027-01-04", DIRECTOR, **again)
        assert found.extra == {"overdue": "due"}

    def test_in_time_owes_no_reason__order_713_art_34(self) -> None:
        found = judge("assign_execution", assigned(), "2026-12-31", DIRECTOR)
        assert (codes(found), found.extra) == ([], {})

    def test_is_none_once_it_was_done__order_713_art_34(self) -> None:
        done = assigned().did("complete_execution", by="finance.head")
        found = judge("assign_execution", done, "2027-01-04", DIRECTOR, due_on="2027-06-30")
        assert codes(found) == []


def test_what_has_run_out_is_not_begun_any_more__order_713_art_37() -> None:
    matter = ready().did("issue", by="office.keeper", expires_on="2026-12-31")
    for act in ("assign_execution", "resume_execution"):
        assert codes(judge(act, matter, "2026-12-31", DIRECTOR)) == []
        unmet = only(judge(act, matter, "2027-01-01", DIRECTOR, **LATER.get(act, {})))
        assert (unmet.code, law(unmet)) == ("execution.expired", ["order_713 37"])


def test_reports_on_the_progress_that_are_overdue_are_a_debt__order_713_art_34() -> None:
    rules = procedure("shenyang_type")
    matter = ready(rules=rules).did("assign_execution", by=DIRECTOR, units=["finance"])
    kind = KINDS["execution"]
    for on, owed in (("2026-12-01", []), ("2026-12-02", ["execution.progress_owed"])):
        view = lens(on, rules).view(rules.steps[STEP], matter.facts)
        assert [each.code for each in kind.owes(view)] == owed
