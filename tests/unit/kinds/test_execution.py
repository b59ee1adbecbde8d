"""执行、中止、终止和调整: Order 713 arts. 34, 35 and 37."""

from __future__ import annotations

import pytest

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
    only,
    payload,
    ready,
)
from workflow.definition import Relation
from workflow.facts import Linked
from workflow.ports import StepState

STEP = "execution"


def assigned(*units: str) -> Matter:
    return ready().did("assign_execution", by=DIRECTOR, units=list(units) or ["finance"])


def changed_by(*, adjusts: str = "2026-1", issued: bool = True) -> Matter:
    matter = assigned()
    matter.linked = {"2026-2": Linked("2026-2", "调整", "issued", adjusts, issued)}
    return matter


def test_somebody_is_charged_with_it__order_713_art_34() -> None:
    found = assess(STEP, ready())
    assert (found.state, codes(found)) == (StepState.PENDING, ["execution.not_assigned"])
    assert law(only(found)) == ["order_713 34"]


def test_it_is_open_until_it_is_done__order_713_art_34() -> None:
    found = assess(STEP, assigned())
    assert (found.state, codes(found)) == (StepState.IN_PROGRESS, ["execution.not_completed"])
    assert only(found).params["due_on"] == day("2026-12-31")
    assert assess(STEP, assigned().did("complete_execution", by=HEAD)).state is StepState.SATISFIED


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

    def test_it_names_the_matter_that_decides__order_713_art_37(self, command: str) -> None:
        assert payload(command).named_matters() == ("2026-2",)
