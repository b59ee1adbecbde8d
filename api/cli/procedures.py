"""`yicheng procedures`: the definitions, what parts them, and the proof that they hold."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from api.cli.failing import REFUSED
from api.cli.forms import Day
from api.cli.invocation import current
from api.cli.shell import Argument, Command, Group, Option

if TYPE_CHECKING:
    from procedures.prover import Fault


def _list() -> None:
    from api.cli.lawbook import lawbook
    from api.presenting.definitions import Definitions

    invocation = current()
    found = lawbook().all()
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
    from api.cli.lawbook import lawbook
    from api.presenting.data import procedure_data
    from api.presenting.definitions import Definitions

    invocation = current()
    found = lawbook().get(name, version)
    if invocation.as_json:
        invocation.give(procedure_data(found))
    else:
        Definitions(invocation.catalogue).write(invocation.page, found)


def _check(paths: tuple[str, ...]) -> int:
    from api.cli.lawbook import with_joined
    from api.presenting.definitions import Definitions
    from procedures.kinds import KINDS
    from procedures.prover import Explored, prove
    from workflow.canonical import plain

    invocation = current()
    words = Definitions(invocation.catalogue)
    faults = 0
    explored = Explored()
    answers: list[dict[str, object]] = []
    for procedure in with_joined(*map(Path, paths)):
        begun = perf_counter()
        proof = prove(procedure, KINDS, explored)
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
                "faults": [_fault(fault) for fault in proof.faults],
            }
        )
    if invocation.as_json:
        invocation.give(plain(answers))
    return REFUSED if faults else 0


def _fault(fault: Fault) -> dict[str, object]:
    return {
        "code": fault.code,
        "subject": fault.subject,
        "message": current().catalogue.text(fault.code, **fault.params),
        "path": [
            {"command": each.command, "outcome": each.outcome, "stage": each.stage}
            for each in fault.path
        ],
    }


def _diff(first: str, second: str) -> None:
    from api.cli.lawbook import definition
    from api.presenting.differences import Differences
    from workflow.difference import compare

    invocation = current()
    before, after = definition(first), definition(second)
    found = compare(before, after)
    words = Differences(invocation.catalogue, before, after)
    if not invocation.as_json:
        words.write(invocation.page, found)
        return
    sides = {
        name: {"id": each.id, "version": each.version.isoformat(), "digest": each.digest}
        for name, each in (("before", before), ("after", after))
    }
    invocation.give({**sides, "differences": [words.as_data(each) for each in found]})


def _new(profile: str, base: str) -> None:
    from api.cli.lawbook import definition
    from api.presenting.starting import starting_file

    invocation = current()
    invocation.page.block(starting_file(invocation.catalogue, profile, definition(base)))


command = Group(
    "procedures",
    {
        "list": "api.cli.procedures:list_procedures",
        "show": "api.cli.procedures:show",
        "check": "api.cli.procedures:check",
        "diff": "api.cli.procedures:diff",
        "new": "api.cli.procedures:new",
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
check = Command(
    "procedures.check",
    callback=_check,
    params=[Argument("paths", about="definition_paths", nargs=-1)],
)
diff = Command(
    "procedures.diff",
    callback=_diff,
    params=[
        Argument("first", about="definition_before", required=True),
        Argument("second", about="definition_after", required=True),
    ],
)
new = Command(
    "procedures.new",
    callback=_new,
    params=[
        Option("--profile", about="profile", required=True, metavar="NAME"),
        Option("--base", about="base", default="order_713", metavar="NAME"),
    ],
)
