"""Who may act: roles, mandates, separation of duties; and whether anybody is left who may."""

from __future__ import annotations

from dataclasses import dataclass

from workflow.commands import CommandSpec, RequestWaiver, RuleWaiver
from workflow.decisions.scene import Scene
from workflow.definition import Holder
from workflow.directory import Appointment, Directory
from workflow.facts import Facts
from workflow.ports import Payload
from workflow.refusals import Unmet

MANDATE_COMMANDS = frozenset({"grant_mandate", "end_mandate"})


@dataclass(frozen=True, slots=True)
class Authority:
    """The appointment that an act is done under, or why it may not be done."""

    held: Appointment | None
    unmet: tuple[Unmet, ...]


def authorise(scene: Scene, spec: CommandSpec, payload: Payload) -> Authority:
    """Judge whether the actor may give this command here.

    Somebody whose role has no part in the act is told only that, and not how the matter stands.
    """
    if spec.name in MANDATE_COMMANDS:
        # Anybody with an appointment may let another act for them; limits are in the handler.
        held = next(iter(scene.actor.appointments), None)
        return Authority(held, () if held else (_no_role(scene, ()),))
    holders = holders_of(scene, spec, payload)
    held = _appointment(scene.directory, scene.actor.appointments, holders, scene.facts)
    if held is None:
        return Authority(None, _why_not(scene, spec, holders))
    return Authority(held, _separated(scene, spec))


def holders_of(scene: Scene, spec: CommandSpec, payload: Payload) -> tuple[Holder, ...]:
    """Who may give the command: by the procedure, or by the step that the payload names."""
    if isinstance(payload, RequestWaiver | RuleWaiver):
        step = scene.step
        if step is None or step.waivable is None:
            # Not waivable at all: the handler says so to everybody who takes part in the matter.
            return (*scene.procedure.holders("revise_draft"), *scene.procedure.holders("start"))
        return (
            step.waivable.request if isinstance(payload, RequestWaiver) else step.waivable.approve
        )
    if spec.name == "approve_override":
        rule = None if scene.step is None else scene.step.rules.get(getattr(payload, "rule", ""))
        overriders = () if rule is None else rule.override
        return overriders or scene.procedure.holders("start")
    return scene.procedure.holders(spec.name, scene.step if spec.kind else None)


def nobody_left(scene: Scene, facts: Facts) -> tuple[Unmet, ...]:
    """Acts that would have nobody left to do them, were the matter staffed as `facts` says."""
    found: list[Unmet] = []
    for act in dict.fromkeys(separation.act for separation in scene.procedure.separations):
        barred = {
            person
            for separation in scene.procedure.separations
            if separation.act == act
            for other in separation.others
            for person in facts.doers(other)
        }
        holders = scene.procedure.holders(act)
        able = scene.directory.people(holders, facts, scene.today)
        if holders and all(held.person in barred for held in able):
            rule = next(s.rule for s in scene.procedure.separations if s.act == act)
            found.append(
                Unmet(
                    "staffing.nobody_left",
                    scene.procedure.rules[rule].citations,
                    {"act": act, "people": tuple(sorted(held.person for held in able))},
                    cured_by=holders,
                )
            )
    return tuple(found)


def _appointment(
    directory: Directory,
    appointments: tuple[Appointment, ...],
    holders: tuple[Holder, ...],
    facts: Facts | None,
) -> Appointment | None:
    for holder in holders:
        for held in appointments:
            if directory.fits(held, holder, facts):
                return held
    return None


def _why_not(scene: Scene, spec: CommandSpec, holders: tuple[Holder, ...]) -> tuple[Unmet, ...]:
    roles = {held.role for held in scene.actor.appointments}
    told = tuple(
        Unmet(
            denial.rule,
            scene.procedure.rules[denial.rule].citations,
            {"role": scene.procedure.roles[denial.role].name},
            cured_by=holders,
        )
        for denial in scene.procedure.denials
        if denial.act == spec.name and denial.role in roles
    )
    return told or (_no_role(scene, holders),)


def _no_role(scene: Scene, holders: tuple[Holder, ...]) -> Unmet:
    return Unmet(
        "authority.role",
        scene.procedure.rules["authority"].citations,
        {"account": scene.actor.account},
        cured_by=holders,
    )


def _separated(scene: Scene, spec: CommandSpec) -> tuple[Unmet, ...]:
    """Separation of duties, asked of the agent and of the principal alike."""
    facts = scene.facts
    if facts is None:
        return ()
    return tuple(
        Unmet(
            separation.rule,
            scene.procedure.rules[separation.rule].citations,
            {"people": barred, "other_act": other},
            cured_by=scene.procedure.holders(spec.name),
        )
        for separation in scene.procedure.separations
        if separation.act == spec.name
        for other in separation.others
        if (barred := tuple(sorted(facts.doers(other).intersection(scene.actor.persons))))
    )
