"""What a sweep costs beside ten thousand open deadlines and beside a million, and its inbox."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, timedelta
from statistics import median
from time import perf_counter, process_time
from typing import Any, Final

from notifications.rules import NoticeBook, NoticesFile
from notifications.sweep import Sweep
from procedures.source import parse, read_text
from tests.benchmarks.durable import driver_of
from tests.benchmarks.office import AT, CLERK, ORGANISATION, Office, open_office
from tests.benchmarks.plan import Plan
from workflow.store import Store, home
from workflow.uow import UnitOfWork

#: A notice of its own for each sweep, so that each of the due matters is told of in every one.
RULES: Final = """
notices: base
version: 2019-09-01
name: {zh: trial, en: trial}
look_again: {calendar_days: 28}
otherwise: [keeper of agenda_office]
instruments:
  house_rules: {title: {zh: rules, en: rules}, number: '1', law: false}
rules:
  - id: ROUND
    name: {zh: trial, en: trial}
    about: event
    acts: [assign]
    thresholds: [{id: ROUND}]
    to: [clerk of lead_unit]
    urgency: ordinary
    expires: {calendar_days: 14}
    cite: house_rules
"""

_LATER: Final = AT + timedelta(days=400)
_SEEN: Final = "x" * 400


def sweeping(url: str, plan: Plan) -> dict[str, object]:
    """Seconds of a sweep with the same number due beside few and beside many open deadlines.

    The due ones are matters under way, each of which is told of; the others are rows alone, each
    with its next look and a point that was seen.
    """
    with open_office(url) as office, driver_of(url) as driver:
        numbers = [office.matter_in_drafting() for _ in range(plan.due)]
        sweeps = _Sweeps(office, numbers)
        sweeps.run()
        found: dict[str, object] = {"due": plan.due}
        times = {}
        for name, count in (("few", plan.few), ("many", plan.many)):
            _fill(driver, count, sqlite=url.startswith("sqlite"))
            times[name] = sweeps.measured(plan.sweep_rounds)
            found[name] = {"open": count, **times[name]}
        for name in ("", "processor_"):
            few, many = (times[each][f"{name}seconds"] for each in ("few", "many"))
            found[f"{name}ratio"] = round(many / few, 2)
        return found | _delivered(office, driver, url, plan)


class _Sweeps:
    """Makes all matters due and sweeps, again and again."""

    def __init__(self, office: Office, numbers: list[str]) -> None:
        self._house, self._numbers, self._count = office.house, numbers, 0

    def measured(self, rounds: int) -> dict[str, float]:
        """The medians of some rounds, after one that does not count."""
        self.run()
        walls, busy = zip(*(self.run() for _ in range(rounds)), strict=True)
        return {"seconds": round(median(walls), 4), "processor_seconds": round(median(busy), 4)}

    def run(self) -> tuple[float, float]:
        """A sweep's seconds, by the wall and of the processor; RuntimeError if too few are told."""
        self._count += 1
        text = RULES.replace("ROUND", f"round{self._count}")
        book = NoticeBook((parse(read_text(text, "bench.yaml"), NoticesFile),))
        sweep = Sweep(self._house.uow, self._house.inquiry, self._house.clock, book)
        with self._house.uow.write() as connection:
            _store(connection).wake(self._numbers, self._house.clock.now())
        begun, used, told = perf_counter(), process_time(), 0
        while (done := sweep.run()).looked:
            told += done.told
        if told != len(self._numbers):
            message = f"told of {told} of {len(self._numbers)}"
            raise RuntimeError(message)
        return perf_counter() - begun, process_time() - used


def _delivered(office: Office, driver: Any, url: str, plan: Plan) -> dict[str, float]:
    """Notices told to the inbox in a second, and the same rows by hand, each in one transaction."""
    rates: dict[str, list[float]] = {"told": [], "hand_written": []}
    for turn in range(plan.sweep_rounds):
        for side, rate in rates.items():
            rows = [_row(f"{side}:{turn}:{each}") for each in range(plan.due)]
            begun = perf_counter()
            if side == "told":
                _tell(office.house.uow, rows)
            else:
                _by_hand(driver, rows, sqlite=url.startswith("sqlite"))
            rate.append(len(rows) / (perf_counter() - begun))
    ratios = [ours / theirs for ours, theirs in zip(*rates.values(), strict=True)]
    return {
        "told_per_second": round(median(rates["told"])),
        "hand_written_per_second": round(median(rates["hand_written"])),
        "told_ratio": round(median(ratios), 2),
    }


def _row(key: str) -> dict[str, Any]:
    return {
        "key": key,
        "kind": "notice",
        "recipient": CLERK,
        "matter_id": None,
        "meeting_id": None,
        "day": AT.date(),
        "body": _SEEN,
        "count": 1,
        "first_at": AT,
        "last_at": AT,
        "rule": "trial",
        "threshold": "done",
        "entry": 1,
        "urgency": "ordinary",
        "expires_at": None,
    }


def _tell(uow: UnitOfWork, rows: list[dict[str, Any]]) -> None:
    with uow.write() as connection:
        _store(connection).tell_alerts(rows)


def _by_hand(driver: Any, rows: list[dict[str, Any]], *, sqlite: bool) -> None:
    organisation = driver.execute("SELECT id FROM organisation").fetchone()[0]
    kept = [
        {"organisation_id": organisation, "escalated": 0, **_plain(row, sqlite)} for row in rows
    ]
    names = list(kept[0])
    marks = ", ".join(["?" if sqlite else "%s"] * len(names))
    statement = f"INSERT INTO alert ({', '.join(names)}) VALUES ({marks})"
    driver.execute("BEGIN IMMEDIATE" if sqlite else "BEGIN")
    for each in kept:
        driver.execute(statement, list(each.values()))
    driver.execute("COMMIT")


def _plain(row: Mapping[str, Any], sqlite: bool) -> dict[str, Any]:
    if not sqlite:
        return dict(row)
    at = AT.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
    return {**row, "day": AT.date().isoformat(), "first_at": at, "last_at": at}


def _fill(driver: Any, count: int, *, sqlite: bool) -> None:
    """Bring the open deadlines up to a count, by rows alone; none of them is due."""
    there = driver.execute("SELECT count(*) FROM deadline_seen").fetchone()[0]
    missing = max(0, count - there)
    numbers = (
        f"(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {missing}) "
        "SELECT i FROM n)"
        if sqlite
        else f"(SELECT generate_series(1::bigint, {missing}) AS i)"
    )
    subject = f"'1999-' || ({there} + i)"
    at = _LATER.strftime("%Y-%m-%d %H:%M:%S.%f")
    instant = f"'{at}'" if sqlite else f"timestamptz '{at}Z' + i * interval '1 second'"
    organisation = "(SELECT min(id) FROM organisation)"
    if missing:
        driver.execute(
            "INSERT INTO wake (organisation_id, subject, at, beat) "
            f"SELECT {organisation}, {subject}, {instant}, 1 FROM {numbers} AS numbers"
        )
        driver.execute(
            "INSERT INTO deadline_seen "
            "(organisation_id, subject, point, by, provisional, told, body) "
            f"SELECT {organisation}, {subject}, 'deadline:rule:step:act::1', "
            f"'2027-06-30', {'0' if sqlite else 'false'}, 'coming', '{_SEEN}' "
            f"FROM {numbers} AS numbers"
        )
    # What the filling has left to tidy up is no cost of a sweep.
    if sqlite:
        driver.execute("ANALYZE")
        driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    else:
        driver.execute("VACUUM ANALYZE")
        driver.execute("CHECKPOINT")


def _store(connection: Any) -> Store:
    where = home(connection, ORGANISATION)
    if where is None:
        raise RuntimeError(ORGANISATION)
    return Store(connection, where[0])
