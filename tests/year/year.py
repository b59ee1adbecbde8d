"""A year on one database: life, looks at random instants, and what was told against the oracle."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Final

from notifications.rules import shipped_notices
from notifications.sweep import Sweep
from tests.integration.house import LOCAL, Zone
from tests.year.life import Life
from tests.year.oracle import UNJUDGED, Oracle, Telling
from tests.year.reading import entries_of

_DAY: Final = timedelta(days=1)


@dataclass
class Year:
    """Everything that happened, for the oracle and for the comparison."""

    zone: Zone
    first: date
    last: date
    seed: int
    looks: list[datetime] = field(default_factory=list)
    marks: list[tuple[datetime, tuple[str, str, str, str, date]]] = field(default_factory=list)
    swept: int = 0

    def live(self, matters: int) -> Life:
        """Let the year pass."""
        luck = Random(self.seed)
        life = Life(self.zone, luck, self.last)
        life.begin(self.first, matters)
        day = self.first
        while day <= self.last:
            # Most days somebody looks; now and then nobody does for a week and more.
            for _ in range(luck.choice((1, 1, 1, 2))):
                life.plan_at(self._instant(luck, day), self.look)
            day += _DAY * (luck.randrange(2, 12) if luck.random() < 0.06 else 1)
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
        while (done := sweep.run()).looked:
            self.swept += done.looked
            assert not done.failed
        self.looks.append(house.clock.now())

    def told(self) -> list[Telling]:
        """What the database says was told."""
        rows = self.zone.rows(
            "SELECT first_at, rule, threshold, recipient, body FROM alert"
            " WHERE rule IS NOT NULL ORDER BY id"
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

    def owed(self) -> list[Telling]:
        """What the oracle says had to be."""
        rows = self.zone.rows("SELECT body FROM journal ORDER BY seq")
        oracle = Oracle(entries_of(rows, LOCAL), LOCAL)
        marks = list(self.marks)
        for at in self.looks:
            while marks and marks[0][0] < at:
                oracle.acknowledge(*marks.pop(0)[1])
            oracle.look(at)
        return oracle.told


def differences(told: list[Telling], owed: list[Telling]) -> tuple[list[Telling], list[Telling]]:
    """What was told and not owed, and what was owed and not told; what is not judged left out."""
    was, due = (
        Counter(each for each in found if each.rule not in UNJUDGED) for found in (told, owed)
    )
    key = lambda each: (each.at, each.matter, each.rule, each.threshold, each.to)  # noqa: E731
    return sorted((was - due).elements(), key=key), sorted((due - was).elements(), key=key)
