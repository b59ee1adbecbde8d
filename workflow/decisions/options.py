"""Which commands somebody may give now, and for the others every reason why not. Pure.

Asked is what stands before any payload: authority, separation of duties, pause, order, gate and
stage.  What a payload must say is told when the command is given.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from workflow.commands import CommandSpec
from workflow.decisions.authority import authorise
from workflow.decisions.decide import paused, stage_forbids
from workflow.decisions.scene import Scene
from workflow.definition import Gate, Step
from workflow.guards import assess, earliest, out_of_order, unmet_before
from workflow.ports import Assessment, Payload, StepState
from workflow.refusals import Unmet

#: The commands of the lifecycle that ask a gate.
GATES: Final[Mapping[str, Gate]] = {
    "start": Gate.START,
    "propose_agenda_item": Gate.AGENDA,
    "close_matter": Gate.CLOSE,
}
_WAIVING: Final = frozenset({"request_waiver", "rule_waiver"})
_OVERRIDING: Final = "approve_override"


@dataclass(frozen=True, slots=True)
class Option:
    """A command, the step and rule that it would be about, and what stands against it.

    `required` is false for the act of a step that this matter does not need.
    """

    command: str
    step: str | None = None
    rule: str | None = None
    required: bool = True
    unmet: tuple[Unmet, ...] = ()

    @property
    def allowed(self) -> bool:
        """Whether nothing stands against it but what its payload may get wrong."""
        return not self.unmet


@dataclass(frozen=True, slots=True)
class _Target:
    """What a command may be about."""

    step: Step | None = None
    rule: str | None = None


def options(scene: Scene, specs: tuple[CommandSpec, ...]) -> tuple[Option, ...]:
    """What the actor of the scene may do, command by command; of steps, each with its acts."""
    judged = {} if scene.facts is None else assess(scene.lens, scene.facts)
    known: dict[str, tuple[date, bool]] = {}
    return tuple(
        _option(replace(scene, step=target.step), spec, target, judged, known)
        for spec in specs
        for target in _targets(scene, spec)
    )


def _targets(scene: Scene, spec: CommandSpec) -> Iterator[_Target]:
    steps = scene.procedure.steps.values()
    if spec.kind is not None:
        yield from map(_Target, scene.procedure.steps_of(spec.name))
    elif spec.name in _WAIVING:
        yield from (_Target(step) for step in steps if step.waivable is not None)
    elif spec.name == _OVERRIDING:
        for step in steps:
            yield from (_Target(step, rule.id) for rule in step.rules.values() if rule.override)
    else:
        yield _Target()


def _option(
    scene: Scene,
    spec: CommandSpec,
    target: _Target,
    judged: Mapping[str, Assessment],
    known: dict[str, tuple[date, bool]],
) -> Option:
    step = target.step
    # Only what names the step and the rule is looked at; the rest of the payload is not there.
    named: dict[str, Any] = {"step": None if step is None else step.id, "rule": target.rule}
    payload = spec.payload.model_construct(**named)
    return Option(
        spec.name,
        None if step is None else step.id,
        target.rule,
        step is None or judged[step.id].state is not StepState.NOT_REQUIRED,
        _against(scene, spec, payload, judged, known),
    )


def _against(
    scene: Scene,
    spec: CommandSpec,
    payload: Payload,
    judged: Mapping[str, Assessment],
    known: dict[str, tuple[date, bool]],
) -> tuple[Unmet, ...]:
    """Everything that `decide` would find against the command, whatever its payload."""
    authority = authorise(scene, spec, payload)
    unmet = _by_others(scene, spec, authority.unmet, judged, known)
    if authority.held is None or scene.facts is None:
        return unmet
    unmet += paused(scene.procedure, scene.facts, spec.name)
    staged = stage_forbids(scene.lifecycle, spec.name, scene.facts.stage, scene.today)
    # Of the stub of a secret matter nothing is said but that it is one.
    if staged and not (spec.gated and scene.facts.title):
        return unmet + staged
    return unmet + _before(scene, spec, judged) or staged


def _before(scene: Scene, spec: CommandSpec, judged: Mapping[str, Assessment]) -> tuple[Unmet, ...]:
    """The gate that the command asks, or the order of the steps."""
    gate = GATES.get(spec.name)
    if spec.kind is not None and scene.step is not None:
        act = scene.lens.kinds[spec.kind].acts[spec.name]
        gate = act.gate
        if gate is None:
            return () if act.ahead else out_of_order(scene.lens, scene.step, scene.matter)
    return () if gate is None else unmet_before(scene.lens, gate, scene.matter, judged)


def _by_others(
    scene: Scene,
    spec: CommandSpec,
    unmet: tuple[Unmet, ...],
    judged: Mapping[str, Assessment],
    known: dict[str, tuple[date, bool]],
) -> tuple[Unmet, ...]:
    """When somebody else may do it: today, or when the step allows it."""
    day, unsure = scene.today, False
    if unmet and spec.kind is not None and scene.step is not None and scene.facts is not None:
        day, unsure = earliest(scene.lens, scene.facts, judged, scene.step.id, known)
    return tuple(
        replace(each, earliest=day, provisional=unsure) if each.cured_by else each for each in unmet
    )
