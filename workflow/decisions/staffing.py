"""Whether somebody is left who can take a matter on, once an appointment has ended."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from workflow.decisions.authority import barred
from workflow.decisions.scene import Open, Scene
from workflow.definition import Holder, Procedure
from workflow.directory import Appointment, Directory
from workflow.guards import assess_step
from workflow.refusals import Unmet

#: Acts without which a matter goes on as well, or which undo something.
_OPTIONAL = frozenset({"migrate", "withdraw"})


def left_without(scene: Scene, held: Appointment, last_day: date) -> tuple[Unmet, ...]:
    """The open matters with what nobody could do on them any more from the day after `last_day`.

    Named is what somebody could do there if the appointment went on: what cannot be done anyway
    is not owed to its end.
    """
    day = last_day + timedelta(days=1)
    after = scene.directory.without(held, last_day)
    holders = scene.procedure.holders("appoint")
    return tuple(
        Unmet(
            "staffing.left_without",
            scene.procedure.rules["authority"].citations,
            {"matter": open_.facts.number, "act": acts, "after": last_day},
            cured_by=holders,
            earliest=scene.today,
        )
        for open_ in scene.concerned()
        if (acts := tuple(dict.fromkeys(_lost(open_, held, scene.directory, after, day))))
    )


def concerns(procedure: Procedure, role: str) -> bool:
    """Whether anything in the procedure is for that role to do."""
    acts = (procedure.permissions, *(step.acts for step in procedure.steps.values()))
    return any(holder.role == role for each in acts for held in each.values() for holder in held)


def _lost(
    open_: Open, held: Appointment, before: Directory, after: Directory, day: date
) -> Iterator[str]:
    for act, holders in _to_come(open_):
        if all(holder.role != held.role for holder in holders):
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
    people = {held.person for held in directory.people(holders, open_.facts, day)}
    return bool(people - barred(open_.lens.procedure, directory, open_.facts, act, day))
