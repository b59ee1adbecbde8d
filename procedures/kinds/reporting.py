"""Reporting (报告) of a decision: it carries no request and waits for no reply."""

from __future__ import annotations

from pydantic import StrictBool

from procedures.kinds.base import Kind, not_ahead, pending, satisfied
from workflow.ports import Act, Assessment, RuleShape, Ruling, StepPayload, View
from workflow.texts import Day, Line, Prose

FILE = "file_report"


class ReportPaper(StepPayload):
    """报告: what was reported to whom; it carries no request and waits for no reply."""

    addressee: Line
    number: Line
    submitted_on: Day
    told: Prose
    carries_request: StrictBool


def judge_report(view: View, paper: ReportPaper) -> Ruling:
    """Refuse a report that asks for something, or is dated ahead."""
    found = not_ahead(view, paper.submitted_on)
    if paper.carries_request:
        found += (view.unmet("report_asks", "no_request", FILE),)
    return Ruling(found)


def assess(view: View) -> Assessment:
    """Open until the report is filed."""
    told = view.facts.last(FILE, step=view.step)
    return pending(view.unmet("missing")) if told is None else satisfied(told.filed_on)


KIND = Kind(
    name="reporting",
    acts={FILE: Act(ReportPaper, judge_report)},
    rules={"no_request": RuleShape()},
    judge=assess,
)
