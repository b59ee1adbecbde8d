"""The moves of a definition: whether they are of commands, outcomes and stages that there are."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Final

from procedures.merge import Piece
from procedures.problems import Problem
from procedures.reference_parts import Parts
from procedures.schema import ProcedureForm
from workflow.commands import CORE, Subject
from workflow.decisions.deliberating import ONWARD
from workflow.decisions.owing import NOT_CONFIRMED
from workflow.definition import Nature
from workflow.explaining.paths import Path
from workflow.explaining.quoting import described
from workflow.facts import CONCLUDE, CONFIRM, REVIEW_LAPSED
from workflow.meeting_forms import Conclusion
from workflow.ports import StepKind

#: Outcomes of the engine's own commands, where they have any besides the plain one.
CORE_OUTCOMES: Final[Mapping[str, tuple[str, ...]]] = {
    CONFIRM: ("", NOT_CONFIRMED),
    CONCLUDE: (*(each.value for each in Conclusion), ONWARD),
    "migrate": ("", REVIEW_LAPSED),
    "propose": ("", "state_secret"),
    "revise_draft": tuple(nature.value for nature in Nature),
}


def outcomes(kinds: Mapping[str, StepKind]) -> dict[str, tuple[str, ...]]:
    """Every command that a matter can move by, with the outcomes that it may have."""
    found = {
        spec.name: CORE_OUTCOMES.get(spec.name, ("",))
        for spec in CORE.values()
        if spec.name == "propose" or spec.subject in (Subject.MATTER, Subject.MATTER_AND_MEETING)
    }
    for kind in kinds.values():
        found |= {name: act.outcomes for name, act in kind.acts.items()}
    return found


class Moves(Parts):
    """Checks the moves of one definition."""

    def __init__(
        self,
        piece: Piece,
        form: ProcedureForm,
        counting: Collection[str],
        known: Mapping[str, tuple[str, ...]],
    ) -> None:
        super().__init__(piece, form, counting)
        self._outcomes = known
        self._stages = [stage.id for stage in form.stages]
        self._moves: dict[tuple[str, str], set[str]] = {}
        for move in form.moves:
            for command in move.command:
                for outcome in move.outcome:
                    self._moves.setdefault((command, outcome), set()).update(move.from_)

    def of_commands(self) -> Iterator[Problem]:
        """Every move is of a command that there is, from stages that there are, and only once."""
        seen: set[tuple[str, str, str]] = set()
        for place, move in enumerate(self._form.moves):
            at: Path = ("moves", place)
            for index, stage in enumerate(move.from_):
                yield from self._named(
                    (*at, "from", index), "definition.unknown_stage", stage, self._stages
                )
            if move.to is not None:
                yield from self._named(
                    (*at, "to"), "definition.unknown_stage", move.to, self._stages
                )
            for index, command in enumerate(move.command):
                if command not in self._outcomes:
                    yield from self._named(
                        (*at, "command", index),
                        "definition.unknown_command",
                        command,
                        list(self._outcomes),
                    )
                    continue
                for number, outcome in enumerate(move.outcome):
                    if outcome not in self._outcomes[command]:
                        yield self._wrong(
                            (*at, "outcome", number),
                            "definition.unknown_outcome",
                            command=command,
                            found=described(outcome),
                            known=[described(each) for each in self._outcomes[command]],
                        )
                    twice = [s for s in move.from_ if (command, outcome, s) in seen]
                    if twice:
                        yield self._wrong(
                            at, "definition.move_twice", command=command, stages=twice
                        )
                    seen.update((command, outcome, stage) for stage in move.from_)

    def of_act(self, path: Path, act: str) -> Iterator[Problem]:
        """Each outcome that an act may have needs a move wherever the act may be done at all."""
        known = self._outcomes[act]
        stages = {outcome: self._moves.get((act, outcome), set()) for outcome in known}
        anywhere = set().union(*stages.values())
        if not anywhere:
            yield self._wrong(path, "definition.act_without_move", act=act)
        for outcome, there in stages.items():
            for stage in sorted(anywhere - there):
                yield self._wrong(
                    path, "definition.outcome_without_move", act=act, outcome=outcome, stage=stage
                )

    def proposal(self) -> Iterator[Problem]:
        """A matter begins with its proposal, and one with a state secret leaves at once."""
        for outcome in CORE_OUTCOMES["propose"]:
            if self._stages[0] not in self._moves.get(("propose", outcome), ()):
                yield self._wrong(
                    ("moves",),
                    "definition.outcome_without_move",
                    act="propose",
                    outcome=outcome,
                    stage=self._stages[0],
                )
