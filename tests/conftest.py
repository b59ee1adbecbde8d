"""What every test stands on: no outside network, no outside settings, no luck, fresh databases."""

from __future__ import annotations

import gc
import os
import socket
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from ipaddress import ip_address

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import event
from sqlalchemy.pool import Pool

from tests.databases import (
    Databases,
    PostgresqlDatabases,
    Preparation,
    Prepared,
    SqliteDatabases,
    own_postgresql,
    parse_postgresql,
)
from tests.settings import SERVER_VARIABLE, own_settings

#: How many databases are made before a test asks for them.
AHEAD = 2

# The same examples on every run and no clock: a test passes or fails by what the code does.
settings.register_profile(
    "yicheng",
    database=None,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("yicheng")


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """What was imported and collected stays to the end: let nobody look through it for garbage."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


@pytest.fixture(scope="session", autouse=True)
def _only_this_machine() -> Iterator[None]:
    """Fail the test that connects elsewhere; no `except Exception` can hide such a failure."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex"):
            patch.setattr(socket.socket, name, _guarded(getattr(socket.socket, name)))
        yield


def _guarded(connect: Callable[[socket.socket, object], object]) -> object:
    def guarded(connection: socket.socket, address: object) -> object:
        if isinstance(address, tuple) and not _is_loopback(str(address[0])):
            connection.close()
            pytest.fail(f"a test tried to reach {address}")
        return connect(connection, address)

    return guarded


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@pytest.fixture(scope="session", autouse=True)
def _no_outside_settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Whoever runs the tests may have set the program up for themselves."""
    with own_settings(tmp_path_factory.mktemp("own")):
        yield


@pytest.fixture(scope="session", autouse=True)
def _no_waiting_for_the_disk() -> Iterator[None]:
    """No test cuts the power: none waits for the disk, on neither database, but by `durable`."""
    event.listen(Pool, "connect", _hurry)
    yield
    event.remove(Pool, "connect", _hurry)


@pytest.fixture
def durable() -> Iterator[None]:
    """SQLite as it is opened where it counts."""
    event.remove(Pool, "connect", _hurry)
    yield
    event.listen(Pool, "connect", _hurry)


def _hurry(connection: object, _: object) -> None:
    if isinstance(connection, sqlite3.Connection):
        connection.execute("PRAGMA synchronous = OFF")


@pytest.fixture(scope="session")
def _sqlite(tmp_path_factory: pytest.TempPathFactory) -> SqliteDatabases:
    return SqliteDatabases(tmp_path_factory.mktemp("databases"))


@pytest.fixture(scope="session")
def _postgresql() -> Iterator[PostgresqlDatabases]:
    """On the server that the variable names, or else on one that lives as long as the session."""
    given = os.environ.get(SERVER_VARIABLE)
    if given:
        with closing(PostgresqlDatabases(parse_postgresql(given), ahead=AHEAD)) as databases:
            yield databases
    else:
        with (
            own_postgresql(durable=False) as server,
            closing(PostgresqlDatabases(server, ahead=AHEAD)) as databases,
        ):
            yield databases


@pytest.fixture(params=["sqlite", "postgresql"])
def backend(request: pytest.FixtureRequest) -> str:
    """Which database; `@pytest.mark.parametrize("backend", ["sqlite"])` asks for one only."""
    return str(request.param)


@pytest.fixture
def new_database(backend: str, request: pytest.FixtureRequest) -> Iterator[Callable[[], str]]:
    """Fresh, migrated databases by their URL, as many as the test calls for; dropped after it."""
    databases: Databases = request.getfixturevalue(f"_{backend}")
    made: list[str] = []

    def new() -> str:
        made.append(databases.create())
        return made[-1]

    yield new
    for url in made:
        databases.drop(url)


@pytest.fixture
def prepared(backend: str, request: pytest.FixtureRequest) -> Iterator[Prepared]:
    """Fresh copies of a database that a function filled, once for all tests; dropped after it.

    The function must leave nothing connected, and nothing elsewhere that a test might change.
    """
    databases: Databases = request.getfixturevalue(f"_{backend}")
    made: list[str] = []

    def copied(fill: Preparation) -> str:
        made.append(databases.create(fill))
        return made[-1]

    yield copied
    for url in made:
        databases.drop(url)


@pytest.fixture
def database_url(new_database: Callable[[], str]) -> str:
    """One fresh, migrated database of the test's own."""
    return new_database()
