"""Databases for tests and benchmarks: fresh ones, already migrated, on SQLite and PostgreSQL.

Migrating takes longer than most tests, so one template is migrated and every database is a copy
of it.
"""

from __future__ import annotations

import secrets
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path
from typing import LiteralString, Protocol

import psycopg
from psycopg import sql
from sqlalchemy import URL, make_url

KEEPER = Path(__file__).with_name("keeper.py")


class Databases(Protocol):
    """One kind of database that hands out fresh, migrated ones."""

    def create(self) -> str:
        """A new migrated database, by its SQLAlchemy URL."""
        ...

    def drop(self, url: str) -> None:
        """Remove one that `create` made, whoever is still connected to it."""
        ...


class SqliteDatabases:
    """SQLite files in a folder that belongs to it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = count(1)
        self._template = folder / "template.db"
        _upgrade(f"sqlite:///{self._template}")
        # What the migration left in the write-ahead log must be in the file that is copied.
        with closing(sqlite3.connect(self._template)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def create(self) -> str:
        path = self._folder / f"{next(self._numbers)}.db"
        shutil.copyfile(self._template, path)
        return f"sqlite:///{path}"

    def drop(self, url: str) -> None:
        path = str(make_url(url).database)
        for side in ("", "-wal", "-shm", "-journal"):
            Path(path + side).unlink(missing_ok=True)


class PostgresqlDatabases:
    """Databases on one server; their names are this object's own, so that runs can share it."""

    def __init__(self, server: URL) -> None:
        self._server = server
        self._names = (f"yicheng_test_{secrets.token_hex(4)}_{number}" for number in count())
        self._connection = psycopg.connect(_libpq(server), autocommit=True)
        self._template = next(self._names)
        self._run("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'", self._template)
        try:
            _upgrade(self._url(self._template))
        except BaseException:
            self.close()
            raise

    def create(self) -> str:
        name = next(self._names)
        self._run("CREATE DATABASE {} TEMPLATE {}", name, self._template)
        return self._url(name)

    def drop(self, url: str) -> None:
        self._run("DROP DATABASE {} WITH (FORCE)", str(make_url(url).database))

    def close(self) -> None:
        """Drop the template and leave the server."""
        with self._connection:
            self._run("DROP DATABASE {} WITH (FORCE)", self._template)

    def _url(self, name: str) -> str:
        return self._server.set(database=name).render_as_string(hide_password=False)

    def _run(self, statement: LiteralString, *names: str) -> None:
        self._connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


@contextmanager
def own_postgresql(*, durable: bool) -> Iterator[URL]:
    """A PostgreSQL of one's own, gone afterwards; without `durable` it never waits for the disk."""
    with subprocess.Popen(
        [sys.executable, "-P", "-W", "ignore", KEEPER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,  # an interrupt from the keyboard reaches the tests, not the server
    ) as process:
        assert process.stdout is not None
        answer = process.stdout.readline().strip()
        if not answer:
            message = "PostgreSQL did not start; the error output says why"
            raise RuntimeError(message)
        server = parse_postgresql(answer)
        if not durable:
            with psycopg.connect(_libpq(server), autocommit=True) as connection:
                for setting in ("fsync", "full_page_writes", "synchronous_commit"):
                    connection.execute(f"ALTER SYSTEM SET {setting} = off")
                connection.execute("SELECT pg_reload_conf()")
        yield server


def parse_postgresql(url: str) -> URL:
    """The URL with the driver that the project uses; ValueError if it names another database."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "postgresql":
        message = f"not a PostgreSQL URL: {parsed}"
        raise ValueError(message)
    return parsed.set(drivername="postgresql+psycopg")


def _libpq(url: URL) -> str:
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


def _upgrade(url: str) -> None:
    from api.migrations import upgrade  # noqa: PLC0415 (tests without a database load no Alembic)

    upgrade(url)
