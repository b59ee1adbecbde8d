"""A durable command through the choke point, beside the same rows written by hand."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from itertools import cycle, islice
from typing import Any

import psycopg
from sqlalchemy import make_url

from tests.benchmarks.by_hand import ByHand, Example
from tests.benchmarks.office import AT, CLERK, COMMAND, ORGANISATION, REPORT, Office, open_office
from tests.benchmarks.plan import Plan
from tests.benchmarks.racing import Race, Side, race

SERVICE, HAND, BARE, READS = "service", "hand_written", "bare", "same_reads"


def durable(url: str, plan: Plan, others: Sequence[Side] = ()) -> Race:
    """Race the service against the yardsticks, and `others` too, on a fresh, migrated database.

    Each side has matters of its own, all in the same database, and they take turns: so all meet
    the same tables, the same disk and the same load.  RuntimeError if the journal that all of them
    have written does not verify in the end.
    """
    with open_office(url) as office, driver_of(url) as driver:
        example = example_of(office)
        service = _Service(office, _matters(office, plan))
        hands = {
            name: ByHand(
                driver,
                sqlite=url.startswith("sqlite"),
                example=example,
                matters=_matters(office, plan),
            )
            for name in (HAND, BARE, READS)
        }

        def settle() -> None:
            # No side pays for writing back what another has left in the write-ahead log.
            if url.startswith("sqlite"):
                driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

        def settle_and_remember() -> None:
            settle()
            hands[BARE].remember()

        count = plan.commands
        sides = (
            Side(SERVICE, lambda: service.run(count), settle),
            Side(HAND, lambda: hands[HAND].hand_written(count), settle),
            Side(BARE, lambda: hands[BARE].bare(count), settle_and_remember),
            Side(READS, lambda: hands[READS].same_reads(count), settle),
            *others,
        )
        result = race(sides, plan.rounds)
        flaws = office.house.inquiry.audit(ORGANISATION).flaws
        if flaws:
            raise RuntimeError(flaws[0])
        return result


def findings(result: Race) -> dict[str, object]:
    """What a race says of the durable command."""
    ratios = result.ratios(SERVICE, HAND)
    return {
        "per_second": round(result.per_second(SERVICE)),
        "hand_written_per_second": round(result.per_second(HAND)),
        "ratio": round(result.ratio(SERVICE, HAND), 3),
        "ratio_lowest": round(ratios[0], 3),
        "ratio_highest": round(ratios[-1], 3),
        "bare_hand_written_per_second": round(result.per_second(BARE)),
        "bare_ratio": round(result.ratio(SERVICE, BARE), 3),
        "same_reads_hand_written_per_second": round(result.per_second(READS)),
        "same_reads_ratio": round(result.ratio(SERVICE, READS), 3),
        "processor_microseconds": round(result.busy_microseconds(SERVICE)),
        "hand_written_processor_microseconds": round(result.busy_microseconds(HAND)),
    }


class _Service:
    def __init__(self, office: Office, matters: Sequence[str]) -> None:
        self._office = office
        self._matters = cycle(matters)

    def run(self, count: int) -> int:
        for matter in islice(self._matters, count):
            self._office.do(COMMAND, CLERK, REPORT, matter)
        return count


def _matters(office: Office, plan: Plan) -> list[str]:
    return [office.matter_with_report() for _ in range(plan.matters)]


def example_of(office: Office) -> Example:
    """What the service writes for the command that is raced."""
    office.matter_with_report()
    inquiry = office.house.inquiry
    *_, entry = inquiry.entries(ORGANISATION)
    home = inquiry.organisation(ORGANISATION)
    return Example(home.id, home.code, CLERK, json.loads(entry.body), AT)


@contextmanager
def driver_of(url: str) -> Iterator[Any]:
    """The driver's own connection, opened as safe as the unit of work opens it."""
    with closing(open_driver(url)) as driver:
        yield driver


def open_driver(url: str) -> Any:
    """The same, to be closed by the caller; any thread may use it, one at a time."""
    if not url.startswith("sqlite"):
        libpq = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        return psycopg.connect(libpq, autocommit=True)
    driver = sqlite3.connect(
        str(make_url(url).database), isolation_level=None, check_same_thread=False
    )
    for setting in (
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
        "recursive_triggers = ON",
    ):
        driver.execute(f"PRAGMA {setting}").fetchall()
    return driver
