"""Links, second factors, identities elsewhere, service tokens."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from sqlalchemy import func, select

from api.identity import tables as t
from api.identity.records import Link, SecondFactor, ServiceToken
from api.identity.store.base import Base

_LINK: Final = [
    t.one_time_link.c[name]
    for name in ("id", "account_id", "created_at", "expires_at", "ended_why", "purpose")
]
_FACTOR: Final = [
    t.second_factor.c[name]
    for name in ("id", "secret", "confirmed_at", "last_step", "failures", "locked_until")
]


class Keys(Base):
    """Whatever opens an account besides its password."""

    def add_link(
        self, account: int, digest: str, purpose: str, at: datetime, expires_at: datetime
    ) -> int:
        """A new link, in the place of one that may still have been good; gives its key."""
        o = t.one_time_link.c
        self.end_links(account, "replaced", at)
        inserted: Any = self._run(
            t.one_time_link.insert(),
            {
                o.organisation_id.name: self.organisation,
                "account_id": account,
                "digest": digest,
                "purpose": purpose,
                "created_at": at,
                "expires_at": expires_at,
            },
        ).inserted_primary_key
        return int(inserted[0])

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
        released = t.opener_release.c
        wanted: list[Any] = [*_LINK, released.id.is_not(None)]
        row = self._run(
            select(*wanted)
            .outerjoin_from(t.one_time_link, t.opener_release, released.link_id == o.id)
            .where(o.organisation_id == self.organisation, o.digest == digest)
        ).first()
        return None if row is None else Link(*row)

    def release(self, at: datetime, by: int | None, **opener: int) -> None:
        """Let a link (`link_id`) or an identity elsewhere (`external_id`) count."""
        values = {"organisation_id": self.organisation, "released_by_id": by, "released_at": at}
        self._run(t.opener_release.insert(), {**values, **opener})

    def waiting(self, account: int) -> tuple[list[int], list[int]]:
        """The links and the identities elsewhere of an account that wait to be released."""
        o, x, r = t.one_time_link.c, t.external_identity.c, t.opener_release.c
        links = (
            select(o.id)
            .outerjoin_from(t.one_time_link, t.opener_release, r.link_id == o.id)
            .where(o.organisation_id == self.organisation, o.account_id == account)
            .where(o.ended_at.is_(None), o.purpose == "reset", r.id.is_(None))
        )
        elsewhere = (
            select(x.id)
            .outerjoin_from(t.external_identity, t.opener_release, r.external_id == x.id)
            .where(x.organisation_id == self.organisation, x.account_id == account)
            .where(r.id.is_(None))
        )
        return list(self._run(links).scalars()), list(self._run(elsewhere).scalars())

    def openers(self, account: int) -> list[object]:
        """What there is that opens an account, as it stands: no secret of it."""
        o, f, x, r = (
            t.one_time_link.c,
            t.second_factor.c,
            t.external_identity.c,
            t.opener_release.c,
        )
        of = self.organisation
        asked = (
            select(func.max(o.id)).where(o.organisation_id == of, o.account_id == account),
            select(func.max(o.id)).where(
                o.organisation_id == of, o.account_id == account, o.ended_at.is_(None)
            ),
            select(func.max(f.id)).where(f.organisation_id == of, f.account_id == account),
            select(func.count()).where(
                f.organisation_id == of, f.account_id == account, f.confirmed_at.is_not(None)
            ),
            select(func.max(x.id)).where(x.organisation_id == of, x.account_id == account),
            select(func.count()).where(x.organisation_id == of, x.account_id == account),
            select(func.count())
            .select_from(t.opener_release)
            .outerjoin(t.one_time_link, o.id == r.link_id)
            .outerjoin(t.external_identity, x.id == r.external_id)
            .where(r.organisation_id == of)
            .where((o.account_id == account) | (x.account_id == account)),
        )
        return [self._run(each).scalar() for each in asked]

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
        """The account that a subject of an issuer was told to be, released or not."""
        x = t.external_identity.c
        return self._run(
            select(x.account_id).where(
                x.organisation_id == self.organisation, x.issuer == issuer, x.subject == subject
            )
        ).scalar()

    def external_released(self, issuer: str, subject: str) -> bool:
        """Whether a second person, or the machine itself, let it count."""
        x, r = t.external_identity.c, t.opener_release.c
        return (
            self._run(
                select(r.id)
                .join_from(t.opener_release, t.external_identity, x.id == r.external_id)
                .where(x.organisation_id == self.organisation)
                .where(x.issuer == issuer, x.subject == subject)
            ).first()
            is not None
        )

    def add_external(self, account: int, issuer: str, subject: str, at: datetime) -> int:
        """Say that a subject of an issuer is this account; gives the key of that."""
        inserted: Any = self._run(
            t.external_identity.insert(),
            {
                "organisation_id": self.organisation,
                "account_id": account,
                "issuer": issuer,
                "subject": subject,
                "linked_at": at,
            },
        ).inserted_primary_key
        return int(inserted[0])

    def remove_external(self, issuer: str, subject: str) -> None:
        """Say no longer who it is."""
        x = t.external_identity
        mine = select(x.c.id).where(
            x.c.organisation_id == self.organisation,
            x.c.issuer == issuer,
            x.c.subject == subject,
        )
        r = t.opener_release
        self._run(r.delete().where(r.c.external_id.in_(mine.scalar_subquery())))
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

    def revoke_tokens(self, account: int, at: datetime) -> int:
        """No token on behalf of the account opens anything any more; tells how many did."""
        s = t.service_token.c
        done = self._run(
            t.service_token.update()
            .where(s.organisation_id == self.organisation, s.account_id == account)
            .where(s.revoked_at.is_(None))
            .values(revoked_at=at)
        )
        return int(done.rowcount)

    def revoke_token(self, key: int, at: datetime) -> None:
        """The token opens nothing any more."""
        s = t.service_token.c
        self._run(
            t.service_token.update()
            .where(s.organisation_id == self.organisation, s.id == key, s.revoked_at.is_(None))
            .values(revoked_at=at)
        )
