"""How each kind of database is dumped while it is written to, and brought back.

SQLite by its online backup, PostgreSQL by its own pg_dump and pg_restore.
"""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from typing import ClassVar, Final, Protocol
from urllib.parse import quote

from sqlalchemy import URL, Connection, Engine, inspect, text

from api.settings import POSTGRESQL_TOOLS_VARIABLE, postgresql_tools
from workflow.errors import BadInput, StoreTrouble
from workflow.uow import UnitOfWork, create_engine, parse_url, shown

_VERSION: Final = re.compile(r"\b(\d+)(?:\.\d+|devel|beta|rc)")


class Database(Protocol):
    """One kind of database, at one address."""

    kind: ClassVar[str]
    file: ClassVar[str]

    def __init__(self, url: URL) -> None: ...

    def dumped(self, engine: Engine, folder: Path) -> AbstractContextManager[Connection]:
        """Dump into `file` of the folder, and give a connection that sees just that moment."""
        ...

    def must_be_empty(self) -> None:
        """Raise BadInput where something is there already."""
        ...

    def restored(self, dump: Path) -> None:
        """Bring a dump in, all of it or nothing."""
        ...

    @staticmethod
    def readable(folder: Path) -> str | None:
        """The URL under which the dump can be read as it is; None where it cannot."""
        ...


class Sqlite:
    """A file; what is dumped is another one."""

    kind: ClassVar[str] = "sqlite"
    file: ClassVar[str] = "database.sqlite"

    def __init__(self, url: URL) -> None:
        self._path = Path(str(url.database)).absolute()

    @contextmanager
    def dumped(self, engine: Engine, folder: Path) -> Iterator[Connection]:
        """By the online backup in one step: of one moment, and nobody who writes has to wait."""
        target = folder / self.file
        try:
            with (
                closing(_open(self._path)) as source,
                closing(sqlite3.connect(target, isolation_level=None)) as copy,
            ):
                source.backup(copy)
                # One file, which anybody can read without writing beside it.
                copy.execute("PRAGMA journal_mode = DELETE")
                _check(copy, target)
            _sync(target)
        except sqlite3.Error as error:
            raise StoreTrouble("backup.dump_failed", why=str(error)) from error
        engine = create_engine(f"sqlite:///{target}?mode=ro")
        try:
            with UnitOfWork(engine).read() as connection:
                yield connection
        finally:
            engine.dispose()

    def must_be_empty(self) -> None:
        """Also where only what SQLite keeps beside a database is left of one."""
        if any(Path(f"{self._path}{side}").exists() for side in ("", "-wal", "-journal")):
            raise BadInput("backup.database_there", database=str(self._path))

    def restored(self, dump: Path) -> None:
        """Copied under another name, looked through, and put in its place."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        beside = self._path.with_name(f".{self._path.name}.unfinished")
        # What another restore is bringing in must not be written over: it may be in place by now.
        beside.unlink(missing_ok=True)
        shutil.copyfile(dump, beside)
        try:
            with closing(sqlite3.connect(beside, isolation_level=None)) as copy:
                _check(copy, beside)
            _sync(beside)
            # A link fails where a database came to be meanwhile; to rename would overwrite it.
            os.link(beside, self._path)
            _sync(self._path.parent)
        except (FileExistsError, sqlite3.Error) as error:
            raise StoreTrouble("backup.restore_failed", why=str(error)) from error
        finally:
            beside.unlink(missing_ok=True)

    @staticmethod
    def readable(folder: Path) -> str | None:
        """The file itself, not to be written to."""
        return f"sqlite:///{folder / Sqlite.file}?mode=ro"


class Postgresql:
    """A database of a server; what is dumped is pg_dump's own format."""

    kind: ClassVar[str] = "postgresql"
    file: ClassVar[str] = "database.pgdump"

    def __init__(self, url: URL) -> None:
        self._url = url

    @contextmanager
    def dumped(self, engine: Engine, folder: Path) -> Iterator[Connection]:
        """By pg_dump, of the very snapshot that the connection sees."""
        with UnitOfWork(engine).read() as connection:
            server = int(connection.execute(text("SHOW server_version_num")).scalar_one()) // 10000
            snapshot = connection.execute(text("SELECT pg_export_snapshot()")).scalar_one()
            target = folder / self.file
            # Only the tables of the program: not what its owner keeps beside them.
            self._run(
                "pg_dump",
                server,
                "--format=custom",
                "--no-owner",
                "--no-privileges",
                f"--snapshot={snapshot}",
                f"--file={target}",
                failed="backup.dump_failed",
            )
            target.chmod(0o600)
            _sync(target)
            yield connection

    def must_be_empty(self) -> None:
        """Without any table."""
        engine = create_engine(self._address())
        try:
            with UnitOfWork(engine).read() as connection:
                if inspect(connection).get_table_names():
                    raise BadInput("backup.database_there", database=shown(self._url))
        finally:
            engine.dispose()

    def restored(self, dump: Path) -> None:
        """By pg_restore in one transaction."""
        engine = create_engine(self._address())
        try:
            with UnitOfWork(engine).read() as connection:
                server = connection.execute(text("SHOW server_version_num")).scalar_one()
        finally:
            engine.dispose()
        self._run(
            "pg_restore",
            int(server) // 10000,
            "--exit-on-error",
            "--no-owner",
            "--no-privileges",
            "--single-transaction",
            str(dump),
            failed="backup.restore_failed",
        )

    @staticmethod
    def readable(folder: Path) -> str | None:  # noqa: ARG004 (only a server reads it)
        """None: it must be restored first."""
        return None

    def _address(self) -> str:
        return self._url.render_as_string(hide_password=False)

    def _run(self, tool: str, server: int, *args: str, failed: str) -> None:
        """Run one of PostgreSQL's tools; the password is on no command line."""
        program = _tool(tool, server)
        url = self._url.set(drivername="postgresql", password=None)
        env = {**os.environ, "LC_ALL": "C.UTF-8"}
        if self._url.password is not None:
            env["PGPASSWORD"] = str(self._url.password)
        address = url.render_as_string(hide_password=False)
        done = subprocess.run(  # noqa: S603 (a tool of the platform, its arguments are ours)
            [program, f"--dbname={address}", *args],
            env=env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            text=True,
        )
        if done.returncode != 0:
            raise StoreTrouble(failed, why=done.stderr.strip()[-500:])


KINDS: Final[dict[str, type[Database]]] = {"sqlite": Sqlite, "postgresql": Postgresql}


def database_of(url: str | URL) -> Database:
    """The database at an address.  Raises BadInput for an address that is none."""
    parsed = parse_url(url) if isinstance(url, str) else url
    return KINDS[parsed.get_backend_name()](parsed)


def _tool(name: str, server: int) -> str:
    """Where a tool of PostgreSQL is, not older than the server.  Raises StoreTrouble."""
    folder = postgresql_tools()
    found = shutil.which(name, path=None if folder is None else str(folder))
    variable = POSTGRESQL_TOOLS_VARIABLE
    if found is None:
        raise StoreTrouble("backup.no_tool", tool=name, server=server, variable=variable)
    told = subprocess.run(  # noqa: S603 (the same)
        [found, "--version"], capture_output=True, check=False, text=True
    ).stdout
    version = _VERSION.search(told)
    if version is None or int(version[1]) < server:
        have = told.strip()
        raise StoreTrouble("backup.old_tool", tool=have, server=server, variable=variable)
    return found


def _open(path: Path) -> sqlite3.Connection:
    if not path.is_file():
        raise StoreTrouble("backup.dump_failed", why=str(path))
    return sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True, isolation_level=None)


def _check(copy: sqlite3.Connection, path: Path) -> None:
    found = copy.execute("PRAGMA quick_check(1)").fetchone()
    if found != ("ok",):
        raise StoreTrouble("store.corrupt", database=str(path))


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
