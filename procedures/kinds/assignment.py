"""Assignment of a proposal (交办) to the unit that studies it before the start."""

from __future__ import annotations

from procedures.kinds.base import Kind, pending, satisfied
from workflow.idle import Told
from workflow.ports import Act, Assessment, RuleShape, Ruling, StepPayload, View
from workflow.texts import Name


class StudyAssignment(StepPayload):
    """交办: the unit that is to study what a leader, deputies or citizens proposed, and why."""

    unit: Name
    reasons: Told


def judge_assignment(view: View, assignment: StudyAssignment) -> Ruling:
    """Refuse a unit that the organisation does not have."""
    if assignment.unit in view.units:
        return Ruling()
    return Ruling((view.unmet("not_a_unit", "assigned", unit_id=assignment.unit),))


def assess(view: View) -> Assessment:
    """Open until the study is assigned; the newest assignment counts."""
    assigned = view.facts.last("assign_study", step=view.step)
    return satisfied(assigned.filed_on) if assigned else pending(view.unmet("missing", "assigned"))


KIND = Kind(
    name="assignment",
    acts={"assign_study": Act(StudyAssignment, judge_assignment)},
    rules={"assigned": RuleShape()},
    judge=assess,
)
