"""The door on a port: how it is set up, and whom it does not wait for."""

from __future__ import annotations

import asyncio
from typing import Any

import fastapi.dependencies.utils
import fastapi.routing
import pytest
from starlette.concurrency import run_in_threadpool
from uvicorn.config import Config
from uvicorn.server import ServerState

from api.http import limits, patience, routing, serving
from api.http.patience import Patient
from api.http.serving import application, serve, server_settings
from api.http.settings import DoorSettings
from api.settings import DATABASE_VARIABLE
from tests.integration.house import CLERK, QUICK, STUDY, Zone, propose
from tests.integration.http.caller import Client, calling
from workflow.errors import BadInput, StoreTrouble

REQUEST = b"GET / HTTP/1.1\r\nHost: door.example\r\n"


def test_several_workers_are_refused_on_sqlite_with_words() -> None:
    with pytest.raises(BadInput) as caught:
        serve("sqlite:///var/none.db", "127.0.0.1", 8000, 2)
    assert caught.value.code == "serve.one_worker"


def test_a_database_that_is_not_there_is_told_before_anything_listens() -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(DATABASE_VARIABLE, "")
        with pytest.raises(StoreTrouble):
            serve("sqlite:///nowhere/none.db", "127.0.0.1", 8000, 1)


def test_the_server_tells_nothing_of_itself_and_keeps_no_log_of_its_own() -> None:
    settings = server_settings("127.0.0.1", 8000, 1, DoorSettings())
    assert (settings["server_header"], settings["access_log"]) == (False, False)
    Config("api.http.serving:application", factory=True, **settings)


def test_sqlite_is_asked_by_fewer_threads_than_a_server_that_works_by_itself() -> None:
    assert DoorSettings().threads_on("sqlite") < DoorSettings().threads_on("postgresql")
    assert DoorSettings(threads=2).threads_on("sqlite") == 2


@pytest.mark.parametrize("backend", ["sqlite"])
def test_an_application_of_its_own_recognises_nobody_and_closes_its_house(
    zone: Zone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(DATABASE_VARIABLE, zone.url)
    monkeypatch.setattr(serving, "to_standard_error", lambda: None)
    app = application()
    client = Client(app)
    assert client.request("GET", "/ready").status_code == 200
    told = client.request("GET", "/api/v1/matters", headers={"Authorization": "Bearer x"})
    assert told.status_code == 401
    client.close()

    async def through_its_life() -> None:
        async with app.router.lifespan_context(app):
            pass

    asyncio.run(through_its_life())
    assert app.state.door.house.engine.pool.checkedin() == 0


@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_request_is_handed_to_a_thread_once_and_a_long_body_read_of_nobody_unknown(
    zone: Zone, monkeypatch: pytest.MonkeyPatch
) -> None:
    handed, read = [], []

    async def hand(*given: Any, **named: Any) -> Any:
        handed.append(given[0])
        return await run_in_threadpool(*given, **named)

    async def body(*given: Any) -> bytes:
        read.append(given)
        return await read_whole(*given)

    read_whole = limits._read  # noqa: SLF001 (what reads a body at all)
    for where in (routing, fastapi.routing, fastapi.dependencies.utils):
        monkeypatch.setattr(where, "run_in_threadpool", hand)
    monkeypatch.setattr(limits, "_read", body)
    zone.do(propose(QUICK))
    with calling(zone) as caller:
        assert caller.get(f"/api/v1/matters/{zone.matter}", CLERK).status_code == 200
        assert caller.do(STUDY).status_code == 200
        # Two questions, the second of which told the version, and a command.
        assert (len(handed), len(read)) == (3, 1)
        long = {"title": "x" * 20_000}
        assert caller.post("/api/v1/commands/propose", "none", long).status_code == 401
        assert len(read) == 1
        assert caller.post("/api/v1/commands/propose", CLERK, long).status_code == 422
        assert len(read) == 2


class Wire:
    """A connection to nobody."""

    def __init__(self) -> None:
        self.closed = False

    def close(self) -> None:
        self.closed = True

    def is_closing(self) -> bool:
        return self.closed

    def get_extra_info(self, name: str) -> Any:
        return {"peername": ("127.0.0.1", 1), "sockname": ("127.0.0.1", 2)}.get(name)

    def __getattr__(self, name: str) -> Any:
        return lambda *_: None


@pytest.mark.parametrize(
    ("pieces", "closed"),
    [((), True), ((REQUEST,), True), ((REQUEST, b"X: y"), True), ((REQUEST, b"\r\n"), False)],
)
def test_whoever_sends_headers_too_slowly_is_given_up(
    pieces: tuple[bytes, ...], closed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patience, "HEADERS_SECONDS", 0.01)

    async def served() -> bool:
        asked = asyncio.Event()

        async def waits(scope: object, receive: object, send: object) -> None:
            await asked.wait()

        config = Config(waits, http=Patient, log_config=None, lifespan="off")
        config.load()
        protocol, wire = Patient(config, ServerState(), {}), Wire()
        protocol.connection_made(wire)  # type: ignore[arg-type]
        for piece in pieces:
            protocol.data_received(piece)
        await asyncio.sleep(0.05)
        given_up = wire.closed
        protocol.connection_lost(None)
        asked.set()
        await asyncio.gather(*protocol.tasks)
        return given_up

    assert asyncio.run(served()) == closed
