"""A meeting that was convened and does not sit: put off, not needed, or without a quorum."""

from __future__ import annotations

from collections.abc import Iterator

from workflow.ballot import Attendance
from workflow.decisions.scene import CallOff, Decision, Scene
from workflow.decisions.sitting import lacking_quorum, members
from workflow.meeting_forms import CancelMeeting, Reason
from workflow.refusals import Unmet


def cancel_meeting(scene: Scene, payload: CancelMeeting) -> Decision:
    """Call a meeting off before it was opened; nothing may be left on its agenda.

    The service takes the items off first, each with a record of its own.
    """
    meeting = scene.sitting
    unmet = [*called_off(scene)]
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
