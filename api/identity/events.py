"""Security events: what may happen to an account, and what keeps it from happening."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final


class Kind(StrEnum):
    """What was tried.  Acts of administrators are named as in `administration.yaml`."""

    SIGN_IN = "sign_in"
    SIGN_OUT = "sign_out"
    EXTERNAL_SIGN_IN = "external_sign_in"
    SESSION_ENDED = "session_ended"
    ACCOUNT_MADE = "account_made"
    ACCOUNT_LOCKED = "account_locked"
    PASSWORD_CONFIRMED = "password_confirmed"  # noqa: S105 (a kind of event)
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 (the same)
    LINK_REDEEMED = "link_redeemed"
    SECOND_FACTOR_ENROLLED = "second_factor_enrolled"
    SECOND_FACTOR_CONFIRMED = "second_factor_confirmed"
    SECOND_FACTOR_SHOWN = "second_factor_shown"
    SECOND_FACTOR_LOCKED = "second_factor_locked"
    PERSONAL_DATA_READ = "personal_data_read"
    TOKEN_MADE = "token_made"  # noqa: S105 (the same)
    ASKED_IN_VAIN = "asked_in_vain"
    TOKEN_REVOKED = "token_revoked"  # noqa: S105 (the same)
    TOKEN_REFUSED = "token_refused"  # noqa: S105 (the same)


class Reason(StrEnum):
    """Why something was refused; told to the audit administrator, not to whoever tried."""

    UNKNOWN_ACCOUNT = "unknown_account"
    WRONG_PASSWORD = "wrong_password"  # noqa: S105 (a reason)
    NO_PASSWORD = "no_password"  # noqa: S105 (the same)
    PASSWORD_EXPIRED = "password_expired"  # noqa: S105 (the same)
    PASSWORD_REFUSED = "password_refused"  # noqa: S105 (the same)
    CHANGED_MEANWHILE = "changed_meanwhile"
    LOCKED = "locked"
    SLOWED = "slowed"
    DISABLED = "disabled"
    NO_POST = "no_post"
    SECOND_FACTOR_WANTED = "second_factor_wanted"
    WRONG_CODE = "wrong_code"
    CODE_USED = "code_used"
    NOT_FRESH = "not_fresh"
    LINK_OVER = "link_over"
    NOT_RELEASED = "not_released"
    UNKNOWN_TOKEN = "unknown_token"  # noqa: S105 (a reason)
    REVOKED = "revoked"
    EXPIRED = "expired"
    OUT_OF_SCOPE = "out_of_scope"
    MANY_MORE = "many_more"
    NOT_THEIRS = "not_theirs"
    NOT_POSSIBLE = "not_possible"
    EXTERNAL_REFUSED = "external_refused"
    EXTERNAL_UNLINKED = "external_unlinked"
    NOT_UNMASKED = "not_unmasked"


#: What happens to what opens an account, of which its owner is told; acts as in the table of acts.
TOLD: Final = (
    Kind.PASSWORD_CHANGED,
    Kind.LINK_REDEEMED,
    Kind.ACCOUNT_LOCKED,
    Kind.SECOND_FACTOR_CONFIRMED,
    Kind.SECOND_FACTOR_LOCKED,
    Kind.TOKEN_MADE,
    Kind.TOKEN_REVOKED,
    "make_link",
    "release",
    "remove_second_factor",
    "link_external",
    "unlink_external",
    "end_sessions",
    "disable_account",
    "enable_account",
    "revoke_token",
)


@dataclass(frozen=True, slots=True)
class Once:
    """The key under which a change is made once; `shown` is as the caller wrote it.

    `prints` are fingerprints of what is asked, one by each key that seals, the present one first.
    """

    shown: str
    key: str
    prints: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a request comes from: the address, and the number that the request has in the log.

    `once` is its key, `mark` the state of the account for which it was made, where they matter.
    """

    client: str
    request: str | None = None
    once: Once | None = None
    mark: str | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """A security event; `account` is whom it concerns, `actor` the administrator who did it."""

    seq: int
    at: datetime
    account: str | None
    actor: str | None
    kind: str
    done: bool
    reason: str | None
    request: str | None
    client: str | None
