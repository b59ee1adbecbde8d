"""Wrong passwords for an account, by the source that they came from."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite

from api.identity import tables as t
from api.identity.store.base import Base


class Sources(Base):
    """One row for each source that failed, until the right password comes from there."""

    def failures_of(self, account: int, source: str) -> tuple[int, datetime | None]:
        """How many tries failed in a row, and until when the source is locked out."""
        x = t.sign_in_source.c
        row = self._run(
            select(x.failures, x.locked_until).where(x.account_id == account, x.source == source)
        ).first()
        return (0, None) if row is None else (row.failures, row.locked_until)

    def count_failure(
        self, account: int, source: str, failures: int, at: datetime, until: datetime | None
    ) -> None:
        """Write down how many tries of a source failed in a row."""
        dialect = postgresql if self.connection.dialect.name == "postgresql" else sqlite
        insert = dialect.insert(t.sign_in_source)
        told = {"failures": failures, "failed_at": at, "locked_until": until}
        self._run(
            insert.on_conflict_do_update(index_elements=["account_id", "source"], set_=told),
            {
                "organisation_id": self.organisation,
                "account_id": account,
                "source": source,
                **told,
            },
        )

    def forgive(self, account: int, source: str | None = None) -> None:
        """Forget the failures of one source, or of all."""
        x = t.sign_in_source
        which = [x.c.organisation_id == self.organisation, x.c.account_id == account]
        if source is not None:
            which.append(x.c.source == source)
        self._run(x.delete().where(*which))

    def locked_sources(self) -> Mapping[int, datetime]:
        """Until when an account is locked for some source, by account."""
        x = t.sign_in_source.c
        rows = self._run(
            select(x.account_id, func.max(x.locked_until, type_=x.locked_until.type))
            .where(x.organisation_id == self.organisation, x.locked_until.is_not(None))
            .group_by(x.account_id)
        )
        return {row[0]: row[1] for row in rows}
