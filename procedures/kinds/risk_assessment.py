"""Risk assessment (风险评估): risk points, measures, contingency plan, and whether controllable."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StrictInt

from procedures.kinds.base import Kind, not_ahead, pending, satisfied, underway
from workflow.ports import Act, Assessment, Payload, RuleShape, Ruling, StepPayload, View
from workflow.refusals import Unmet
from workflow.texts import Day, Line, Prose

Degree = Annotated[StrictInt, Field(ge=1, le=5)]


class RiskPoint(Payload):
    """One risk with its likelihood and impact (1 lowest to 5 highest) and what is done about it."""

    risk: Prose
    likelihood: Degree
    impact: Degree
    measure: Prose


class RiskReport(StepPayload):
    """The report. `grade` is the assessor's own; which grades are controllable is data."""

    done_on: Day
    assessor: Line
    points: tuple[RiskPoint, ...]
    departments_heard: tuple[Line, ...]
    contingency_plan: Prose | None = None
    grade: Literal["low", "medium", "high"]


def judge_report(view: View, report: RiskReport) -> Ruling:
    """Refuse a report by template: without risk points, a contingency plan, or anybody heard."""
    found = not_ahead(view, report.done_on)
    if view.facts.draft is None:
        found += (view.unmet("no_draft", "content"),)
    if not report.points:
        found += (view.unmet("no_points", "content"),)
    if report.contingency_plan is None:
        found += (view.unmet("no_contingency_plan", "content"),)
    if not report.departments_heard:
        found += (view.unmet("nobody_heard", "heard"),)
    return Ruling(found)


def assess(view: View) -> Assessment:
    """Open until a report is there whose grade counts as controllable."""
    report = view.facts.last("file_risk_assessment", step=view.step)
    if report is None:
        return pending(view.unmet("missing"))
    rule = view.step.rules["controllable"]
    if report.text("grade") not in rule.choices:
        unmet: Unmet = view.unmet("not_controllable", "controllable", grade=report.text("grade"))
        return underway(unmet)
    return satisfied(report.filed_on)


KIND = Kind(
    name="risk_assessment",
    acts={"file_risk_assessment": Act(RiskReport, judge_report)},
    rules={
        "content": RuleShape(),
        "heard": RuleShape(),
        "controllable": RuleShape(choices=True, wider_is_looser=True),
    },
    judge=assess,
)
