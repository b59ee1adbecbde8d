"""Appointments (任免): who comes into which post, from when, and who leaves it, on the record.

An appointment counts from the day it is entered at the earliest and ends with that day at the
earliest: what was judged before was judged by who held the post then, and that stays so.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from workflow.commands import Appoint, EndAppointment
from workflow.decisions.scene import (
    AddAppointment,
    CloseAppointment,
    Decision,
    Open,
    Scene,
    refused,
)
from workflow.decisions.staffing import first_without, left_without, nobody_appoints
from workflow.directory import Appointment
from workflow.errors import NotFound
from workflow.refusals import Unmet

ONE_DAY: Final = timedelta(days=1)


def appoint(scene: Scene, payload: Appoint) -> Decision:
    """Appoint somebody else, to a post that is free, from today on or later.

    Who comes into one post may be barred from what he does in another: every open matter that
    nobody can take on any more for it is named at once.
    """
    if payload.person not in scene.directory.persons and payload.name is None:
        raise NotFound("unknown.person", person=payload.person)
    _known(scene, payload)
    if unmet := tuple(_against(scene, payload)):
        return refused(*unmet)
    held = Appointment(
        payload.person,
        payload.unit,
        payload.role,
        payload.since,
        payload.until,
        scene.actor.account,
    )
    others = {
        each.role
        for each in scene.directory.appointments
        if each.person == payload.person and each.meets(payload.since, payload.until)
    }
    return Decision(
        warnings=left_without(scene, scene.directory.with_(held), payload.since, others)
        if others
        else (),
        effects=(
            AddAppointment(
                payload.person,
                payload.name,
                payload.unit,
                payload.role,
                payload.since,
                payload.until,
            ),
        ),
    )


def end_appointment(scene: Scene, payload: EndAppointment) -> Decision:
    """End somebody else's appointment with today or a later day, or call off one to come.

    It is not refused for leaving a post empty, for who has left has left; but every open matter
    that nobody can take on any more is named at once.  It is refused where nobody would be left
    who may appoint: there would be no way back.
    """
    if payload.person not in scene.directory.persons:
        raise NotFound("unknown.person", person=payload.person)
    _known(scene, payload)
    unmet = (*_of_oneself(scene, payload), *_own_matter(scene, payload))
    if payload.last_day < scene.today:
        unmet += (scene.rule("appointment.past_day", last_day=payload.last_day),)
    held = _to_end(scene, payload)
    if held is None:
        unmet += (
            scene.rule(
                "appointment.not_held",
                "appoint",
                account=payload.person,
                last_day=payload.last_day,
                unit=scene.directory.units[payload.unit].name,
                role=scene.procedure.roles[payload.role].name,
            ),
        )
    elif day := nobody_appoints(scene, held, payload.last_day):
        unmet += (scene.rule("appointment.nobody_appoints", "appoint", day=day),)
    if unmet or held is None:
        return refused(*unmet)
    return Decision(
        effects=(CloseAppointment(held, payload.last_day),),
        changes={"until": (held.until, payload.last_day)},
        warnings=left_without(
            scene,
            scene.directory.without(held, payload.last_day),
            first_without(held, payload.last_day),
            {held.role},
        ),
    )


def _to_end(scene: Scene, payload: EndAppointment) -> Appointment | None:
    """What is held on the last day and beyond, or else the next to come."""
    there = [
        each
        for each in scene.directory.appointments
        if (each.person, each.unit, each.role) == (payload.person, payload.unit, payload.role)
        and (each.until is None or max(each.since, payload.last_day + ONE_DAY) <= each.until)
    ]
    return min(there, key=lambda each: each.since, default=None)


def _own_matter(scene: Scene, payload: Appoint | EndAppointment) -> Iterator[Unmet]:
    """Nobody changes who judges an open matter of his own unit."""
    judging = [each for each in scene.procedure.separations if each.not_appointed_by]
    if all(h.role != payload.role for each in judging for h in scene.procedure.holders(each.act)):
        return
    matters: list[str] = []
    units: set[str] = set()
    for open_ in scene.concerned({payload.role}):
        if own := _judged(scene, open_, payload):
            matters.append(open_.facts.number)
            units |= own
    if matters:
        yield scene.rule(
            "appointment.own_matter",
            "appoint",
            matters=tuple(matters),
            units=tuple(sorted(units)),
            unit=scene.directory.units[payload.unit].name,
            role=scene.procedure.roles[payload.role].name,
        )


def _judged(scene: Scene, open_: Open, payload: Appoint | EndAppointment) -> frozenset[str]:
    """The actor's own units whose matter this is, where the post judges it."""
    directory, procedure = scene.directory, open_.lens.procedure
    sides = {
        unit
        for each in procedure.separations
        for relation in each.not_appointed_by
        for unit in directory.units_of(relation, open_.facts)
        if any(
            holder.role == payload.role
            and payload.unit in directory.units_of(holder.of, open_.facts)
            for holder in procedure.holders(each.act)
        )
    }
    return frozenset(
        held.unit
        for person in scene.actor.persons
        for held in directory.of_person(person, scene.today)
        if held.unit in sides
    )


def _known(scene: Scene, payload: Appoint | EndAppointment) -> None:
    """Raises NotFound for a unit or a role that there is not."""
    units, roles = scene.directory.units, scene.procedure.roles
    if payload.unit not in units:
        named = tuple(unit.name.typed(unit.id) for unit in units.values())
        raise NotFound("unknown.unit", units=(payload.unit,), known=tuple(units), named=named)
    if payload.role not in roles:
        raise NotFound("unknown.role", role=payload.role, known=tuple(roles))


def _against(scene: Scene, payload: Appoint) -> Iterator[Unmet]:
    yield from _of_oneself(scene, payload)
    yield from _own_matter(scene, payload)
    if payload.name is not None and payload.person in scene.directory.persons:
        yield scene.rule("appointment.account_taken", "appoint", account=payload.person)
    if payload.decided_on > scene.today:
        yield scene.rule("record.future_day", day=payload.decided_on)
    ends_first = payload.until is not None and payload.until < payload.since
    if payload.since < scene.today or ends_first:
        yield scene.rule(
            "appointment.dates", "appoint", since=payload.since, until=payload.until or ""
        )
    there = [
        each
        for each in scene.directory.appointments
        if (each.unit, each.role) == (payload.unit, payload.role)
        and each.meets(payload.since, payload.until)
    ]
    if any(each.person == payload.person for each in there):
        yield scene.rule(
            "appointment.already_held",
            "end_appointment",
            account=payload.person,
            unit=scene.directory.units[payload.unit].name,
            role=scene.procedure.roles[payload.role].name,
        )
    others = tuple(each.person for each in there if each.person != payload.person)
    if others and scene.procedure.roles[payload.role].single:
        yield scene.rule(
            "appointment.held_by_another",
            "end_appointment",
            people=others,
            unit=scene.directory.units[payload.unit].name,
            role=scene.procedure.roles[payload.role].name,
        )


def _of_oneself(scene: Scene, payload: Appoint | EndAppointment) -> Iterator[Unmet]:
    """Nobody appoints or dismisses himself."""
    if payload.person == scene.actor.account:
        yield scene.rule("appointment.of_oneself", "appoint", people=(payload.person,))
