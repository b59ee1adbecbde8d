"""Meetings and their agenda: the place where the gate is asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from workflow.commands import (
    ConveneMeeting,
    FreezeAgenda,
    ProposeAgendaItem,
    RemoveAgendaItem,
    Urgency,
)
from workflow.decisions import flags
from workflow.decisions.authority import confirming
from workflow.decisions.scene import (
    AddMeeting,
    Decision,
    FreezeMeeting,
    Scene,
    Table,
    Untable,
    refused,
)
from workflow.decisions.succeeding import against_succession
from workflow.decisions.upkeep import called_off, of_another_body
from workflow.definition import Gate
from workflow.errors import BadInput, NotFound
from workflow.guards import unmet_before
from workflow.meeting import Meeting, deliberation
from workflow.refusals import Unmet
from workflow.urgency import TRACK


def convene_meeting(scene: Scene, payload: ConveneMeeting) -> Decision:
    """Convene a meeting; its notice must still be possible in time."""
    if payload.body not in scene.procedure.bodies:
        raise BadInput("unknown.body", body=payload.body, known=tuple(scene.procedure.bodies))
    unmet = [*of_another_body(scene, "convene_meeting", payload.body)]
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
    unmet, closed = unmet_before(lens, Gate.AGENDA, matter), _agenda_closed(scene, meeting)
    unmet += closed if payload.urgent is None else _not_urgent(scene, payload.urgent, closed)
    unmet += _unfit_meeting(scene, meeting, told=closed if payload.urgent is None else ())
    if meeting.sitting is not None and _listed_before(scene, meeting):
        # What was said and voted of it there stands.
        unmet += (scene.rule("agenda.once", "convene_meeting", meeting=meeting.code),)
    if matter.meeting is not None:
        unmet += (
            scene.rule("agenda.already_listed", "remove_agenda_item", meeting=matter.meeting),
        )
    bound = flags.under(scene.procedure, scene.profile)
    seen = (bound, matter, scene.catalogue, scene.today)
    unmet += flags.barring(*seen)
    unmet += tuple(against_succession(scene))
    review, draft = matter.passing_review, matter.draft
    if unmet or review is None or draft is None:
        return refused(*unmet)
    place = max((entry.place for entry in meeting.agenda), default=0) + 1
    urgent = payload.urgent is not None
    return Decision(
        effects=(Table(draft.number, draft.digest, review.position, place, urgent),),
        record={
            "meeting": meeting.code,
            "digest_tabled": draft.digest,
            "place": place,
            **_to_be_confirmed(scene, payload),
        },
        changes={"meeting": (None, meeting.code)},
        warnings=flags.flags(*seen),
    )


def remove_agenda_item(scene: Scene, payload: RemoveAgendaItem) -> Decision:
    """Take the matter off the agenda, frozen or not; the gate will be asked anew.

    Once the meeting sits, it leaves with what the meeting came to: nothing said or voted vanishes.
    """
    meeting = scene.matter.meeting
    if meeting is None:
        return refused(scene.rule("agenda.not_listed"))
    unmet = kept_by_sitting(scene)
    if scene.listed is not None:
        unmet += tuple(of_another_body(scene, "remove_agenda_item", scene.listed.body))
    return Decision(unmet, effects=(Untable(),), changes={"meeting": (meeting, None)})


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
            ),
            *called_off(scene),
        )
    unmet = [*called_off(scene)]
    if not meeting.agenda:
        unmet.append(scene.rule("agenda.empty", "propose_agenda_item", meeting=meeting.code))
    if late := _notice_too_late(scene, meeting.held_on):
        unmet.append(late)
    return Decision(
        unmet=tuple(unmet),
        effects=(FreezeMeeting(),),
        changes={"frozen_on": (None, scene.today)},
    )


def kept_by_sitting(scene: Scene) -> tuple[Unmet, ...]:
    """Why an item cannot leave the agenda but with a conclusion: its meeting sits, or voted."""
    listed = scene.listed
    if listed is None:
        return ()
    if deliberation(scene.matter, listed.code).ballot is not None:
        return (scene.rule("agenda.voted", "conclude_item", meeting=listed.code),)
    if listed.sitting is not None:
        return (scene.rule("agenda.in_session", "conclude_item", meeting=listed.code),)
    return ()


def _listed_before(scene: Scene, meeting: Meeting) -> bool:
    listings = scene.matter.of("propose_agenda_item")
    return any(each.text("meeting") == meeting.code for each in listings)


def _meeting(scene: Scene) -> Meeting:
    if scene.meeting is None:
        raise TypeError("this command is about a meeting")
    return scene.meeting


def _agenda_closed(scene: Scene, meeting: Meeting) -> tuple[Unmet, ...]:
    """Why nothing more is added in the ordinary way: the agenda is fixed, or its notice is due."""
    if meeting.frozen_on is not None:
        return (
            scene.rule(
                "agenda.frozen",
                "convene_meeting",
                frozen_on=meeting.frozen_on,
                meeting=meeting.code,
            ),
        )
    late = None if meeting.held_on < scene.today else _notice_too_late(scene, meeting.held_on)
    # The notice names the items, so an item that comes after its last day is an ad-hoc motion.
    return () if late is None else (late,)


def _not_urgent(scene: Scene, urgency: Urgency, closed: tuple[Unmet, ...]) -> tuple[Unmet, ...]:
    """Why an item cannot come onto a closed agenda as urgent; nothing else is lifted by it."""
    if TRACK not in scene.procedure.rules:
        frozen = scene.procedure.rules["agenda.frozen"]
        return (*closed, Unmet("agenda.no_urgent_track", frozen.citations))
    track = scene.procedure.rules["agenda.urgent"]
    unmet: tuple[Unmet, ...] = ()
    meeting = _meeting(scene)
    if not closed or not _notice_too_late(scene, meeting.held_on):
        # What is in time needs no label; else the label would come to stand on everything.  Where
        # this agenda was fixed early, another meeting can still be convened for the same day.
        unmet += (Unmet("agenda.urgent_needless", track.citations),)
    if urgency.approved_by not in scene.directory.persons:
        raise NotFound("unknown.person", person=urgency.approved_by)
    held = scene.directory.people(confirming(scene), scene.matter, scene.today)
    if urgency.approved_by not in {each.person for each in held} - scene.matter.withdrawn():
        told = {"account": urgency.approved_by}
        unmet += (Unmet("agenda.urgent_approver", track.citations, told),)
    holders = scene.procedure.holders("propose_agenda_item")
    return tuple(replace(each, cured_by=holders, earliest=scene.today) for each in unmet)


def _to_be_confirmed(scene: Scene, payload: ProposeAgendaItem) -> dict[str, object]:
    """What the record keeps of an urgent item: with the last day of its confirmation."""
    if payload.urgent is None:
        return {}
    due, _ = scene.lens.counting.end(scene.procedure.rules["agenda.urgent"], scene.today)
    return {"urgent": {**payload.urgent.journal_form(), "confirm_by": due.isoformat()}}


def _unfit_meeting(scene: Scene, meeting: Meeting, *, told: tuple[Unmet, ...]) -> tuple[Unmet, ...]:
    """Why nothing at all can come onto the agenda of this meeting, or not this matter.

    Of one whose agenda is `told` to be closed it goes without saying that its day is past.
    """
    unmet = [*called_off(scene)]
    if not told and (meeting.held_on < scene.today or meeting.closed):
        unmet.append(scene.rule("agenda.meeting_past", "convene_meeting", held_on=meeting.held_on))
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
