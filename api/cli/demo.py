"""`yicheng demo`: the sample matter, from its proposal to the agenda, in a database of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from api.cli.invocation import current
from api.cli.shell import Command

FOLDER: Final = Path("var")
PREFIX: Final = "demo-"
SCENARIO: Final = "sewage_charge"


def _demo() -> int:
    import procedures
    from api.cli.playing import fresh_house, perform
    from procedures.scenario import load_scenario

    invocation = current()
    scenario = load_scenario(Path(procedures.__file__).with_name("scenarios") / f"{SCENARIO}.yaml")
    path = FOLDER / f"{PREFIX}{SCENARIO}.db"
    for old in FOLDER.glob(f"{PREFIX}*.db*"):
        old.unlink()
    with fresh_house(f"sqlite:///{path}", scenario) as house:
        status = perform(invocation, scenario, house)
    if not invocation.as_json:
        invocation.page.line(invocation.catalogue.text("demo.kept", path=str(path)))
    return status


command = Command("demo", callback=_demo)
