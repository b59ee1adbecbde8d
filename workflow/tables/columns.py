"""What rows are made of: their base, their columns and what ties them to each other."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, ClassVar, Final

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    Dialect,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    TypeDecorator,
    UniqueConstraint,
    text,
)
from sqlmodel import Field, SQLModel

Id = BigInteger().with_variant(Integer, "sqlite")
"""SQLite numbers rows by itself only where the key is declared INTEGER."""


class Instant(TypeDecorator[datetime]):
    """An instant: aware datetimes in and out, in UTC.

    PostgreSQL keeps a `timestamptz`, SQLite the UTC date and time as text.  A naive datetime is a
    mistake of the caller and raises `ValueError` (SQLAlchemy wraps it in a `StatementError`).
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """An aware datetime as the database keeps it."""
        if value is None:
            return None
        if value.utcoffset() is None:
            message = f"an instant needs its time zone: {value!r}"
            raise ValueError(message)
        at = value.astimezone(UTC)
        return at.replace(tzinfo=None) if dialect.name == "sqlite" else at

    def process_result_value(
        self,
        value: datetime | None,
        dialect: Dialect,  # noqa: ARG002 (the value says it already)
    ) -> datetime | None:
        """What the database kept, as an aware datetime in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)


class Row(SQLModel):
    """Base of all rows, with metadata of its own: nothing foreign slips into the schema."""

    metadata: ClassVar[MetaData] = metadata


def row_id() -> Any:  # noqa: ANN401 (what `Field` returns)
    """The key of a row, numbered by the database."""
    return Field(default=None, primary_key=True, sa_type=Id)


def instant() -> Any:  # noqa: ANN401
    """A column for an instant in UTC."""
    return Field(sa_type=Instant)


def optional_instant() -> Any:  # noqa: ANN401
    """A column for an instant in UTC that may still be to come."""
    return Field(default=None, sa_type=Instant)


def within(
    column: str, parent: str, *, later: bool = False, parent_column: str = "id"
) -> ForeignKeyConstraint:
    """A foreign key to a row of the same organisation; `later` where two tables need each other."""
    return ForeignKeyConstraint(
        ["organisation_id", column],
        [f"{parent}.organisation_id", f"{parent}.{parent_column}"],
        use_alter=later,
    )


def parent_key() -> UniqueConstraint:
    """What a foreign key made by `within` points at."""
    return UniqueConstraint("organisation_id", "id")


def digest_length(column: str = "digest") -> CheckConstraint:
    """That a column holds a SHA-256 in hex, by its length."""
    return CheckConstraint(f"length({column}) = 64", name=f"{column}_length")


def named_digest(column: str = "digest") -> CheckConstraint:
    """That a column holds a digest by its length: SHA-256 in hex, or SM3 that says so."""
    return CheckConstraint(
        f"length({column}) = 64 OR (length({column}) = 68 AND {column} LIKE 'sm3:%')",
        name=f"{column}_length",
    )


LONGEST_DIGEST: Final = 68
"""The length of a digest that says by what it was made."""


def where(condition: str) -> dict[str, Any]:
    """What an index takes to be of some rows only, on both databases."""
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


def found_by(column: str) -> Index:
    """An index of those rows alone that have a value; most matters have no key."""
    return Index(None, "organisation_id", column, **where(f"{column} IS NOT NULL"))
