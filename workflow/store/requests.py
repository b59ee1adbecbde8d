"""Requests that were answered, with their answers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select

from workflow import tables as t
from workflow.prepared import Prepared
from workflow.store.base import Base

_REQUEST = Prepared(
    select(t.request.c.fingerprint, t.request.c.outcome).where(
        t.request.c.organisation_id == bindparam("home"), t.request.c.key == bindparam("key")
    )
)
_ADD_REQUEST = Prepared(
    t.request.insert().inline(), "organisation_id", "key", "fingerprint", "outcome", "at"
)


class Requests(Base):
    """The same key and fingerprint get the same answer again."""

    def request(self, key: str) -> tuple[str, Mapping[str, Any]] | None:
        """The fingerprint and the outcome of a request that was answered before."""
        for row in _REQUEST.read(self._connection, {"home": self.home.id, "key": key}):
            return row[0], json.loads(row[1])
        return None

    def add_request(self, key: str, fingerprint: str, outcome: str, at: datetime) -> None:
        """Remember the answer to a request."""
        _ADD_REQUEST.write(
            self._connection,
            {
                "organisation_id": self.home.id,
                "key": key,
                "fingerprint": fingerprint,
                "outcome": outcome,
                "at": at,
            },
        )
