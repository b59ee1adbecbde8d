"""A database that is missing, locked, full, broken or too new: told, and nothing is done."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine, event

from tests.integration.command_line import PROPOSAL, CommandLine, cli, clock

__all__ = ["cli", "clock"]

sqlite_only = pytest.mark.parametrize("backend", ["sqlite"])

PROPOSE = ("do", "propose", "--as", "planning.clerk", "--payload", json.dumps(PROPOSAL))


def path_of(line: CommandLine) -> Path:
    return Path(line.database.removeprefix("sqlite:///"))


@contextmanager
def on_connect(statement: str) -> Iterator[None]:
    """A statement that every new connection begins with."""

    def run(connection: sqlite3.Connection, _: object) -> None:
        connection.execute(statement)

    event.listen(Engine, "connect", run)
    try:
        yield
    finally:
        event.remove(Engine, "connect", run)


def test_missing(tmp_path: Path) -> None:
    line = CommandLine(f"sqlite:///{tmp_path / 'none.db'}")
    told = line.error("matter", "list", expect=1)
    assert told["error"] == "store.unreachable"
    assert "yicheng init" in told["message"]
    assert not (tmp_path / "none.db").exists()


@sqlite_only
def test_locked(cli: CommandLine) -> None:
    with closing(sqlite3.connect(path_of(cli), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with on_connect("PRAGMA busy_timeout = 1"):
            assert cli.error(*PROPOSE, expect=1)["error"] == "store.locked"
    assert cli.json("matter", "list") == []


@sqlite_only
def test_full(cli: CommandLine) -> None:
    with on_connect("PRAGMA max_page_count = 1"):
        told = cli.error(
            *PROPOSE[:-1], json.dumps({**PROPOSAL, "reasons": "因" * 40_000}), expect=1
        )
    assert told["error"] == "store.full"
    assert cli.json("matter", "list") == []
    assert cli.json("journal", "verify")["flaws"] == []


@sqlite_only
def test_read_only(cli: CommandLine) -> None:
    line = CommandLine(f"{cli.database}?mode=ro")
    assert line.json("matter", "list") == []
    assert line.error(*PROPOSE, expect=1)["error"] == "store.read_only"


def test_no_database_at_all(tmp_path: Path) -> None:
    path = tmp_path / "letter.db"
    path.write_text("Dear Sir or Madam, this is not a database, nor will it ever be one.")
    line = CommandLine(f"sqlite:///{path}")
    assert line.error("matter", "list", expect=1)["error"] == "store.corrupt"


@sqlite_only
@pytest.mark.parametrize(("found", "code"), [("9999", "newer"), ("0000", "older")])
def test_another_schema(cli: CommandLine, found: str, code: str) -> None:
    with closing(sqlite3.connect(path_of(cli))) as other, other:
        other.execute("UPDATE alembic_version SET version_num = ?", (found,))
    told = cli.error(*PROPOSE, expect=1)
    assert told["error"] == f"store.schema_{code}"
    assert told["params"]["found"] == found


@sqlite_only
def test_a_newer_schema_is_not_set_up_again(cli: CommandLine) -> None:
    with closing(sqlite3.connect(path_of(cli))) as other, other:
        other.execute("UPDATE alembic_version SET version_num = '9999'")
    assert cli.error("init", "--sample", expect=1)["error"] == "store.schema_newer"
