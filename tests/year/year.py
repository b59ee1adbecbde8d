"""A year on one database: life, looks at random instants, and what was told against the oracle."""

from __future__ import annotations

import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import partial
from random import Random
from typing import Final

from notifications.rules import shipped_notices
from notifications.sweep import Sweep
from procedures.dates import ChinaDays
from tests.integration.house import KEEPER, LOCAL, Act, Zone, always
from tests.year.foreseen import Foreseen, foreseen
from tests.year.life import Life
from tests.year.oracle import Mark, Oracle, Telling
from tests.year.points import UNDERWAY
from tests.year.post import INSTEAD, Post
from tests.year.reading import Entry, entries_of, refusals_of
from workflow.calendar import DayKind
from workflow.store import HOUSE, Store, home

_DAY: Final = timedelta(days=1)
SATURDAY: Final = 6
#: Every so many looks everything is asked anew.
THOROUGH: Final = 25
#: On how many days somebody chooses anew how to be told.
WISHING: Final = 0.25
#: How often somebody acknowledges something after a look.
ACKNOWLEDGING: Final = 0.3
#: When the notice of the year to come is published.
NEXT_YEAR: Final = date(2026, 11, 25)
#: Notices that come in the middle of a year: the day they come, and the days that they turn round.
CORRECTIONS: Final = (
    (date(2026, 3, 16), date(2026, 3, 27), date(2026, 4, 2), date(2026, 4, 11)),
    (date(2026, 6, 9), date(2026, 6, 22), date(2026, 6, 27), date(2026, 7, 1)),
    (date(2026, 8, 24), date(2026, 9, 3), date(2026, 9, 12)),
    (date(2026, 10, 23), date(2026, 11, 2), date(2026, 11, 3), date(2026, 11, 14)),
    (date(2026, 12, 11), date(2026, 12, 31), date(2027, 1, 4), date(2027, 1, 9)),
    (date(2027, 1, 22), date(2027, 1, 28), date(2027, 1, 30)),
    (date(2027, 3, 3), date(2027, 3, 12), date(2027, 3, 20)),
    (date(2027, 5, 10), date(2027, 5, 20), date(2027, 5, 21), date(2027, 6, 5)),
)


@dataclass
class Year:
    """Everything that happened, for the oracle and for the comparison."""

    zone: Zone
    first: date
    last: date
    seed: int
    workers: int = 1
    looks: list[datetime] = field(default_factory=list)
    marks: list[tuple[datetime, Mark]] = field(default_factory=list)
    corrections: list[tuple[datetime, date]] = field(default_factory=list)
    foreseen: dict[tuple[datetime, str], Foreseen] = field(default_factory=dict)
    swept: int = 0
    overlooked: list[str] = field(default_factory=list)
    post: Post = field(init=False)
    _luck: Random = field(default_factory=Random)

    def __post_init__(self) -> None:
        self.post = Post(self.zone)

    def live(self, matters: int) -> Life:
        """Let the year pass."""
        luck = self._luck = Random(self.seed)
        life = Life(self.zone, luck, self.last, leaving=self.post.leave)
        life.begin(self.first, matters)
        day = self.first
        while day <= self.last:
            # Most days somebody looks; now and then nobody does for a week and more.
            for _ in range(luck.choice((1, 1, 1, 2))):
                life.plan_at(self._instant(luck, day), self.look)
            if luck.random() < WISHING:
                life.plan(day, partial(self.post.wish, luck))
            day += _DAY * (luck.randrange(2, 12) if luck.random() < 0.06 else 1)
        life.plan_at(datetime.combine(NEXT_YEAR, time(10), LOCAL), self.next_year)
        for published, *changed in CORRECTIONS:
            if self.first < published < self.last:
                at = datetime.combine(published, time(10), LOCAL)
                life.plan_at(at, partial(self.correct, changed))
        life.run()
        return life

    @staticmethod
    def _instant(luck: Random, day: date) -> datetime:
        at = luck.choice((time(), time(0, 0, 1), time(8), time(12, 30), time(23, 59, 59)))
        return datetime.combine(day, at, LOCAL) + timedelta(microseconds=luck.randrange(900_000))

    def look(self) -> None:
        """Sweep until nothing is due any more, and once more; then somebody says they know."""
        house = self.zone.house
        sweep = Sweep(house.uow, house.inquiry, house.clock, shipped_notices())
        self._foresee()
        while done := self._runs(sweep):
            self.swept += done
        self.looks.append(house.clock.now())
        if len(self.looks) % THOROUGH == 0:
            self.overlooked += self._asked(sweep)
        self.post.run()
        self._acknowledge()

    def _foresee(self) -> None:
        """Ask the planner of every matter on its way, whether it is to be looked at or not."""
        house, code = self.zone.house, self.zone.code
        for number, stage in self.zone.rows("SELECT number, stage FROM matter"):
            if stage in ("proposed", "studied", *UNDERWAY):
                found = foreseen(house.inquiry.watched(code, number))
                if found is not None:
                    self.foreseen[house.clock.now(), number] = found

    def _runs(self, sweep: Sweep) -> int:
        """Sweep once, by as many as there are at once; how many subjects were looked at."""
        if self.workers == 1:
            done = [sweep.run()]
        else:
            with ThreadPoolExecutor(self.workers) as pool:
                done = list(pool.map(lambda _: sweep.run(), range(self.workers)))
        assert not any(each.failed for each in done)
        return sum(each.looked for each in done)

    def _asked(self, sweep: Sweep) -> list[str]:
        """What the engine would tell of everything if it were asked anew, due or not."""
        numbers = [number for (number,) in self.zone.rows("SELECT number FROM matter")]
        return [
            f"{self.looks[-1]} {number}: {each.rule.id}.{each.threshold}"
            for number in (HOUSE, *(str(each) for each in numbers if each is not None))
            for each in sweep.due(self.zone.code, number)[1].notices
        ]

    def _acknowledge(self) -> None:
        """Now and then somebody says that they know, of something that nobody acknowledged."""
        if self._luck.random() > ACKNOWLEDGING:
            return
        clock = self.zone.house.clock
        rows = self.zone.rows(
            "SELECT id, rule, threshold, recipient, body FROM alert WHERE rule IS NOT NULL"
            " AND acknowledged_at IS NULL AND settled_at IS NULL"
            f" AND key NOT LIKE '%{INSTEAD}%' ORDER BY id DESC LIMIT 40"
        )
        if not rows:
            return
        clock.set(clock.now() + timedelta(milliseconds=1))
        number, rule, threshold, recipient, body = self._luck.choice(rows)
        kept = json.loads(body)
        point, matter = kept["notice"]["point"], kept["matter"] or ""
        by, what = date.fromisoformat(point["by"]), point["rule"]
        with self.zone.house.uow.write() as connection:
            where = home(connection, self.zone.code)
            assert where is not None
            store = Store(connection, where[0])
            assert store.mark_alert(recipient, number, clock.now(), acknowledged=True)
        mark = Mark(recipient, matter, rule, threshold, by, what, point["entry"])
        self.marks.append((clock.now(), mark))

    def correct(self, changed: list[date]) -> None:
        """A notice turns days round in the middle of a year, and the office takes it in."""
        days = self.zone.house.days_of(self.zone.code)
        off = sorted(day for day in changed if day.isoweekday() < SATURDAY)
        notice: dict[str, object] = {
            "year": max(changed).year,
            "number": f"国办发明电〔{self.zone.today.year}〕{90 + len(self.corrections)}号",
            "dated": self.zone.today.isoformat(),
            "published": self.zone.today.isoformat(),
            "amends": True,
            "holidays": [whole_run(days, set(off), day) for day in off],
            "worked": sorted(day.isoformat() for day in changed if day not in off),
        }
        self.corrections += ((self.zone.house.clock.now(), day) for day in changed)
        self.zone.do(Act("import_holidays", KEEPER, always(**notice), about=""))

    def next_year(self) -> None:
        """The notice of the year to come is published, with the days that were expected."""
        year = self.first.year + 1
        days = self.zone.house.days_of(self.zone.code)
        whole = (date(year, 1, 1) + _DAY * place for place in range(365))
        off = [day for day in whole if days.day(day).kind is DayKind.HOLIDAY]
        notice: dict[str, object] = {
            "year": year,
            "number": f"国办发明电〔{self.zone.today.year}〕9号",
            "dated": self.zone.today.isoformat(),
            "published": self.zone.today.isoformat(),
            "holidays": [
                {"name": "节日", "first": day.isoformat(), "last": day.isoformat()} for day in off
            ],
        }
        self.zone.do(Act("import_holidays", KEEPER, always(**notice), about=""))

    def told(self) -> list[Telling]:
        """What the database says was told."""
        rows = self.zone.rows(
            "SELECT first_at, rule, threshold, recipient, body FROM alert"
            f" WHERE rule IS NOT NULL AND key NOT LIKE '%{INSTEAD}%' ORDER BY id"
        )
        found = []
        for at, rule, threshold, recipient, body in rows:
            kept = json.loads(body)
            notice = kept["notice"]
            point = notice["point"]
            instant = at if isinstance(at, datetime) else datetime.fromisoformat(at + "+00:00")
            found.append(
                Telling(
                    instant,
                    kept["matter"] or "",
                    rule,
                    threshold,
                    point["act"],
                    date.fromisoformat(point["by"]),
                    recipient,
                    notice["late"],
                    None if notice["was"] is None else date.fromisoformat(notice["was"]),
                    notice["cause"],
                )
            )
        return found

    def entries(self) -> list[Entry]:
        """What was accepted, as the journal has it."""
        return entries_of(self.zone.rows("SELECT body FROM journal ORDER BY seq"), LOCAL)

    def misled(self) -> list[str]:
        """What went out otherwise than people wished."""
        return list(self.post.faults(self.entries(), self.corrections))

    def owed(self) -> list[Telling]:
        """What the oracle says had to be."""
        refused = refusals_of(self.zone.rows("SELECT body FROM journal ORDER BY seq"), LOCAL)
        oracle = Oracle(self.entries(), LOCAL, self.corrections, self.foreseen, refused)
        marks = list(self.marks)
        for at in self.looks:
            while marks and marks[0][0] < at:
                oracle.acknowledge(marks.pop(0)[1])
            oracle.look(at)
        return oracle.told


def whole_run(days: ChinaDays, off: set[date], day: date) -> dict[str, str]:
    """The days off in one piece with a day: an amendment tells a festival as a whole."""

    def rests(each: date) -> bool:
        return each in off or not days.day(each).working

    first = last = day
    while rests(first - _DAY):
        first -= _DAY
    while rests(last + _DAY):
        last += _DAY
    return {"name": "调整", "first": first.isoformat(), "last": last.isoformat()}


def differences(told: list[Telling], owed: list[Telling]) -> tuple[list[Telling], list[Telling]]:
    """What was told and not owed, and what was owed and not told."""
    was, due = Counter(told), Counter(owed)
    key = lambda each: (each.at, each.matter, each.rule, each.threshold, each.to)  # noqa: E731
    return sorted((was - due).elements(), key=key), sorted((due - was).elements(), key=key)
