"""What is searched of matters. An index made from other rows: it can be made anew at any time."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Index, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlmodel import Field

from workflow.searching import Part
from workflow.tables.columns import Id, Row, row_id, within


class MatterTextRow(Row, table=True):
    """A part of a matter (`workflow.searching.Part`), folded, with the grams that it is found by.

    The grams are kept without order, apart by spaces: PostgreSQL finds them by an inverted index,
    SQLite by the virtual table `matter_search` (FTS5), which triggers keep.
    """

    __tablename__ = "matter_text"
    __table_args__ = (
        UniqueConstraint("matter_id", "part"),
        within("matter_id", "matter"),
        CheckConstraint(f"part BETWEEN {min(Part)} AND {max(Part)}", name="part"),
        Index("ix_matter_text_grams", "grams", postgresql_using="gin").ddl_if("postgresql"),
    )

    id: int | None = row_id()
    organisation_id: int = Field(sa_type=Id)
    matter_id: int = Field(sa_type=Id)
    part: int
    folded: str = Field(sa_type=Text)
    grams: str = Field(sa_type=Text().with_variant(TSVECTOR(), "postgresql"))
