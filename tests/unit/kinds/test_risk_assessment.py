"""风险评估: no decision before the risk is controllable (Order 713 arts. 22 to 24)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.builders import Matter, assess, codes, judge, law, only
from workflow.ports import StepState


def test_without_a_report_the_step_is_open__order_713_art_22_1() -> None:
    found = assess("risk_assessment", Matter())
    assert (found.state, codes(found)) == (StepState.PENDING, ["risk_assessment.missing"])
    assert law(only(found)) == ["order_713 22.1"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"points": []}, "risk_assessment.no_points"),
        ({"contingency_plan": None}, "risk_assessment.no_contingency_plan"),
        ({"departments_heard": []}, "risk_assessment.nobody_heard"),
    ],
)
def test_a_report_by_template_is_refused__order_713_art_23(
    change: dict[str, Any], code: str
) -> None:
    unmet = only(judge("file_risk_assessment", Matter().drafted(), **change))
    assert (unmet.code, law(unmet)) == (code, ["order_713 23"])


def test_a_whole_report_is_accepted_but_not_one_dated_ahead() -> None:
    assert codes(judge("file_risk_assessment", Matter().drafted())) == []
    found = judge("file_risk_assessment", Matter().drafted(), done_on="2026-09-02")
    assert codes(found) == ["record.future_day"]


def test_without_a_text_there_is_nothing_to_assess__order_713_art_22_1() -> None:
    unmet = only(judge("file_risk_assessment", Matter()))
    assert (unmet.code, law(unmet)) == ("risk_assessment.no_draft", ["order_713 23"])


@pytest.mark.parametrize("grade", ["medium", "high"])
def test_a_risk_that_is_not_low_is_not_controllable__order_713_art_24(grade: str) -> None:
    found = assess("risk_assessment", Matter().did("file_risk_assessment", grade=grade))
    assert (found.state, codes(found)) == (
        StepState.IN_PROGRESS,
        ["risk_assessment.not_controllable"],
    )
    assert only(found).params == {"grade": grade}
    assert law(only(found)) == ["order_713 24"]


def test_a_low_risk_satisfies_the_step__order_713_art_24() -> None:
    matter = Matter().did("file_risk_assessment", grade="high").did("file_risk_assessment")
    assert assess("risk_assessment", matter).state is StepState.SATISFIED
