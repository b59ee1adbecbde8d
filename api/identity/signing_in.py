"""Signing in and out with a password, and confirming it within a session."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from api.identity import timing
from api.identity.errors import NotRecognised
from api.identity.events import Kind, Origin, Reason
from api.identity.password_rules import as_typed
from api.identity.records import Account, Admitted, Session
from api.identity.room import Core, Room
from api.identity.second_factors import factor_shown
from api.identity.sources import source_of
from api.identity.store import session_door
from api.identity.timing import Ended
from api.identity.tokens import digest_of

EXPIRED: Final = "identity.password_expired"

#: Tries that slow an address down when they fail.
TRIES: Final = (Kind.SIGN_IN, Kind.EXTERNAL_SIGN_IN, Kind.LINK_REDEEMED)


@dataclass(frozen=True, slots=True)
class Credentials:
    """What somebody shows to sign in; `code` is that of the second factor."""

    organisation: str
    name: str
    password: str = field(repr=False)
    code: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Compared:
    """A password compared with what was kept at the moment, before any lock was taken."""

    with_digest: str | None
    right: bool
    renewed: str | None = None


@dataclass(frozen=True)
class SigningIn:
    """Ways in with a password."""

    core: Core

    def sign_in(
        self, shown: Credentials, origin: Origin, *, instead_of: str | None = None
    ) -> Admitted:
        """Let somebody in by their password, and their second factor where they have one.

        Always a session and token of their own; `instead_of` is the token of a session that the
        browser had, which ends.  Raises NotRecognised, in the same words and after the same work
        for an unknown account, a wrong password, a locked account and an address that is slowed
        down; in words of its own only after the right password, where that has expired or where
        the second factor is wanted.
        """
        compared = compare(
            self.core, self.core.look(shown.organisation, shown.name), shown.password
        )

        def work(room: Room) -> Admitted | NotRecognised:
            account = room.store.account(shown.name)
            if account is None:
                return room.refused(Kind.SIGN_IN, None, Reason.UNKNOWN_ACCOUNT)
            told = self._accepted(room, account, compared, shown.code)
            if isinstance(told, NotRecognised):
                return told
            end_former(room, instead_of)
            account = right_password(room, account, compared)
            room.note(Kind.SIGN_IN, account)
            return room.let_in(
                account, confirmed=room.now, second_factor=room.now if told else None
            )

        return self.core.act(shown.organisation, origin, work)

    def sign_out(self, token: str, origin: Origin) -> None:
        """End a session; nothing happens to one that is over already."""

        def work(room: Room, account: Account, session: Session) -> None:
            room.store.end_sessions(account.id, Ended.SIGNED_OUT, room.now, only=session.id)
            room.note(Kind.SIGN_OUT, account)

        try:
            self.core.act_in_session(token, origin, work)
        except NotRecognised:
            return

    def confirm_password(self, token: str, password: str, origin: Origin) -> Admitted:
        """Have the password shown once more before something grave; the session has a new token.

        Wrong tries count as they do at signing in.  Raises NotRecognised.
        """
        compared = compare(self.core, self.core.whose(token), password)

        def work(room: Room, account: Account, session: Session) -> Admitted | NotRecognised:
            wrong = password_refused(room, account, compared, Kind.PASSWORD_CONFIRMED)
            if wrong is not None:
                return wrong
            account = right_password(room, account, compared)
            room.note(Kind.PASSWORD_CONFIRMED, account)
            return room.rise(account, session, confirmed_at=room.now)

        return self.core.act_in_session(token, origin, work)

    def has_password(self, organisation: str, name: str) -> bool:
        """Whether somebody has to show a password at the machine itself, before they sign there."""
        account = self.core.look(organisation, name)
        return account is not None and account.password is not None

    def confirm_at_machine(
        self, organisation: str, name: str, password: str, code: str | None, origin: Origin
    ) -> bool:
        """Have a password shown at the machine itself; tells whether a second factor was as well.

        Whoever has a second factor shows that too.  Wrong tries count as they do at signing in.
        Raises NotRecognised.
        """
        compared = compare(self.core, self.core.look(organisation, name), password)

        def work(room: Room) -> bool | NotRecognised:
            kind, account = Kind.PASSWORD_CONFIRMED, room.store.account(name)
            if account is None:
                return room.refused(kind, None, Reason.UNKNOWN_ACCOUNT)
            if (barred := room.barred(account)) is not None:
                return room.refused(kind, account, barred)
            wrong = password_refused(room, account, compared, kind)
            if wrong is not None:
                return wrong
            told = factor_shown(room, self.core, account, code, kind)
            if isinstance(told, NotRecognised):
                return told
            room.note(kind, right_password(room, account, compared))
            return told

        return self.core.act(organisation, origin, work)

    def _accepted(
        self, room: Room, account: Account, compared: Compared, code: str | None
    ) -> bool | NotRecognised:
        """What speaks against letting an account in, or else whether a second factor was shown."""
        kind = Kind.SIGN_IN
        if (wrong := in_the_way(room, account, kind)) is not None:
            return wrong
        if (wrong := password_refused(room, account, compared, kind)) is not None:
            return wrong
        if timing.password_expired(account.password_at or room.now, room.now, room.policy):
            return room.refused(kind, account, Reason.PASSWORD_EXPIRED, EXPIRED)
        return factor_shown(room, self.core, account, code, kind)


def compare(core: Core, account: Account | None, password: str) -> Compared:
    """Compare a password with what is kept; as much work where there is nothing to compare with."""
    typed = as_typed(password[: core.policy.password_longest + 1])
    kept = None if account is None else account.password
    right = core.passwords.check(typed, kept)
    renewed = None
    if right and kept is not None and core.passwords.outdated(kept):
        renewed = core.passwords.digest(typed)
    return Compared(kept, right, renewed)


def in_the_way(room: Room, account: Account, kind: Kind) -> NotRecognised | None:
    """What keeps an account out whatever its password is."""
    if address_slowed(room, account):
        return room.refused(kind, account, Reason.SLOWED)
    if (barred := room.barred(account)) is not None:
        return room.refused(kind, account, barred)
    return None


def address_slowed(room: Room, account: Account) -> bool:
    """Whether so much failed from this address that it has to wait.

    Whoever came in from there lately does not: an office behind one address is not locked out by
    one of its people, nor by a guest.
    """
    policy, client = room.policy, room.origin.client
    since = room.now - timedelta(minutes=policy.client_window_minutes)
    count, last = room.store.failures_from(client, TRIES, since)
    return timing.slowed(count, last, room.now, policy) and not source_known(room, account)


def source_known(room: Room, account: Account) -> bool:
    """Whether the owner of an account came in from this address lately."""
    known = room.now - timedelta(days=room.policy.client_known_days)
    return room.store.let_in_from(room.origin.client, account.id, TRIES, known)


def held(room: Room, account: Account) -> bool:
    """Whether nothing that is shown counts now: this source is locked, or the account slowed down.

    Whoever knows a name can lock their own source out, and slow down those that are not known; the
    owner still comes in from where they came in lately.
    """
    _, until = room.store.failures_of(account.id, source_of(room.origin.client))
    if timing.locked(until, room.now):
        return True
    return timing.locked(account.locked_until, room.now) and not source_known(room, account)


def password_refused(
    room: Room, account: Account, compared: Compared, kind: Kind
) -> NotRecognised | None:
    """What a password that was compared comes to, under the lock; wrong ones are counted."""
    if held(room, account):
        return room.refused(kind, account, Reason.LOCKED)
    if account.password is None:
        return room.refused(kind, account, Reason.NO_PASSWORD)
    if compared.with_digest != account.password:
        return room.refused(kind, account, Reason.CHANGED_MEANWHILE)
    if compared.right:
        return None
    source = source_of(room.origin.client)
    before, last = room.store.failures_of(account.id, source)
    # A lock that is over leaves no failures behind it.
    failures = 1 if last is not None else before + 1
    until = timing.lock_after(failures, room.now, room.policy)
    room.store.count_failure(account.id, source, failures, room.now, until)
    if until is not None:
        room.note(Kind.ACCOUNT_LOCKED, account)
    slowed = timing.slow_after(account.failures + 1, room.now, room.policy)
    room.store.change_account(account, failures=account.failures + 1, locked_until=slowed)
    return room.refused(kind, account, Reason.WRONG_PASSWORD)


def right_password(room: Room, account: Account, compared: Compared) -> Account:
    """After the right password no failures are left, and its digest is of the present cost.

    What other sources failed with stays theirs: else their guesses would begin anew.
    """
    room.store.forgive(account.id, source_of(room.origin.client))
    if compared.renewed is not None:
        return room.store.change_account(
            account, failures=0, locked_until=None, password=compared.renewed
        )
    if account.failures or account.locked_until is not None:
        return room.store.change_account(account, failures=0, locked_until=None)
    return account


def end_former(room: Room, token: str | None) -> None:
    """End the session that a browser had before."""
    digest = None if token is None else digest_of(token)
    found = None if digest is None else session_door(room.store.connection, digest)
    if found is not None and found[0].organisation_id == room.store.organisation:
        door, session = found
        account = room.store.account_by_id(door.account_id)
        room.end_sessions(account, Ended.SIGNED_IN_ANEW, only=session.id)
