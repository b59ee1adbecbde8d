"""The unit of work: how the database is opened, and the only commit of the project.

The engine leaves the driver in autocommit; transactions begin and end here and nowhere else.  On
SQLite a write takes the lock when it begins (`BEGIN IMMEDIATE`), so that it never finds out at its
first statement that somebody else was faster.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from math import ceil
from pathlib import Path
from threading import Lock
from time import monotonic, sleep
from typing import Any, Final, NoReturn, TypeVar
from urllib.parse import quote
from weakref import WeakKeyDictionary

import sqlalchemy
from sqlalchemy import URL, Connection, Engine, inspect, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import QueuePool

from workflow.catalogue import Said
from workflow.errors import BadInput, Conflict, StoreTrouble
from workflow.tables import SCHEMA_HEAD

T = TypeVar("T")

CONNECT_TIMEOUT_SECONDS: Final = 10
POOL_SIZE: Final = 5
POOL_OVERFLOW: Final = 10

_RETRY_SECONDS: Final = 0.01

_POSTGRESQL: Final = ("postgresql", "postgres", "postgresql+psycopg")
_SQLITE: Final = ("sqlite", "sqlite+pysqlite")

_BEGIN_WRITE: Final = {
    "sqlite": "BEGIN IMMEDIATE",
    # Stated, because the triggers see what others committed only at this level.
    "postgresql": "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE",
}
_BEGIN_READ: Final = {
    "sqlite": "BEGIN",
    "postgresql": "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
}

# Every error that a trigger raises begins like this.
#: What others may have brought about is for the person to hear, and no trouble of the database.
_CONFLICTS: Final = {"person_account_taken": "conflict.account_taken"}
_CONSTRAINT: Final = re.compile(r"yicheng:([a-z_]+)")

_SQLITE_TROUBLE: Final = {
    sqlite3.SQLITE_BUSY: "store.locked",
    sqlite3.SQLITE_LOCKED: "store.locked",
    sqlite3.SQLITE_FULL: "store.full",
    sqlite3.SQLITE_READONLY: "store.read_only",
    sqlite3.SQLITE_CANTOPEN: "store.read_only",
    sqlite3.SQLITE_CORRUPT: "store.corrupt",
    sqlite3.SQLITE_NOTADB: "store.corrupt",
    sqlite3.SQLITE_IOERR: "store.disk",
}
_POSTGRESQL_TROUBLE: Final = {
    "55P03": "store.locked",  # lock_timeout
    "40P01": "store.locked",  # deadlock
    "40001": "store.locked",  # serialization
    "57014": "store.locked",  # cancelled, by a statement timeout for one
    "53100": "store.full",
    "25006": "store.read_only",
    "53300": "store.unreachable",  # too many connections
    "58030": "store.disk",
    "XX001": "store.corrupt",
    "XX002": "store.corrupt",
}
# Classes of SQLSTATE: connection lost, not admitted, no such database, server going down.
_POSTGRESQL_UNREACHABLE: Final = ("08", "28", "3D", "57P")


class StrayCommit(RuntimeError):
    """Somebody else tried to end a transaction, or did; a mistake in the program."""


def create_engine(
    database_url: str, *, lock_timeout_seconds: float = 5.0, create: bool = False
) -> Engine:
    """Open a database, SQLite or PostgreSQL, by its URL; nothing is connected yet.

    `sqlite:///var/yicheng.db` is taken from the working directory and may end in `?mode=ro`;
    `postgresql://` and `postgres://` mean the driver psycopg 3.  A writer waits
    `lock_timeout_seconds` for another's lock, and as long for a free connection.  A missing SQLite
    file is trouble at the first connection unless `create`, which makes the file and its folder:
    only setting up does that.

    The engine is meant for `UnitOfWork`: a commit through SQLAlchemy raises `StrayCommit`.
    Raises `BadInput` for a URL of another kind.
    """
    url = parse_url(database_url)
    if url.get_backend_name() == "sqlite":
        engine = _sqlite(url, lock_timeout_seconds, create=create)
    else:
        engine = _postgresql(url, lock_timeout_seconds)
    if url.get_backend_name() == "sqlite":
        _LINES[engine] = _Line(Lock(), lock_timeout_seconds)
    # Not an event: one listener anywhere makes every statement of the engine look for more.
    engine.dialect.do_commit = _refuse_commit  # type: ignore[method-assign]
    return engine


def parse_url(database_url: str) -> URL:
    """The URL with the driver that the project uses.  Raises `BadInput` (`store.url`)."""
    try:
        url = make_url(database_url)
    except (ArgumentError, ValueError):
        # The text may hold a password, so it is not repeated.
        raise BadInput("store.url", database="") from None
    if url.drivername in _POSTGRESQL:
        return url.set(drivername="postgresql+psycopg")
    lawful = (
        url.drivername in _SQLITE
        and url.database not in (None, "", ":memory:")
        and not url.host
        and dict(url.query) in ({}, {"mode": "ro"})
    )
    if not lawful:
        raise BadInput("store.url", database=shown(url))
    return url.set(drivername="sqlite")


@dataclass(frozen=True, slots=True)
class _Line:
    """Where the writers of this process wait for each other, and for how many seconds."""

    lock: Lock
    patience: float


#: SQLite lets one write at a time and has all others sleep, longer each time, and wakes nobody: of
#: several in one process some would wait for a second while the database is idle.
_LINES: Final[WeakKeyDictionary[Engine, _Line]] = WeakKeyDictionary()


class UnitOfWork:
    """One transaction at a time on one of the engine's connections.

    All three raise `StoreTrouble` where the database is the reason; an error that says nothing
    about the state of the database (a statement that is wrong) passes through as it is.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._line = _LINES.get(engine)
        self._write = _BEGIN_WRITE[engine.dialect.name]
        self._read = _BEGIN_READ[engine.dialect.name]
        self._errors = (DBAPIError, engine.dialect.loaded_dbapi.Error, PoolTimeout)

    @property
    def engine(self) -> Engine:
        """The database that it works on."""
        return self._engine

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """All or nothing: committed at the end of the block, rolled back by any exception."""
        with self._connection() as (connection, driver), self._turn():
            self._begin(connection, driver, self._write)
            try:
                yield connection
            except BaseException:
                _abandon(connection, driver)
                raise
            self._commit(connection, driver)

    @contextmanager
    def write_after(self, look: Callable[[Connection], T]) -> Iterator[tuple[Connection, T]]:
        """As `write`, with a look before the lock is taken.

        Whatever `look` reads may have changed when the block runs: compare it again there.
        """
        with self._connection() as (connection, driver):
            seen = look(connection)
            with self._turn():
                self._begin(connection, driver, self._write)
                try:
                    yield connection, seen
                except BaseException:
                    _abandon(connection, driver)
                    raise
                self._commit(connection, driver)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One unchanging view of the database; a write inside is refused."""
        with self._connection() as (connection, driver):
            self._begin(connection, driver, self._read)
            try:
                if self._engine.dialect.name == "sqlite":
                    driver.execute("PRAGMA query_only = ON")
                yield connection
            finally:
                _abandon(connection, driver)
                if self._engine.dialect.name == "sqlite":
                    driver.execute("PRAGMA query_only = OFF")

    def fold_log(self) -> None:
        """Leave nothing in SQLite's log of what was there before; others who read may put it off.

        PostgreSQL writes over its log in its own time.
        """
        if self._engine.dialect.name == "sqlite":
            with self._connection() as (_, driver):
                driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    @contextmanager
    def _connection(self) -> Iterator[tuple[Connection, Any]]:
        try:
            with self._engine.connect() as connection:
                yield connection, connection.connection.driver_connection
        except self._errors as error:
            _tell(error, self._engine)
            raise

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """Write when nobody else in this process does, where one at a time may."""
        line = self._line
        if line is None:
            yield
            return
        if not line.lock.acquire(timeout=line.patience):
            raise StoreTrouble("store.locked", database=shown(self._engine.url))
        try:
            yield
        finally:
            line.lock.release()

    def _begin(self, connection: Connection, driver: Any, statement: str) -> None:  # noqa: ANN401
        try:
            driver.execute(statement)
        except self._errors:
            # The server was restarted or the line cut: what else lies in the pool is dead too.
            if getattr(driver, "closed", False):
                connection.invalidate()
                self._engine.dispose()
            raise

    def _commit(self, connection: Connection, driver: Any) -> None:  # noqa: ANN401
        if not _in_transaction(driver):
            # PostgreSQL answers COMMIT with ROLLBACK after a failed statement, and says nothing.
            _abandon(connection, driver)
            raise StrayCommit("the transaction was ended, or broken, inside the unit of work")
        try:
            driver.execute("COMMIT")
        except self._errors as error:
            _abandon(connection, driver)
            if _trouble(error) == "store.unreachable":
                raise StoreTrouble(
                    "store.outcome_unknown", database=shown(self._engine.url)
                ) from error
            raise


def check_schema(engine: Engine) -> None:
    """Compare the database's schema with this code's.

    Raises `StoreTrouble`: `store.schema_newer`, `store.schema_older` (also where there is none
    yet), and whatever keeps the database from answering.
    """
    found = schema_of(engine)
    if found == SCHEMA_HEAD:
        return
    newer = found is not None and found > SCHEMA_HEAD
    code = "store.schema_newer" if newer else "store.schema_older"
    raise StoreTrouble(code, database=shown(engine.url), found=found, known=SCHEMA_HEAD)


def schema_of(engine: Engine) -> str | None:
    """The newest migration that the database has been through, None for a database without any."""
    with UnitOfWork(engine).read() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
        return None if found is None else str(found)


def _sqlite(url: URL, lock_timeout_seconds: float, *, create: bool) -> Engine:
    path = Path(str(url.database)).absolute()
    read_only = url.query.get("mode") == "ro"
    return sqlalchemy.create_engine(
        url.set(database=str(path), query={}),
        creator=partial(
            _open_sqlite,
            path,
            mode="ro" if read_only else "rwc" if create else "rw",
            timeout=lock_timeout_seconds,
        ),
        poolclass=QueuePool,
        isolation_level="AUTOCOMMIT",
        **_shared(lock_timeout_seconds),
    )


def _open_sqlite(path: Path, *, mode: str, timeout: float) -> sqlite3.Connection:
    if mode == "rwc":
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreTrouble("store.read_only", database=str(path)) from error
    elif not path.exists():
        raise StoreTrouble("store.unreachable", database=str(path), advice=Said("store.run_init"))
    connection = sqlite3.connect(
        f"file:{quote(str(path))}?mode={mode}",
        uri=True,
        timeout=timeout,
        isolation_level=None,
        check_same_thread=False,
    )
    try:
        if mode != "ro":
            _use_wal(connection, timeout)
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        # What is taken out of a page is overwritten: a name that had to go is not left behind it.
        connection.execute("PRAGMA secure_delete = FAST")
        # Without it INSERT OR REPLACE removes rows past the triggers that forbid it.
        connection.execute("PRAGMA recursive_triggers = ON")
    except BaseException:
        connection.close()
        raise
    return connection


def _use_wal(connection: sqlite3.Connection, patience: float) -> None:
    """Switch to write-ahead logging; SQLite does not wait by itself for another who does the same.

    Once switched, the database stays so and this is a mere reading.
    """
    give_up = monotonic() + patience
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or monotonic() > give_up:
                raise
            sleep(_RETRY_SECONDS)
        else:
            return


def _postgresql(url: URL, lock_timeout_seconds: float) -> Engine:
    options = (url.query.get("options", ""), f"-c lock_timeout={ceil(lock_timeout_seconds * 1000)}")
    return sqlalchemy.create_engine(
        url,
        connect_args={
            "options": " ".join(str(option) for option in options if option),
            "connect_timeout": CONNECT_TIMEOUT_SECONDS,
            "application_name": "yicheng",
        },
        isolation_level="AUTOCOMMIT",
        **_shared(lock_timeout_seconds),
    )


def _shared(lock_timeout_seconds: float) -> dict[str, Any]:
    return {
        "pool_size": POOL_SIZE,
        "max_overflow": POOL_OVERFLOW,
        "pool_timeout": lock_timeout_seconds,
        "pool_use_lifo": True,
        # Nothing is ever handed back with a transaction open.
        "pool_reset_on_return": None,
        # Texts under deliberation stay out of error messages and logs.
        "hide_parameters": True,
        "json_serializer": partial(json.dumps, ensure_ascii=False, separators=(",", ":")),
    }


def _refuse_commit(dbapi_connection: object) -> NoReturn:  # noqa: ARG001
    raise StrayCommit("only the unit of work commits")


def _in_transaction(driver: Any) -> bool:  # noqa: ANN401 (sqlite3 and psycopg share no base)
    if isinstance(driver, sqlite3.Connection):
        return driver.in_transaction
    # libpq: idle, active, in transaction, in a failed transaction, unknown.
    return not driver.closed and driver.info.transaction_status.name == "INTRANS"


def _abandon(connection: Connection, driver: Any) -> None:  # noqa: ANN401
    try:
        driver.rollback()
    except (sqlite3.Error, connection.dialect.loaded_dbapi.Error):
        # What went wrong first is what the caller hears of; this connection never serves again.
        connection.invalidate()


def _tell(error: Exception, engine: Engine) -> None:
    """Raise the trouble that a driver's error means; return if it means none."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    refused = _CONSTRAINT.match(str(cause))
    if refused and refused[1] in _CONFLICTS:
        raise Conflict(_CONFLICTS[refused[1]]) from error
    if refused:
        raise StoreTrouble("store.constraint", constraint=refused[1]) from error
    code = _trouble(cause)
    if code == "store.unreachable":
        raise StoreTrouble(
            code, database=shown(engine.url), advice=Said("store.check_server")
        ) from error
    if code is not None:
        raise StoreTrouble(code, database=shown(engine.url)) from error


def _trouble(cause: BaseException | None) -> str | None:
    if isinstance(cause, PoolTimeout):
        return "store.locked"
    if isinstance(cause, sqlite3.Error):
        # Extended result codes keep the primary one in their low byte.
        return _SQLITE_TROUBLE.get(getattr(cause, "sqlite_errorcode", 0) & 0xFF)
    state = getattr(cause, "sqlstate", None)
    if state is None:
        # libpq gave up before the server could answer: refused, timed out, cut.
        return "store.unreachable" if type(cause).__name__ == "OperationalError" else None
    if state.startswith(_POSTGRESQL_UNREACHABLE):
        return "store.unreachable"
    return _POSTGRESQL_TROUBLE.get(state)


def shown(url: URL) -> str:
    """A database as people are told of it: the file, or the URL without its password."""
    if url.get_backend_name() == "sqlite":
        return str(url.database)
    return url.render_as_string(hide_password=True)
