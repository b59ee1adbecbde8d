"""A plain declared step: named evidence, a role, a citation. Lets a locality add its own."""

from __future__ import annotations

from pydantic import StrictBool

from procedures.kinds.base import Kind, not_ahead, pending, satisfied, underway
from workflow.ports import Act, Assessment, Ruling, StepPayload, View
from workflow.texts import Day, Line, Prose


class DeclaredEvidence(StepPayload):
    """The paper that shows the step done, and whether it concludes it."""

    done_on: Day
    evidence: Line
    summary: Prose
    concluded: StrictBool


def judge_evidence(view: View, evidence: DeclaredEvidence) -> Ruling:
    """Refuse evidence that is dated ahead."""
    return Ruling(not_ahead(view, evidence.done_on))


def assess(view: View) -> Assessment:
    """Open until evidence is filed that concludes the step."""
    filed = view.facts.last("file_evidence", step=view.step)
    if filed is None:
        return pending(view.unmet("missing", step=view.step.name))
    if filed.payload["concluded"] is not True:
        return underway(view.unmet("not_concluded", step=view.step.name))
    return satisfied(filed.filed_on)


KIND = Kind(
    name="declared",
    acts={"file_evidence": Act(DeclaredEvidence, judge_evidence)},
    rules={},
    judge=assess,
)
