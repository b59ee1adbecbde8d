"""征求有关单位意见: every unit whose duties are touched is heard (Order 713 art. 13)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.builders import TODAY, Matter, assess, codes, day, judge, law, only
from workflow.ports import StepState

DISPUTE = {
    "dispute": "收费幅度",
    "their_view": "过高",
    "own_view": "适当",
    "reasons": "成本倒挂",
    "basis": "成本监审报告",
}


def opinion(unit: str, position: str = "agrees", given_on: str = TODAY) -> dict[str, Any]:
    said = {"unit": unit, "position": position, "opinion": "意见", "given_on": given_on}
    return {**said, "paper": "财函〔2026〕9号", "paper_dated": TODAY}


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


FINANCE = "finance.head"


def own(matter: Matter, position: str = "agrees", on: str = TODAY) -> Matter:
    return matter.did("file_unit_opinion", on, FINANCE, position=position)


@pytest.mark.parametrize("lacking", [{"paper": None}, {"paper_dated": None}])
def test_nothing_is_filed_for_another_unit_without_its_paper__order_713_art_13(
    lacking: dict[str, None],
) -> None:
    given = {**opinion("finance"), **lacking}
    unmet = only(judge("file_consultation", touching("finance"), opinions=[given]))
    assert (unmet.code, unmet.params) == (
        "department_consultation.paper_missing",
        {"units": ("finance",)},
    )


def test_a_paper_dated_ahead_is_refused() -> None:
    given = {**opinion("finance"), "paper_dated": "2026-09-02"}
    found = judge("file_consultation", touching("finance"), opinions=[given])
    assert codes(found) == ["record.future_day"]


def test_what_is_filed_for_another_unit_is_marked_as_such() -> None:
    matter = touching("finance").did("file_consultation", opinions=[opinion("finance")])
    (said,) = matter.records[-1].items("opinions")
    assert (said["on_behalf"], said["paper"]) == (True, "财函〔2026〕9号")


def test_a_units_own_head_speaks_for_it__order_713_art_13() -> None:
    assert codes(judge("file_unit_opinion", touching("finance"), by=FINANCE)) == []
    matter = own(touching("finance"), on="2026-09-02")
    found = assess("department_consultation", matter)
    assert (found.state, found.on) == (StepState.SATISFIED, day("2026-09-02"))
    (said,) = matter.records[-1].items("opinions")
    assert (said["given_on"], "on_behalf" in said) == ("2026-09-02", False)


@pytest.mark.parametrize(
    ("by", "unit", "code"),
    [
        ("economy.head", "finance", "not_own_unit"),
        ("", "finance", "not_own_unit"),
        ("planning.head", "planning_construction", "not_another_unit"),
        (FINANCE, "harbour", "not_another_unit"),
    ],
)
def test_nobody_speaks_for_another_unit_or_for_the_lead_unit(by: str, unit: str, code: str) -> None:
    found = judge("file_unit_opinion", touching("finance"), by=by, unit=unit)
    assert codes(found) == [f"department_consultation.{code}"]


def test_what_a_unit_said_itself_the_lead_unit_does_not_replace__order_713_art_13() -> None:
    matter = own(touching("finance"))
    unmet = only(judge("file_consultation", matter, opinions=[opinion("finance")]))
    assert (unmet.code, unmet.params) == (
        "department_consultation.own_opinion_stands",
        {"units": ("finance",)},
    )


def test_who_spoke_for_itself_is_heard_beside_the_file() -> None:
    matter = own(touching("finance", "environment_safety"))
    found = assess("department_consultation", matter)
    assert codes(found) == ["department_consultation.unit_not_heard"]
    matter.did("file_consultation", opinions=[opinion("environment_safety")])
    assert assess("department_consultation", matter).state is StepState.SATISFIED


def test_a_units_own_disagreement_needs_a_dispute_statement_after_it__order_713_art_13() -> None:
    matter = own(touching("finance"), "disagrees")
    unmet = only(assess("department_consultation", matter))
    assert (unmet.code, unmet.params["units"]) == (
        "department_consultation.dispute_missing",
        ("finance",),
    )
    assert codes(judge("file_consultation", matter, opinions=[])) == [unmet.code]
    matter.did("file_consultation", opinions=[], dispute=DISPUTE)
    assert assess("department_consultation", matter).state is StepState.SATISFIED
    own(matter, "disagrees")
    assert codes(assess("department_consultation", matter)) == [unmet.code]
    own(matter, "agrees")
    assert assess("department_consultation", matter).state is StepState.SATISFIED
