"""When the sweep is to look at what, what it saw last, and the alerts that it told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    Connection,
    Row,
    bindparam,
    delete,
    func,
    literal_column,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from workflow import tables as t
from workflow.prepared import Prepared
from workflow.store.base import Base

#: The subject of a house: whatever is of no matter.
HOUSE: Final = ""

_w, _s, _a = t.wake.c, t.deadline_seen.c, t.alert.c


def _waking(dialect: Any) -> Prepared:  # noqa: ANN401 (two dialects' own inserts)
    values = dialect.insert(t.wake)
    return Prepared(
        values.on_conflict_do_update(
            index_elements=["organisation_id", "subject"],
            set_={"at": values.excluded.at, "beat": _w.beat + literal_column("1")},
        ),
        "organisation_id",
        "subject",
        "at",
        "beat",
    )


_WAKE: Final = {"postgresql": _waking(postgresql), "sqlite": _waking(sqlite)}


class Wakes(Base):
    """What the sweep asks and keeps."""

    def wake(self, subjects: Iterable[str], at: datetime) -> None:
        """Let these matters, or the house, be looked at from this instant on."""
        statement = _WAKE[self._dialect]
        # In one order, so that two commands wait for each other in a row and never crosswise.
        for subject in sorted(set(subjects)):
            statement.write(
                self._connection,
                {"organisation_id": self.home.id, "subject": subject, "at": at, "beat": 1},
            )

    def wake_all(self, at: datetime) -> None:
        """Let everything that still waits for something be looked at anew: the days changed."""
        self._run(
            update(t.wake).where(_w.organisation_id == self.home.id).values(at=at, beat=_w.beat + 1)
        )

    def awake(self) -> tuple[str, ...]:
        """Every matter that still waits for something, and the house, by name."""
        rows = self._run(
            select(_w.subject).where(_w.organisation_id == self.home.id).order_by(_w.subject)
        )
        return tuple(rows.scalars())

    def beat(self, subject: str) -> int | None:
        """How often a subject was woken; None where it sleeps for good."""
        return self._run(
            select(_w.beat).where(_w.organisation_id == self.home.id, _w.subject == subject)
        ).scalar()

    def sleep(self, subject: str, beat: int | None, until: datetime | None) -> bool:
        """Let a subject rest until an instant (None: until it is woken), if nobody woke it since.

        Whether nobody did.
        """
        mine = (_w.organisation_id == self.home.id) & (_w.subject == subject)
        if beat is None:
            # A house that was never looked at has no row yet.
            new = {"organisation_id": self.home.id, "subject": subject, "at": until, "beat": 1}
            found = self._run(self._insert(t.wake).on_conflict_do_nothing().returning(_w.beat), new)
            return found.first() is not None
        if until is None:
            ended = delete(t.wake).where(mine, _w.beat == beat)
            return bool(self._run(ended).rowcount)
        moved = update(t.wake).where(mine, _w.beat == beat).values(at=until, beat=beat + 1)
        return bool(self._run(moved).rowcount)

    def seen_points(self, subject: str) -> list[Row[Any]]:
        """Every point of a subject as it was seen last."""
        return list(
            self._run(
                select(_s.point, _s.told, _s.body).where(
                    _s.organisation_id == self.home.id, _s.subject == subject
                )
            )
        )

    def keep_seen(self, subject: str, rows: Sequence[Mapping[str, object]]) -> None:
        """Points of a subject as they stand now."""
        if not rows:
            return
        values = self._insert(t.deadline_seen)
        self._run(
            values.on_conflict_do_update(
                index_elements=["organisation_id", "subject", "point"],
                set_={
                    name: values.excluded[name] for name in ("by", "provisional", "told", "body")
                },
            ),
            [{"organisation_id": self.home.id, "subject": subject, **each} for each in rows],
        )

    def forget_seen(self, subject: str, points: Sequence[str]) -> None:
        """Points that are there no more."""
        if points:
            self._run(
                delete(t.deadline_seen).where(
                    _s.organisation_id == self.home.id,
                    _s.subject == subject,
                    _s.point.in_(points),
                )
            )

    def standing_alerts(self, matter: int | None) -> list[Row[Any]]:
        """The alerts of a matter (None: of the house) that the sweep told and that still stand."""
        return list(
            self._run(
                select(
                    _a.id,
                    _a.rule,
                    _a.threshold,
                    _a.day,
                    _a.body,
                    _a.escalated,
                    _a.acknowledged_at,
                ).where(
                    _a.organisation_id == self.home.id,
                    _a.matter_id.is_(None) if matter is None else _a.matter_id == matter,
                    _a.rule.is_not(None),
                    _a.settled_at.is_(None),
                )
            )
        )

    def tell_alerts(self, rows: Sequence[Mapping[str, object]]) -> int:
        """Alerts, each once: what was told under its key already is not told again."""
        if not rows:
            return 0
        found = self._run(
            self._insert(t.alert)
            .on_conflict_do_nothing(index_elements=["organisation_id", "key"])
            .returning(_a.id),
            [{"organisation_id": self.home.id, **each} for each in rows],
        )
        # Not `rowcount`, which PostgreSQL's driver does not know of such a statement.
        return len(found.all())

    def settle_alerts(self, ids: Sequence[int], at: datetime) -> None:
        """What these alerts are about is over."""
        if ids:
            self._run(
                update(t.alert)
                .where(_a.organisation_id == self.home.id, _a.id.in_(ids))
                .values(settled_at=at)
            )

    def raise_alerts(self, ids: Sequence[int]) -> None:
        """These alerts went up a rung."""
        if ids:
            self._run(
                update(t.alert)
                .where(_a.organisation_id == self.home.id, _a.id.in_(ids))
                .values(escalated=_a.escalated + 1)
            )

    def tally(
        self,
        since: datetime,
        until: datetime,
        tried: Sequence[str],
        approving: Sequence[str],
        marks: Sequence[tuple[str, str]],
    ) -> tuple[tuple[str, str, int, bool], ...]:
        """How often a matter was refused what was `tried`, and `approving` was done on it.

        Of each command in `marks` only the entries count that keep something under its name there.

        By matter, in the order of their numbers: its number, the command, how often, and whether
        it was done.  Of matters that are restricted nothing is told.  The journal has no index by
        time; its entries follow each other in time, so the first of the span is found by halving.
        """
        j, m = t.journal.c, t.matter.c
        first, last = (self._first_entry(each) for each in (since, until))
        refused = (j.status == "refused") & j.command.in_(tried)
        # A quotation mark in what somebody wrote is kept with a stroke before it.
        marked = (
            (j.command == command) & j.body.contains(f'"{name}":', autoescape=True)
            for command, name in marks
        )
        done = (j.status == "done") & or_(j.command.in_(approving), *marked)
        rows = self._run(
            select(m.number, j.command, func.count(), j.status)
            .join(t.matter, (m.organisation_id == j.organisation_id) & (m.id == j.matter_id))
            .where(
                j.organisation_id == self.home.id,
                j.seq >= first,
                j.seq < last,
                refused | done,
                ~m.restricted,
            )
            .group_by(m.number, j.command, j.status)
            .order_by(m.number, j.command, j.status)
        )
        return tuple(
            (number, command, count, done == "done") for number, command, count, done in rows
        )

    def _first_entry(self, at: datetime) -> int:
        """The number of the first journal entry at an instant or after it."""
        j, low = t.journal.c, 1
        head = select(func.coalesce(func.max(j.seq), 0)).where(j.organisation_id == self.home.id)
        high = int(self._run(head).scalar_one()) + 1
        while low < high:
            middle = (low + high) // 2
            mine = (j.organisation_id == self.home.id) & (j.seq == middle)
            found = self._run(select(j.at).where(mine)).scalar()
            if found is None or found < at:
                low = middle + 1
            else:
                high = middle
        return low

    def meetings_ahead(self) -> tuple[str, ...]:
        """The codes of the meetings that are convened and were neither held nor called off."""
        m = t.meeting.c
        found = self._run(
            select(m.code)
            .where(
                m.organisation_id == self.home.id,
                m.opened_on.is_(None),
                m.closed_on.is_(None),
                m.cancelled_on.is_(None),
            )
            .order_by(m.held_on, m.id)
        )
        return tuple(code for (code,) in found)


_DUE: Final = (
    select(t.organisation.c.code, _w.subject)
    .join(t.organisation, t.organisation.c.id == _w.organisation_id)
    .where(_w.at <= bindparam("now"))
    .order_by(_w.at, _w.organisation_id, _w.subject)
    .limit(bindparam("limit"))
)
_NEW_HOUSES: Final = text(
    "SELECT code FROM organisation WHERE NOT EXISTS ("
    "SELECT 1 FROM wake WHERE wake.organisation_id = organisation.id AND wake.subject = '')"
    " ORDER BY id"
)


def due_subjects(connection: Connection, now: datetime, limit: int) -> list[tuple[str, str]]:
    """What is to be looked at, by organisation and subject, whatever has waited longest first."""
    new = [(str(code), HOUSE) for (code,) in connection.execute(_NEW_HOUSES)]
    rows = connection.execute(_DUE, {"now": now, "limit": limit})
    return [*new, *((str(code), str(subject)) for code, subject in rows)][:limit]


def next_wake(connection: Connection) -> datetime | None:
    """The instant from which on something is to be looked at; None where nothing waits."""
    return connection.execute(select(_w.at).order_by(_w.at).limit(1)).scalar()
