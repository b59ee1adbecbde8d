"""What the public sends in: kept at once, counted for whoever works on the matter, taken in."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, func, literal_column, select, text
from sqlalchemy.sql.expression import BindParameter, TextClause

from workflow import tables as t
from workflow.facts import CALL, TAKE_IN
from workflow.store.matters import Matters, StoredMatter
from workflow.submissions import KEY_SIGNS, Person, Submission, Waiting
from workflow.tables.journals import PUBLISHING

_s, _m, _r, _j = t.submission.c, t.matter.c, t.record.c, t.journal.c
_p = t.submission_person.c

_OPEN = (_s.taken_in_seq.is_(None)) & ~_s.late
_PUBLIC: BindParameter[Any] = bindparam("public", PUBLISHING, expanding=True, literal_execute=True)
_LOCK_CLASS = 0x5943
"""The first half of PostgreSQL's key for our locks of lines of opinions; the matter is the rest."""


# Whoever waits for this lock alone is let in before those who come later to share it.
_JOIN = text("SELECT pg_advisory_xact_lock_shared(:of, hashint8(:matter))")
_HOLD = text("SELECT pg_advisory_xact_lock(:of, hashint8(:matter))")


@dataclass(frozen=True, slots=True)
class StoredCall:
    """An open call: its notice's entry, the matter and step, and the last day to answer it."""

    seq: int
    matter: int
    step: str
    position: int
    closes_on: date


@dataclass(frozen=True, slots=True)
class Publication:
    """An entry by which something became public: of which matter, by which of its records."""

    seq: int
    digest: str
    at: datetime
    matter: str
    position: int


class Submissions(Matters):
    """Opinions of the public, and what was made public to them."""

    def published(self, command: str, limit: int, before: int | None = None) -> list[Publication]:
        """What became public by a command, the newest first; before an entry, if one is named."""
        statement = _published(self.home.id, command).order_by(_j.seq.desc()).limit(limit)
        if before is not None:
            statement = statement.where(_j.seq < before)
        return [Publication(*row) for row in self._run(statement)]

    def publication(self, command: str, key: str) -> Publication | None:
        """What became public by the entry whose digest begins like this; whole keys only."""
        if len(key) != KEY_SIGNS:
            return None
        found = self._run(
            _published(self.home.id, command)
            .where(_j.digest.startswith(key, autoescape=True))
            .limit(2)
        ).all()
        return Publication(*found[0]) if len(found) == 1 else None

    def call(self, seq: int) -> StoredCall | None:
        """The call whose notice is this entry."""
        row = self._run(
            select(_r.matter_id, _r.step, _r.position, _r.payload).where(
                _r.organisation_id == self.home.id, _r.journal_seq == seq, _r.command == CALL
            )
        ).first()
        if row is None:
            return None
        matter, step, position, payload = row
        return StoredCall(seq, matter, step, position, _closing_day(payload))

    def replaced(self, call: StoredCall) -> bool:
        """Whether the matter has a newer notice for the step of the call."""
        found = self._run(
            select(_r.position)
            .where(
                _r.matter_id == call.matter,
                _r.position > call.position,
                _r.command == CALL,
                _r.step == call.step,
            )
            .limit(1)
        ).first()
        return found is not None

    def join_the_line(self, matter: int) -> None:
        """Send an opinion in beside others; waits only for whoever begins or ends a call."""
        self._line(_JOIN, matter)

    def hold_the_line(self, matter: int) -> None:
        """Wait for every opinion that is on its way in, and let none begin until the end."""
        self._line(_HOLD, matter)

    def _line(self, lock: TextClause, matter: int) -> None:
        # SQLite has one writer at a time anyway.
        if self._dialect == "postgresql":
            self._run(lock, {"of": _LOCK_CLASS, "matter": matter})

    def add_submission(self, values: dict[str, object], person: Person) -> None:
        """Keep an opinion, and apart from it who sent it, where they said so."""
        row = {**values, "organisation_id": self.home.id}
        key = self._key(self._run(t.submission.insert(), row).inserted_primary_key)
        if person.told:
            told = {"name": person.name, "contact": person.contact}
            of = {"submission_id": key, "organisation_id": self.home.id}
            self._run(t.submission_person.insert().inline(), {**of, **told})

    def seen(self, number: str) -> StoredMatter | None:
        """A matter as questions look at it, with what the public sent in; locks nothing."""
        stored = self.matter(number, lock=False)
        return None if stored is None else self.with_waiting(stored)

    def with_waiting(self, matter: StoredMatter) -> StoredMatter:
        """The matter with how many opinions wait to be taken in; without a call none do."""
        if matter.facts.last(CALL) is None:
            return matter
        rows = self._run(
            select(_s.step, func.count()).where(_s.matter_id == matter.id, _OPEN).group_by(_s.step)
        )
        found = {str(step): int(count) for step, count in rows}
        return replace(matter, facts=replace(matter.facts, waiting=found)) if found else matter

    def waiting(self, matter: int, step: str, limit: int) -> tuple[Waiting, ...]:
        """The oldest opinions that wait to be taken in."""
        rows = self._run(
            select(_s.id, _s.digest)
            .where(_s.matter_id == matter, _s.step == step, _OPEN)
            .order_by(_s.id)
            .limit(limit)
        )
        return tuple(Waiting(*row) for row in rows)

    def take_in(self, numbers: Iterable[tuple[int, int]], entry: int) -> None:
        """Opinions are on record from this entry on, under these numbers."""
        self._run(
            t.submission.update()
            .where(_s.id == bindparam("of"))
            .values(number=bindparam("as_number"), taken_in_seq=entry),
            [{"of": each, "as_number": number} for each, number in numbers],
        )

    def submission(self, receipt: str) -> Submission | None:
        """The opinion for which a receipt of this digest was given."""
        found = self._submissions(_s.receipt == receipt, 1)
        return found[0] if found else None

    def submissions(self, number: str, after: int, limit: int) -> list[Submission]:
        """What was sent in on a matter, in the order in which it came."""
        return self._submissions((_m.number == number) & (_s.id > after), limit)

    def forget(self, receipt: str) -> bool:
        """Delete who sent an opinion in; gives whether anything was there to delete."""
        of = select(_s.id).where(_s.organisation_id == self.home.id, _s.receipt == receipt)
        p = t.submission_person
        done = self._run(p.delete().where(p.c.submission_id.in_(of)))
        return bool(done.rowcount)

    def forget_senders(self, matter: int) -> None:
        """Delete who sent in any opinion on a matter."""
        p = t.submission_person
        of = select(_s.id).where(_s.matter_id == matter)
        self._run(p.delete().where(p.c.submission_id.in_(of)))

    def _submissions(self, which: Any, limit: int) -> list[Submission]:  # noqa: ANN401
        rows = self._run(
            select(
                *(_s.id, _m.number, _s.step, _s.text, _s.digest, _s.received_at, _s.late),
                *(_s.number, _r.position, _p.name, _p.contact),
            )
            .outerjoin(t.submission_person, _p.submission_id == _s.id)
            .join(t.matter, _m.id == _s.matter_id)
            .outerjoin(
                t.record,
                (_r.matter_id == _s.matter_id)
                & (_r.command == TAKE_IN)
                & (_r.journal_seq == _s.taken_in_seq),
            )
            .where(_s.organisation_id == self.home.id, which)
            .order_by(_s.id)
            .limit(limit)
        )
        return [Submission(*row) for row in rows]


def _published(home: int, command: str) -> Any:  # noqa: ANN401
    """The entries by which a command made something public.

    The command and the status stand in the text of the statement: only so do the databases see that
    the index of public entries holds all that is asked for.
    """
    return (
        select(_j.seq, _j.digest, _j.at, _m.number, _r.position)
        .join(t.matter, _m.id == _j.matter_id)
        .join(t.record, (_r.matter_id == _j.matter_id) & (_r.journal_seq == _j.seq))
        .where(
            _j.organisation_id == home,
            _j.command == bindparam("what", command, literal_execute=True),
            _j.status == literal_column("'done'"),
            _j.command.in_(_PUBLIC),
        )
    )


def _closing_day(payload: str) -> date:
    return date.fromisoformat(str(json.loads(payload)["closes_on"]))
