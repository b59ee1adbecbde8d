"""A worker killed between any two writes has lost nothing, and left nothing half done.

`make kill` does so 200 times on each database, with backups and restores among the work, and as
often to those who send reminders to peers that misbehave.
"""

from __future__ import annotations

from pathlib import Path

from tests.faults.jobs import JOBS
from tests.faults.killing import kill
from tests.faults.ringing import ring


def test_what_is_killed_has_lost_nothing_that_it_acknowledged(
    database_url: str, tmp_path: Path
) -> None:
    found = kill(database_url, tmp_path, kills=5, seed=713, jobs=JOBS)
    assert found.acknowledged > 5
    assert (found.missing, found.flaws) == ((), ())


def test_reminders_of_what_was_acknowledged_are_told_once_though_those_who_tell_are_killed(
    database_url: str, tmp_path: Path
) -> None:
    workers = 1 if database_url.startswith("sqlite") else 3
    found = ring(database_url, tmp_path, kills=3, seed=713, workers=workers)
    assert found.wrong == ()
    assert found.inbox == found.owed
