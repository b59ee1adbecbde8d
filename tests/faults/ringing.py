"""Kill serving processes at moments that a seed tells, with peers outside that misbehave.

Afterwards every acknowledged command's notices are in the inbox, once, and on every channel outside
too, with no more doubles than the claims that ran out can tell of.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from queue import SimpleQueue
from random import Random
from threading import Thread
from time import monotonic, sleep
from typing import Any, Final
from unittest.mock import patch

import psycopg
from sqlalchemy import make_url

from api.settings import CHANNELS_VARIABLE, DELIVERY_POLICY_VARIABLE
from notifications.channels.configured import load_channels
from notifications.delivering import delivering
from notifications.policy import SHIPPED, load_policy
from tests.faults.killing import ROOT
from tests.integration import house as h
from tests.integration.house import FIRST_DAY, LOCAL, Zone, founded
from workflow.clock import SystemClock

PAUSED: Final = (h.CLERK, h.HEAD, h.KEEPER)
REFUSED: Final = (h.CLERK, h.HEAD)
WISHES: Final = {
    h.CLERK: {"mail": "clerk@city.example", "hook": "1"},
    h.HEAD: {"mail": "head@city.example"},
    h.KEEPER: {"hook": "3"},
}
CHANNELS: Final = """
channels: outside
version: 2026-01-01
each:
  - {{kind: smtp, id: mail, address: '[a-z]+@city\\.example', host: 127.0.0.1, port: {mail},
     security: none, sender: no-reply@city.example, seconds: 1}}
  - {{kind: webhook, id: hook, address: '\\d+', url: 'http://127.0.0.1:{hook}/{{address}}',
     seconds: 1}}
"""
#: Shorter than in earnest, so that what a kill leaves is taken up again while one waits for it.
NUMBERS: Final = {
    "first_seconds: 30, most_seconds: 3600": "first_seconds: 1, most_seconds: 2",
    "lease_seconds: {value: 180": "lease_seconds: {value: 2",
}
TICK: Final = 0.2
#: So often the database restarts.
RESTARTS: Final = 20
PATIENCE: Final = 120


@dataclass(frozen=True)
class Rung:
    """What came of it.

    `owed`: notices of the `acknowledged` commands, `inbox` how many of them are there once;
    `unsaid`: notices of commands that were done without anybody being told of it.  `taken`: how
    many messages the peers took, by channel, `doubles` how often they took one again, `doubtful`
    how many tries may have been doubles by what the deliveries say.  `settled`: deliveries that
    had no more to tell.  `wrong` is what must not be.
    """

    kills: int
    restarts: int
    acknowledged: int
    owed: int
    inbox: int
    unsaid: int
    deliveries: int
    settled: int
    taken: dict[str, int]
    doubles: dict[str, int]
    doubtful: dict[str, int]
    wrong: tuple[str, ...]


class Bells:
    """The serving processes, and what they said was done."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self._born: SimpleQueue[int] = SimpleQueue()
        self.told: list[tuple[str, int, bool]] = []
        self.faults: list[str] = []
        assert process.stdout is not None
        assert "ready" in process.stdout.readline()
        self._ear = Thread(target=self._listen, daemon=True)
        self._ear.start()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            said: dict[str, Any] = json.loads(line)
            if "worker" in said:
                self._born.put(said["worker"])
            elif "told" in said:
                self.told.append(tuple(said["told"]))
            else:
                self.faults.append(said["fault"])

    def fork(self, matter: str = "-", tick: float = TICK) -> int:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{matter} {tick}\n")
        self._process.stdin.flush()
        return self._born.get(timeout=PATIENCE)

    def end(self) -> None:
        """All are killed, and all that they said is heard."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._ear.join(PATIENCE)


def ring(url: str, folder: Path, kills: int, seed: int, workers: int) -> Rung:
    """Kill so many of these processes on a migrated database, while they all serve."""
    random = Random(seed)
    with _peers(seed) as (ports, ask), _settings(folder, ports):
        with founded(url) as zone:
            matters = _prepare(zone)
        with _bells(url) as bells:
            serving = [bells.fork(matter) for matter in matters[:workers]]
            restarts = 0
            for number in range(1, kills + 1):
                sleep(random.uniform(0, 0.8))
                at = random.randrange(workers)
                os.kill(serving[at], signal.SIGKILL)
                if number % RESTARTS == RESTARTS // 2 and crash(url):
                    restarts += 1
                serving[at] = bells.fork(matters[at])
            ask("calm")
            for each in serving:
                os.kill(each, signal.SIGKILL)
            for _ in range(workers):
                bells.fork()
            # Opened anew: no connection of before outlives a restart.
            with founded(url) as zone:
                _until_quiet(zone)
                bells.end()
                return _judge(zone, bells, [tuple(each) for each in ask("tell")], kills, restarts)


def takeovers(url: str, folder: Path, times: int, tick: float) -> list[float]:
    """How many seconds pass until another leads, each time that the leader is killed."""
    found: list[float] = []
    with _settings(folder, {"mail": 9, "hook": 9}), founded(url), _bells(url) as bells:
        for _ in range(3):
            bells.fork(tick=tick)
        for _ in range(times):
            leader = _wait(partial(_leader, url))
            os.kill(leader, signal.SIGKILL)
            since = monotonic()
            _wait(partial(_another, url, leader))
            found.append(monotonic() - since)
            bells.fork(tick=tick)
        bells.end()
    return found


def _prepare(zone: Zone) -> list[str]:
    """Three matters that go on and on, and whoever wishes to be told outside."""
    house = zone.house
    out = delivering(
        house.uow,
        house.rules,
        house.clock,
        house.inquiry,
        load_channels(Path(os.environ[CHANNELS_VARIABLE])),
        load_policy(),
        link="https://yicheng.example/inbox",
    )
    for account, addresses in WISHES.items():
        out.wishing.prefer(zone.code, account, {"addresses": addresses})
    return [zone.advance_to("drafting") for _ in range(3)]


@contextmanager
def _peers(seed: int) -> Iterator[tuple[dict[str, int], Callable[[str], Any]]]:
    with _started("tests.faults.peers", str(seed)) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        to, of = process.stdin, process.stdout

        def ask(word: str) -> Any:
            to.write(word + "\n")
            to.flush()
            return json.loads(of.readline())

        yield json.loads(of.readline()), ask


@contextmanager
def _bells(url: str) -> Iterator[Bells]:
    begin = datetime(FIRST_DAY.year, FIRST_DAY.month, FIRST_DAY.day, 10, tzinfo=LOCAL)
    ahead = (begin - SystemClock().now()).total_seconds()
    with _started("tests.faults.bells", url, str(ahead)) as process:
        yield Bells(process)


@contextmanager
def _started(module: str, *given: str) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, "-P", "-m", module, *given],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            assert process.stdin is not None
            process.stdin.close()


@contextmanager
def _settings(folder: Path, ports: dict[str, int]) -> Iterator[None]:
    numbers = SHIPPED.read_text("utf-8")
    for old, new in NUMBERS.items():
        assert old in numbers
        numbers = numbers.replace(old, new)
    policy, channels = folder / "policy.yaml", folder / "channels.yaml"
    policy.write_text(numbers, "utf-8")
    channels.write_text(CHANNELS.format(**ports), "utf-8")
    with patch.dict(
        "os.environ", {DELIVERY_POLICY_VARIABLE: str(policy), CHANNELS_VARIABLE: str(channels)}
    ):
        yield


def _libpq(url: str) -> str:
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def crash(url: str) -> bool:
    """Have PostgreSQL fall and recover under everybody; False on SQLite, which has no server."""
    if not url.startswith("postgresql"):
        return False
    with psycopg.connect(_libpq(url), autocommit=True) as connection:
        found = connection.execute(
            "SELECT pid FROM pg_stat_activity WHERE backend_type = 'walwriter'"
        ).fetchone()
    assert found is not None
    # The postmaster ends everybody and replays its log.
    os.kill(found[0], signal.SIGKILL)
    return True


_LEADER: Final = (
    "SELECT a.application_name FROM pg_locks l JOIN pg_stat_activity a USING (pid) "
    "WHERE l.locktype = 'advisory' AND l.granted AND a.application_name LIKE 'bell %' "
    "AND l.classid = 4207714"
)


def _leader(url: str) -> int | None:
    with psycopg.connect(_libpq(url), autocommit=True) as connection:
        found = connection.execute(_LEADER).fetchone()
    return None if found is None else int(found[0].split()[1])


def _another(url: str, gone: int) -> int | None:
    found = _leader(url)
    return None if found == gone else found


def _wait(ask: Callable[[], int | None]) -> int:
    until = monotonic() + PATIENCE
    while monotonic() < until:
        found = ask()
        if found is not None:
            return found
        sleep(0.02)
    message = "nobody leads"
    raise RuntimeError(message)


_WAITING: Final = (
    "SELECT (SELECT count(*) FROM alert WHERE dispatched_at IS NULL)"
    " + (SELECT count(*) FROM delivery WHERE state IN ('waiting', 'claimed'))"
)


def _until_quiet(zone: Zone) -> None:
    """Until nothing waits, twice a while apart, or patience ends: then that is what is wrong."""
    until, before = monotonic() + PATIENCE, None
    while monotonic() < until:
        sleep(2 * TICK)
        ((waiting,),) = zone.rows(_WAITING)
        ((alerts,),) = zone.rows("SELECT count(*) FROM alert")
        if waiting == 0 and before == alerts:
            return
        before = alerts


def _judge(
    zone: Zone, bells: Bells, taken: list[tuple[Any, ...]], kills: int, restarts: int
) -> Rung:
    wrong = [f"fault {each}" for each in bells.faults]
    inbox = Counter(_notice(key, who) for key, who in zone.rows("SELECT key, recipient FROM alert"))
    owed = {
        (matter, version if done else 0, who)
        for matter, version, done in bells.told
        for who in (PAUSED if done else REFUSED)
    }
    wrong += [f"inbox {inbox[each]} times {each}" for each in sorted(owed) if inbox[each] != 1]
    done = zone.rows(
        "SELECT m.number, j.matter_version FROM journal j JOIN matter m ON m.id = j.matter_id "
        "WHERE j.command IN ('pause', 'resume') AND j.status = 'done'"
    )
    every = {(matter, version, who) for matter, version in done for who in PAUSED}
    wrong += [f"inbox unsaid {each}" for each in sorted(every) if inbox[each] != 1]
    rows = zone.rows(
        "SELECT d.id, d.channel, d.state, d.doubtful, a.recipient, a.settled_at FROM delivery d "
        "JOIN alert a ON a.id = d.alert_id"
    )
    wanted = Counter(
        channel
        for (who,) in zone.rows("SELECT recipient FROM alert")
        for channel in WISHES.get(who, ())
    )
    if wanted != Counter(row[1] for row in rows):
        wrong.append(f"deliveries {wanted}")
    heard = Counter((channel, name) for channel, name, _ in taken)
    unheard = Counter((channel, name) for channel, name, answered in taken if not answered)
    doubles, doubtful, unexplained = Counter[str](), Counter[str](), Counter[str]()
    settled = 0
    for key, channel, state, doubts, _, at in rows:
        name = channel, f"{zone.code}.{channel}.{key}"
        times = heard[name]
        unexplained[channel] += max(0, times - 1 - unheard[name])
        doubles[channel] += max(0, times - 1)
        doubtful[channel] += doubts
        if state == "dropped" and at is not None:
            settled += 1
        elif state != "sent" or times == 0:
            wrong.append(f"{channel} {key} {state} {times} times")
        if times - 1 > doubts:
            wrong.append(f"{channel} {key}: {times} times, {doubts} doubts")
    # Whoever is killed or loses the database may have had one message on its way on each channel.
    for channel, count in unexplained.items():
        if count > kills + restarts * len(WISHES):
            wrong.append(f"{channel}: {count} doubles that nothing explains")
    names = Counter(channel for channel, _ in heard)
    wrong += [f"journal {flaw}" for flaw in zone.flaws()]
    return Rung(
        kills,
        restarts,
        len(bells.told),
        len(owed),
        sum(inbox[each] == 1 for each in owed),
        sum(inbox.values()) - len(owed),
        len(rows),
        settled,
        dict(names),
        dict(doubles),
        dict(doubtful),
        tuple(wrong),
    )


def _notice(key: str, who: str) -> tuple[str, int, str]:
    """The matter, the act's place in it (nought for an attempt) and the recipient of an alert."""
    parts = key.split(":")
    if parts[0] == "paused":
        return parts[1], int(parts[7]), who
    return parts[1], 0, who
