"""Service tokens that opened nothing leave an event: one an hour for each source and reason."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from typing import Final

from api.identity.events import Kind, Origin, Reason
from api.identity.principal import Principal
from api.identity.room import Core, Room
from api.identity.sources import source_of
from api.identity.store import every_organisation, refused_token
from api.identity.tokens import digest_of

#: So many sources are remembered by a process, so that most of a flood asks nobody.
_REMEMBERED: Final = 10_000


@dataclass(frozen=True)
class RefusedTokens:
    """Notes refusals, bounded: a flood, from however many sources, cannot fill the disk.

    Of an hour no more are noted than the policy says; that there were more is noted once.
    """

    core: Core
    _noted: OrderedDict[Hashable, None] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def note(self, token: str, client: str) -> None:
        """Note a token that was shown and opened nothing."""
        digest, now = digest_of(token), self.core.clock.now()
        with self.core.uow.read() as connection:
            found = None if digest is None else refused_token(connection, digest)
            organisations = every_organisation(connection) if found is None else []
        if found is None:
            for each in organisations:
                self._note(each, None, client, Reason.UNKNOWN_TOKEN)
            return
        door, revoked_at, expires_at = found
        reason = Reason.DISABLED
        if revoked_at is not None:
            reason = Reason.REVOKED
        elif now >= expires_at:
            reason = Reason.EXPIRED
        self._note(door.organisation, door.name, client, reason)

    def out_of_scope(self, principal: Principal, client: str) -> None:
        """Note a token that was shown for something that it was not made for."""
        self._note(principal.organisation, principal.account, client, Reason.OUT_OF_SCOPE)

    def _note(self, organisation: str, name: str | None, client: str, reason: Reason) -> None:
        source, hour = source_of(client), _hour(self.core.clock.now())
        if not self._first((organisation, name, source, reason, hour)):
            return

        def work(room: Room) -> None:
            there = room.store.refusals_since(Kind.TOKEN_REFUSED, _hour(room.now))
            if (source, reason) in there:
                return
            account = None if name is None else room.store.account(name)
            if len(there) >= room.policy.token_refusals_hourly:
                if not any(each[1] == Reason.MANY_MORE for each in there):
                    room.note(Kind.TOKEN_REFUSED, None, reason=Reason.MANY_MORE, done=False)
                return
            room.note(Kind.TOKEN_REFUSED, account, reason=reason, done=False)

        self.core.act(organisation, Origin(source), work)

    def _first(self, what: Hashable) -> bool:
        """Whether this process has not noted the same before, as far as it remembers."""
        with self._lock:
            if what in self._noted:
                return False
            self._noted[what] = None
            while len(self._noted) > _REMEMBERED:
                self._noted.popitem(last=False)
        return True


def _hour(at: datetime) -> datetime:
    return at.replace(minute=0, second=0, microsecond=0)
