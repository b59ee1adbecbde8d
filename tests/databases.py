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
from collections.abc import Callable, Iterator
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

#: Fills a database, by its URL.
Preparation = Callable[[str], None]

#: Copies the database that such a function filled; see the fixture of that name.
Prepared = Callable[[Preparation], str]


class Databases(Protocol):
    """One kind of database that hands out fresh, migrated ones."""

    def create(self, fill: Preparation | None = None) -> str:
        """A new migrated database, by its SQLAlchemy URL; a copy of the one that `fill` filled."""
        ...

    def drop(self, url: str) -> None:
        """Remove one that `create` made, whoever is still connected to it."""
        ...


class SqliteDatabases:
    """SQLite files in a folder that belongs to it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = count(1)
        self._filled: dict[Preparation, str] = {}
        self._template = folder / "template.db"
        _upgrade(f"sqlite:///{self._template}")
        _checkpoint(self._template)

    def create(self, fill: Preparation | None = None) -> str:
        template = self._template
        if fill is not None:
            template = Path(_name(_once(self, self._filled, fill)))
            _checkpoint(template)
        path = self._folder / f"{next(self._numbers)}.db"
        shutil.copyfile(template, path)
        return f"sqlite:///{path}"

    def drop(self, url: str) -> None:
        path = _name(url)
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
        self._filled: dict[Preparation, str] = {}
        self._template = next(self._names)
        self._run("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'", self._template)
        try:
            _upgrade(self._url(self._template))
        except BaseException:
            self.close()
            raise

    def create(self, fill: Preparation | None = None) -> str:
        if fill is not None:
            template = _name(_once(self, self._filled, fill))
            return self._url(self._copy(next(self._names), template))
        while len(self._ready) <= self._ahead:
            self._ready.append(self._hands.submit(self._copy, next(self._names), self._template))
        return self._url(self._ready.popleft().result())

    def drop(self, url: str) -> None:
        self._dropping.append(self._hands.submit(self._drop, _name(url)))
        while len(self._dropping) > self._ahead:
            self._dropping.popleft().result()

    def close(self) -> None:
        """Drop the templates and whatever is ready, and leave the server."""
        with ExitStack() as stack:
            for _ in range(HANDS):
                stack.callback(lambda: self._connections.get().close())
            stack.callback(self._drop, self._template)
            for filled in self._filled.values():
                self.drop(filled)
            for ready in self._ready:
                self.drop(self._url(ready.result()))
            self._hands.shutdown()
            for dropping in self._dropping:
                dropping.result()

    def _copy(self, name: str, template: str) -> str:
        self._run("CREATE DATABASE {} TEMPLATE {}", name, template)
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


def _once(databases: Databases, filled: dict[Preparation, str], fill: Preparation) -> str:
    """The database that a function filled, which does so where it has not done it yet."""
    if fill not in filled:
        url = databases.create()
        try:
            fill(url)
        except BaseException:
            databases.drop(url)
            raise
        filled[fill] = url
    return filled[fill]


def _name(url: str) -> str:
    return str(make_url(url).database)


def _checkpoint(path: Path) -> None:
    """What is left in the write-ahead log must be in the file that is copied."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _libpq(url: URL) -> str:
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


def _upgrade(url: str) -> None:
    from api.migrations import upgrade  # noqa: PLC0415 (tests without a database load no Alembic)

    upgrade(url)
