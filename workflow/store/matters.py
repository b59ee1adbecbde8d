"""One matter: read with all that its facts hold, added, and moved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import bindparam, select

from workflow import tables as t
from workflow.facts import CONCLUDE, ISSUE, Facts
from workflow.journal import Head
from workflow.prepared import Prepared
from workflow.searching import fold
from workflow.store.others import Others
from workflow.store.records import Records
from workflow.store.signatures import Signatures
from workflow.urgency import continued_by


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


_m, _p = t.matter.c, t.procedure_version.c

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
_MOVE_MATTER = (
    t.matter.update()
    .where(_m.id == bindparam("matter"))
    .values(
        stage=bindparam("new_stage"),
        version=bindparam("new_version"),
        updated_at=bindparam("at"),
        may_owe=bindparam("owing"),
    )
)
_ONLY_MOVE_MATTER = Prepared(_MOVE_MATTER)


class Matters(Others, Records, Signatures):
    """A matter, folded from its row, its records and what it needs to know of others."""

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
            records=self._records(row[0]),
        )
        if facts.last(CONCLUDE) is not None:
            open_ = _WITHOUT_MINUTES.read(self._connection, {"matter": row[0]})
            facts = replace(facts, without_minutes=frozenset(code for (code,) in open_))
        if facts.reviews:
            facts = replace(facts, kept=self.kept_signatures(row[0]))
        if facts.links.keys:
            facts = replace(facts, kin=self.kin(facts))
        if facts.of(ISSUE):
            facts = replace(facts, changes=self.changes(number))
        if (by := continued_by(facts)) is not None:
            facts = replace(facts, continuation=self.linked((by,)).get(by))
        # People may have changed while this work waited for its lock.
        self._people_as_of(row[14])
        return StoredMatter(row[0], row[12], facts, row[10], row[11], Head(row[15], row[16]))

    def add_matter(self, values: Mapping[str, object], year: int) -> tuple[int, str]:
        """A new matter under the next number of the year; the journal's head must be locked."""
        serial = self._next_serial(t.matter, year)
        number = f"{year}-{serial:04d}"
        row = {**values, "organisation_id": self.home.id, "number": number}
        row["title_key"] = fold(str(values["title"] or ""))
        key = self._run(t.matter.insert(), {**row, "year": year, "serial": serial})
        return self._key(key.inserted_primary_key), number

    def restrict_matter(self, matter: int) -> None:
        """Let only those named know of a matter, from the act on by which it was proposed."""
        m = t.matter.c
        self._run(t.matter.update().where(m.id == matter).values(restricted=True))

    def move_matter(
        self,
        matter: int,
        stage: str,
        version: int,
        at: datetime,
        values: Mapping[str, object],
        *,
        owing: bool = True,
    ) -> None:
        """Let a matter stand in a stage, with a new version and whatever else was changed.

        `owing`: something may be owed on it from now on after the decision.
        """
        moved = {
            "matter": matter,
            "new_stage": stage,
            "new_version": version,
            "at": at,
            "owing": owing,
        }
        # Most commands change nothing else, and for them the statement is ready.
        if values:
            self._run(_MOVE_MATTER.values(**values), moved)
        else:
            _ONLY_MOVE_MATTER.write(self._connection, moved)
