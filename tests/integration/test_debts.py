"""On which matters something is owed, long after the decision and however many there are."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import cast

from api.rehearsal import Stage, play
from tests.scenarios.test_scenarios import scenario, stage
from workflow.inquiry import PAGE
from workflow.inquiry.matters import every_in
from workflow.store import Store


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


class Many:
    """Matters by id, of which a question gives as many as it is asked for."""

    def matters(self, stage: str, after: int, limit: int) -> list[SimpleNamespace]:
        ids = range(after + 1, min(after + limit, PAGE + 2) + 1)
        return [SimpleNamespace(id=each, number=f"{stage}-{each}") for each in ids]


def test_debts_are_told_beyond_the_first_page() -> None:
    told = list(every_in(cast("Store", Many()), "executing"))
    assert told == [f"executing-{each}" for each in range(1, PAGE + 3)]
