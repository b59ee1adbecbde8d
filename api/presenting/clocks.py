"""The periods that an act sets running, told as soon as they run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from api.presenting.days import Days
from workflow.calendar import Direction
from workflow.catalogue import Catalogue
from workflow.counting import Counting
from workflow.facts import Record
from workflow.inquiry import Standing


@dataclass(frozen=True, slots=True)
class Clock:
    """A period: the rule of the step that it is, and the day of the record from which it runs.

    `key` None is the day of filing.  `until` is where the record names an end of its own, `code`
    the message that names the period.
    """

    rule: str
    code: str
    key: str | None = None
    direction: Direction = Direction.LATER
    until: str | None = None


CLOCKS: Final[dict[str, Clock]] = {
    "publish_open_call": Clock("period", "clock.open_call", until="closes_on"),
    "publish_hearing_notice": Clock("papers_before", "clock.papers", "held_on", Direction.EARLIER),
    "accept_papers": Clock("review_time", "clock.review"),
}


def stories(
    catalogue: Catalogue, days: Days, counting: Counting, standing: Standing, command: str
) -> Iterator[str]:
    """What now runs because of the act just done on a matter, one sentence each."""
    facts = standing.facts
    if command == "resume":
        for record in _running(standing):
            yield from _story(catalogue, days, counting, standing, record)
    elif facts.records and facts.records[-1].command == command:
        yield from _story(catalogue, days, counting, standing, facts.records[-1])


def _running(standing: Standing) -> Iterator[Record]:
    """The acts whose periods a pause has shifted: of steps that are still open."""
    for record in standing.facts.records:
        if record.command in CLOCKS and record.step is not None:
            newest = standing.facts.last(record.command)
            if newest is record and not standing.assessments[record.step].state.closed:
                yield record


def _story(
    catalogue: Catalogue, days: Days, counting: Counting, standing: Standing, record: Record
) -> Iterator[str]:
    clock = CLOCKS.get(record.command)
    if clock is None or record.step is None:
        return
    rule = standing.procedure.steps[record.step].rules[clock.rule]
    start = record.filed_on if clock.key is None else record.day(clock.key)
    count = counting.explain(rule, start, standing.facts.pauses, clock.direction)
    yield days.story(catalogue.text(clock.code), count)
    if clock.until is not None and record.day(clock.until) != count.end:
        yield catalogue.text("clock.own_end", day=record.day(clock.until))
