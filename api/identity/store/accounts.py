"""Accounts and their passwords."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select

from api.identity import tables as t
from api.identity.principal import Administrator
from api.identity.records import Account
from api.identity.store.base import Base

_ACCOUNT: Final = [
    t.account.c[name]
    for name in (
        "id",
        "organisation_id",
        "name",
        "person_id",
        "administrator",
        "service",
        "password",
        "password_at",
        "failures",
        "locked_until",
        "disabled_at",
        "created_at",
        "version",
    )
]


class Accounts(Base):
    """Accounts, the present password and those before it."""

    def account(self, name: str) -> Account | None:
        """The account of that name."""
        a = t.account.c
        return _account(
            self._run(
                select(*_ACCOUNT).where(a.organisation_id == self.organisation, a.name == name)
            ).first()
        )

    def account_by_id(self, key: int) -> Account:
        """The account with this key, which must be there."""
        a = t.account.c
        found = _account(
            self._run(
                select(*_ACCOUNT).where(a.organisation_id == self.organisation, a.id == key)
            ).first()
        )
        if found is None:
            raise LookupError(key)
        return found

    def accounts(self) -> list[Account]:
        """Every account by its name."""
        a = t.account.c
        rows = self._run(
            select(*_ACCOUNT).where(a.organisation_id == self.organisation).order_by(a.name)
        )
        return [found for row in rows if (found := _account(row)) is not None]

    def add_account(self, at: datetime, name: str, **kind: object) -> Account:
        """A new account without a password; `kind` is `person_id`, `administrator` or `service`."""
        values = {
            "organisation_id": self.organisation,
            "name": name,
            "person_id": None,
            "administrator": None,
            "service": False,
            "failures": 0,
            "created_at": at,
            "version": 1,
            **kind,
        }
        inserted: Any = self._run(t.account.insert(), values).inserted_primary_key
        return self.account_by_id(int(inserted[0]))

    def change_account(self, account: Account, **values: Any) -> Account:  # noqa: ANN401
        """The account with other values, as its next version."""
        a = t.account.c
        self._run(
            t.account.update()
            .where(a.id == account.id, a.version == account.version)
            .values(version=account.version + 1, **values)
        )
        return replace(account, version=account.version + 1, **values)

    def former_passwords(self, account: int, newest: int) -> list[str]:
        """The digests of the newest passwords that an account had before."""
        f = t.former_password.c
        rows = self._run(
            select(f.password)
            .where(f.organisation_id == self.organisation, f.account_id == account)
            .order_by(f.id.desc())
            .limit(newest)
        )
        return [row.password for row in rows]

    def keep_former(self, account: Account, at: datetime, newest: int) -> None:
        """Keep the present password among the former ones, and forget those beyond the newest."""
        f = t.former_password.c
        self._run(
            t.former_password.insert(),
            {
                "organisation_id": self.organisation,
                "account_id": account.id,
                "password": account.password,
                "replaced_at": at,
            },
        )
        kept = (
            select(f.id).where(f.account_id == account.id).order_by(f.id.desc()).limit(newest)
        ).scalar_subquery()
        self._run(t.former_password.delete().where(f.account_id == account.id, f.id.not_in(kept)))


def _account(row: Sequence[Any] | None) -> Account | None:
    if row is None:
        return None
    key, home, name, person, administrator, *rest = row
    kind = None if administrator is None else Administrator(administrator)
    return Account(key, home, name, person, kind, *rest)
