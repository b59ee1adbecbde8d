"""From deliveries to channels: claimed, sent outside any transaction, and then told how it went.

At least once: whoever dies between sending and telling leaves a claim that runs out, and the next
one sends again under the same id.  How often nobody can tell is counted (`doubtful`): that a try
begins is noted before, so that what was only claimed is not among them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from threading import Thread
from typing import Any, Final, Protocol
from zoneinfo import ZoneInfo

from notifications.backing_off import Chance, next_try
from notifications.channels.port import Channel, Failed, Parcel, Result, Sent
from notifications.dispatch import preference_of
from notifications.letters import Letter
from notifications.policy import DeliveryPolicy
from notifications.undelivered import tell_undelivered
from workflow.ports import Clock
from workflow.service.rulebook import Rulebook
from workflow.store import Store, home
from workflow.uow import UnitOfWork

CLAIM: Final = 100
"""How many deliveries are claimed at a time."""
_LONGEST: Final = 300
EXPIRED: Final = "expired"
NO_ADDRESS: Final = "no_address"
NOTHING_LEFT: Final = "settled"


class Writer(Protocol):
    """Whoever writes what goes out."""

    def __call__(
        self,
        organisation: str,
        recipient: str,
        alerts: Sequence[int],
        *,
        language: str,
        brief: bool,
        since: datetime | None,
    ) -> Letter | None:
        """The message of alerts; None where none of them matters any longer.

        `since` is when it should have gone out, where that is long ago.
        """
        ...


@dataclass
class Tally:
    """How many deliveries ended how; `retried` are those that are to be tried again."""

    counts: Counter[str] = field(default_factory=Counter)

    def __getitem__(self, name: str) -> int:
        return self.counts[name]


@dataclass(frozen=True)
class Sending:
    """Sends what is due. May be run by any number of workers at once.

    `worker` makes a name for each claim that is never the same twice.  `totals` counts what this
    process did since it began: `sent`, `late` (of these), `retried`, `failed`, `dropped`.
    """

    uow: UnitOfWork
    rules: Rulebook
    clock: Clock
    policy: DeliveryPolicy
    channels: Mapping[str, Channel]
    writer: Writer
    chance: Chance
    worker: Callable[[], str]
    totals: Counter[str] = field(default_factory=Counter)

    def run(self, organisation: str, channel: str) -> Tally:
        """Send what is due on a channel, until nothing is; one that hangs keeps up no other."""
        tally = Tally()
        way = self.channels[channel]
        while claim := self._claim(organisation, channel):
            by, since, rows = claim
            for _, members in groupby(rows, key=lambda row: row.batch):
                self._one(organisation, way, by, since, list(members), tally)
        return tally

    def run_all(self, organisation: str) -> Tally:
        """The same for every channel, one after the other."""
        tally = Tally()
        for channel in self.channels:
            tally.counts += self.run(organisation, channel).counts
        tally.counts["dropped"] += self.drop_orphans(organisation)
        return tally

    def drop_orphans(self, organisation: str) -> int:
        """Give up what is due on channels that there are no more; how many that were."""
        with self.uow.write() as connection:
            found = home(connection, organisation)
            if found is None:
                return 0
            store = Store(connection, found[0])
            return store.drop_orphans(self.clock.now(), tuple(self.channels))

    def _claim(self, organisation: str, channel: str) -> tuple[str, datetime, list[Any]] | None:
        # Most of the time there is nothing, and whoever only looks holds up nobody.
        with self.uow.read() as connection:
            found = home(connection, organisation)
            due = found is not None and Store(connection, found[0]).anything_due(
                channel, self.clock.now()
            )
        if not due:
            return None
        by = self.worker()
        with self.uow.write() as connection:
            found = home(connection, organisation)
            if found is None:
                return None
            now = self.clock.now()
            until = now + self.policy.lease
            rows = Store(connection, found[0]).claim(channel, by, now, until, CLAIM)
        return (by, now, rows) if rows else None

    def _one(
        self,
        organisation: str,
        way: Channel,
        by: str,
        since: datetime,
        rows: list[Any],
        tally: Tally,
    ) -> None:
        """One message: of one delivery, or of those of a digest."""
        now = self.clock.now()
        left = (since + self.policy.lease - now).total_seconds()
        if left < way.seconds:
            # Others may hold it before this one would be through; the try did not happen.
            self._settle(organisation, rows, by, tally, "retried", state="waiting", next_at=now)
            return
        over = [row for row in rows if row.expires_at <= now]
        if over:
            # Of a digest the others go out all the same.
            self._fail(organisation, over, by, tally, Failed(EXPIRED, lasting=True))
            rows = [row for row in rows if row.expires_at > now]
            if not rows:
                return
        parcel = self._parcel(organisation, way, rows, now)
        if isinstance(parcel, str):
            self._settle(
                organisation, rows, by, tally, "dropped", state="dropped", last_error=parcel
            )
            return
        if not self._begin(organisation, rows, by):
            return
        result = within(way.seconds, lambda: way.send(parcel))
        if isinstance(result, Sent):
            if self._late(rows, now) is not None:
                self.totals["late"] += len(rows)
            self._settle(
                organisation,
                rows,
                by,
                tally,
                "sent",
                state="sent",
                sent_at=self.clock.now(),
                provider_id=result.provider_id or None,
                last_error=None,
            )
        else:
            self._fail(organisation, rows, by, tally, result)

    def _begin(self, organisation: str, rows: list[Any], by: str) -> bool:
        """Note that a try begins; whether all of it is still ours to send."""
        with self.uow.write() as connection:
            found = home(connection, organisation)
            if found is None:
                return False
            keys = [row.id for row in rows]
            return Store(connection, found[0]).begin(keys, by, self.clock.now()) == len(keys)

    def _parcel(
        self, organisation: str, way: Channel, rows: list[Any], now: datetime
    ) -> Parcel | str:
        """What is to be sent, or why nothing is."""
        recipient = rows[0].recipient
        with self.uow.read() as connection:
            found = home(connection, organisation)
            if found is None:
                return NO_ADDRESS
            wishes = preference_of(Store(connection, found[0]).preference(recipient)[0])
        address = wishes.addresses.get(way.id)
        if address is None or not way.takes(address):
            return NO_ADDRESS
        letter = self.writer(
            organisation,
            recipient,
            [row.alert_id for row in rows],
            language=wishes.language,
            brief=way.brief,
            since=self._late(rows, now),
        )
        if letter is None:
            return NOTHING_LEFT
        name = f"{organisation}.{way.id}.{rows[0].batch}"
        return Parcel(name, address, letter.subject, letter.plain, letter.html, letter.link)

    def _late(self, rows: list[Any], now: datetime) -> datetime | None:
        """Since when a message should have gone out, where that is long ago."""
        first: datetime = min(row.not_before for row in rows)
        return first if now - first > self.policy.late else None

    def _fail(
        self, organisation: str, rows: list[Any], by: str, tally: Tally, failed: Failed
    ) -> None:
        now, attempts = self.clock.now(), max(row.attempts for row in rows) + 1
        expires = max(row.expires_at for row in rows)
        again = (
            None
            if failed.lasting
            else next_try(self.policy.retry, attempts, now, expires, self.chance)
        )
        told: dict[str, object] = {"last_error": failed.reason[:_LONGEST]}
        if failed.doubtful:
            told["doubtful"] = max(row.doubtful for row in rows) + 1
        if again is not None:
            self._settle(
                organisation, rows, by, tally, "retried", state="waiting", next_at=again, **told
            )
        else:
            self._settle(organisation, rows, by, tally, "failed", state="failed", **told)

    def _settle(
        self,
        organisation: str,
        rows: list[Any],
        by: str,
        tally: Tally,
        ended: str,
        **values: object,
    ) -> None:
        """Tell how it went, if it is still ours to tell; of a failure somebody hears."""
        with self.uow.write() as connection:
            found = home(connection, organisation)
            if found is None:
                return
            store = Store(connection, found[0])
            count = store.settle([row.id for row in rows], by, **values)
            if ended == "failed":
                now = self.clock.now()
                day = now.astimezone(ZoneInfo(store.home.time_zone)).date()
                tell_undelivered(
                    store, self.rules, self.policy, rows, str(values["last_error"]), day, now
                )
        tally.counts[ended] += count
        self.totals[ended] += count


def within(seconds: float, work: Callable[[], Result]) -> Result:
    """What `work` gives, if it does in time; what hangs is left behind, and nobody can tell."""
    given: list[Result] = []

    def run() -> None:
        try:
            given.append(work())
        except Exception as error:  # noqa: BLE001 (told as a failure, whatever a channel runs into)
            given.append(Failed(f"fault:{type(error).__name__}", doubtful=True))

    thread = Thread(target=run, daemon=True, name="yicheng-channel")
    thread.start()
    thread.join(seconds)
    return given[0] if given else Failed("timed_out", doubtful=True)
