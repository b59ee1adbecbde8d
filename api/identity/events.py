"""Security events: what may happen to an account, and what keeps it from happening."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


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
    TOKEN_REVOKED = "token_revoked"  # noqa: S105 (the same)


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
    NOT_THEIRS = "not_theirs"
    NOT_POSSIBLE = "not_possible"
    EXTERNAL_REFUSED = "external_refused"
    EXTERNAL_UNLINKED = "external_unlinked"
    NOT_UNMASKED = "not_unmasked"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a request comes from: the address, and the number that the request has in the log."""

    client: str
    request: str | None = None


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
