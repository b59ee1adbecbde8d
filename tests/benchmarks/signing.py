"""What signing adds to a command: counsel's opinion, signed and not signed, in turns."""

from __future__ import annotations

from dataclasses import replace
from statistics import median
from time import process_time
from typing import Final

from tests.benchmarks.journey import ADVICE, COUNSEL, matter_under_review
from tests.benchmarks.office import Office, open_office
from tests.benchmarks.plan import Plan

MICROSECONDS: Final = 1_000_000
ADVISE: Final = "record_counsel_opinion"


def signing(url: str, plan: Plan) -> dict[str, float]:
    """Median microseconds of a durable command, `signed` and `unsigned`, and what it `adds`.

    Processor time: to sign waits for nothing, and is in the transaction that is written anyway.
    The first signature, with which the key is made, is not measured.
    """
    with open_office(url) as office:
        matter = matter_under_review(office)
        service = office.house.service
        signed = dict(service.specs)
        unsigned = {**signed, ADVISE: replace(signed[ADVISE], signed=False)}
        took: dict[str, list[float]] = {"signed": [], "unsigned": []}
        for _ in range(plan.rounds * 2):
            for name, specs in (("signed", signed), ("unsigned", unsigned)):
                # A cached property: whether a command is signed is asked of what stands here.
                service.__dict__["specs"] = specs
                took[name].append(_once(office, matter))
        found = {name: round(median(each) * MICROSECONDS, 1) for name, each in took.items()}
        return found | {"adds": round(found["signed"] - found["unsigned"], 1)}


def _once(office: Office, matter: str) -> float:
    begun = process_time()
    office.do(ADVISE, COUNSEL, ADVICE, matter)
    return process_time() - begun
