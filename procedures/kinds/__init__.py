"""The kinds of step: one module each, with its record types and its checks. Numbers are data."""

from __future__ import annotations

from collections.abc import Mapping

from procedures.kinds import (
    adoption,
    archiving,
    assignment,
    budget,
    classification,
    contracting,
    declared,
    department_consultation,
    evaluation,
    execution,
    expert_argument,
    fair_competition,
    group_talks,
    hearing,
    issuance,
    legality_review,
    open_call,
    options,
    participation,
    publication,
    reporting,
    request_reply,
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
        options.KIND,
        department_consultation.KIND,
        participation.KIND,
        group_talks.KIND,
        open_call.KIND,
        hearing.KIND,
        expert_argument.KIND,
        adoption.KIND,
        risk_assessment.KIND,
        fair_competition.KIND,
        budget.KIND,
        declared.KIND,
        legality_review.KIND,
        request_reply.KIND,
        reporting.KIND,
        issuance.KIND,
        publication.KIND,
        execution.KIND,
        contracting.KIND,
        evaluation.KIND,
        archiving.KIND,
    )
}
