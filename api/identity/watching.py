"""Attempts on what is not there, or is not to be known of, as security events.

One for an account in as many minutes as an account would be locked for: repeated probing is seen,
and a flood fills nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Final

from api.identity.events import Kind, Origin
from api.identity.policy import Policy
from api.identity.store import Store
from workflow.ports import Clock
from workflow.store import home
from workflow.uow import UnitOfWork

#: The engine does not know where a request came from.
NOWHERE: Final = Origin("")


@dataclass(frozen=True)
class Watchman:
    """Keeps watch; the policy is read when the first attempt is noted."""

    uow: UnitOfWork
    clock: Clock
    read_policy: Callable[[], Policy]

    @cached_property
    def policy(self) -> Policy:
        """How long an account is locked, and how long events are kept."""
        return self.read_policy()

    def asked_in_vain(self, organisation: str, account: str) -> None:
        """Note it, unless that was done just now.  Nothing is kept of what was asked for.

        Raises StoreTrouble where the database is the reason.
        """
        since = self.clock.now() - timedelta(minutes=self.policy.lock_minutes)
        with self.uow.read() as connection:
            place = home(connection, organisation)
            if place is None:
                return
            store = Store(connection, place[0].id)
            known = store.account(account)
            key = None if known is None else known.id
            if store.noted(Kind.ASKED_IN_VAIN, key, since):
                return
        with self.uow.write() as connection:
            store = Store(connection, place[0].id)
            store.lock(self.policy.retention_days)
            if store.noted(Kind.ASKED_IN_VAIN, key, since):
                return
            store.add_event(
                self.clock.now(),
                NOWHERE,
                Kind.ASKED_IN_VAIN,
                done=False,
                account=key,
                actor=None,
                reason=None,
            )
