"""Kill workers at moments that a seed tells, and look whether anything acknowledged is gone."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections import defaultdict
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from time import sleep
from typing import Any

from tests.faults.jobs import Place
from tests.faults.saving import EVERY
from tests.integration.house import founded

ROOT = Path(__file__).parents[2]
MOST_ACKNOWLEDGED = 6


@dataclass(frozen=True)
class Found:
    """What came of it: kills, what was acknowledged in all, what is missing, flaws of the journal.

    `unsaid` is how many entries are there that nobody was told of: done, and killed before it said
    so.
    """

    kills: int
    acknowledged: int
    missing: tuple[str, ...]
    flaws: tuple[tuple[int, str], ...]
    unsaid: int


def kill(url: str, folder: Path, kills: int, seed: int, jobs: Collection[str] = EVERY) -> Found:
    """Kill so many workers at these jobs on a migrated database, one after the other."""
    random = Random(seed)
    told: dict[str, list[dict[str, Any]]] = defaultdict(list)
    with _nursery(url, folder) as nursery:
        with founded(url) as zone:
            ((before,),) = zone.rows("SELECT count(*) FROM journal")
        for _ in range(kills):
            for line in _until_dead(nursery, random, list(jobs)):
                told[line["job"]].append(line["told"])
    with founded(url) as zone:
        place = Place(zone, folder)
        # Brings the list up to what the database has, as the next checkpoint always does.
        missing = [each for name, job in EVERY.items() for each in job.missing(place, told[name])]
        audit = zone.house.inquiry.audit(zone.code, place.signing.trust())
        entries = sum(len(told[name]) for name in ("propose", "study", "advise"))
    return Found(
        kills,
        sum(map(len, told.values())),
        tuple(missing),
        tuple((flaw.seq, flaw.code) for flaw in audit.flaws),
        audit.entries - before - entries,
    )


@contextmanager
def _nursery(url: str, folder: Path) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, "-P", "-m", "tests.faults.worker", url, str(folder)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        bufsize=1,
    ) as nursery:
        try:
            assert _line(nursery) == {"ready": True}
            yield nursery
        finally:
            assert nursery.stdin is not None
            nursery.stdin.close()


def _until_dead(
    nursery: subprocess.Popen[str], random: Random, jobs: list[str]
) -> Iterator[dict[str, Any]]:
    """One worker, killed in the midst of its work: whatever it has acknowledged until then.

    It begins with any of the jobs, so that each comes to be the one that is not finished.
    """
    assert nursery.stdin is not None
    begin = random.randrange(len(jobs))
    order = jobs[begin:] + jobs[:begin]
    nursery.stdin.write(" ".join(order) + "\n")
    nursery.stdin.flush()
    worker = _line(nursery)["worker"]
    done = random.randrange(MOST_ACKNOWLEDGED)
    for _ in range(done):
        yield _acknowledged(_line(nursery))
    sleep(random.uniform(0, EVERY[order[done % len(order)]].seconds))
    os.kill(worker, signal.SIGKILL)
    while "dead" not in (line := _line(nursery)):
        yield _acknowledged(line)


def _acknowledged(line: dict[str, Any]) -> dict[str, Any]:
    if "fault" in line:
        raise RuntimeError(line["fault"])
    return line


def _line(nursery: subprocess.Popen[str]) -> dict[str, Any]:
    assert nursery.stdout is not None
    line = nursery.stdout.readline()
    if not line:
        message = "the workers are gone; the error output says why"
        raise RuntimeError(message)
    found: dict[str, Any] = json.loads(line)
    return found
