"""Service tokens: for programs, on behalf of an account, within scopes, for a while."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from api.identity import timing
from api.identity.administration import Administration
from api.identity.events import Kind, Origin, Reason
from api.identity.principal import Principal
from api.identity.records import Account, NewToken, ServiceToken, Session
from api.identity.room import Core, Room
from api.identity.second_factors import NOT_FRESH
from api.identity.store import Store
from api.identity.tokens import SERVICE_PREFIX, digest_of, new_token
from workflow.errors import BadInput, NotFound, YichengError
from workflow.store import home

_SCOPE: Final = re.compile(r"[a-z][a-z0-9_]{0,63}")
_MOST_SCOPES: Final = 200
_PURPOSE: Final = 200


@dataclass(frozen=True)
class ServiceTokens:
    """People make tokens on behalf of themselves; the security administrator those of services.

    Nobody can make one on behalf of somebody else, who could then be said to have done anything.
    """

    core: Core

    def make_own(
        self, token: str, purpose: str, scopes: Iterable[str], days: int, origin: Origin
    ) -> NewToken:
        """A token on behalf of whoever is signed in and showed their password lately.

        `scopes` are the names of areas that may be read and of commands that may be given; a name
        that is none opens nothing.
        Raises NotRecognised, and BadInput for scopes, purpose or days that cannot be.
        """
        wanted = self._wanted(purpose, scopes, days)

        def work(room: Room, account: Account, session: Session) -> NewToken | YichengError:
            if not timing.fresh(session.confirmed_at, room.now, room.policy):
                return room.refused(Kind.TOKEN_MADE, account, Reason.NOT_FRESH, NOT_FRESH)
            if account.administrator is not None:
                return BadInput("identity.token.administrator")
            room.note(Kind.TOKEN_MADE, account)
            return _made(room, account, account, purpose, wanted, days)

        return self.core.act_in_session(token, origin, work)

    def make_for_service(
        self,
        by: Principal,
        name: str,
        purpose: str,
        scopes: Iterable[str],
        days: int,
        origin: Origin,
    ) -> NewToken:
        """A token of a service's account, by the security administrator.

        Raises NotFound, and BadInput also for an account that is no service.
        """
        wanted = self._wanted(purpose, scopes, days)

        def work(room: Room, actor: Account | None) -> tuple[Account, NewToken] | YichengError:
            account = room.store.account(name)
            if account is None or actor is None:
                return NotFound("identity.no_account", name=name)
            if not account.service:
                return BadInput("identity.token.not_service", name=name)
            return account, _made(room, account, actor, purpose, wanted, days)

        return Administration(self.core).act(
            "make_service_token", by, by.organisation, origin, work
        )

    def own(self, principal: Principal) -> list[ServiceToken]:
        """The tokens on behalf of somebody."""
        with self.core.uow.read() as connection:
            found = home(connection, principal.organisation)
            if found is None:
                return []
            store = Store(connection, found[0].id)
            account = store.account(principal.account)
            return [] if account is None else store.tokens(account.id)

    def revoke_own(self, token: str, key: int, origin: Origin) -> None:
        """Revoke a token on behalf of oneself.  Raises NotRecognised, NotFound."""

        def work(room: Room, account: Account, _: Session) -> YichengError | None:
            if key not in {each.id for each in room.store.tokens(account.id)}:
                return NotFound("identity.token.unknown", token=key)
            room.store.revoke_token(key, room.now)
            room.note(Kind.TOKEN_REVOKED, account)
            return None

        self.core.act_in_session(token, origin, work)

    def all(self, by: Principal, origin: Origin) -> list[ServiceToken]:
        """Every token of the organisation, for the security administrator."""
        return Administration(self.core).act(
            "list_tokens",
            by,
            by.organisation,
            origin,
            lambda room, _: (None, room.store.tokens()),
        )

    def revoke(self, by: Principal, key: int, origin: Origin) -> None:
        """Revoke any token, by the security administrator.  Raises NotFound."""

        def work(room: Room, _: Account | None) -> tuple[Account, None] | YichengError:
            found = next((each for each in room.store.tokens() if each.id == key), None)
            about = None if found is None else room.store.account(found.account)
            if about is None:
                return NotFound("identity.token.unknown", token=key)
            room.store.revoke_token(key, room.now)
            return about, None

        Administration(self.core).act("revoke_token", by, by.organisation, origin, work)

    def _wanted(self, purpose: str, scopes: Iterable[str], days: int) -> list[str]:
        wanted = sorted(set(scopes))
        if not purpose.strip() or len(purpose) > _PURPOSE or not purpose.isprintable():
            raise BadInput("identity.token.purpose", most=_PURPOSE)
        if not 1 <= days <= self.core.policy.token_days:
            raise BadInput("identity.token.days", most=self.core.policy.token_days)
        strange = [each for each in wanted if _SCOPE.fullmatch(each) is None]
        if strange or not 1 <= len(wanted) <= _MOST_SCOPES:
            raise BadInput("identity.token.scopes", strange=strange, most=_MOST_SCOPES)
        return wanted


def _made(
    room: Room, account: Account, maker: Account, purpose: str, scopes: list[str], days: int
) -> NewToken:
    token = new_token(SERVICE_PREFIX)
    expires_at = room.now + timedelta(days=days)
    key = room.store.add_token(
        {
            "account_id": account.id,
            "made_by_id": maker.id,
            "purpose": purpose,
            "digest": digest_of(token),
            "scopes": scopes,
            "created_at": room.now,
            "expires_at": expires_at,
        }
    )
    return NewToken(token, key, expires_at)
