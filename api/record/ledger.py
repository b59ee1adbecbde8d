"""The list of checkpoints that were made, kept beside the key and not in the database.

By it a database that was set back to an older state is found out.  Lines are only added.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Final

from workflow.checkpoints import Checkpoint, read_line
from workflow.errors import BadInput, StoreTrouble

_MOST_BYTES: Final = 256 * 2**20


def listed(path: Path) -> tuple[Checkpoint, ...]:
    """Every checkpoint on the list, none where there is no list.

    A last line without its end was being written when the machine stopped, and counts for nothing.
    Raises StoreTrouble (`checkpoint.ledger`) for a line that is no checkpoint.
    """
    try:
        stat = path.stat()
        return _listed(path, stat.st_mtime_ns, stat.st_size)
    except FileNotFoundError:
        return ()


@lru_cache(maxsize=4)
def _listed(path: Path, _changed: int, _size: int) -> tuple[Checkpoint, ...]:
    """The same, read once for as long as the file stays as it is: watchdogs ask all the time."""
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        raise
    except (OSError, ValueError) as error:
        raise StoreTrouble("checkpoint.ledger", file=str(path)) from error
    found = []
    for line in text.splitlines(keepends=True):
        checkpoint = read_line(line)
        if checkpoint is not None:
            found.append(checkpoint)
        elif line.endswith("\n"):
            raise StoreTrouble("checkpoint.ledger", file=str(path))
    return tuple(found)


def add(path: Path, checkpoints: Iterable[Checkpoint]) -> None:
    """Add those that are not on the list.  Raises StoreTrouble where it cannot be written."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "r+b") as file:
            # Of two who do this at once one waits, and finds what the other wrote.
            fcntl.flock(file, fcntl.LOCK_EX)
            known = {each.own_digest for each in listed(path)}
            missing = [each for each in checkpoints if each.own_digest not in known]
            if missing:
                # What was being written when the machine stopped is taken away first.
                file.truncate(path.read_bytes().rfind(b"\n") + 1)
                file.write("".join(f"{each.as_json()}\n" for each in missing).encode())
                file.flush()
                os.fsync(file.fileno())
    except OSError as error:
        raise StoreTrouble("checkpoint.ledger_unwritable", file=str(path)) from error


def handed(path: Path) -> tuple[Checkpoint, ...]:
    """Checkpoints that somebody shows, from a file.  Raises BadInput for one that has none."""
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise BadInput("checkpoint.no_checkpoint", file=str(path))
        lines = path.read_text("utf-8").splitlines()
    except (OSError, ValueError) as error:
        raise BadInput("checkpoint.no_checkpoint", file=str(path)) from error
    found = [read_line(line) for line in lines if line.strip()]
    checkpoints = tuple(each for each in found if each is not None)
    if not checkpoints or len(checkpoints) != len(found):
        raise BadInput("checkpoint.no_checkpoint", file=str(path))
    return checkpoints
