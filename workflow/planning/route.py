"""The way through the stages that still lies before a matter: what must be done on it, and where.

Only the moves of the definition are asked; whether a command would be accepted is not.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property

from workflow.definition import Procedure, Step

STARTING, ASSIGNING, REVISING = "start", "assign", "revise_draft"
RETURNING, TABLING = "return_papers", "propose_agenda_item"


@dataclass(frozen=True)
class Route:
    """The stages ahead of a matter that stands in `stage`.

    `reviewing` are the acts of the steps that give verdicts on the text.
    """

    procedure: Procedure
    stage: str
    reviewing: frozenset[str]

    def needs(self, commands: Collection[str]) -> bool:
        """Whether every way to the agenda passes one of these commands."""
        return not self.tabling & self._reach(commands)

    @cached_property
    def tabling(self) -> frozenset[str]:
        """The stages from which a matter can be put on an agenda."""
        return self._sources[TABLING]

    def works_now(self, step: Step) -> bool:
        """Whether the step can be worked on before the review is gone on with."""
        return bool(self.places(step) & self._before_review)

    def works_at_all(self, step: Step) -> bool:
        """Whether any stage that can still be reached allows work on the step."""
        return bool(self.places(step) & self._anywhere)

    def works_without(self, step: Step, command: str) -> bool:
        """Whether the step can be worked on although the command has not been given."""
        return bool(self.places(step) & self._reach((command,)))

    def after(self, command: str) -> str | None:
        """The stage to which the command leads from this one, if it does."""
        return next(
            (
                move.to
                for move in self.procedure.moves
                if move.command == command and self.stage in move.sources
            ),
            None,
        )

    def places(self, step: Step) -> frozenset[str]:
        """The stages that allow an act of the step."""
        return frozenset().union(*(self._sources.get(act, frozenset()) for act in step.acts))

    @cached_property
    def _before_review(self) -> frozenset[str]:
        """The stages to which work leads on, with the text and the review left as they are."""
        steps = {act for step in self.procedure.steps.values() for act in step.acts}
        onward = (steps - self.reviewing) | {STARTING, ASSIGNING}
        return self._reach({move.command for move in self.procedure.moves} - onward)

    @cached_property
    def _anywhere(self) -> frozenset[str]:
        return self._reach(())

    @cached_property
    def _sources(self) -> dict[str, frozenset[str]]:
        found: dict[str, frozenset[str]] = {TABLING: frozenset()}
        for move in self.procedure.moves:
            found[move.command] = found.get(move.command, frozenset()).union(move.sources)
        return found

    def _reach(self, without: Collection[str]) -> frozenset[str]:
        """Every stage that can follow this one, itself included, without these commands."""
        asked = frozenset(without)
        if asked not in self._reached:
            self._reached[asked] = self._walked(asked)
        return self._reached[asked]

    @cached_property
    def _reached(self) -> dict[frozenset[str], frozenset[str]]:
        """What was asked before: many steps ask the same."""
        return {}

    def _walked(self, without: frozenset[str]) -> frozenset[str]:
        found, waiting = {self.stage}, [self.stage]
        while waiting:
            here = waiting.pop()
            for move in self.procedure.moves:
                if move.to is None or move.to in found or here not in move.sources:
                    continue
                if move.command not in without:
                    found.add(move.to)
                    waiting.append(move.to)
        return frozenset(found)
