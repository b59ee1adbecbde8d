"""征求有关单位意见: every unit whose duties are touched is heard (Order 713 art. 13)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.builders import TODAY, Matter, assess, codes, judge, law, only
from workflow.ports import StepState

DISPUTE = {
    "dispute": "收费幅度",
    "their_view": "过高",
    "own_view": "适当",
    "reasons": "成本倒挂",
    "basis": "成本监审报告",
}


def opinion(unit: str, position: str = "agrees", given_on: str = TODAY) -> dict[str, Any]:
    return {"unit": unit, "position": position, "opinion": "意见", "given_on": given_on}


def touching(*co_units: str) -> Matter:
    return Matter(co_units=co_units)


def test_without_a_file_the_step_is_open__order_713_art_13() -> None:
    found = assess("department_consultation", touching("finance"))
    assert (found.state, codes(found)) == (
        StepState.PENDING,
        ["department_consultation.missing"],
    )
    assert law(only(found)) == ["order_713 13"]


def test_a_file_that_leaves_a_co_unit_out_is_refused__order_713_art_13() -> None:
    matter = touching("finance", "environment_safety")
    unmet = only(judge("file_consultation", matter, opinions=[opinion("finance")]))
    assert unmet.code == "department_consultation.unit_not_heard"
    assert unmet.params == {"units": ("environment_safety",)}
    assert law(unmet) == ["order_713 13"]


@pytest.mark.parametrize("unit", ["harbour", "planning_construction"])
def test_only_another_unit_of_the_house_is_consulted__order_713_art_13(unit: str) -> None:
    unmet = only(judge("file_consultation", Matter(), opinions=[opinion(unit)]))
    assert (unmet.code, unmet.params) == (
        "department_consultation.not_another_unit",
        {"units": (unit,)},
    )


def test_an_opinion_dated_ahead_is_refused() -> None:
    opinions = [opinion("finance", given_on="2026-09-02")]
    found = judge("file_consultation", touching("finance"), opinions=opinions)
    assert codes(found) == ["record.future_day"]


def test_a_disagreement_without_dispute_statement_is_refused__order_713_art_13() -> None:
    opinions = [opinion("finance", "disagrees"), opinion("economic_development", "comments")]
    unmet = only(judge("file_consultation", touching("finance"), opinions=opinions))
    assert unmet.code == "department_consultation.dispute_missing"
    assert unmet.params == {"units": ("finance",)}


def test_a_disagreement_with_its_dispute_statement_is_accepted__order_713_art_13() -> None:
    opinions = [opinion("finance", "disagrees")]
    found = judge("file_consultation", touching("finance"), opinions=opinions, dispute=DISPUTE)
    assert codes(found) == []


def test_a_complete_file_satisfies_the_step() -> None:
    matter = touching("finance").did("file_consultation", opinions=[opinion("finance")])
    assert assess("department_consultation", matter).state is StepState.SATISFIED


def test_a_co_unit_named_later_must_be_heard_too() -> None:
    matter = touching("finance").did("file_consultation", opinions=[opinion("finance")])
    matter.co_units = ("finance", "environment_safety")
    found = assess("department_consultation", matter)
    assert (found.state, codes(found)) == (
        StepState.IN_PROGRESS,
        ["department_consultation.unit_not_heard"],
    )
    assert only(found).params == {"units": ("environment_safety",)}
