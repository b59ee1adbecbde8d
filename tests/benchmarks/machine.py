"""What it was measured on: numbers and versions, no names and no places."""

from __future__ import annotations

import os
import platform
import sqlite3
from importlib.metadata import version
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Final

import sqlalchemy
from sqlalchemy import text

PAGE: Final = b"\0" * 4096
WRITES: Final = 50


def machine(postgresql_url: str, folder: Path) -> dict[str, object]:
    """The facts that speeds depend on; `fsync_microseconds` is that of 4 KiB in the folder."""
    return {
        "processors": os.cpu_count(),
        "architecture": platform.machine(),
        "system": platform.system(),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "postgresql": _postgresql(postgresql_url),
        "sqlalchemy": sqlalchemy.__version__,
        "spiffworkflow": version("SpiffWorkflow"),
        "fsync_microseconds": _fsync(folder / "fsync"),
    }


def _postgresql(url: str) -> str:
    engine = sqlalchemy.create_engine(url)
    try:
        with engine.connect() as connection:
            return str(connection.execute(text("SHOW server_version")).scalar_one())
    finally:
        engine.dispose()


def _fsync(path: Path) -> float:
    seconds = []
    with path.open("wb", buffering=0) as file:
        for _ in range(WRITES):
            file.write(PAGE)
            begun = perf_counter()
            os.fsync(file.fileno())
            seconds.append(perf_counter() - begun)
    path.unlink()
    return round(median(seconds) * 1_000_000, 1)
