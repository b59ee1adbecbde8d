"""`make year`: a year and a half with five hundred matters on each database, and what was found.

On PostgreSQL several workers sweep at once at each look.  SEED and MATTERS may be set; with
`--database` it is the one database alone.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path
from time import process_time

from tests.databases import Databases, PostgresqlDatabases, SqliteDatabases, own_postgresql
from tests.integration.house import founded
from tests.settings import own_settings
from tests.year.year import Year, differences

VAR = Path(__file__).parents[2] / "var"
BACKENDS = ("sqlite", "postgresql")
#: From one make-up Sunday to the last day for the archive of that year and past it.
FIRST, LAST = date(2026, 1, 4), date(2027, 7, 5)
WORKERS = {"sqlite": 1, "postgresql": 3}


def main() -> int:
    """Live a year on each database; 1 where anything was told otherwise than it had to be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=BACKENDS, help="this one only")
    only = parser.parse_args().database
    seed, matters = (int(os.environ.get(name, usual)) for name, usual in USUAL)
    VAR.mkdir(exist_ok=True)
    figures = {each: run(each, seed, matters) for each in BACKENDS if only in (None, each)}
    text = json.dumps(figures, ensure_ascii=False, indent=2) + "\n"
    (VAR / "year.json").write_text(text, encoding="utf-8")
    sys.stdout.write(text)
    return int(not all(each["good"] for each in figures.values()))


USUAL = (("SEED", "1"), ("MATTERS", "500"))


def run(backend: str, seed: int, matters: int) -> dict[str, object]:
    """A year on a database of this kind; the figures."""
    with tempfile.TemporaryDirectory(prefix="yicheng-year-") as name:
        folder = Path(name)
        with (
            own_settings(folder),
            databases(backend, folder) as fresh,
            founded(fresh.create(), at=FIRST) as zone,
        ):
            year = Year(zone, FIRST, LAST, seed, workers=WORKERS[backend])
            begun = process_time()
            life = year.live(matters)
            lived = process_time()
            told, owed, misled = year.told(), year.owed(), year.misled()
            judged = process_time()
            broken = zone.flaws()
    extra, lost = differences(told, owed)
    for sign, found in (("+", extra), ("-", lost)):
        for each in found[:50]:
            sys.stdout.write(f"✗ {backend} {sign} {each}\n")
    for line in (*misled[:50], *year.overlooked[:50]):
        sys.stdout.write(f"✗ {backend} {line}\n")
    return {
        "good": not (extra or lost or misled or year.overlooked or broken),
        "seed": seed,
        "matters": len(life.cases),
        "workers": year.workers,
        "acts_done": life.done,
        "acts_refused": life.refused,
        "looks": len(year.looks),
        "subjects_looked_at": year.swept,
        "told": len(told),
        "by_rule": dict(sorted(Counter(each.rule for each in told).items())),
        "late": sum(each.late for each in told),
        "moved_or_lifted": sum(each.threshold in ("moved", "lifted") for each in told),
        "gone_up": sum(".up" in each.threshold for each in told),
        "acknowledged": len(year.marks),
        "wishes": len(year.post.wishes),
        "sent_outside": year.post.sent,
        "told_and_not_owed": len(extra),
        "owed_and_not_told": len(lost),
        "overlooked_when_all_were_asked": len(year.overlooked),
        "sent_otherwise_than_wished": len(misled),
        "cpu_seconds_lived": round(lived - begun, 1),
        "cpu_seconds_oracle": round(judged - lived, 1),
    }


@contextmanager
def databases(backend: str, folder: Path) -> Iterator[Databases]:
    """Where fresh databases come from."""
    if backend == "sqlite":
        yield SqliteDatabases(folder)
        return
    with own_postgresql(durable=False) as server, closing(PostgresqlDatabases(server)) as there:
        yield there


if __name__ == "__main__":
    sys.exit(main())
