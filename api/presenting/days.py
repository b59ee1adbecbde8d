"""Days and periods in words: weekday, holiday, make-up day, and how a count came to its end."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import groupby

from procedures.dates import ChinaDays
from workflow.calendar import Count, CountStep, Day, DayKind, Direction, StepEffect, Unit
from workflow.catalogue import Catalogue

_REMARK = re.compile(r"\s*[(\uff08].*[)\uff09]\s*$")
_ONE_DAY = timedelta(days=1)


class Days:
    """Words for days, in the language of a catalogue and on a table of days."""

    def __init__(self, catalogue: Catalogue, table: ChinaDays) -> None:
        self._say = catalogue.text
        self._chinese = catalogue.locale == "zh"
        self._table = table

    @property
    def firm_through(self) -> date:
        """The last day that no holiday notice to come can change."""
        return self._table.firm_through

    def full(self, day: date) -> str:
        """A day with its weekday and what is special about it."""
        weekday = self.weekday(day)
        mark = self.mark(day)
        code = "days.full_marked" if mark else "days.full"
        return self._say(code, day=day, weekday=weekday, mark=mark)

    def weekday(self, day: date) -> str:
        """The weekday."""
        return self._say(f"days.weekday.{day.isoweekday()}")

    def mark(self, day: date) -> str:
        """What is special about a day: a holiday, a make-up workday; empty for any other."""
        found = self._table.day(day)
        if found.kind is DayKind.MAKE_UP:
            return self._say("days.make_up")
        # A weekend beside a festival is part of its holiday.
        if not found.working and self._holiday(day):
            return self._say("days.holiday", name=self.festival(day))
        return ""

    def festival(self, day: date) -> str:
        """The festival that a holiday belongs to: its own, or the nearest of the days off."""
        near = sorted(self._holiday(day), key=lambda each: abs(each.date - day))
        named = (self._bare_name(each.date) for each in near)
        return next((name for name in named if name), self._say("days.rest"))

    def short(self, day: date, beside: date | None = None) -> str:
        """A day without its year, where that is the same as of the day beside it."""
        if beside is None or day.year != beside.year:
            return self._say("days.plain", day=day)
        month = self._say(f"catalogue.month.{day.month}")
        return self._say("days.short", month=month, day=day.day)

    def amount(self, count: Count) -> str:
        """How long a period is: 30 days, 7 working days."""
        return self.units(count.amount, count.unit)

    def units(self, amount: int, unit: Unit) -> str:
        """A number of days or months."""
        code = "days.one" if amount == 1 else "days.amount"
        return self._say(f"{code}.{unit.value}", amount=amount)

    def story(self, what: str, count: Count) -> str:
        """A period in one sentence: from when, how long, what came between, and its end."""
        later = count.direction is Direction.LATER
        begun = "days.story.from" if later else "days.story.before"
        start = self.short(count.start, None if later else count.end)
        parts = [self._say(begun, start=start, amount=self.amount(count))]
        parts += self._between(count)
        parts.append(self._ending(count))
        if count.provisional:
            parts.append(self._say("days.story.provisional"))
        return self._say("days.story.whole", what=what, parts=self._say("days.comma").join(parts))

    def walk(self, count: Count) -> Iterator[tuple[str, str]]:
        """The days that mattered to a count, each with what was done with it, in order."""
        last_counted = next((s for s in reversed(count.steps) if s.ordinal is not None), None)
        shown = {step.date for step in (count.steps[0], *count.met, count.steps[-1])}
        if last_counted is not None:
            shown.add(last_counted.date)
        passed = 0
        for step in count.steps:
            if step.date not in shown:
                passed += 1
                continue
            if passed:
                code = "days.walk.passed_one" if passed == 1 else "days.walk.passed"
                yield "\u2026", self._say(code, days=passed)
                passed = 0
            yield self.full(step.date), self._done_with(step, count, last=step is last_counted)

    def _done_with(self, step: CountStep, count: Count, *, last: bool) -> str:
        if step.effect in (StepEffect.COUNTED, StepEffect.START_COUNTED):
            code = "days.walk.last" if last else "days.walk.counted"
            told = self._say(code, ordinal=step.ordinal or 0)
        elif step.effect is StepEffect.ROLLED and step.date == count.end:
            told = self._say("days.walk.rolled_here")
        else:
            told = self._say(f"days.walk.{step.effect.value}")
        if step.day.provisional:
            told = self._say("days.walk.provisional", told=told)
        return told

    def _between(self, count: Count) -> Iterator[str]:
        """What made the count differ from one on the fingers, up to its last counted day."""
        if count.unit is Unit.WORKING_DAYS:
            for run in _runs(count, StepEffect.SKIPPED):
                if any(step.day.kind is DayKind.HOLIDAY for step in run):
                    yield self._say(
                        "days.story.holiday",
                        name=self._festivals(run),
                        span=self._span(run, count),
                    )
            made_up = [
                step
                for step in count.steps
                if step.day.kind is DayKind.MAKE_UP and step.effect is StepEffect.COUNTED
            ]
            if made_up:
                days = tuple(self.short(step.date, count.end) for step in made_up)
                yield self._say("days.story.made_up", days=days)
        for run in _runs(count, StepEffect.PAUSED):
            yield self._say("days.story.paused", span=self._span(run, count))

    def _ending(self, count: Count) -> str:
        end = self.short(count.end, count.start)
        if count.steps[-1].day.kind is DayKind.MAKE_UP:
            end = self._say("days.marked", day=end, mark=self.mark(count.end))
        rolled = [
            place
            for place, step in enumerate(count.steps)
            if step.effect is StepEffect.ROLLED and place
        ]
        if not rolled:
            return self._say(f"days.story.end_{count.direction.value}", end=end)
        due = count.steps[rolled[0] - 1].day
        return self._say(
            f"days.story.rolled_{count.direction.value}",
            due=self.short(due.date, count.start),
            why=self.mark(due.date) or self.weekday(due.date),
            end=end,
        )

    def _span(self, run: Sequence[CountStep], count: Count) -> str:
        first, last = sorted((run[0].date, run[-1].date))
        if first == last:
            return self.short(first, count.end)
        return self._say(
            "days.span", first=self.short(first, count.end), last=self.short(last, count.end)
        )

    def _festivals(self, run: Sequence[CountStep]) -> str:
        found = dict.fromkeys(
            self.festival(step.date) for step in run if step.day.kind is DayKind.HOLIDAY
        )
        return self._say("days.names", names=tuple(found))

    def _bare_name(self, day: date) -> str:
        """A festival without the fine print; empty for a day off moved from another day."""
        table = self._table
        name = (table.day(day).name if self._chinese else table.english(day)) or ""
        return "" if any(sign.isdigit() for sign in name) else _REMARK.sub("", name)

    def _holiday(self, day: date) -> list[Day]:
        """The holiday that a day belongs to: it and the days of rest on both sides of it."""
        found = [self._table.day(day)]
        for onward in (-_ONE_DAY, _ONE_DAY):
            other = day + onward
            while self._table.first <= other <= self._table.last:
                beside = self._table.day(other)
                if beside.working:
                    break
                found.append(beside)
                other += onward
        return [each for each in found if each.kind is DayKind.HOLIDAY]


def _runs(count: Count, effect: StepEffect) -> Iterator[list[CountStep]]:
    for found, run in groupby(count.steps, key=lambda step: step.effect):
        if found is effect:
            yield list(run)
