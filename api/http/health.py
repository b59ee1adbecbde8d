"""Whether the program lives, and whether it can work: database, schema, scheduler, disk."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Final

from fastapi import Depends, Request
from pydantic import BaseModel
from starlette.responses import Response

from api.founding import organisations
from api.http.answering import answer
from api.http.door import Door, door_of
from api.http.errors import NoSuchPlace
from api.http.metrics import MEDIA
from api.http.proxies import HANDED_ON
from api.http.table import Table
from workflow.errors import StoreTrouble
from workflow.tables import SCHEMA_HEAD
from workflow.uow import check_schema

OK: Final = "ok"
NOT_CONFIGURED: Final = "not_configured"


class Health(BaseModel):
    """The process answers."""

    status: str


class Check(BaseModel):
    """One thing that is needed: `ok`, `not_configured`, or the code of what is wrong."""

    name: str
    status: str


class Readiness(BaseModel):
    """Whether everything is there that is needed."""

    ready: bool
    schema_version: str
    checks: list[Check]


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found of one thing."""

    name: str
    status: str

    @property
    def well(self) -> bool:
        """Whether one can work with it; what is not configured is not missing."""
        return self.status in (OK, NOT_CONFIGURED)


Here = Annotated[Door, Depends(door_of)]


def add(table: Table) -> None:
    """Enter what watchdogs and Prometheus ask."""
    table.open("/health", "health", Health, _health)
    table.open("/ready", "ready", Readiness, _ready, 503)
    table.open("/metrics", "metrics", str, _metrics, 404)


async def _health() -> Response:
    """Nothing is looked at: whoever answers lives."""
    return answer({"status": OK})


def _ready(door: Here) -> Response:
    """Everything is looked at."""
    found = checks(door)
    ready = all(each.well for each in found)
    data: dict[str, Any] = {
        "ready": ready,
        "schema_version": SCHEMA_HEAD,
        "checks": [{"name": each.name, "status": each.status} for each in found],
    }
    return answer(data, status=200 if ready else 503)


def checks(door: Door) -> tuple[Checked, ...]:
    """Each thing that is needed, with what was found."""
    return (
        _database(door),
        _journal(door),
        _scheduler(door),
        _disk(door),
    )


def _scheduler(door: Door) -> Checked:
    """Whether what this process does of itself went well when it was last done."""
    found = door.scheduler
    if found is None:
        return Checked("scheduler", NOT_CONFIGURED)
    return Checked("scheduler", "scheduler.failing" if found.failing else OK)


def _database(door: Door) -> Checked:
    try:
        check_schema(door.house.engine)
    except StoreTrouble as error:
        return Checked("database", error.code)
    return Checked("database", OK)


def _journal(door: Door) -> Checked:
    """Whether the database is as new as the checkpoints that were handed out."""
    signing = door.house.checkpointing
    if not signing.keys.there():
        return Checked("journal", NOT_CONFIGURED)
    try:
        behind = any(signing.behind(code) for code in organisations(door.house.uow))
    except StoreTrouble as error:
        return Checked("journal", error.code)
    return Checked("journal", "journal.older" if behind else OK)


def _disk(door: Door) -> Checked:
    """Room in the folder of a database file; a server has a disk of its own."""
    url = door.house.engine.url
    if url.get_backend_name() != "sqlite" or not url.database:
        return Checked("disk", NOT_CONFIGURED)
    try:
        free = shutil.disk_usage(Path(url.database).parent).free
    except OSError as error:
        return Checked("disk", os.strerror(error.errno or 0))
    return Checked("disk", OK if free >= door.settings.least_free_bytes else "disk.full")


def _metrics(request: Request, door: Here) -> Response:
    """The numbers of this process, for whoever asks from this machine, by no proxy's hand."""
    far = request.client is not None and request.client.host not in _LOCAL
    if far or any(name in HANDED_ON for name, _ in request.scope["headers"]):
        raise NoSuchPlace("http.no_such_place")
    if door.scheduler is not None:
        door.metrics.leads(leading=door.scheduler.leads)
    _count_notices(door)
    return Response(door.metrics.told(), media_type=MEDIA)


def _count_notices(door: Door) -> None:
    """What waits in all organisations together."""
    house = door.house
    out = house.delivering
    found = [out.outbox.counts(code) for code in organisations(house.uow)]
    since = [each.oldest for each in found if each.oldest is not None]
    oldest = (house.clock.now() - min(since)).total_seconds() if since else 0.0
    waiting = {
        "undispatched": sum(each.undispatched for each in found),
        "due": sum(each.due for each in found),
        "failed": sum(each.failed for each in found),
    }
    door.metrics.notices(waiting, oldest, out.sending.totals)


_LOCAL: Final = frozenset({"127.0.0.1", "::1"})
