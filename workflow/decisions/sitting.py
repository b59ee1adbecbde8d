"""A meeting from its opening to its minutes: who is due, who is there, and when it may close."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from workflow.ballot import Attendance, at_least, quorate
from workflow.decisions.scene import CloseSitting, Decision, OpenSitting, Scene
from workflow.definition import Body, Holder, Rule, answered
from workflow.errors import NotFound
from workflow.meeting import Sitting
from workflow.meeting_forms import Change, CloseMeeting, OpenMeeting, RecordAttendance
from workflow.refusals import Unmet

#: What a rule of recusal chooses between: the denominator stays, or shrinks by whoever withdrew.
LEFT_OUT = "left_out"

#: The acts that a mandate must cover: to be in the chair, and to decide in the head's place.
PRESIDE = "open_meeting"
DECIDE = "conclude_item"


def open_meeting(scene: Scene, payload: OpenMeeting) -> Decision:
    """Open the meeting on its day, with a quorum, the chair and a recorder of its own.

    What is entered after the day of the meeting is marked as entered late.
    """
    late = max(0, (scene.today - scene.sitting.held_on).days)
    return Decision(
        unmet=tuple(_against_opening(scene, payload)),
        effects=(OpenSitting(),),
        record={**payload.journal_form(), "days_late": late},
    )


def record_attendance(scene: Scene, payload: RecordAttendance) -> Decision:
    """A member comes late or leaves early; whoever is in the chair stays to the end."""
    sitting = seated(scene)
    if sitting is None:
        return Decision(unmet=(not_sitting(scene),))
    person, there = payload.person, payload.person in sitting.present
    unmet: list[Unmet] = []
    if person not in sitting.due:
        unmet.append(scene.of_body("roster", "non_members", "record_attendance", people=(person,)))
    elif there is (payload.change is Change.ARRIVED):
        unmet.append(scene.of_body("roster", "unchanged", "", account=person))
    elif person == sitting.chair:
        unmet.append(scene.of_body("roster", "chair_stays", "conclude_item", account=person))
    return Decision(unmet=tuple(unmet))


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


def seated(scene: Scene) -> Sitting | None:
    """Who sits; None before the meeting is opened and once it is closed."""
    meeting = scene.sitting
    return None if meeting.closed else meeting.sitting


def body_of(scene: Scene) -> Body:
    """The body that meets."""
    return scene.procedure.bodies[scene.sitting.body]


def members(scene: Scene) -> frozenset[str]:
    """Who is due to attend (应到会): the members on the day of the meeting.

    The opening fixes them; whoever is appointed after it changes nothing in what was voted.
    """
    sitting = scene.sitting.sitting
    if sitting is not None:
        return sitting.due
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
    """Too few are there to take part in the item, by their share or by their number."""
    rule, share = quorum(scene)
    there, needed = len(attendance.voters), at_least(attendance.base, share)
    conveners = scene.procedure.holders("convene_meeting")
    lacking = not quorate(attendance, share)
    if lacking:
        told = {"due": attendance.base, "needed": needed, "there": there}
        yield Unmet("meeting.quorum", rule.citations, told, cured_by=conveners)
    least = scene.procedure.body_rule(scene.sitting.body, "least")
    if least is None or least.value is None or there >= least.value:
        return
    if not lacking or needed < least.value:
        # Who lacks a quorum of as many lacks no more than that.
        told = {"needed": least.value, "there": there}
        yield Unmet("meeting.least", least.citations, told, cured_by=conveners)


def _against_opening(scene: Scene, payload: OpenMeeting) -> Iterator[Unmet]:
    meeting = scene.sitting
    _known(scene, payload)
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
    present = frozenset(payload.present)
    yield from _misnamed(scene, payload, due)
    yield from _against_chair(scene, payload, due)
    yield from _elsewhere(scene, present)
    yield from lacking_quorum(scene, Attendance(due, present))


def _known(scene: Scene, payload: OpenMeeting) -> None:
    away = (*(each.person for each in payload.leave), *payload.absent)
    named = dict.fromkeys((payload.chair, payload.recorder, *payload.present, *away))
    unknown = tuple(name for name in named if name not in scene.directory.persons)
    if unknown:
        raise NotFound("unknown.person", person=unknown)


def _misnamed(scene: Scene, payload: OpenMeeting, due: frozenset[str]) -> Iterator[Unmet]:
    """Members who are named nowhere, twice or as guests, and others who are named as members."""
    away = frozenset((*(each.person for each in payload.leave), *payload.absent))
    if wrong := tuple(sorted((frozenset(payload.present) | away) - due)):
        yield scene.of_body("roster", "non_members", "open_meeting", people=wrong)
    if amiss := _misplaced(payload, due):
        yield scene.of_body("roster", "roster", "open_meeting", people=amiss)
    if members_in := _sitting_in(scene, payload, due):
        yield scene.of_body("roster", "attending_member", "open_meeting", people=members_in)


def _against_chair(scene: Scene, payload: OpenMeeting, due: frozenset[str]) -> Iterator[Unmet]:
    present = frozenset(payload.present)
    if payload.chair not in present or not _may_preside(scene, payload.chair, present):
        yield scene.of_body("roster", "chair", "open_meeting", account=payload.chair)
    if payload.recorder in due:
        yield scene.of_body("roster", "recorder", "open_meeting", account=payload.recorder)


def _misplaced(payload: OpenMeeting, due: frozenset[str]) -> tuple[str, ...]:
    """Who is due and named nowhere, or named twice."""
    named = [*payload.present, *(each.person for each in payload.leave), *payload.absent]
    twice = {name for name in named if named.count(name) > 1}
    return tuple(sorted((due - set(named)) | twice))


def _sitting_in(scene: Scene, payload: OpenMeeting, due: frozenset[str]) -> tuple[str, ...]:
    """The members who are named, by account or name, among those who sit in without a vote."""
    return named(scene, due, payload.attending)


def named(scene: Scene, people: frozenset[str], lines: tuple[str, ...]) -> tuple[str, ...]:
    """Who of these people is meant by one of the lines, be it the account or the name."""
    names = {
        name: person
        for person in people
        for name in (
            person,
            scene.directory.persons[person].zh,
            scene.directory.persons[person].en,
        )
    }
    return tuple(sorted({names[each] for each in lines if each in names}))


def _elsewhere(scene: Scene, present: frozenset[str]) -> Iterator[Unmet]:
    """Another meeting of the body, on the same day and not closed, was sat by others."""
    for other in scene.alongside:
        sitting = other.sitting
        if sitting is not None and not other.closed and sitting.present != present:
            yield scene.of_body("session", "elsewhere", "close_meeting", meeting=other.code)


# --- who presides, and who decides ----------------------------------------------------------------


def heads(scene: Scene) -> frozenset[str]:
    """Whoever is in the chair by post on the day of the meeting."""
    held = scene.directory.people(body_of(scene).chair, None, scene.sitting.held_on)
    return frozenset(each.person for each in held)


def entrusted(scene: Scene, person: str, act: str, without: frozenset[str] = frozenset()) -> bool:
    """Whether somebody was entrusted with an act of the chair, by mandate, for that day.

    By who holds the chair by post, unless he is among those `without` a part in the item; or by
    whom the rule `presiding` of the body names, which is the way where the post is vacant.
    """
    day = scene.sitting.held_on
    rule = scene.procedure.body_rule(scene.sitting.body, "presiding")
    holders: tuple[Holder, ...] = () if rule is None else rule.override
    above = {each.person for each in scene.directory.people(holders, None, day)}
    principals = (heads(scene) - without) | above
    return any(
        mandate.agent == person and mandate.principal in principals and mandate.covers(act, day)
        for mandate in scene.directory.mandates.values()
    )


def _may_preside(scene: Scene, person: str, present: frozenset[str]) -> bool:
    """Who is in the chair by post; where he is not there, whoever was entrusted with it."""
    by_post = heads(scene)
    if by_post & present:
        return person in by_post
    return entrusted(scene, person, PRESIDE)
