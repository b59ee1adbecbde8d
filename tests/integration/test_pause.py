"""A pause shifts the periods that it stops by exactly its days, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Final

import pytest

from tests.integration import house as h
from tests.integration.house import Act, Zone
from tests.integration.test_service_commands import ABOUT_MATTERS, CASES, bring
from workflow.facts import Facts

ACCEPTED: Final = "2026-04-02"
"""A Thursday; 4 to 6 April are the holiday of Qingming, so the seventh working day is 14 April."""
DUE: Final = date(2026, 4, 14)
VERDICT: Final = replace(h.VERDICT, wait=0)


@pytest.fixture
def accepted(zone: Zone) -> Zone:
    """A matter whose papers were accepted on 2 April, with counsel's opinion."""
    zone.advance_to("ready")
    zone.on(ACCEPTED)
    for act in (h.SUBMIT, h.ACCEPT, h.COUNSEL_OPINION):
        zone.do(act)
    return zone


def paused(zone: Zone, since: str, until: str) -> None:
    zone.on(since)
    zone.do(h.PAUSE)
    zone.on(until)
    zone.do(h.RESUME)


def due(zone: Zone) -> date:
    """The day from which the verdict may be given, as its refusal says."""
    outcome = zone.try_(VERDICT)
    (unmet,) = outcome.refusals
    assert unmet.code == "legality_review.too_early"
    assert unmet.params["ends"] == unmet.earliest
    assert isinstance(unmet.earliest, date)
    return unmet.earliest


def test_the_review_takes_seven_working_days(accepted: Zone) -> None:
    assert due(accepted) == DUE
    accepted.on("2026-04-13")
    assert accepted.refuse(VERDICT) == ("legality_review.too_early",)
    accepted.on(DUE)
    accepted.do(VERDICT)


@pytest.mark.parametrize(
    ("pauses", "ends"),
    [
        ((("2026-04-07", "2026-04-10"),), "2026-04-17"),
        ((("2026-04-07", "2026-04-08"),), "2026-04-15"),
        ((("2026-04-03", "2026-04-07"),), "2026-04-15"),
        ((("2026-04-10", "2026-04-13"),), "2026-04-15"),
        ((("2026-04-07", "2026-04-09"), ("2026-04-13", "2026-04-15")), "2026-04-20"),
        ((("2026-04-07", "2026-04-08"), ("2026-04-08", "2026-04-09")), "2026-04-16"),
        ((("2026-04-07", "2026-05-07"),), "2026-05-13"),
    ],
    ids=[
        "three working days",
        "one working day",
        "one working day and a holiday",
        "a working day and a week-end",
        "twice",
        "twice in a row",
        "until a week whose Saturday is worked",
    ],
)
def test_a_pause_shifts_the_review_by_its_days(
    pauses: tuple[tuple[str, str], ...], ends: str, accepted: Zone
) -> None:
    for since, until in pauses:
        paused(accepted, since, until)
    expected = date.fromisoformat(ends)
    assert due(accepted) == expected
    accepted.on(expected)
    accepted.do(VERDICT)


def test_a_pause_of_rest_days_only_shifts_nothing(accepted: Zone) -> None:
    paused(accepted, "2026-04-04", "2026-04-07")
    assert due(accepted) == DUE


def test_paused_and_resumed_on_the_same_day_shifts_nothing(accepted: Zone) -> None:
    paused(accepted, "2026-04-08", "2026-04-08")
    assert due(accepted) == DUE
    facts = accepted.standing().facts
    assert (facts.pauses, facts.paused_since) == ((), None)


def test_a_pause_before_the_papers_were_accepted_shifts_nothing(zone: Zone) -> None:
    zone.advance_to("ready")
    paused(zone, "2026-03-10", "2026-03-20")
    zone.on(ACCEPTED)
    for act in (h.SUBMIT, h.ACCEPT, h.COUNSEL_OPINION):
        zone.do(act)
    assert due(zone) == DUE


def test_a_pause_after_the_time_was_up_shifts_nothing(accepted: Zone) -> None:
    paused(accepted, "2026-04-15", "2026-04-20")
    assert accepted.do(VERDICT).stage == "review_passed"


def test_a_pause_of_another_matter_shifts_nothing(accepted: Zone) -> None:
    mine = accepted.matter
    accepted.on(ACCEPTED)
    accepted.advance_to("drafting")
    paused(accepted, "2026-04-07", "2026-04-10")
    accepted.matter = mine
    assert due(accepted) == DUE


def test_only_the_review_shifts(zone: Zone) -> None:
    """A notice that the public has read keeps its days, whatever becomes of the matter."""
    zone.advance_to("drafted", {**h.PLAIN, "hearing_required_by_law": True})
    zone.do(h.PUBLISH.with_(closes_on="2026-04-10"))
    zone.do(h.HEARING_NOTICE.with_(held_on="2026-03-30"))
    zone.do(h.HEARING_LIST)
    before = {unmet.code: unmet.earliest for unmet in zone.standing().unmet}
    paused(zone, "2026-03-04", "2026-03-16")
    zone.on("2026-03-16")
    after = {unmet.code: unmet.earliest for unmet in zone.standing().unmet}
    assert before["open_call.still_open"] == after["open_call.still_open"] == date(2026, 4, 11)
    assert before["hearing.not_held"] == after["hearing.not_held"] == date(2026, 3, 30)
    zone.do(h.HEARING_PAPERS)
    zone.on("2026-03-30")
    zone.do(replace(h.HEARING, wait=0))
    zone.on("2026-04-10")
    assert zone.refuse(replace(h.CLOSE, wait=0)) == ("open_call.still_open",)
    zone.on("2026-04-11")
    zone.do(replace(h.CLOSE, wait=0))


def test_a_pause_changes_the_matter_in_one_place_only(zone: Zone) -> None:
    zone.advance_to("drafting")
    before = zone.standing().facts
    zone.do(h.PAUSE)
    during = zone.standing().facts
    assert during.paused_since == zone.today
    zone.wait(3)
    zone.do(h.RESUME)
    after = zone.standing().facts
    assert _without_the_pause(before) == _without_the_pause(during) == _without_the_pause(after)
    (span,) = after.pauses
    assert (span.first, span.resumed) == (date(2026, 3, 2), date(2026, 3, 5))


def _without_the_pause(facts: Facts) -> Facts:
    return replace(facts, version=0, records=(), paused_since=None)


def test_old_and_new_are_in_the_journal(zone: Zone) -> None:
    zone.advance_to("drafting")
    zone.do(h.PAUSE)
    zone.do(h.RESUME)
    bodies = [body for (body,) in zone.rows("SELECT body FROM journal ORDER BY seq DESC LIMIT 2")]
    assert '"changes":{"paused_since":{"new":null,"old":{"day":"2026-03-02"}}}' in bodies[0]
    assert '"changes":{"paused_since":{"new":{"day":"2026-03-02"},"old":null}}' in bodies[1]


PAUSABLE: Final = (
    "started",
    "drafting",
    "awaiting_review",
    "returned",
    "under_review",
    "awaiting_changes",
    "review_failed",
    "review_passed",
)


@pytest.mark.parametrize("backend", ["sqlite"])  # the rule is the engine's, not the database's
@pytest.mark.parametrize(
    "name",
    [
        name
        for name in ABOUT_MATTERS
        if name not in ("resume", "withdraw")
        and CASES[name].stage not in ("", "proposed", "tabled")
    ],
)
def test_while_paused_what_would_be_done_is_refused(name: str, zone: Zone) -> None:
    case = CASES[name]
    bring(zone, case)
    zone.do(h.PAUSE)
    before = zone.everything()
    assert "matter.paused" in zone.refuse(case.act)
    assert set(zone.changed(before)) <= {"journal", "journal_head", "alert"}
    zone.do(h.RESUME)
    if name != "give_review_verdict":  # its time has stood still
        zone.do(replace(case.act, wait=0))


@pytest.mark.parametrize("stage", PAUSABLE)
def test_while_paused_it_may_be_resumed_or_withdrawn(stage: str, zone: Zone) -> None:
    zone.advance_to(stage)
    zone.do(h.PAUSE)
    assert zone.refuse(h.PAUSE) == ("matter.paused",)
    zone.do(h.RESUME)
    assert zone.standing().facts.stage == zone.rows("SELECT stage FROM matter")[0][0]
    assert zone.refuse(h.RESUME) == ("matter.not_paused",)
    zone.do(h.PAUSE)
    zone.do(h.WITHDRAW)
    facts = zone.standing().facts
    assert (facts.stage, facts.paused_since) == ("withdrawn", None)


@pytest.mark.parametrize("stage", ["proposed", "declined", "withdrawn", "tabled"])
def test_where_nothing_runs_nothing_is_paused(stage: str, zone: Zone) -> None:
    zone.advance_to(stage)
    assert zone.refuse(h.PAUSE.by(h.DIRECTOR)) == ("stage.not_allowed",)


def test_no_paused_matter_is_tabled_past_the_program(zone: Zone) -> None:
    zone.advance_to("review_passed")
    zone.do(h.CONVENE)
    zone.do(h.PAUSE)
    before = zone.everything()
    said = zone.intruder.refused(
        "INSERT INTO agenda_item (organisation_id, meeting_id, matter_id, clearance_id, place, "
        "listed_at) VALUES (1, 1, 1, 1, 1, '2026-03-02 00:00:00+00')"
    )
    assert said == "yicheng:agenda_item_matter_paused"
    assert zone.everything() == before


@pytest.mark.parametrize(
    "act", [h.PAUSE.by(h.DIRECTOR), h.PAUSE.by(h.HEAD)], ids=lambda act: act.actor
)
def test_who_may_pause_may_resume(act: Act, zone: Zone) -> None:
    zone.advance_to("drafting")
    zone.do(act)
    zone.do(h.RESUME.by(h.DIRECTOR if act.actor == h.HEAD else h.HEAD))
    assert zone.standing().facts.paused_since is None
