"""What the three administrators do. The one place where it is checked which of them may.

Nothing here reads or decides a matter.  Every act, refused ones included, leaves a security event
in its own transaction.  `by` is the administrator, or None for whoever sits at the machine itself
(the command line), who is beyond any account.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final, TypeVar

from api.identity.acts import shipped_acts
from api.identity.errors import AccountChanged
from api.identity.events import Event, Origin, Reason
from api.identity.principal import Administrator, Principal
from api.identity.records import Account, AccountView, NewLink
from api.identity.room import Core, Room
from api.identity.timing import Ended
from api.identity.tokens import digest_of, new_token
from workflow.errors import BadInput, Conflict, Forbidden, NotFound, YichengError
from workflow.store import end_signing_key, person_named
from workflow.texts import NAME_FORM

T = TypeVar("T")

CONSOLE: Final = Origin("console")
SERVICE: Final = "service"
MOST_EVENTS: Final = 500
_MARK_SIGNS: Final = 24

#: The first administrators of an organisation, each with an account of their own.
FIRST: Final = {each: f"administrator.{each.value}" for each in Administrator}


@dataclass(frozen=True)
class Administration:
    """Acts of the administrators of one organisation, by its code."""

    core: Core

    def act(
        self,
        name: str,
        by: Principal | None,
        organisation: str,
        origin: Origin,
        work: Callable[[Room, Account | None], tuple[Account | None, T] | YichengError],
    ) -> T:
        """Do an act of the table, if its table lets this administrator.

        `work` gets who acts, and gives whom it concerned and what came of it.  Raises Forbidden.
        """
        entry = shipped_acts()[name]

        def checked(room: Room) -> T | YichengError:
            actor = None if by is None else room.store.account(by.account)
            if by is not None and (
                actor is None
                or by.organisation != organisation
                or actor.disabled_at is not None
                or actor.administrator not in entry.by
            ):
                room.note(name, None, actor=actor, reason=Reason.NOT_THEIRS, done=False)
                return Forbidden("identity.not_theirs", who=sorted(entry.by))
            if by is not None and not _shown_enough(room, by):
                reason = Reason.SECOND_FACTOR_WANTED
                room.note(name, None, actor=actor, reason=reason, done=False)
                return Forbidden("identity.factor_first")
            try:
                found = work(room, actor)
            except (NotFound, AccountChanged) as error:
                found = error
            if isinstance(found, YichengError):
                room.note(name, None, actor=actor, reason=Reason.NOT_POSSIBLE, done=False)
                return found
            about, result = found
            room.note(name, about, actor=actor)
            return result

        return self.core.act(organisation, origin, checked)

    def admit(self, name: str, by: Principal, origin: Origin) -> None:
        """Let an administrator see what is not identity's own (`view_health`, `view_settings`)."""
        self.act(name, by, by.organisation, origin, lambda _room, _actor: (None, None))

    # --- accounts ---------------------------------------------------------------------------------

    def list_accounts(
        self, by: Principal | None, organisation: str, origin: Origin = CONSOLE
    ) -> list[Account]:
        """Every account there is; people without one yet are in the directory."""
        return self.act(
            "list_accounts",
            by,
            organisation,
            origin,
            lambda room, _: (None, _as_locked(room)),
        )

    def view_account(
        self, by: Principal | None, organisation: str, name: str, origin: Origin = CONSOLE
    ) -> AccountView:
        """One account, with the mark that a change of it has to name.  Raises NotFound."""

        def work(room: Room, _: Account | None) -> tuple[Account | None, AccountView]:
            account = next((each for each in _as_locked(room) if each.name == name), None)
            store = room.store
            if account is None and person_named(store.connection, store.organisation, name) is None:
                raise NotFound("identity.no_account", name=name)
            waiting = 0 if account is None else sum(map(len, store.waiting(account.id)))
            return account, AccountView(name, account, mark_of(room, account), waiting)

        return self.act("list_accounts", by, organisation, origin, work)

    def make_account(
        self, by: Principal | None, organisation: str, name: str, kind: str, origin: Origin
    ) -> None:
        """Make the account of a service, or of another administrator (`kind`), without a password.

        Raises BadInput for a name of another form or a kind that is none, Conflict where the name
        is taken, be it by somebody of the directory.
        """
        if re.fullmatch(NAME_FORM, name) is None:
            raise BadInput("identity.account.name", name=name)
        known = (SERVICE, *(each.value for each in Administrator))
        if kind not in known:
            raise BadInput("identity.account.kind", kind=kind, known=known)

        def work(room: Room, _: Account | None) -> tuple[Account, None] | YichengError:
            taken = person_named(room.store.connection, room.store.organisation, name)
            if taken is not None or room.store.account(name) is not None:
                return Conflict("identity.account.taken", name=name, changes=())
            values = {"service": True} if kind == SERVICE else {"administrator": kind}
            return room.store.add_account(room.now, name, **values), None

        self.act("make_account", by, organisation, origin, work)

    def disable_account(
        self, by: Principal | None, organisation: str, name: str, origin: Origin = CONSOLE
    ) -> None:
        """Keep an account out, and end all that it has open, and the key that it signs with.

        Raises Conflict for the last administrator of a kind: nobody could undo it.
        """

        def work(room: Room, _: Account | None) -> tuple[Account, None] | YichengError:
            account = found_account(room, name)
            if account.administrator is not None and _last(room, account):
                return Conflict("identity.account.last", name=name, changes=())
            if account.disabled_at is None:
                account = room.store.change_account(account, disabled_at=room.now)
            room.store.end_links(account.id, "revoked", room.now)
            room.end_sessions(account, Ended.DISABLED)
            if account.person_id is not None:
                place = room.store.connection, room.store.organisation
                end_signing_key(*place, account.person_id, "disabled", self.core.clock.now)
            return account, None

        self.act("disable_account", by, organisation, origin, work)

    def enable_account(
        self, by: Principal | None, organisation: str, name: str, origin: Origin = CONSOLE
    ) -> None:
        """Let an account in again."""

        def work(room: Room, _: Account | None) -> tuple[Account, None]:
            account = found_account(room, name)
            if account.disabled_at is not None:
                account = room.store.change_account(account, disabled_at=None)
            return account, None

        self.act("enable_account", by, organisation, origin, work)

    # --- what opens them --------------------------------------------------------------------------

    def make_link(
        self, by: Principal | None, organisation: str, name: str, origin: Origin = CONSOLE
    ) -> NewLink:
        """A one-time link with which somebody sets their password; the one before it is void.

        Somebody of the directory who has no account yet gets it with this.  One for an account that
        has a password waits until the system administrator has released it: nobody alone can take
        an account over.  Those for administrators come from the machine itself: none of the three
        can become another.
        Raises NotFound, Forbidden, and BadInput for a service or somebody who is kept out.
        """
        token = new_token()

        def work(room: Room, _: Account | None) -> tuple[Account, NewLink] | YichengError:
            account = found_account(room, name, make=True)
            if by is not None and account.administrator is not None:
                return Forbidden("identity.only_at_the_machine", name=name)
            if account.service:
                return BadInput("identity.account.service", name=name)
            if room.barred(account) is not None:
                return BadInput("identity.account.barred", name=name)
            expires_at = room.now + timedelta(hours=room.policy.link_hours)
            purpose = "start" if account.password is None else "reset"
            digest = str(digest_of(token))
            key = room.store.add_link(account.id, digest, purpose, room.now, expires_at)
            if by is None:
                room.store.release(room.now, None, link_id=key)
            waits = by is not None and purpose == "reset"
            return account, NewLink(token, account.name, expires_at, waits)

        return self.act("make_link", by, organisation, origin, work)

    def release(
        self, by: Principal | None, organisation: str, name: str, origin: Origin = CONSOLE
    ) -> None:
        """Let the link and the identities elsewhere count that wait for an account.

        By the system administrator, after asking the person whose account it is.  Raises NotFound
        where nothing waits.
        """

        def work(room: Room, actor: Account | None) -> tuple[Account, None] | YichengError:
            account = found_account(room, name)
            links, elsewhere = room.store.waiting(account.id)
            if not links and not elsewhere:
                return NotFound("identity.nothing_waits", name=name)
            key = None if actor is None else actor.id
            for each in links:
                room.store.release(room.now, key, link_id=each)
            for each in elsewhere:
                room.store.release(room.now, key, external_id=each)
            return account, None

        self.act("release", by, organisation, origin, work)

    def unlock_account(
        self, by: Principal | None, organisation: str, name: str, origin: Origin = CONSOLE
    ) -> None:
        """Lift the locks that wrong passwords and wrong codes have brought about."""

        def work(room: Room, _: Account | None) -> tuple[Account, None]:
            account = room.store.change_account(
                found_account(room, name), failures=0, locked_until=None
            )
            room.store.forgive(account.id)
            if (factor := room.store.second_factor(account.id)) is not None:
                room.store.change_second_factor(factor, failures=0, locked_until=None)
            return account, None

        self.act("unlock_account", by, organisation, origin, work)

    def end_sessions(
        self, by: Principal | None, organisation: str, name: str, origin: Origin
    ) -> None:
        """End every session of an account."""

        def work(room: Room, _: Account | None) -> tuple[Account, None]:
            account = found_account(room, name)
            room.end_sessions(account, Ended.ADMINISTRATOR)
            return account, None

        self.act("end_sessions", by, organisation, origin, work)

    def remove_second_factor(
        self, by: Principal | None, organisation: str, name: str, origin: Origin
    ) -> None:
        """Forget a second factor that was lost; its owner enrols another.  Sessions end.

        Raises NotFound where there is none, Forbidden for that of an administrator.
        """

        def work(room: Room, _: Account | None) -> tuple[Account, None] | YichengError:
            account = found_account(room, name)
            if by is not None and account.administrator is not None:
                return Forbidden("identity.only_at_the_machine", name=name)
            if not room.store.remove_second_factor(account.id):
                return NotFound("identity.no_second_factor", name=name)
            room.end_sessions(account, Ended.SECOND_FACTOR_REMOVED)
            return account, None

        self.act("remove_second_factor", by, organisation, origin, work)

    def link_external(
        self,
        by: Principal | None,
        organisation: str,
        name: str,
        issuer: str,
        subject: str,
        origin: Origin,
    ) -> None:
        """Say that a subject of an identity provider is this account; it waits as a link does.

        Raises Conflict where it was said to be one already, Forbidden for an administrator.
        """

        def work(room: Room, _: Account | None) -> tuple[Account, None] | YichengError:
            account = found_account(room, name, make=True)
            if by is not None and account.administrator is not None:
                return Forbidden("identity.only_at_the_machine", name=name)
            if account.service:
                return BadInput("identity.account.service", name=name)
            if room.store.external(issuer, subject) is not None:
                return Conflict("identity.external.linked", changes=())
            key = room.store.add_external(account.id, issuer, subject, room.now)
            if by is None:
                room.store.release(room.now, None, external_id=key)
            return account, None

        self.act("link_external", by, organisation, origin, work)

    def unlink_external(
        self,
        by: Principal | None,
        organisation: str,
        name: str,
        issuer: str,
        subject: str,
        origin: Origin,
    ) -> None:
        """Say no longer that a subject is this account.  Raises NotFound, also where it never was.

        Forbidden for an administrator's, as linking is.
        """

        def work(room: Room, _: Account | None) -> tuple[Account, None] | YichengError:
            account = found_account(room, name)
            if by is not None and account.administrator is not None:
                return Forbidden("identity.only_at_the_machine", name=name)
            if room.store.external(issuer, subject) != account.id:
                return NotFound("identity.external.unlinked")
            room.store.remove_external(issuer, subject)
            return account, None

        self.act("unlink_external", by, organisation, origin, work)

    # --- what happened ----------------------------------------------------------------------------

    def view_security_events(
        self,
        by: Principal | None,
        organisation: str,
        after: int = 0,
        limit: int = MOST_EVENTS,
        origin: Origin = CONSOLE,
    ) -> list[Event]:
        """Security events after the one with this number, oldest first."""
        return self.act(
            "view_security_events",
            by,
            organisation,
            origin,
            lambda room, _: (None, room.store.events(after, min(limit, MOST_EVENTS))),
        )

    def view_administration(
        self, by: Principal | None, organisation: str, after: int, limit: int, origin: Origin
    ) -> list[Event]:
        """Who administered what, after the event with this number."""
        return self.act(
            "view_administration",
            by,
            organisation,
            origin,
            lambda room, _: (
                None,
                room.store.events(after, min(limit, MOST_EVENTS), shipped_acts()),
            ),
        )


def first_administrators(core: Core, organisation: str) -> tuple[NewLink, ...]:
    """The three first administrators, each with a link, for an organisation that has none.

    Nothing where there is any already: their links come from `make_link` then.
    """
    administration = Administration(core)
    there = administration.list_accounts(None, organisation)
    if any(each.administrator is not None for each in there):
        return ()
    for kind, name in FIRST.items():
        administration.make_account(None, organisation, name, kind.value, CONSOLE)
    return tuple(administration.make_link(None, organisation, name) for name in FIRST.values())


def mark_of(room: Room, account: Account | None) -> str:
    """The state of an account in a few signs: whoever changes it says which they saw.

    Wrong passwords are no part of it, else whoever guesses would keep administrators from acting.
    """
    told: list[object] = []
    if account is not None:
        told = [
            account.id,
            account.password_at,
            account.disabled_at,
            *room.store.openers(account.id),
        ]
    return hashlib.sha256("\n".join(map(str, told)).encode()).hexdigest()[:_MARK_SIGNS]


def _shown_enough(room: Room, by: Principal) -> bool:
    """Whether an administrator showed as many factors as the policy asks of them."""
    return room.policy.administrator_factors == 1 or by.second_factor_at is not None


def _as_locked(room: Room) -> list[Account]:
    """Every account, locked for as long as any source is locked out of it."""
    until = room.store.locked_sources()
    return [
        replace(each, locked_until=max(filter(None, (each.locked_until, until[each.id]))))
        if each.id in until
        else each
        for each in room.store.accounts()
    ]


def found_account(room: Room, name: str, *, make: bool = False) -> Account:
    """The account of that name, made if somebody of the directory has none.

    Raises NotFound, and AccountChanged where it is not as it was when the change was thought of.
    """
    account = room.store.account(name)
    seen = room.origin.mark
    if seen is not None and seen != mark_of(room, account):
        known = account is not None
        if known or person_named(room.store.connection, room.store.organisation, name) is not None:
            raise AccountChanged("identity.account_changed", name=name, changes=())
    if account is not None:
        return account
    store = room.store
    person = person_named(store.connection, store.organisation, name) if make else None
    if person is None:
        raise NotFound("identity.no_account", name=name)
    account = store.add_account(room.now, name, person_id=person)
    room.note("account_made", account)
    return account


def _last(room: Room, account: Account) -> bool:
    """Whether no other administrator of the kind is let in."""
    return not any(
        each.administrator is account.administrator
        and each.disabled_at is None
        and each.id != account.id
        for each in room.store.accounts()
    )
