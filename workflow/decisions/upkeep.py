"""A meeting that was convened and does not sit: put off, not needed, or without a quorum."""

from __future__ import annotations

from collections.abc import Iterator

from workflow.ballot import Attendance
from workflow.decisions.scene import CallOff, Decision, Scene
from workflow.decisions.sitting import lacking_quorum, members
from workflow.definition import Holder
from workflow.directory import Appointment
from workflow.meeting_forms import CancelMeeting, Reason
from workflow.refusals import Unmet


def cancel_meeting(scene: Scene, payload: CancelMeeting) -> Decision:
    """Call a meeting off before it was opened; nothing may be left on its agenda.

    The service takes the items off first, each with a record of its own.
    """
    meeting = scene.sitting
    unmet = [*called_off(scene), *of_another_body(scene, "cancel_meeting", meeting.body)]
    if meeting.sitting is not None:
        unmet.append(scene.rule("agenda.meeting_opened", "close_meeting", meeting=meeting.code))
    if payload.cause is Reason.NO_QUORUM:
        unmet.extend(_against_no_quorum(scene, payload))
    listed = tuple(each.matter for each in meeting.agenda if not each.concluded)
    if listed and not unmet:
        # What is refused for another reason is judged with its items still there.
        unmet.append(scene.rule("agenda.items_left", "remove_agenda_item", matters=listed))
    return Decision(
        unmet=tuple(unmet),
        effects=(CallOff(),),
        changes={"cancelled_on": (None, scene.today)},
    )


def of_another_body(scene: Scene, act: str, body: str) -> Iterator[Unmet]:
    """Who presides over another body only has no say in when this one meets, and on what."""
    bodies, holders = scene.procedure.bodies, scene.procedure.holders(act)
    for held in scene.actor.appointments:
        if _fits(scene, held, holders):
            over = {name for name, each in bodies.items() if _fits(scene, held, each.chair)}
            if body in over or not over:
                return
    told = {"account": scene.actor.account}
    law = scene.procedure.rules["authority"].citations
    yield Unmet("authority.role", law, told, cured_by=holders, earliest=scene.today)


def _fits(scene: Scene, held: Appointment, holders: tuple[Holder, ...]) -> bool:
    return any(scene.directory.fits(held, holder, scene.facts) for holder in holders)


def called_off(scene: Scene) -> Iterator[Unmet]:
    """Nothing more comes of a meeting that was called off."""
    if scene.sitting.cancelled:
        yield scene.rule("agenda.meeting_cancelled", "convene_meeting", meeting=scene.sitting.code)


def _against_no_quorum(scene: Scene, payload: CancelMeeting) -> Iterator[Unmet]:
    """Whether too few came is seen on the day, by who came."""
    meeting, due = scene.sitting, members(scene)
    if scene.today < meeting.held_on:
        yield scene.of_body("session", "on_its_day", "cancel_meeting", held_on=meeting.held_on)
    present = frozenset(payload.present)
    if wrong := tuple(sorted(present - due)):
        yield scene.of_body("roster", "non_members", "cancel_meeting", people=wrong)
    if not tuple(lacking_quorum(scene, Attendance(due, present))):
        yield scene.of_body(
            "quorum", "quorate", "open_meeting", due=len(due), there=len(present & due)
        )
