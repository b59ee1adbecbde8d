"""Everything that `make bench` measures, as one JSON object, stage by stage."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter
from typing import Any, Final

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
from tests.benchmarks.sweeping import sweeping
from tests.benchmarks.verifying import verifying
from tests.databases import Databases

Found = dict[str, Any]


@dataclass(frozen=True)
class Bench:
    """On what is measured; `folder` takes the files that a stage needs beside its databases."""

    databases: Mapping[str, Databases]
    folder: Path
    plan: Plan

    def fresh(self, kind: str = "sqlite") -> str:
        """A fresh, migrated database."""
        return self.databases[kind].create()


def measure(
    bench: Bench, tell: Callable[[str], None], stages: Collection[str] = ()
) -> dict[str, object]:
    """Measure on fresh databases; all stages, or those that are named.

    `tell` hears which stage begins; how long each took is told in `stage_seconds`.
    """
    load = os.getloadavg()[0]
    found: Found = {}
    seconds: dict[str, float] = {}
    for name, stage in STAGES.items():
        if stages and name not in stages:
            continue
        tell(name)
        begun = perf_counter()
        for what, told in stage(bench).items():
            # What is measured on each database is told of both together.
            found[what] = {**found[what], **told} if what in found else told
        seconds[name] = round(perf_counter() - begun, 1)
    busy = {"load_before": round(load, 2)}
    return found | {
        "stage_seconds": seconds,
        "machine": machine(bench.fresh("postgresql"), bench.folder) | busy,
        "plan": asdict(bench.plan),
    }


def _durable_sqlite(bench: Bench) -> Found:
    with spiff_sides(bench.folder, bench.plan.instances) as others:
        race = durable(bench.fresh(), bench.plan, others)
    return {"durable_command": {"sqlite": findings(race)}, "spiffworkflow": _spiff(race)}


def _durable_postgresql(bench: Bench) -> Found:
    race = durable(bench.fresh("postgresql"), bench.plan)
    return {"durable_command": {"postgresql": findings(race)}}


def _http(kind: str) -> Callable[[Bench], Found]:
    def stage(bench: Bench) -> Found:
        told = door(bench.fresh(kind), bench.folder, bench.plan)
        return {
            "http_command": {kind: told[ACT]},
            "http_read": {kind: {what: told[what] for what in READS}},
        }

    return stage


def _gate(bench: Bench) -> Found:
    judged = gate(bench.fresh(), bench.plan)
    return {"gate_microseconds": judged["full"], "gate": judged}


def _signing(bench: Bench) -> Found:
    return {"signing_microseconds": signing(bench.fresh(), bench.plan)}


def _plan(bench: Bench) -> Found:
    planned = planning(bench.fresh(), bench.plan)
    return {"plan_milliseconds": planned["plan"], "planning": planned}


def _lists(kind: str) -> Callable[[Bench], Found]:
    return lambda bench: {"lists": {kind: listing(bench.fresh(kind), bench.plan)}}


def _sweep(kind: str) -> Callable[[Bench], Found]:
    return lambda bench: {"sweep": {kind: sweeping(bench.fresh(kind), bench.plan)}}


def _journal(bench: Bench) -> Found:
    return {"journal_verify": verifying(bench.fresh(), bench.plan)}


def _files(kind: str) -> Callable[[Bench], Found]:
    return lambda bench: {"files": {kind: filing(bench.fresh(kind), bench.folder, bench.plan)}}


def _processes(bench: Bench) -> Found:
    started = processes(bench.fresh(), bench.plan)
    return {
        "check_seconds": started["check"],
        "cli_start_seconds": started["version"],
        "processes_seconds": started,
    }


STAGES: Final[Mapping[str, Callable[[Bench], Found]]] = {
    "durable-sqlite": _durable_sqlite,
    "durable-postgresql": _durable_postgresql,
    "http-sqlite": _http("sqlite"),
    "http-postgresql": _http("postgresql"),
    "gate": _gate,
    "signing": _signing,
    "plan": _plan,
    "lists-sqlite": _lists("sqlite"),
    "lists-postgresql": _lists("postgresql"),
    "sweep-sqlite": _sweep("sqlite"),
    "sweep-postgresql": _sweep("postgresql"),
    "journal": _journal,
    "files-sqlite": _files("sqlite"),
    "files-postgresql": _files("postgresql"),
    "processes": _processes,
}


def _spiff(result: Race) -> Found:
    return {
        "per_second": round(result.per_second(FULL)),
        "ratio": round(result.ratio(SERVICE, FULL), 2),
        "light_per_second": round(result.per_second(LIGHT)),
        "light_ratio": round(result.ratio(SERVICE, LIGHT), 2),
        "processor_microseconds": round(result.busy_microseconds(FULL)),
    }
