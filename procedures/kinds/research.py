"""Research by the lead unit, with the list of all law and policy that bears on the matter."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from procedures.kinds.base import Kind, accept, not_ahead, pending, satisfied, underway
from workflow.ports import Act, Assessment, Payload, RuleShape, Ruling, StepPayload, View
from workflow.texts import Day, Line, Prose


class ResearchReport(StepPayload):
    """What was found out, and how (调研报告)."""

    done_on: Day
    method: Line
    findings: Prose


class Basis(Payload):
    """One provision that bears on the matter, and how the draft stands to it."""

    instrument: Line
    article: Line
    relation: Prose


class LegalBasisList(StepPayload):
    """依据清单: every provision that the draft rests on or must agree with."""

    items: Annotated[tuple[Basis, ...], Field(min_length=1)]


def judge_report(view: View, report: ResearchReport) -> Ruling:
    """Refuse a report that is dated ahead."""
    return Ruling(not_ahead(view, report.done_on))


def assess(view: View) -> Assessment:
    """Open until both papers are filed."""
    report = view.facts.last("file_research", step=view.step)
    basis = view.facts.last("file_legal_basis", step=view.step)
    if report and basis:
        return satisfied(max(report.filed_on, basis.filed_on))
    if report is None and basis is None:
        return pending(
            view.unmet("report_missing"), view.unmet("legal_basis_missing", "legal_basis")
        )
    return underway(
        None if report else view.unmet("report_missing"),
        None if basis else view.unmet("legal_basis_missing", "legal_basis"),
    )


KIND = Kind(
    name="research",
    acts={
        "file_research": Act(ResearchReport, judge_report),
        "file_legal_basis": Act(LegalBasisList, accept),
    },
    rules={"legal_basis": RuleShape()},
    judge=assess,
)
