"""What is to be told now: a pure function of rules, watchpoints, what was told before, and the day.

It is asked as often as anybody likes: what it has said once, and was kept, it does not say again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from notifications.rules import LIFTED, MOVED, EscalationForm, NoticeRules, PeriodForm, RuleForm
from notifications.watchpoints import About, Watchpoint
from workflow.calendar import DayTable
from workflow.definition import Holder

_DAY = timedelta(days=1)

#: Where an alert went on to others, this stands behind the occasion, with the number of the rung.
RUNG = "up"


@dataclass(frozen=True, slots=True)
class Seen:
    """A watchpoint as it was seen last, and the occasions that were told of it.

    `acts` is how many acts the matter had then: where there are no more, a day that moved did so
    by the calendar.
    """

    point: Watchpoint
    told: tuple[str, ...] = ()
    acts: int = 0


@dataclass(frozen=True, slots=True)
class Told:
    """An alert that stands: told on `day`, and what became of it. `acknowledged` by whoever got it.

    `escalated` tells how many rungs it went up.
    """

    id: int
    rule: str
    threshold: str
    point: str
    by: date
    day: date
    acknowledged: bool = False
    escalated: int = 0

    @property
    def occasion(self) -> tuple[str, str]:
        """What it has in common with those that others got of the same: one of them is enough."""
        return self.point, self.threshold


@dataclass(frozen=True, slots=True)
class Notice:
    """Something to be told of a watchpoint, to the holders in `to` (None: whoever has to act).

    `was` is the day before it moved, `cause` the act that did it, empty for the calendar.  `late`:
    it should have been told on an earlier day.  `of` is the alert that nobody acknowledged.
    """

    rule: RuleForm
    point: Watchpoint
    threshold: str
    to: tuple[Holder | None, ...]
    late: bool = False
    was: date | None = None
    cause: str = ""
    of: Told | None = None

    @property
    def when(self) -> str:
        """How the occasion lies to its day: before, on or after it; or what became of the day."""
        if self.of is not None:
            return RUNG
        found = self.rule.threshold(self.threshold)
        if found is None:
            return self.threshold
        if found.before is not None:
            return "before"
        return "on" if found.after is None else "after"


@dataclass(frozen=True, slots=True)
class Findings:
    """What is to be told, how everything stands now, what is over, and the day of the next look.

    `settled` are alerts whose cause is done, lifted or moved; `risen` those that go up a rung.
    """

    notices: tuple[Notice, ...] = ()
    seen: Mapping[str, Seen] = field(default_factory=dict)
    gone: tuple[str, ...] = ()
    settled: tuple[int, ...] = ()
    risen: tuple[int, ...] = ()
    next_day: date | None = None


@dataclass(frozen=True, slots=True)
class Before:
    """What the last look left: each point by its name, and the alerts that stand."""

    seen: Mapping[str, Seen] = field(default_factory=dict)
    standing: tuple[Told, ...] = ()


def shifted(table: DayTable, day: date, period: PeriodForm, step: timedelta) -> date:
    """The day that lies a period before (`step` of minus one day) or after another."""
    if not period.working:
        return day + step * period.amount
    left = period.amount
    while left:
        day += step
        if table.day(day).working:
            left -= 1
    return day


def day_of(table: DayTable, rule: RuleForm, threshold: str, by: date) -> date:
    """The day on which an occasion comes, for a watchpoint of this day."""
    found = rule.threshold(threshold)
    if found is None:
        return by
    if found.before is not None:
        return shifted(table, by, found.before, -_DAY)
    return by if found.after is None else shifted(table, by, found.after, _DAY)


def due(
    rules: NoticeRules,
    points: tuple[Watchpoint, ...],
    before: Before,
    table: DayTable,
    today: date,
    *,
    acts: tuple[str, ...] = (),
    lifted: frozenset[str] = frozenset(),
) -> Findings:
    """What is to be told on a day of everything that has its day.

    `acts` are the commands that were done on the matter, in their order.  `lifted` are the steps
    that no longer ask for anything though nobody did what they asked for.
    """
    return _Day(rules, before, table, today, acts, lifted).look(points)


@dataclass(frozen=True)
class _Day:
    rules: NoticeRules
    before: Before
    table: DayTable
    today: date
    acts: tuple[str, ...]
    lifted: frozenset[str]

    def look(self, points: tuple[Watchpoint, ...]) -> Findings:
        notices: list[Notice] = []
        seen: dict[str, Seen] = {}
        days: list[date] = []
        for point in points:
            rule = self.rules.of(point)
            if rule is None:
                continue
            known = self.before.seen.get(point.point)
            if point.frozen:
                # Its day moves with every day of the pause; it is told once the matter goes on.
                seen[point.point] = self._waiting(point, known)
                continue
            found, now = self._of(rule, point, known)
            notices += found
            seen[point.point] = now
            days += self._ahead(rule, point, now)
        gone = tuple(each for each in self.before.seen if each not in seen)
        notices += (each for name in gone for each in self._ended(self.before.seen[name]))
        settled = tuple(self._settled(seen))
        days += self._first_rungs(notices)
        notices += self._rungs(seen, settled, days)
        return Findings(
            tuple(notices),
            seen,
            gone,
            settled,
            tuple(each.of.id for each in notices if each.of is not None),
            min(days, default=None),
        )

    def _waiting(self, point: Watchpoint, known: Seen | None) -> Seen:
        """What is kept of a point while the matter is paused: its day is the one from before."""
        if known is None:
            return Seen(point, (), len(self.acts))
        return replace(known, point=replace(known.point, frozen=True))

    def _of(
        self, rule: RuleForm, point: Watchpoint, known: Seen | None
    ) -> tuple[list[Notice], Seen]:
        """What is to be told of one point: of several occasions that have come only the last."""
        told = () if known is None else known.told
        moved = known is not None and known.point.by != point.by
        found: list[Notice] = []
        if moved and known is not None:
            cause = self.acts[-1] if len(self.acts) > known.acts else ""
            if rule.tells_moves and told:
                was = known.point.by
                found.append(Notice(rule, point, MOVED, rule.told(*told), was=was, cause=cause))
            told = ()
        come = [(day, name) for day, name in self._occasions(rule, point) if day <= self.today]
        new = [(day, name) for day, name in come if name not in told]
        if new and not (found and new[-1][0] <= point.by and self.today <= point.by):
            # Whoever hears that the day moved need not hear besides that the new one comes.
            day, name = new[-1]
            found.append(
                Notice(rule, point, name, rule.told(name), late=self._late(day, point, known))
            )
        told = tuple(dict.fromkeys((*told, *(name for _, name in come))))
        return found, Seen(point, told, len(self.acts))

    def _late(self, day: date, point: Watchpoint, known: Seen | None) -> bool:
        """Whether the day for telling it is past, and it could have been told then.

        It could where it had begun, or had been seen; and not where it moved, or waited in a pause.
        """
        if day >= self.today:
            return False
        if known is None:
            return point.since <= day
        return known.point.by == point.by and not known.point.frozen

    def _occasions(self, rule: RuleForm, point: Watchpoint) -> list[tuple[date, str]]:
        """The days of all occasions, the first one first; of none that no longer matters."""
        ends = None if rule.expires is None else shifted(self.table, point.by, rule.expires, _DAY)
        if ends is not None and ends < self.today:
            return []
        days = [(day_of(self.table, rule, each.id, point.by), each.id) for each in rule.thresholds]
        return sorted(days, key=lambda each: each[0])

    def _ahead(self, rule: RuleForm, point: Watchpoint, now: Seen) -> Iterator[date]:
        """The days on which this point is to be looked at again."""
        for day, name in self._occasions(rule, point):
            if name not in now.told:
                yield day
        if point.about is About.FORECAST and point.by >= self.today:
            # The day after, it may be too late for the meeting.
            yield point.by + _DAY

    def _ended(self, known: Seen) -> Iterator[Notice]:
        """That nothing is asked for any more, to those who were told that it would be."""
        rule = self.rules.of(known.point)
        if rule is not None and rule.tells_moves and known.told and self._lifted(known.point):
            cause = self.acts[-1] if len(self.acts) > known.acts else ""
            yield Notice(rule, known.point, LIFTED, rule.told(*known.told), cause=cause)

    def _lifted(self, point: Watchpoint) -> bool:
        return bool(point.step) and point.step in self.lifted

    def _settled(self, seen: Mapping[str, Seen]) -> Iterator[int]:
        """The alerts of what is over, or stands on another day now."""
        for each in self.before.standing:
            now = seen.get(each.point)
            if now is None or (now.point.by != each.by and not now.point.frozen):
                yield each.id

    def _first_rungs(self, notices: list[Notice]) -> Iterator[date]:
        """The days on which what is told now goes on to others, should nobody acknowledge it."""
        for each in notices:
            for rung in _ladder(each.rule, each.threshold)[:1]:
                yield shifted(self.table, self.today, rung.after, _DAY)

    def _rungs(
        self, seen: Mapping[str, Seen], settled: tuple[int, ...], days: list[date]
    ) -> list[Notice]:
        """What nobody acknowledged goes on to others, a rung at a time."""
        found: list[Notice] = []
        heard = {each.occasion for each in self.before.standing if each.acknowledged}
        for each in self.before.standing:
            rule = self.rules.named(each.rule)
            now = seen.get(each.point)
            if each.id in settled or each.occasion in heard or rule is None or now is None:
                continue
            if now.point.frozen:
                continue
            ladder = _ladder(rule, each.threshold)
            if each.escalated >= len(ladder):
                continue
            rung = ladder[each.escalated]
            day = shifted(self.table, each.day, rung.after, _DAY)
            if day <= self.today:
                name = f"{each.threshold}.{RUNG}{each.escalated + 1}"
                found.append(Notice(rule, now.point, name, rung.to, of=each))
                rest = ladder[each.escalated + 1 :]
                days += (shifted(self.table, each.day, next_.after, _DAY) for next_ in rest[:1])
            else:
                days.append(day)
        return found


def _ladder(rule: RuleForm, threshold: str) -> tuple[EscalationForm, ...]:
    return tuple(each for each in rule.escalate if threshold in each.of)
