"""Whether anything may be owed on a matter after its decision, told when a command is done.

It only narrows down where to look, for inboxes and lists of what is owed: what is owed on a day,
and whether late, `owing` and `planning.after` tell.  So it may say yes too often, never too rarely.
Of what has ended and is archived nobody is asked for anything, but where a step falls due anew.
"""

from __future__ import annotations

from collections.abc import Mapping

from workflow.facts import ARCHIVING, ISSUE, Facts, Record
from workflow.machine import Lifecycle
from workflow.planning import CLOSING
from workflow.ports import StepKind
from workflow.urgency import EXCLUDE, LIST


def may_owe(
    lifecycle: Lifecycle,
    kinds: Mapping[str, StepKind],
    facts: Facts | None,
    stage: str,
    filed: Record,
) -> bool:
    """Whether something may be owed from now on, on any day, whatever becomes of other matters.

    `facts` are those before the act that was `filed`, by which the matter came to stand in `stage`;
    None for a new one.
    """
    procedure = lifecycle.procedure
    ended, lasting = procedure.stages[stage].end, stage in lifecycle.lasting
    return (
        (lasting and not ended)
        or (lasting and any(kinds[each.kind].recurs(each) for each in procedure.steps.values()))
        or any("report_by" in each.payload for each in _acts(facts, filed, EXCLUDE))
        or any(isinstance(each.payload.get("urgent"), dict) for each in _acts(facts, filed, LIST))
        or bool(_acts(facts, filed, ISSUE) and not _acts(facts, filed, CLOSING))
        or (ended and _to_be_archived(lifecycle, facts, stage, filed))
    )


def _acts(facts: Facts | None, filed: Record, command: str) -> tuple[Record, ...]:
    before = () if facts is None else facts.of(command)
    return (*before, filed) if filed.command == command else before


def _to_be_archived(lifecycle: Lifecycle, facts: Facts | None, stage: str, filed: Record) -> bool:
    """Whether it can be archived where it ended, and was not since a step was acted on."""
    if not any(act in lifecycle.commands(stage) for act in ARCHIVING):
        return False
    records = () if facts is None else facts.records
    for record in (filed, *reversed(records)):
        if record.command in ARCHIVING:
            return False
        if record.step is not None:
            return True
    return True
