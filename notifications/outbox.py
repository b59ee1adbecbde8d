"""What went out, what waits and what failed: asked for, and sent once more."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from notifications.once import Once
from notifications.policy import DeliveryPolicy, Urgency
from workflow.errors import BadInput, Conflict, NotFound
from workflow.listing import PAGE
from workflow.ports import Clock
from workflow.service.rulebook import Rulebook
from workflow.store import Store, home
from workflow.uow import UnitOfWork

WAITING: Final = ("waiting", "claimed")
SENT: Final = ("sent",)
FAILED: Final = ("failed", "dropped")
EVERY: Final = (*WAITING, *SENT, *FAILED)


@dataclass(frozen=True, slots=True)
class Delivery:
    """A delivery as it stands; nothing of what it says.

    `doubtful` is how many tries may have arrived without our hearing of it.
    """

    id: int
    alert: int
    kind: str
    recipient: str
    channel: str
    round: int
    digest: str
    state: str
    not_before: datetime
    next_at: datetime
    expires_at: datetime
    attempts: int
    doubtful: int
    last_error: str | None
    sent_at: datetime | None
    provider_id: str | None


@dataclass(frozen=True, slots=True)
class Counts:
    """How much waits or has failed; `oldest` is since when the oldest that is due waits."""

    undispatched: int
    due: int
    failed: int
    oldest: datetime | None


@dataclass(frozen=True)
class Outbox:
    """Asked about deliveries, and told to send one again."""

    uow: UnitOfWork
    rules: Rulebook
    clock: Clock
    policy: DeliveryPolicy

    def looks_after(self, organisation: str, account: str) -> bool:
        """Whether an account is one of those who are told of what could not be delivered."""
        with self.uow.read() as connection:
            found = home(connection, organisation)
            if found is None:
                return False
            store = Store(connection, found[0])
            day = self.clock.now().astimezone(ZoneInfo(store.home.time_zone)).date()
            held = self.rules.directory(store).people(self.policy.failures_to.holders, None, day)
            return any(each.person == account for each in held)

    def deliveries(
        self,
        organisation: str,
        states: Collection[str] = EVERY,
        limit: int = PAGE,
        before: int = 0,
        account: str | None = None,
    ) -> list[Delivery]:
        """Deliveries in these states, the newest first; of one account, if named."""
        with self.uow.read() as connection:
            found = home(connection, organisation)
            if found is None:
                raise NotFound("unknown.organisation", organisation=organisation)
            rows = Store(connection, found[0]).deliveries(states, limit, before, account)
        return [_delivery(row) for row in rows]

    def counts(self, organisation: str) -> Counts:
        """How much waits, and how much has failed."""
        with self.uow.read() as connection:
            found = home(connection, organisation)
            if found is None:
                return Counts(0, 0, 0, None)
            told, oldest = Store(connection, found[0]).delivery_counts(self.clock.now())
        return Counts(told["undispatched"], told["due"], told["failed"], oldest)

    def resend(
        self, organisation: str, key: int, account: str | None = None, once: Once | None = None
    ) -> int:
        """Send something once more, as a delivery of its own under a new id, which is told.

        `account` where only what is for it may be sent.  Raises NotFound, and Conflict for what is
        still on its way.
        """
        with self.uow.write() as connection:
            found = home(connection, organisation)
            store = None if found is None else Store(connection, found[0])
            row = None if store is None else store.delivery(key)
            if store is None or row is None or account not in (None, row.recipient):
                raise NotFound("unknown.delivery", delivery=key)
            before = None if once is None else once.before(store)
            if before is not None:
                return before
            if row.state in WAITING:
                raise Conflict("conflict.on_its_way", delivery=key)
            now = self.clock.now()
            until = now + self.policy.give_up_hours.after(Urgency.AT_ONCE)
            made = store.add_round(row, now, until)
            if once is not None:
                once.keep(store, made, now)
            return made


def states_of(name: str | None) -> tuple[str, ...]:
    """The states of a name: waiting, sent, failed; all without one.  Raises BadInput."""
    known = {"waiting": WAITING, "sent": SENT, "failed": FAILED}
    if name is None:
        return EVERY
    if name not in known:
        raise BadInput("notify.state", state=name, known=tuple(known))
    return known[name]


def _delivery(row: Any) -> Delivery:  # noqa: ANN401 (a row)
    return Delivery(
        id=row.id,
        alert=row.alert_id,
        kind=row.kind,
        recipient=row.recipient,
        channel=row.channel,
        round=row.round,
        digest=row.digest,
        state=row.state,
        not_before=row.not_before,
        next_at=row.next_at,
        expires_at=row.expires_at,
        attempts=row.attempts,
        doubtful=row.doubtful,
        last_error=row.last_error,
        sent_at=row.sent_at,
        provider_id=row.provider_id,
    )
