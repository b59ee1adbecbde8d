"""`make bench`: measure, print a table, write var/bench.json."""

from __future__ import annotations

import json
import sys
import tempfile
from contextlib import closing
from functools import partial
from pathlib import Path

from tests.benchmarks.measuring import measure
from tests.benchmarks.plan import Plan
from tests.benchmarks.report import table
from tests.benchmarks.starting import ROOT
from tests.databases import PostgresqlDatabases, SqliteDatabases, own_postgresql
from tests.settings import own_settings

VAR = ROOT / "var"


def main() -> None:
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
        found = measure(SqliteDatabases(folder), postgresql, folder, Plan(), tell)
    (VAR / "bench.json").write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    print(table(found))


if __name__ == "__main__":
    main()
