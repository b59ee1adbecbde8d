"""A mandate for some acts lends what these acts need to be read, and nothing else of the post."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Final

import pytest

from procedures.book import shipped
from procedures.reading import load_access
from tests.unit.builders import (
    CLERK,
    COUNSEL,
    DIRECTOR,
    EXPERT,
    HEAD,
    KEEPER,
    LEGAL_HEAD,
    SECRETARY,
    SUPERIOR,
    TODAY,
    Matter,
    day,
    directory,
)
from workflow.access import Area, Reach, Rights, Scope, Sight, rights
from workflow.decisions.lending import lent
from workflow.directory import Mandate
from workflow.ties import Party, Side, Tie

RULES: Final = shipped().get("jiyuan_htz")
BASE: Final = load_access().table("base", day(TODAY))
LEAD: Final = frozenset({Party(Side.UNIT, "planning_construction", Tie.LEAD)})
ASKED: Final = frozenset({Party(Side.PERSON, EXPERT, Tie.ASKED)})
#: The areas that tell of matters, meetings and people's own affairs.
TELLING: Final = frozenset(Area) - {
    *(Area.CATALOGUE, Area.PEOPLE, Area.PROCEDURES, Area.LAW, Area.CALENDAR, Area.INBOX)
}


def agent(principal: str, *acts: str, who: str = EXPERT) -> Rights:
    """What somebody sees by such a mandate; an expert sees next to nothing by his own post."""
    mandate = Mandate(1, principal, who, frozenset(acts), day(TODAY), day(TODAY), None)
    people = replace(directory(), mandates={1: mandate})
    lends = partial(lent, RULES, people)
    return rights(BASE, people, who, day(TODAY), lends=lends)


def seen(found: Rights, area: Area = Area.MATTERS) -> dict[str, Sight]:
    """The stages in which anything is seen of a matter of the planning bureau."""
    told = {stage: found.reach(area).of(LEAD, stage) for stage in RULES.stages}
    return {stage: sight for stage, sight in told.items() if sight is not Sight.NONE}


@pytest.mark.parametrize(
    ("principal", "act", "stages"),
    [
        (DIRECTOR, "start", {"proposed"}),
        (SUPERIOR, "start", set()),
        (DIRECTOR, "study", set()),
        (HEAD, "submit_for_review", {"drafting", "returned", "review_failed"}),
        (KEEPER, "open_meeting", {"tabled", "tabled_next"}),
        (KEEPER, "convene_meeting", set()),
        (SECRETARY, "confirm_urgent_item", set()),
        (LEGAL_HEAD, "file_retainer", set()),
        (LEGAL_HEAD, "grant_mandate", set()),
    ],
)
def test_a_mandate_lends_matters_only_where_its_acts_can_be_done(
    principal: str, act: str, stages: set[str]
) -> None:
    found = agent(principal, act)
    for area in (Area.MATTERS, Area.DRAFTS):
        assert set(seen(found, area)) == stages
    assert not found.reach(Area.MATTERS).everything
    assert found.scope(Area.MATTERS) is not Scope.ORGANISATION


def test_what_the_acts_do_not_need_stays_closed() -> None:
    """个人信息保护法 第34条: personal data, the journal and what was voted are not lent along."""
    found = agent(DIRECTOR, "start")
    assert {area for area in TELLING if found.scope(area) is not Scope.NOTHING} == {
        *(Area.MATTERS, Area.DRAFTS, Area.OPINIONS)
    }
    assert found.scope(Area.PEOPLE) is Scope.ORGANISATION
    assert found.units == frozenset({"expert_pool"}), "the agent does not sit where he sits"
    assert found.persons == {EXPERT, DIRECTOR}


def test_an_act_on_a_meeting_lends_meetings_and_one_that_unmasks_lends_names() -> None:
    meetings = agent(KEEPER, "freeze_agenda")
    assert meetings.reach(Area.MEETINGS).everything
    assert meetings.reach(Area.BALLOTS).everything
    assert meetings.scope(Area.PERSONAL_DATA) is meetings.scope(Area.JOURNAL) is Scope.NOTHING
    names = agent(LEGAL_HEAD, "unmask")
    assert names.reach(Area.PERSONAL_DATA).of(LEAD) is Sight.WHOLE
    assert set(seen(names)) == set(RULES.stages)
    assert names.scope(Area.DRAFTS) is Scope.ASKED, "his own as an expert"


def test_a_mandate_for_every_act_lends_everything_that_is_read() -> None:
    found = agent(DIRECTOR)
    assert {area for area in TELLING if not found.reach(area).everything} == set()


def test_a_post_that_stands_in_for_the_deciding_body_is_lent_with_its_acts() -> None:
    found = agent(SUPERIOR, "start").reach(Area.MATTERS)
    deciding = {Party(Side.UNIT, "demonstration_zone", Tie.DECIDING)}
    assert found.of(deciding, "proposed") is Sight.WHOLE
    assert found.of(deciding, "drafting") is found.of(deciding) is Sight.NONE
    # Also what is theirs only because somebody withdrew.
    assert agent(SUPERIOR, "sign_document").reach(Area.MATTERS).of(deciding, "decided")


def test_who_is_asked_lends_only_the_part_that_is_asked() -> None:
    found = agent(EXPERT, "declare_interest", who=CLERK).reach(Area.MATTERS)
    assert found.of(ASKED, "drafting") is Sight.PART
    assert found.of(ASKED, "tabled") is Sight.NONE
    assert found.asked_at_all >= ASKED
    assert found.unasked.of(ASKED, "drafting") is Sight.NONE
    assert agent(COUNSEL, "start", who=CLERK) == replace(
        agent(CLERK, "start", who=CLERK), persons=frozenset({CLERK, COUNSEL})
    )


def test_of_what_is_restricted_an_agent_sees_nothing_without_being_named() -> None:
    facts = replace(Matter().did("restrict_access").facts, stage="proposed")
    found = agent(DIRECTOR, "start")
    assert found.sees(Area.MATTERS, replace(facts, records=()), LEAD) is Sight.WHOLE
    assert found.sees(Area.MATTERS, facts, LEAD) is Sight.NONE


def test_the_same_mandate_twice_is_one() -> None:
    once = agent(DIRECTOR, "start").reach(Area.MATTERS)
    assert once.joined(once).lent == once.lent
    assert Reach().joined(once) == once
