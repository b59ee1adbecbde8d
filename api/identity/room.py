"""One act of identity: a transaction, an instant, an organisation, and what is noted of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Final, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from api.identity.errors import DoneAlready, NotRecognised
from api.identity.events import Kind, Origin, Reason
from api.identity.hashing import Passwords
from api.identity.policy import Policy
from api.identity.principal import Principal
from api.identity.records import Account, Admitted, Session
from api.identity.sealing import Sealer
from api.identity.store import Door, Store, session_door
from api.identity.timing import Ended, session_over
from api.identity.tokens import csrf_of, digest_of, new_token
from workflow.errors import Conflict, YichengError
from workflow.ports import Clock
from workflow.store import Home, holds_a_post, home
from workflow.uow import UnitOfWork

T = TypeVar("T")

#: What is said of an unknown account, a wrong password, a lock or an address slowed down: the same.
UNRECOGNISED: Final = "identity.not_recognised"
NO_SESSION: Final = "identity.no_session"


@dataclass(frozen=True)
class Room:
    """Whatever one act needs.  Nobody else changes anything of the organisation meanwhile."""

    store: Store
    organisation: str
    time_zone: str
    now: datetime
    policy: Policy
    origin: Origin

    @property
    def today(self) -> date:
        """The business date of the organisation."""
        return self.now.astimezone(ZoneInfo(self.time_zone)).date()

    def note(
        self,
        kind: str,
        account: Account | None,
        *,
        actor: Account | None = None,
        reason: str | None = None,
        done: bool = True,
    ) -> None:
        """Write a security event, in the same transaction as what it tells of."""
        self.store.add_event(
            self.now,
            self.origin,
            kind,
            done=done,
            account=None if account is None else account.id,
            actor=None if actor is None else actor.id,
            reason=reason,
        )

    def refused(
        self, kind: str, account: Account | None, reason: Reason, code: str = UNRECOGNISED
    ) -> NotRecognised:
        """Note why, and give what is to be said instead."""
        self.note(kind, account, reason=reason, done=False)
        minutes, tries = self.policy.lock_minutes, self.policy.lock_tries
        return NotRecognised(code, minutes=minutes, tries=tries)

    def barred(self, account: Account) -> Reason | None:
        """What keeps an account out whatever is shown: disabled, or no post today."""
        if account.disabled_at is not None:
            return Reason.DISABLED
        if account.person_id is None:
            return None
        store = self.store
        held = holds_a_post(store.connection, store.organisation, account.person_id, self.today)
        return None if held else Reason.NO_POST

    def let_in(
        self, account: Account, *, confirmed: datetime | None, second_factor: datetime | None
    ) -> Admitted:
        """A new session for an account."""
        token = new_token()
        session = self.store.add_session(
            account.id,
            _kept(token),
            self.now,
            self.origin.client,
            confirmed=confirmed,
            second_factor=second_factor,
        )
        return self._admitted(token, account, session)

    def rise(self, account: Account, session: Session, **values: datetime) -> Admitted:
        """The same session with more privilege, under a new token; the old one is worth nothing."""
        token = new_token()
        risen = self.store.change_session(session, _kept(token), **values)
        return self._admitted(token, account, risen)

    def end_sessions(
        self, account: Account, why: Ended, *, but: int | None = None, only: int | None = None
    ) -> None:
        """End the sessions of an account, and note it if there were any."""
        if self.store.end_sessions(account.id, why, self.now, but=but, only=only):
            self.note(Kind.SESSION_ENDED, account, reason=why)

    def _admitted(self, token: str, account: Account, session: Session) -> Admitted:
        principal = Principal(
            organisation=self.organisation,
            account=account.name,
            administrator=account.administrator,
            session=session.id,
            second_factor_at=session.second_factor_at,
            confirmed_at=session.confirmed_at,
        )
        return Admitted(token, csrf_of(token), principal)


@dataclass(frozen=True)
class Core:
    """What all of identity shares."""

    uow: UnitOfWork
    clock: Clock
    policy: Policy
    sealer: Sealer

    @cached_property
    def passwords(self) -> Passwords:
        """How passwords are hashed."""
        return Passwords(self.policy)

    def act(self, organisation: str, origin: Origin, work: Callable[[Room], T | YichengError]) -> T:
        """Do something in one transaction.

        An error that `work` returns is raised after the commit, so that what was noted of it
        stays; one that it raises undoes everything.  Raises NotRecognised for an organisation that
        there is not.
        """
        with self.uow.write() as connection:
            found = home(connection, organisation)
            result = (
                self._nobody()
                if found is None
                else _once(self._room(connection, found[0], origin), work)
            )
        if isinstance(result, YichengError):
            raise result
        return result

    def act_in_session(
        self,
        token: str,
        origin: Origin,
        work: Callable[[Room, Account, Session], T | YichengError],
    ) -> T:
        """The same for whoever shows the token of a session that holds still, looked at anew."""
        digest = digest_of(token)
        door = self._door(digest)
        if digest is None or door is None:
            raise NotRecognised(NO_SESSION)

        def checked(room: Room) -> T | YichengError:
            found = session_door(room.store.connection, digest)
            if found is None or session_over(found[1].seen, room.now, room.policy) is not None:
                return NotRecognised(NO_SESSION)
            account = room.store.account_by_id(found[0].account_id)
            if room.barred(account) is not None:
                return NotRecognised(NO_SESSION)
            return work(room, account, found[1])

        return self.act(door.organisation, origin, checked)

    def look(self, organisation: str, name: str) -> Account | None:
        """An account as it is at the moment, before any lock."""
        with self.uow.read() as connection:
            found = home(connection, organisation)
            return None if found is None else Store(connection, found[0].id).account(name)

    def _door(self, digest: str | None) -> Door | None:
        if digest is None:
            return None
        with self.uow.read() as connection:
            found = session_door(connection, digest)
        return None if found is None else found[0]

    def whose(self, token: str) -> Account | None:
        """The account whose session a token opens, before any lock."""
        door = self._door(digest_of(token))
        return None if door is None else self.look(door.organisation, door.name)

    def _room(self, connection: Connection, found: Home, origin: Origin) -> Room:
        store = Store(connection, found.id)
        store.lock(self.policy.retention_days)
        # The present is read once the lock is held: whoever waited is judged by their turn.
        return Room(store, found.code, found.time_zone, self.clock.now(), self.policy, origin)

    def _nobody(self) -> NotRecognised:
        policy = self.policy
        return NotRecognised(UNRECOGNISED, minutes=policy.lock_minutes, tries=policy.lock_tries)


def _once(room: Room, work: Callable[[Room], T | YichengError]) -> T | YichengError:
    """Do it, unless it was done under this key before; what failed was not done."""
    once = room.origin.once
    if once is None:
        return work(room)
    before = room.store.request_print(once.key)
    if before is not None:
        if before not in once.prints:
            return Conflict("request.key_reused", key=once.shown)
        return DoneAlready("identity.done_already", key=once.shown, changes=())
    result = work(room)
    if not isinstance(result, YichengError):
        room.store.add_request(once.key, once.prints[0], room.now)
    return result


def _kept(token: str) -> str:
    digest = digest_of(token)
    if digest is None:
        raise LookupError("a token that was just made")
    return digest
