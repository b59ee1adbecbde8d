"""Backups and restores that are killed: what has its own name is whole, or is nothing at all."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import psycopg
from psycopg import sql
from sqlalchemy import make_url

from api.bootstrap import open_house
from api.record.backup import back_up, restore, verify_backup
from tests.faults.jobs import JOBS, Acknowledged, Job, Place
from tests.integration.house import folder_of
from workflow.errors import BadInput, YichengError

FIRST: Final = "backup-first"


def _name() -> str:
    return secrets.token_hex(6)


def _back_up(place: Place) -> Mapping[str, Any]:
    folder = place.folder / f"backup-{_name()}"
    made = back_up(place.zone.house.engine, folder, folder_of(place.zone.url).root)
    return {"folder": folder.name, "entry": made.heads[0].entry}


def _backups_missing(place: Place, told: Acknowledged) -> Iterator[str]:
    """Every folder that has the name of a backup is one; nothing else passes for it."""
    there = {path.name for path in place.folder.glob("backup-*")}
    yield from (each["folder"] for each in told if each["folder"] not in there)
    for name in there:
        try:
            verify_backup(place.folder / name)
        except BadInput as error:
            yield f"{name}: {error.code}"
    for path in place.folder.glob(".backup-*"):
        if not path.name.endswith(".unfinished"):
            yield path.name


def _restore(place: Place) -> Mapping[str, Any]:
    """Into a database and a folder that only their names are known of before."""
    url, name = place.zone.url, f"restored_{_name()}"
    restore(_first(place), _new(url, place.folder, name), place.folder / f"{name}.files")
    return {"name": name}


def _first(place: Place) -> Path:
    """A backup that every worker can restore."""
    folder = place.folder / FIRST
    if not folder.exists():
        try:
            back_up(place.zone.house.engine, folder, folder_of(place.zone.url).root)
        except YichengError:
            if not folder.exists():
                raise
    return folder


def _restored_missing(place: Place, told: Acknowledged) -> Iterator[str]:
    """Whatever can be opened has all of the backup, its files too."""
    done = {each["name"] for each in told}
    for name, url in _all(place.zone.url, place.folder):
        try:
            with open_house(url) as house:
                flaws = house.inquiry.audit(place.zone.code).flaws
            files = place.folder / f"{name}.files"
            wanted = {path.name for path in (_first(place) / "files").rglob("*") if path.is_file()}
            if flaws or wanted - {path.name for path in files.rglob("*")}:
                yield f"{name} passes for whole"
        except YichengError:
            if name in done:
                yield name


def _new(url: str, folder: Path, name: str) -> str:
    if url.startswith("sqlite"):
        return f"sqlite:///{folder / name}.db"
    with psycopg.connect(_server(url), autocommit=True) as connection:
        made = sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'")
        connection.execute(made.format(sql.Identifier(name)))
    return make_url(url).set(database=name).render_as_string(hide_password=False)


def _all(url: str, folder: Path) -> Iterator[tuple[str, str]]:
    if url.startswith("sqlite"):
        for path in folder.glob("restored_*.db"):
            yield path.stem, f"sqlite:///{path}"
        return
    with psycopg.connect(_server(url), autocommit=True) as connection:
        rows = connection.execute(
            "SELECT datname FROM pg_database WHERE datname LIKE 'restored_%'"
        ).fetchall()
    for (name,) in rows:
        yield name, make_url(url).set(database=name).render_as_string(hide_password=False)


def _server(url: str) -> str:
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


EVERY: Final[Mapping[str, Job]] = {
    **JOBS,
    "back_up": Job(_back_up, _backups_missing, 0.4),
    "restore": Job(_restore, _restored_missing, 0.6),
}
