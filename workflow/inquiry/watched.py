"""What the sweep looks at: a matter or a house as it stands, and what was told of it before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import Row

from workflow.calendar import OutOfCalendar
from workflow.definition import AlertOn, Procedure
from workflow.directory import Directory
from workflow.guards import Lens
from workflow.inquiry.answers import Standing
from workflow.inquiry.standings import Standings
from workflow.meeting import Meeting
from workflow.planning import Wish, feasible
from workflow.planning.plan import outlook_of
from workflow.planning.values import Outlook
from workflow.planning.wish import APPROVING
from workflow.recurring import Ledger
from workflow.store import HOUSE, Store, due_subjects, next_wake


@dataclass(frozen=True, slots=True)
class Watched:
    """One subject: `standing` and `matter` (its key) of a matter, None for the house.

    `beat` tells whether it was woken since; `seen` and `told` are rows of what was seen and of the
    alerts that stand.  `ahead` are the meetings a matter may go to, `meetings` those of the house.
    `tally` is what happened on its matters last week: number, command, how often, and whether it
    was done.  `ledgers` are the recurring duties of the last year and this one.
    """

    organisation: str
    subject: str
    profile: str
    time_zone: str
    now: datetime
    beat: int | None
    procedure: Procedure
    directory: Directory
    lens: Lens
    seen: tuple[Row[Any], ...]
    told: tuple[Row[Any], ...]
    standing: Standing | None = None
    matter: int | None = None
    ahead: tuple[tuple[Meeting, Wish], ...] = ()
    meetings: Mapping[str, Meeting] | None = None
    tally: tuple[tuple[str, str, int, bool], ...] = ()
    ledgers: tuple[Ledger, ...] = ()


#: What gives notice of a shorter period for a reason, and what its record says of it then.
STATED: Final = ("publish_open_call", "usual_end")


class Watching(Standings):
    """What is due to be looked at, and each of it."""

    def due_subjects(self, limit: int) -> list[tuple[str, str]]:
        """So much of what is to be looked at by now, by organisation and subject."""
        with self._uow.read() as connection:
            return due_subjects(connection, self._clock.now(), limit)

    def next_wake(self) -> datetime | None:
        """The instant from which on something is to be looked at."""
        with self._uow.read() as connection:
            return next_wake(connection)

    def watched(self, organisation: str, subject: str) -> Watched:
        """A subject as it stands.  Raises NotFound."""
        with self._store(organisation) as store:
            return self._house(store) if subject == HOUSE else self._matter(store, subject)

    def _matter(self, store: Store, number: str) -> Watched:
        standing, lens = self._standing(store, number)
        stored = store.matter_id(number)
        return Watched(
            store.home.code,
            number,
            store.home.profile,
            store.home.time_zone,
            self._clock.now(),
            store.beat(number),
            standing.procedure,
            standing.directory,
            lens,
            tuple(store.seen_points(number)),
            tuple(store.standing_alerts(stored)),
            standing,
            stored,
            self._ahead(store, standing, lens),
        )

    def _ahead(
        self, store: Store, standing: Standing, lens: Lens
    ) -> tuple[tuple[Meeting, Wish], ...]:
        """The next meeting of the body whose turn it is, and whether the matter can make it."""
        facts, procedure = standing.facts, standing.procedure
        if not facts.title or outlook_of(lens, facts) is not Outlook.OPEN:
            return ()
        body = facts.next_body(procedure.meetings(facts.answers))
        for code in store.meetings_ahead():
            found = store.meeting(code, lock=False)
            if found is None or found.meeting.body != body:
                continue
            if found.meeting.frozen_on is None and found.meeting.held_on >= lens.today:
                try:
                    return ((found.meeting, feasible(lens, facts, found.meeting.held_on)),)
                except OutOfCalendar:
                    return ()
        return ()

    def _house(self, store: Store) -> Watched:
        today = self._today(store)
        rules = self._book.current(store.home, today)
        found = (store.meeting(code, lock=False) for code in store.meetings_ahead())
        return Watched(
            store.home.code,
            HOUSE,
            store.home.profile,
            store.home.time_zone,
            self._clock.now(),
            store.beat(HOUSE),
            rules.procedure,
            self._book.directory(store),
            self._book.lens(store, rules, today),
            tuple(store.seen_points(HOUSE)),
            tuple(store.standing_alerts(None)),
            tally=self._tally(store, rules.procedure, today),
            ledgers=tuple(self._book.ledger(store, year) for year in (today.year - 1, today.year)),
            meetings={each.meeting.code: each.meeting for each in found if each is not None},
        )

    @staticmethod
    def _tally(
        store: Store, procedure: Procedure, today: date
    ) -> tuple[tuple[str, str, int, bool], ...]:
        """Attempts that alert somebody, and floors that were shortened, from Monday to Sunday."""
        zone = ZoneInfo(store.home.time_zone)
        monday = today - timedelta(days=today.weekday())
        ends = datetime.combine(monday, time.min, zone).astimezone(UTC)
        begins = datetime.combine(monday - timedelta(days=7), time.min, zone).astimezone(UTC)
        tried = tuple(
            dict.fromkeys(each.command for each in procedure.alerts if each.on is AlertOn.REFUSED)
        )
        return store.tally(begins, ends, tried, (APPROVING,), (STATED,))
