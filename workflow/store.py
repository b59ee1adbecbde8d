"""Every query of the engine. Speaks to one connection; begins and ends no transaction."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import (
    Connection,
    Row,
    String,
    Table,
    bindparam,
    exists,
    func,
    or_,
    select,
    type_coerce,
)
from sqlalchemy.dialects import postgresql, sqlite

from workflow import tables as t
from workflow import traces as left
from workflow.canonical import canonical, plain
from workflow.definition import Procedure, Text
from workflow.directory import Appointment, Directory, Mandate, Unit
from workflow.errors import BrokenDefinition
from workflow.facts import (
    CONCLUDE,
    ENDING,
    ISSUE,
    NUMBERED,
    PAPER_KEY,
    Facts,
    Linked,
    Record,
)
from workflow.journal import Entry, Head
from workflow.kept import kept
from workflow.kin import GIVEN_UP, SEPARATE, TIES, Kin, ruled
from workflow.meeting import AgendaEntry, Meeting
from workflow.prepared import Prepared
from workflow.urgency import EXCLUDE, REPORT
from workflow.yearly_catalogue import YearlyCatalogue, fold

RECORDS_KEPT: Final = 4096
LONGEST_KEPT: Final = 10_000
"""So many records stay in memory, of payloads of at most so many characters: some 40 MB of text."""

_OPEN: Final = ("publish_decision", "exempt_publication")
"""What closes the publication of a decision."""
_TOLD_OF_OTHERS: Final = ("propose", "issue", "void_number", REPORT)
"""What is looked at of a matter that another one names, besides how either ended."""


@dataclass(frozen=True, slots=True)
class Home:
    """The organisation that a request belongs to."""

    id: int
    code: str
    name: Text
    profile: str
    time_zone: str
    rehearsal: bool
    directory_version: int
    series: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StoredMatter:
    """A matter's row with the digest of the definition that it is pinned to.

    `head` is the end of the organisation's journal, locked with the matter.
    """

    id: int
    digest: str
    facts: Facts
    draft_id: int | None
    agenda_item_id: int | None
    head: Head


@dataclass(frozen=True, slots=True)
class StoredMeeting:
    """A meeting's row with its agenda."""

    id: int
    meeting: Meeting


_m, _p = t.matter.c, t.procedure_version.c

_HOME = Prepared(
    select(
        t.organisation.c.id,
        t.organisation.c.code,
        t.organisation.c.name_zh,
        t.organisation.c.name_en,
        t.organisation.c.profile,
        t.organisation.c.time_zone,
        t.organisation.c.rehearsal,
        t.organisation.c.directory_version,
        t.organisation.c.series,
        _m.version,
    )
    .select_from(
        t.organisation.outerjoin(
            t.matter,
            (_m.organisation_id == t.organisation.c.id) & (_m.number == bindparam("number")),
        )
    )
    .where(t.organisation.c.code == bindparam("code"))
)
_MATTER = (
    select(
        _m.id,
        _m.number,
        _m.title,
        _m.stage,
        _m.version,
        _m.answers,
        _m.proposing_unit,
        _m.lead_unit,
        _m.co_units,
        _m.paused_since,
        _m.current_draft_id,
        _m.agenda_item_id,
        _p.digest,
        t.meeting.c.code,
        t.organisation.c.directory_version,
        t.journal_head.c.seq,
        t.journal_head.c.digest,
    )
    .select_from(
        t.matter.join(t.procedure_version, _p.id == _m.procedure_version_id)
        .join(t.organisation, t.organisation.c.id == _m.organisation_id)
        .join(t.journal_head, t.journal_head.c.organisation_id == _m.organisation_id)
        .outerjoin(t.agenda_item, t.agenda_item.c.id == _m.agenda_item_id)
        .outerjoin(t.meeting, t.meeting.c.id == t.agenda_item.c.meeting_id)
    )
    .where(_m.organisation_id == bindparam("home"), _m.number == bindparam("number"))
)
_WITHOUT_MINUTES = Prepared(
    select(t.meeting.c.code)
    .join(t.agenda_item, t.agenda_item.c.meeting_id == t.meeting.c.id)
    .where(
        t.agenda_item.c.matter_id == bindparam("matter"),
        t.agenda_item.c.concluded.is_not(None),
        t.meeting.c.closed_on.is_(None),
    )
)
# What a waiting command read with the lock is read anew when it gets it, but only of locked rows;
# so the organisation is locked too, for the version of its directory.  Foreign keys still pass.
_LOCK_MATTER = Prepared(
    _MATTER.with_for_update(of=(t.organisation, t.journal_head, t.matter), key_share=True)
)
_READ_MATTER = Prepared(_MATTER)
_RECORDS = Prepared(
    select(
        t.record.c.position,
        t.record.c.command,
        t.record.c.step,
        t.record.c.outcome,
        t.record.c.actor,
        t.record.c.principal,
        t.record.c.unit,
        t.record.c.role,
        t.record.c.payload,
        t.record.c.draft_number,
        # As the driver gives it: `_record` reads it, once for each record.
        type_coerce(t.record.c.filed_on, String),
    )
    .where(t.record.c.matter_id == bindparam("matter"))
    .order_by(t.record.c.position)
)
_KIN = (
    select(
        _m.number,
        _m.title,
        _m.amount_yuan,
        _m.created_at,
        *(_m[f"{tie}_key"] for tie in TIES),
        t.record.c.command,
        t.record.c.payload,
    )
    .outerjoin(
        t.record,
        (t.record.c.matter_id == _m.id) & t.record.c.command.in_((SEPARATE, *GIVEN_UP)),
    )
    .where(
        _m.organisation_id == bindparam("home"),
        _m.number != bindparam("number"),
        or_(*(_m[f"{tie}_key"] == bindparam(tie) for tie in TIES)),
    )
    .order_by(_m.id, t.record.c.position)
)
_MEETING = select(t.meeting).where(
    t.meeting.c.organisation_id == bindparam("home"), t.meeting.c.code == bindparam("code")
)
_LOCK_MEETING = _MEETING.with_for_update()
_AGENDA = (
    select(
        t.matter.c.number,
        t.agenda_item.c.place,
        func.coalesce(t.agenda_item.c.concluded, ""),
        t.agenda_item.c.removed_at.is_not(None) & t.agenda_item.c.concluded.is_(None),
    )
    .join(t.matter, t.matter.c.id == t.agenda_item.c.matter_id)
    .where(t.agenda_item.c.meeting_id == bindparam("meeting"))
    .order_by(t.agenda_item.c.place, t.agenda_item.c.id)
)
_PROCEEDINGS = (
    select(
        t.proceeding.c.position,
        t.proceeding.c.command,
        t.proceeding.c.actor,
        t.proceeding.c.principal,
        t.proceeding.c.unit,
        t.proceeding.c.role,
        t.proceeding.c.payload,
        t.proceeding.c.filed_on,
    )
    .where(t.proceeding.c.meeting_id == bindparam("meeting"))
    .order_by(t.proceeding.c.position)
)
_CATALOGUE = (
    select(
        t.catalogue_record.c.position,
        t.catalogue_record.c.command,
        t.catalogue_record.c.actor,
        t.catalogue_record.c.principal,
        t.catalogue_record.c.unit,
        t.catalogue_record.c.role,
        t.catalogue_record.c.payload,
        t.catalogue_record.c.filed_on,
    )
    .where(
        t.catalogue_record.c.organisation_id == bindparam("home"),
        t.catalogue_record.c.year == bindparam("year"),
    )
    .order_by(t.catalogue_record.c.position)
)
_HEAD = (
    select(t.journal_head.c.seq, t.journal_head.c.digest, t.organisation.c.directory_version)
    .join(t.organisation, t.organisation.c.id == t.journal_head.c.organisation_id)
    .where(t.journal_head.c.organisation_id == bindparam("home"))
)
_LOCK_HEAD = _HEAD.with_for_update(of=(t.organisation, t.journal_head), key_share=True)
_REQUEST = select(t.request.c.fingerprint, t.request.c.outcome).where(
    t.request.c.organisation_id == bindparam("home"), t.request.c.key == bindparam("key")
)
_SET_HEAD = Prepared(
    t.journal_head.update()
    .where(t.journal_head.c.organisation_id == bindparam("home"))
    .values(seq=bindparam("new_seq"), digest=bindparam("new_digest"))
)
_ADD_JOURNAL = Prepared(t.journal.insert().inline(), *t.journal.c.keys())
_ADD_RECORD = Prepared(
    t.record.insert().inline(), *(column.name for column in t.record.c if column.name != "id")
)
_MOVE_MATTER = (
    t.matter.update()
    .where(_m.id == bindparam("matter"))
    .values(
        stage=bindparam("new_stage"),
        version=bindparam("new_version"),
        updated_at=bindparam("at"),
    )
)
_ONLY_MOVE_MATTER = Prepared(_MOVE_MATTER)
_ADD_REQUEST = t.request.insert().inline()


class Store:
    """Queries over one connection, for one organisation."""

    def __init__(self, connection: Connection, home: Home) -> None:
        self._connection = connection
        self._run = connection.execute
        self._dialect = connection.dialect.name
        self.home = home

    def matter(self, number: str, *, lock: bool) -> StoredMatter | None:
        """A matter with its records; locked against everybody else until the end of the work."""
        statement = _LOCK_MATTER if lock else _READ_MATTER
        rows = statement.read(self._connection, {"home": self.home.id, "number": number})
        if not rows:
            return None
        row = rows[0]
        facts = Facts(
            number=row[1],
            title=row[2] or "",
            stage=row[3],
            version=row[4],
            answers=row[5],
            proposing_unit=row[6],
            lead_unit=row[7],
            co_units=tuple(row[8]),
            paused_since=row[9],
            meeting=row[13],
            records=_records(_RECORDS.read(self._connection, {"matter": row[0]})),
        )
        if facts.last(CONCLUDE) is not None:
            open_ = _WITHOUT_MINUTES.read(self._connection, {"matter": row[0]})
            facts = replace(facts, without_minutes=frozenset(code for (code,) in open_))
        if facts.links.keys:
            facts = replace(facts, kin=self.kin(facts))
        if facts.of(ISSUE):
            facts = replace(facts, changes=self.changes(number))
        # People may have changed while this work waited for its lock.
        self._people_as_of(row[14])
        return StoredMatter(row[0], row[12], facts, row[10], row[11], Head(row[15], row[16]))

    def linked(self, numbers: tuple[str, ...]) -> dict[str, Linked]:
        """What an act on another matter may need to know of these; unknown ones are left out."""
        rows = self._run(
            select(
                *(_m.number, _m.title, _m.stage, _m.answers, _m.entry_year, _m.entry_number),
                *(t.procedure_version.c.digest, t.record.c.command, t.record.c.payload),
            )
            .join(t.record, t.record.c.matter_id == _m.id)
            .join(t.procedure_version, t.procedure_version.c.id == _m.procedure_version_id)
            .where(
                _m.organisation_id == self.home.id,
                _m.number.in_(numbers),
                t.record.c.command.in_((*_TOLD_OF_OTHERS, *ENDING, *GIVEN_UP)),
            )
            .order_by(_m.id, t.record.c.position)
        )
        found: dict[str, Linked] = {}
        for number, title, stage, answers, year, entry, digest, command, payload in rows:
            if command == "propose":
                told = json.loads(payload)
                adjusts, continues = (str(told.get(key) or "") for key in ("adjusts", "continues"))
                found[number] = Linked(
                    *(number, title or "", stage, adjusts),
                    issued=False,
                    continues=continues,
                    digest=digest,
                    answers=answers,
                    entry=None if year is None else (year, entry),
                )
            elif command in GIVEN_UP:
                told = json.loads(payload)
                due = told.get("report_by")
                found[number] = replace(
                    found[number],
                    given_up=True,
                    report_by=None if due is None else date.fromisoformat(due),
                    level=str(told.get("level") or ""),
                )
            elif command == REPORT:
                found[number] = replace(found[number], reported=True)
            elif command in ENDING:
                ended_by = str(json.loads(payload)["by"])
                found[number] = replace(found[number], ended_by=ended_by)
            else:
                found[number] = replace(found[number], issued=command == "issue")
        return found

    def paper_of(self, key: str) -> str:
        """The number of a matter with a paper of this key on file; empty where there is none."""
        held = f'"{PAPER_KEY}":"{key}"'
        row = self._run(
            select(_m.number)
            .join(t.record, t.record.c.matter_id == _m.id)
            .where(
                _m.organisation_id == self.home.id,
                t.record.c.command.in_(NUMBERED),
                t.record.c.payload.contains(held, autoescape=True),
            )
            .limit(1)
        ).first()
        return "" if row is None else str(row[0])

    def changes(self, number: str) -> tuple[Linked, ...]:
        """The matters that were proposed to change or end this one, oldest first."""
        found = self._run(
            select(_m.number).where(_m.organisation_id == self.home.id, _m.adjusts == number)
        )
        return tuple(self.linked(numbers).values()) if (numbers := tuple(found.scalars())) else ()

    def kin(self, facts: Facts) -> tuple[Kin, ...]:
        """Other matters of the organisation that share a key with this one and are not given up.

        Whoever holds the organisation's lock sees all there are, for a proposal needs it too.
        """
        keys = facts.links.keys
        rows = self._run(
            _KIN,
            {
                "home": self.home.id,
                "number": facts.number,
                **{tie: keys.get(tie) for tie in TIES},
            },
        )
        zone = ZoneInfo(self.home.time_zone)
        found: dict[str, Kin | None] = {}
        for number, title, amount, at, *tied, command, payload in rows:
            kept = (
                found.get(number)
                if number in found
                else Kin(
                    number,
                    title or "",
                    amount,
                    at.astimezone(zone).date(),
                    {tie: key for tie, key in zip(TIES, tied, strict=True) if key is not None},
                )
            )
            if command == SEPARATE and kept is not None:
                kept = replace(kept, apart={**kept.apart, **ruled(json.loads(payload))})
            found[number] = None if command in GIVEN_UP else kept
        return tuple(each for each in found.values() if each is not None)

    def meeting(self, code: str, *, lock: bool) -> StoredMeeting | None:
        """A meeting with its agenda."""
        statement = _LOCK_MEETING if lock else _MEETING
        row = self._run(statement, {"home": self.home.id, "code": code}).mappings().first()
        if row is None:
            return None
        items = [AgendaEntry(*item) for item in self._run(_AGENDA, {"meeting": row["id"]})]
        agenda = tuple(each for each in items if not each.taken_off)
        listed = {each.matter for each in agenda}
        gone = {each.matter: each for each in items if each.matter not in listed}
        records = _acts(self._run(_PROCEEDINGS, {"meeting": row["id"]}))
        return StoredMeeting(
            row["id"],
            Meeting(
                row["code"],
                row["body"],
                row["held_on"],
                row["frozen_on"],
                agenda,
                records,
                tuple(gone.values()),
            ),
        )

    def meetings_on(self, body: str, day: date) -> tuple[str, ...]:
        """The codes of the meetings of a body that were convened for a day."""
        m = t.meeting.c
        found = self._run(
            select(m.code)
            .where(m.organisation_id == self.home.id, m.body == body, m.held_on == day)
            .order_by(m.id)
        )
        return tuple(code for (code,) in found)

    def catalogue(self, year: int) -> YearlyCatalogue:
        """The catalogue of a year; an empty one where nothing was filed of it."""
        return fold(year, _acts(self._run(_CATALOGUE, {"home": self.home.id, "year": year})))

    def add_catalogue_record(self, values: Mapping[str, object]) -> None:
        """An accepted act on the catalogue of a year."""
        self._run(t.catalogue_record.insert().inline(), {"organisation_id": self.home.id, **values})

    def matters_of_entries(self, year: int) -> list[tuple[int, str, str]]:
        """The matters that are linked to entries of a year: entry, number and title of each."""
        rows = self._run(
            select(_m.entry_number, _m.number, func.coalesce(_m.title, ""))
            .where(_m.organisation_id == self.home.id, _m.entry_year == year)
            .order_by(_m.entry_number, _m.id)
        )
        return [(row[0], row[1], row[2]) for row in rows]

    def lock_head(self) -> Head:
        """The end of the chain, locked: entries of an organisation follow each other one by one."""
        seq, digest, directory = self._run(_LOCK_HEAD, {"home": self.home.id}).one()
        self._people_as_of(directory)
        return Head(seq, digest)

    def _people_as_of(self, version: int) -> None:
        if version != self.home.directory_version:
            self.home = replace(self.home, directory_version=version)

    def request(self, key: str) -> tuple[str, Mapping[str, Any]] | None:
        """The fingerprint and the outcome of a request that was answered before."""
        row = self._run(_REQUEST, {"home": self.home.id, "key": key}).first()
        return None if row is None else (row[0], json.loads(row[1]))

    def add_request(self, key: str, fingerprint: str, outcome: str, at: datetime) -> None:
        """Remember the answer to a request."""
        self._run(
            _ADD_REQUEST,
            {
                "organisation_id": self.home.id,
                "key": key,
                "fingerprint": fingerprint,
                "outcome": outcome,
                "at": at,
            },
        )

    def add_entry(self, entry: Entry, columns: Mapping[str, object]) -> None:
        """Write a journal entry and move the head to it."""
        _ADD_JOURNAL.write(
            self._connection,
            {
                "organisation_id": self.home.id,
                "seq": entry.seq,
                "body": entry.body,
                "previous": entry.previous,
                "digest": entry.digest,
                **columns,
            },
        )
        _SET_HEAD.write(
            self._connection,
            {"home": self.home.id, "new_seq": entry.seq, "new_digest": entry.digest},
        )

    def procedure_version(self, procedure: Procedure, source: str, at: datetime) -> int:
        """The row of a definition, written when the first matter is pinned to it.

        Raises BrokenDefinition where another text was published under the same version.
        """
        row = self._procedure_version(procedure)
        if row is None:
            self._run(
                self._insert(t.procedure_version).on_conflict_do_nothing(),
                {
                    "procedure": procedure.id,
                    "version": procedure.version,
                    "digest": procedure.digest,
                    "source": source,
                    "stored_at": at,
                },
            )
            # Another organisation may have been faster.
            row = self._procedure_version(procedure)
        if row is None or row.digest != procedure.digest:
            raise BrokenDefinition(
                "procedure.changed_in_place", procedure=procedure.name, version=procedure.version
            )
        return int(row.id)

    def _procedure_version(self, procedure: Procedure) -> Any:  # noqa: ANN401
        return self._run(
            select(_p.id, _p.digest).where(
                _p.procedure == procedure.id, _p.version == procedure.version
            )
        ).first()

    def _insert(self, table: Table) -> Any:  # noqa: ANN401 (two dialects' own inserts)
        return (postgresql if self._dialect == "postgresql" else sqlite).insert(table)

    def procedure_source(self, digest: str) -> str:
        """The definition that a matter is pinned to, as it stood."""
        return str(self._run(select(_p.source).where(_p.digest == digest)).scalar_one())

    def add_matter(self, values: Mapping[str, object], year: int) -> tuple[int, str]:
        """A new matter under the next number of the year; the journal's head must be locked."""
        serial = self._next_serial(t.matter, year)
        number = f"{year}-{serial:04d}"
        row = {**values, "organisation_id": self.home.id, "number": number}
        key = self._run(t.matter.insert(), {**row, "year": year, "serial": serial})
        return self._key(key.inserted_primary_key), number

    def add_meeting(self, values: Mapping[str, object], year: int) -> tuple[int, str]:
        """A new meeting under the next code of the year; the journal's head must be locked."""
        serial = self._next_serial(t.meeting, year)
        code = f"M{year}-{serial:03d}"
        row = {**values, "organisation_id": self.home.id, "code": code}
        key = self._run(t.meeting.insert(), {**row, "year": year, "serial": serial})
        return self._key(key.inserted_primary_key), code

    def move_matter(
        self, matter: int, stage: str, version: int, at: datetime, values: Mapping[str, object]
    ) -> None:
        """Let a matter stand in a stage, with a new version and whatever else was changed."""
        moved = {"matter": matter, "new_stage": stage, "new_version": version, "at": at}
        # Most commands change nothing else, and for them the statement is ready.
        if values:
            self._run(_MOVE_MATTER.values(**values), moved)
        else:
            _ONLY_MOVE_MATTER.write(self._connection, moved)

    def change_meeting(self, meeting: int, **days: date) -> None:
        """Note the day on which the agenda was fixed, or the meeting opened, closed, called off."""
        self._run(
            t.meeting.update()
            .where(t.meeting.c.id == meeting)
            .values(**days, version=t.meeting.c.version + 1)
        )

    def add_proceeding(self, values: Mapping[str, object]) -> None:
        """An accepted act on a meeting."""
        self._run(t.proceeding.insert().inline(), {"organisation_id": self.home.id, **values})

    def add_draft(self, matter: int, number: int, text: str, digest: str, at: datetime) -> int:
        """A version of the text."""
        return self._key(
            self._run(
                t.draft.insert(),
                {
                    "organisation_id": self.home.id,
                    "matter_id": matter,
                    "number": number,
                    "text": text,
                    "digest": digest,
                    "created_at": at,
                },
            ).inserted_primary_key
        )

    def next_number(self, series: str, year: int) -> int:
        """The next serial of a series in a year; the journal's head must be locked."""
        n = t.document_number.c
        newest = self._run(
            select(func.max(n.serial)).where(
                n.organisation_id == self.home.id, n.series == series, n.year == year
            )
        ).scalar()
        return 1 if newest is None else int(newest) + 1

    def take_number(self, series: str, year: int, serial: int, matter: int, entry: int) -> None:
        """Give a number to a matter, by the journal entry that tells of it."""
        self._run(
            t.document_number.insert().inline(),
            {
                "organisation_id": self.home.id,
                "series": series,
                "year": year,
                "serial": serial,
                "matter_id": matter,
                "journal_seq": entry,
            },
        )

    def draft_text(self, matter: int, number: int) -> str | None:
        """The text of a version."""
        found = self._run(
            select(t.draft.c.text).where(t.draft.c.matter_id == matter, t.draft.c.number == number)
        ).scalar()
        return None if found is None else str(found)

    def add_record(self, values: Mapping[str, object]) -> None:
        """An accepted act."""
        _ADD_RECORD.write(self._connection, {"organisation_id": self.home.id, **values})

    def add_review(self, values: Mapping[str, object]) -> None:
        """A verdict on a text."""
        self._run(t.review.insert().inline(), {"organisation_id": self.home.id, **values})

    def table(
        self, matter: int, meeting: int, review_position: int, values: Mapping[str, object]
    ) -> int:
        """A clearance and the agenda item that rests on it; gives the clearance's id."""
        review = self._run(
            select(t.review.c.id).where(
                t.review.c.matter_id == matter, t.review.c.position == review_position
            )
        ).scalar_one()
        at, place = values["issued_at"], values["place"]
        clearance = self._key(
            self._run(
                t.clearance.insert(),
                {
                    "organisation_id": self.home.id,
                    "matter_id": matter,
                    "draft_id": values["draft_id"],
                    "digest": values["digest"],
                    "review_id": review,
                    "issued_at": at,
                    "journal_seq": values["journal_seq"],
                },
            ).inserted_primary_key
        )
        self._run(
            t.agenda_item.insert().inline(),
            {
                "organisation_id": self.home.id,
                "meeting_id": meeting,
                "matter_id": matter,
                "clearance_id": clearance,
                "place": place,
                "listed_at": at,
                "urgent": values["urgent"],
            },
        )
        return clearance

    def untable(self, agenda_item: int, at: datetime) -> None:
        """Take an agenda item off."""
        self._run(
            t.agenda_item.update().where(t.agenda_item.c.id == agenda_item), {"removed_at": at}
        )

    def conclude(self, agenda_item: int, conclusion: str, at: datetime) -> None:
        """Note what the meeting came to on an item, which leaves the agenda with it."""
        self._run(
            t.agenda_item.update().where(t.agenda_item.c.id == agenda_item),
            {"removed_at": at, "concluded": conclusion},
        )

    def add_mandate(
        self, principal: str, agent: str, since: date, until: date, commands: tuple[str, ...]
    ) -> int:
        """A mandate between two people of the organisation; the directory has a new version."""
        found = self._run(
            select(t.person.c.account, t.person.c.id).where(
                t.person.c.organisation_id == self.home.id,
                t.person.c.account.in_((principal, agent)),
            )
        )
        people = {row.account: row.id for row in found}
        key = self._run(
            t.mandate.insert(),
            {
                "organisation_id": self.home.id,
                "principal_id": people[principal],
                "agent_id": people[agent],
                "commands": list(commands),
                "since": since,
                "until": until,
            },
        )
        self._new_directory()
        return self._key(key.inserted_primary_key)

    def end_mandate(self, mandate: int, day: date) -> None:
        """End a mandate."""
        self._run(
            t.mandate.update().where(
                t.mandate.c.id == mandate, t.mandate.c.organisation_id == self.home.id
            ),
            {"ended_on": day},
        )
        self._new_directory()

    def add_appointment(self, held: Appointment, name: str | None) -> None:
        """Somebody in a post, with an account of that name where it is new."""
        if name is not None:
            told = {"account": held.person, "name_zh": name, "name_en": name}
            self._run(t.person.insert().inline(), {"organisation_id": self.home.id, **told})
        self._run(
            t.appointment.insert().inline(),
            {
                "organisation_id": self.home.id,
                "person_id": self._id_of(t.person, "account", held.person),
                "unit_id": self._id_of(t.unit, "code", held.unit),
                "role": held.role,
                "since": held.since,
                "until": held.until,
                "appointed_by": held.appointed_by,
            },
        )
        self._new_directory()

    def end_appointment(self, held: Appointment, last_day: date) -> None:
        """Let an appointment end with a day."""
        a = t.appointment.c
        self._run(
            t.appointment.update().where(
                a.organisation_id == self.home.id,
                a.person_id == self._id_of(t.person, "account", held.person),
                a.unit_id == self._id_of(t.unit, "code", held.unit),
                a.role == held.role,
                a.since == held.since,
                or_(a.until.is_(None), a.until > last_day),
            ),
            {"until": last_day},
        )
        self._new_directory()

    def _id_of(self, table: Table, name: str, value: str) -> int:
        found = self._run(
            select(table.c.id).where(
                table.c.organisation_id == self.home.id, table.c[name] == value
            )
        )
        return int(found.scalar_one())

    def every_matter(self) -> list[tuple[str, str, str]]:
        """Number, stage and digest of the rules of every matter, by number."""
        rows = self._run(
            select(_m.number, _m.stage, _p.digest)
            .join(t.procedure_version, _p.id == _m.procedure_version_id)
            .where(_m.organisation_id == self.home.id)
            .order_by(_m.id)
        )
        return [(row[0], row[1], row[2]) for row in rows]

    def owing(self, ends: Collection[str], archiving: Collection[str]) -> list[str]:
        """The numbers of matters on which something may be owed afterwards, by number.

        That is where an emergency was claimed or an item was urgent, of what was issued and is not
        closed, where it was not published or stands on an exception, or where a matter has come to
        one of the stages `ends` and no act of `archiving` was done since; what is owed, their
        records tell.
        """
        later = t.record.alias("later")
        rows = self._run(
            select(_m.number)
            .where(
                _m.organisation_id == self.home.id,
                exists().where(
                    t.record.c.matter_id == _m.id,
                    t.record.c.command == EXCLUDE,
                    t.record.c.payload.contains('"report_by"', autoescape=True),
                )
                | exists().where(t.agenda_item.c.matter_id == _m.id, t.agenda_item.c.urgent)
                | _acted("issue") & ~_acted("close_matter") & (~_acted(*_OPEN) | _excepted())
                | _m.stage.in_(ends)
                & ~exists().where(
                    t.record.c.matter_id == _m.id,
                    t.record.c.command.in_(archiving),
                    ~exists().where(
                        later.c.matter_id == _m.id,
                        later.c.position > t.record.c.position,
                        later.c.step.is_not(None),
                    ),
                ),
            )
            .order_by(_m.id)
        )
        return [number for (number,) in rows]

    def meetings(self, limit: int) -> list[StoredMeeting]:
        """The latest meetings, the newest first, with their agendas."""
        codes = self._run(
            select(t.meeting.c.code)
            .where(t.meeting.c.organisation_id == self.home.id)
            .order_by(t.meeting.c.held_on.desc(), t.meeting.c.id.desc())
            .limit(limit)
        )
        found = (self.meeting(code, lock=False) for (code,) in codes.all())
        return [each for each in found if each is not None]

    def add_alert(self, values: Mapping[str, object]) -> None:
        """An alert, or one more count on the one of the same key."""
        insert = self._insert(t.alert)
        self._run(
            insert.on_conflict_do_update(
                index_elements=["organisation_id", "key"],
                set_={
                    "count": t.alert.c.count + 1,
                    "last_at": insert.excluded.last_at,
                    "body": insert.excluded.body,
                    "read_at": None,
                },
            ),
            {"organisation_id": self.home.id, **values},
        )

    def changes_since(self, matter: int, version: int) -> Iterator[tuple[int, datetime, str, str]]:
        """What was done on a matter after a version: number, instant, account, command."""
        j = t.journal.c
        rows = self._run(
            select(j.seq, j.at, j.actor, j.command)
            .where(
                j.organisation_id == self.home.id,
                j.matter_id == matter,
                j.matter_version > version,
                j.status == "done",
            )
            .order_by(j.seq)
        )
        return ((row.seq, row.at, row.actor, row.command) for row in rows)

    def head(self) -> Head:
        """The end of the chain, as it is now; before any entry where somebody took it away."""
        found = self._run(_HEAD, {"home": self.home.id}).first()
        return Head(0, "") if found is None else Head(*found[:2])

    def newest_reference(self) -> int:
        """The highest number of a journal entry that some other row rests on; 0 if none."""
        found = self._run(
            select(
                select(func.max(t.record.c.journal_seq))
                .where(t.record.c.organisation_id == self.home.id)
                .scalar_subquery(),
                select(func.max(t.clearance.c.journal_seq))
                .where(t.clearance.c.organisation_id == self.home.id)
                .scalar_subquery(),
                select(func.max(t.proceeding.c.journal_seq))
                .where(t.proceeding.c.organisation_id == self.home.id)
                .scalar_subquery(),
                select(func.max(t.catalogue_record.c.journal_seq))
                .where(t.catalogue_record.c.organisation_id == self.home.id)
                .scalar_subquery(),
            )
        ).one()
        return max((0, *(int(seq) for seq in found if seq is not None)))

    def traces(self) -> Iterator[tuple[left.Trace, int]]:
        """What conclusions, numbers and days of meetings say, each with an entry that it rests on.

        That is the entry by which an item was listed or a number given; nought for a meeting's day.
        """
        i, n, m = t.agenda_item.c, t.document_number.c, t.meeting.c
        items = self._run(
            select(_m.number, m.code, i.concluded, t.clearance.c.journal_seq)
            .join(t.agenda_item, i.matter_id == _m.id)
            .join(t.meeting, m.id == i.meeting_id)
            .join(t.clearance, t.clearance.c.id == i.clearance_id)
            .where(i.organisation_id == self.home.id, i.concluded.is_not(None))
        )
        for matter, code, concluded, seq in items:
            yield left.conclusion(matter, code, concluded), seq
        numbers = self._run(
            select(n.series, n.year, n.serial, _m.number, n.journal_seq)
            .join(t.matter, _m.id == n.matter_id)
            .where(n.organisation_id == self.home.id)
        )
        for series, year, serial, matter, seq in numbers:
            yield left.number(series, year, serial, matter), seq
        meetings = self._run(
            select(m.code, *(m[column] for column in left.DAYS)).where(
                m.organisation_id == self.home.id
            )
        )
        for code, *days in meetings:
            for command, day in zip(left.DAYS.values(), days, strict=True):
                if day is not None:
                    yield left.meeting_day(code, command, day), 0
        yield from kept(self._run, self.home.id)

    def entries(self, after: int, limit: int) -> list[Entry]:
        """Journal entries after a number, in order, with the columns that repeat their bodies."""
        j = t.journal.c
        rows = self._run(
            select(
                j.seq,
                j.previous,
                j.digest,
                j.body,
                # As it is kept: what is no instant any more must be found, not stumbled over.
                type_coerce(j.at, String).label("at"),
                j.actor,
                j.command,
                j.status,
                j.matter_version,
                _m.number,
                t.meeting.c.code,
            )
            .select_from(
                t.journal.outerjoin(t.matter, _m.id == j.matter_id).outerjoin(
                    t.meeting, t.meeting.c.id == j.meeting_id
                )
            )
            .where(j.organisation_id == self.home.id, j.seq > after)
            .order_by(j.seq)
            .limit(limit)
        )
        return [
            Entry(
                row.seq,
                row.previous,
                row.digest,
                row.body if isinstance(row.body, str) else "",
                {
                    "at": _as_told(row.at),
                    "actor": row.actor,
                    "command": row.command,
                    "status": row.status,
                    "organisation": self.home.code,
                    "matter": row.number,
                    "meeting": row.code,
                    "version": row.matter_version,
                },
            )
            for row in rows
        ]

    def matters(self, stage: str | None, after: int, limit: int) -> list[Row[Any]]:
        """Matters by id after `after`: id, number, title, stage, lead or proposing unit, change."""
        statement = (
            select(
                _m.id,
                _m.number,
                _m.title,
                _m.stage,
                func.coalesce(_m.lead_unit, _m.proposing_unit).label("unit"),
                _m.paused_since,
                _m.updated_at,
                _p.digest,
            )
            .join(t.procedure_version, _p.id == _m.procedure_version_id)
            .where(_m.organisation_id == self.home.id, _m.id > after)
            .order_by(_m.id)
            .limit(limit)
        )
        if stage is not None:
            statement = statement.where(_m.stage == stage)
        return list(self._run(statement))

    def alerts(self, recipient: str, after: int, limit: int) -> list[Row[Any]]:
        """The alerts of a person, newest first, before the id `after` (0: from the newest)."""
        a = t.alert.c
        statement = (
            select(a.id, a.kind, a.day, a.body, a.count, a.first_at, a.last_at, a.read_at)
            .where(a.organisation_id == self.home.id, a.recipient == recipient)
            .order_by(a.last_at.desc(), a.id.desc())
            .limit(limit)
        )
        return list(self._run(statement if not after else statement.where(a.id < after)))

    def directory(self) -> Directory:
        """Units, people, appointments and mandates of the organisation."""
        mine = {"home": self.home.id}
        u, w, a, d = t.unit.c, t.person.c, t.appointment.c, t.mandate.c
        agent = t.person.alias("agent")
        units = self._run(select(t.unit).where(u.organisation_id == bindparam("home")), mine)
        people = self._run(select(t.person).where(w.organisation_id == bindparam("home")), mine)
        held = self._run(
            select(w.account, u.code, a.role, a.since, a.until, func.coalesce(a.appointed_by, ""))
            .join(t.person, w.id == a.person_id)
            .join(t.unit, u.id == a.unit_id)
            .where(a.organisation_id == bindparam("home"))
            .order_by(a.id),
            mine,
        )
        lent = self._run(
            select(d.id, w.account, agent.c.account, d.commands, d.since, d.until, d.ended_on)
            .join(t.person, w.id == d.principal_id)
            .join(agent, agent.c.id == d.agent_id)
            .where(d.organisation_id == bindparam("home")),
            mine,
        )
        return Directory(
            organisation=self.home.code,
            version=self.home.directory_version,
            units={
                row.code: Unit(row.code, Text(row.name_zh, row.name_en), frozenset(row.functions))
                for row in units
            },
            persons={row.account: Text(row.name_zh, row.name_en) for row in people},
            appointments=tuple(Appointment(*row) for row in held),
            mandates={
                row[0]: Mandate(row[0], row[1], row[2], frozenset(row[3]), *row[4:]) for row in lent
            },
        )

    def _new_directory(self) -> None:
        o = t.organisation.c
        self._run(
            t.organisation.update()
            .where(o.id == self.home.id)
            .values(directory_version=o.directory_version + 1)
        )

    def _next_serial(self, table: Table, year: int) -> int:
        newest = self._run(
            select(func.max(table.c.serial)).where(
                table.c.organisation_id == self.home.id, table.c.year == year
            )
        ).scalar()
        return 1 if newest is None else int(newest) + 1

    @staticmethod
    def _key(inserted: Any) -> int:  # noqa: ANN401
        return int(inserted[0])


def home(
    connection: Connection, code: str, matter: str | None = None
) -> tuple[Home, int | None] | None:
    """The organisation of that code, and the present version of a matter of it; locks nothing."""
    rows = _HOME.read(connection, {"code": code, "number": matter})
    if not rows:
        return None
    key, found, zh, en, profile, zone, rehearsal, directory, series, version = rows[0]
    told = Home(key, found, Text(zh, en), profile, zone, rehearsal, directory, tuple(series))
    return told, version


def _acted(*commands: str) -> Any:  # noqa: ANN401
    """Whether one of these commands was done on the matter of the row."""
    acts = t.record.alias()
    return exists().where(acts.c.matter_id == _m.id, acts.c.command.in_(commands))


def _excepted() -> Any:  # noqa: ANN401
    """Whether a review of the matter of the row rests on an exception."""
    acts = t.record.alias()
    return exists().where(
        acts.c.matter_id == _m.id,
        acts.c.command == "file_fair_competition_review",
        acts.c.payload.contains('"exception":{', autoescape=True),
    )


def as_text(value: object) -> str:
    """A value of the engine as the JSON text that rows keep."""
    return canonical(plain(value))


def _as_told(kept: object) -> object:
    """An instant as a journal entry's body tells it; what cannot be read is given back as it is."""
    if isinstance(kept, str):
        try:
            kept = datetime.fromisoformat(kept).replace(tzinfo=UTC)
        except ValueError:
            return kept
    return kept.astimezone(UTC).isoformat() if isinstance(kept, datetime) else str(kept)


def _records(rows: list[Sequence[Any]]) -> tuple[Record, ...]:
    """Records as facts are folded from; one that was read lately is not parsed again.

    The rows themselves are always those of the database; what is kept is only what they mean.
    """
    return tuple([_known(row) if len(row[8]) <= LONGEST_KEPT else _record(row) for row in rows])


def _acts(rows: Iterable[Sequence[Any]]) -> tuple[Record, ...]:
    """What was done on a meeting or on a catalogue, beside the records of matters."""
    return tuple(
        Record(at, command, None, "", actor, principal, unit, role, json.loads(kept), 0, day)
        for at, command, actor, principal, unit, role, kept, day in rows
    )


def _record(row: Sequence[Any]) -> Record:
    position, command, step, outcome, actor, principal, unit, role, payload, draft, day = row
    return Record(
        position,
        command,
        step,
        outcome,
        actor,
        principal,
        unit,
        role,
        json.loads(payload),
        draft,
        day if isinstance(day, date) else date.fromisoformat(day),
    )


_known = lru_cache(maxsize=RECORDS_KEPT)(_record)
