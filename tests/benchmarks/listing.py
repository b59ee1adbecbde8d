"""What a page of a list costs beside ten thousand matters, and beside a million."""

from __future__ import annotations

from statistics import median
from time import perf_counter
from typing import Any, Final

from tests.benchmarks.durable import driver_of
from tests.benchmarks.office import ORGANISATION, Office, open_office
from tests.benchmarks.plan import Plan
from workflow.inquiry import Query, Sort

MILLISECONDS: Final = 1_000
LINES: Final = 50
_YEARS: Final = 20

#: The questions that are measured; the first is what `matter list` asks.
QUESTIONS: Final = {
    "list": Query(limit=LINES),
    "newest": Query(limit=LINES, sort=Sort.CHANGED, descending=True),
    "title": Query(limit=LINES, sort=Sort.TITLE),
    "owing": Query(limit=LINES, owing=True),
    "stage": Query(limit=LINES, stages=frozenset({"drafting"})),
}


def listing(url: str, plan: Plan) -> dict[str, object]:
    """Median milliseconds of each question beside a few matters and beside many, and their ratio.

    One matter in a hundred is drafting, the others are closed and owe nothing; a dozen real ones
    stand before them.
    """
    with open_office(url) as office, driver_of(url) as driver:
        for _ in range(plan.matters // 8):
            office.matter_in_drafting()
        found: dict[str, object] = {}
        times = {}
        for name, count in (("few", plan.few), ("many", plan.many)):
            _fill(driver, count, sqlite=url.startswith("sqlite"))
            times[name] = _ask(office, plan)
            found[name] = {"matters": count, **times[name]}
        found["ratio"] = {
            name: round(times["many"][name] / times["few"][name], 2) for name in QUESTIONS
        }
        return found


def _ask(office: Office, plan: Plan) -> dict[str, float]:
    asked = {}
    for name, query in QUESTIONS.items():
        rounds = []
        for _ in range(plan.rounds):
            begun = perf_counter()
            office.house.inquiry.listed(ORGANISATION, query)
            rounds.append(perf_counter() - begun)
        asked[name] = round(median(rounds) * MILLISECONDS, 2)
    return asked


def _fill(driver: Any, count: int, *, sqlite: bool) -> None:
    """Bring the matters up to a count, by rows alone: as many as nobody can wait for."""
    there = driver.execute("SELECT count(*) FROM matter").fetchone()[0]
    missing = max(0, count - there)
    numbers = (
        f"(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {missing}) "
        "SELECT i FROM n)"
        if sqlite
        else f"(SELECT generate_series(1::bigint, {missing}) AS i)"
    )
    year = f"2005 + ({there} + i) % {_YEARS}"
    serial = f"({there} + i) / {_YEARS} + 1000"
    number = f"({year}) || '-' || ({serial})"
    at = (
        f"strftime('%Y-%m-%d %H:%M:%f000', '2005-01-01', '+' || ({there} + i) || ' minutes')"
        if sqlite
        else f"timestamptz '2005-01-01 00:00Z' + ({there} + i) * interval '1 minute'"
    )
    title = f"'pump station ' || (({there} + i) * 7919 % 1000003)"
    values = {
        "organisation_id": "m.organisation_id",
        "number": number,
        "year": year,
        "serial": serial,
        "title": title,
        "title_key": title,
        "procedure_version_id": "m.procedure_version_id",
        "stage": "CASE WHEN i % 100 = 0 THEN 'drafting' ELSE 'closed' END",
        "version": "1",
        "answers": "m.answers",
        "proposing_unit": "m.proposing_unit",
        "co_units": "m.co_units",
        "created_at": at,
        "updated_at": at,
        "may_owe": "0" if sqlite else "false",
    }
    if sqlite:
        # Not looked at here: what they forbid would be asked a million times.
        for trigger in ("matter_insert_key", "matter_insert_new"):
            driver.execute(f"DROP TRIGGER IF EXISTS {trigger}")
    else:
        driver.execute("ALTER TABLE matter DISABLE TRIGGER USER")
    driver.execute(
        f"INSERT INTO matter ({', '.join(values)}) SELECT {', '.join(values.values())} "
        f"FROM {numbers} AS numbers, (SELECT * FROM matter ORDER BY id LIMIT 1) AS m"
    )
    driver.execute("ANALYZE matter")
