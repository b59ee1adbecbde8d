"""Who it is that shows the token of a session, or of a service."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from api.identity import tables as t
from api.identity import timing
from api.identity.events import TOLD, Origin
from api.identity.principal import Principal
from api.identity.records import Session
from api.identity.refused_tokens import RefusedTokens
from api.identity.room import Core, Room
from api.identity.store import Door, Store, session_door, token_door
from api.identity.timing import Ended
from api.identity.tokens import SERVICE_PREFIX, csrf_of, digest_of
from workflow.store import holds_a_post, home

_MOST_NOTICES: Final = 20


@dataclass(frozen=True)
class Recognising:
    """Implements `Authenticator`."""

    core: Core

    def by_session(self, token: str, *, client: str) -> Principal | None:
        """The principal of a session that holds still; using it keeps it from going idle.

        What has ended by the clock, with the last appointment or with the account is ended here.
        """
        digest = digest_of(token)
        if digest is None or token.startswith(SERVICE_PREFIX):
            return None
        now, policy = self.core.clock.now(), self.core.policy
        with self.core.uow.read() as connection:
            found = session_door(connection, digest)
            if found is None:
                return None
            door, session = found
            over = timing.session_over(session.seen, now, policy) or _barred(connection, door, now)
        if over is not None:
            self._end(door, session, over, client)
            return None
        if timing.to_be_noted(session.seen, now, policy):
            self._note_use(session, now)
        return Principal(
            organisation=door.organisation,
            account=door.name,
            administrator=door.administrator,
            session=session.id,
            second_factor_at=session.second_factor_at,
            confirmed_at=session.confirmed_at,
        )

    def by_token(self, token: str, *, client: str) -> Principal | None:
        """The principal of a service token that holds still; one that does not leaves an event."""
        found = self._token_of(token)
        if found is None:
            self._refused_tokens.note(token, client)
        return found

    def out_of_scope(self, principal: Principal, *, client: str) -> None:
        """Note that a service token was shown for something that it was not made for."""
        self._refused_tokens.out_of_scope(principal, client)

    @cached_property
    def _refused_tokens(self) -> RefusedTokens:
        return RefusedTokens(self.core)

    def _token_of(self, token: str) -> Principal | None:
        digest = digest_of(token)
        if digest is None or not token.startswith(SERVICE_PREFIX):
            return None
        now = self.core.clock.now()
        with self.core.uow.read() as connection:
            found = token_door(connection, digest)
            if found is None:
                return None
            door, scopes, created_at, expires_at = found
            over = _barred(connection, door, now)
        if over is not None or not timing.holds(created_at, expires_at, now, self.core.policy):
            return None
        return Principal(door.organisation, door.name, scopes=frozenset(scopes))

    def notices(self, principal: Principal) -> list[tuple[datetime, str]]:
        """When what was done to what opens an account, for its owner, the newest first."""
        since = self.core.clock.now() - timedelta(days=self.core.policy.notice_days)
        with self.core.uow.read() as connection:
            found = home(connection, principal.organisation)
            store = None if found is None else Store(connection, found[0].id)
            account = None if store is None else store.account(principal.account)
            if store is None or account is None:
                return []
            return store.told_to(account.id, TOLD, since, _MOST_NOTICES)

    def csrf(self, token: str) -> str:
        """What a page of this session has to send back with every change."""
        return csrf_of(token)

    def _end(self, door: Door, session: Session, why: Ended, client: str) -> None:
        def work(room: Room) -> None:
            room.end_sessions(room.store.account_by_id(door.account_id), why, only=session.id)

        self.core.act(door.organisation, Origin(client), work)

    def _note_use(self, session: Session, now: datetime) -> None:
        s = t.session
        with self.core.uow.write() as connection:
            connection.execute(
                s.update()
                .where(s.c.id == session.id, s.c.ended_at.is_(None), s.c.seen_at < now)
                .values(seen_at=now)
            )


def _barred(connection: Connection, door: Door, now: datetime) -> Ended | None:
    if door.disabled_at is not None:
        return Ended.DISABLED
    if door.person_id is None:
        return None
    today = now.astimezone(ZoneInfo(door.time_zone)).date()
    if holds_a_post(connection, door.organisation_id, door.person_id, today):
        return None
    return Ended.APPOINTMENT_ENDED
