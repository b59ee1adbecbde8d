"""What it costs to plan a matter, without any database."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from statistics import median
from time import process_time
from typing import Final

from tests.benchmarks.office import ORGANISATION, open_office
from tests.benchmarks.plan import Plan
from workflow.facts import Facts
from workflow.guards import Lens
from workflow.planning import feasible, plan

MILLISECONDS: Final = 1000

#: A day that only shortened periods can make, and one that is easily made.
SOON, LATER = timedelta(days=40), timedelta(days=200)


def planning(url: str, run: Plan) -> dict[str, object]:
    """Median milliseconds of processor time for one plan of a matter with every step ahead of it.

    The facts are ones that nobody has looked at yet.  `wish` and `vain_wish` add the question for
    a day: one that can be made, and one for which every shortening has to be tried.
    RuntimeError if the matter is not where the measurement takes it to be.
    """
    with open_office(url) as office:
        standing = office.house.inquiry.matter(ORGANISATION, office.matter_in_drafting())
        lens = Lens(standing.procedure, office.house.kinds, office.house.counting, standing.today)
    facts = standing.facts
    found = plan(lens, facts)
    later, soon = found.today + LATER, found.today + SOON
    if len(found.legs) < 3 or not feasible(lens, facts, later).feasible:
        message = "the matter is not where the measurement takes it to be"
        raise RuntimeError(message)
    return {
        "plan": _timed(run, facts, lambda fresh: plan(lens, fresh)),
        "wish": _timed(run, facts, lambda fresh: feasible(lens, fresh, later)),
        "vain_wish": _timed(run, facts, lambda fresh: feasible(lens, fresh, soon)),
        "steps": len(found.legs),
    }


def _timed(run: Plan, facts: Facts, ask: Callable[[Facts], object]) -> float:
    """The median over the rounds."""
    asked = max(1, run.judgements // 10)
    rounds = []
    for _ in range(run.rounds):
        # A copy has none of the properties that its original has already computed.
        given = [replace(facts) for _ in range(asked)]
        begun = process_time()
        for each in given:
            ask(each)
        rounds.append((process_time() - begun) / asked)
    return round(median(rounds) * MILLISECONDS, 3)
