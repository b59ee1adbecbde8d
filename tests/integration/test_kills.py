"""A worker killed between any two writes has lost nothing, and left nothing half done.

`make kill` does so 200 times on each database, with backups and restores among the work.
"""

from __future__ import annotations

from pathlib import Path

from tests.faults.jobs import JOBS
from tests.faults.killing import kill


def test_what_is_killed_has_lost_nothing_that_it_acknowledged(
    database_url: str, tmp_path: Path
) -> None:
    found = kill(database_url, tmp_path, kills=5, seed=713, jobs=JOBS)
    assert found.acknowledged > 5
    assert (found.missing, found.flaws) == ((), ())
