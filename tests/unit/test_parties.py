"""Who has a part in a matter, as its records tell: units and people, each with why."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import pytest

from procedures.book import shipped
from procedures.kinds import KINDS
from tests.unit.builders import (
    CLERK,
    COUNSEL,
    DIRECTOR,
    EXPERT,
    HEAD,
    KEEPER,
    REVIEWER,
    TODAY,
    Matter,
    day,
    directory,
    procedure,
)
from workflow.facts import Record
from workflow.parties import bodies_before, called_on, parties, sits_in, told_to_all
from workflow.ties import Party, Side, Tie

TECHNICAL: Final = {**Matter().answers, "technical": True}


def of(matter: Matter, tie: Tie, side: Side = Side.UNIT) -> set[str]:
    found = parties(matter.rules, matter.facts, matter.people, KINDS)
    return {party.code for party in found if party.tie is tie and party.side is side}


def test_the_units_that_propose_lead_share_and_study() -> None:
    matter = Matter(co_units=("finance",), proposing_unit="economic_development")
    assert of(matter, Tie.PROPOSING) == {"economic_development"}
    assert of(matter, Tie.LEAD) == {"planning_construction"}
    assert of(matter, Tie.CO) == {"finance"}
    assert of(matter, Tie.STUDY) == {"economic_development"}
    assert of(matter.did("assign_study", by=KEEPER), Tie.STUDY) == {"environment_safety"}
    assert of(Matter(lead_unit=None), Tie.LEAD) == set()
    assert of(matter, Tie.EXECUTING) == set()


@pytest.mark.parametrize(
    ("level", "unit"), [("zone", "leadership"), ("superior", "demonstration_zone")]
)
def test_the_unit_that_decides_is_that_of_the_matters_level(level: str, unit: str) -> None:
    """Order 713 art. 27: drafted here, decided above."""
    matter = Matter()
    matter = Matter(answers={**matter.answers, "decision_level": level})
    assert of(matter, Tie.DECIDING) == {unit}


def test_a_unit_with_a_function_is_consulted_where_a_step_asks_it_and_work_has_begun() -> None:
    answers = {**Matter().answers, "spends_money": True}
    assert "finance" in of(Matter(answers=answers), Tie.CONSULTED)
    assert "finance" not in of(Matter(answers=answers, stage="proposed"), Tie.CONSULTED)
    assert "finance" not in of(Matter(), Tie.CONSULTED)
    assert "law_firm" not in of(Matter(answers=answers), Tie.CONSULTED)


def test_units_that_were_heard_have_a_part() -> None:
    matter = Matter(answers={**Matter().answers, "touches_other_units": True})
    assert "environment_safety" not in of(matter, Tie.CONSULTED)
    heard = matter.did("file_unit_opinion", by="environment.head", unit="environment_safety")
    assert "environment_safety" in of(heard, Tie.CONSULTED)
    elsewhere = replace(heard.records[-1], step="research")
    assert "environment_safety" not in of(replace(heard, records=(elsewhere,)), Tie.CONSULTED)


def test_experts_have_a_part_while_they_are_chosen() -> None:
    matter = Matter(answers={**Matter().answers, "technical": True})
    assert of(matter, Tie.ASKED, Side.PERSON) == set()
    chosen = matter.did("choose_experts")
    assert EXPERT in of(chosen, Tie.ASKED, Side.PERSON)
    rewritten = chosen.did("revise_draft").did(
        "revise_draft", nature="substantive", text="第一条　另行规定。"
    )
    assert EXPERT in of(rewritten, Tie.ASKED, Side.PERSON)
    released = chosen.did("release_expert", expert=EXPERT)
    assert EXPERT not in of(released, Tie.ASKED, Side.PERSON)


def test_counsel_has_a_part_from_the_first_text_and_then_only_the_firm_that_advised() -> None:
    """Order 713 art. 28."""
    assert of(Matter(), Tie.ASKED) == set()
    drafted = Matter().did("revise_draft")
    assert of(drafted, Tie.ASKED) == {"law_firm", "second_law_firm"}
    advised = drafted.did("record_counsel_opinion", by=COUNSEL)
    assert of(advised, Tie.ASKED) <= {"law_firm", "second_law_firm", "planning_construction"}
    assert len(of(advised, Tie.ASKED)) == 1


def test_counsel_whom_the_reviewers_asked_has_a_part_and_no_other() -> None:
    """Order 713 art. 28: from before there is a text, and until somebody else is asked."""
    matter = Matter().did("ask_counsel", by=REVIEWER)
    assert (of(matter, Tie.ASKED, Side.PERSON), of(matter, Tie.ASKED)) == ({COUNSEL}, set())
    advised = matter.did("revise_draft").did("record_counsel_opinion", by=COUNSEL)
    assert of(advised, Tie.ASKED, Side.PERSON) == {COUNSEL}
    other = advised.did("ask_counsel", by=REVIEWER, firm="second_law_firm", lawyers=[])
    assert of(other, Tie.ASKED, Side.PERSON) == set()
    assert of(other, Tie.ASKED) == {"second_law_firm"}


@pytest.mark.parametrize("name", ["order_713", "henan", "jiyuan_htz"])
def test_experts_and_counsel_are_asked_while_the_matter_can_come_back_to_them(name: str) -> None:
    """MLPS: what a task needs.  Once it is being carried out, or has ended, nothing comes back."""
    rules = shipped().get(name)
    asked = {
        stage
        for stage in rules.stages
        for matter in [Matter(stage=stage, rules=rules, answers=TECHNICAL).did("revise_draft")]
        if of(matter.did("choose_experts"), Tie.ASKED, Side.PERSON) or of(matter, Tie.ASKED)
    }
    assert asked == {
        *("proposed", "started", "drafting", "awaiting_review", "returned", "under_review"),
        *("awaiting_changes", "review_failed", "review_passed", "tabled", "studied", "tabled_next"),
        *("amending", "decided", "awaiting_reply", "issued"),
    }


def test_a_matter_is_before_the_bodies_that_hear_it_and_those_that_heard_it() -> None:
    rules = procedure()
    assert of(Matter(), Tie.TABLED) == set()
    tabled = Matter(meeting="M2026-001")
    first = rules.meetings(tabled.answers)[0]
    assert bodies_before(rules, tabled.facts) == {first}
    assert of(tabled, Tie.TABLED) == sits_in(rules, first, directory())
    assert sits_in(rules, "executive_meeting", directory()) == {"leadership"}


def test_a_matter_that_every_body_adopted_is_before_none_any_more() -> None:
    matter = Matter(meeting="M2026-001")
    for body in matter.rules.meetings(matter.answers):
        matter = replace(matter, records=(*matter.records, concluded(body)))
    heard = bodies_before(matter.rules, matter.facts)
    assert heard == set(matter.rules.meetings(matter.answers))


def concluded(body: str) -> Record:
    told = {"meeting": "M2026-001", "body": body, "conclusion": "adopted"}
    who = (KEEPER, None, "general_office", "keeper")
    return Record(1, "conclude_item", None, "adopted", *who, told, 1, day(TODAY))


@pytest.mark.parametrize("stage", ["issued", "closed", "withdrawn"])
def test_what_is_decided_or_has_ended_goes_to_whoever_keeps_the_archive(stage: str) -> None:
    """Order 713 art. 33."""
    assert of(Matter(stage=stage), Tie.ARCHIVE) == {"general_office"}
    assert of(Matter(), Tie.ARCHIVE) == set()


def test_people_have_a_part_by_what_they_did_wrote_or_had_done() -> None:
    matter = Matter().did("propose", by=HEAD).did("revise_draft", by=CLERK, authors=[REVIEWER])
    matter = matter.did("start", by=KEEPER, principal=DIRECTOR).did("restrict_access")
    assert of(matter, Tie.DOER, Side.PERSON) == {HEAD, CLERK, KEEPER, DIRECTOR}
    assert of(matter, Tie.AUTHOR, Side.PERSON) == {REVIEWER}
    assert of(matter, Tie.NAMED, Side.PERSON) == {HEAD, "legal.head"}


def test_what_the_matter_is_about_is_told_to_everybody_who_is_asked() -> None:
    steps = procedure().steps
    assert {name for name, step in steps.items() if told_to_all(step)} >= {"study"}
    assert not told_to_all(steps["legality_review"])


def test_a_kind_that_calls_on_nobody_calls_on_nobody() -> None:
    step = procedure().steps["research"]
    found: set[Party] = set(called_on(procedure(), step, Matter().facts, directory(), KINDS))
    assert found == set()
