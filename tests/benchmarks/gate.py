"""What it costs to ask the gate, without any database."""

from __future__ import annotations

from dataclasses import replace
from statistics import median
from time import process_time
from typing import Final

from tests.benchmarks.journey import reviewed_matter
from tests.benchmarks.office import ORGANISATION, Office, open_office
from tests.benchmarks.plan import Plan
from workflow.definition import Gate
from workflow.facts import Facts
from workflow.guards import Lens, unmet_before

MICROSECONDS: Final = 1_000_000


def gate(url: str, plan: Plan) -> dict[str, object]:
    """Median microseconds of one judgement before the agenda, of a complete and of an early matter.

    Processor time: nothing is waited for, so on a machine of one's own it is the same as wall time.
    `full` and `early` judge facts that nobody has looked at yet, as a command does; `full_again`
    judges the same facts once more, when what they have folded from the records is known.
    RuntimeError if something stands in the way of the complete matter, or nothing in the other's.
    """
    with open_office(url) as office:
        early = office.matter_in_drafting()
        lens, facts = _look(office, early)
        wanting = len(unmet_before(lens, Gate.AGENDA, facts))
        early_time = _judge(lens, facts, plan, fresh=True)
        lens, facts = _look(office, reviewed_matter(office))
        if not wanting or unmet_before(lens, Gate.AGENDA, facts):
            message = "the gate is not where the measurement takes it to be"
            raise RuntimeError(message)
        return {
            "full": _judge(lens, facts, plan, fresh=True),
            "full_records": len(facts.records),
            "full_again": _judge(lens, facts, plan, fresh=False),
            "early": early_time,
            "early_unmet": wanting,
        }


def _look(office: Office, matter: str) -> tuple[Lens, Facts]:
    house = office.house
    standing = house.inquiry.matter(ORGANISATION, matter)
    return Lens(standing.procedure, house.kinds, house.counting, standing.today), standing.facts


def _judge(lens: Lens, facts: Facts, plan: Plan, *, fresh: bool) -> float:
    """The median over the rounds."""
    rounds = []
    for _ in range(plan.rounds):
        # A copy has none of the properties that its original has already computed.
        given = [replace(facts) if fresh else facts for _ in range(plan.judgements)]
        begun = process_time()
        # Let go of one by one, as a command lets go of its facts: what was folded is not hoarded.
        while given:
            unmet_before(lens, Gate.AGENDA, given.pop())
        rounds.append((process_time() - begun) / plan.judgements)
    return round(median(rounds) * MICROSECONDS, 1)
