"""Meetings and their agenda: the place where the gate is asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from workflow.commands import ConveneMeeting, FreezeAgenda, ProposeAgendaItem, RemoveAgendaItem
from workflow.decisions import flags
from workflow.decisions.scene import (
    AddMeeting,
    Decision,
    FreezeMeeting,
    Scene,
    Table,
    Untable,
    refused,
)
from workflow.definition import Gate
from workflow.errors import BadInput
from workflow.guards import unmet_before
from workflow.meeting import Meeting
from workflow.refusals import Unmet


def convene_meeting(scene: Scene, payload: ConveneMeeting) -> Decision:
    """Convene a meeting; its notice must still be possible in time."""
    if payload.body not in scene.procedure.bodies:
        raise BadInput("unknown.body", body=payload.body, known=tuple(scene.procedure.bodies))
    unmet: list[Unmet] = []
    if payload.held_on < scene.today:
        unmet.append(scene.rule("agenda.meeting_past", "convene_meeting", held_on=payload.held_on))
    elif late := _notice_too_late(scene, payload.held_on):
        unmet.append(late)
    return Decision(unmet=tuple(unmet), effects=(AddMeeting(payload.body, payload.held_on),))


def propose_agenda_item(scene: Scene, payload: ProposeAgendaItem) -> Decision:
    """Put a matter on an agenda: only with every step closed and this very text passed.

    What is flagged of it is done all the same, with a warning.
    """
    matter, meeting = scene.matter, _meeting(scene)
    lens = replace(scene.lens, meeting=meeting.held_on)
    unmet = unmet_before(lens, Gate.AGENDA, matter) + _agenda_closed(scene, meeting)
    if matter.meeting is not None:
        unmet += (
            scene.rule("agenda.already_listed", "remove_agenda_item", meeting=matter.meeting),
        )
    seen = (scene.procedure, matter, scene.catalogue, scene.today)
    unmet += flags.barring(*seen)
    review, draft = matter.passing_review, matter.draft
    if unmet or review is None or draft is None:
        return refused(*unmet)
    place = max((entry.place for entry in meeting.agenda), default=0) + 1
    return Decision(
        effects=(Table(draft.number, draft.digest, review.position, place),),
        record={"meeting": meeting.code, "digest_tabled": draft.digest, "place": place},
        changes={"meeting": (None, meeting.code)},
        warnings=flags.flags(*seen),
    )


def remove_agenda_item(scene: Scene, payload: RemoveAgendaItem) -> Decision:
    """Take the matter off the agenda, frozen or not; the gate will be asked anew."""
    if scene.matter.meeting is None:
        return refused(scene.rule("agenda.not_listed"))
    return Decision(effects=(Untable(),), changes={"meeting": (scene.matter.meeting, None)})


def freeze_agenda(scene: Scene, payload: FreezeAgenda) -> Decision:
    """Fix the agenda and send the notice, in time before the meeting."""
    meeting = _meeting(scene)
    if meeting.frozen_on is not None:
        return refused(
            scene.rule(
                "agenda.frozen",
                "convene_meeting",
                frozen_on=meeting.frozen_on,
                meeting=meeting.code,
            )
        )
    unmet: list[Unmet] = []
    if not meeting.agenda:
        unmet.append(scene.rule("agenda.empty", "propose_agenda_item", meeting=meeting.code))
    if late := _notice_too_late(scene, meeting.held_on):
        unmet.append(late)
    return Decision(
        unmet=tuple(unmet),
        effects=(FreezeMeeting(),),
        changes={"frozen_on": (None, scene.today)},
    )


def _meeting(scene: Scene) -> Meeting:
    if scene.meeting is None:
        raise TypeError("this command is about a meeting")
    return scene.meeting


def _agenda_closed(scene: Scene, meeting: Meeting) -> tuple[Unmet, ...]:
    unmet: list[Unmet] = []
    if meeting.frozen_on is not None:
        unmet.append(
            scene.rule(
                "agenda.frozen",
                "convene_meeting",
                frozen_on=meeting.frozen_on,
                meeting=meeting.code,
            )
        )
    elif meeting.held_on < scene.today:
        unmet.append(scene.rule("agenda.meeting_past", "convene_meeting", held_on=meeting.held_on))
    elif late := _notice_too_late(scene, meeting.held_on):
        # The notice names the items, so an item that comes after its last day is an ad-hoc motion.
        unmet.append(late)
    bodies = scene.procedure.bodies
    wanted = scene.matter.next_body(scene.procedure.meetings(scene.matter.answers))
    if wanted is not None and meeting.body != wanted:
        unmet.append(
            scene.rule(
                "agenda.wrong_body",
                "convene_meeting",
                body=bodies[meeting.body].name if meeting.body in bodies else meeting.body,
                wanted=bodies[wanted].name,
            )
        )
    return tuple(unmet)


def _notice_too_late(scene: Scene, held_on: date) -> Unmet | None:
    notice = scene.procedure.rules["agenda.notice"]
    latest, _ = scene.lens.counting.latest(notice, held_on)
    if scene.today <= latest:
        return None
    return scene.rule("agenda.notice", "convene_meeting", latest=latest, held_on=held_on)
