"""A meeting in words: what it waits for, and what the next body is told of those before it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from api.presenting.meetings import Sheet, next_act
from api.presenting.proceedings import Proceedings
from procedures.wording import Wording
from tests.unit.builders import Matter, closed, day, directory, meeting, procedure, ready, sitting
from workflow.catalogue import catalogue_for
from workflow.inquiry import Convened
from workflow.meeting import AgendaEntry, Meeting

NOTICE = day("2026-11-04")


def convened(at: Meeting, matter: Matter | None = None) -> Convened:
    matters = {} if matter is None else {matter.facts.number: matter.facts}
    today = date(2026, 11, 6)
    return Convened(at, matters, procedure(), directory(), today, {"2026-1": ()}, NOTICE)


def concluded(at: Meeting, conclusion: str) -> Meeting:
    return replace(at, agenda=(AgendaEntry("2026-1", 1, conclusion),))


@pytest.mark.parametrize(
    ("at", "act", "by"),
    [
        (meeting(), "freeze_agenda", NOTICE),
        (meeting(frozen_on="2026-11-03"), "open_meeting", day("2026-11-06")),
        (concluded(sitting(), ""), "conclude_item", day("2026-11-06")),
        (concluded(sitting(), "adopted"), "close_meeting", day("2026-11-06")),
    ],
)
def test_a_meeting_tells_what_it_waits_for_and_until_when(at: Meeting, act: str, by: date) -> None:
    assert next_act(convened(at)) == (act, by)


def test_a_meeting_that_is_over_waits_for_nothing() -> None:
    assert next_act(convened(closed(sitting()))) is None


def studied() -> Matter:
    """Heard by the Party group, which adopted it against one dissent."""
    matter = ready().passed().listed()
    matter.sat("record_statement", person="party.member.1", stance="reserve", text="再分一步")
    matter.filed(
        "take_ballot",
        {
            "meeting": "PG-2026-1",
            "mode": "hand",
            "for": 2,
            "against": 1,
            "abstain": 0,
            "votes": [{"person": "party.member.1", "vote": "against"}],
        },
    )
    matter.sat("reserve_opinion", person="party.member.1", opinion="应当分步")
    kept = {"meeting": "PG-2026-1", "body": "party_group", "conclusion": "adopted"}
    return matter.filed("conclude_item", {**kept, "decision": "同意"})


def test_the_next_body_is_told_what_the_one_before_came_to_and_who_dissented() -> None:
    catalogue = catalogue_for("zh")
    words = Proceedings(catalogue, Wording(catalogue, procedure(), directory()))
    bodies = procedure().bodies
    (came_to, vote, dissent) = words.heard_before(bodies, studied().facts, "EM-2026-1")
    assert came_to == ("党组会议", "2026年11月6日PG-2026-1：通过。同意")
    assert vote[1].startswith("举手表决：赞成 2，反对 1，弃权 0")
    assert (dissent[0], dissent[1].endswith("：应当分步")) == ("保留意见", True)
    assert list(words.heard_before(bodies, studied().facts, "PG-2026-1")) == []


def test_a_conclusion_without_more_is_told_in_short() -> None:
    catalogue = catalogue_for("en")
    words = Proceedings(catalogue, Wording(catalogue, procedure(), directory()))
    matter = ready().filed(
        "conclude_item", {"meeting": "M1", "body": "gone", "conclusion": "deferred"}
    )
    (told,) = words.heard_before(procedure().bodies, matter.facts, "M2")
    assert told == ("gone", "6 November 2026, M1: deferred")


def test_the_head_comes_first_in_the_minutes_and_the_vote_tells_how_many_it_takes() -> None:
    found = convened(closed(concluded(sitting(), "adopted")), studied())
    text = "".join(Sheet(catalogue_for("zh"), found).minutes().split())
    assert "满" in text
    assert "票方为通过" in text
    assert "应到" in text
