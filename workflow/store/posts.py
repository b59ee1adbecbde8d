"""Whether somebody is in the directory, and whether they hold any post: asked at every door."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection, exists, or_, select

from workflow import tables as t


def person_named(connection: Connection, organisation: int, account: str) -> int | None:
    """The key of the person of that account, None if there is none."""
    p = t.person.c
    found = connection.execute(
        select(p.id).where(p.organisation_id == organisation, p.account == account)
    ).scalar()
    return None if found is None else int(found)


def holds_a_post(connection: Connection, organisation: int, person: int, day: date) -> bool:
    """Whether a person holds any appointment on a business date."""
    a = t.appointment.c
    held = exists().where(
        a.organisation_id == organisation,
        a.person_id == person,
        a.since <= day,
        or_(a.until.is_(None), a.until >= day),
    )
    return bool(connection.execute(select(held)).scalar())
