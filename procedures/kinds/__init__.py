"""The kinds of step: one module each, with its record types and its checks. Numbers are data."""

from __future__ import annotations

from collections.abc import Mapping

from procedures.kinds import (
    assignment,
    budget,
    classification,
    declared,
    department_consultation,
    expert_argument,
    fair_competition,
    hearing,
    legality_review,
    open_call,
    research,
    risk_assessment,
    study,
)
from workflow.ports import StepKind

KINDS: Mapping[str, StepKind] = {
    kind.name: kind
    for kind in (
        assignment.KIND,
        study.KIND,
        classification.KIND,
        research.KIND,
        department_consultation.KIND,
        open_call.KIND,
        hearing.KIND,
        expert_argument.KIND,
        risk_assessment.KIND,
        fair_competition.KIND,
        budget.KIND,
        declared.KIND,
        legality_review.KIND,
    )
}
