"""Alerts."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Row, literal, select, tuple_

from workflow import tables as t
from workflow.store.base import Base


class Alerts(Base):
    """The alerts of each person; a repetition counts instead of adding a row."""

    def add_alert(self, values: Mapping[str, object]) -> None:
        """An alert, or one more count on the one of the same key."""
        insert = self._insert(t.alert)
        self._run(
            insert.on_conflict_do_update(
                index_elements=["organisation_id", "key"],
                set_={
                    "count": t.alert.c.count + 1,
                    "last_at": insert.excluded.last_at,
                    "body": insert.excluded.body,
                    "read_at": None,
                },
            ),
            {"organisation_id": self.home.id, **values},
        )

    def alerts(self, recipient: str, after: int, limit: int) -> list[Row[Any]]:
        """The alerts of a person, newest first, before the id `after` (0: from the newest)."""
        a = t.alert.c
        statement = (
            select(a.id, a.kind, a.day, a.body, a.count, a.first_at, a.last_at, a.read_at)
            .where(a.organisation_id == self.home.id, a.recipient == recipient)
            .order_by(a.last_at.desc(), a.id.desc())
            .limit(limit)
        )
        if after:
            statement = statement.where(a.id < after)
        return list(self._run(self._not_kept_from(statement)))

    def alerts_after(
        self, recipient: str, after: tuple[datetime, int] | None, limit: int
    ) -> list[Row[Any]]:
        """The alerts of a person, newest first, behind the instant and id of one of them."""
        a = t.alert.c
        statement = (
            select(a.id, a.kind, a.day, a.body, a.count, a.first_at, a.last_at, a.read_at)
            .where(a.organisation_id == self.home.id, a.recipient == recipient)
            .order_by(a.last_at.desc(), a.id.desc())
            .limit(limit)
        )
        if after is not None:
            at, key = after
            place = tuple_(literal(at, t.Instant), literal(key, t.Id))
            statement = statement.where(tuple_(a.last_at, a.id) < place)
        return list(self._run(self._not_kept_from(statement)))

    def alerts_by_id(self, recipient: str, alerts: Collection[int]) -> list[Row[Any]]:
        """These alerts of a person, in the order of their ids."""
        a = t.alert.c
        statement = (
            select(t.alert)
            .where(a.organisation_id == self.home.id, a.recipient == recipient, a.id.in_(alerts))
            .order_by(a.id)
        )
        return list(self._run(self._not_kept_from(statement)))

    def told_and_standing(self, recipient: str) -> list[int]:
        """The ids of what the sweep told a person and that is not settled, the oldest first."""
        a = t.alert.c
        statement = (
            select(a.id)
            .where(
                a.organisation_id == self.home.id,
                a.recipient == recipient,
                a.rule.is_not(None),
                a.settled_at.is_(None),
            )
            .order_by(a.id)
        )
        return list(self._run(self._not_kept_from(statement)).scalars())

    def _not_kept_from(self, alerts: Any) -> Any:  # noqa: ANN401 (a statement of whatever columns)
        """The same query of alerts, of those alone that this store is to tell of: here all."""
        return alerts
