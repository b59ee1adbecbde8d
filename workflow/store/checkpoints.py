"""The checkpoints of a journal."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import select

from workflow import tables as t
from workflow.checkpoints import Checkpoint, Covered, read
from workflow.store.base import Base

PAGE = 500


class Checkpoints(Base):
    """What was signed, in its order."""

    def last_checkpoint(self) -> Checkpoint | None:
        """The newest one; None for none, and for one that was made unreadable."""
        c = t.checkpoint.c
        row = self._run(
            select(c.statement, c.signature)
            .where(c.organisation_id == self.home.id)
            .order_by(c.number.desc())
            .limit(1)
        ).first()
        return None if row is None else read(*row)

    def checkpoints(
        self, after: int = 0, limit: int = PAGE
    ) -> list[tuple[int, int, Checkpoint | None]]:
        """Number and entry of those after a number, each with what can be read of it."""
        c = t.checkpoint.c
        rows = self._run(
            select(c.number, c.entry_seq, c.statement, c.signature, c.digest)
            .where(c.organisation_id == self.home.id, c.number > after)
            .order_by(c.number)
            .limit(limit)
        )
        return [
            (number, entry, _agreeing(number, entry, digest, read(statement, signature)))
            for number, entry, statement, signature, digest in rows
        ]

    def every_checkpoint(self) -> Iterator[tuple[int, int, Checkpoint | None]]:
        """The same, all of them, by pages."""
        after = -(2**31)
        while page := self.checkpoints(after):
            yield from page
            after = page[-1][0]

    def add_checkpoint(self, made: Checkpoint) -> None:
        """Keep the next one."""
        self._run(
            t.checkpoint.insert(),
            {
                "organisation_id": self.home.id,
                "number": made.number,
                "entry_seq": made.entry,
                "at": made.at,
                "statement": made.statement,
                "digest": made.own_digest,
                "signature": made.signature,
            },
        )

    def to_cover(self, head: int) -> Covered | None:
        """The journal up to an entry, to be signed; None where it has none."""
        j = t.journal.c
        rows = self._run(
            select(j.seq, j.digest).where(j.organisation_id == self.home.id, j.seq.in_((1, head)))
        )
        found = {row.seq: row.digest for row in rows}
        if not {1, head} <= found.keys():
            return None
        return Covered(self.home.code, found[1], head, found[head])

    def entry_at(self, seq: int) -> datetime | None:
        """When an entry was made; None where there is none."""
        j = t.journal.c
        found = self._run(
            select(j.at).where(j.organisation_id == self.home.id, j.seq == seq)
        ).scalar()
        return found if isinstance(found, datetime) else None

    def first_uncovered(self, after: int) -> datetime | None:
        """When the first entry after this one was made; None where there is none."""
        j = t.journal.c
        found = self._run(
            select(j.at)
            .where(j.organisation_id == self.home.id, j.seq > after)
            .order_by(j.seq)
            .limit(1)
        ).scalar()
        return found if isinstance(found, datetime) else None


def _agreeing(number: int, entry: int, digest: str, found: Checkpoint | None) -> Checkpoint | None:
    """The checkpoint, if its columns say the same as its statement."""
    if found is None or (found.number, found.entry, found.own_digest) != (number, entry, digest):
        return None
    return found
