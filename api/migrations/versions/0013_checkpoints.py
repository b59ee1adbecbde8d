"""Checkpoints of the journal, and digests that say by what they were made."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_ID: Final = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

#: Where a digest may be another than SHA-256 from now on.
_NAMED: Final = {
    "journal": ("previous", "digest"),
    "journal_head": ("digest",),
    "draft": ("digest",),
    "review": ("digest",),
    "clearance": ("digest",),
}


def _check(column: str) -> str:
    return f"length({column}) = 64 OR (length({column}) = 68 AND {column} LIKE 'sm3:%')"


def upgrade() -> None:
    """Let the journal be signed, and digests be named."""
    if op.get_bind().dialect.name == "postgresql":
        _widen_postgresql()
    else:
        _widen_sqlite()
    op.create_table(
        "checkpoint",
        sa.Column("organisation_id", _ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("entry_seq", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=68), nullable=False),
        sa.Column("signature", sa.String(), nullable=False),
        sa.CheckConstraint(_check("digest"), name="ck_checkpoint_digest_length"),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name="fk_checkpoint_organisation_id"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "entry_seq"],
            ["journal.organisation_id", "journal.seq"],
            name="fk_checkpoint_organisation_id_entry_seq",
        ),
        sa.PrimaryKeyConstraint("organisation_id", "number", name="pk_checkpoint"),
    )
    if op.get_bind().dialect.name == "postgresql":
        _run_postgresql()
    else:
        _run_sqlite()


def _widen_postgresql() -> None:
    for table, columns in _NAMED.items():
        for column in columns:
            name = f"ck_{table}_{column}_length"
            op.drop_constraint(name, table, type_="check")
            op.alter_column(table, column, type_=sa.String(length=68))
            op.create_check_constraint(name, table, _check(column))


def _widen_sqlite() -> None:
    """As SQLite's manual has it for changes that touch no row: the definitions are written anew.

    To copy the tables instead would mean to drop what guards them.
    """
    bind = op.get_bind()
    bind.exec_driver_sql("PRAGMA writable_schema = ON")
    for table, columns in _NAMED.items():
        (found,) = bind.exec_driver_sql(
            "SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = ?", (table,)
        ).one()
        changed = found
        for column in columns:
            for old, new in (
                (f"\t{column} VARCHAR(64)", f"\t{column} VARCHAR(68)"),
                (f"length({column}) = 64", _check(column)),
            ):
                if changed.count(old) != 1:
                    raise RuntimeError(f"{table}.{column}: {changed}")
                changed = changed.replace(old, new)
        bind.exec_driver_sql(
            "UPDATE sqlite_schema SET sql = ? WHERE type = 'table' AND name = ?", (changed, table)
        )
    bind.exec_driver_sql("PRAGMA writable_schema = RESET")


def _run_postgresql() -> None:
    script = Path(__file__).with_name("0013_postgresql.sql").read_text(encoding="utf-8")
    # Without parameters the driver sends the script as it is, however many statements it has.
    op.get_bind().exec_driver_sql(script, execution_options={"no_parameters": True})


def _run_sqlite() -> None:
    # `executescript` would commit first, and the driver takes one statement at a time.
    script = Path(__file__).with_name("0013_sqlite.sql").read_text(encoding="utf-8")
    for statement in script.split("\n\n"):
        op.get_bind().exec_driver_sql(statement)
