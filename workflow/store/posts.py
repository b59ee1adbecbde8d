"""Whether somebody is in the directory, and whether they hold any post: asked at every door."""

from __future__ import annotations

from datetime import date
from typing import Final

from sqlalchemy import Connection, bindparam, or_, select

from workflow import tables as t
from workflow.prepared import Prepared

_a = t.appointment.c
_HELD: Final = Prepared(
    select(_a.id).where(
        _a.organisation_id == bindparam("home"),
        _a.person_id == bindparam("person"),
        _a.since <= bindparam("day"),
        or_(_a.until.is_(None), _a.until >= bindparam("day")),
    )
)


def person_named(connection: Connection, organisation: int, account: str) -> int | None:
    """The key of the person of that account, None if there is none."""
    p = t.person.c
    found = connection.execute(
        select(p.id).where(p.organisation_id == organisation, p.account == account)
    ).scalar()
    return None if found is None else int(found)


def holds_a_post(connection: Connection, organisation: int, person: int, day: date) -> bool:
    """Whether a person holds any appointment on a business date."""
    found = _HELD.read(connection, {"home": organisation, "person": person, "day": day})
    return bool(found)
