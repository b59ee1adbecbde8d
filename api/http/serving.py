"""The door on a port: one process on SQLite, any number of workers on PostgreSQL."""

from __future__ import annotations

import os
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

import uvicorn
from fastapi import FastAPI

from api.bootstrap import open_house
from api.http.app import create_app
from api.http.logs import to_standard_error
from api.http.patience import Patient
from api.http.settings import DoorSettings, settings_from
from api.http.turnstile import SEAL_VARIABLE
from api.scheduling import scheduler_of
from api.settings import DATABASE_VARIABLE, DEFAULT_DATABASE, schedules
from workflow.errors import BadInput
from workflow.uow import parse_url

FACTORY: Final = "api.http.serving:application"
_IDLE_SECONDS: Final = 5
_STOP_SECONDS: Final = 30
_AT_ONCE: Final = 1000


def serve(database: str, host: str, port: int, workers: int) -> None:
    """Serve until told to stop; what is being worked on is finished first.

    Raises BadInput for several workers on SQLite, and what opening the house raises.
    """
    if workers > 1 and parse_url(database).get_backend_name() == "sqlite":
        raise BadInput("serve.one_worker", workers=workers)
    os.environ[DATABASE_VARIABLE] = database
    # One seal for all workers: whoever waited at one of them is let in by any.
    os.environ.setdefault(SEAL_VARIABLE, secrets.token_hex())
    settings = settings_from()
    # Whatever is wrong with the database is told here, in words, and not by each worker.
    open_house(database).close()
    # Its own error output tells how it starts and stops; requests have their own lines.
    uvicorn.run(FACTORY, factory=True, **server_settings(host, port, workers, settings))


def server_settings(host: str, port: int, workers: int, settings: DoorSettings) -> dict[str, Any]:
    """How the server is set up: what it does not wait for, and what it does not tell."""
    return {
        "host": host,
        "port": port,
        "workers": workers,
        "http": Patient,
        "ws": "none",
        "h11_max_incomplete_event_size": settings.header_bytes,
        "timeout_keep_alive": _IDLE_SECONDS,
        "timeout_graceful_shutdown": _STOP_SECONDS,
        "limit_concurrency": _AT_ONCE,
        "access_log": False,
        "server_header": False,
        # Whom to believe about addresses is for our own setting to say.
        "proxy_headers": False,
        "log_level": "warning",
    }


def application() -> FastAPI:
    """The application of one worker, on the database that the environment names."""
    to_standard_error()
    house = open_house(os.environ.get(DATABASE_VARIABLE) or DEFAULT_DATABASE)
    scheduler = scheduler_of(house) if schedules() else None
    app = create_app(house, house.identity, settings_from(), scheduler)
    begin = app.router.lifespan_context

    @asynccontextmanager
    async def lifespan(served: FastAPI) -> AsyncIterator[None]:
        async with begin(served):
            yield
        house.close()

    app.router.lifespan_context = lifespan
    return app
