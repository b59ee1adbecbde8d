"""交办论证: proposals of leaders, deputies, citizens are assigned for study (Order 713 art. 10)."""

from __future__ import annotations

import pytest

from procedures.kinds import KINDS
from tests.unit.builders import (
    KEEPER,
    NO_STEP,
    Matter,
    assess,
    codes,
    earliest,
    give,
    judge,
    law,
    lens,
    only,
    procedure,
)
from workflow.guards import assess as assess_all
from workflow.ports import StepState

STEP = "study_assignment"


def from_(origin: str) -> Matter:
    return Matter(stage="proposed", lead_unit=None, answers={**NO_STEP, "origin": origin})


@pytest.mark.parametrize(
    ("origin", "required"),
    [("leader", True), ("deputies", True), ("citizens", True), ("department", False)],
)
def test_only_a_departments_own_proposal_is_not_assigned__order_713_art_10(
    origin: str, required: bool
) -> None:
    state = assess_all(lens(), from_(origin).facts)[STEP].state
    assert (state is not StepState.NOT_REQUIRED) is required


def test_until_it_is_assigned_nobody_studies_it__order_713_art_10() -> None:
    found = assess(STEP, from_("citizens"))
    assert (found.state, codes(found)) == (StepState.PENDING, ["assignment.missing"])
    assert law(only(found)) == ["order_713 10"]
    unmet = only(give("study", "planning.clerk", from_("citizens")))
    assert unmet.code == "step.out_of_order"


def test_it_is_assigned_to_a_unit_that_there_is() -> None:
    assert codes(judge("assign_study", from_("leader"))) == []
    unmet = only(judge("assign_study", from_("leader"), unit="harbour"))
    assert (unmet.code, unmet.params) == ("assignment.not_a_unit", {"unit_id": "harbour"})


def test_the_unit_that_it_is_assigned_to_studies_it__order_713_art_10() -> None:
    matter = from_("deputies").did("assign_study", by=KEEPER)
    assert assess(STEP, matter).state is StepState.SATISFIED
    assert codes(give("study", "environment.clerk", matter)) == []
    assert codes(give("study", "planning.clerk", matter)) == ["authority.role"]


def test_it_takes_no_time_of_its_own() -> None:
    assert earliest(STEP, from_("leader"), "2026-09-05") == ("2026-09-05", False)


def test_the_kind_asks_for_one_rule() -> None:
    assert set(procedure().steps[STEP].rules) == set(KINDS["assignment"].rules) == {"assigned"}
