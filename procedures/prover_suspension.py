"""The proof that nothing is carried out while it is suspended, and that a suspension can end.

A decision that is suspended is resumed, adjusted or ended (Order 713 art. 37).  Until
then nobody may carry it out, and it is not closed.  Asked of the machine alone, whatever the stages
are called.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from procedures.kinds.contracting import SIGN
from procedures.kinds.execution import (
    ADJUST,
    ASSIGN,
    COMPLETE,
    PROGRESS,
    RESUME,
    SUSPEND,
    TERMINATE,
)
from procedures.prover_reader import Known, Machine
from procedures.prover_world import PathStep

#: What carries a decision out, or puts it away as carried out.
CARRYING: Final = (ASSIGN, PROGRESS, SIGN, COMPLETE, "close_matter")

#: What ends a suspension.
ENDING: Final = (RESUME, TERMINATE, ADJUST)

Way = tuple[PathStep, ...]


@dataclass(frozen=True, slots=True)
class Carried:
    """An act that can be done while suspended, with the way there from the suspension on."""

    command: str
    way: Way


@dataclass(frozen=True, slots=True)
class Suspensions:
    """What can be done after suspending: `carried` may not be there, `endless` are without end."""

    carried: tuple[Carried, ...]
    endless: tuple[Way, ...]


def suspensions(machine: Machine) -> Suspensions:
    """Everything that a matter can come to between a suspension and its end."""
    carried: dict[str, Carried] = {}
    endless: list[Way] = []
    for begun in dict.fromkeys(known.free for known in _from(machine, SUSPEND)):
        ways = _ways(machine, begun)
        for stage, way in ways.items():
            for known in machine.moves[stage]:
                if known.command in CARRYING and known.free and known.command not in carried:
                    carried[known.command] = Carried(known.command, (*way, _step(known)))
        if not any(
            known.command in ENDING and known.free
            for stage in ways
            for known in machine.moves[stage]
        ):
            endless.append(ways[begun])
    return Suspensions(tuple(carried.values()), tuple(endless))


def _ways(machine: Machine, begun: str) -> dict[str, Way]:
    """The stages that a suspended matter can reach, each with a shortest way from suspending."""
    found: dict[str, Way] = {begun: (PathStep(SUSPEND, "", begun),)}
    open_ = deque([begun])
    while open_:
        stage = open_.popleft()
        for known in machine.moves[stage]:
            if known.command in (*ENDING, *CARRYING) or not known.free or known.free in found:
                continue
            found[known.free] = (*found[stage], _step(known))
            open_.append(known.free)
    return found


def _from(machine: Machine, command: str) -> Iterator[Known]:
    for moves in machine.moves.values():
        yield from (known for known in moves if known.command == command and known.free)


def _step(known: Known) -> PathStep:
    return PathStep(known.command, known.outcome, known.free)
