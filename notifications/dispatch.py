"""From alerts to deliveries: each alert is handed to the channels once, whoever runs this."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from notifications.policy import DeliveryPolicy, Urgency
from notifications.preferences import NOTHING_CHOSEN, Preference
from notifications.routing import Roads, Told, way
from workflow.errors import BadInput
from workflow.ports import Clock
from workflow.service.rulebook import Rulebook
from workflow.store import Store, home
from workflow.uow import UnitOfWork
from workflow.validation import validate

AT_ONCE: Final = 200
"""How many alerts are handed over in one transaction."""


#: The kinds of notices that may be switched off under a profile on a day.
Switchable = Callable[[str, date], Collection[str]]


@dataclass(frozen=True, slots=True)
class Handed:
    """How many alerts were handed over, deliveries begun, and substitutes told."""

    alerts: int = 0
    deliveries: int = 0
    substitutes: int = 0


@dataclass(frozen=True)
class Dispatch:
    """Hands over what waits. May be run by any number of workers at once, and again at any time."""

    uow: UnitOfWork
    rules: Rulebook
    clock: Clock
    policy: DeliveryPolicy
    channels: Collection[str]
    switchable: Switchable

    def run(self, organisation: str) -> Handed:
        """Hand over all alerts of an organisation that wait, some at a time."""
        total = Handed()
        while (handed := self._some(organisation)).alerts:
            total = Handed(
                total.alerts + handed.alerts,
                total.deliveries + handed.deliveries,
                total.substitutes + handed.substitutes,
            )
        return total

    def _some(self, organisation: str) -> Handed:
        with self.uow.read() as connection:
            found = home(connection, organisation)
            if found is None or not Store(connection, found[0]).anything_undispatched():
                return Handed()
        with self.uow.write() as connection:
            found = home(connection, organisation)
            if found is None:
                return Handed()
            store = Store(connection, found[0])
            rows = store.undispatched(AT_ONCE)
            if not rows:
                return Handed()
            now = self.clock.now()
            deliveries, substitutes = self._hand(store, rows, now)
            store.dispatched([row.id for row in rows], now)
        return Handed(len(rows), deliveries, substitutes)

    def _hand(self, store: Store, rows: Collection[Any], now: datetime) -> tuple[int, int]:
        zone = ZoneInfo(store.home.time_zone)
        free = self.switchable(store.home.profile, now.astimezone(zone).date())
        table = self.rules.counting(store).table
        roads = Roads(self.policy, table, zone, self.channels, free)
        chosen = store.preferences({row.recipient for row in rows})
        mandates = self.rules.directory(store).mandates.values()
        going: list[dict[str, object]] = []
        substitutes = 0
        for row in rows:
            told = Told(
                row.kind if row.rule is None else row.rule,
                row.recipient,
                Urgency(row.urgency),
                row.expires_at,
                row.settled_at is not None,
            )
            wishes = preference_of(chosen.get(row.recipient))
            found = way(roads, told, wishes, mandates, now)
            if found.substitute is not None and not _stands_in(row.key):
                key = f"{row.key}{_FOR}{found.substitute}"
                store.alert_for_another(row.id, found.substitute, key)
                substitutes += 1
            going += [
                {
                    "alert_id": row.id,
                    "recipient": row.recipient,
                    "channel": each.channel,
                    "digest": each.digest,
                    "not_before": each.not_before,
                    "next_at": each.not_before,
                    "expires_at": each.expires,
                    "created_at": now,
                }
                for each in found.going
            ]
        store.add_deliveries(going)
        return len(going), substitutes


#: Between the key of an alert and whoever is told of it instead; no key holds a blank otherwise.
_FOR: Final = " for "


def _stands_in(key: str) -> bool:
    """Whether somebody stands in already: nobody is told for one who stands in for another."""
    return _FOR in key


def preference_of(body: object) -> Preference:
    """What was chosen, as kept; nothing where it is not of today's form any more."""
    if not isinstance(body, dict):
        return NOTHING_CHOSEN
    try:
        return validate(Preference, body)
    except BadInput:
        return NOTHING_CHOSEN
