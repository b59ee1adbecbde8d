"""From a scene and a payload to a decision: authority, pause, stage, rules, machine. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any

from workflow.commands import CommandSpec, Subject
from workflow.decisions import (
    agenda,
    appointments,
    deliberating,
    drafting,
    filing,
    holidays,
    lifecycle,
    mandates,
    migration,
    owing,
    recurring,
    restricting,
    retaining,
    sitting,
    upkeep,
    waivers,
    yearly,
)
from workflow.decisions.answers import unanswered
from workflow.decisions.authority import authorise
from workflow.decisions.scene import (
    Decision,
    Effect,
    ForgetSenders,
    Scene,
    SetMatter,
    TakeIn,
    TakeNumber,
    refused,
)
from workflow.decisions.staffing import left_by_act
from workflow.definition import Holder, Procedure, Step
from workflow.directory import Appointment
from workflow.facts import Facts
from workflow.guards import assess, earliest, out_of_order, unmet_before
from workflow.idle import owed, says_nothing
from workflow.machine import Lifecycle
from workflow.ports import Payload, Ruling, StepPayload, View
from workflow.refusals import Unmet

# The payload of a handler is the one that its command's spec names.
Handler = Callable[[Scene, Any], Decision]

HANDLERS: Mapping[str, Handler] = {
    "propose": lifecycle.propose,
    "withdraw": lifecycle.withdraw,
    "end_decision": lifecycle.end_decision,
    "start": lifecycle.start,
    "decline": lifecycle.decline,
    "exclude": lifecycle.exclude,
    "file_emergency_report": owing.file_emergency_report,
    "assign": lifecycle.assign,
    "close_matter": lifecycle.close_matter,
    "migrate": migration.migrate,
    "rule_separate": lifecycle.rule_separate,
    "pause": lifecycle.pause,
    "resume": lifecycle.resume,
    "revise_draft": drafting.revise_draft,
    "request_waiver": waivers.request_waiver,
    "rule_waiver": waivers.rule_waiver,
    "approve_override": waivers.approve_override,
    "convene_meeting": agenda.convene_meeting,
    "propose_agenda_item": agenda.propose_agenda_item,
    "confirm_urgent_item": owing.confirm_urgent_item,
    "cancel_meeting": upkeep.cancel_meeting,
    "remove_agenda_item": agenda.remove_agenda_item,
    "freeze_agenda": agenda.freeze_agenda,
    "open_meeting": sitting.open_meeting,
    "close_meeting": sitting.close_meeting,
    "record_attendance": sitting.record_attendance,
    "withdraw_from_item": deliberating.withdraw_from_item,
    "lift_withdrawal": deliberating.lift_withdrawal,
    "record_remark": deliberating.record_remark,
    "file_views": deliberating.file_views,
    "record_statement": deliberating.record_statement,
    "take_ballot": deliberating.take_ballot,
    "conclude_item": deliberating.conclude_item,
    "reserve_opinion": deliberating.reserve_opinion,
    "link_entry": yearly.link_entry,
    "rule_not_major": yearly.rule_not_major,
    "nominate_entry": yearly.nominate_entry,
    "compile_catalogue": yearly.compile_catalogue,
    "consent_catalogue": yearly.consent_catalogue,
    "publish_catalogue": yearly.publish_catalogue,
    "adjust_catalogue": yearly.adjust_catalogue,
    "complete_catalogue": yearly.complete_catalogue,
    "assign_duty": recurring.assign_duty,
    "import_holidays": holidays.import_holidays,
    "file_duty_evidence": recurring.file_duty_evidence,
    "close_duty": recurring.close_duty,
    "grant_mandate": mandates.grant_mandate,
    "end_mandate": mandates.end_mandate,
    "appoint": appointments.appoint,
    "end_appointment": appointments.end_appointment,
    "file_retainer": retaining.file_retainer,
    "register_retainer": retaining.register_retainer,
    "state_clients": retaining.state_clients,
    "end_retainer": retaining.end_retainer,
    "restrict_access": restricting.restrict_access,
    "unmask": restricting.unmask,
    "confirm_quarantine": filing.confirm_quarantine,
    "release_quarantine": filing.release_quarantine,
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """A decision, the step it was about, the appointment it was taken under, the stage after it."""

    decision: Decision
    step: Step | None = None
    held: Appointment | None = None
    stage: str | None = None


def decide(scene: Scene, spec: CommandSpec, payload: Payload) -> Verdict:
    """Judge a command; nothing is changed.  Every unmet condition is collected, not the first."""
    authority = authorise(scene, spec, payload)
    if authority.held is None:
        return Verdict(refused(*_open_to_others(scene, spec, authority.unmet)), scene.step)
    scene = replace(scene, held=authority.held)
    blocked = _open_to_others(scene, spec, authority.unmet)
    blocked += _idle(scene, spec, payload)
    blocked += paused(scene.procedure, scene.facts, spec.name)
    staged = _stage(scene, spec)
    if staged and (not spec.gated or _content_free(scene)):
        return Verdict(refused(*blocked, *staged), scene.step, authority.held)
    decision = filing.with_files(scene, payload, _handle(scene, spec, payload))
    unmet = blocked + decision.unmet
    if not unmet:
        unmet = staged or _elsewhere(scene, spec, decision.outcome)
    if unmet:
        return Verdict(refused(*_curable(scene, spec, unmet)), scene.step, authority.held)
    stage = None
    if spec.subject in (Subject.MATTER, Subject.MATTER_AND_MEETING):
        stage = scene.lifecycle.move(scene.matter.stage, spec.name, decision.outcome, unmet)
    elif spec.name == "propose":
        stage = scene.lifecycle.move(scene.procedure.initial, spec.name, decision.outcome, unmet)
    if stage is not None and not _content_free(scene):
        left = left_by_act(scene, spec.name, decision, stage)
        decision = replace(decision, warnings=decision.warnings + left) if left else decision
    return Verdict(decision, scene.step, authority.held, stage)


def _open_to_others(scene: Scene, spec: CommandSpec, unmet: tuple[Unmet, ...]) -> tuple[Unmet, ...]:
    """When somebody else may do what this person may not: today, or when the step allows it."""
    if not unmet:
        return ()
    day, provisional = scene.today, False
    if spec.kind is not None and scene.step is not None and scene.facts is not None:
        assessments = assess(scene.lens, scene.facts)
        day, provisional = earliest(scene.lens, scene.facts, assessments, scene.step.id)
    return tuple(
        replace(each, earliest=day, provisional=provisional) if each.cured_by else each
        for each in unmet
    )


def _ahead(scene: Scene, spec: CommandSpec) -> bool:
    """Whether the act need not wait for the steps that its own step follows."""
    step = scene.step
    return (
        spec.kind is not None
        and step is not None
        and scene.lens.kinds[step.kind].acts[spec.name].ahead
    )


def _curable(scene: Scene, spec: CommandSpec, unmet: tuple[Unmet, ...]) -> tuple[Unmet, ...]:
    """What is wrong with a paper can be put right as soon as its step may be worked on."""
    steps = {each.step for each in unmet if each.earliest is None and each.cured_by} - {None}
    if not steps:
        return unmet
    assessments = assess(scene.lens, scene.matter)
    known: dict[str, tuple[date, bool]] = {}
    days: dict[str | None, tuple[date, bool]] = {}
    for step in steps:
        days[step] = (scene.today, False)
        for before in () if _ahead(scene, spec) else scene.procedure.steps[str(step)].after:
            then, unsure = earliest(scene.lens, scene.matter, assessments, before, known)
            days[step] = (max(days[step][0], then), days[step][1] or unsure)
    return tuple(
        replace(each, earliest=days[each.step][0], provisional=days[each.step][1])
        if each.earliest is None and each.cured_by and each.step in days
        else each
        for each in unmet
    )


def _able(scene: Scene, step: Step, act: str, day: date | None = None) -> frozenset[str]:
    holders = scene.procedure.holders(act, step)
    people = scene.directory.people(holders, scene.matter, day or scene.today)
    return frozenset(held.person for held in people)


def _posts(scene: Scene, account: str) -> frozenset[str]:
    return frozenset(held.unit for held in scene.directory.of_person(account, scene.today))


def _roles(scene: Scene, unit: str) -> frozenset[str]:
    held = scene.directory.appointments
    return frozenset(each.role for each in held if each.unit == unit and each.valid(scene.today))


def _handle(scene: Scene, spec: CommandSpec, payload: Payload) -> Decision:
    if spec.kind is None:
        return HANDLERS[spec.name](scene, payload)
    step = scene.step
    if step is None or not isinstance(payload, StepPayload):
        raise TypeError(f"{spec.name} belongs to a step")
    lens = scene.lens
    view = View(
        lens.procedure,
        step,
        scene.matter,
        lens.counting,
        lens.today,
        actor=scene.actor.account if scene.actor.mandate is None else "",
        units=scene.directory.unit_names,
        able=partial(_able, scene, step),
        posts=partial(_posts, scene),
        served=partial(_able, scene, step),
        before=scene.before,
        meeting=lens.meeting,
        linked=scene.linked,
        persons=scene.actor.persons,
        functions={unit.id: unit.functions for unit in scene.directory.units.values()},
        series=scene.series,
        paper_of=scene.paper_of,
        unit=scene.unit,
        roles=partial(_roles, scene),
        retainers=scene.directory.retainers,
        waiting=scene.waiting,
    )
    act = scene.lens.kinds[step.kind].acts[spec.name]
    ruling = act.judge(view, payload)
    before: tuple[Unmet, ...] = ()
    if act.gate is not None:
        before = unmet_before(scene.lens, act.gate, scene.matter)
    elif not act.ahead:
        before = out_of_order(scene.lens, step, scene.matter)
    kept = {**payload.journal_form(), **ruling.extra}
    effects: tuple[Effect, ...] = (SetMatter(ruling.links),) if ruling.links else ()
    if ruling.series:
        effects += (TakeNumber(ruling.series, scene.today.year),)
    if ruling.taken_in:
        effects += (TakeIn(ruling.taken_in),)
    if ruling.forgets:
        effects += (ForgetSenders(),)
    decision = Decision(
        before + ruling.unmet,
        ruling.outcome,
        effects,
        kept,
        warnings=ruling.warnings,
        expects=ruling.expects,
    )
    if not ruling.answers:
        return decision
    return _corrected(scene, decision, ruling, spec.name)


def _corrected(scene: Scene, decision: Decision, ruling: Ruling, command: str) -> Decision:
    """The decision with the answers of intake that the act corrects.

    What they bring in beside the procedure may ask more; then that is to be answered with them.
    What is on an agenda was cleared under the answers that it has.
    """
    was = scene.matter.answers
    answers = {**was, **ruling.answers}
    holders = scene.procedure.holders(command, scene.step)
    told = {(each.code, each.params.get("id")) for each in decision.unmet}
    unmet = tuple(
        replace(each, cured_by=holders, earliest=scene.today)
        for each in unanswered(scene.procedure, answers)
        if (each.code, each.params["id"]) not in told
    )
    if scene.matter.meeting is not None:
        unmet += _not_here(scene.lifecycle, command, scene.matter.stage, scene.today)
    changes: dict[str, tuple[object, object]] = {
        f"answers.{name}": (was.get(name), new) for name, new in ruling.answers.items()
    }
    return replace(
        decision,
        unmet=decision.unmet + unmet,
        effects=(*decision.effects, SetMatter({"answers": answers})),
        changes=changes,
    )


def _idle(scene: Scene, spec: CommandSpec, payload: Payload) -> tuple[Unmet, ...]:
    """Refuses reasons that are owed and consist of words that say nothing."""
    rule = scene.procedure.rules["says_nothing"]
    idle = tuple(dict.fromkeys(text for text in owed(payload) if says_nothing(text, rule)))
    if not idle:
        return ()
    cured_by = scene.procedure.holders(spec.name, scene.step)
    today = scene.today if cured_by else None
    told = {"texts": idle}
    return (Unmet("record.says_nothing", rule.citations, told, cured_by=cured_by, earliest=today),)


def _content_free(scene: Scene) -> bool:
    """Whether the matter is the stub of a secret one, of which nothing is to be said here."""
    return scene.facts is not None and not scene.facts.title


def paused(procedure: Procedure, facts: Facts | None, command: str) -> tuple[Unmet, ...]:
    """Why a command has to wait: the matter is paused, and this is no command that ends a pause."""
    if facts is None or facts.paused_since is None or command in procedure.while_paused:
        return ()
    return (
        Unmet(
            "matter.paused",
            procedure.rules["matter.paused"].citations,
            {"since": facts.paused_since},
            cured_by=procedure.holders("resume"),
        ),
    )


def _stage(scene: Scene, spec: CommandSpec) -> tuple[Unmet, ...]:
    if spec.subject not in (Subject.MATTER, Subject.MATTER_AND_MEETING):
        return ()
    return stage_forbids(scene.lifecycle, spec.name, scene.matter.stage, scene.today)


def _elsewhere(scene: Scene, spec: CommandSpec, outcome: str) -> tuple[Unmet, ...]:
    """Refuses what the stage knows the command for, and not with what would come of it."""
    if spec.subject not in (Subject.MATTER, Subject.MATTER_AND_MEETING):
        return ()
    stage, machine = scene.matter.stage, scene.lifecycle
    if outcome in machine.commands(stage)[spec.name]:
        return ()
    return _not_here(machine, spec.name, stage, scene.today, outcome)


def stage_forbids(machine: Lifecycle, command: str, stage: str, today: date) -> tuple[Unmet, ...]:
    """Why a command has no place in a stage: where the matter is, and where the command belongs.

    Whoever may take the matter on from that stage can cure it, today at the earliest.
    """
    return () if command in machine.commands(stage) else _not_here(machine, command, stage, today)


def _not_here(
    machine: Lifecycle, command: str, stage: str, today: date, outcome: str | None = None
) -> tuple[Unmet, ...]:
    procedure = machine.procedure
    cured_by = _who_moves_on(procedure, stage)
    return (
        Unmet(
            "stage.not_allowed",
            procedure.rules["stage.not_allowed"].citations,
            {
                "stage": procedure.stages[stage].name,
                "allowed": tuple(
                    procedure.stages[name].name
                    for name in machine.sources(command)
                    if name != stage
                    and (outcome is None or outcome in machine.commands(name)[command])
                ),
            },
            cured_by=cured_by,
            earliest=today if cured_by else None,
        ),
    )


def _who_moves_on(procedure: Procedure, stage: str) -> tuple[Holder, ...]:
    """Who may take a matter from a stage to another from which it can still go on."""
    left = {source for move in procedure.moves if move.to is not None for source in move.sources}
    return tuple(
        dict.fromkeys(
            holder
            for move in procedure.moves
            if stage in move.sources and move.to is not None and move.to != stage
            if move.to in left
            for holder in procedure.holders(move.command)
        )
    )
