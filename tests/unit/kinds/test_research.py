"""调查研究与依据清单: the lead unit's own work (Order 713 art. 12)."""

from __future__ import annotations

from tests.unit.builders import Matter, assess, codes, day, judge, law, unmets
from workflow.ports import StepState


def test_without_papers_both_are_missing__order_713_art_12() -> None:
    found = assess("research", Matter())
    assert found.state is StepState.PENDING
    assert [(unmet.code, law(unmet)) for unmet in unmets(found)] == [
        ("research.report_missing", ["order_713 12.1"]),
        ("research.legal_basis_missing", ["order_713 12.2"]),
    ]


def test_the_report_alone_leaves_the_legal_basis_list_open__order_713_art_12_2() -> None:
    found = assess("research", Matter().did("file_research"))
    assert (found.state, codes(found)) == (
        StepState.IN_PROGRESS,
        ["research.legal_basis_missing"],
    )


def test_the_list_alone_leaves_the_report_open__order_713_art_12_1() -> None:
    found = assess("research", Matter().did("file_legal_basis"))
    assert (found.state, codes(found)) == (StepState.IN_PROGRESS, ["research.report_missing"])


def test_both_satisfy_the_step_on_the_later_day() -> None:
    matter = Matter().did("file_legal_basis", "2026-09-03").did("file_research", "2026-09-02")
    found = assess("research", matter)
    assert (found.state, found.on) == (StepState.SATISFIED, day("2026-09-03"))


def test_a_report_dated_ahead_is_refused() -> None:
    assert codes(judge("file_research", Matter(), done_on="2026-09-02")) == ["record.future_day"]
    assert codes(judge("file_research", Matter())) == []


def test_a_list_says_all_in_its_payload() -> None:
    assert codes(judge("file_legal_basis", Matter())) == []
