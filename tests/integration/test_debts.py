"""On which matters something is owed, long after the decision and however many there are."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from api.rehearsal import Stage, play
from tests.scenarios.test_scenarios import scenario, stage
from workflow.facts import ISSUE
from workflow.inquiry import matters


def owing(set_stage: Stage, year: int) -> dict[str, list[str]]:
    """What is owed on which matter on the first of February of a year."""
    set_stage.clock.set(datetime(year, 2, 1, tzinfo=UTC))
    found = set_stage.inquiry.debts(set_stage.organisation)
    return {each.facts.number: [unmet.code for unmet in each.owed] for each in found}


def test_an_evaluation_that_falls_due_after_the_close_is_a_debt__order_713_art_36(
    database_url: str,
) -> None:
    written = scenario("profile_half_yearly_type")
    with stage(database_url, profile=written.profile) as set_stage:
        journey = list(play(written, set_stage))
        matter = str(journey[0].matter)
        assert owing(set_stage, 2028) == {}
        assert owing(set_stage, 2031) == {matter: ["evaluation.scheduled"]}


def test_debts_are_told_beyond_the_first_page(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = scenario("void_number")
    with stage(database_url, profile=written.profile) as set_stage:
        issued = {each.matter for each in play(written, set_stage) if each.step.do == ISSUE}
        told = owing(set_stage, 2027)
        assert set(told) <= issued
        monkeypatch.setattr(matters, "PAGE", 1)
        assert owing(set_stage, 2027) == told
