"""Security events, and the end of them, which whoever changes anything locks first."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite

from api.identity import tables as t
from api.identity.events import Event, Origin
from api.identity.store.base import Base


class Events(Base):
    """Numbered without gaps; read for the audit, and to slow an address down."""

    def lock(self, retention_days: int) -> None:
        """Let nobody else change anything here until the transaction ends."""
        head = t.security_head
        insert = (postgresql if self.connection.dialect.name == "postgresql" else sqlite).insert(
            head
        )
        values = {"organisation_id": self.organisation, "seq": 0, "retention_days": retention_days}
        mine = head.c.organisation_id == self.organisation
        # Where there are no events yet there is nothing to lock: whoever comes first makes it.
        if self._run(select(head.c.seq).where(mine).with_for_update()).first() is None:
            self._run(insert.on_conflict_do_nothing(), values)
            self._run(select(head.c.seq).where(mine).with_for_update())
        longer = head.c.retention_days < retention_days
        self._run(head.update().where(mine, longer).values(retention_days=retention_days))

    def add_event(
        self,
        at: datetime,
        origin: Origin,
        kind: str,
        *,
        done: bool,
        account: int | None,
        actor: int | None,
        reason: str | None,
    ) -> None:
        """Number an event and write it down."""
        head = t.security_head
        self._run(
            head.update()
            .where(head.c.organisation_id == self.organisation)
            .values(seq=head.c.seq + 1)
        )
        seq = select(head.c.seq).where(head.c.organisation_id == self.organisation)
        self._run(
            t.security_event.insert(),
            {
                "organisation_id": self.organisation,
                "seq": self._run(seq).scalar_one(),
                "at": at,
                "account_id": account,
                "actor_id": actor,
                "kind": kind,
                "result": "done" if done else "refused",
                "reason": reason,
                "request": origin.request,
                "client": origin.client,
            },
        )

    def noted(self, kind: str, account: int | None, since: datetime) -> bool:
        """Whether an event of a kind was noted of an account (None: of none) after an instant."""
        e = t.security_event.c
        asked = select(e.seq).where(
            e.organisation_id == self.organisation,
            e.account_id.is_(None) if account is None else e.account_id == account,
            e.kind == kind,
            e.at > since,
        )
        return self._run(asked.limit(1)).first() is not None

    def events(self, after: int, limit: int, kinds: Iterable[str] | None = None) -> list[Event]:
        """Events in their order, of these kinds or of all."""
        e = t.security_event.c
        about, by = t.account.alias("about"), t.account.alias("by_whom")
        asked = (
            select(
                e.seq,
                e.at,
                about.c.name,
                by.c.name,
                e.kind,
                e.result,
                e.reason,
                e.request,
                e.client,
            )
            .select_from(t.security_event)
            .outerjoin(about, about.c.id == e.account_id)
            .outerjoin(by, by.c.id == e.actor_id)
            .where(e.organisation_id == self.organisation, e.seq > after)
            .order_by(e.seq)
            .limit(limit)
        )
        if kinds is not None:
            asked = asked.where(e.kind.in_(list(kinds)))
        return [
            Event(seq, at, account, actor, kind, result == "done", *rest)
            for seq, at, account, actor, kind, result, *rest in self._run(asked)
        ]

    def failures_from(
        self, client: str, kinds: Iterable[str], since: datetime
    ) -> tuple[int, datetime | None]:
        """How many tries from an address failed since then, and when the last of them."""
        e = t.security_event.c
        count, last = self._run(
            select(func.count(), func.max(e.at)).where(
                e.organisation_id == self.organisation,
                e.client == client,
                e.kind.in_(list(kinds)),
                e.result == "refused",
                e.at > since,
            )
        ).one()
        return int(count), last

    def told_to(
        self, account: int, kinds: Iterable[str], since: datetime, limit: int
    ) -> list[tuple[datetime, str]]:
        """When what was done to an account, the newest first."""
        e = t.security_event.c
        rows = self._run(
            select(e.at, e.kind)
            .where(e.organisation_id == self.organisation, e.account_id == account)
            .where(e.kind.in_(list(kinds)), e.result == "done", e.at >= since)
            .order_by(e.seq.desc())
            .limit(limit)
        )
        return [(row[0], row[1]) for row in rows]

    def refusals_since(self, kind: str, since: datetime) -> set[tuple[str | None, str | None]]:
        """From where and why something was refused since an instant."""
        e = t.security_event.c
        rows = self._run(
            select(e.client, e.reason)
            .where(e.organisation_id == self.organisation, e.kind == kind, e.at >= since)
            .distinct()
        )
        return {(row[0], row[1]) for row in rows}

    def let_in_from(self, client: str, account: int, kinds: Iterable[str], since: datetime) -> bool:
        """Whether the account was let in from this address since then."""
        e = t.security_event.c
        found = self._run(
            select(e.seq)
            .where(
                e.organisation_id == self.organisation,
                e.client == client,
                e.account_id == account,
                e.kind.in_(list(kinds)),
                e.result == "done",
                e.at > since,
            )
            .limit(1)
        )
        return found.first() is not None
