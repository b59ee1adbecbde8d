"""Whether somebody is left who can take a matter on: as it is staffed, as people come and go."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, timedelta

from workflow.decisions.authority import able
from workflow.decisions.scene import Open, Scene
from workflow.definition import Holder, Procedure
from workflow.directory import Appointment, Directory
from workflow.facts import Facts
from workflow.guards import assess_step
from workflow.kin import SEPARATE
from workflow.refusals import Unmet
from workflow.yearly_catalogue import NOT_MAJOR

#: Acts without which a matter goes on as well, or which undo something.
_OPTIONAL = frozenset({"end_decision", "migrate", "withdraw"})


def nobody_left(scene: Scene, facts: Facts) -> tuple[Unmet, ...]:
    """Acts that would have nobody left to do them, were the matter staffed as `facts` says.

    Acts that the matter does not need, of steps or upon its kin, are nobody's concern; nor is the
    ruling that it is no major decision, without which it goes the whole way.
    """
    found: list[Unmet] = []
    apart = [
        each
        for each in scene.procedure.separations
        if each.others or each.units or each.not_appointed_by
    ]
    for act in dict.fromkeys(separation.act for separation in apart):
        steps = scene.procedure.steps_of(act)
        if steps and not any(scene.procedure.required(step, facts.answers) for step in steps):
            continue
        if act == NOT_MAJOR or (act == SEPARATE and not facts.kin):
            continue
        holders = scene.procedure.holders(act)
        if holders and not able(scene.procedure, scene.directory, facts, scene.today, act, holders):
            posted = scene.directory.people(holders, facts, scene.today)
            rule = next(each.rule for each in apart if each.act == act)
            found.append(
                Unmet(
                    "staffing.nobody_left",
                    scene.procedure.rules[rule].citations,
                    {"act": act, "people": tuple(sorted(held.person for held in posted))},
                    cured_by=holders,
                )
            )
    return tuple(found)


def reviews_itself(scene: Scene, lead_unit: str) -> tuple[Unmet, ...]:
    """A unit that gives the verdict cannot undertake the matter that it would have to review."""
    holders = scene.procedure.holders("give_review_verdict")
    reviewing = {
        unit for holder in holders for unit in scene.directory.units_of(holder.of, scene.facts)
    }
    if lead_unit not in reviewing:
        return ()
    rule = scene.procedure.rules["staffing.lead_reviews"]
    return (
        Unmet(
            "staffing.lead_reviews",
            rule.citations,
            {"unit": scene.directory.units[lead_unit].name},
            cured_by=scene.procedure.holders("assign"),
        ),
    )


def left_without(
    scene: Scene, after: Directory, day: date, roles: Collection[str]
) -> tuple[Unmet, ...]:
    """The open matters with what nobody could do on them any more from a day on.

    `after` are the people as they then are, `roles` those of whom the change affects.  Named is
    what somebody could do there without the change: what cannot be done anyway is not owed to it.
    """
    holders = scene.procedure.holders("appoint")
    return tuple(
        Unmet(
            "staffing.left_without",
            scene.procedure.rules["authority"].citations,
            {"matter": open_.facts.number, "act": acts, "after": day - timedelta(days=1)},
            cured_by=holders,
            earliest=scene.today,
        )
        for open_ in scene.concerned(roles)
        if (acts := tuple(dict.fromkeys(_lost(open_, roles, scene.directory, after, day))))
    )


def nobody_appoints(scene: Scene, held: Appointment, last_day: date) -> date | None:
    """The first day on which the end of an appointment leaves nobody who may appoint, if any."""
    holders = scene.procedure.holders("appoint")
    before, after = scene.directory, scene.directory.without(held, last_day)
    ends = {
        each.until
        for each in after.appointments
        if each.until is not None
        and last_day < each.until < date.max
        and any(after.fits(each, holder, None) for holder in holders)
    }
    days = [first_without(held, last_day), *sorted(end + timedelta(days=1) for end in ends)]
    return next(
        (
            day
            for day in days
            if before.people(holders, None, day) and not after.people(holders, None, day)
        ),
        None,
    )


def first_without(held: Appointment, last_day: date) -> date:
    """The first day on which it is missed, if it ends, or is called off, with `last_day`."""
    return max(held.since, last_day + timedelta(days=1))


def concerns(procedure: Procedure, roles: Collection[str]) -> bool:
    """Whether anything in the procedure is for one of the roles to do."""
    acts = (procedure.permissions, *(step.acts for step in procedure.steps.values()))
    return any(
        holder.role in roles for each in acts for holders in each.values() for holder in holders
    )


def _lost(
    open_: Open, roles: Collection[str], before: Directory, after: Directory, day: date
) -> Iterator[str]:
    for act, holders in _to_come(open_):
        if all(holder.role not in roles for holder in holders):
            continue
        if _able(open_, before, act, holders, day) and not _able(open_, after, act, holders, day):
            yield act


def _to_come(open_: Open) -> Iterator[tuple[str, tuple[Holder, ...]]]:
    """What can still be done on the matter, by whom: acts of steps that are open, and moves."""
    procedure, facts = open_.lens.procedure, open_.facts
    commands = _reachable(procedure, facts.stage) - _OPTIONAL
    for act, holders in procedure.permissions.items():
        if act in commands:
            yield act, holders
    for step in procedure.steps.values():
        if not assess_step(open_.lens, step, facts).state.closed:
            for act, holders in step.acts.items():
                if act in commands:
                    yield act, holders


def _reachable(procedure: Procedure, stage: str) -> frozenset[str]:
    """The commands that have a place in this stage or in one that follows from it."""
    stages, waiting, found = {stage}, [stage], set[str]()
    while waiting:
        here = waiting.pop()
        for move in procedure.moves:
            if here in move.sources:
                found.add(move.command)
                if move.to is not None and move.to not in stages:
                    stages.add(move.to)
                    waiting.append(move.to)
    return frozenset(found)


def _able(
    open_: Open, directory: Directory, act: str, holders: tuple[Holder, ...], day: date
) -> bool:
    return bool(able(open_.lens.procedure, directory, open_.facts, day, act, holders))
