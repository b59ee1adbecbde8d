"""The benchmark measures what it says that it measures. How fast anything is, is not asked here."""

from __future__ import annotations

import gc
import json
from contextlib import closing
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from sqlalchemy import text

from api.http.app import create_app
from api.identity.sealing import make_key
from api.settings import SECRET_VARIABLE
from tests.benchmarks.by_hand import ByHand
from tests.benchmarks.door.bare import bare_app
from tests.benchmarks.door.measured import script_of, token_of
from tests.benchmarks.door.recording import recorded
from tests.benchmarks.durable import driver_of, example_of
from tests.benchmarks.measuring import STAGES, Bench, measure
from tests.benchmarks.office import CLERK, COMMAND, ORGANISATION, REPORT, Office, open_office
from tests.benchmarks.plan import TINY
from tests.benchmarks.racing import Lap, Race, Side, race
from tests.benchmarks.report import table
from tests.integration.http.caller import Client

SPEEDS = {
    "per_second",
    "hand_written_per_second",
    "ratio",
    "ratio_lowest",
    "ratio_highest",
    "bare_hand_written_per_second",
    "bare_ratio",
    "same_reads_hand_written_per_second",
    "same_reads_ratio",
    "processor_microseconds",
    "hand_written_processor_microseconds",
}
NEWEST = {
    "journal": "SELECT * FROM journal WHERE matter_id = :id ORDER BY seq DESC LIMIT 1",
    "record": "SELECT * FROM record WHERE matter_id = :id ORDER BY position DESC LIMIT 1",
    "matter": "SELECT * FROM matter WHERE id = :id",
    "wake": "SELECT w.* FROM wake w JOIN matter m ON m.number = w.subject WHERE m.id = :id",
}
# What must differ between two commands on two matters, one after the other.
OWN = {
    "id",
    "subject",
    "matter_id",
    "number",
    "serial",
    "seq",
    "journal_seq",
    "previous",
    "digest",
    "matter",
}


@pytest.fixture(scope="module", autouse=True)
def _little_to_tidy() -> None:
    """Before each batch garbage is collected: not in what all tests before these have left."""
    gc.collect()
    gc.freeze()


@pytest.mark.parametrize("way", ["hand_written", "bare", "same_reads"])
def test_by_hand_the_same_rows_are_written_as_by_the_service(database_url: str, way: str) -> None:
    with open_office(database_url) as office, driver_of(database_url) as driver:
        example = example_of(office)
        ours, theirs = office.matter_with_report(), office.matter_with_report()
        hand = ByHand(
            driver,
            sqlite=database_url.startswith("sqlite"),
            example=example,
            matters=[theirs],
        )
        for _ in range(2):
            office.do(COMMAND, CLERK, REPORT, ours)
        hand.remember()
        assert getattr(hand, way)(2) == 2
        assert newest(office, theirs) == newest(office, ours)
        audit = office.house.inquiry.audit(ORGANISATION)
        assert audit.flaws == ()
        office.do(COMMAND, CLERK, REPORT, theirs)


def test_a_run_gives_every_number_that_is_promised(
    request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    kinds = ("sqlite", "postgresql")
    databases = {kind: request.getfixturevalue(f"_{kind}") for kind in kinds}
    told: list[str] = []
    measured = measure(Bench(databases, tmp_path, TINY), told.append)
    found: dict[str, Any] = json.loads(json.dumps(measured))
    assert told == [*STAGES] == [*found["stage_seconds"]]
    for name in ("sqlite", "postgresql"):
        doors = {**found["http_read"][name], "command": found["http_command"][name]}
        assert doors.keys() == {"matter", "list", "why", "command"}
        for door in doors.values():
            assert all(value > 0 for value in door["1"].values())
            assert door["1"].keys() >= {"per_second", "bare_per_second", "ratio"}
    assert found["durable_command"].keys() == {"sqlite", "postgresql"}
    for speeds in found["durable_command"].values():
        assert speeds.keys() == SPEEDS
        assert all(value > 0 for value in speeds.values())
    assert found["spiffworkflow"].keys() >= {"per_second", "ratio"}
    assert all(value > 0 for value in found["spiffworkflow"].values())
    for name in ("gate_microseconds", "plan_milliseconds", "check_seconds", "cli_start_seconds"):
        assert found[name] > 0
    assert all(value > 0 for value in found["journal_verify"].values())
    for name in kinds:
        swept = found["sweep"][name]
        assert (swept["few"]["open"], swept["many"]["open"]) == (20, 40)
        assert all(swept[key] > 0 for key in ("told_per_second", "hand_written_per_second"))
    assert str(tmp_path) not in json.dumps(found)
    for line in (
        "durable command, sqlite",
        "SpiffWorkflow",
        "HTTP why, postgresql, clients: 1",
        "gate",
        "signing adds",
        "plan, ",
        "sweep, 1 due, postgresql",
        "journal verify, a bundle",
        "file of 1 MB given out, postgresql",
        "procedures check",
    ):
        assert line in table(found)
    for load, busy in ((0.0, False), (2.0, True)):
        found["machine"]["load_before"] = load
        assert ("was busy" in table(found)) is busy
    part = {name: found[name] for name in ("gate", "gate_microseconds", "machine")}
    assert "procedures check" not in table(part)


def test_the_bare_command_runs_as_many_statements_as_the_door(
    request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    url = request.getfixturevalue("_sqlite").create()
    make_key(tmp_path / "key")
    with (
        patch.dict("os.environ", {SECRET_VARIABLE: str(tmp_path / "key")}),
        open_office(url) as office,
    ):
        token, number = token_of(office), office.matter_with_report()
        script = script_of(office, token, [number])
        with closing(Client(create_app(office.house, office.house.identity))) as client:
            headers = {"Authorization": f"Bearer {token}"}
            path = f"/api/v1/matters/{number}"
            act = f"{path}/commands/{COMMAND}"
            tag = client.request("GET", path, headers=headers).headers["etag"]
            headers |= {"If-Match": tag, "Idempotency-Key": "as-many-statements"}
            with recorded(office.house.engine) as ours:
                done = client.request("POST", act, json=REPORT, headers=headers)
        assert done.status_code == 200
        theirs: list[str] = []
        with closing(Client(bare_app(url, 1, script, theirs.append))) as client:
            done = client.request("POST", act, json=REPORT)
        assert done.status_code == 200
        # A statement is heard once more for each that its triggers run.
        words = [each.split()[0] for each in dict.fromkeys(theirs)]
        began = [each for each in words if each in {"BEGIN", "COMMIT", "ROLLBACK"}]
        assert (len(ours), len(began)) == (len(words) - len(began), 4)
        assert office.house.inquiry.audit(ORGANISATION).flaws == ()


def test_every_side_begins_a_round_in_turn_and_the_first_round_does_not_count() -> None:
    order: list[str] = []

    def side(name: str) -> Side:
        def run() -> int:
            order.append(name)
            return 1

        return Side(name, run, lambda: None)

    result = race([side("a"), side("b"), side("c")], 3)
    assert "".join(order) == "abcabcbcacab"
    assert {name: len(laps) for name, laps in result.laps.items()} == {"a": 3, "b": 3, "c": 3}


def test_a_ratio_is_the_median_of_the_ratios_within_each_round() -> None:
    ours, theirs = [1.0, 10.0, 2.0], [0.5, 2.5, 1.8]
    result = Race(
        {
            "ours": [Lap(90, seconds, 0.09) for seconds in ours],
            "theirs": [Lap(90, seconds, 0.018) for seconds in theirs],
        }
    )
    assert result.ratios("ours", "theirs") == pytest.approx([0.25, 0.5, 0.9])
    assert result.ratio("ours", "theirs") == pytest.approx(0.5)
    assert result.per_second("ours") == 45
    assert result.busy_microseconds("ours") == pytest.approx(1000)


def newest(office: Office, number: str) -> dict[str, dict[str, object]]:
    with office.house.uow.read() as connection:
        key = connection.execute(
            text("SELECT id FROM matter WHERE number = :number"), {"number": number}
        ).scalar_one()
        rows = {
            name: dict(connection.execute(text(query), {"id": key}).mappings().one())
            for name, query in NEWEST.items()
        }
    rows["journal"]["body"] = shared(json.loads(str(rows["journal"]["body"])))
    return {name: shared(row) for name, row in rows.items()}


def shared(row: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in row.items() if name not in OWN}
