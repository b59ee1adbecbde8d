"""The tables of identity. Their triggers, which hold the promises, stand in migration 0003.

Nothing that opens a door is kept as it is: of a token there is its SHA-256, of a password its
argon2 digest, of a second factor what only the key outside the database opens.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Index,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlmodel import Field

from workflow.tables.columns import (
    Id,
    Row,
    digest_length,
    instant,
    metadata,
    optional_instant,
    parent_key,
    row_id,
    within,
)


def _digest() -> Any:  # noqa: ANN401
    return Field(unique=True, sa_type=String(64))


def _both_or_neither(one: str, other: str, name: str) -> CheckConstraint:
    return CheckConstraint(f"({one} IS NULL) = ({other} IS NULL)", name=name)


class AccountRow(Row, table=True):
    """An account: a person of the directory, one of the three administrators, or a service.

    `failures` counts wrong passwords since the last right one, from wherever they came; by
    `locked_until` a source that is not known waits.  Locks of sources are rows of their own.
    """

    __tablename__ = "account"
    __table_args__ = (
        parent_key(),
        UniqueConstraint("organisation_id", "name"),
        UniqueConstraint("organisation_id", "person_id"),
        within("person_id", "person"),
        CheckConstraint(
            "CASE WHEN person_id IS NULL THEN 0 ELSE 1 END"
            " + CASE WHEN administrator IS NULL THEN 0 ELSE 1 END"
            " + CASE WHEN service THEN 1 ELSE 0 END = 1",
            name="kind",
        ),
        CheckConstraint("administrator IN ('system', 'security', 'audit')", name="administrator"),
        CheckConstraint("NOT service OR password IS NULL", name="service_password"),
        _both_or_neither("password", "password_at", "password_at"),
        CheckConstraint("failures >= 0", name="failures"),
    )

    id: int | None = row_id()
    organisation_id: int = Field(sa_type=Id, foreign_key="organisation.id")
    name: str
    person_id: int | None = Field(default=None, sa_type=Id)
    administrator: str | None = None
    service: bool = False
    password: str | None = None
    password_at: datetime | None = optional_instant()
    failures: int = 0
    locked_until: datetime | None = optional_instant()
    disabled_at: datetime | None = optional_instant()
    created_at: datetime = instant()
    version: int = 1


class FormerPasswordRow(Row, table=True):
    """The digest of a password that an account had; as many are kept as must not be used again."""

    __tablename__ = "former_password"
    __table_args__ = (within("account_id", "account"), Index(None, "account_id", "id"))

    id: int | None = row_id()
    organisation_id: int = Field(sa_type=Id)
    account_id: int = Field(sa_type=Id)
    password: str
    replaced_at: datetime = instant()


class SessionRow(Row, table=True):
    """A session; its token changes at every rise of privilege, the row stays."""

    __tablename__ = "session"
    __table_args__ = (
        within("account_id", "account"),
        Index(None, "account_id"),
        digest_length(),
        _both_or_neither("ended_at", "ended_why", "ended_why"),
    )

    id: int | None = row_id()
    organisation_id: int = Field(sa_type=Id)
    account_id: int = Field(sa_type=Id)
    digest: str = _digest()
    created_at: datetime = instant()
    seen_at: datetime = instant()
    confirmed_at: datetime | None = optional_instant()
    second_factor_at: datetime | None = optional_instant()
    client: str
    ended_at: datetime | None = optional_instant()
    ended_why: str | None = None


class OneTimeLinkRow(Row, table=True):
    """A link that sets a password, once; an account has one at most that is still good."""

    __tablename__ = "one_time_link"
    __table_args__ = (
        within("account_id", "account"),
        Index(
            None,
            "account_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        digest_length(),
        CheckConstraint("purpose IN ('start', 'reset')", name="purpose"),
        _both_or_neither("ended_at", "ended_why", "ended_why"),
    )

    id: int | None = row_id()
    organisation_id: int = Field(sa_type=Id)
    account_id: int = Field(sa_type=Id)
    digest: str = _digest()
    purpose: str
    created_at: datetime = instant()
    expires_at: datetime = instant()
    ended_at: datetime | None = optional_instant()
    ended_why: str | None = None


class ServiceTokenRow(Row, table=True):
    """A token for a program, on behalf of `account_id`, within `scopes` only."""

    __tablename__ = "service_token"
    __table_args__ = (
        within("account_id", "account"),
        within("made_by_id", "account"),
        Index(None, "account_id"),
        digest_length(),
    )

    id: int | None = row_id()
    organisation_id: int = Field(sa_type=Id)
    account_id: int = Field(sa_type=Id)
    made_by_id: int = Field(sa_type=Id)
    purpose: str
    digest: str = _digest()
    scopes: list[str] = Field(sa_type=JSON)
    created_at: datetime = instant()
    expires_at: datetime = instant()
    revoked_at: datetime | None = optional_instant()


class SecondFactorRow(Row, table=True):
    """What an authenticator app shares with us; by `last_step` no code serves twice."""

    __tablename__ = "second_factor"
    __table_args__ = (
        UniqueConstraint("account_id"),
        within("account_id", "account"),
        CheckConstraint("failures >= 0", name="failures"),
    )

    id: int | None = row_id()
    organisation_id: int = Field(sa_type=Id)
    account_id: int = Field(sa_type=Id)
    secret: str = Field(sa_type=Text)
    created_at: datetime = instant()
    confirmed_at: datetime | None = optional_instant()
    last_step: int | None = Field(default=None, sa_type=BigInteger)
    failures: int = 0
    locked_until: datetime | None = optional_instant()


class ExternalIdentityRow(Row, table=True):
    """Somebody of an identity provider who has been told to be this account."""

    __tablename__ = "external_identity"
    __table_args__ = (
        UniqueConstraint("organisation_id", "issuer", "subject"),
        within("account_id", "account"),
    )

    id: int | None = row_id()
    organisation_id: int = Field(sa_type=Id)
    account_id: int = Field(sa_type=Id)
    issuer: str
    subject: str
    linked_at: datetime = instant()


class OpenerReleaseRow(Row, table=True):
    """That a way into an account which an administrator made counts: by the other, or at founding.

    `released_by_id` is nobody where it came from the machine itself.  What has no release waits.
    """

    __tablename__ = "opener_release"
    __table_args__ = (
        UniqueConstraint("link_id"),
        UniqueConstraint("external_id"),
        within("released_by_id", "account"),
        CheckConstraint("(link_id IS NULL) <> (external_id IS NULL)", name="opener"),
    )

    id: int | None = row_id()
    organisation_id: int = Field(sa_type=Id)
    link_id: int | None = Field(default=None, sa_type=Id, foreign_key="one_time_link.id")
    external_id: int | None = Field(default=None, sa_type=Id, foreign_key="external_identity.id")
    released_by_id: int | None = Field(default=None, sa_type=Id)
    released_at: datetime = instant()


class SignInSourceRow(Row, table=True):
    """Wrong passwords for an account from one source since the last right one from there."""

    __tablename__ = "sign_in_source"
    __table_args__ = (
        within("account_id", "account"),
        CheckConstraint("failures >= 1", name="failures"),
    )

    organisation_id: int = Field(sa_type=Id)
    account_id: int = Field(primary_key=True, sa_type=Id)
    source: str = Field(primary_key=True)
    failures: int
    failed_at: datetime = instant()
    locked_until: datetime | None = optional_instant()


class IdentityRequestRow(Row, table=True):
    """A change of identity that was made under a key; nothing of what was sent or answered."""

    __tablename__ = "identity_request"

    organisation_id: int = Field(primary_key=True, sa_type=Id, foreign_key="organisation.id")
    key: str = Field(primary_key=True, sa_type=String(64))
    fingerprint: str = Field(sa_type=String(64))
    at: datetime = instant()


class SecurityHeadRow(Row, table=True):
    """The end of an organisation's security events, and how long they are kept at least."""

    __tablename__ = "security_head"

    organisation_id: int = Field(primary_key=True, sa_type=Id, foreign_key="organisation.id")
    seq: int = Field(sa_type=BigInteger)
    retention_days: int


class SecurityEventRow(Row, table=True):
    """What happened to an account, or was done to it by `actor_id`; never changed.

    Of a name that is no account nothing is kept: a password may have been typed for it.
    """

    __tablename__ = "security_event"
    __table_args__ = (
        within("account_id", "account"),
        within("actor_id", "account"),
        CheckConstraint("result IN ('done', 'refused')", name="result"),
        Index(None, "organisation_id", "client", "at"),
        Index(None, "organisation_id", "account_id", "seq"),
    )

    organisation_id: int = Field(primary_key=True, sa_type=Id, foreign_key="organisation.id")
    seq: int = Field(primary_key=True, sa_type=BigInteger)
    at: datetime = instant()
    account_id: int | None = Field(default=None, sa_type=Id)
    actor_id: int | None = Field(default=None, sa_type=Id)
    kind: str
    result: str
    reason: str | None = None
    request: str | None = None
    client: str | None = None


def _table(name: str) -> Table:
    return metadata.tables[name]


account: Final = _table("account")
former_password: Final = _table("former_password")
session: Final = _table("session")
one_time_link: Final = _table("one_time_link")
service_token: Final = _table("service_token")
second_factor: Final = _table("second_factor")
external_identity: Final = _table("external_identity")
opener_release: Final = _table("opener_release")
sign_in_source: Final = _table("sign_in_source")
identity_request: Final = _table("identity_request")
security_head: Final = _table("security_head")
security_event: Final = _table("security_event")
