"""A worker killed between any two writes loses nothing acknowledged and leaves nothing by half."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
KILLS = 6


def test_what_was_acknowledged_outlives_a_kill(database_url: str) -> None:
    """More of them by hand: `python -m tests.kills DATABASE_URL 200`."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.kills", database_url, str(KILLS)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=False,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    found = json.loads(done.stdout)
    assert (found["kills"], found["wrong"]) == (KILLS, [])
