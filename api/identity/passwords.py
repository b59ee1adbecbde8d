"""Passwords: changed by whoever knows the old one, or set by whoever holds a one-time link."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from api.identity import timing
from api.identity.errors import NotRecognised
from api.identity.events import Kind, Origin, Reason
from api.identity.password_rules import as_typed, complaints
from api.identity.records import Account, Admitted, Link, Session
from api.identity.room import Core, Room
from api.identity.second_factors import factor_shown
from api.identity.signing_in import (
    Compared,
    Credentials,
    compare,
    in_the_way,
    password_refused,
)
from api.identity.store import Door, Store, whose_link
from api.identity.timing import Ended
from api.identity.tokens import digest_of
from workflow.catalogue import Lines, Said
from workflow.errors import BadInput, YichengError

LINK: Final = "identity.link"
NOT_RELEASED: Final = "identity.link_waits"


@dataclass(frozen=True, slots=True)
class Opened:
    """What a page shows to whoever opens a one-time link that is good still."""

    organisation: str
    account: str
    expires_at: datetime
    waits: bool = False


@dataclass(frozen=True, slots=True)
class _New:
    """A password that is good by the rules, for the account that has these digests."""

    digest: str = field(repr=False)


@dataclass(frozen=True)
class PasswordChanges:
    """Ways to another password.  Every other session of the account ends with it."""

    core: Core

    def change(self, token: str, old: str, new: str, origin: Origin) -> Admitted:
        """Change the password within a session, which goes on under a new token.

        Raises NotRecognised for a wrong old password, which counts as at signing in, and BadInput
        with everything that is wrong with the new one.
        """
        account = self.core.whose(token)
        compared = compare(self.core, account, old)
        made = self._made(account, compared, new)

        def work(room: Room, account: Account, session: Session) -> Admitted | YichengError:
            wrong = password_refused(room, account, compared, Kind.PASSWORD_CHANGED)
            if wrong is not None:
                return wrong
            if isinstance(made, BadInput):
                return _told(room, Kind.PASSWORD_CHANGED, account, made)
            account = self._set(room, account, made, but=session.id)
            room.note(Kind.PASSWORD_CHANGED, account)
            return room.rise(account, session, confirmed_at=room.now)

        return self.core.act_in_session(token, origin, work)

    def replace(self, shown: Credentials, new: str, origin: Origin) -> None:
        """Change a password without a session, for one that has expired; sign in afterwards.

        Raises NotRecognised as signing in does, and BadInput as `change` does.
        """
        account = self.core.look(shown.organisation, shown.name)
        compared = compare(self.core, account, shown.password)
        made = self._made(account, compared, new, shown.organisation)
        kind = Kind.PASSWORD_CHANGED

        def work(room: Room) -> YichengError | None:
            account = room.store.account(shown.name)
            if account is None:
                return room.refused(kind, None, Reason.UNKNOWN_ACCOUNT)
            wrong = in_the_way(room, account, kind) or password_refused(
                room, account, compared, kind
            )
            if wrong is not None:
                return wrong
            told = factor_shown(room, self.core, account, shown.code, kind)
            if isinstance(told, NotRecognised):
                return told
            if isinstance(made, BadInput):
                return _told(room, kind, account, made)
            room.note(kind, self._set(room, account, made))
            return None

        self.core.act(shown.organisation, origin, work)

    def open(self, token: str) -> Opened:
        """What a one-time link is for, without using it up.  Raises NotRecognised."""
        now = self.core.clock.now()
        door, digest = self._door(token)
        with self.core.uow.read() as connection:
            link = Store(connection, door.organisation_id).link(digest)
        if link is None or not _good(link, now, self.core):
            raise NotRecognised(LINK)
        return Opened(door.organisation, door.name, link.expires_at, _waits(link))

    def redeem(self, token: str, new: str, origin: Origin) -> None:
        """Set a password by a one-time link, which is then used up; sign in afterwards.

        Locks are lifted, a second factor stays; every session and token of the account ends, for
        whoever had them need not be whoever holds the link.  Raises NotRecognised for a link that
        is used, replaced, past its end, not released or none, and BadInput with everything wrong
        with the password.
        """
        door, digest = self._door(token)
        account = self.core.look(door.organisation, door.name)
        made = self._digested(account, new, door.organisation)
        kind = Kind.LINK_REDEEMED

        def work(room: Room) -> YichengError | None:
            account = room.store.account_by_id(door.account_id)
            link = room.store.link(digest)
            if link is None or not _good(link, room.now, self.core):
                return room.refused(kind, account, Reason.LINK_OVER, LINK)
            if (barred := room.barred(account)) is not None:
                return room.refused(kind, account, barred, LINK)
            if _waits(link):
                return room.refused(kind, account, Reason.NOT_RELEASED, NOT_RELEASED)
            if isinstance(made, BadInput):
                return _told(room, kind, account, made)
            room.store.end_links(account.id, "redeemed", room.now)
            if room.store.revoke_tokens(account.id, room.now):
                room.note(Kind.TOKEN_REVOKED, account, reason=Ended.LINK_REDEEMED)
            room.note(kind, self._set(room, account, made))
            return None

        self.core.act(door.organisation, origin, work)

    def _made(
        self, account: Account | None, compared: Compared, new: str, organisation: str = ""
    ) -> _New | BadInput:
        """The new password, looked at only for whoever knows the old one."""
        return self._digested(account, new, organisation) if compared.right else _New("")

    def _digested(
        self, account: Account | None, new: str, organisation: str = ""
    ) -> _New | BadInput:
        """A new password, or everything that is wrong with it.

        To be told only once it is clear under the lock that they may set one: else it would tell
        that a password was right, or one of the former, to somebody who is locked out.
        """
        core, typed = self.core, as_typed(new[: self.core.policy.password_longest + 1])
        name = "" if account is None else account.name
        wrong = complaints(typed, name, core.policy, (organisation,))
        if not wrong and any(core.passwords.check(typed, each) for each in self._had(account)):
            wrong.append(Said("identity.password.used", {"newest": core.policy.password_history}))
        if wrong:
            return BadInput("identity.password.refused", reasons=Lines(wrong))
        return _New(core.passwords.digest(typed))

    def _had(self, account: Account | None) -> list[str]:
        """The digests of the present password and of those before it that must not come again."""
        if account is None or account.password is None:
            return []
        newest = self.core.policy.password_history
        with self.core.uow.read() as connection:
            former = Store(connection, account.organisation_id).former_passwords(account.id, newest)
        return [account.password, *former]

    def _set(self, room: Room, account: Account, made: _New, but: int | None = None) -> Account:
        if account.password is not None:
            room.store.keep_former(account, room.now, room.policy.password_history)
        changed = room.store.change_account(
            account, password=made.digest, password_at=room.now, failures=0, locked_until=None
        )
        room.store.forgive(account.id)
        room.store.end_links(account.id, "replaced", room.now)
        room.end_sessions(changed, Ended.PASSWORD_CHANGED, but=but)
        return changed

    def _door(self, token: str) -> tuple[Door, str]:
        digest = digest_of(token)
        if digest is not None:
            with self.core.uow.read() as connection:
                door = whose_link(connection, digest)
            if door is not None:
                return door, digest
        raise NotRecognised(LINK)


def _good(link: Link, now: datetime, core: Core) -> bool:
    return link.ended_why is None and timing.holds(
        link.created_at, link.expires_at, now, core.policy
    )


def _waits(link: Link) -> bool:
    """Whether a second person has to release it still: it opens an account that has a password."""
    return link.purpose == "reset" and not link.released


def _told(room: Room, kind: Kind, account: Account, wrong: BadInput) -> BadInput:
    room.note(kind, account, reason=Reason.PASSWORD_REFUSED, done=False)
    return wrong
