"""The reasons of a refusal as they stand today: what was cured is demanded of nobody any more."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.unit.builders import Matter, day, lens, procedure, ready
from workflow.decisions import cured
from workflow.definition import Gate
from workflow.guards import assess, unmet_before
from workflow.refusals import Unmet

ROLE = Unmet("authority.role", ())
PAUSED = Unmet("matter.paused", ())
STAGE = Unmet("stage.not_allowed", ())
LACKING = Unmet("legality_review.papers_missing", (), step="legality_review")


def today(
    matter: Matter, *refusals: Unmet, command: str = "propose_agenda_item"
) -> list[str | None]:
    view = lens("2026-09-05", matter.rules)
    found = cured.today(view, matter.facts, assess(view, matter.facts), command, refusals)
    return [None if unmet is None else unmet.code for unmet in found]


def blocked(gate: Gate = Gate.AGENDA) -> tuple[Unmet, ...]:
    """What barred a matter of which nothing has been done."""
    matter = Matter()
    return unmet_before(lens("2026-09-01"), gate, matter.facts)


def test_steps_closed_since_are_cured_and_the_others_are_not__order_713_art_25_2() -> None:
    found = dict(zip((u.step for u in blocked()), today(ready(), *blocked()), strict=True))
    assert found["research"] is None
    assert found["legality_review"] == "legality_review.missing"


def test_the_text_is_cured_once_the_review_passed_it__order_713_art_25_2() -> None:
    text = Unmet("agenda.text_not_reviewed", ())
    assert today(ready().passed(), text) == [None]


def test_a_pause_and_a_stage_are_asked_of_the_matter_itself() -> None:
    matter = ready()
    assert today(matter, PAUSED, STAGE) == [None, "stage.not_allowed"]
    matter.stage, matter.paused_since = "review_passed", day("2026-09-02")
    assert today(matter, PAUSED, STAGE) == ["matter.paused", None]


def test_what_only_another_attempt_can_show_stands() -> None:
    found = today(ready(), LACKING, *blocked(Gate.REVIEW), ROLE, command="submit_for_review")
    assert (found[0], found[-1], set(found[1:-1])) == (LACKING.code, ROLE.code, {None})
    call = Unmet("open_call.too_short", (), step="open_call")
    assert today(ready(), call, command="publish_open_call") == [call.code]


@pytest.mark.parametrize("stage", ["withdrawn", "closed"])
def test_of_what_has_ended_nothing_is_wanted(stage: str) -> None:
    matter = replace(ready(), stage=stage)
    assert today(matter, ROLE, *blocked()) == [None] * (1 + len(blocked()))
    assert procedure().stages[stage].end
