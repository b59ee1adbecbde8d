"""Deliveries on channels outside: handed over, claimed, ended, asked for."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, and_, case, func, literal, select

from workflow import tables as t
from workflow.store.base import Base

_OPEN: Final = t.delivery.c.state.in_(("waiting", "claimed"))
#: What is of one's own in an alert, and begins anew for whoever stands in.
_OWN: Final = ("read_at", "acknowledged_at", "dispatched_at")
_NEW: Final[Mapping[str, object]] = {
    "round": 0,
    "digest": "",
    "state": "waiting",
    "attempts": 0,
    "doubtful": 0,
}


class Deliveries(Base):
    """What goes out of alerts, and how far it got."""

    # --- alerts that wait to be handed over ---

    def undispatched(self, limit: int) -> list[Row[Any]]:
        """Alerts that were not handed to the channels yet, locked; those that others hold not."""
        a = t.alert.c
        return list(
            self._run(
                select(
                    a.id, a.key, a.kind, a.rule, a.recipient, a.urgency, a.expires_at, a.settled_at
                )
                .where(a.organisation_id == self.home.id, a.dispatched_at.is_(None))
                .order_by(a.id)
                .limit(limit)
                .with_for_update(skip_locked=True)
            )
        )

    def anything_undispatched(self) -> bool:
        """Whether an alert waits to be handed over; without a lock."""
        a = t.alert.c
        waits = (a.organisation_id == self.home.id) & a.dispatched_at.is_(None)
        return self._run(select(a.id).where(waits).limit(1)).first() is not None

    def anything_due(self, channel: str, now: datetime) -> bool:
        """Whether something may be taken up on a channel; without a lock."""
        return (
            self._run(select(t.delivery.c.id).where(self._due(channel, now)).limit(1)).first()
            is not None
        )

    def _due(self, channel: str, now: datetime) -> Any:  # noqa: ANN401 (a condition)
        d = t.delivery.c
        return and_(
            d.organisation_id == self.home.id, d.channel == channel, d.next_at <= now, _OPEN
        )

    def dispatched(self, alerts: Collection[int], at: datetime) -> None:
        """Note that alerts were handed over."""
        a = t.alert.c
        self._run(
            t.alert.update()
            .where(a.organisation_id == self.home.id, a.id.in_(alerts))
            .values(dispatched_at=at)
        )

    def alert_for_another(self, alert: int, account: str, key: str) -> None:
        """The same alert for somebody who stands in, unless they have it; it is yet to go out."""
        a = t.alert
        kept = [c.name for c in a.c if c.name not in ("id", "key", "recipient", *_OWN)]
        same = select(
            *(a.c[name] for name in kept),
            literal(key).label("key"),
            literal(account).label("recipient"),
        ).where(a.c.organisation_id == self.home.id, a.c.id == alert)
        insert = self._insert(a).from_select([*kept, "key", "recipient"], same)
        self._run(insert.on_conflict_do_nothing(index_elements=["organisation_id", "key"]))

    # --- on the way ---

    def add_deliveries(self, rows: Sequence[Mapping[str, object]]) -> None:
        """What is to go out from now on."""
        if rows:
            self._run(
                t.delivery.insert(),
                [{"organisation_id": self.home.id, **_NEW, **row} for row in rows],
            )

    def claim(self, channel: str, by: str, now: datetime, until: datetime, limit: int) -> list[Any]:
        """Take up what is due on a channel; nobody else has it until then.

        A try that somebody began before and did not come back from counts as doubtful.  A digest is
        taken up as a whole.
        """
        d = t.delivery.c
        due = (
            select(d.id, d.recipient, d.digest, d.batch, d.state)
            .where(self._due(channel, now))
            .order_by(d.next_at, d.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        found = _whole_digests(list(self._run(due)), limit)
        keys = [row.id for row in found]
        if not keys:
            return []
        self._batch(found)
        claimed = (
            t.delivery.update()
            .where(d.organisation_id == self.home.id, d.id.in_(keys))
            .values(
                state="claimed",
                claimed_by=by,
                next_at=until,
                begun_at=None,
                # Values are those of before: it was left on its way.
                doubtful=d.doubtful + case((d.begun_at.is_not(None), 1), else_=0),
            )
        )
        self._run(claimed)
        return self._claimed_by(by)

    def _batch(self, found: Sequence[Row[Any]]) -> None:
        """Those of one digest and person become one message, under the number of the first."""
        members: dict[tuple[object, ...], list[int]] = {}
        for row in found:
            if row.batch is None:
                name = (row.recipient, row.digest) if row.digest else (row.id,)
                members.setdefault(name, []).append(row.id)
        d = t.delivery.c
        for keys in members.values():
            self._run(
                t.delivery.update()
                .where(d.organisation_id == self.home.id, d.id.in_(keys))
                .values(batch=min(keys))
            )

    def _claimed_by(self, by: str) -> list[Any]:
        d = t.delivery.c
        return list(
            self._run(
                select(
                    d.id,
                    d.alert_id,
                    d.recipient,
                    d.channel,
                    d.digest,
                    d.batch,
                    d.round,
                    d.not_before,
                    d.expires_at,
                    d.attempts,
                    d.doubtful,
                )
                .where(d.organisation_id == self.home.id, d.claimed_by == by)
                .order_by(d.batch, d.id)
            )
        )

    def begin(self, keys: Collection[int], by: str, at: datetime) -> int:
        """A try begins, of those that are still held under a claim; how many these are."""
        d = t.delivery.c
        done = self._run(
            t.delivery.update()
            .where(self._held(keys, by))
            .values(begun_at=at, attempts=d.attempts + 1)
        )
        return int(done.rowcount)

    def _held(self, keys: Collection[int], by: str) -> Any:  # noqa: ANN401 (a condition)
        d = t.delivery.c
        return and_(
            d.organisation_id == self.home.id,
            d.id.in_(keys),
            d.state == "claimed",
            d.claimed_by == by,
        )

    def settle(self, keys: Collection[int], by: str, **values: object) -> int:
        """End a claim, of those that are still held under it; how many these are."""
        done = self._run(
            t.delivery.update()
            .where(self._held(keys, by))
            .values(claimed_by=None, begun_at=None, **values)
        )
        return int(done.rowcount)

    def drop_orphans(self, now: datetime, channels: Collection[str]) -> int:
        """Give up what is due on channels that there are no more; how many that were."""
        d = t.delivery.c
        done = self._run(
            t.delivery.update()
            .where(
                d.organisation_id == self.home.id,
                _OPEN,
                d.next_at <= now,
                d.channel.not_in(channels),
            )
            .values(state="dropped", claimed_by=None, last_error="no_channel")
        )
        return int(done.rowcount)

    # --- asked for ---

    def deliveries(
        self, states: Collection[str], limit: int, before: int = 0, account: str | None = None
    ) -> list[Row[Any]]:
        """Deliveries in these states, the newest first, before an id."""
        d, a = t.delivery.c, t.alert.c
        statement = (
            select(t.delivery, a.kind, a.key.label("notice"))
            .join(t.alert, (a.organisation_id == d.organisation_id) & (a.id == d.alert_id))
            .where(d.organisation_id == self.home.id, d.state.in_(states))
            .order_by(d.id.desc())
            .limit(limit)
        )
        if before:
            statement = statement.where(d.id < before)
        if account is not None:
            statement = statement.where(d.recipient == account)
        return list(self._run(statement))

    def delivery(self, key: int) -> Row[Any] | None:
        """One delivery, locked."""
        d = t.delivery.c
        return self._run(
            select(t.delivery)
            .where(d.organisation_id == self.home.id, d.id == key)
            .with_for_update()
        ).first()

    def add_round(self, row: Any, at: datetime, expires: datetime) -> int:  # noqa: ANN401 (a row)
        """The same alert on the same channel once more, as the next round; its id."""
        d = t.delivery.c
        newest = self._run(
            select(func.max(d.round)).where(
                d.organisation_id == self.home.id,
                d.alert_id == row.alert_id,
                d.channel == row.channel,
            )
        ).scalar_one()
        values = {
            **_NEW,
            "organisation_id": self.home.id,
            "alert_id": row.alert_id,
            "recipient": row.recipient,
            "channel": row.channel,
            "round": int(newest) + 1,
            "not_before": at,
            "next_at": at,
            "expires_at": expires,
            "created_at": at,
        }
        inserted: Any = self._run(t.delivery.insert(), values).inserted_primary_key
        return self._key(inserted)

    def delivery_counts(self, now: datetime) -> tuple[dict[str, int], datetime | None]:
        """How many deliveries are due now or have failed, and since when the oldest one waits."""
        d = t.delivery.c
        mine = d.organisation_id == self.home.id
        waiting, oldest = self._run(
            select(func.count(), func.min(d.not_before)).where(mine, _OPEN, d.not_before <= now)
        ).one()
        failed = self._run(select(func.count()).where(mine, d.state == "failed")).scalar_one()
        unhanded = self._run(
            select(func.count()).where(
                t.alert.c.organisation_id == self.home.id, t.alert.c.dispatched_at.is_(None)
            )
        ).scalar_one()
        return {"due": int(waiting), "failed": int(failed), "undispatched": int(unhanded)}, oldest


def _whole_digests(found: list[Row[Any]], limit: int) -> list[Row[Any]]:
    """Without the last digest where it may not be here as a whole; alone, it is taken as it is."""
    if len(found) < limit or not found[-1].digest:
        return found
    last = (found[-1].recipient, found[-1].digest)
    return [row for row in found if (row.recipient, row.digest) != last] or found
