"""Everything that `make bench` measures, as one JSON object."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from tests.benchmarks.door.measured import ACT, READS, door
from tests.benchmarks.durable import SERVICE, durable, findings
from tests.benchmarks.filing import filing
from tests.benchmarks.gate import gate
from tests.benchmarks.listing import listing
from tests.benchmarks.machine import machine
from tests.benchmarks.plan import Plan
from tests.benchmarks.planning import planning
from tests.benchmarks.racing import Race
from tests.benchmarks.signing import signing
from tests.benchmarks.spiff import FULL, LIGHT, spiff_sides
from tests.benchmarks.starting import processes
from tests.benchmarks.verifying import verifying
from tests.databases import Databases


def measure(
    sqlite: Databases,
    postgresql: Databases,
    folder: Path,
    plan: Plan,
    tell: Callable[[str], None],
) -> dict[str, object]:
    """Measure on fresh databases; `folder` takes the files of the BPMN instances.

    `tell` hears what is being measured when it begins.
    """
    load = os.getloadavg()[0]
    tell("SQLite, SpiffWorkflow")
    with spiff_sides(folder, plan.instances) as others:
        on_sqlite = durable(sqlite.create(), plan, others)
    tell("PostgreSQL")
    url = postgresql.create()
    on_postgresql = durable(url, plan)
    tell("HTTP, SQLite")
    doors = {"sqlite": door(sqlite.create(), folder, plan)}
    tell("HTTP, PostgreSQL")
    doors["postgresql"] = door(postgresql.create(), folder, plan)
    tell("gate")
    judged = gate(sqlite.create(), plan)
    tell("signing")
    signed = signing(sqlite.create(), plan)
    tell("plan")
    planned = planning(sqlite.create(), plan)
    tell("lists")
    lists = {
        "sqlite": listing(sqlite.create(), plan),
        "postgresql": listing(postgresql.create(), plan),
    }
    tell("journal")
    verified = verifying(sqlite.create(), plan)
    tell("files")
    files = {
        "sqlite": filing(sqlite.create(), folder, plan),
        "postgresql": filing(postgresql.create(), folder, plan),
    }
    tell("command line")
    started = processes(sqlite.create(), plan)
    return {
        "durable_command": {
            "sqlite": findings(on_sqlite),
            "postgresql": findings(on_postgresql),
        },
        "spiffworkflow": _spiff(on_sqlite),
        "http_command": {name: found[ACT] for name, found in doors.items()},
        "http_read": {name: {what: found[what] for what in READS} for name, found in doors.items()},
        "gate_microseconds": judged["full"],
        "gate": judged,
        "signing_microseconds": signed,
        "plan_milliseconds": planned["plan"],
        "planning": planned,
        "lists": lists,
        "journal_verify": verified,
        "files": files,
        "check_seconds": started["check"],
        "cli_start_seconds": started["version"],
        "processes_seconds": started,
        "machine": machine(url, folder) | {"load_before": round(load, 2)},
        "plan": asdict(plan),
    }


def _spiff(result: Race) -> dict[str, object]:
    return {
        "per_second": round(result.per_second(FULL)),
        "ratio": round(result.ratio(SERVICE, FULL), 2),
        "light_per_second": round(result.per_second(LIGHT)),
        "light_ratio": round(result.ratio(SERVICE, LIGHT), 2),
        "processor_microseconds": round(result.busy_microseconds(FULL)),
    }
