"""A meeting that was convened and does not sit is called off, and nothing comes of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.unit.builders import (
    CLERK,
    DIRECTOR,
    KEEPER,
    SECRETARY,
    TODAY,
    codes,
    day,
    directory,
    give,
    law,
    meeting,
    only,
    ready,
)
from workflow.decisions.scene import CallOff
from workflow.directory import Appointment
from workflow.facts import Record
from workflow.meeting import Meeting

PRESENT = [SECRETARY, "party.member.1"]


def done(command: str, **kept: object) -> Record:
    return Record(
        1, command, None, "", KEEPER, None, "general_office", "keeper", kept, 0, day(TODAY)
    )


OPENED = done("open_meeting", chair=SECRETARY, recorder=KEEPER, present=PRESENT)
OFF = done("cancel_meeting", cause="postponed", reasons="改期")


def cancelled(at: Meeting, on: str = TODAY, **changes: Any) -> list[str]:
    return codes(give("cancel_meeting", KEEPER, None, on, at=at, **changes))


def test_it_is_called_off_with_its_cause() -> None:
    verdict = give("cancel_meeting", KEEPER, at=meeting(frozen_on="2026-08-31"))
    assert codes(verdict) == []
    assert verdict.decision.effects == (CallOff(),)
    assert verdict.decision.changes == {"cancelled_on": (None, day(TODAY))}


def test_the_secretary_may_call_it_off_and_a_clerk_may_not() -> None:
    assert codes(give("cancel_meeting", SECRETARY, at=meeting())) == []
    assert codes(give("cancel_meeting", CLERK, at=meeting())) == ["authority.role"]


def test_each_head_has_a_say_in_the_meetings_of_the_own_body_only__order_713_art_30_1() -> None:
    own, other = meeting(body="executive_meeting"), meeting()
    assert codes(give("cancel_meeting", DIRECTOR, at=own)) == []
    assert codes(give("cancel_meeting", DIRECTOR, at=other)) == ["authority.role"]
    assert codes(give("cancel_meeting", SECRETARY, at=own)) == ["authority.role"]
    clerk_too = Appointment(DIRECTOR, "finance", "clerk", day("2026-01-01"), None)
    people = directory()
    posts = replace(people, appointments=(clerk_too, *people.appointments))
    assert codes(give("cancel_meeting", DIRECTOR, at=own, people=posts)) == []
    assert codes(give("cancel_meeting", DIRECTOR, at=other, people=posts)) == ["authority.role"]
    called: dict[str, Any] = {"body": "executive_meeting", "held_on": "2026-11-06"}
    assert codes(give("convene_meeting", DIRECTOR, **called)) == []
    assert codes(give("convene_meeting", SECRETARY, **called)) == ["authority.role"]
    listed = replace(ready(), stage="tabled", meeting="PG-2026-1", on_agenda=other)
    taken_off = give("remove_agenda_item", DIRECTOR, listed, at=other)
    assert codes(taken_off) == ["authority.role"]


def test_nothing_may_be_left_on_its_agenda() -> None:
    unmet = only(give("cancel_meeting", KEEPER, at=meeting(matters=("2026-1",))))
    assert (unmet.code, unmet.params) == ("agenda.items_left", {"matters": ("2026-1",)})


def test_once_opened_it_ends_by_being_closed() -> None:
    at = meeting(matters=("2026-1",), records=(OPENED,))
    assert cancelled(at) == ["agenda.meeting_opened"]


def test_it_is_called_off_once() -> None:
    assert cancelled(meeting(records=(OFF,))) == ["agenda.meeting_cancelled"]


@pytest.mark.parametrize(
    ("present", "refused"),
    [([], []), (PRESENT[:1], []), (PRESENT, ["meeting.quorate"])],
)
def test_a_quorum_is_no_want_of_one__party_group_rules_art_31(
    present: list[str], refused: list[str]
) -> None:
    at = meeting(held_on=TODAY, frozen_on="2026-08-28")
    assert cancelled(at, cause="no_quorum", present=present) == refused


def test_how_many_come_is_seen_on_the_day__party_group_rules_art_31() -> None:
    at = meeting(held_on=TODAY, frozen_on="2026-08-28")
    found = give("cancel_meeting", KEEPER, None, "2026-08-31", at=at, cause="no_quorum", present=[])
    assert codes(found) == ["meeting.on_its_day"]


def test_only_members_count__party_group_rules_art_31() -> None:
    at = meeting(held_on=TODAY, frozen_on="2026-08-28")
    found = give("cancel_meeting", KEEPER, at=at, cause="no_quorum", present=[SECRETARY, KEEPER])
    unmet = only(found)
    assert (unmet.code, law(unmet)) == ("meeting.non_members", ["party_group_rules 31"])


def test_nothing_more_comes_of_it() -> None:
    at = meeting(held_on=TODAY, frozen_on="2026-08-28", records=(OFF,))
    matter = ready(stage="review_passed").passed()
    found = give("propose_agenda_item", CLERK, matter, at=at)
    assert codes(found) == ["agenda.frozen", "agenda.meeting_cancelled"]
    assert codes(give("freeze_agenda", KEEPER, at=at)) == [
        "agenda.frozen",
        "agenda.meeting_cancelled",
    ]
    open_ = meeting(records=(OFF,), matters=("2026-1",))
    assert codes(give("freeze_agenda", KEEPER, at=open_)) == ["agenda.meeting_cancelled"]


def test_what_marks_a_meeting_changes_with_whatever_happens_to_it() -> None:
    """Whoever acts on a meeting says which state of it they saw."""
    states = (
        meeting(),
        meeting(frozen_on="2026-11-02"),
        meeting(matters=("2026-1",)),
        meeting(matters=("2026-1", "2026-2")),
        replace(meeting(), taken_off=meeting(matters=("2026-1",)).agenda),
        meeting(records=(OPENED,)),
    )
    assert len({each.mark for each in states}) == len(states)
    assert meeting().mark == meeting().mark
