"""What is sent to sign in and to administer, and what is answered."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from api.http.shapes.common import Told

_Secret = Annotated[str, Field(max_length=1000)]
#: What no driver of a database should be bothered with is no name of anybody.
_Name = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")]
Act = Literal[
    "link",
    "release",
    "disable",
    "enable",
    "unlock",
    "end-sessions",
    "remove-second-factor",
    "end-signing-key",
]


class Sent(BaseModel):
    """Base of what is sent: no member that is not known, nothing taken for what it is not."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Credentials(Sent):
    """`code` is that of the second factor, where the account has one."""

    organisation: _Name
    account: _Name
    password: _Secret
    code: _Name | None = None


class Replacement(Credentials):
    """A password that expired, and the new one."""

    new_password: _Secret


class Password(Sent):
    """One's password."""

    password: _Secret


class PasswordChange(Password):
    """One's password, and the new one."""

    new_password: _Secret


class Code(Sent):
    """The code that the authenticator app shows."""

    code: _Name


class OneTimeLink(Sent):
    """What stands at the end of a one-time link."""

    token: _Name


class Redemption(OneTimeLink):
    """A one-time link, and the password that it is to set."""

    new_password: _Secret


class ExternalReturn(Sent):
    """What the identity provider sent the browser back with."""

    state: _Secret
    code: Annotated[str, Field(min_length=1, max_length=4000)]
    iss: _Secret | None = None


class NewToken(Sent):
    """A service token to be made; on behalf of `account` where that is a service."""

    purpose: _Name
    scopes: list[_Name]
    days: int
    account: _Name | None = None


class NewAccount(Sent):
    """The account of a service or of another administrator."""

    account: _Name
    kind: Literal["service", "system", "security", "audit"]


class ExternalIdentity(Sent):
    """Somebody of an identity provider; `linked: false` takes the link away."""

    issuer: _Name
    subject: _Name
    linked: bool = True


class Nothing(Sent):
    """Nothing has to be sent."""


class Notice(Told):
    """What was done to what opens one's account."""

    at: datetime
    kind: str


class Session(Told):
    """Who is signed in; `csrf` goes back in X-CSRF-Token with every change.

    `notices` are what was done to what opens the account, the newest first.
    """

    organisation: str
    account: str
    administrator: str | None
    csrf: str
    confirmed_at: datetime | None
    second_factor_at: datetime | None
    notices: list[Notice]


class Opened(Told):
    """Whose password a one-time link sets, and until when; `waits` for another administrator."""

    organisation: str
    account: str
    expires_at: datetime
    waits: bool


class SentElsewhere(Told):
    """Where to send the browser."""

    address: str


class Enrolment(Told):
    """What an authenticator app is told, once."""

    address: str
    secret: str


class Done(Told):
    """It is done."""

    done: bool


class Administered(Done):
    """It is done; `link` is a one-time link, told this once.

    `waits` where another administrator has to release it first.
    """

    link: str | None = None
    expires_at: datetime | None = None
    waits: bool | None = None


class ServiceToken(Told):
    """A service token without itself."""

    id: int
    account: str
    made_by: str
    purpose: str
    scopes: list[str]
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None


class ServiceTokens(Told):
    """Service tokens; `next` is the cursor of the page behind this one."""

    items: list[ServiceToken]
    next: str | None


class MadeToken(Told):
    """A service token, told this once."""

    id: int
    token: str
    expires_at: datetime


class Account(Told):
    """An account."""

    account: str
    kind: str
    password: bool
    locked: bool
    disabled: bool


class AccountView(Account):
    """An account as a change of it has to name it; `waiting` ways into it are not released."""

    waiting: int


class Accounts(Told):
    """Accounts; `next` is the cursor of the page behind this one."""

    items: list[Account]
    next: str | None


class SecurityEvent(Told):
    """What happened to an account."""

    event: int
    at: datetime
    kind: str
    result: str
    reason: str | None
    account: str | None
    actor: str | None
    client: str | None
    request: str | None


class SecurityEvents(Told):
    """Security events in their order; `next` is the number to go on after."""

    items: list[SecurityEvent]
    next: int | None


class Setting(Told):
    """A number of the identity policy, within what limits, and what it rests on."""

    name: str
    value: int
    least: int | None
    most: int | None
    citations: list[str]


class IdentityPolicy(Told):
    """The numbers by which it is told who somebody is."""

    version: str
    settings: list[Setting]
