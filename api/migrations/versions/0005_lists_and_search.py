"""Lists in every order, a page at a time; searching; where something may be owed."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from typing import Any, Final

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TSVECTOR

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_ID: Final = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_POINTS: Final = sa.String().with_variant(sa.String(collation="C"), "postgresql")
_GRAMS: Final = sa.Text().with_variant(TSVECTOR(), "postgresql")

_FTS: Final = """\
CREATE VIRTUAL TABLE matter_search USING fts5(
    grams, content='matter_text', content_rowid='id', tokenize='ascii', detail=none
)

CREATE TRIGGER matter_text_inserted AFTER INSERT ON matter_text
BEGIN
    INSERT INTO matter_search (rowid, grams) VALUES (NEW.id, NEW.grams);
END

CREATE TRIGGER matter_text_deleted AFTER DELETE ON matter_text
BEGIN
    INSERT INTO matter_search (matter_search, rowid, grams) VALUES ('delete', OLD.id, OLD.grams);
END

CREATE TRIGGER matter_text_updated AFTER UPDATE ON matter_text
BEGIN
    INSERT INTO matter_search (matter_search, rowid, grams) VALUES ('delete', OLD.id, OLD.grams);
    INSERT INTO matter_search (rowid, grams) VALUES (NEW.id, NEW.grams);
END
"""


def upgrade() -> None:
    """Let matters be listed in every order and searched."""
    op.add_column("matter", sa.Column("title_key", _POINTS, server_default="", nullable=False))
    # Of those that are there already, any may owe something: the next act on each narrows it down.
    op.add_column(
        "matter", sa.Column("may_owe", sa.Boolean(), server_default=sa.true(), nullable=False)
    )
    _keep_titles()
    op.drop_index("ix_matter_organisation_id_stage_id", "matter")
    for column in ("stage", "updated_at", "title_key"):
        op.create_index(
            f"ix_matter_organisation_id_{column}_year_serial",
            "matter",
            ["organisation_id", column, "year", "serial"],
        )
    op.create_index(
        "ix_matter_may_owe",
        "matter",
        ["organisation_id", "year", "serial"],
        sqlite_where=sa.text("may_owe = 1"),
        postgresql_where=sa.text("may_owe"),
    )
    op.create_table(
        "matter_text",
        sa.Column("id", _ID, nullable=False),
        sa.Column("organisation_id", _ID, nullable=False),
        sa.Column("matter_id", _ID, nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("grams", _GRAMS, nullable=False),
        sa.CheckConstraint("part BETWEEN 1 AND 5", name="ck_matter_text_part"),
        sa.ForeignKeyConstraint(
            ["organisation_id", "matter_id"],
            ["matter.organisation_id", "matter.id"],
            name="fk_matter_text_organisation_id_matter_id",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_matter_text"),
        sa.UniqueConstraint("matter_id", "part", name="uq_matter_text_matter_id_part"),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.create_index("ix_matter_text_grams", "matter_text", ["grams"], postgresql_using="gin")
    else:
        for statement in _FTS.split("\n\n"):
            op.get_bind().exec_driver_sql(statement)
    _keep_texts()


def _keep_titles() -> None:
    matter = sa.table("matter", *map(sa.column, ("id", "title", "title_key")))
    bind = op.get_bind()
    titled = sa.select(matter.c.id, matter.c.title).where(matter.c.title.is_not(None))
    for key, title in bind.execute(titled).all():
        kept = matter.update().where(matter.c.id == key).values(title_key=_fold(title))
        bind.execute(kept)


def _keep_texts() -> None:
    """What is searched of the matters that are there already."""
    text = sa.table(
        "matter_text",
        *map(sa.column, ("organisation_id", "matter_id", "part", "folded")),
        sa.column("grams", _GRAMS),
    )
    bind = op.get_bind()
    matters = sa.text(
        "SELECT m.organisation_id, m.id, m.number, m.title, d.text FROM matter m "
        "LEFT JOIN draft d ON d.id = m.current_draft_id WHERE m.title IS NOT NULL ORDER BY m.id"
    )
    for home, key, number, title, draft in bind.execute(matters).all():
        acts = sa.text(
            "SELECT command, payload FROM record WHERE matter_id = :matter AND command IN "
            "('propose', 'study', 'issue', 'submit_request', 'file_report', 'record_reply') "
            "ORDER BY position"
        )
        parts = {1: number, 2: title}
        for command, payload in bind.execute(acts, {"matter": key}):
            for part, told in _told(command, json.loads(payload)):
                parts[part] = f"{parts[1]}\n{told}" if part == 1 else told
        if draft:
            parts[5] = draft
        for part, told in parts.items():
            if told:
                folded = _fold(told[:100_000])
                row = {"part": part, "folded": folded, "grams": " ".join(_grams(folded))}
                bind.execute(text.insert(), {"organisation_id": home, "matter_id": key, **row})


def _told(command: str, payload: dict[str, Any]) -> Iterator[tuple[int, str]]:
    def said(*names: str) -> list[str]:
        return [str(payload[name]) for name in names if payload.get(name)]

    if command == "propose":
        yield 3, "\n".join(said("reasons"))
    elif command == "study":
        yield 4, "\n".join(said("problem", "grounds", "necessity", "feasibility", "outline"))
    elif command == "issue":
        yield 1, " ".join(said("series", "year", "number")) + chr(0x53F7)
    else:
        yield 1, " ".join(said("number"))


_HAN = (
    r"\u3005-\u3007\u3021-\u3029\u3038-\u303b\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    r"\U00020000-\U0003ffff"
)


def _fold(text: str) -> str:
    text = re.sub(f"(?<=[{_HAN}])\\s+(?=[{_HAN}])", "", text)
    told = "".join(unicodedata.normalize("NFKC", sign) for sign in text).casefold()
    kept = (
        sign if sign.isalnum() or unicodedata.category(sign)[0] == "M" else " " for sign in told
    )
    return re.sub(" +", " ", "".join(kept)).strip()


def _grams(folded: str) -> list[str]:
    found: dict[str, None] = {}
    for run in re.findall(f"[{_HAN}]+|[^ {_HAN}]+", folded):
        if re.match(f"[{_HAN}]", run):
            found |= dict.fromkeys(run[at : at + 2] for at in range(len(run)))
        else:
            found[run[:40]] = None
    return list(found)
