"""A person's alerts, each with how it stands today."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from workflow.canonical import unmet_from_json
from workflow.decisions import cured
from workflow.definition import AlertOn
from workflow.errors import NotFound
from workflow.guards import Lens
from workflow.inquiry.answers import Notice, Standing
from workflow.inquiry.base import PAGE
from workflow.inquiry.standings import Standings
from workflow.refusals import Unmet
from workflow.service.rulebook import Rules
from workflow.store import Store


@dataclass(frozen=True, slots=True)
class Alerted:
    """An alert as it stands, until when it matters, and since when it does not any more."""

    notice: Notice
    expires: datetime | None
    settled: datetime | None


class Inbox(Standings):
    """What people were told of, and whether it has been cured since."""

    def inbox(self, organisation: str, account: str, limit: int = PAGE) -> list[Notice]:
        """A person's alerts, newest first.  Raises NotFound for an unknown account."""
        with self._store(organisation) as store:
            if account not in self._book.directory(store).persons:
                raise NotFound("unknown.person", person=account)
            known: dict[str, tuple[Standing, Lens]] = {}
            return [self._notice(store, row, known) for row in store.alerts(account, 0, limit)]

    def _alerted(
        self, store: Store, whole: Store, account: str, alerts: Collection[int]
    ) -> tuple[Alerted, ...]:
        """Alerts of one store, and how they stand by what another one knows."""
        known: dict[str, tuple[Standing, Lens]] = {}
        return tuple(
            Alerted(self._notice(whole, row, known), row.expires_at, row.settled_at)
            for row in store.alerts_by_id(account, alerts)
        )

    def _notice(
        self,
        store: Store,
        row: Any,  # noqa: ANN401
        known: dict[str, tuple[Standing, Lens]],
    ) -> Notice:
        body = json.loads(row.body)
        refusals = tuple(unmet_from_json(unmet) for unmet in body["refusals"])
        now: tuple[Unmet | None, ...] = refusals
        number, command = body["matter"], body["command"]
        if number is not None and refusals:
            if number not in known:
                known[number] = self._standing(store, number)
            standing, lens = known[number]
            now = (
                _flagged_now(standing, refusals)
                if body.get("on") == AlertOn.FLAGGED
                else (None,) * len(refusals)
                if self._done_since(store, number, command, body["entry"])
                else cured.today(lens, standing.facts, standing.assessments, command, refusals)
            )
        return Notice(
            id=row.id,
            kind=row.kind,
            day=row.day,
            count=row.count,
            first_at=row.first_at,
            last_at=row.last_at,
            read=row.read_at is not None,
            body=body,
            refusals=refusals,
            now=now,
            procedure=self._worded_by(store, body).procedure,
        )

    def _worded_by(self, store: Store, body: Mapping[str, Any]) -> Rules:
        """The rules that give it its words; where it is of no matter, none was pinned for it."""
        if body["matter"] is None:
            return self._book.current(store.home, self._today(store))
        return self._book.pinned(body["procedure"], store)

    @staticmethod
    def _done_since(store: Store, number: str, command: str, entry: int) -> bool:
        """Whether the command was done on the matter after a journal entry."""
        stored = store.seen(number)
        changes = () if stored is None else store.changes_since(stored.id, 0)
        return any(seq > entry and done == command for seq, _, _, done in changes)


def _flagged_now(standing: Standing, flagged: tuple[Unmet, ...]) -> tuple[Unmet | None, ...]:
    """How each thing that was flagged stands today; None where it is flagged no more."""
    now = {each.code: each for each in standing.flags}
    return tuple(now.get(each.code) for each in flagged)
