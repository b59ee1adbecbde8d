"""The history of the schema. A migration is frozen: it imports nothing of the program's tables."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import text

from workflow.errors import StoreTrouble
from workflow.tables import SCHEMA_HEAD
from workflow.uow import UnitOfWork, create_engine, schema_of, shown

# Any number, as long as nothing else on the server uses it: two upgrades at once take turns.
_ADVISORY_LOCK: Final = 4_207_713


def upgrade(database_url: str) -> None:
    """Bring a database to the newest schema, creating a SQLite file and its folder if need be.

    One transaction, so that a failure leaves the database as it was; harmless when repeated.
    Raises `BadInput` for a URL that is none and `StoreTrouble`, also for a database that a newer
    program has already upgraded.
    """
    engine = create_engine(database_url, create=True)
    try:
        found = schema_of(engine)
        if found is not None and found > SCHEMA_HEAD:
            raise StoreTrouble(
                "store.schema_newer", database=shown(engine.url), found=found, known=SCHEMA_HEAD
            )
        with UnitOfWork(engine).write() as connection:
            # Alembic leaves commit and rollback alone on a connection that has begun.
            connection.begin()
            if engine.dialect.name == "postgresql":
                connection.execute(
                    text("SELECT pg_advisory_xact_lock(:number)"), {"number": _ADVISORY_LOCK}
                )
            config = _config()
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    finally:
        engine.dispose()


def revisions() -> tuple[str, ...]:
    """Every migration, oldest first."""
    scripts = ScriptDirectory.from_config(_config())
    return tuple(script.revision for script in scripts.walk_revisions())[::-1]


def _config() -> Config:
    config = Config()
    # A percent sign in a path would be read as interpolation.
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
