"""A meeting from its opening to its minutes: who is due, who is there, and when it may close."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from workflow.ballot import Attendance, at_least, quorate
from workflow.decisions.scene import CloseSitting, Decision, OpenSitting, Scene
from workflow.definition import Body, Rule, answered
from workflow.errors import NotFound
from workflow.meeting_forms import CloseMeeting, OpenMeeting
from workflow.refusals import Unmet

#: What a rule of recusal chooses between: the denominator stays, or shrinks by whoever withdrew.
LEFT_OUT = "left_out"


def open_meeting(scene: Scene, payload: OpenMeeting) -> Decision:
    """Open the meeting on its day, with a quorum, the chair and a recorder of its own."""
    return Decision(unmet=tuple(_against_opening(scene, payload)), effects=(OpenSitting(),))


def close_meeting(scene: Scene, payload: CloseMeeting) -> Decision:
    """Close the meeting once every item has its conclusion; whoever was in the chair issues."""
    meeting = scene.sitting
    unmet: list[Unmet] = []
    sitting = meeting.sitting
    if sitting is None or meeting.closed:
        unmet.append(not_sitting(scene))
    elif payload.issued_by != sitting.chair:
        unmet.append(scene.of_body("record", "minutes", "close_meeting", account=sitting.chair))
    open_ = tuple(each.matter for each in meeting.agenda if not each.concluded)
    if sitting is not None and open_:
        unmet.append(scene.of_body("record", "every_item", "conclude_item", matters=open_))
    return Decision(unmet=tuple(unmet), effects=(CloseSitting(),))


def not_sitting(scene: Scene) -> Unmet:
    """Nothing is deliberated or voted on but in a meeting that sits."""
    return scene.of_body("session", "sitting", "open_meeting", meeting=scene.sitting.code)


def body_of(scene: Scene) -> Body:
    """The body that meets."""
    return scene.procedure.bodies[scene.sitting.body]


def members(scene: Scene) -> frozenset[str]:
    """Who is due to attend (应到会): everybody who is a member on the day of the meeting."""
    held = scene.directory.people(body_of(scene).members, None, scene.sitting.held_on)
    return frozenset(each.person for each in held)


def quorum(scene: Scene) -> tuple[Rule, Fraction]:
    """The share of those due that must be there; for items of some classes a larger one."""
    body = scene.sitting.body
    found = _share(scene.procedure.rules[f"{body}.quorum"])
    special = scene.procedure.body_rule(body, "special_quorum")
    if special is not None and scene.facts is not None:
        answers = scene.facts.answers
        if any(answered(answers, choice) for choice in special.choices):
            return max(found, _share(special), key=lambda told: told[1])
    return found


def _share(rule: Rule) -> tuple[Rule, Fraction]:
    if rule.share is None:
        raise TypeError(f"{rule.id} is no share")
    return rule, rule.share


def majority(scene: Scene) -> tuple[Rule, Fraction]:
    """The share of those due of which more must vote for an item."""
    return _share(scene.procedure.rules[f"{scene.sitting.body}.majority"])


def left_out(scene: Scene) -> bool:
    """Whether whoever withdraws from an item is no longer counted among those due."""
    rule = scene.procedure.body_rule(scene.sitting.body, "recusal")
    return rule is not None and LEFT_OUT in rule.choices


def lacking_quorum(scene: Scene, attendance: Attendance) -> Iterator[Unmet]:
    """Too few are there to take part in the item."""
    rule, share = quorum(scene)
    if not quorate(attendance, share):
        yield Unmet(
            "meeting.quorum",
            rule.citations,
            {
                "due": attendance.base,
                "needed": at_least(attendance.base, share),
                "there": len(attendance.voters),
            },
            cured_by=scene.procedure.holders("convene_meeting"),
        )


def _against_opening(scene: Scene, payload: OpenMeeting) -> Iterator[Unmet]:
    meeting, body = scene.sitting, body_of(scene)
    named = (payload.chair, payload.recorder, *payload.present, *(e.person for e in payload.leave))
    unknown = tuple(name for name in named if name not in scene.directory.persons)
    if unknown:
        raise NotFound("unknown.person", person=unknown)
    if meeting.sitting is not None:
        yield scene.of_body("roster", "opened_once", meeting=meeting.code)
        return
    if meeting.cancelled:
        yield scene.rule("agenda.meeting_cancelled", "convene_meeting", meeting=meeting.code)
    if meeting.frozen_on is None:
        yield scene.of_body("session", "notice", "freeze_agenda", meeting=meeting.code)
    if payload.held_on != meeting.held_on or scene.today < meeting.held_on:
        yield scene.of_body("session", "on_its_day", "open_meeting", held_on=meeting.held_on)
    due = members(scene)
    away = frozenset(each.person for each in payload.leave)
    present = frozenset(payload.present)
    if wrong := tuple(sorted((present | away) - due)):
        yield scene.of_body("roster", "non_members", "open_meeting", people=wrong)
    missing, twice = due - present - away, present & away
    if missing or twice:
        yield scene.of_body(
            "roster", "roster", "open_meeting", people=tuple(sorted(missing | twice))
        )
    if payload.chair not in present or not _may_preside(scene, body, payload.chair):
        yield scene.of_body("roster", "chair", "open_meeting", account=payload.chair)
    if payload.recorder in due:
        yield scene.of_body("roster", "recorder", "open_meeting", account=payload.recorder)
    yield from lacking_quorum(scene, Attendance(due, present))


def _may_preside(scene: Scene, body: Body, person: str) -> bool:
    """Who is in the chair by post, or was entrusted with it by who is."""
    day = scene.sitting.held_on
    chairs = {held.person for held in scene.directory.people(body.chair, None, day)}
    return person in chairs or any(
        mandate.agent == person
        and mandate.principal in chairs
        and mandate.covers("open_meeting", day)
        for mandate in scene.directory.mandates.values()
    )
