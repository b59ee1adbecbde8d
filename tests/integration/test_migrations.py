"""The schema's history: from nothing to now, once and again, and nothing that the code lacks."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import partial
from importlib.resources import files
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, inspect, make_url

import api.identity.tables  # noqa: F401 (its tables are of the schema)
from api.migrations import revisions, upgrade
from tests.integration import raw
from tests.integration.raw import Intruder
from workflow.errors import StoreTrouble
from workflow.tables import SCHEMA_HEAD, metadata


def test_the_code_knows_the_newest_migration() -> None:
    assert revisions()[-1] == SCHEMA_HEAD


def test_migrations_are_numbered_from_one() -> None:
    assert revisions() == tuple(f"{number:04d}" for number in range(1, len(revisions()) + 1))


def test_migrations_are_frozen() -> None:
    """What a migration imports from the program changes under it."""
    for source in files("api.migrations").joinpath("versions").iterdir():
        if source.name.endswith(".py"):
            imports = re.findall(r"^(?:from|import) (\w+)", source.read_text("utf-8"), re.MULTILINE)
            assert not {"api", "notifications", "procedures", "workflow"}.intersection(imports)


def test_migrated_tables_are_those_of_the_code(database_url: str) -> None:
    engine = create_engine(database_url)
    with engine.connect() as connection:
        opts = {
            "compare_type": True,
            "include_object": partial(ours, engine.dialect.name),
        }
        context = MigrationContext.configure(connection, opts=opts)
        assert compare_metadata(context, metadata) == []
    engine.dispose()


def ours(backend: str, _: object, name: str | None, kind: str, *_more: object) -> bool:
    """Whether it is of the code and of this database.

    What SQLite keeps of its virtual table is not of the code; the inverted index is PostgreSQL's.
    """
    if kind == "index" and name == "ix_matter_text_grams":
        return backend == "postgresql"
    return kind != "table" or not str(name).startswith("matter_search")


def test_checks_and_keys_are_those_of_the_code(database_url: str) -> None:
    """Alembic compares no checks, no names of keys and no order of columns."""
    engine = create_engine(database_url)
    found = inspect(engine)
    for table in metadata.sorted_tables:
        checks = {str(check["name"]) for check in found.get_check_constraints(table.name)}
        keys = {str(key["name"]) for key in found.get_foreign_keys(table.name)}
        primary = found.get_pk_constraint(table.name)
        columns = [column["name"] for column in found.get_columns(table.name)]
        assert columns == [column.name for column in table.columns]
        assert primary["constrained_columns"] == [column.name for column in table.primary_key]
        assert checks | keys | {str(primary["name"])} == {
            str(constraint.name)
            for constraint in table.constraints
            if not str(constraint.name).startswith("uq_")
        }
    engine.dispose()


def test_a_second_upgrade_changes_nothing(database_url: str) -> None:
    intruder = Intruder(database_url)
    intruder.run(*raw.TABLED)
    upgrade(database_url)
    assert intruder.ask("SELECT count(*) FROM agenda_item") == 1
    assert intruder.ask("SELECT count(*) FROM alembic_version") == 1


def test_a_newer_database_is_left_alone(database_url: str) -> None:
    intruder = Intruder(database_url)
    intruder.run("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreTrouble) as caught:
        upgrade(database_url)
    assert caught.value.code == "store.schema_newer"
    assert intruder.ask("SELECT version_num FROM alembic_version") == "9999"


def test_an_upgrade_makes_the_file_and_its_folder(tmp_path: Path) -> None:
    path = tmp_path / "库 100%" / "new" / "x.db"
    upgrade(f"sqlite:///{path}")
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == (
            SCHEMA_HEAD,
        )
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_an_upgrade_that_fails_leaves_nothing_behind(
    new_database: Callable[[], str], backend: str
) -> None:
    url = new_database()
    intruder = Intruder(url)
    empty(intruder)
    # The last table of the migration stands in the way of everything before it.
    intruder.run("CREATE TABLE request (x INTEGER)")
    with pytest.raises(Exception, match="already exists"):
        upgrade(url)
    engine = create_engine(url)
    assert inspect(engine).get_table_names() == ["request"]
    engine.dispose()
    intruder.run("DROP TABLE request")
    upgrade(url)
    intruder.run(*raw.TABLED)


def test_two_upgrades_at_once_take_turns(new_database: Callable[[], str]) -> None:
    url = new_database()
    intruder = Intruder(url)
    empty(intruder)
    with ThreadPoolExecutor(2) as threads:
        list(threads.map(upgrade, [url, url]))
    assert intruder.ask("SELECT count(*) FROM alembic_version") == 1


def empty(intruder: Intruder) -> None:
    if intruder.backend == "postgresql":
        intruder.run("DROP SCHEMA public CASCADE", "CREATE SCHEMA public")
    else:
        path = Path(str(make_url(intruder.url).database))
        for side in ("", "-wal", "-shm"):
            Path(f"{path}{side}").unlink(missing_ok=True)
        path.touch()
    assert intruder.ask("SELECT 1") == 1


@pytest.mark.parametrize("backend", ["postgresql"])
def test_functions_look_for_tables_in_their_own_schema(database_url: str) -> None:
    """Else a temporary table of the same name would be taken for the real one."""
    found = Intruder(database_url).ask(
        "SELECT count(*) FROM pg_proc "
        "WHERE starts_with(proname, 'yicheng_') AND position('FROM' IN prosrc) > 0 "
        "AND proconfig IS DISTINCT FROM ARRAY['search_path=public, pg_temp']"
    )
    assert found == 0
