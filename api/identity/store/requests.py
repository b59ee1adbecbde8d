"""Keys of changes that were made, and what is forgotten once its days are over."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, Table, func, select

from api.identity import tables as t
from api.identity.store.base import Base


class Requests(Base):
    """Each key once."""

    def request_print(self, key: str) -> str | None:
        """The fingerprint of what was asked under a key, None where nothing was."""
        r = t.identity_request.c
        return self._run(
            select(r.fingerprint).where(r.organisation_id == self.organisation, r.key == key)
        ).scalar()

    def add_request(self, key: str, fingerprint: str, at: datetime) -> None:
        """Keep that something was done under a key."""
        self._run(
            t.identity_request.insert(),
            {
                "organisation_id": self.organisation,
                "key": key,
                "fingerprint": fingerprint,
                "at": at,
            },
        )

    def database_now(self) -> datetime:
        """The present by the clock of the database, by which its triggers judge."""
        found = self._run(select(func.current_timestamp())).scalar_one()
        at = datetime.fromisoformat(str(found))
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at

    def promised_days(self) -> int:
        """For how many days events were promised to be kept."""
        h = t.security_head.c
        asked = select(h.retention_days).where(h.organisation_id == self.organisation)
        return int(self._run(asked).scalar_one())

    def forget(
        self, before: datetime, requests_before: datetime, idle: timedelta
    ) -> dict[str, int]:
        """Delete what ended before an instant, and keys older than another; tells how much.

        Sessions that nobody ended, but that were over by then, end first.
        """
        s, o, e, r = (
            t.session.c,
            t.one_time_link.c,
            t.security_event.c,
            t.identity_request.c,
        )
        open_still = (s.ended_at.is_(None), s.seen_at < before - idle)
        self._run(
            t.session.update()
            .where(s.organisation_id == self.organisation, *open_still)
            .values(ended_at=s.seen_at, ended_why="idle")
        )
        unused = (o.ended_at.is_(None), o.expires_at < before)
        self._run(
            t.one_time_link.update()
            .where(o.organisation_id == self.organisation, *unused)
            .values(ended_at=o.expires_at, ended_why="expired")
        )
        old = select(o.id).where(o.organisation_id == self.organisation, o.ended_at < before)
        self._run(
            t.opener_release.delete().where(t.opener_release.c.link_id.in_(old.scalar_subquery()))
        )
        return {
            "events": self._delete(t.security_event, e.at < before),
            "sessions": self._delete(t.session, s.ended_at < before),
            "links": self._delete(t.one_time_link, o.ended_at < before),
            "keys": self._delete(t.identity_request, r.at < requests_before),
            "sources": self._delete(
                t.sign_in_source, t.sign_in_source.c.failed_at < requests_before
            ),
        }

    def _delete(self, table: Table, condition: ColumnElement[bool]) -> int:
        mine = table.c.organisation_id == self.organisation
        return int(self._run(table.delete().where(mine, condition)).rowcount)
