"""Kill whoever works with files between any two writes, again and again, and look what is left.

    python -m tests.kills DATABASE_URL KILLS [SEED]

On a migrated database without an organisation.  Each time a process uploads, attaches, confirms a
quarantine and sweeps; somewhere between two of its writes (to a file, to a folder, to the database)
it ends as by `kill -9`.  What it had acknowledged must be there afterwards, whole; what it had not,
there or not, but nothing by half.  Prints what was found as JSON.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any, Final
from unittest.mock import patch

from tests.integration import house as h
from tests.integration.house import Zone
from workflow.store import Store
from workflow.uow import UnitOfWork

#: What a crash may leave behind until the next sweep.
HARMLESS: Final = {"orphan", "leftover"}
CONFIRM: Final = h.Act("confirm_quarantine", h.LEGAL_HEAD, h.always(reasons="属实"), about="")
_STORED: Final = (
    "add_file",
    "attach_files",
    "erase_file",
    "forget_file",
    "add_entry",
    "move_matter",
)


def upload(zone: Zone, data: bytes) -> str:
    arriving = zone.house.filing.begin(zone.code, h.CLERK, "报告.txt")
    try:
        arriving.write(data[:5])
        arriving.write(data[5:])
        return arriving.complete().file.key
    finally:
        arriving.discard()


def work(zone: Zone, chance: int, tell: Callable[..., object]) -> None:
    """Everything that writes; each act is told once it is done."""
    plain = f"报告 {chance}".encode()
    key = upload(zone, plain)
    tell("uploaded", key)
    zone.do(h.RESEARCH.with_(files=[key]))
    tell("attached", key)
    marked = upload(zone, f"机密★\n{chance}".encode())
    tell("uploaded", marked)
    zone.do(CONFIRM.with_(file=marked))
    tell("erased", marked)
    zone.house.filing.sweep(zone.code)


@contextmanager
def counted(reached: Callable[[], None]) -> Iterator[None]:
    """Call before and after each write."""

    def around(target: Any, name: str) -> Any:
        done = getattr(target, name)

        def doing(*given: Any, **named: Any) -> Any:
            reached()
            found = done(*given, **named)
            reached()
            return found

        return patch.object(target, name, doing)

    places: list[tuple[Any, str]] = [(os, name) for name in ("write", "fsync", "link")]
    places += [(Path, "unlink"), (UnitOfWork, "_commit")]
    places += [(Store, name) for name in _STORED]
    patches = [around(target, name) for target, name in places]
    for each in patches:
        each.start()
    try:
        yield
    finally:
        for each in patches:
            each.stop()


def killed(url: str, matter: str, chance: int, at: int) -> list[tuple[str, str]]:
    """Work in a process of its own that dies at the write of this number; what it told before."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        plain_write = os.write
        count = 0

        def reached() -> None:
            nonlocal count
            count += 1
            if count == at:
                os.kill(os.getpid(), signal.SIGKILL)

        def tell(*told: str) -> None:
            plain_write(writing, (json.dumps(told) + "\n").encode())

        try:
            with h.open_(url) as house:
                zone = Zone(url, house, matter=matter)
                with counted(reached):
                    work(zone, chance, tell)
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as told:
        lines = told.read().splitlines()
    os.waitpid(child, 0)
    return [(what, key) for what, key in map(json.loads, lines)]


def left(zone: Zone, told: list[tuple[str, str]]) -> list[str]:
    """What is wrong after a kill; and after a sweep nothing may be left of it."""
    wrong: list[str] = []
    rows = dict(zone.rows("SELECT key, state FROM file"))
    last = {key: what for what, key in told}
    for key, what in last.items():
        states = {
            "uploaded": ("staged", "quarantined", "attached", "erased"),
            "attached": ("attached",),
            "erased": ("erased",),
        }[what]
        if rows.get(key) not in states:
            wrong.append(f"{what} and yet {rows.get(key)}")
    flaws = {each.code for each in zone.house.filing.verify(zone.code).flaws}
    wrong += sorted(flaws - HARMLESS)
    wrong += [f"journal {code}" for _, code in zone.flaws()]
    zone.house.filing.sweep(zone.code)
    wrong += [f"swept {each.code}" for each in zone.house.filing.verify(zone.code).flaws]
    return wrong


def points(url: str, matter: str) -> int:
    """How many writes there are to die before or after."""
    count = 0

    def reached() -> None:
        nonlocal count
        count += 1

    with h.open_(url) as house, counted(reached):
        work(Zone(url, house, matter=matter), -1, lambda *_: None)
    return count


def run(url: str, kills: int, seed: int) -> dict[str, Any]:
    chance = Random(seed)
    with h.founded(url) as zone:
        matter = zone.advance_to("drafting")
    most = points(url, matter)
    wrong: list[str] = []
    acknowledged = 0
    for number in range(kills):
        at = chance.randint(1, most)
        told = killed(url, matter, number, at)
        acknowledged += len(told)
        with h.open_(url) as house:
            zone = Zone(url, house, matter=matter)
            wrong += [f"kill {number} at {at}: {each}" for each in left(zone, told)]
    return {"kills": kills, "points": most, "acknowledged": acknowledged, "wrong": wrong}


if __name__ == "__main__":
    print(json.dumps(run(sys.argv[1], int(sys.argv[2]), int([*sys.argv, "713"][3]))))  # noqa: T201
