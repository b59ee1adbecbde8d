"""Sides that do the same work in turns, so that a busy machine slows all of them alike."""

from __future__ import annotations

import gc
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from time import perf_counter


@dataclass(frozen=True)
class Side:
    """One way to do the work: `run` does a batch and tells how much; `prepare` is not timed."""

    name: str
    run: Callable[[], int]
    prepare: Callable[[], None]


@dataclass(frozen=True)
class Race:
    """How much of the work each side did per second, round by round."""

    speeds: dict[str, list[float]]

    def per_second(self, side: str) -> float:
        """The median of a side's rounds."""
        return median(self.speeds[side])

    def ratio(self, side: str, other: str) -> float:
        """The median of how one side did measured by another, each within its own round."""
        return median(self.ratios(side, other))

    def ratios(self, side: str, other: str) -> list[float]:
        """The same of every round, lowest first."""
        pairs = zip(self.speeds[side], self.speeds[other], strict=True)
        return sorted(mine / theirs for mine, theirs in pairs)


def race(sides: Sequence[Side], rounds: int) -> Race:
    """Let all sides run once unmeasured, then `rounds` times, each round begun by another side."""
    for side in sides:
        _timed(side)
    speeds: dict[str, list[float]] = {side.name: [] for side in sides}
    for number in range(rounds):
        first = number % len(sides)
        for side in (*sides[first:], *sides[:first]):
            speeds[side.name].append(_timed(side))
    return Race(speeds)


def _timed(side: Side) -> float:
    side.prepare()
    gc.collect()
    begun = perf_counter()
    done = side.run()
    return done / (perf_counter() - begun)
