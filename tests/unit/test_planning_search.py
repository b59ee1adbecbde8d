"""A plan agrees with a search that walks day by day, on ten thousand random matters.

The seeds are fixed.  Five cases in six are procedures of made-up kinds, searched over plain
numbers (`plan_abstract`); the others are variants of the shipped definitions, searched with the
judges of the real kinds (`plan_search`, `plan_cases`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Final

import pytest

from procedures.kinds import KINDS
from tests.unit import plan_abstract as abstract
from tests.unit.builders import counting
from tests.unit.plan_abstract import day_of, posed, puzzle, solve
from tests.unit.plan_cases import life
from tests.unit.plan_search import REVIEW, Walker, search
from workflow.definition import Procedure
from workflow.guards import Lens
from workflow.planning import Assumption, Leg, Means, Plan, Variant, feasible, plan

CHUNK: Final = 200
ABSTRACT: Final = range(0, 8_400, CHUNK)
REAL: Final = range(0, 1_600, CHUNK)

#: One in so many of the real cases is asked more than the plan, for each question takes a search.
ONE_IN: Final = 8


@pytest.mark.parametrize("first", ABSTRACT)
def test_on_made_up_kinds(first: int) -> None:
    for seed in range(first, first + CHUNK):
        rng = Random(seed)
        case = puzzle(rng)
        lens, facts = posed(case)
        found = plan(lens, facts)
        gate, meeting, closed = solve(case)
        assert (found.tabled_from, found.meeting) == (day_of(gate), day_of(meeting)), seed
        assert {leg.step.id: leg.done for leg in found.legs} == {
            leg.step.id: day_of(closed[leg.step.id]) for leg in found.legs
        }, seed
        wished = meeting + rng.randint(-3, 20)
        wish = feasible(lens, facts, day_of(wished))
        assert wish.feasible is (wished >= meeting), seed
        if found.legs:
            _holds_up(case, rng.choice(found.legs), meeting, seed)
        if wish.legs:
            _holds_up(case, rng.choice(wish.legs), wished, seed)


def _holds_up(case: abstract.Puzzle, leg: Leg, meeting: int, seed: int) -> None:
    """The last day for a step is the last: on it the meeting is made, a day later it is not."""
    latest = abstract.place(leg.latest)
    for day, makes_it in ((latest, True), (latest + 1, False)):
        pieces = [
            replace(piece, not_before=day) if piece.name == leg.step.id else piece
            for piece in case.pieces
        ]
        assert (solve(replace(case, pieces=pieces))[1] <= meeting) is makes_it, (seed, leg)


@pytest.mark.parametrize("first", REAL)
def test_on_the_shipped_definitions(first: int) -> None:
    for seed in range(first, first + CHUNK):
        rng = Random(seed)
        matter = life(rng)
        lens = Lens(matter.rules, KINDS, counting(), matter.today)
        found, walked = plan(lens, matter.facts), search(matter)
        assert walked is not None, seed
        assert (found.tabled_from, found.meeting) == (walked.gate, walked.meeting), seed
        # The review may have to be run again although it is closed.
        told = {leg.step.id: leg.done for leg in found.legs if leg.step.id != REVIEW}
        assert told == {name: walked.closed[name] for name in told}, seed
        if seed % ONE_IN == 0:
            _ask_more(rng, matter, lens, found, seed)


def _ask_more(rng: Random, matter: Walker, lens: Lens, found: Plan, seed: int) -> None:
    assert found.meeting is not None
    # Papers that must go back today cannot be held back.
    back = Assumption.SENT_BACK in {each.what for each in found.assumptions}
    legs = [leg for leg in found.legs if not (back and leg.step.id == REVIEW)]
    if legs:
        leg = rng.choice(legs)
        # Of a step whose first act is done ahead of the rest the plan tells two last days; to hold
        # the step back is to hold back both.
        ahead = [each.latest for each in found.errands if each.step == leg.step]
        for later, makes_it in ((0, True), (1, False)):
            day = min([leg.latest, *ahead]) + timedelta(days=later)
            walked = search(matter.copy(held_back={leg.step.id: day}))
            assert walked is not None, seed
            assert (walked.meeting <= found.meeting) is makes_it, (seed, leg)
    wished = found.meeting - timedelta(days=rng.randint(1, 25))
    wish = feasible(lens, matter.facts, wished)
    assert not wish.feasible, seed
    for variant in wish.alone if wish.together is None else (*wish.alone, wish.together):
        nothing = {(each.step.id, each.rule.id): 0 for each in variant.shortenings}
        walked = search(_approved(matter, variant).copy(rules=_with(matter.rules, nothing)))
        assert walked is not None, seed
        assert walked.meeting == variant.meeting, seed
        assert variant.makes_it is (walked.meeting <= wished), seed
        if variant.makes_it:
            left = {(each.step.id, each.rule.id): each.amount or 0 for each in variant.shortenings}
            _is_the_longest(matter, variant, left, wished, seed)


def _is_the_longest(
    matter: Walker,
    variant: Variant,
    left: Mapping[tuple[str, str], int],
    wished: date,
    seed: int,
) -> None:
    """What is left of the periods makes the wish; of a single one a day more does not."""
    if any(each.rule.also for each in variant.shortenings):
        return
    start = _approved(matter, variant) if 0 in left.values() else matter
    walked = search(start.copy(rules=_with(matter.rules, left)))
    assert walked is not None, seed
    assert walked.meeting <= wished, seed
    if len(left) == 1:
        more = {name: amount + 1 for name, amount in left.items()}
        walked = search(matter.copy(rules=_with(matter.rules, more)))
        assert walked is not None, seed
        assert walked.meeting > wished, seed


def _approved(matter: Walker, variant: Variant) -> Walker:
    """The matter with the approvals filed, as far as they would count by the time of the review."""
    found = matter.copy()
    for each in variant.shortenings:
        if each.means is Means.APPROVAL and found.facts.draft is not None:
            found.core("approve_override", "", each.step.id, rule=each.rule.id)
    return found


def _with(rules: Procedure, amounts: Mapping[tuple[str, str], int]) -> Procedure:
    """The definition with other periods."""
    steps = dict(rules.steps)
    for (step, rule), amount in amounts.items():
        found = steps[step].rules[rule]
        also = tuple(replace(each, value=min(each.value or 0, amount)) for each in found.also)
        changed = replace(found, value=amount, also=also)
        steps[step] = replace(steps[step], rules={**steps[step].rules, rule: changed})
    return replace(rules, steps=steps)
