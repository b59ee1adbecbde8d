"""How people wish to be told, what they have read, and calendars: their own, not the record.

No command of the engine and not in the journal: whether somebody reads mail or subscribes to a
calendar changes nothing of a matter, and must not lengthen what is kept for decades.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from secrets import token_urlsafe
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from notifications.channels.port import Channel
from notifications.dispatch import Switchable, preference_of
from notifications.once import Once
from notifications.preferences import Preference, locked
from workflow.errors import BadInput, Conflict, NotFound
from workflow.ports import Clock
from workflow.store import Store, home, whose_feed
from workflow.uow import UnitOfWork
from workflow.validation import validate

_BYTES: Final = 32
_MOST_FEEDS: Final = 10


@dataclass(frozen=True, slots=True)
class Wished:
    """What somebody chose, in its version, nought where they never did."""

    preference: Preference
    version: int


@dataclass(frozen=True, slots=True)
class Feed:
    """A calendar that somebody subscribed to."""

    id: int
    created_at: datetime


@dataclass(frozen=True)
class Wishing:
    """Personal state, asked for and changed, each change in one transaction."""

    uow: UnitOfWork
    clock: Clock
    channels: Mapping[str, Channel]
    switchable: Switchable

    def preference(self, organisation: str, account: str) -> Wished:
        """What an account chose.  Raises NotFound."""
        with self.uow.read() as connection:
            store = _store(connection, organisation)
            _there(store, account)
            body, version = store.preference(account)
        return Wished(preference_of(body), version)

    def prefer(
        self, organisation: str, account: str, body: Mapping[str, object], seen: int | None = None
    ) -> Wished:
        """Keep what an account chooses; `seen` is the version that it was chosen over.

        Raises BadInput for what does not fit, for a channel or an address that is not allowed, and
        for a kind that cannot be switched off; NotFound, and Conflict where it changed since.
        """
        wished = validate(Preference, body)
        with self._write(organisation) as store:
            _there(store, account)
            self._check(wished, self._free(store))
            if wished.absence is not None and wished.absence.substitute is not None:
                _there(store, wished.absence.substitute)
            before = store.preference(account)[1] if seen is None else seen
            kept = wished.model_dump(mode="json")
            version = store.prefer(account, kept, before)
        return Wished(wished, version)

    def mark(
        self, organisation: str, account: str, alert: int, *, acknowledged: bool = False
    ) -> None:
        """Note that an account has read or acknowledged an alert of its own.  Raises NotFound."""
        with self._write(organisation) as store:
            now = self.clock.now()
            if not store.mark_alert(account, alert, now, acknowledged=acknowledged):
                raise NotFound("unknown.alert", alert=alert)

    # --- calendars ---

    def subscribe(self, organisation: str, account: str, once: Once | None = None) -> str:
        """A new calendar; what is given is the secret part of its address, told this once.

        Raises BadInput for whoever has many already, Conflict for what was asked for before under
        the same key, and NotFound.
        """
        token = token_urlsafe(_BYTES)
        with self._write(organisation) as store:
            if once is not None:
                if once.before(store) is not None:
                    raise Conflict("conflict.told_once")
                once.keep(store, 0, self.clock.now())
            _there(store, account)
            if len(store.feeds(account)) >= _MOST_FEEDS:
                raise BadInput("notify.many_feeds", limit=_MOST_FEEDS)
            store.add_feed(account, _digest(token), self.clock.now())
        return token

    def feeds(self, organisation: str, account: str) -> list[Feed]:
        """The calendars of an account that are not revoked."""
        with self.uow.read() as connection:
            rows = _store(connection, organisation).feeds(account)
        return [Feed(row.id, row.created_at) for row in rows]

    def revoke(self, organisation: str, account: str, feed: int) -> None:
        """End a calendar of an account.  Raises NotFound."""
        with self._write(organisation) as store:
            if not store.revoke_feed(account, feed, self.clock.now()):
                raise NotFound("unknown.feed", feed=feed)

    def whose(self, token: str) -> tuple[str, str]:
        """The organisation and account of a calendar.  Raises NotFound."""
        with self.uow.read() as connection:
            found = whose_feed(connection, _digest(token))
        if found is None:
            raise NotFound("unknown.calendar")
        return found

    def may_switch_off(self, organisation: str) -> Collection[str]:
        """The kinds of notices that may be switched off today.  Raises NotFound."""
        with self.uow.read() as connection:
            return self._free(_store(connection, organisation))

    def _free(self, store: Store) -> Collection[str]:
        zone = ZoneInfo(store.home.time_zone)
        return self.switchable(store.home.profile, self.clock.now().astimezone(zone).date())

    def _check(self, wished: Preference, free: Collection[str]) -> None:
        for name, address in wished.addresses.items():
            channel = self.channels.get(name)
            if channel is None:
                raise BadInput(
                    "notify.no_channel", channel=name, known=tuple(sorted(self.channels))
                )
            if not channel.takes(address):
                raise BadInput("notify.address", channel=name)
        kept = locked(wished, free)
        if kept:
            raise BadInput("notify.locked", kinds=kept)

    @contextmanager
    def _write(self, organisation: str) -> Iterator[Store]:
        with self.uow.write() as connection:
            yield _store(connection, organisation)


def _store(connection: Connection, organisation: str) -> Store:
    found = home(connection, organisation)
    if found is None:
        raise NotFound("unknown.organisation", organisation=organisation)
    return Store(connection, found[0])


def _there(store: Store, account: str) -> None:
    if not store.has_person(account):
        raise NotFound("unknown.person", person=account)


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()
