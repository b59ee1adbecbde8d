"""What is forgotten once its days are over: never sooner than was promised, whatever the clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from api.identity.administration import CONSOLE, Administration
from api.identity.events import Origin
from api.identity.principal import Principal
from api.identity.records import Account
from api.identity.room import Core, Room


@dataclass(frozen=True)
class Purging:
    """Forgets old events, ended sessions, used links, keys of requests and failed sources."""

    core: Core

    def purge(
        self, by: Principal | None, organisation: str, origin: Origin = CONSOLE
    ) -> Mapping[str, int]:
        """Forget what is over, and tell how much of each; an event tells that it was done.

        The days are those of the policy, or the longest that were ever promised; they are counted
        by whichever of the clocks of program and database is behind, so that neither alone, set
        forward, can have anything deleted.  Meant to be called daily.
        """

        def work(room: Room, _: Account | None) -> tuple[None, Mapping[str, int]]:
            store, policy = room.store, room.policy
            now = min(room.now, store.database_now())
            days = max(policy.retention_days, store.promised_days())
            idle = timedelta(minutes=policy.session_absolute_minutes)
            keys = now - timedelta(days=policy.request_days)
            return None, store.forget(now - timedelta(days=days), keys, idle)

        return Administration(self.core).act("purge", by, organisation, origin, work)
