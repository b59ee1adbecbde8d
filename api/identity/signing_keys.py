"""The keys with which people sign: seen, and ended; whoever signs after that has another."""

from __future__ import annotations

from dataclasses import dataclass

from api.identity.administration import CONSOLE, Administration, found_account
from api.identity.events import Origin
from api.identity.principal import Principal
from api.identity.records import Account
from api.identity.room import Core, Room
from workflow.errors import NotFound
from workflow.signing import PublicKey
from workflow.store import end_signing_key, home, person_named, signing_keys


@dataclass(frozen=True)
class SigningKeys:
    """Keys are made by the first act that somebody signs, and never by an administrator."""

    core: Core

    def of(self, organisation: str, name: str) -> list[tuple[PublicKey, str | None]]:
        """The keys of a person, the oldest first, each with why it ended.  Raises NotFound."""
        with self.core.uow.read() as connection:
            found = home(connection, organisation)
            key = None if found is None else person_named(connection, found[0].id, name)
            if found is None or key is None:
                raise NotFound("unknown.person", person=name)
            return signing_keys(connection, found[0].id, key)

    def end(
        self, by: Principal | None, organisation: str, name: str, origin: Origin = CONSOLE
    ) -> None:
        """End the key with which somebody signs, because it may be known or is to be renewed.

        What was signed with it before stays signed; nothing happens where there is none.
        """

        def work(room: Room, _: Account | None) -> tuple[Account, None]:
            account, store = found_account(room, name, make=True), room.store
            if account.person_id is not None:
                place = store.connection, store.organisation, account.person_id
                end_signing_key(*place, "revoked", self.core.clock.now)
            return account, None

        Administration(self.core).act("end_signing_key", by, organisation, origin, work)
