"""`make bench`: measure, print a table, write var/bench.json.

Some stages only: `make bench STAGES="http-sqlite gate"`, written to var/bench-part.json.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from contextlib import closing
from functools import partial
from pathlib import Path

from tests.benchmarks.measuring import STAGES, Bench, measure
from tests.benchmarks.plan import Plan
from tests.benchmarks.report import table
from tests.benchmarks.starting import ROOT
from tests.databases import Databases, PostgresqlDatabases, SqliteDatabases, own_postgresql
from tests.settings import own_settings

VAR = ROOT / "var"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("stages", nargs="*", help=f"these only, of: {', '.join(STAGES)}")
    stages = parser.parse_args().stages
    if unknown := set(stages) - STAGES.keys():
        parser.error(f"no such stage: {', '.join(sorted(unknown))}")
    VAR.mkdir(exist_ok=True)
    # Not among the temporary files: those may lie in memory, where being durable costs nothing.
    with (
        tempfile.TemporaryDirectory(dir=VAR, prefix="bench-") as name,
        own_settings(Path(name)),
        own_postgresql(durable=True) as server,
        closing(PostgresqlDatabases(server)) as postgresql,
    ):
        folder = Path(name)
        tell = partial(print, "…", file=sys.stderr)
        databases: dict[str, Databases] = {
            "sqlite": SqliteDatabases(folder),
            "postgresql": postgresql,
        }
        found = measure(Bench(databases, folder, Plan()), tell, stages)
    name = "bench-part.json" if stages else "bench.json"
    (VAR / name).write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    print(table(found))


if __name__ == "__main__":
    main()
