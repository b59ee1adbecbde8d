"""Consulting the units whose duties are touched; a dispute left open goes to the decision body."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from procedures.kinds.base import Kind, not_ahead, pending, satisfied, underway
from workflow.ports import Act, Assessment, Payload, RuleShape, Ruling, StepPayload, View
from workflow.texts import Day, Name, Prose


class UnitOpinion(Payload):
    """What one unit answered."""

    unit: Name
    position: Literal["agrees", "comments", "disagrees"]
    opinion: Prose
    given_on: Day


class Dispute(Payload):
    """争议说明: what is disputed, both views, with the reasons and the basis of one's own."""

    dispute: Prose
    their_view: Prose
    own_view: Prose
    reasons: Prose
    basis: Prose


class Consultation(StepPayload):
    """The opinions of the units consulted, and the dispute statement where one stays unresolved."""

    opinions: Annotated[tuple[UnitOpinion, ...], Field(min_length=1)]
    dispute: Dispute | None = None


def judge_consultation(view: View, file: Consultation) -> Ruling:
    """Refuse a file that leaves a co-unit out or hides a disagreement."""
    unmet = tuple(found for opinion in file.opinions for found in not_ahead(view, opinion.given_on))
    answered = {opinion.unit for opinion in file.opinions}
    strangers = tuple(sorted(answered - (view.units.keys() - {view.facts.lead_unit})))
    if strangers:
        unmet += (view.unmet("not_another_unit", "heard", units=strangers),)
    unheard = _unheard(view, answered)
    if unheard:
        unmet += (view.unmet("unit_not_heard", "heard", units=unheard),)
    opposed = tuple(opinion.unit for opinion in file.opinions if opinion.position == "disagrees")
    if opposed and file.dispute is None:
        unmet += (view.unmet("dispute_missing", "dispute", units=opposed),)
    return Ruling(unmet)


def assess(view: View) -> Assessment:
    """Open until a file is there that covers every unit which is a co-unit today."""
    filed = view.facts.last("file_consultation", step=view.step)
    if filed is None:
        return pending(view.unmet("missing"))
    unheard = _unheard(view, {str(opinion["unit"]) for opinion in filed.items("opinions")})
    if unheard:
        return underway(view.unmet("unit_not_heard", "heard", units=unheard))
    return satisfied(filed.filed_on)


def _unheard(view: View, answered: set[str]) -> tuple[str, ...]:
    return tuple(unit for unit in view.facts.co_units if unit not in answered)


KIND = Kind(
    name="department_consultation",
    acts={"file_consultation": Act(Consultation, judge_consultation)},
    rules={"heard": RuleShape(), "dispute": RuleShape()},
    judge=assess,
)
