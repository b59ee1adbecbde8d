"""Raw SQL on a migrated database, as somebody writes it who goes past the program.

On SQLite such a connection has foreign keys and recursive triggers off, as they are by default.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Connection, NullPool, create_engine
from sqlalchemy.exc import DBAPIError

AT = "2026-09-01 08:00:00+00"
GENESIS = "0" * 64


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


class Sql(str):
    """A value that is worked out by the database."""

    __slots__ = ()


LAST = 3
"""The number of the entry at the end of `READY`, by which matter 1 may be tabled."""
NEWEST = Sql("(SELECT seq FROM journal_head WHERE organisation_id = 1)")


def literal(value: object) -> str:
    if isinstance(value, Sql):
        return value
    if value is None:
        return "NULL"
    if isinstance(value, bool | int):
        return str(value).lower()
    return "'" + str(value).replace("'", "''") + "'"


def insert(table: str, verb: str = "INSERT", **values: object) -> str:
    columns = ", ".join(f'"{name}"' for name in values)
    return f"{verb} INTO {table} ({columns}) VALUES ({', '.join(map(literal, values.values()))})"


class Intruder:
    """Runs statements, each in a transaction of its own."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._engine = create_engine(url, poolclass=NullPool)
        self.backend = self._engine.dialect.name

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        with self._engine.begin() as connection:
            yield connection

    def run(self, *statements: str) -> None:
        with self.transaction() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement)

    def ask(self, statement: str) -> object:
        with self.transaction() as connection:
            return connection.exec_driver_sql(statement).scalar()

    def refused(self, *statements: str) -> str:
        """What the database says against the last of the statements, in its first line."""
        *before, last = statements
        with self._engine.connect() as connection:
            for statement in before:
                connection.exec_driver_sql(statement)
            with pytest.raises(DBAPIError) as caught:
                connection.exec_driver_sql(last)
        return str(caught.value.orig).splitlines()[0]


# --- lawful rows ----------------------------------------------------------------------------------
# Organisation 1 has the matters 1 and 2 and the meetings 1 and 2, organisation 9 the ones
# numbered 9. Matter 1 may be tabled. Matter 2 has a text and no review.


def organisation(key: int, verb: str = "INSERT", **values: object) -> str:
    row = {
        "id": key,
        "code": f"office-{key}",
        "name_zh": "管理办公室",
        "name_en": "Office",
        "profile": "zone",
        "time_zone": "Asia/Shanghai",
        "rehearsal": False,
        "directory_version": 1,
        # Nobody signs yet; `test_constraints_signatures` tries what holds once somebody does.
        "signs_from": 1000,
    }
    return insert("organisation", verb, **row | values)


def person(key: int, home: int = 1) -> str:
    account = f"clerk-{key}"
    return insert(
        "person", id=key, organisation_id=home, account=account, name_zh="经办人", name_en="Clerk"
    )


def unit(key: int, home: int = 1) -> str:
    named = {"name_zh": "办公室", "name_en": "Office", "functions": "[]"}
    return insert("unit", id=key, organisation_id=home, code=f"unit-{key}", **named)


def appointment(key: int, verb: str = "INSERT", **values: object) -> str:
    row = {
        "id": key,
        "organisation_id": 1,
        "person_id": 1,
        "unit_id": 1,
        "role": "clerk",
        "since": "2026-09-01",
        "until": "2026-12-31",
    }
    return insert("appointment", verb, **row | values)


def mandate(key: int, verb: str = "INSERT", **values: object) -> str:
    row = {
        "id": key,
        "organisation_id": 1,
        "principal_id": 1,
        "agent_id": 2,
        "commands": "[]",
        "since": "2026-09-01",
        "until": "2026-09-30",
    }
    return insert("mandate", verb, **row | values)


def procedure_version(key: int, verb: str = "INSERT", **values: object) -> str:
    row = {
        "id": key,
        "procedure": "zone",
        "version": f"2026-01-{key:02d}",
        "digest": digest(f"procedure {key}"),
        "source": "id: zone",
        "stored_at": AT,
    }
    return insert("procedure_version", verb, **row | values)


def matter(key: int, home: int = 1, verb: str = "INSERT", **values: object) -> str:
    row = {
        "id": key,
        "organisation_id": home,
        "number": f"2026-{key:04d}",
        "year": 2026,
        "serial": key,
        "title": "污水处理费调整",
        "procedure_version_id": 1,
        "stage": "cleared",
        "version": 1,
        "answers": "{}",
        "proposing_unit": "construction",
        "co_units": "[]",
        "created_at": AT,
        "updated_at": AT,
    }
    return insert("matter", verb, **row | values)


def meeting(key: int, home: int = 1, verb: str = "INSERT", **values: object) -> str:
    row = {
        "id": key,
        "organisation_id": home,
        "code": f"M2026-{key:03d}",
        "year": 2026,
        "serial": key,
        "body": "party_group",
        "held_on": "2026-09-20",
        "version": 1,
        "created_at": AT,
    }
    return insert("meeting", verb, **row | values)


def entry(seq: int, home: int = 1, verb: str = "INSERT", **values: object) -> str:
    row = {
        "organisation_id": home,
        "seq": seq,
        "at": AT,
        "actor": "clerk-1",
        "command": "propose_agenda_item",
        "status": "done",
        "matter_id": home,
        "body": "{}",
        "previous": digest(f"entry {home} {seq - 1}") if seq > 1 else GENESIS,
        "digest": digest(f"entry {home} {seq}"),
    }
    return insert("journal", verb, **row | values)


def said(command: str, **values: Any) -> tuple[str, str]:
    """The entry of a command at whatever is the end of the journal of organisation 1."""
    row = {
        "organisation_id": 1,
        "at": AT,
        "actor": "clerk-1",
        "command": command,
        "status": "done",
        "matter_id": None,
        "meeting_id": None,
        "body": "{}",
        **values,
    }
    columns = ", ".join(f'"{name}"' for name in row)
    digests = " ".join(f"WHEN {seq} THEN '{digest(f'entry 1 {seq}')}'" for seq in range(1, 20))
    told = ", ".join(map(literal, row.values()))
    written = (
        f"INSERT INTO journal ({columns}, seq, previous, digest) SELECT {told}, seq + 1, digest, "
        f"CASE seq + 1 {digests} END FROM journal_head WHERE organisation_id = 1"
    )
    moved = (
        "UPDATE journal_head SET seq = seq + 1, digest = (SELECT digest FROM journal "
        f"WHERE organisation_id = 1 AND seq = 1 + {NEWEST}) WHERE organisation_id = 1"
    )
    return written, moved


def first_head(home: int = 1, verb: str = "INSERT", **values: object) -> str:
    row = {"organisation_id": home, "seq": 0, "digest": GENESIS}
    return insert("journal_head", verb, **row | values)


def move_head(seq: int, home: int = 1, to: str = "") -> str:
    return (
        f"UPDATE journal_head SET seq = {seq}, digest = '{to or digest(f'entry {home} {seq}')}' "
        f"WHERE organisation_id = {home}"
    )


def draft(
    key: int, number: int, text: str, about: int = 1, verb: str = "INSERT", **values: object
) -> str:
    row = {
        "id": key,
        "organisation_id": 9 if about == 9 else 1,
        "matter_id": about,
        "number": number,
        "digest": digest(text),
        "text": text,
        "created_at": AT,
    }
    return insert("draft", verb, **row | values)


def set_draft(key: int, about: int = 1) -> str:
    return f"UPDATE matter SET current_draft_id = {key} WHERE id = {about}"


def record(key: int, position: int, about: int = 1, verb: str = "INSERT", **values: object) -> str:
    row = {
        "id": key,
        "organisation_id": 9 if about == 9 else 1,
        "matter_id": about,
        "position": position,
        "command": "give_review_verdict",
        "outcome": "",
        "actor": "clerk-1",
        "unit": "legal",
        "role": "reviewer",
        "payload": "{}",
        "draft_number": 1,
        "filed_at": AT,
        "filed_on": "2026-09-01",
        "journal_seq": NEWEST,
    }
    return insert("record", verb, **row | values)


def review(
    key: int, position: int, text: str, about: int = 1, verb: str = "INSERT", **values: object
) -> str:
    row = {
        "id": key,
        "organisation_id": 9 if about == 9 else 1,
        "matter_id": about,
        "position": position,
        "draft_id": about,
        "digest": digest(text),
        "verdict": "lawful",
        "passed": True,
        "given_at": AT,
    }
    return insert("review", verb, **row | values)


def clearance(key: int, text: str, about: int = 1, verb: str = "INSERT", **values: object) -> str:
    row = {
        "id": key,
        "organisation_id": 9 if about == 9 else 1,
        "matter_id": about,
        "draft_id": about,
        "digest": digest(text),
        "review_id": about,
        "issued_at": AT,
        "journal_seq": LAST,
    }
    return insert("clearance", verb, **row | values)


def agenda_item(key: int = 1, verb: str = "INSERT", **values: object) -> str:
    row = {
        "id": key,
        "organisation_id": 1,
        "meeting_id": 1,
        "matter_id": 1,
        "clearance_id": 1,
        "place": 1,
        "listed_at": AT,
    }
    return insert("agenda_item", verb, **row | values)


def catalogue_record(key: int, position: int, verb: str = "INSERT", **values: object) -> str:
    row = {
        "id": key,
        "organisation_id": 1,
        "year": 2026,
        "position": position,
        "command": "nominate_entry",
        "actor": "clerk-1",
        "unit": "planning",
        "role": "clerk",
        "payload": "{}",
        "filed_at": AT,
        "filed_on": "2026-09-01",
        "journal_seq": NEWEST,
    }
    return insert("catalogue_record", verb, **row | values)


RETAINED = '{"firm":"law_firm","number":1}'


def retainer_record(key: int, position: int, verb: str = "INSERT", **values: object) -> str:
    row = {
        "id": key,
        "organisation_id": 1,
        "position": position,
        "command": "file_retainer",
        "actor": "clerk-1",
        "unit": "planning",
        "role": "clerk",
        "payload": RETAINED,
        "filed_at": AT,
        "filed_on": "2026-09-01",
        "journal_seq": NEWEST,
    }
    return insert("retainer_record", verb, **row | values)


def remove_item(key: int = 1) -> str:
    return f"UPDATE agenda_item SET removed_at = '{AT}' WHERE id = {key}"


def proceeding(key: int, position: int, verb: str = "INSERT", **values: object) -> str:
    row = {
        "id": key,
        "organisation_id": 1,
        "meeting_id": 1,
        "position": position,
        "command": "open_meeting",
        "actor": "clerk-1",
        "unit": "office",
        "role": "keeper",
        "payload": "{}",
        "filed_at": AT,
        "filed_on": "2026-09-20",
        "journal_seq": NEWEST,
    }
    return insert("proceeding", verb, **row | values)


def document_number(serial: int, verb: str = "INSERT", **values: object) -> str:
    row = {
        "organisation_id": 1,
        "series": "济高管",
        "year": 2026,
        "serial": serial,
        "matter_id": 1,
        "journal_seq": NEWEST,
    }
    return insert("document_number", verb, **row | values)


def freeze(key: int = 1) -> str:
    return f"UPDATE meeting SET frozen_on = '2026-09-18' WHERE id = {key}"


def open_sitting(key: int = 1) -> str:
    return f"UPDATE meeting SET opened_on = '2026-09-20' WHERE id = {key}"


def close_sitting(key: int = 1) -> str:
    return f"UPDATE meeting SET closed_on = '2026-09-20' WHERE id = {key}"


def conclude(conclusion: str = "adopted", key: int = 1) -> str:
    return (
        f"UPDATE agenda_item SET removed_at = '{AT}', concluded = '{conclusion}' WHERE id = {key}"
    )


def filed(key: int, position: int, about: int = 1, **values: Any) -> tuple[str, ...]:
    """A record of a matter of organisation 1, as the journal tells."""
    command = values.get("command", "give_review_verdict")
    told_of = said(command, matter_id=about, matter_version=position)
    return (*told_of, record(key, position, about, **values))


def nominated(key: int, position: int) -> tuple[str, ...]:
    """An act on the catalogue, as the journal tells."""
    return (*said("nominate_entry"), catalogue_record(key, position))


def unlisted() -> tuple[str, ...]:
    """Matter 1 is taken off the agenda, as the journal tells."""
    return (*said("remove_agenda_item", matter_id=1), remove_item())


def frozen() -> tuple[str, ...]:
    """The agenda of meeting 1 is fixed, as the journal tells."""
    return (*said("freeze_agenda", meeting_id=1), freeze())


def opened() -> tuple[str, ...]:
    """Meeting 1 is opened, as the journal tells."""
    return (*said("open_meeting", meeting_id=1), open_sitting())


def closed() -> tuple[str, ...]:
    """Meeting 1 is closed, as the journal tells."""
    return (*said("close_meeting", meeting_id=1), close_sitting())


def concluding(conclusion: str = "adopted", **values: Any) -> tuple[str, str]:
    """The entry that tells what meeting 1 came to on matter 1."""
    body = f'{{"payload": {{"conclusion": "{conclusion}"}}}}'
    return said("conclude_item", **{"matter_id": 1, "meeting_id": 1, "body": body, **values})


def issuing(serial: int, **values: Any) -> tuple[str, str]:
    """The entry that gives matter 1 the number."""
    told = {"series": "济高管", "year": 2026, "number": serial}
    told |= {name: values.pop(name) for name in ("series", "year") if name in values}
    body = json.dumps({"payload": told}, ensure_ascii=False)
    return said("issue", **{"matter_id": 1, "body": body, **values})


def numbered(serial: int, **values: Any) -> tuple[str, ...]:
    """Matter 1 is issued under the number, as the journal tells."""
    return (*issuing(serial, **values), document_number(serial, **values))


READY = (
    organisation(1),
    organisation(9),
    person(1),
    person(2),
    unit(1),
    appointment(1),
    mandate(1),
    procedure_version(1),
    matter(1),
    matter(2),
    matter(9, home=9),
    meeting(1),
    meeting(2),
    meeting(9, home=9),
    first_head(1),
    first_head(9),
    draft(1, 1, "text 1"),
    set_draft(1),
    draft(2, 1, "text 2", about=2),
    set_draft(2, about=2),
    draft(9, 1, "text 9", about=9),
    set_draft(9, about=9),
    *filed(2, 1, about=2),
    *filed(1, 1),
    entry(1, home=9, command="give_review_verdict", matter_version=1),
    move_head(1, home=9),
    record(9, 1, about=9, journal_seq=1),
    review(1, 1, "text 1"),
    review(9, 1, "text 9", about=9),
    entry(LAST, meeting_id=1),
    move_head(LAST),
    clearance(1, "text 1"),
    entry(2, home=9, meeting_id=9),
    move_head(2, home=9),
    clearance(9, "text 9", about=9, journal_seq=2),
)
TABLED = (*READY, agenda_item())
SITTING = (*TABLED, *frozen(), *opened())
OVER = (*SITTING, *concluding(), conclude(), *closed())
