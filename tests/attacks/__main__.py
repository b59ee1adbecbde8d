"""`make attack`: twenty thousand requests and more on each database, and what came of them."""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from time import perf_counter

from tests.attacks.found import Found, by_class
from tests.attacks.fuzzing import Attack, fuzz
from tests.attacks.office import attacked
from tests.databases import Databases, PostgresqlDatabases, SqliteDatabases, own_postgresql
from tests.settings import own_settings

VAR = Path(__file__).parents[2] / "var"
LEAST = 20_000
BACKENDS = ("sqlite", "postgresql")


def main() -> int:
    """Attack a fresh office on each; 1 where anything was found, or too little was tried."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=BACKENDS, help="this one only")
    only = parser.parse_args().database
    attack = Attack(seed=int(os.environ.get("SEED", "1")))
    VAR.mkdir(exist_ok=True)
    figures = {each: run(each, attack) for each in BACKENDS if only in (None, each)}
    text = json.dumps(figures, ensure_ascii=False, indent=2) + "\n"
    (VAR / "attack.json").write_text(text, encoding="utf-8")
    sys.stdout.write(text)
    return int(not all(each["good"] for each in figures.values()))


def run(backend: str, attack: Attack) -> dict[str, object]:
    """Attack an office on a database of this kind; the figures."""
    begun = perf_counter()
    with tempfile.TemporaryDirectory(prefix="yicheng-attack-") as name:
        folder = Path(name)
        with (
            own_settings(folder),
            databases(backend, folder) as fresh,
            attacked(fresh.create(), folder, attack.seed) as office,
        ):
            found = fuzz(office, attack)
            broken = office.zone.flaws()
    for what, how in {**found.failures, **dict.fromkeys(found.errors, "")}.items():
        sys.stdout.write(f"✗ {backend}: {what}\n{how}\n\n")
    return told(found, attack, perf_counter() - begun, broken)


@contextmanager
def databases(backend: str, folder: Path) -> Iterator[Databases]:
    """Where fresh databases come from."""
    if backend == "sqlite":
        yield SqliteDatabases(folder)
        return
    with own_postgresql(durable=False) as server, closing(PostgresqlDatabases(server)) as there:
        yield there


def told(
    found: Found, attack: Attack, seconds: float, broken: list[tuple[int, str]]
) -> dict[str, object]:
    """The figures of a run; `good` where nothing was found and enough was tried."""
    flawless = not (found.failures or found.errors or broken)
    return {
        "good": flawless and found.cases >= LEAST,
        "seed": attack.seed,
        "cases": found.cases,
        "operations": len(found.operations),
        "operations_that_succeeded": len(found.succeeded),
        "seconds": round(seconds, 1),
        "phases": dict(sorted(found.phases.items())),
        "succeeded_by_phase": dict(sorted(found.good.items())),
        "chains": dict(sorted(found.chains.items())),
        "classes": by_class(found.statuses),
        "statuses": {str(status): found.statuses[status] for status in sorted(found.statuses)},
        "visitors": dict(sorted(found.visitors.items())),
        "failures": sorted(found.failures),
        "errors": found.errors,
        "journal_flaws": broken,
    }


if __name__ == "__main__":
    sys.exit(main())
