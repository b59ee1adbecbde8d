"""On which matters something is owed, long after the decision and however many there are."""

from __future__ import annotations

from datetime import UTC, datetime

from api.rehearsal import Stage, play
from tests.scenarios.test_scenarios import scenario, stage


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
