"""The second factor: enrolled by its owner, shown when asked for, removed by an administrator."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field

from api.identity import codes, timing
from api.identity.errors import NotRecognised
from api.identity.events import Kind, Origin, Reason
from api.identity.records import Account, Admitted, SecondFactor, Session
from api.identity.room import Core, Room
from workflow.errors import Conflict, StoreTrouble, YichengError

NOT_FRESH = "identity.not_fresh"
WRONG_CODE = "identity.wrong_code"
FACTOR_WANTED = "identity.second_factor_wanted"


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What an authenticator app is told, once: as an address for a picture, and to be typed."""

    address: str = field(repr=False)
    secret: str = field(repr=False)


@dataclass(frozen=True)
class SecondFactors:
    """What the owner of an account does with their second factor."""

    core: Core

    def enrol(self, token: str, origin: Origin) -> Enrolment:
        """Make a secret for an authenticator app; it counts for nothing until `confirm`.

        Raises NotRecognised where the password was not shown lately, Conflict where there is a
        confirmed one: whoever stole a session must not put their own in its place.
        """
        secret = codes.new_secret()

        def work(room: Room, account: Account, session: Session) -> Enrolment | YichengError:
            if not timing.fresh(session.confirmed_at, room.now, room.policy):
                kind = Kind.SECOND_FACTOR_ENROLLED
                return room.refused(kind, account, Reason.NOT_FRESH, NOT_FRESH)
            there = room.store.second_factor(account.id)
            if there is not None and there.confirmed_at is not None:
                return Conflict("identity.second_factor_there", changes=())
            sealed = self.core.sealer.seal(secret, room.now)
            room.store.add_second_factor(account.id, sealed, room.now)
            room.note(Kind.SECOND_FACTOR_ENROLLED, account)
            address = codes.address_of(secret, account.name, room.organisation, room.policy)
            return Enrolment(address, base64.b32encode(secret).decode())

        return self.core.act_in_session(token, origin, work)

    def confirm(self, token: str, code: str, origin: Origin) -> Admitted:
        """Show the first code of a secret that was enrolled: from now on it counts."""
        return self._show(token, code, origin, Kind.SECOND_FACTOR_CONFIRMED)

    def show(self, token: str, code: str, origin: Origin) -> Admitted:
        """Show a code within a session, which gets a new token.  Raises NotRecognised."""
        return self._show(token, code, origin, Kind.SECOND_FACTOR_SHOWN)

    def _show(self, token: str, code: str, origin: Origin, kind: Kind) -> Admitted:
        first = kind is Kind.SECOND_FACTOR_CONFIRMED

        def work(room: Room, account: Account, session: Session) -> Admitted | YichengError:
            factor = room.store.second_factor(account.id)
            if factor is None or (factor.confirmed_at is None) is not first:
                return room.refused(kind, account, Reason.WRONG_CODE, WRONG_CODE)
            if (wrong := checked(room, self.core, account, factor, code)) is not None:
                return room.refused(kind, account, wrong, WRONG_CODE)
            if first:
                room.store.change_second_factor(factor, confirmed_at=room.now)
            room.note(kind, account)
            return room.rise(account, session, second_factor_at=room.now)

        return self.core.act_in_session(token, origin, work)


def checked(
    room: Room, core: Core, account: Account, factor: SecondFactor, code: str
) -> Reason | None:
    """Why a code does not count; None for one that does, which then never does again.

    Raises StoreTrouble where the key that sealed the secret is gone.
    """
    if timing.locked(factor.locked_until, room.now):
        return Reason.LOCKED
    secret = core.sealer.open(factor.secret)
    if secret is None:
        raise StoreTrouble("identity.key.other")
    step = codes.step_of(code, secret, room.now, room.policy)
    if step is not None and (factor.last_step is None or step > factor.last_step):
        room.store.change_second_factor(factor, last_step=step, failures=0, locked_until=None)
        return None
    failures = 1 if factor.locked_until is not None else factor.failures + 1
    until = timing.lock_after(failures, room.now, room.policy)
    room.store.change_second_factor(factor, failures=failures, locked_until=until)
    if until is not None:
        room.note(Kind.SECOND_FACTOR_LOCKED, account)
    return Reason.WRONG_CODE if step is None else Reason.CODE_USED


def factor_shown(
    room: Room, core: Core, account: Account, code: str | None, kind: Kind
) -> bool | NotRecognised:
    """Whether a second factor was shown; what is said where it is wanted and was not, or badly."""
    factor = room.store.second_factor(account.id)
    if factor is None or factor.confirmed_at is None:
        return False
    if code is None:
        return room.refused(kind, account, Reason.SECOND_FACTOR_WANTED, FACTOR_WANTED)
    wrong = checked(room, core, account, factor, code)
    return True if wrong is None else room.refused(kind, account, wrong)
