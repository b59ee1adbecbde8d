"""`make attack`: at least twenty thousand made-up requests, and what came of them."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path
from time import perf_counter

from tests.attacks.fuzzing import Attack, Found, fuzz
from tests.attacks.office import attacked
from tests.databases import SqliteDatabases

VAR = Path(__file__).parents[2] / "var"
LEAST = 20_000


def main() -> int:
    """Attack a fresh office; 1 where anything was found, or too little was tried."""
    attack = Attack(seed=int(os.environ.get("SEED", "1")))
    VAR.mkdir(exist_ok=True)
    begun = perf_counter()
    with tempfile.TemporaryDirectory(prefix="yicheng-attack-") as name:
        folder = Path(name)
        with attacked(SqliteDatabases(folder).create(), folder, attack.seed) as office:
            found = fuzz(office, attack)
            broken = office.zone.flaws()
    seconds = perf_counter() - begun
    data = told(found, attack, seconds, broken)
    (VAR / "attack.json").write_text(
        json.dumps(data, ensure_ascii=False, indent=2) + "\n", encoding="utf-8"
    )
    for name, how in {**found.failures, **dict.fromkeys(found.errors, "")}.items():
        sys.stdout.write(f"✗ {name}\n{how}\n\n")
    sys.stdout.write(json.dumps(data, ensure_ascii=False, indent=2) + "\n")
    return int(bool(found.failures or found.errors or broken or found.cases < LEAST))


def told(
    found: Found, attack: Attack, seconds: float, broken: list[tuple[int, str]]
) -> dict[str, object]:
    """The figures of a run."""
    return {
        "seed": attack.seed,
        "cases": found.cases,
        "operations": len(found.operations),
        "seconds": round(seconds, 1),
        "phases": dict(sorted(found.phases.items())),
        "statuses": {str(status): found.statuses[status] for status in sorted(found.statuses)},
        "visitors": dict(sorted(found.visitors.items())),
        "failures": sorted(found.failures),
        "errors": found.errors,
        "journal_flaws": broken,
    }


if __name__ == "__main__":
    sys.exit(main())
