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
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from itertools import count
from pathlib import Path
from queue import SimpleQueue
from typing import LiteralString, Protocol

import psycopg
from psycopg import sql
from sqlalchemy import URL, make_url

KEEPER = Path(__file__).with_name("keeper.py")

#: How many things a server is asked to do at the same time.
HANDS = 2


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
    """Databases on one server; their names are this object's own, so that runs can share it.

    So many are made `ahead`, and dropped behind one's back, while their maker does something else:
    the server is long about it and mostly waits.  Without `ahead` nothing happens unasked.
    """

    def __init__(self, server: URL, *, ahead: int = 0) -> None:
        self._server = server
        self._ahead = ahead
        self._names = (f"yicheng_test_{secrets.token_hex(4)}_{number}" for number in count())
        self._connections: SimpleQueue[psycopg.Connection] = SimpleQueue()
        for _ in range(HANDS):
            self._connections.put(psycopg.connect(_libpq(server), autocommit=True))
        self._hands = ThreadPoolExecutor(HANDS)
        self._ready: deque[Future[str]] = deque()
        self._dropping: deque[Future[None]] = deque()
        self._template = next(self._names)
        self._run("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'", self._template)
        try:
            _upgrade(self._url(self._template))
        except BaseException:
            self.close()
            raise

    def create(self) -> str:
        while len(self._ready) <= self._ahead:
            self._ready.append(self._hands.submit(self._copy, next(self._names)))
        return self._url(self._ready.popleft().result())

    def drop(self, url: str) -> None:
        self._dropping.append(self._hands.submit(self._drop, str(make_url(url).database)))
        while len(self._dropping) > self._ahead:
            self._dropping.popleft().result()

    def close(self) -> None:
        """Drop the template and whatever is ready, and leave the server."""
        with ExitStack() as stack:
            for _ in range(HANDS):
                stack.callback(lambda: self._connections.get().close())
            stack.callback(self._drop, self._template)
            for each in self._ready:
                self.drop(self._url(each.result()))
            self._hands.shutdown()
            for each in self._dropping:
                each.result()

    def _copy(self, name: str) -> str:
        self._run("CREATE DATABASE {} TEMPLATE {}", name, self._template)
        return name

    def _drop(self, name: str) -> None:
        self._run("DROP DATABASE {} WITH (FORCE)", name)

    def _url(self, name: str) -> str:
        return self._server.set(database=name).render_as_string(hide_password=False)

    def _run(self, statement: LiteralString, *names: str) -> None:
        connection = self._connections.get()
        try:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
        finally:
            self._connections.put(connection)


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
