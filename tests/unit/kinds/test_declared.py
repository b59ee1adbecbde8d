"""A declared step, here the cost audit before a price is fixed (Measures on Cost Audits art. 5)."""

from __future__ import annotations

from tests.unit.builders import Matter, assess, codes, judge, law, only, procedure
from workflow.ports import StepState


def test_without_evidence_the_step_is_open__cost_audit_art_5() -> None:
    found = assess("cost_audit", Matter())
    assert (found.state, codes(found)) == (StepState.PENDING, ["declared.missing"])
    assert only(found).params == {"step": procedure().steps["cost_audit"].name}
    assert law(only(found)) == ["cost_audit 5"]


def test_evidence_that_does_not_conclude_leaves_it_open() -> None:
    found = assess("cost_audit", Matter().did("file_evidence", concluded=False))
    assert (found.state, codes(found)) == (StepState.IN_PROGRESS, ["declared.not_concluded"])
    assert only(found).params == {"step": procedure().steps["cost_audit"].name}


def test_concluding_evidence_satisfies_it() -> None:
    assert assess("cost_audit", Matter().did("file_evidence")).state is StepState.SATISFIED


def test_evidence_dated_ahead_is_refused() -> None:
    assert codes(judge("file_evidence", Matter(), done_on="2026-09-02")) == ["record.future_day"]
    assert codes(judge("file_evidence", Matter())) == []
