"""Appointments (任免): who comes into which post, from when, and who leaves it, on the record.

An appointment counts from the day it is entered at the earliest and ends with that day at the
earliest: what was judged before was judged by who held the post then, and that stays so.
"""

from __future__ import annotations

from collections.abc import Iterator

from workflow.commands import Appoint, EndAppointment
from workflow.decisions.scene import AddAppointment, CloseAppointment, Decision, Scene, refused
from workflow.decisions.staffing import left_without
from workflow.errors import NotFound
from workflow.refusals import Unmet


def appoint(scene: Scene, payload: Appoint) -> Decision:
    """Appoint somebody else, to a post that is free, from today on or later."""
    if payload.person not in scene.directory.persons and payload.name is None:
        raise NotFound("unknown.person", person=payload.person)
    _known(scene, payload)
    if unmet := tuple(_against(scene, payload)):
        return refused(*unmet)
    return Decision(
        effects=(
            AddAppointment(
                payload.person,
                payload.name,
                payload.unit,
                payload.role,
                payload.since,
                payload.until,
            ),
        )
    )


def end_appointment(scene: Scene, payload: EndAppointment) -> Decision:
    """End somebody else's appointment with today or a later day.

    It is not refused for leaving a post empty, for who has left has left; but every open matter
    that nobody can take on any more is named at once.
    """
    if payload.person not in scene.directory.persons:
        raise NotFound("unknown.person", person=payload.person)
    _known(scene, payload)
    unmet = tuple(_of_oneself(scene, payload))
    if payload.last_day < scene.today:
        unmet += (scene.rule("appointment.past_day", last_day=payload.last_day),)
    held = next(
        (
            each
            for each in scene.directory.of_person(payload.person, payload.last_day)
            if (each.unit, each.role) == (payload.unit, payload.role)
            and each.until != payload.last_day
        ),
        None,
    )
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
    if unmet or held is None:
        return refused(*unmet)
    return Decision(
        effects=(CloseAppointment(held, payload.last_day),),
        changes={"until": (held.until, payload.last_day)},
        warnings=left_without(scene, held, payload.last_day),
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
    """Nobody appoints or dismisses himself, nor whom he acts for, nor who acts for him."""
    if payload.person in scene.actor.persons:
        yield scene.rule("appointment.of_oneself", "appoint", people=(payload.person,))
