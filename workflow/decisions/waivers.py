"""Rulings that a step does not apply, and soft floors shortened with a recorded reason."""

from __future__ import annotations

from workflow.commands import ApproveOverride, RequestWaiver, RuleWaiver
from workflow.decisions.scene import Decision, Scene, refused
from workflow.definition import Floor, Step, Waivable
from workflow.errors import BadInput
from workflow.facts import Record
from workflow.refusals import Unmet


def request_waiver(scene: Scene, payload: RequestWaiver) -> Decision:
    """Ask for a ruling that a step does not apply, with reasons and basis."""
    step = _step(scene, payload.step)
    if step.waivable is None:
        return refused(_not_waivable(step))
    if not scene.procedure.required(step, scene.matter.answers):
        return refused(Unmet("waiver.not_required", step.citations, {"step": step.name}, step.id))
    if scene.matter.begun(step):
        return refused(_begun(step, step.waivable))
    return Decision()


def rule_waiver(scene: Scene, payload: RuleWaiver) -> Decision:
    """Approve or reject a request that is still open."""
    step = _step(scene, payload.step)
    if step.waivable is None:
        return refused(_not_waivable(step))
    if _open_request(scene, step) is None:
        return refused(
            Unmet(
                "waiver.not_requested",
                step.waivable.citations,
                {"step": step.name},
                step.id,
                cured_by=step.waivable.request,
            )
        )
    if payload.approved and scene.matter.begun(step):
        return refused(_begun(step, step.waivable))
    return Decision()


def approve_override(scene: Scene, payload: ApproveOverride) -> Decision:
    """Approve that a soft floor be shortened on this matter; a hard one never is."""
    step = _step(scene, payload.step)
    rule = step.rules.get(payload.rule)
    if rule is None:
        raise BadInput("unknown.rule", step=step.name, rule=payload.rule, known=tuple(step.rules))
    if rule.floor is Floor.HARD or not rule.override:
        return refused(
            Unmet("floor.hard", rule.citations, {"step": step.name, "rule": rule.id}, step.id)
        )
    return Decision()


def _step(scene: Scene, name: str) -> Step:
    steps = scene.procedure.steps
    if name not in steps:
        named = tuple(step.name.typed(step.id) for step in steps.values())
        raise BadInput("unknown.step", step=name, known=tuple(steps), named=named)
    return steps[name]


def _not_waivable(step: Step) -> Unmet:
    return Unmet("waiver.not_waivable", step.citations, {"step": step.name}, step.id)


def _begun(step: Step, waivable: Waivable) -> Unmet:
    """A step that was begun is finished: what it found cannot be ruled away."""
    return Unmet(
        "waiver.begun",
        waivable.citations,
        {"step": step.name},
        step.id,
        cured_by=step.first_act,
    )


def _open_request(scene: Scene, step: Step) -> Record | None:
    latest: Record | None = None
    for record in scene.matter.records:
        if record.step == step.id and record.command == "request_waiver":
            latest = record
        elif record.step == step.id and record.command == "rule_waiver":
            latest = None
    return latest
