"""Sessions."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from api.identity import tables as t
from api.identity.records import Session
from api.identity.store.base import Base
from api.identity.timing import Ended


class Sessions(Base):
    """Sessions by their account; `doors` finds them by their token."""

    def add_session(
        self,
        account: int,
        digest: str,
        at: datetime,
        client: str,
        *,
        confirmed: datetime | None,
        second_factor: datetime | None,
    ) -> Session:
        """A new session; when password and second factor were shown for it, if they were."""
        values = {
            "organisation_id": self.organisation,
            "account_id": account,
            "digest": digest,
            "created_at": at,
            "seen_at": at,
            "confirmed_at": confirmed,
            "second_factor_at": second_factor,
            "client": client,
        }
        inserted: Any = self._run(t.session.insert(), values).inserted_primary_key
        return Session(int(inserted[0]), account, at, at, confirmed, second_factor)

    def change_session(self, session: Session, digest: str, **values: Any) -> Session:  # noqa: ANN401
        """The session under another token, with other values."""
        self._run(
            t.session.update().where(t.session.c.id == session.id).values(digest=digest, **values)
        )
        return replace(session, **values)

    def end_sessions(
        self,
        account: int,
        why: Ended,
        at: datetime,
        *,
        but: int | None = None,
        only: int | None = None,
    ) -> int:
        """End the open sessions of an account, or one of them; tells how many."""
        s = t.session.c
        which = [s.account_id == account, s.ended_at.is_(None)]
        if but is not None:
            which.append(s.id != but)
        if only is not None:
            which.append(s.id == only)
        done = self._run(t.session.update().where(*which).values(ended_at=at, ended_why=why.value))
        return int(done.rowcount)

    def open_sessions(self, account: int) -> int:
        """How many sessions of an account have not been ended; some may be over by the clock."""
        s = t.session.c
        asked = select(func.count()).where(s.account_id == account, s.ended_at.is_(None))
        return int(self._run(asked).scalar_one())
