"""The founding of an organisation: its units and people, and the first entry of its journal."""

from __future__ import annotations

import json
from datetime import date
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, bindparam, select
from sqlalchemy.exc import IntegrityError

from procedures.organisation import Organisation
from workflow import tables as t
from workflow.canonical import SHA256, canonical
from workflow.definition import Text
from workflow.errors import Conflict
from workflow.journal import GENESIS, write
from workflow.ports import Clock
from workflow.retainers import FILE
from workflow.service.requests import DONE
from workflow.store import Store, home, organisation_codes
from workflow.uow import UnitOfWork

COMMAND: Final = "found"
ACTOR: Final = "system"
"""Who founds: nobody of the organisation can, for it is not there yet."""


def found(uow: UnitOfWork, organisation: Organisation, clock: Clock, digests: str = SHA256) -> bool:
    """Write an organisation into a database, all or nothing; tells whether it was written.

    Harmless when repeated with the same file.  Raises Conflict (`founding.differs`) where an
    organisation of that code was founded otherwise: nothing is ever overwritten.
    """
    try:
        with uow.write() as connection:
            return _found(connection, organisation, clock, digests)
    except IntegrityError:
        # Somebody founded it at the same moment; their work is there to be compared with now.
        with uow.write() as connection:
            return _found(connection, organisation, clock, digests)


def organisations(uow: UnitOfWork) -> tuple[str, ...]:
    """The codes of the organisations in a database, in the order of their founding."""
    with uow.read() as connection:
        return organisation_codes(connection)


def _found(connection: Connection, organisation: Organisation, clock: Clock, digests: str) -> bool:
    told = _told(organisation)
    there = home(connection, organisation.id)
    if there is not None:
        where, _ = there
        if _founded_as(connection, where.id) != canonical(told):
            raise Conflict("founding.differs", organisation=organisation.id, name=where.name)
        return False
    _add_people(connection, organisation, _add_organisation(connection, organisation))
    founded = home(connection, organisation.id)
    if founded is None:
        raise LookupError(organisation.id)
    store = Store(connection, founded[0])
    at = clock.now()
    content = {
        "organisation": organisation.id,
        "command": COMMAND,
        "status": DONE,
        "actor": ACTOR,
        "payload": told,
    }
    columns = {
        "matter_id": None,
        "matter_version": None,
        "meeting_id": None,
        "at": at,
        "actor": ACTOR,
        "command": COMMAND,
        "status": DONE,
    }
    entry = write(store.lock_head(), content, at, digests)
    store.add_entry(entry, columns)
    day = at.astimezone(ZoneInfo(organisation.time_zone)).date()
    for position, retainer in enumerate(organisation.retainers, 1):
        store.add_retainer_record(
            {
                "position": position,
                "command": FILE,
                "actor": ACTOR,
                "principal": None,
                "unit": "",
                "role": "",
                "payload": canonical(retainer),
                "filed_at": at,
                "filed_on": day,
                "journal_seq": entry.seq,
            }
        )
    return True


def _told(organisation: Organisation) -> dict[str, object]:
    """The organisation as its first entry keeps it."""
    return {
        "id": organisation.id,
        "name": _both(organisation.name),
        "profile": organisation.profile,
        "time_zone": organisation.time_zone,
        "rehearsal": organisation.rehearsal,
        # What was founded before there were lists is told as it was then.
        **({"series": list(organisation.series)} if organisation.series else {}),
        "units": [
            {"id": unit.id, "name": _both(unit.name), "functions": list(unit.functions)}
            for unit in organisation.units
        ],
        "people": [
            {
                "account": person.account,
                "name": _both(person.name),
                "posts": [
                    {
                        "role": post.role,
                        "unit": post.unit,
                        "since": None if post.since is None else post.since.isoformat(),
                        "until": None if post.until is None else post.until.isoformat(),
                    }
                    for post in person.posts
                ],
            }
            for person in organisation.people
        ],
        **({"retainers": list(organisation.retainers)} if organisation.retainers else {}),
    }


def _founded_as(connection: Connection, key: int) -> str:
    j = t.journal.c
    body = connection.execute(
        select(j.body).where(j.organisation_id == key, j.seq == 1, j.command == COMMAND)
    ).scalar()
    return "" if body is None else canonical(json.loads(body)["payload"])


def _add_organisation(connection: Connection, organisation: Organisation) -> int:
    inserted: Any = connection.execute(
        t.organisation.insert(),
        {
            "code": organisation.id,
            "name_zh": organisation.name.zh,
            "name_en": organisation.name.en,
            "profile": organisation.profile,
            "time_zone": organisation.time_zone,
            "rehearsal": organisation.rehearsal,
            "directory_version": 1,
            "series": list(organisation.series),
        },
    ).inserted_primary_key
    key = int(inserted[0])
    connection.execute(
        t.journal_head.insert(), {"organisation_id": key, "seq": 0, "digest": GENESIS}
    )
    return key


def _add_people(connection: Connection, organisation: Organisation, key: int) -> None:
    connection.execute(
        t.unit.insert(),
        [
            {"organisation_id": key, "code": unit.id, "functions": list(unit.functions)}
            | _named(unit.name)
            for unit in organisation.units
        ],
    )
    connection.execute(
        t.person.insert(),
        [
            {"organisation_id": key, "account": person.account} | _named(person.name)
            for person in organisation.people
        ],
    )
    units = _keys(connection, t.unit, "code", key)
    people = _keys(connection, t.person, "account", key)
    connection.execute(
        t.appointment.insert(),
        [
            {
                "organisation_id": key,
                "person_id": people[person.account],
                "unit_id": units[post.unit],
                "role": post.role,
                "since": date.min if post.since is None else post.since,
                "until": post.until,
            }
            for person in organisation.people
            for post in person.posts
        ],
    )


def _keys(connection: Connection, table: Any, name: str, key: int) -> dict[str, int]:  # noqa: ANN401
    rows = connection.execute(
        select(table.c[name], table.c.id).where(table.c.organisation_id == bindparam("home")),
        {"home": key},
    )
    return {row[0]: row.id for row in rows}


def _both(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}


def _named(text: Text) -> dict[str, str]:
    return {"name_zh": text.zh, "name_en": text.en}
