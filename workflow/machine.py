"""The lifecycle as one shared state machine per procedure version; the only door to `transitions`.

The library would otherwise let a loaded state be reset, answer a failed condition with a silent
False, and offer automatic triggers past every rule.  So no model is ever attached: a throw-away
position carries the stage of one command through a machine that keeps nothing.
"""

from __future__ import annotations

from functools import cached_property

from transitions import Machine

from workflow.definition import Procedure
from workflow.refusals import Unmet

SEPARATOR = "/"


class Position:
    """Where one matter stands during one command."""

    __slots__ = ("refusals", "state")

    def __init__(self, stage: str, refusals: tuple[Unmet, ...]) -> None:
        self.state = stage
        self.refusals = refusals

    def unrefused(self) -> bool:
        """The condition on every move: nothing stands in the way."""
        return not self.refusals


class Forbidden(Exception):
    """The machine has no such move from this stage, or a refusal stands against it."""


class Lifecycle:
    """The moves of one procedure version, held by `transitions`."""

    def __init__(self, procedure: Procedure) -> None:
        self.procedure = procedure
        # Where the machine has led before: it keeps nothing, so it would lead there again.
        self._moved: dict[tuple[str, str, str], str] = {}
        self._machine = Machine(
            model=None,
            states=list(procedure.stages),
            initial=procedure.initial,
            auto_transitions=False,
            transitions=[
                {
                    "trigger": trigger(move.command, move.outcome),
                    "source": list(move.sources),
                    "dest": move.to,
                    "conditions": "unrefused",
                }
                for move in procedure.moves
            ],
        )

    @cached_property
    def _by_stage(self) -> dict[str, dict[str, tuple[str, ...]]]:
        table: dict[str, dict[str, tuple[str, ...]]] = {
            stage: {} for stage in self.procedure.stages
        }
        for move in self.procedure.moves:
            for source in move.sources:
                known = table[source].get(move.command, ())
                table[source][move.command] = (*known, move.outcome)
        return table

    @cached_property
    def lasting(self) -> frozenset[str]:
        """The stages in which something that comes after the decision can be done."""
        return self.procedure.lasting

    def commands(self, stage: str) -> dict[str, tuple[str, ...]]:
        """Every command with a move from this stage, with the outcomes that it may have."""
        return self._by_stage[stage]

    def sources(self, command: str) -> tuple[str, ...]:
        """The stages from which a command has a move, in the order of the definition."""
        return tuple(stage for stage in self.procedure.stages if command in self._by_stage[stage])

    def move(
        self, stage: str, command: str, outcome: str = "", refusals: tuple[Unmet, ...] = ()
    ) -> str:
        """The stage after the command.

        Raises `Forbidden` where there is no such move or where any refusal stands.
        """
        if not refusals and (stage, command, outcome) in self._moved:
            return self._moved[stage, command, outcome]
        if outcome not in self._by_stage[stage].get(command, ()):
            raise Forbidden(f"{stage}: {command} {outcome}")
        position = Position(stage, refusals)
        if not self._machine.events[trigger(command, outcome)].trigger(position):
            raise Forbidden(f"{stage}: {command} {outcome}: refused")
        self._moved[stage, command, outcome] = position.state
        return position.state


def trigger(command: str, outcome: str) -> str:
    """The name of a move in the machine."""
    return f"{command}{SEPARATOR}{outcome}"
