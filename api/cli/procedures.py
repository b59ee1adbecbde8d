"""`yicheng procedures`: the definitions, what parts them, and the proof that they hold."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from time import perf_counter

from api.cli.failing import REFUSED
from api.cli.forms import Day
from api.cli.invocation import current
from api.cli.shell import Argument, Command, Group, Option
from workflow.errors import NotFound
from workflow.explaining.quoting import shown


def _list() -> None:
    from api.cli.lawbook import lawbook
    from api.presenting.data import head_data
    from api.presenting.definitions import Definitions

    invocation = current()
    found = lawbook().all()
    if invocation.as_json:
        invocation.give([head_data(each) for each in found])
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
    from api.presenting.differences import Differences
    from api.presenting.proofs import proof_data
    from procedures.kinds import KINDS
    from procedures.prover import Explored, prove
    from workflow.difference import compare

    invocation = current()
    words = Definitions(invocation.catalogue)
    faults = 0
    explored = Explored()
    answers: list[dict[str, object]] = []
    book, found = with_joined(*map(Path, paths))
    for procedure in found:
        begun = perf_counter()
        proof = prove(procedure, KINDS, explored)
        seconds = perf_counter() - begun
        faults += len(proof.faults)
        before = book.predecessor(procedure)
        if invocation.as_json:
            answers.append(proof_data(invocation.catalogue, proof, before))
            continue
        words.write_proof(invocation.page, proof, seconds)
        if before is not None:
            differences = Differences(invocation.catalogue, before, procedure)
            if looser := differences.looser(compare(before, procedure)):
                differences.write_looser(invocation.page, looser)
    if invocation.as_json:
        invocation.give(answers)
    return REFUSED if faults else 0


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


def _kinds(name: str | None) -> None:
    from api.presenting.step_kinds import StepKinds
    from procedures.kinds import KINDS

    invocation = current()
    words = StepKinds(invocation.catalogue)
    if name is not None and name not in KINDS:
        raise NotFound("step_kinds.unknown", name=shown(name), known=tuple(KINDS))
    if invocation.as_json:
        chosen = KINDS if name is None else {name: KINDS[name]}
        invocation.give({each.name: words.as_data(each) for each in chosen.values()})
    elif name is None:
        words.write_list(invocation.page, KINDS)
    else:
        words.write(invocation.page, KINDS[name])


command = Group(
    "procedures",
    {
        "list": "api.cli.procedures:list_procedures",
        "show": "api.cli.procedures:show",
        "check": "api.cli.procedures:check",
        "diff": "api.cli.procedures:diff",
        "new": "api.cli.procedures:new",
        "kinds": "api.cli.procedures:kinds",
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
kinds = Command(
    "procedures.kinds",
    callback=_kinds,
    params=[Argument("name", about="step_kind", required=False)],
)
new = Command(
    "procedures.new",
    callback=_new,
    params=[
        Option("--profile", about="profile", required=True, metavar="NAME"),
        Option("--base", about="base", default="order_713", metavar="NAME"),
    ],
)
