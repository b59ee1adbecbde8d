"""Whether something still holds, by instants alone. Pure.

The clock may have been set back: what was seen later than now is taken for over, never for young.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from api.identity.policy import Policy


class Ended(StrEnum):
    """Why a session is over."""

    IDLE = "idle"
    ABSOLUTE = "absolute"
    CLOCK = "clock"
    SIGNED_OUT = "signed_out"
    SIGNED_IN_ANEW = "signed_in_anew"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 (a reason)
    SECOND_FACTOR_REMOVED = "second_factor_removed"
    APPOINTMENT_ENDED = "appointment_ended"
    DISABLED = "disabled"
    ADMINISTRATOR = "administrator"
    LINK_REDEEMED = "link_redeemed"


@dataclass(frozen=True, slots=True)
class Seen:
    """When a session began, and when it was last used."""

    created_at: datetime
    seen_at: datetime


def session_over(seen: Seen, now: datetime, policy: Policy) -> Ended | None:
    """Why a session must not be used any more; None while it holds."""
    if now < seen.seen_at - timedelta(seconds=policy.clock_tolerance_seconds):
        return Ended.CLOCK
    if now - seen.created_at >= timedelta(minutes=policy.session_absolute_minutes):
        return Ended.ABSOLUTE
    if now - seen.seen_at >= timedelta(minutes=policy.session_idle_minutes):
        return Ended.IDLE
    return None


def to_be_noted(seen: Seen, now: datetime, policy: Policy) -> bool:
    """Whether the use is worth a write; what is not noted lets the session end the sooner."""
    return now - seen.seen_at >= timedelta(seconds=policy.session_seen_seconds)


def holds(created_at: datetime, expires_at: datetime, now: datetime, policy: Policy) -> bool:
    """Whether a link or token may be used: not past its end, nor before its making."""
    return created_at - timedelta(seconds=policy.clock_tolerance_seconds) <= now < expires_at


def fresh(at: datetime | None, now: datetime, policy: Policy) -> bool:
    """Whether a password or second factor was shown lately enough for what is grave."""
    if at is None:
        return False
    since = now - at
    return timedelta() <= since < timedelta(minutes=policy.session_fresh_minutes)


def fresh_for_signing(
    at: datetime | None, factor: datetime | None, now: datetime, policy: Policy
) -> bool:
    """Whether the password was shown lately enough to sign with what is held for its account.

    So must the second factor be, by whoever came in with one: `factor` is when, None without.
    """
    if at is None:
        return False
    lately = timedelta(minutes=policy.signature_fresh_minutes)
    return all(timedelta() <= now - each < lately for each in (at, factor) if each is not None)


def locked(until: datetime | None, now: datetime) -> bool:
    """Whether a lock holds still."""
    return until is not None and now < until


def lock_after(failures: int, now: datetime, policy: Policy) -> datetime | None:
    """Until when so many failures in a row lock; None where they do not."""
    if failures < policy.lock_tries:
        return None
    return now + timedelta(minutes=policy.lock_minutes)


def slow_after(failures: int, now: datetime, policy: Policy) -> datetime | None:
    """Until when an account is slowed down after so many failures from wherever; None if not."""
    if failures < policy.account_failures:
        return None
    return now + timedelta(seconds=policy.account_wait_seconds)


def slowed(failures: int, last: datetime | None, now: datetime, policy: Policy) -> bool:
    """Whether an address from which so many tries failed has to wait since the last of them."""
    if failures < policy.client_failures or last is None:
        return False
    return now < last + timedelta(seconds=policy.client_wait_seconds)


def password_expired(set_at: datetime, now: datetime, policy: Policy) -> bool:
    """Whether a password is too old to be used for anything but setting another."""
    return now - set_at >= timedelta(days=policy.password_age_days)
