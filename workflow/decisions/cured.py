"""How the reasons of a refusal stand today: which were cured since, and how the others read now."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from workflow.definition import Gate
from workflow.facts import Facts
from workflow.guards import Lens, unmet_before
from workflow.ports import Assessment
from workflow.refusals import Unmet

#: The gates that commands of the lifecycle ask; those of step kinds say so themselves.
_OF_THE_TEXT: Final = ("agenda.text_not_reviewed", "signature.broken", "signature.missing")
_GATES: Mapping[str, Gate] = {"start": Gate.START, "propose_agenda_item": Gate.AGENDA}


def today(
    lens: Lens,
    facts: Facts,
    assessments: Mapping[str, Assessment],
    command: str,
    refusals: tuple[Unmet, ...],
) -> tuple[Unmet | None, ...]:
    """Each condition for which the command was refused as it stands now; None where it is cured.

    What only another attempt can show, such as a fault of the paper that was handed in, stands as
    it did.  Of a matter that is on an agenda or has ended nothing is wanted any more.
    """
    if facts.meeting is not None or lens.procedure.stages[facts.stage].end:
        return (None,) * len(refusals)
    gate = _gate(lens, command)
    found = () if gate is None else unmet_before(lens, gate, facts, assessments)
    own = {step.id for step in lens.procedure.steps_of(command)}
    now = {(unmet.code, unmet.step): unmet for unmet in found}

    def standing(unmet: Unmet) -> Unmet | None:
        if unmet.code == "matter.paused":
            return None if facts.paused_since is None else unmet
        if unmet.code == "stage.not_allowed":
            return None if _allowed(lens, command, facts.stage) else unmet
        of_the_text = unmet.step is None and unmet.code in _OF_THE_TEXT
        if gate is not None and (of_the_text or unmet.step not in {None, *own}):
            return now.get((unmet.code, unmet.step))
        return unmet

    return tuple(standing(unmet) for unmet in refusals)


def _gate(lens: Lens, command: str) -> Gate | None:
    of_kinds = (kind.acts[command].gate for kind in lens.kinds.values() if command in kind.acts)
    return next(of_kinds, _GATES.get(command))


def _allowed(lens: Lens, command: str, stage: str) -> bool:
    return any(move.command == command and stage in move.sources for move in lens.procedure.moves)
