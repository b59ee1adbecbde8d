"""The application: the routes, within limits, in front of the program."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from anyio.to_thread import current_default_thread_limiter
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from api.bootstrap import House
from api.http import health
from api.http.door import Door
from api.http.doorway import Doorway
from api.http.pace import Pace
from api.http.problems import on_error, on_http, on_parameters
from api.http.routes import (
    bulk,
    calendar,
    commanding,
    described,
    drafts,
    files,
    identity,
    journal,
    law,
    matters,
    meetings,
    notices,
    people,
    planning,
    public,
    sessions,
    start,
)
from api.http.routing import OwnRoute
from api.http.settings import DoorSettings
from api.http.table import Table
from api.http.turnstile import Turnstile
from api.identity.principal import Authenticator
from notifications.scheduler import Scheduler
from workflow.errors import YichengError
from workflow.ports import Clock

ROUTES = (
    health,
    described,
    matters,
    planning,
    drafts,
    files,
    meetings,
    people,
    notices,
    law,
    journal,
    calendar,
    commanding,
    bulk,
    sessions,
    identity,
    public,
    start,
)


def create_app(
    house: House[Clock],
    authenticator: Authenticator,
    settings: DoorSettings | None = None,
    scheduler: Scheduler | None = None,
) -> FastAPI:
    """The door in front of a program that is open; whoever opened it closes it.

    The engine is synchronous: requests are worked on in threads, at most as many as there are
    connections to the database, so that nobody waits for a connection with a thread in hand.
    `scheduler` is the one that runs beside it, if one does.
    """
    limits = DoorSettings() if settings is None else settings

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        current_default_thread_limiter().total_tokens = limits.threads_on(house.engine.dialect.name)
        if scheduler is not None:
            scheduler.start()
        yield
        if scheduler is not None:
            scheduler.stop()

    app = FastAPI(
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=lifespan,
    )
    app.router.route_class = OwnRoute
    turnstile = Turnstile(limits.rates, lines=lambda: house.lines)
    pace = Pace(limits.rates, turnstile.mark, lines=lambda: house.lines)
    app.state.door = door = Door(house, authenticator, limits, turnstile, pace, scheduler=scheduler)
    app.state.table = table = Table(app, limits)
    for each in ROUTES:
        each.add(table)
    app.add_exception_handler(YichengError, on_error)
    app.add_exception_handler(RequestValidationError, on_parameters)
    app.add_exception_handler(HTTPException, on_http)
    app.add_middleware(Doorway, door=door)
    return app
