"""决策后评估: Order 713 art. 36; schedules are test values."""

from __future__ import annotations

import pytest

from tests.unit.builders import (
    DIRECTOR,
    KEEPER,
    Matter,
    assess,
    codes,
    day,
    judge,
    law,
    only,
    procedure,
    ready,
)
from workflow.ports import StepState

STEP = "evaluation"


def assessed(assessor: str = "规划建设局会同第三方机构甲") -> Matter:
    return ready().did("file_risk_assessment", assessor=assessor)


def opened() -> Matter:
    return ready().did("open_evaluation", by=DIRECTOR)


def test_nobody_has_to_evaluate_where_no_schedule_says_so__order_713_art_36() -> None:
    assert assess(STEP, ready()).state is StepState.NOT_REQUIRED


def test_once_opened_it_owes_its_report__order_713_art_36() -> None:
    found = assess(STEP, opened())
    assert (found.state, codes(found)) == (StepState.IN_PROGRESS, ["evaluation.not_reported"])
    assert assess(STEP, opened().did("file_evaluation")).state is StepState.SATISFIED


def test_the_ground_is_one_of_the_order__order_713_art_36() -> None:
    found = judge("open_evaluation", ready(), trigger="curiosity")
    assert codes(found) == ["evaluation.trigger_unknown"]
    assert "below_expectation" in str(only(found).params["triggers"])


@pytest.mark.parametrize(
    "evaluator",
    [
        "第三方机构甲",
        "第三方 机构甲",
        "规划建设局会同第三方机构甲",
        "规划建设局",
        "planning_construction",
    ],
)
def test_the_main_assessor_before_does_not_evaluate_after__order_713_art_36(evaluator: str) -> None:
    found = judge("open_evaluation", assessed(), evaluator=evaluator)
    assert codes(found) == ["evaluation.assessed_before"]
    assert law(only(found)) == ["order_713 36"]


def test_one_who_is_known_by_more_than_the_name_on_file_does_not_either__order_713_art_36() -> None:
    found = judge("open_evaluation", assessed("ACME"), evaluator="Acme Ltd")
    assert codes(found) == ["evaluation.assessed_before"]


def test_an_assessment_made_under_other_rules_counts_too__order_713_art_36() -> None:
    matter = ready().did("reuse_risk_assessment", assessor="第三方机构丁")
    found = judge("open_evaluation", matter, evaluator="第三方机构丁")
    assert codes(found) == ["evaluation.assessed_before"]


@pytest.mark.parametrize("evaluator", ["第三方机构乙", "finance"])
def test_anybody_else_may__order_713_art_36(evaluator: str) -> None:
    assert codes(judge("open_evaluation", assessed(), evaluator=evaluator)) == []


def test_a_report_is_of_an_evaluation_that_is_open_and_not_ahead__order_713_art_36() -> None:
    assert codes(judge("file_evaluation", ready())) == ["evaluation.not_opened"]
    again = opened().did("file_evaluation")
    assert codes(judge("file_evaluation", again)) == ["evaluation.not_opened"]
    found = judge("file_evaluation", opened(), done_on="2026-09-02")
    assert codes(found) == ["record.future_day"]


class TestSchedule:
    """A locality may ask for it within a time from the issue (Guangxi type, test values)."""

    def matter(self) -> Matter:
        return ready(rules=procedure("guangxi_type"))

    def test_before_the_issue_the_day_is_open(self) -> None:
        found = assess(STEP, self.matter())
        assert (found.state, codes(found)) == (StepState.PENDING, ["evaluation.scheduled"])
        assert only(found).params["due_on"] is None

    def test_it_is_due_within_two_years_of_the_issue__guangxi_type(self) -> None:
        issued = self.matter().did("sign_document", by=DIRECTOR).did("issue", by=KEEPER)
        assert only(assess(STEP, issued)).params["due_on"] == day("2028-09-01")
        assert law(only(assess(STEP, issued))) == ["order_713 36", "guangxi_type_rules"]
        done = issued.did("open_evaluation", by=DIRECTOR).did("file_evaluation")
        assert assess(STEP, done).state is StepState.SATISFIED
