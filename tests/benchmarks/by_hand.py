"""The yardstick: the rows of one command written by plain driver calls, three ways.

All three write exactly what `Service.execute` writes: a journal entry chained by SHA-256 over
canonical JSON, the head, the record, the matter, and when the sweep is to look at it.  They differ
in what they read first:

- `hand_written` reads what it must to write them, the matter and the head, under the lock;
- `bare` reads nothing: it keeps head and versions in memory, as only a single process could;
- `same_reads` reads what the service reads: a look before the lock, and all records of the matter.

None of them checks a payload, a role, a stage or a rule.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import cycle, islice
from typing import Any, Final

from tests.benchmarks.office import COMMAND, REPORT

Row = tuple[object, ...]

LOOK: Final = (
    "SELECT o.id, o.code, o.name_zh, o.name_en, o.profile, o.time_zone, o.rehearsal,"
    " o.directory_version, m.version FROM organisation o"
    " LEFT JOIN matter m ON m.organisation_id = o.id AND m.number = %s WHERE o.code = %s"
)
READ_MATTER: Final = (
    "SELECT m.id, m.version, m.stage, h.seq, h.digest FROM matter m"
    " JOIN journal_head h ON h.organisation_id = m.organisation_id"
    " WHERE m.organisation_id = %s AND m.number = %s"
)
READ_RECORDS: Final = (
    "SELECT position, command, step, outcome, actor, principal, unit, role, payload,"
    " draft_number, filed_on FROM record WHERE matter_id = %s ORDER BY position"
)
ADD_JOURNAL: Final = (
    "INSERT INTO journal (organisation_id, seq, matter_id, matter_version, meeting_id, at, actor,"
    " command, status, body, previous, digest)"
    " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
)
SET_HEAD: Final = "UPDATE journal_head SET seq = %s, digest = %s WHERE organisation_id = %s"
ADD_RECORD: Final = (
    "INSERT INTO record (organisation_id, matter_id, position, command, step, outcome, actor,"
    " principal, mandate_id, unit, role, payload, draft_number, filed_at, filed_on, journal_seq)"
    " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
)
WAKE: Final = (
    "INSERT INTO wake (organisation_id, subject, at, beat) VALUES (%s, %s, %s, 1)"
    " ON CONFLICT (organisation_id, subject) DO UPDATE SET at = excluded.at, beat = wake.beat + 1"
)
SET_MATTER: Final = "UPDATE matter SET stage = %s, version = %s, updated_at = %s WHERE id = %s"


@dataclass(frozen=True)
class Example:
    """What the service wrote for such a command: the shape that a hand-written entry must have."""

    organisation: int
    code: str
    actor: str
    entry: Mapping[str, object]
    at: datetime


@dataclass
class Known:
    """What must be known to write: the matter, and the end of the journal."""

    matter: int
    version: int
    stage: str
    seq: int
    digest: str


class ByHand:
    """Writes commands by hand over a driver's connection (sqlite3 or psycopg) in autocommit."""

    def __init__(
        self, driver: Any, *, sqlite: bool, example: Example, matters: Sequence[str]
    ) -> None:
        self._execute = driver.execute
        self._example = example
        self._matters = cycle(matters)
        self._every = matters
        self._begin = "BEGIN IMMEDIATE" if sqlite else "BEGIN"
        lock = "" if sqlite else " FOR UPDATE OF m, h"
        self._mark = mark = "?" if sqlite else "%s"
        self._look = LOOK.replace("%s", mark)
        self._read_matter = (READ_MATTER + lock).replace("%s", mark)
        self._read_records = READ_RECORDS.replace("%s", mark)
        self._add_journal = ADD_JOURNAL.replace("%s", mark)
        self._set_head = SET_HEAD.replace("%s", mark)
        self._add_record = ADD_RECORD.replace("%s", mark)
        self._set_matter = SET_MATTER.replace("%s", mark)
        self._wake = WAKE.replace("%s", mark)
        at = example.at.astimezone(UTC)
        self._at: object = at.strftime("%Y-%m-%d %H:%M:%S.%f") if sqlite else at
        self._day: object = at.date().isoformat() if sqlite else at.date()
        self._known: dict[str, Known] = {}
        self._head = (0, "")

    def hand_written(self, count: int) -> int:
        """Read the matter and the head under the lock, then write."""
        for number in islice(self._matters, count):
            self._execute(self._begin)
            self._write(number, self._locked(number))
            self._execute("COMMIT")
        return count

    def same_reads(self, count: int) -> int:
        """Look, lock, read the matter and its records, then write."""
        for number in islice(self._matters, count):
            self._execute(self._look, (number, self._example.code)).fetchone()
            self._execute(self._begin)
            known = self._locked(number)
            self._execute(self._read_records, (known.matter,)).fetchall()
            self._write(number, known)
            self._execute("COMMIT")
        return count

    def remember(self) -> None:
        """Learn what `bare` will not read; nobody else may write until it is through."""
        self._known = {number: self._locked(number) for number in self._every}
        last = next(iter(self._known.values()))
        self._head = (last.seq, last.digest)

    def bare(self, count: int) -> int:
        """Write from memory."""
        for number in islice(self._matters, count):
            known = self._known[number]
            known.seq, known.digest = self._head
            self._execute(self._begin)
            self._head = self._write(number, known)
            self._execute("COMMIT")
            known.version += 1
        return count

    def _locked(self, number: str) -> Known:
        return Known(
            *self._execute(self._read_matter, (self._example.organisation, number)).fetchone()
        )

    def _write(self, number: str, known: Known) -> tuple[int, str]:
        example, at = self._example, self._at
        seq, version = known.seq + 1, known.version + 1
        changed = {
            "seq": seq,
            "at": example.at.isoformat(),
            "previous": known.digest,
            "matter": number,
            "version": version,
        }
        body = _canonical({**example.entry, **changed})
        digest = hashlib.sha256(body.encode()).hexdigest()
        home, actor = example.organisation, example.actor
        entry: Row = (home, seq, known.matter, version, None, at, actor, COMMAND, "done", body)
        self._execute(self._add_journal, (*entry, known.digest, digest))
        self._execute(self._set_head, (seq, digest, home))
        # Every command on a matter files one record, so its version is the number of its records.
        record: Row = (home, known.matter, version, COMMAND, "research", "", actor, None, None)
        record += (example.entry["unit"], example.entry["role"], _canonical(REPORT), 0)
        self._execute(self._add_record, (*record, at, self._day, seq))
        self._execute(self._set_matter, (known.stage, version, at, known.matter))
        self._execute(self._wake, (home, number, at))
        return seq, digest


def _canonical(value: Mapping[str, object]) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
