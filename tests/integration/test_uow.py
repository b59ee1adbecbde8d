"""One transaction or nothing, and every trouble of a database told as what it is."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, suppress
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, make_url, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError

from tests.integration import raw
from tests.integration.raw import Intruder
from workflow import tables
from workflow.catalogue import catalogue_for
from workflow.errors import BadInput, StoreTrouble, YichengError
from workflow.uow import (
    POOL_OVERFLOW,
    POOL_SIZE,
    StrayCommit,
    UnitOfWork,
    check_schema,
    create_engine,
    parse_url,
    schema_of,
)

RENAME = "UPDATE organisation SET name_en = 'Renamed' WHERE id = 1"
NAME = "SELECT name_en FROM organisation WHERE id = 1"
PATIENCE = 0.05
AT = datetime(2026, 9, 1, 8, tzinfo=UTC)


@pytest.fixture
def database_url(database_url: str) -> str:
    Intruder(database_url).run(*raw.READY)
    return database_url


@pytest.fixture
def opened(database_url: str) -> Iterator[Callable[[str], Engine]]:
    """Engines on the database, or on the one at another URL."""
    with ExitStack() as stack:

        def new(url: str = "") -> Engine:
            engine = create_engine(url or database_url, lock_timeout_seconds=PATIENCE)
            stack.callback(engine.dispose)
            return engine

        yield new


@pytest.fixture
def engine(opened: Callable[[str], Engine]) -> Engine:
    return opened("")


@pytest.fixture
def uow(engine: Engine) -> UnitOfWork:
    return UnitOfWork(engine)


def name_seen(connection: Connection) -> object:
    return connection.execute(text(NAME)).scalar()


def name(uow: UnitOfWork) -> object:
    with uow.read() as connection:
        return name_seen(connection)


def trouble(act: Callable[[], object]) -> YichengError:
    """The trouble that an act runs into; it has its words in every language."""
    with pytest.raises(YichengError) as caught:
        act()
    for locale in ("zh", "en"):
        assert catalogue_for(locale, ("workflow",)).tell(caught.value)
    return caught.value


def write(uow: UnitOfWork, *acts: str | Callable[[Connection], object]) -> None:
    """Statements and acts, in one transaction."""
    with uow.write() as connection:
        for act in acts:
            if isinstance(act, str):
                connection.exec_driver_sql(act)
            else:
                act(connection)


def fail(_: Connection) -> None:
    raise KeyError


# --- all or nothing -------------------------------------------------------------------------------


def test_a_write_is_there_for_everybody_afterwards(uow: UnitOfWork, database_url: str) -> None:
    write(uow, RENAME)
    assert Intruder(database_url).ask(NAME) == "Renamed"


def test_an_exception_undoes_everything(uow: UnitOfWork) -> None:
    with pytest.raises(KeyError):
        write(uow, RENAME, fail)
    assert name(uow) == "Office"


def test_a_failed_statement_undoes_everything(uow: UnitOfWork) -> None:
    with pytest.raises(IntegrityError):
        write(uow, RENAME, raw.insert("person", organisation_id=1, account="x"))
    assert name(uow) == "Office"


def test_a_savepoint_may_be_taken_back_within(uow: UnitOfWork) -> None:
    with uow.write() as connection:
        savepoint = connection.begin_nested()
        connection.execute(text(RENAME))
        savepoint.rollback()
        connection.execute(text("UPDATE organisation SET name_zh = '改名' WHERE id = 1"))
    assert name(uow) == "Office"
    with uow.read() as connection:
        assert (
            connection.execute(text("SELECT name_zh FROM organisation WHERE id = 1")).scalar()
            == "改名"
        )


def test_writers_take_turns_and_lose_nothing(database_url: str) -> None:
    engine = create_engine(database_url, lock_timeout_seconds=30)
    uow = UnitOfWork(engine)
    more = "UPDATE organisation SET directory_version = directory_version + 1 WHERE id = 1"

    def many(_: int) -> None:
        for _ in range(25):
            write(uow, more)

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(many, range(4)))
    with uow.read() as connection:
        found = connection.execute(text("SELECT directory_version FROM organisation WHERE id = 1"))
        assert found.scalar() == 101
    engine.dispose()


# --- nobody else commits --------------------------------------------------------------------------


def test_a_stray_commit_raises_and_saves_nothing(uow: UnitOfWork) -> None:
    with pytest.raises(StrayCommit):
        write(uow, RENAME, Connection.commit)
    assert name(uow) == "Office"


def test_a_stray_transaction_block_raises_and_saves_nothing(uow: UnitOfWork) -> None:
    with pytest.raises(StrayCommit), uow.write() as connection, connection.begin():
        connection.execute(text(RENAME))
    assert name(uow) == "Office"


def test_a_commit_past_the_unit_of_work_raises_and_saves_nothing(
    uow: UnitOfWork, engine: Engine
) -> None:
    with pytest.raises(StrayCommit), engine.begin():
        pass
    assert name(uow) == "Office"


def test_a_commit_written_as_sql_does_not_go_unnoticed(uow: UnitOfWork) -> None:
    with pytest.raises(StrayCommit):
        write(uow, "COMMIT")


def test_a_rollback_within_does_not_pass_for_success(uow: UnitOfWork) -> None:
    with pytest.raises(StrayCommit):
        write(uow, RENAME, Connection.rollback)
    assert name(uow) == "Office"


@pytest.mark.parametrize("backend", ["postgresql"])
def test_a_swallowed_failure_does_not_pass_for_success(uow: UnitOfWork) -> None:
    """PostgreSQL answers the COMMIT of a broken transaction with ROLLBACK, without an error."""

    def swallow(connection: Connection) -> None:
        with suppress(DBAPIError):
            connection.execute(text("SELECT 1/0"))

    with pytest.raises(StrayCommit):
        write(uow, RENAME, swallow)
    assert name(uow) == "Office"


def test_a_connection_closed_within_does_not_pass_for_success(uow: UnitOfWork) -> None:
    with pytest.raises(StrayCommit):
        write(uow, RENAME, Connection.close)
    assert name(uow) == "Office"


# --- reading --------------------------------------------------------------------------------------


def test_a_read_sees_one_moment(uow: UnitOfWork) -> None:
    with uow.read() as connection:
        before = connection.execute(text(NAME)).scalar()
        write(uow, RENAME)
        assert connection.execute(text(NAME)).scalar() == before == "Office"
    assert name(uow) == "Renamed"


def test_a_read_refuses_to_write_and_the_next_may(uow: UnitOfWork) -> None:
    def write_in_read() -> None:
        with uow.read() as connection:
            connection.execute(text(RENAME))

    assert trouble(write_in_read).code == "store.read_only"
    write(uow, RENAME)
    assert name(uow) == "Renamed"


def test_a_look_is_taken_before_the_lock(
    uow: UnitOfWork, opened: Callable[[str], Engine], backend: str
) -> None:
    seen: list[object] = []

    def look(connection: Connection) -> str:
        seen.append(connection.execute(text(NAME)).scalar())
        return "seen"

    other = UnitOfWork(opened(""))

    def late() -> None:
        with other.write_after(look) as (connection, _):
            connection.execute(text(RENAME))

    with uow.write() as connection:
        connection.execute(text("UPDATE organisation SET name_en = 'Mine' WHERE id = 1"))
        assert trouble(late).code == "store.locked"
    assert seen == ["Office"]
    with other.write_after(look) as (connection, result):
        assert result == "seen"
        connection.execute(text(RENAME))
    assert name(uow) == "Renamed"


def test_what_follows_a_look_is_undone_by_an_exception(uow: UnitOfWork) -> None:

    def act() -> None:
        with uow.write_after(name_seen) as (connection, seen):
            assert seen == "Office"
            connection.execute(text(RENAME))
            fail(connection)

    with pytest.raises(KeyError):
        act()
    assert name(uow) == "Office"


# --- trouble --------------------------------------------------------------------------------------


def test_a_lock_held_by_another_is_trouble(
    uow: UnitOfWork, opened: Callable[[str], Engine]
) -> None:
    other = UnitOfWork(opened(""))
    with uow.write() as connection:
        connection.execute(text(RENAME))
        assert trouble(lambda: write(other, RENAME)).code == "store.locked"
    assert name(other) == "Renamed"


@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_lock_in_the_way_of_the_first_connection_is_trouble(
    database_url: str, opened: Callable[[str], Engine]
) -> None:
    with closing(sqlite3.connect(str(make_url(database_url).database))) as other:
        other.execute("PRAGMA journal_mode = DELETE")
        other.execute("BEGIN EXCLUSIVE")
        assert trouble(lambda: name(UnitOfWork(opened("")))).code == "store.locked"
        other.rollback()
        assert name(UnitOfWork(opened(""))) == "Office"


def test_too_many_at_once_is_trouble(uow: UnitOfWork) -> None:
    with ExitStack() as stack:
        for _ in range(POOL_SIZE + POOL_OVERFLOW):
            stack.enter_context(uow.read())
        assert trouble(lambda: name(uow)).code == "store.locked"
    assert name(uow) == "Office"


def test_a_refusal_of_the_database_is_named(uow: UnitOfWork) -> None:
    found = trouble(lambda: write(uow, RENAME, raw.agenda_item(clearance_id=9)))
    assert isinstance(found, StoreTrouble)
    assert found.code == "store.constraint"
    assert found.params == {"constraint": "agenda_item_without_clearance"}
    assert name(uow) == "Office"


@pytest.mark.parametrize("sql", ["SELECT nothing FROM organisation", "SELEC 1"])
def test_a_wrong_statement_is_no_trouble_of_the_database(sql: str, uow: UnitOfWork) -> None:
    with pytest.raises(DBAPIError):
        write(uow, sql)


def test_words_in_a_value_do_not_pass_for_a_refusal(uow: UnitOfWork, backend: str) -> None:
    column = '"yicheng:journal_unchangeable"'
    table = "[x]" if backend == "sqlite" else "x"
    with pytest.raises(DBAPIError):
        write(uow, f"SELECT {column} FROM {table}")


def test_what_is_written_stays_out_of_the_error(uow: UnitOfWork) -> None:
    secret = {"text": "a text under deliberation"}
    with pytest.raises(DBAPIError) as caught, uow.write() as connection:
        connection.execute(text("INSERT INTO nothing VALUES (:text)"), secret)
    assert secret["text"] not in str(caught.value)


@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_full_disk_is_trouble_and_changes_nothing(uow: UnitOfWork) -> None:
    with uow.write() as connection:
        # As much as a full disk: the file may not grow, whatever is written.
        connection.exec_driver_sql("PRAGMA max_page_count = 1")

    def big() -> None:
        with uow.write() as connection:
            connection.execute(text(RENAME))
            connection.exec_driver_sql(raw.draft(5, 2, "长" * 100_000))

    assert trouble(big).code == "store.full"
    assert name(uow) == "Office"


@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_database_that_may_only_be_read_is_trouble_for_a_writer(
    database_url: str, opened: Callable[[str], Engine]
) -> None:
    uow = UnitOfWork(opened(f"{database_url}?mode=ro"))
    assert name(uow) == "Office"
    assert trouble(lambda: write(uow, RENAME)).code == "store.read_only"


@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_missing_file_is_trouble_and_stays_missing(
    tmp_path: Path, opened: Callable[[str], Engine]
) -> None:
    path = tmp_path / "nowhere" / "x.db"
    found = trouble(lambda: name(UnitOfWork(opened(f"sqlite:///{path}"))))
    assert found.code == "store.unreachable"
    assert "yicheng init" in catalogue_for("zh", ("workflow",)).tell(found)
    assert not path.parent.exists()


@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_folder_in_the_place_of_the_file_is_trouble(
    tmp_path: Path, opened: Callable[[str], Engine]
) -> None:
    found = trouble(lambda: name(UnitOfWork(opened(f"sqlite:///{tmp_path}"))))
    assert found.code == "store.read_only"


def test_a_file_where_the_folder_should_be_is_trouble(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    engine = create_engine(f"sqlite:///{tmp_path}/file/x.db", create=True)
    assert trouble(lambda: name(UnitOfWork(engine))).code == "store.read_only"


@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_file_that_is_no_database_is_trouble(
    tmp_path: Path, opened: Callable[[str], Engine]
) -> None:
    path = tmp_path / "x.db"
    path.write_text("此文件不是数据库。" * 1000, encoding="utf-8")
    found = trouble(lambda: name(UnitOfWork(opened(f"sqlite:///{path}"))))
    assert found.code == "store.corrupt"
    assert path.read_text(encoding="utf-8").startswith("此文件")


@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_damaged_database_is_trouble(database_url: str, opened: Callable[[str], Engine]) -> None:
    path = Path(str(make_url(database_url).database))
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (page_size,) = connection.execute("PRAGMA page_size").fetchone()
    content = path.read_bytes()
    path.write_bytes(content[:page_size] + b"\xff" * (len(content) - page_size))
    assert trouble(lambda: name(UnitOfWork(opened("")))).code == "store.corrupt"


@pytest.mark.parametrize("backend", ["postgresql"])
@pytest.mark.parametrize(
    "url",
    [
        "postgresql://127.0.0.1:1/nothing",
        "postgres://127.0.0.1:1/nothing",
        "postgresql+psycopg://127.0.0.1:1/nothing",
    ],
)
def test_a_server_that_does_not_answer_is_trouble(
    url: str, opened: Callable[[str], Engine]
) -> None:
    found = trouble(lambda: name(UnitOfWork(opened(url))))
    assert found.code == "store.unreachable"
    assert "yicheng init" not in catalogue_for("zh", ("workflow",)).tell(found)


@pytest.mark.parametrize("backend", ["postgresql"])
def test_a_database_that_the_server_does_not_have_is_trouble(
    database_url: str, opened: Callable[[str], Engine]
) -> None:
    url = make_url(database_url).set(database="not_there").render_as_string(hide_password=False)
    assert trouble(lambda: name(UnitOfWork(opened(url)))).code == "store.unreachable"


@pytest.mark.parametrize("backend", ["postgresql"])
@pytest.mark.parametrize(
    ("state", "code"),
    [
        ("55P03", "store.locked"),
        ("40P01", "store.locked"),
        ("40001", "store.locked"),
        ("57014", "store.locked"),
        ("53100", "store.full"),
        ("25006", "store.read_only"),
        ("53300", "store.unreachable"),
        ("57P03", "store.unreachable"),
        ("08006", "store.unreachable"),
        ("58030", "store.disk"),
        ("XX001", "store.corrupt"),
        ("XX002", "store.corrupt"),
    ],
)
def test_what_the_server_says_is_understood(state: str, code: str, uow: UnitOfWork) -> None:
    raising = f"DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '{state}'; END $$"
    assert trouble(lambda: write(uow, RENAME, raising)).code == code
    assert name(uow) == "Office"


@pytest.mark.parametrize("backend", ["postgresql"])
def test_a_connection_cut_within_is_trouble_once(uow: UnitOfWork, database_url: str) -> None:
    def cut() -> None:
        with uow.write() as connection:
            connection.execute(text(RENAME))
            cut_all(database_url)
            connection.execute(text(NAME))

    assert trouble(cut).code == "store.unreachable"
    assert name(uow) == "Office"


@pytest.mark.parametrize("backend", ["postgresql"])
def test_connections_cut_in_between_are_trouble_once(uow: UnitOfWork, database_url: str) -> None:
    with uow.read(), uow.read(), uow.read():
        pass
    cut_all(database_url)
    assert trouble(lambda: write(uow, RENAME)).code == "store.unreachable"
    write(uow, RENAME)
    assert name(uow) == "Renamed"


@pytest.mark.parametrize("backend", ["postgresql"])
def test_a_connection_cut_in_the_commit_leaves_the_outcome_unknown(
    uow: UnitOfWork, database_url: str
) -> None:
    Intruder(database_url).run(
        "CREATE FUNCTION cut() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NEW; END $$",
        "CREATE CONSTRAINT TRIGGER cut AFTER UPDATE ON organisation "
        "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION cut()",
    )
    assert trouble(lambda: write(uow, RENAME)).code == "store.outcome_unknown"
    assert name(uow) == "Office"


@pytest.mark.parametrize("backend", ["postgresql"])
def test_a_commit_that_fails_is_told_as_what_it_is(uow: UnitOfWork, database_url: str) -> None:
    Intruder(database_url).run(
        "CREATE FUNCTION fill() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE disk_full; END $$",
        "CREATE CONSTRAINT TRIGGER fill AFTER UPDATE ON organisation "
        "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION fill()",
    )
    assert trouble(lambda: write(uow, RENAME)).code == "store.full"
    assert name(uow) == "Office"


def cut_all(database_url: str) -> None:
    Intruder(database_url).ask(
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )


# --- addresses ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        "mysql://office@host/name",
        "sqlite://",
        "sqlite:///:memory:",
        "sqlite:///x.db?mode=rwc",
        "sqlite:///x.db?cache=shared",
        "sqlite+aiosqlite:///x.db",
        "postgresql+asyncpg://host/name",
    ],
)
def test_other_addresses_are_bad_input(url: str) -> None:
    found = trouble(lambda: parse_url(url))
    assert isinstance(found, BadInput)
    assert found.code == "store.url"


@pytest.mark.parametrize("url", ["mysql://office:hidden@host/name", "hidden", "mysql://:hidden@[/"])
def test_a_password_is_never_repeated(url: str) -> None:
    assert "hidden" not in str(trouble(lambda: parse_url(url)))


@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_relative_path_is_meant_from_where_the_program_started(
    tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = Path(str(make_url(database_url).database))
    monkeypatch.chdir(path.parent)
    engine = create_engine(f"sqlite:///{path.name}")
    monkeypatch.chdir(tmp_path)
    assert name(UnitOfWork(engine)) == "Office"
    engine.dispose()


def test_a_path_may_hold_any_character(tmp_path: Path) -> None:
    path = tmp_path / "依程 100% 䶮?#.db"
    engine = create_engine(f"sqlite:///{str(path).replace('%', '%25').replace('?', '%3F')}")
    assert trouble(lambda: name(UnitOfWork(engine))).code == "store.unreachable"


@pytest.mark.parametrize("backend", ["postgresql"])
def test_options_of_the_address_are_kept(database_url: str) -> None:
    url = make_url(database_url).update_query_dict({"options": "-c statement_timeout=12345"})
    engine = create_engine(url.render_as_string(hide_password=False), lock_timeout_seconds=2)
    with UnitOfWork(engine).read() as connection:
        assert connection.execute(text("SHOW statement_timeout")).scalar() == "12345ms"
        assert connection.execute(text("SHOW lock_timeout")).scalar() == "2s"
    engine.dispose()


@pytest.mark.usefixtures("durable")
@pytest.mark.parametrize("backend", ["sqlite"])
def test_every_sqlite_connection_is_durable_and_strict(uow: UnitOfWork) -> None:
    with uow.read() as first, uow.read() as second:
        for connection in (first, second):
            told = [
                connection.exec_driver_sql(f"PRAGMA {pragma}").scalar()
                for pragma in ("journal_mode", "synchronous", "foreign_keys", "recursive_triggers")
            ]
            assert told == ["wal", 2, 1, 1]


# --- values ---------------------------------------------------------------------------------------


def test_an_instant_comes_back_as_the_same_instant_in_utc(uow: UnitOfWork) -> None:
    at = datetime(2026, 9, 1, 8, 30, 15, 123456, tzinfo=timezone(timedelta(hours=8)))
    row = {"organisation_id": 1, "key": "k", "fingerprint": "f", "outcome": "{}", "at": at}
    with uow.write() as connection:
        connection.execute(tables.request.insert(), row)
    with uow.read() as connection:
        found = connection.execute(select(tables.request.c.at)).scalar_one()
    assert found == at
    assert found.tzinfo is UTC


def test_no_instant_is_no_instant(uow: UnitOfWork) -> None:
    told = {"organisation_id": 1, "key": "k", "kind": "kind", "recipient": "r", "body": "{}"}
    row = {**told, "day": AT.date(), "count": 1, "first_at": AT, "last_at": AT, "read_at": None}
    with uow.write() as connection:
        connection.execute(tables.alert.insert(), row)
    with uow.read() as connection:
        alert = connection.execute(select(tables.alert)).one()
        assert (alert.first_at, alert.read_at) == (AT, None)
    with uow.write() as connection:
        connection.execute(tables.alert.update().values(read_at=AT))
    with uow.read() as connection:
        assert connection.execute(select(tables.alert.c.read_at)).scalar() == AT


def test_a_naive_time_is_refused(uow: UnitOfWork) -> None:
    naive = datetime(2026, 9, 1)  # noqa: DTZ001 (that is the point)
    with pytest.raises(StatementError, match="time zone"), uow.write() as connection:
        connection.execute(tables.agenda_item.update().values(removed_at=naive))


def test_lists_and_answers_are_stored_readably(uow: UnitOfWork) -> None:
    changed = tables.matter.update().where(tables.matter.c.id == 1)
    with uow.write() as connection:
        for statement in raw.said("pause", matter_id=1, matter_version=2):
            connection.exec_driver_sql(statement)
        connection.execute(changed.values(answers={"类别": "公共服务价格𠮷"}, version=2))
    with uow.read() as connection:
        stored = connection.exec_driver_sql("SELECT CAST(answers AS TEXT) FROM matter WHERE id = 1")
        assert stored.scalar() == '{"类别":"公共服务价格𠮷"}'
        found = connection.scalar(select(tables.matter.c.answers).where(tables.matter.c.id == 1))
        assert found == {"类别": "公共服务价格𠮷"}


# --- the schema -----------------------------------------------------------------------------------


def test_a_database_of_this_schema_is_fine(engine: Engine) -> None:
    check_schema(engine)
    assert schema_of(engine) == tables.SCHEMA_HEAD


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("UPDATE alembic_version SET version_num = '9999'", "store.schema_newer"),
        ("UPDATE alembic_version SET version_num = '0000'", "store.schema_older"),
        ("DELETE FROM alembic_version", "store.schema_older"),
        ("DROP TABLE alembic_version", "store.schema_older"),
    ],
)
def test_a_database_of_another_schema_is_trouble(
    statement: str, code: str, engine: Engine, database_url: str
) -> None:
    Intruder(database_url).run(statement)
    found = trouble(lambda: check_schema(engine))
    assert isinstance(found, StoreTrouble)
    assert found.code == code
