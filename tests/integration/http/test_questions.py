"""Questions over HTTP: every answer has the form that the description promises."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from pydantic import TypeAdapter

import procedures
from api.bootstrap import stage
from api.cli.playing import fresh_house
from api.http.settings import DoorSettings
from api.http.table import Entry, Table
from api.rehearsal import play
from procedures.scenario import load_scenario
from tests.integration.house import CLERK, DIRECTOR, KEEPER, QUICK, Zone, propose
from tests.integration.http.caller import Caller, calling
from workflow.errors import StoreTrouble
from workflow.inquiry import Reader

SCENARIOS = Path(procedures.__file__).with_name("scenarios")
MIDWAY = 40
#: Asked apart: they are not about what the zone has, or answer with a page or with bytes.
APART = {
    "metrics",
    "problem",
    "file",
    "file_content",
    "draft_differences_page",
    "feed_calendar",
}
#: What asks for a session of its own is asked in the tests of identity.
#: What is open to everybody has tests of its own.
PUBLIC = "/api/v1/public/"
OF_IDENTITY = {"accounts", "security_events", "session", "tokens"}


@pytest.fixture
def door(zone: Zone) -> Iterator[Caller]:
    with calling(zone, DoorSettings(page=2)) as caller:
        yield caller


def asked(entry: Entry, zone: Zone) -> str:
    """The address of a question about what the zone has."""
    given = {
        "number": zone.matter,
        "code": zone.meeting,
        "draft": 1,
        "a": 1,
        "b": 1,
        "entry": 2,
        "year": 2026,
        "procedure": "jiyuan_htz",
        "name": "propose",
    }
    query = {
        "calendar_count": "?start=2026-02-12&amount=7&unit=working_days",
        "calendar_span": "?start=2026-02-12&end=2026-02-28&unit=working_days",
        "procedure_differences": "?before=order_713",
        "plan": "?wished=2026-09-01",
    }
    return entry.path.format(**given) + query.get(entry.name, "")


def table(app: FastAPI) -> Table:
    found: Table = app.state.table
    return found


@pytest.mark.parametrize("backend", ["sqlite"])
def test_every_question_is_answered_in_the_form_that_is_described(database_url: str) -> None:
    """Asked in the middle of a scenario and at its end, when everything has happened once."""
    scenario = load_scenario(SCENARIOS / "sewage_charge.yaml")
    with fresh_house(database_url, scenario) as house:
        zone = Zone(database_url, house, scenario.organisation)
        steps = play(scenario, stage(house, scenario.organisation))
        with calling(zone) as door:
            for number, played in enumerate(steps):
                outcome = played.outcome
                if outcome is not None:
                    zone.matter = zone.matter or outcome.matter
                    zone.meeting = zone.meeting or outcome.meeting
                if number == MIDWAY:
                    every_question(door)
            every_question(door)


def every_question(door: Caller) -> None:
    zone = door.zone
    for entry in table(door.app).entries:
        about_meeting = "{code}" in entry.path and zone.meeting is None
        apart = entry.name in APART or entry.area in OF_IDENTITY or PUBLIC in entry.path
        if entry.method != "GET" or apart or about_meeting:
            continue
        told = door.get(asked(entry, zone), DIRECTOR)
        if "meeting.no_minutes" in told.text:
            # There are none before the meeting.
            continue
        assert told.status_code == 200, (entry.name, told.text)
        TypeAdapter(entry.model).validate_python(told.json())
        assert ("etag" in told.headers) == entry.tagged, entry.name


def test_pages_follow_each_other_without_gap_or_repetition(door: Caller) -> None:
    for _ in range(5):
        door.zone.do(propose(QUICK))
    for path, key in (("/api/v1/matters", "matter"), ("/api/v1/journal", "entry")):
        seen: list[Any] = []
        address = path
        while True:
            page = door.get(address, DIRECTOR)
            seen += [each[key] for each in page.json()["items"]]
            if "link" not in page.headers:
                break
            address = page.headers["link"].partition("<")[2].partition(">")[0]
        assert len(seen) == len(set(seen)) >= 5
        assert seen == sorted(seen)
    for cursor in ("x", door.get("/api/v1/journal", DIRECTOR).json()["next"]):
        told = door.get(f"/api/v1/matters?cursor={cursor}", DIRECTOR)
        assert (told.status_code, told.json()["code"]) == (400, "http.cursor")


def test_meetings_come_newest_first_page_by_page(door: Caller) -> None:
    for day in ("2026-04-30", "2026-05-20", "2026-05-20"):
        body = {"body": "executive_meeting", "held_on": day}
        assert door.post("/api/v1/commands/convene_meeting", KEEPER, body).status_code == 201
    first = door.get("/api/v1/meetings?limit=1", DIRECTOR)
    rest = door.get(f"/api/v1/meetings?cursor={first.json()['next']}", DIRECTOR).json()
    codes = [each["meeting"] for each in (*first.json()["items"], *rest["items"])]
    assert codes == ["M2026-003", "M2026-002", "M2026-001"]
    assert rest["next"] is None


@pytest.mark.parametrize("backend", ["sqlite"])
class TestTheDoorItself:
    def test_it_says_what_is_missing_before_it_works(
        self, door: Caller, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assert door.client.request("GET", "/health").json() == {"status": "ok"}
        ready = door.client.request("GET", "/ready")
        assert (ready.status_code, ready.json()["ready"]) == (200, True)

        def broken(_: object) -> None:
            raise StoreTrouble("store.schema_older")

        monkeypatch.setattr("api.http.health.check_schema", broken)
        ready = door.client.request("GET", "/ready")
        assert ready.status_code == 503
        assert {"name": "database", "status": "store.schema_older"} in ready.json()["checks"]

    def test_the_database_s_trouble_is_told_without_its_address(
        self, door: Caller, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def broken(*_: object) -> None:
            raise StoreTrouble("store.locked", database="/secret/place.db")

        monkeypatch.setattr(Reader, "listed", broken)
        told = door.get("/api/v1/matters", CLERK)
        assert (told.status_code, told.json()["code"]) == (503, "store.locked")
        assert told.headers["retry-after"] == "2"
        assert "secret" not in told.text

    def test_what_nobody_foresaw_tells_its_number_and_nothing_else(
        self,
        door: Caller,
        monkeypatch: pytest.MonkeyPatch,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        def broken(*_: object) -> None:
            raise RuntimeError("what somebody wrote")

        monkeypatch.setattr(Reader, "listed", broken)
        with caplog.at_level(logging.INFO, "yicheng.http"):
            told = door.get("/api/v1/matters?stage=drafting", CLERK)
        data = told.json()
        assert (told.status_code, data["code"]) == (500, "fault")
        assert told.headers["x-request-id"] == data["request_id"]
        assert data["request_id"] in data["detail"]
        logged = json.dumps([each.__dict__ for each in caplog.records], default=str)
        assert data["request_id"] in logged
        for secret in ("what somebody wrote", CLERK):
            assert secret not in told.text
            assert secret not in logged

    def test_a_request_leaves_one_line_without_account_query_or_body(
        self, door: Caller, caplog: pytest.LogCaptureFixture
    ) -> None:
        with caplog.at_level(logging.INFO, "yicheng.http"):
            door.get(
                "/api/v1/matters/2026-0009?a=b%0d%0aforged",
                CLERK,
                headers={"X-Request-ID": "forged\nline-of-log"},
            )
        (line,) = (each for each in caplog.records if each.name == "yicheng.http")
        told = {name: getattr(line, name) for name in ("method", "route", "status", "organisation")}
        assert told == {
            "method": "GET",
            "route": "/api/v1/matters/{number}",
            "status": 404,
            "organisation": door.zone.code,
        }
        assert "forged" not in json.dumps(line.__dict__, default=str)

    def test_the_numbers_name_routes_and_never_addresses(self, door: Caller) -> None:
        door.get("/api/v1/matters/2026-0009", CLERK)
        door.get("/nowhere/at/all", CLERK)
        told = door.client.request("GET", "/metrics").text
        assert 'route="/api/v1/matters/{number}",status="404"} 1.0' in told
        assert "2026-0009" not in told
        assert "nowhere" not in told

    @pytest.mark.parametrize(
        ("method", "path", "status", "code"),
        [
            ("GET", "/nowhere", 404, "http.no_such_place"),
            ("DELETE", "/api/v1/matters", 405, "http.no_such_method"),
            ("GET", "/api/v1/matters?limit=x", 422, "http.parameters"),
            ("GET", "/api/v1/matters/%00", 422, "http.parameters"),
            ("GET", "/api/v1/matters?stage=nix", 404, "matter.unknown_stage"),
            ("GET", "/api/v1/journal/99999", 404, "unknown.entry"),
            ("GET", "/api/v1/procedures/nix", 404, None),
            (
                "GET",
                "/api/v1/calendar/spans?start=0001-01-01&end=2026-01-01&unit=months",
                422,
                None,
            ),
        ],
    )
    def test_what_is_not_there_is_a_problem_too(
        self, door: Caller, method: str, path: str, status: int, code: str | None
    ) -> None:
        told = door.client.request(method, path, headers={"Authorization": f"Bearer {CLERK}"})
        assert told.status_code == status, told.text
        assert told.headers["content-type"] == "application/problem+json"
        assert code in (None, told.json()["code"])

    def test_every_kind_of_problem_is_explained_where_its_type_says(self, door: Caller) -> None:
        told = door.client.request("GET", "/nowhere").json()
        for kind in (told["type"], "/problems/refused", "/problems/study.missing"):
            found = door.client.request("GET", kind, headers={"Accept-Language": "en"})
            assert found.status_code == 200
            assert found.json()["message"]
        assert door.client.request("GET", "/problems/nix").status_code == 404

    def test_too_many_headers_are_not_read(self, door: Caller) -> None:
        headers = {f"X-{number}": "y" for number in range(200)}
        told = door.get("/api/v1/matters", CLERK, headers=headers)
        assert (told.status_code, told.json()["code"]) == (431, "http.headers_too_large")
