"""How much is measured."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Plan:
    """Counts of a run. `rounds` of a race, `commands` of a side in a round, `matters` of a side.

    `instances` of the BPMN process in a round, `judgements` of the gate in each of its rounds,
    `starts` of every process.  `few` and `many` matters beside which a list is asked for.  At the
    door so many `clients` ask for `door_seconds`, in each of `door_rounds`.
    A bundle of so many `entries` is verified.  Files are of `file_megabytes`, in each of
    `file_rounds`.  A sweep has so many `due`, in each of `sweep_rounds`.
    """

    rounds: int = 15
    commands: int = 100
    matters: int = 100
    instances: int = 4
    judgements: int = 400
    starts: int = 9
    few: int = 10_000
    many: int = 1_000_000
    clients: tuple[int, ...] = (1, 8, 32)
    door_rounds: int = 3
    door_seconds: float = 0.6
    entries: int = 20_000
    file_megabytes: int = 256
    file_rounds: int = 5
    due: int = 1_000
    sweep_rounds: int = 3


TINY = Plan(
    rounds=1,
    commands=2,
    matters=1,
    instances=1,
    judgements=1,
    starts=1,
    few=20,
    many=40,
    clients=(1,),
    door_rounds=1,
    door_seconds=0,
    entries=3,
    file_megabytes=1,
    file_rounds=1,
    due=1,
    sweep_rounds=1,
)
"""Enough to see that everything runs; says nothing of speed."""
