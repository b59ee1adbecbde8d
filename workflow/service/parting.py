"""Who has a part in a matter after an accepted act, kept beside it in the same transaction.

What changes is worked out from the facts before and after, so that nothing has to be read for it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from workflow.canonical import canonical
from workflow.decisions.scene import AddMatter, Conclude, Effect, SetMatter, Table, Untable
from workflow.definition import Answer, Procedure
from workflow.directory import Directory
from workflow.facts import Facts, Record
from workflow.meeting import Meeting
from workflow.parties import parties
from workflow.ports import StepKind
from workflow.ties import Party


def changed(
    before: tuple[Procedure, Facts] | None,
    after: tuple[Procedure, Facts],
    directory: Directory,
    kinds: Mapping[str, StepKind],
) -> tuple[frozenset[Party], frozenset[Party]]:
    """The parties that have come to have a part, and those that have it no more."""
    was = frozenset[Party]() if before is None else _of(*before, directory, kinds)
    now = _of(*after, directory, kinds)
    return now - was, was - now


def _of(
    procedure: Procedure, facts: Facts, directory: Directory, kinds: Mapping[str, StepKind]
) -> frozenset[Party]:
    found = procedure.stand_ins(facts.answers)
    oriented = facts if found == facts.stand_ins else replace(facts, stand_ins=found)
    return parties(procedure, oriented, directory, kinds)


def facts_after(
    facts: Facts | None,
    effects: tuple[Effect, ...],
    record: Record,
    stage: str,
    meeting: Meeting | None,
) -> Facts:
    """A matter as it stands once the record is filed and the effects are written.

    Only what its parties can follow from is brought up to date.
    """
    payload = json.loads(canonical(record.payload))
    records = (replace(record, payload=payload),)
    changes: dict[str, Any] = {"stage": stage}
    for effect in effects:
        if isinstance(effect, AddMatter):
            facts = Facts(
                number="",
                title=effect.title or "",
                stage=stage,
                version=1,
                answers={name: _answer(given) for name, given in effect.answers.items()},
                proposing_unit=effect.proposing_unit,
            )
        elif isinstance(effect, SetMatter):
            known = ("answers", "lead_unit", "co_units")
            changes |= {name: effect.values[name] for name in known if name in effect.values}
        elif isinstance(effect, Table) and meeting is not None:
            changes["meeting"] = meeting.code
        elif isinstance(effect, Untable | Conclude):
            changes["meeting"] = None
    if facts is None:
        raise TypeError("only an act on a matter has parties")
    return replace(facts, records=(*facts.records, *records), **changes)


def _answer(given: object) -> Answer:
    """An answer of intake as facts hold it; a proposal has no others."""
    return given if isinstance(given, bool | int) else str(given)
