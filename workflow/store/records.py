"""Accepted acts: read as facts are folded from them, and written."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import String, bindparam, select, type_coerce

from workflow import tables as t
from workflow.facts import Record
from workflow.prepared import Prepared
from workflow.store.base import Base

RECORDS_KEPT: Final = 4096
LONGEST_KEPT: Final = 10_000
"""So many records stay in memory, of payloads of at most so many characters: some 40 MB of text."""

_RECORDS = Prepared(
    select(
        t.record.c.position,
        t.record.c.command,
        t.record.c.step,
        t.record.c.outcome,
        t.record.c.actor,
        t.record.c.principal,
        t.record.c.unit,
        t.record.c.role,
        t.record.c.payload,
        t.record.c.draft_number,
        # As the driver gives it: `_record` reads it, once for each record.
        type_coerce(t.record.c.filed_on, String),
    )
    .where(t.record.c.matter_id == bindparam("matter"))
    .order_by(t.record.c.position)
)
_ADD_RECORD = Prepared(
    t.record.insert().inline(), *(column.name for column in t.record.c if column.name != "id")
)


class Records(Base):
    """The records of matters."""

    def _records(self, matter: int) -> tuple[Record, ...]:
        """The records of a matter, in order."""
        return _read(_RECORDS.read(self._connection, {"matter": matter}))

    def add_record(self, values: Mapping[str, object]) -> None:
        """An accepted act."""
        _ADD_RECORD.write(self._connection, {"organisation_id": self.home.id, **values})


def acts(rows: Iterable[Sequence[Any]]) -> tuple[Record, ...]:
    """What was done on a meeting or on a catalogue, beside the records of matters."""
    return tuple(
        Record(at, command, None, "", actor, principal, unit, role, json.loads(kept), 0, day)
        for at, command, actor, principal, unit, role, kept, day in rows
    )


def _read(rows: list[Sequence[Any]]) -> tuple[Record, ...]:
    """Records as facts are folded from; one that was read lately is not parsed again.

    The rows themselves are always those of the database; what is kept is only what they mean.
    """
    return tuple([_known(row) if len(row[8]) <= LONGEST_KEPT else _record(row) for row in rows])


def _record(row: Sequence[Any]) -> Record:
    position, command, step, outcome, actor, principal, unit, role, payload, draft, day = row
    return Record(
        position,
        command,
        step,
        outcome,
        actor,
        principal,
        unit,
        role,
        json.loads(payload),
        draft,
        day if isinstance(day, date) else date.fromisoformat(day),
    )


_known = lru_cache(maxsize=RECORDS_KEPT)(_record)
