"""The journal: its end, its entries, and what was done since."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import String, bindparam, select, type_coerce

from workflow import tables as t
from workflow.journal import Entry, Head
from workflow.prepared import Prepared
from workflow.store.base import Base

_m = t.matter.c

_HEAD = (
    select(t.journal_head.c.seq, t.journal_head.c.digest, t.organisation.c.directory_version)
    .join(t.organisation, t.organisation.c.id == t.journal_head.c.organisation_id)
    .where(t.journal_head.c.organisation_id == bindparam("home"))
)
_LOCK_HEAD = _HEAD.with_for_update(of=(t.organisation, t.journal_head), key_share=True)
_SET_HEAD = Prepared(
    t.journal_head.update()
    .where(t.journal_head.c.organisation_id == bindparam("home"))
    .values(seq=bindparam("new_seq"), digest=bindparam("new_digest"))
)
_ADD_JOURNAL = Prepared(t.journal.insert().inline(), *t.journal.c.keys())


class Journal(Base):
    """One chain of entries, whose end is locked before it is continued."""

    def head(self) -> Head:
        """The end of the chain, as it is now; before any entry where somebody took it away."""
        found = self._run(_HEAD, {"home": self.home.id}).first()
        return Head(0, "") if found is None else Head(*found[:2])

    def lock_head(self) -> Head:
        """The end of the chain, locked: entries of an organisation follow each other one by one."""
        seq, digest, directory = self._run(_LOCK_HEAD, {"home": self.home.id}).one()
        self._people_as_of(directory)
        return Head(seq, digest)

    def add_entry(self, entry: Entry, columns: Mapping[str, object]) -> None:
        """Write a journal entry and move the head to it."""
        _ADD_JOURNAL.write(
            self._connection,
            {
                "organisation_id": self.home.id,
                "seq": entry.seq,
                "body": entry.body,
                "previous": entry.previous,
                "digest": entry.digest,
                **columns,
            },
        )
        _SET_HEAD.write(
            self._connection,
            {"home": self.home.id, "new_seq": entry.seq, "new_digest": entry.digest},
        )

    def entries(self, after: int, limit: int, matter: str | None = None) -> list[Entry]:
        """Journal entries after a number, in order, with the columns that repeat their bodies.

        Those about a matter only, where one is named.
        """
        j = t.journal.c
        statement = (
            select(
                j.seq,
                j.previous,
                j.digest,
                j.body,
                # As it is kept: what is no instant any more must be found, not stumbled over.
                type_coerce(j.at, String).label("at"),
                j.actor,
                j.command,
                j.status,
                j.matter_version,
                _m.number,
                t.meeting.c.code,
            )
            .select_from(
                t.journal.outerjoin(t.matter, _m.id == j.matter_id).outerjoin(
                    t.meeting, t.meeting.c.id == j.meeting_id
                )
            )
            .where(j.organisation_id == self.home.id, j.seq > after)
            .order_by(j.seq)
            .limit(limit)
        )
        if matter is not None:
            statement = statement.where(_m.number == matter)
        rows = self._run(self._told(statement))
        return [
            Entry(
                row.seq,
                row.previous,
                row.digest,
                row.body if isinstance(row.body, str) else "",
                {
                    "at": _as_told(row.at),
                    "actor": row.actor,
                    "command": row.command,
                    "status": row.status,
                    "organisation": self.home.code,
                    "matter": row.number,
                    "meeting": row.code,
                    "version": row.matter_version,
                },
            )
            for row in rows
        ]

    def _told(self, entries: Any) -> Any:  # noqa: ANN401 (a statement of whatever columns)
        """The same query of entries, of those alone that this store is to tell of: here all."""
        return entries

    def changes_since(self, matter: int, version: int) -> Iterator[tuple[int, datetime, str, str]]:
        """What was done on a matter after a version: number, instant, account, command."""
        j = t.journal.c
        rows = self._run(
            select(j.seq, j.at, j.actor, j.command)
            .where(
                j.organisation_id == self.home.id,
                j.matter_id == matter,
                j.matter_version > version,
                j.status == "done",
            )
            .order_by(j.seq)
        )
        return ((row.seq, row.at, row.actor, row.command) for row in rows)


def _as_told(kept: object) -> object:
    """An instant as a journal entry's body tells it; what cannot be read is given back as it is."""
    if isinstance(kept, str):
        try:
            kept = datetime.fromisoformat(kept).replace(tzinfo=UTC)
        except ValueError:
            return kept
    return kept.astimezone(UTC).isoformat() if isinstance(kept, datetime) else str(kept)
