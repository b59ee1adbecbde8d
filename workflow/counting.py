"""Periods of a definition counted on a calendar: what a `Rule` means in days."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from workflow.calendar import Count, CountingRule, DayTable, Direction, Span, Unit, add, add_date
from workflow.definition import Rule

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Counting:
    """A day table with the counting rules that definitions name."""

    table: DayTable
    rules: Mapping[str, CountingRule]

    def end(
        self,
        rule: Rule,
        start: date,
        pauses: tuple[Span, ...] = (),
        direction: Direction = Direction.LATER,
    ) -> tuple[date, bool]:
        """Where the period of `rule` ends, counted from `start`; and whether that is provisional.

        Where other periods bind beside it, the farthest end.  Raises OutOfCalendar beyond the
        loaded years.
        """
        amount, unit, counting = self._period(rule)
        spans = pauses if rule.paused else ()
        found = add_date(self.table, start, amount, unit, counting, direction, spans)
        if not rule.also:
            return found
        ends = [found, *(self.end(other, start, pauses, direction) for other in rule.also)]
        farthest = max if direction is Direction.LATER else min
        return farthest(end for end, _ in ends), any(unsure for _, unsure in ends)

    def latest(self, rule: Rule, event: date) -> tuple[date, bool]:
        """The last day on which a thing due a period before `event` may still be done."""
        return self.end(rule, event, direction=Direction.EARLIER)

    def soonest(self, rules: tuple[Rule, ...], done_on: date) -> date:
        """The first day of an event before which all these periods lie, for what is done now.

        That is the first day whose last days for them are not before `done_on`; where a last day is
        a day of rest it rolls back, so that the event may have to wait longer than the period.
        """
        day = max(self.end(rule, done_on)[0] for rule in rules)
        while day > done_on and self._in_time(rules, day - _ONE_DAY, done_on):
            day -= _ONE_DAY
        while not self._in_time(rules, day, done_on):
            day += _ONE_DAY
        return day

    def _in_time(self, rules: tuple[Rule, ...], event: date, done_on: date) -> bool:
        return all(self.latest(rule, event)[0] >= done_on for rule in rules)

    def explain(
        self,
        rule: Rule,
        start: date,
        pauses: tuple[Span, ...] = (),
        direction: Direction = Direction.LATER,
    ) -> Count:
        """The same count, step by step."""
        amount, unit, counting = self._period(rule)
        spans = pauses if rule.paused else ()
        return add(self.table, start, amount, unit, counting, direction, spans)

    def _period(self, rule: Rule) -> tuple[int, Unit, CountingRule]:
        if rule.value is None or rule.unit is None or rule.counting is None:
            raise TypeError(
                f"rule {rule.id} is not a period"
            )  # the loader refuses such a definition
        return rule.value, rule.unit, self.rules[rule.counting]
