"""The course of every step kind is the day on which somebody who loses no day gets it closed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Final

import pytest

from procedures.book import shipped
from procedures.kinds import KINDS
from tests.unit.builders import counting
from tests.unit.plan_cases import answers, life
from tests.unit.plan_search import Walker, fingers, when_closed
from workflow.definition import Procedure, Step
from workflow.guards import Lens

CHUNK: Final = 40
SEEDS: Final = range(50_000, 50_200, CHUNK)
REVIEWED: Final = ("awaiting_review", "under_review", "review_passed")


def course_of(matter: Walker, step: Step, start: date) -> date:
    lens = Lens(matter.rules, KINDS, counting(), matter.today)
    return KINDS[step.kind].course(lens.view(step, matter.facts), start).done


def alone(rules: Procedure, step: Step) -> Procedure:
    """The definition with this step and two that never take time: what others hold on to."""
    beside = (rules.steps["research"], rules.steps["participation"])
    steps = {each.id: replace(each, after=()) for each in (*beside, step)}
    return replace(rules, steps=steps)


@pytest.mark.parametrize("first", SEEDS)
def test_of_any_open_step(first: int) -> None:
    for seed in range(first, first + CHUNK):
        matter = life(Random(seed))
        matter.resume()
        for step in matter.open_steps():
            for later in (0, 3, 17):
                start = matter.today + timedelta(days=later)
                only = matter.copy(rules=alone(matter.rules, step), held_back={step.id: start})
                if only.closed(step):
                    continue  # what it wants comes from the other steps
                closed = when_closed(only, step)
                # While the review goes on, some steps have no place.
                assert closed or matter.stage in REVIEWED, (seed, step.id)
                if closed and closed >= start:  # if sooner, it was not its own work that closed it
                    assert course_of(matter, step, start) == closed, (seed, step.id)


@pytest.mark.parametrize("first", SEEDS)
def test_never_ends_sooner_for_starting_later(first: int) -> None:
    for seed in range(first, first + CHUNK):
        matter = life(Random(seed))
        for step in matter.open_steps():
            days = [matter.today + timedelta(days=later) for later in range(70)]
            ends = [course_of(matter, step, day) for day in days]
            assert ends == sorted(ends), (seed, step.id)
            assert all(end >= day for day, end in zip(days, ends, strict=True)), (seed, step.id)


@pytest.mark.parametrize("rules", shipped().all(), ids=lambda rules: rules.id)
def test_of_every_step_that_is_shipped(rules: Procedure) -> None:
    """In whatever kind there is: begun on a day, it ends on one, and later if it begins later."""
    matter = Walker(rules, answers(Random(1), rules), date(2026, 9, 1), stage="drafting")
    for step in rules.steps.values():
        ends = [
            course_of(matter, step, date(2026, 9, 1) + timedelta(days=later)) for later in range(90)
        ]
        assert ends == sorted(ends), step.id


def test_the_days_are_counted_on_the_fingers() -> None:
    rule = shipped().get("order_713").steps["open_call"].rules["period"]
    assert fingers().end(rule, date(2026, 9, 5)) == (date(2026, 10, 8), False)
