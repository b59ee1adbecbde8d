"""Processes that serve reminders until they are killed: `python -m tests.faults.bells URL AHEAD`.

Everything is loaded once; each line of the input, `MATTER TICK`, has one more forked, with the
scheduler that a serving process has, woken every TICK seconds, which also acts upon that matter
(none: `-`) and says what was answered, as soon as it was and not before.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import sqlite3
import sys
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from time import sleep
from typing import Any

from sqlalchemy import event

from api.bootstrap import House, open_house
from api.scheduling import SWEEPING, chores
from notifications.scheduler import Scheduler
from tests.integration import house as h
from workflow.clock import SystemClock
from workflow.errors import YichengError
from workflow.leadership import Leadership
from workflow.ports import Clock
from workflow.service import Outcome, Request
from workflow.signing import Shown


class Ahead:
    """The machine's clock, so much later."""

    def __init__(self, by: timedelta) -> None:
        self._by = by

    def now(self) -> datetime:
        return SystemClock().now() + self._by


#: That a chore fails while the database restarts, or goes on at its next tick, is no news.
logging.disable(logging.WARNING)


def main(url: str, ahead: float) -> None:
    clock = Ahead(timedelta(seconds=ahead))
    with open_house(url, clock=clock) as house:
        # Warms what every process then has: no connection is open when they are forked.
        tuple(chores(house))
        house.sweep.run()
    # Nobody waits for those who are killed.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    children = []
    _say({"ready": True})
    for line in sys.stdin:
        matter, tick = line.split()
        child = os.fork()
        if child == 0:
            _serve(url, clock, "" if matter == "-" else matter, float(tick))
        children.append(child)
        _say({"worker": child})
    for child in children:
        try:
            os.kill(child, signal.SIGKILL)
        except ProcessLookupError:
            continue


def _serve(url: str, clock: Clock, matter: str, tick: float) -> None:
    while True:
        try:
            with open_house(url, clock=clock) as house:
                event.listen(house.engine, "connect", _named)
                house.engine.dispose()
                fast = [replace(each, seconds=tick) for each in chores(house)]
                Scheduler(fast, Leadership(house.engine, SWEEPING)).start()
                _act(house, matter)
        except YichengError:
            # The database restarts.
            sleep(tick)
        except BaseException as error:  # noqa: BLE001 (whatever it is, the parent is told)
            _say({"fault": repr(error)})
            os._exit(1)


def _named(connection: Any, _: object) -> None:
    """Have PostgreSQL tell which process a connection is of."""
    if not isinstance(connection, sqlite3.Connection):
        connection.execute(f"SET application_name = 'bell {os.getpid()}'")
        connection.commit()


def _act(house: House[Clock], matter: str) -> None:
    chance = Random(os.getpid())
    while True:
        sleep(chance.uniform(0, 0.3))
        if not matter:
            continue
        try:
            if chance.random() < 1 / 4:
                made = _do(house, h.propose(h.QUICK), None)
                told = _do(house, h.SUBMIT, made.matter)
            else:
                told = _do(house, h.PAUSE, matter)
                if not told.done:
                    told = _do(house, h.RESUME, matter)
        except YichengError:
            continue
        _say({"told": [told.matter, told.version, told.done]})


def _do(house: House[Clock], act: h.Act, matter: str | None) -> Outcome:
    today = house.clock.now().astimezone(h.LOCAL).date()
    return house.service.execute(
        Request(
            h.SAMPLE,
            act.command,
            act.actor,
            act.given(today),
            matter=matter,
            reauthenticated=Shown.PASSWORD,
        )
    )


def _say(told: dict[str, object]) -> None:
    """In one write, so that a kill leaves a whole line or none."""
    os.write(1, (json.dumps(told) + "\n").encode())


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]))
