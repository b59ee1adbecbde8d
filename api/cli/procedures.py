"""`yicheng procedures`: the definitions, and the proof that each keeps its promise."""

from __future__ import annotations

from datetime import date
from time import perf_counter

from api.cli.failing import REFUSED
from api.cli.forms import Day
from api.cli.invocation import current
from api.cli.shell import Argument, Command, Group, Option


def _list() -> None:
    from api.presenting.definitions import Definitions
    from procedures.book import shipped

    invocation = current()
    found = shipped().all()
    if invocation.as_json:
        invocation.give(
            [
                {
                    "id": each.id,
                    "version": each.version.isoformat(),
                    "digest": each.digest,
                    "name": {"zh": each.name.zh, "en": each.name.en},
                    "lineage": list(each.lineage),
                }
                for each in found
            ]
        )
    else:
        Definitions(invocation.catalogue).write_list(invocation.page, found)


def _show(name: str, version: date | None) -> None:
    from api.presenting.data import procedure_data
    from api.presenting.definitions import Definitions
    from procedures.book import shipped

    invocation = current()
    found = shipped().get(name, version)
    if invocation.as_json:
        invocation.give(procedure_data(found))
    else:
        Definitions(invocation.catalogue).write(invocation.page, found)


def _check() -> int:
    from api.presenting.definitions import Definitions
    from procedures.book import shipped
    from procedures.kinds import KINDS
    from procedures.prover import prove
    from workflow.canonical import plain

    invocation = current()
    words = Definitions(invocation.catalogue)
    faults = 0
    answers: list[dict[str, object]] = []
    for procedure in (*shipped().all(), *shipped().joins()):
        begun = perf_counter()
        proof = prove(procedure, KINDS)
        seconds = perf_counter() - begun
        faults += len(proof.faults)
        if not invocation.as_json:
            words.write_proof(invocation.page, proof, seconds)
            continue
        answers.append(
            {
                "id": procedure.id,
                "version": procedure.version.isoformat(),
                "states": proof.states_explored,
                "faults": [
                    {
                        "code": fault.code,
                        "subject": fault.subject,
                        "message": invocation.catalogue.text(fault.code, **fault.params),
                        "path": [
                            {"command": each.command, "outcome": each.outcome, "stage": each.stage}
                            for each in fault.path
                        ],
                    }
                    for fault in proof.faults
                ],
            }
        )
    if invocation.as_json:
        invocation.give(plain(answers))
    return REFUSED if faults else 0


command = Group(
    "procedures",
    {
        "list": "api.cli.procedures:list_procedures",
        "show": "api.cli.procedures:show",
        "check": "api.cli.procedures:check",
    },
)
list_procedures = Command("procedures.list", callback=_list)
show = Command(
    "procedures.show",
    callback=_show,
    params=[
        Argument("name", about="procedure", required=True),
        Option("--version", about="on", type=Day(), metavar="YYYY-MM-DD"),
    ],
)
check = Command("procedures.check", callback=_check)
