"""How long whole processes take: the command line as its user waits for it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Final

from tests.benchmarks.office import open_office
from tests.benchmarks.plan import Plan

ROOT: Final = Path(__file__).resolve().parents[2]

# What the installed command runs.
COMMAND_LINE: Final = ("-c", "from api.cli import main; main()")


def processes(url: str, plan: Plan) -> dict[str, float]:
    """Median wall seconds of fresh processes, taken in turns; the first of each does not count."""
    with open_office(url) as office:
        office.matter_in_drafting()
    commands: dict[str, tuple[str, ...]] = {
        "python": ("-c", "pass"),
        "version": (*COMMAND_LINE, "--version"),
        "calendar": (*COMMAND_LINE, "calendar", "add", "2026-02-12", "7", "working_days"),
        "matter_list": (*COMMAND_LINE, "--database", url, "matter", "list"),
        "check": (*COMMAND_LINE, "procedures", "check"),
    }
    found: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(plan.starts):
        for name, command in commands.items():
            found[name].append(_seconds(command))
    # The first start may have to compile what it imports.
    return {name: round(median(each[1:] or each), 3) for name, each in found.items()}


def _seconds(command: Sequence[str]) -> float:
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("YICHENG_")
    }
    begun = perf_counter()
    subprocess.run(
        [sys.executable, *command],
        check=True,
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
    )
    return perf_counter() - begun
