"""Links, second factors, identities elsewhere, service tokens."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from sqlalchemy import select

from api.identity import tables as t
from api.identity.records import Link, SecondFactor, ServiceToken
from api.identity.store.base import Base

_LINK: Final = [
    t.one_time_link.c[name]
    for name in ("id", "account_id", "created_at", "expires_at", "ended_why")
]
_FACTOR: Final = [
    t.second_factor.c[name]
    for name in ("id", "secret", "confirmed_at", "last_step", "failures", "locked_until")
]


class Keys(Base):
    """Whatever opens an account besides its password."""

    def add_link(
        self, account: int, digest: str, purpose: str, at: datetime, expires_at: datetime
    ) -> None:
        """A new link, in the place of one that may still have been good."""
        o = t.one_time_link.c
        self.end_links(account, "replaced", at)
        self._run(
            t.one_time_link.insert(),
            {
                o.organisation_id.name: self.organisation,
                "account_id": account,
                "digest": digest,
                "purpose": purpose,
                "created_at": at,
                "expires_at": expires_at,
            },
        )

    def end_links(self, account: int, why: str, at: datetime) -> None:
        """No link of the account is good any more."""
        o = t.one_time_link.c
        self._run(
            t.one_time_link.update()
            .where(o.account_id == account, o.ended_at.is_(None))
            .values(ended_at=at, ended_why=why)
        )

    def link(self, digest: str) -> Link | None:
        """The link with this digest."""
        o = t.one_time_link.c
        row = self._run(
            select(*_LINK).where(o.organisation_id == self.organisation, o.digest == digest)
        ).first()
        return None if row is None else Link(*row)

    def second_factor(self, account: int) -> SecondFactor | None:
        """The second factor of an account, confirmed or not."""
        f = t.second_factor.c
        row = self._run(
            select(*_FACTOR).where(f.organisation_id == self.organisation, f.account_id == account)
        ).first()
        return None if row is None else SecondFactor(*row)

    def add_second_factor(self, account: int, secret: str, at: datetime) -> None:
        """A second factor that waits to be confirmed, in the place of the one before."""
        self.remove_second_factor(account)
        self._run(
            t.second_factor.insert(),
            {
                "organisation_id": self.organisation,
                "account_id": account,
                "secret": secret,
                "created_at": at,
                "failures": 0,
            },
        )

    def change_second_factor(self, factor: SecondFactor, **values: Any) -> None:  # noqa: ANN401
        """Write what came of a code."""
        f = t.second_factor
        self._run(f.update().where(f.c.id == factor.id).values(**values))

    def remove_second_factor(self, account: int) -> bool:
        """Forget it; tells whether there was one."""
        f = t.second_factor
        mine = (f.c.organisation_id == self.organisation) & (f.c.account_id == account)
        return bool(self._run(f.delete().where(mine)).rowcount)

    def external(self, issuer: str, subject: str) -> int | None:
        """The account that a subject of an issuer was told to be."""
        x = t.external_identity.c
        return self._run(
            select(x.account_id).where(
                x.organisation_id == self.organisation, x.issuer == issuer, x.subject == subject
            )
        ).scalar()

    def add_external(self, account: int, issuer: str, subject: str, at: datetime) -> None:
        """Say that a subject of an issuer is this account."""
        self._run(
            t.external_identity.insert(),
            {
                "organisation_id": self.organisation,
                "account_id": account,
                "issuer": issuer,
                "subject": subject,
                "linked_at": at,
            },
        )

    def remove_external(self, issuer: str, subject: str) -> None:
        """Say no longer who it is."""
        x = t.external_identity
        self._run(
            x.delete().where(
                x.c.organisation_id == self.organisation,
                x.c.issuer == issuer,
                x.c.subject == subject,
            )
        )

    def add_token(self, values: dict[str, object]) -> int:
        """A new service token."""
        given = {"organisation_id": self.organisation, **values}
        inserted: Any = self._run(t.service_token.insert(), given).inserted_primary_key
        return int(inserted[0])

    def tokens(self, account: int | None = None) -> list[ServiceToken]:
        """The service tokens of the organisation, or those on behalf of one account."""
        s = t.service_token.c
        about, maker = t.account.alias("about"), t.account.alias("maker")
        asked = (
            select(
                s.id,
                about.c.name,
                maker.c.name,
                s.purpose,
                s.scopes,
                s.created_at,
                s.expires_at,
                s.revoked_at,
            )
            .join(about, about.c.id == s.account_id)
            .join(maker, maker.c.id == s.made_by_id)
            .where(s.organisation_id == self.organisation)
            .order_by(s.id)
        )
        if account is not None:
            asked = asked.where(s.account_id == account)
        return [
            ServiceToken(key, name, by, purpose, tuple(scopes), *rest)
            for key, name, by, purpose, scopes, *rest in self._run(asked)
        ]

    def revoke_token(self, key: int, at: datetime) -> None:
        """The token opens nothing any more."""
        s = t.service_token.c
        self._run(
            t.service_token.update()
            .where(s.organisation_id == self.organisation, s.id == key, s.revoked_at.is_(None))
            .values(revoked_at=at)
        )
