"""`yicheng play`: a scenario, from its first step to its last."""

from __future__ import annotations

from pathlib import Path

from api.cli.invocation import current
from api.cli.shell import Argument, Command


def _play(scenario: str) -> int:
    from api.cli.playing import fresh_house, passing_database, perform, present_house
    from procedures.scenario import load_scenario

    invocation = current()
    found = load_scenario(Path(scenario))
    if invocation.database_named:
        with present_house(invocation.database, found) as house:
            return perform(invocation, found, house)
    with passing_database() as database, fresh_house(database, found) as house:
        return perform(invocation, found, house)


command = Command(
    "play", callback=_play, params=[Argument("scenario", about="scenario", required=True)]
)
