"""Sides that do the same work in turns, so that a busy machine slows all of them alike."""

from __future__ import annotations

import gc
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from time import perf_counter, process_time


@dataclass(frozen=True)
class Side:
    """One way to do the work: `run` does a batch and tells how much; `prepare` is not timed."""

    name: str
    run: Callable[[], int]
    prepare: Callable[[], None]


@dataclass(frozen=True)
class Lap:
    """One batch: how much was done, in how many seconds, and how many the processor worked."""

    done: int
    seconds: float
    busy: float


@dataclass(frozen=True)
class Race:
    """Every side's batches, round by round."""

    laps: dict[str, list[Lap]]

    def speeds(self, side: str) -> list[float]:
        """How much a side did per second in each round."""
        return [lap.done / lap.seconds for lap in self.laps[side]]

    def per_second(self, side: str) -> float:
        """The median of a side's rounds."""
        return median(self.speeds(side))

    def busy_microseconds(self, side: str) -> float:
        """The median of the processor time that one piece of a side's work takes here.

        What the disk or a server does meanwhile is not in it.
        """
        return median(lap.busy / lap.done for lap in self.laps[side]) * 1_000_000

    def ratio(self, side: str, other: str) -> float:
        """The median of how one side did measured by another, each within its own round."""
        return median(self.ratios(side, other))

    def ratios(self, side: str, other: str) -> list[float]:
        """The same of every round, lowest first."""
        pairs = zip(self.speeds(side), self.speeds(other), strict=True)
        return sorted(mine / theirs for mine, theirs in pairs)


def race(sides: Sequence[Side], rounds: int) -> Race:
    """Let all sides run once unmeasured, then `rounds` times, each round begun by another side."""
    for side in sides:
        _timed(side)
    laps: dict[str, list[Lap]] = {side.name: [] for side in sides}
    for number in range(rounds):
        first = number % len(sides)
        for side in (*sides[first:], *sides[:first]):
            laps[side.name].append(_timed(side))
    return Race(laps)


def _timed(side: Side) -> Lap:
    side.prepare()
    gc.collect()
    begun, idle = perf_counter(), process_time()
    done = side.run()
    return Lap(done, perf_counter() - begun, process_time() - idle)
