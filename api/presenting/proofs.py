"""The proof of a definition for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from api.presenting.differences import Differences
from workflow.canonical import plain
from workflow.catalogue import Catalogue
from workflow.difference import compare

if TYPE_CHECKING:
    from procedures.prover import Fault, Proof
    from workflow.definition import Procedure


def proof_data(catalogue: Catalogue, proof: Proof, before: Procedure | None) -> dict[str, Any]:
    """What was found of a definition, and where it is looser than the version before it."""
    procedure = proof.procedure
    looser: list[dict[str, object]] = []
    if before is not None:
        words = Differences(catalogue, before, procedure)
        looser = [words.as_data(each) for each in words.looser(compare(before, procedure))]
    told = plain(
        {
            "id": procedure.id,
            "version": procedure.version.isoformat(),
            "states": proof.states_explored,
            "faults": [_fault(catalogue, fault) for fault in proof.faults],
            "looser": looser,
        }
    )
    return told if isinstance(told, dict) else {}


def _fault(catalogue: Catalogue, fault: Fault) -> dict[str, object]:
    return {
        "code": fault.code,
        "subject": fault.subject,
        "message": catalogue.text(fault.code, **fault.params),
        "path": [
            {"command": each.command, "outcome": each.outcome, "stage": each.stage}
            for each in fault.path
        ],
    }
