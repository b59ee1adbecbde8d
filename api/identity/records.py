"""What the tables of identity hold, as the rest of it reads them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from api.identity.principal import Administrator, Principal
from api.identity.timing import Seen


@dataclass(frozen=True, slots=True)
class Account:
    """An account as it stands: of a person, of an administrator, or of a service (neither)."""

    id: int
    organisation_id: int
    name: str
    person_id: int | None
    administrator: Administrator | None
    service: bool
    password: str | None
    password_at: datetime | None
    failures: int
    locked_until: datetime | None
    disabled_at: datetime | None
    created_at: datetime
    version: int


@dataclass(frozen=True, slots=True)
class AccountView:
    """An account as an administrator sees it before changing it.

    `account` is None for somebody of the directory who has none yet; `mark` is what a change has
    to name; `waiting` is how many ways into it wait to be released.
    """

    name: str
    account: Account | None
    mark: str
    waiting: int


@dataclass(frozen=True, slots=True)
class Session:
    """A session that has not ended; whether it holds still is for `timing` to say."""

    id: int
    account_id: int
    created_at: datetime
    seen_at: datetime
    confirmed_at: datetime | None
    second_factor_at: datetime | None

    @property
    def seen(self) -> Seen:
        """Its beginning and last use."""
        return Seen(self.created_at, self.seen_at)


@dataclass(frozen=True, slots=True)
class Link:
    """A one-time link; `ended_why` once it was used or replaced.

    `purpose` is `start` where it was for a first password; `released` whether a second person, or
    the machine itself, let it count.
    """

    id: int
    account_id: int
    created_at: datetime
    expires_at: datetime
    ended_why: str | None
    purpose: str
    released: bool


@dataclass(frozen=True, slots=True)
class ServiceToken:
    """A service token, without the token itself, which nobody has but whoever was shown it."""

    id: int
    account: str
    made_by: str
    purpose: str
    scopes: tuple[str, ...]
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class SecondFactor:
    """A second factor; `secret` is sealed.  It counts once it was confirmed."""

    id: int
    secret: str
    confirmed_at: datetime | None
    last_step: int | None
    failures: int
    locked_until: datetime | None


@dataclass(frozen=True, slots=True)
class Admitted:
    """Who was let in, or rose in privilege: the token shown this once, and what pages send back."""

    token: str
    csrf: str
    principal: Principal


@dataclass(frozen=True, slots=True)
class NewLink:
    """A one-time link, shown this once; it waits until another administrator has released it."""

    token: str
    account: str
    expires_at: datetime
    waits: bool = False


@dataclass(frozen=True, slots=True)
class NewToken:
    """A service token, shown this once."""

    token: str
    id: int
    expires_at: datetime
