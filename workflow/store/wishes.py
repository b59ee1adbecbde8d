"""How people wish to be told, what they read, and calendars that they subscribed to."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from workflow import tables as t
from workflow.errors import Conflict
from workflow.store.base import Base
from workflow.store.posts import person_named


class Wishes(Base):
    """Personal state: it is no part of the record, and nobody's but one's own."""

    def has_person(self, account: str) -> bool:
        """Whether there is a person of that account."""
        return person_named(self._connection, self.home.id, account) is not None

    def preference(self, account: str) -> tuple[dict[str, Any], int]:
        """What an account chose, and its version; nothing and nought where it never did."""
        p = t.preference.c
        row = self._run(
            select(p.body, p.version).where(p.organisation_id == self.home.id, p.account == account)
        ).first()
        return ({}, 0) if row is None else (row.body, row.version)

    def preferences(self, accounts: Collection[str]) -> dict[str, dict[str, Any]]:
        """What these accounts chose."""
        p = t.preference.c
        rows = self._run(
            select(p.account, p.body).where(
                p.organisation_id == self.home.id, p.account.in_(accounts)
            )
        )
        return {row.account: row.body for row in rows}

    def prefer(self, account: str, body: Mapping[str, object], seen: int) -> int:
        """Keep what an account chooses, as the version after the one seen.  Raises Conflict."""
        p = t.preference.c
        there = self.preference(account)[1]
        if there != seen:
            raise Conflict("conflict.preference", account=account)
        if not seen:
            row = {"organisation_id": self.home.id, "account": account, "body": body, "version": 1}
            insert = self._insert(t.preference).on_conflict_do_nothing()
            added = self._run(insert.returning(p.version), row).first()
        else:
            added = self._run(
                t.preference.update()
                .where(p.organisation_id == self.home.id, p.account == account, p.version == seen)
                .values(body=body, version=seen + 1)
                .returning(p.version)
            ).first()
        if added is None:
            raise Conflict("conflict.preference", account=account)
        return seen + 1

    def mark_alert(self, account: str, key: int, at: datetime, *, acknowledged: bool) -> bool:
        """Note that somebody read an alert, or acknowledged it, the first time that they did.

        Whether it is one of theirs.
        """
        a = t.alert.c
        mine = (a.organisation_id == self.home.id) & (a.recipient == account) & (a.id == key)
        if self._run(select(a.id).where(mine)).first() is None:
            return False
        # Whoever acknowledges has read.
        columns = ("read_at", "acknowledged_at") if acknowledged else ("read_at",)
        for column in columns:
            self._run(t.alert.update().where(mine, a[column].is_(None)).values({column: at}))
        return True

    # --- calendars ---

    def add_feed(self, account: str, digest: str, at: datetime) -> int:
        """A calendar under a secret address, of which this is the digest."""
        inserted: Any = self._run(
            t.feed.insert(),
            {
                "organisation_id": self.home.id,
                "account": account,
                "digest": digest,
                "created_at": at,
            },
        ).inserted_primary_key
        return self._key(inserted)

    def feeds(self, account: str) -> list[Row[Any]]:
        """The calendars of an account that are not revoked, the oldest first."""
        f = t.feed.c
        return list(
            self._run(
                select(f.id, f.created_at)
                .where(
                    f.organisation_id == self.home.id,
                    f.account == account,
                    f.revoked_at.is_(None),
                )
                .order_by(f.id)
            )
        )

    def revoke_feed(self, account: str, key: int, at: datetime) -> bool:
        """Revoke a calendar; whether there was one to revoke."""
        f = t.feed.c
        done = self._run(
            t.feed.update()
            .where(
                f.organisation_id == self.home.id,
                f.account == account,
                f.id == key,
                f.revoked_at.is_(None),
            )
            .values(revoked_at=at)
        )
        return bool(done.rowcount)


def whose_feed(connection: Connection, digest: str) -> tuple[str, str] | None:
    """The organisation and account of a calendar that is not revoked."""
    f, o = t.feed.c, t.organisation.c
    row = connection.execute(
        select(o.code, f.account)
        .join(t.feed, f.organisation_id == o.id)
        .where(f.digest == digest, f.revoked_at.is_(None))
    ).first()
    return None if row is None else (row.code, row.account)
