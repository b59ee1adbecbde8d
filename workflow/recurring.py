"""Recurring duties (定期职责): what falls due once a quarter, half-year or year, and its ledger.

An occurrence is never stored: it follows from the duty and the year.  What was done about it are
acts on file, of the year to which it belongs.  Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from workflow.definition import Citation, Holder, Text
from workflow.facts import Record
from workflow.kin import months_on

#: The acts on an occurrence.
ASSIGN: Final = "assign_duty"
EVIDENCE: Final = "file_duty_evidence"
CLOSE: Final = "close_duty"

_YEAR: Final = 12


class Every(StrEnum):
    """How often."""

    QUARTER = "quarter"
    HALF_YEAR = "half_year"
    YEAR = "year"

    @property
    def times(self) -> int:
        """So often in a year."""
        return {Every.QUARTER: 4, Every.HALF_YEAR: 2, Every.YEAR: 1}[self]


class DutyState(StrEnum):
    """How an occurrence stands on a day."""

    AHEAD = "ahead"
    OPENED = "opened"
    ASSIGNED = "assigned"
    EVIDENCED = "evidenced"
    MISSED = "missed"
    CLOSED = "closed"
    CLOSED_LATE = "closed_late"


@dataclass(frozen=True, slots=True)
class RecurringDuty:
    """One duty; its last day is the last of the `months`-th month after the end of its period.

    `afterwards`: it can only be done once the period is over.  `does` may carry it out; `evidence`
    are the papers that show it, by their ids.
    """

    id: str
    name: Text
    every: Every
    months: int
    afterwards: bool
    does: tuple[Holder, ...]
    evidence: Mapping[str, Text]
    citations: tuple[Citation, ...]

    def occurrences(self, year: int) -> Iterator[Occurrence]:
        """All of those that belong to a year, in their order."""
        length = _YEAR // self.every.times
        for number in range(1, self.every.times + 1):
            since = date(year, length * (number - 1) + 1, 1)
            until = months_on(since, length) - timedelta(days=1)
            over = until + timedelta(days=1)
            by = months_on(over, self.months) - timedelta(days=1)
            yield Occurrence(self, year, number, over if self.afterwards else since, by)


@dataclass(frozen=True, slots=True)
class Occurrence:
    """The duty in one period: `number` counts from 1 within the year; `by` is its last day."""

    duty: RecurringDuty
    year: int
    number: int
    opens: date
    by: date


@dataclass(frozen=True, slots=True)
class DutyLine:
    """A line of the ledger: an occurrence, and what was done about it."""

    occurrence: Occurrence
    assigned: Record | None = None
    evidence: tuple[Record, ...] = ()
    closed: Record | None = None

    @property
    def person(self) -> str:
        """The account that it was last assigned to, empty for nobody."""
        return "" if self.assigned is None else self.assigned.text("person")

    @property
    def papers(self) -> frozenset[str]:
        """The kinds of papers that are on file."""
        return frozenset(
            str(each["kind"]) for record in self.evidence for each in record.items("papers")
        )

    @property
    def missing(self) -> tuple[str, ...]:
        """The kinds of papers that are not, in their order."""
        return tuple(kind for kind in self.occurrence.duty.evidence if kind not in self.papers)

    @property
    def done_on(self) -> date | None:
        """The day on which it was done, as the evidence tells it last."""
        return self.evidence[-1].day("done_on") if self.evidence else None

    @property
    def late(self) -> bool:
        """Whether it was done after its last day."""
        return self.done_on is not None and self.done_on > self.occurrence.by

    def state(self, today: date) -> DutyState:
        """How it stands on a day."""
        if self.closed is not None:
            return DutyState.CLOSED_LATE if self.late else DutyState.CLOSED
        if today > self.occurrence.by and (self.done_on is None or self.late):
            return DutyState.MISSED
        if self.evidence:
            return DutyState.EVIDENCED
        if self.assigned is not None:
            return DutyState.ASSIGNED
        return DutyState.OPENED if today >= self.occurrence.opens else DutyState.AHEAD


@dataclass(frozen=True, slots=True)
class Ledger:
    """The duties of a year, line by line, with its records in their order."""

    year: int
    lines: tuple[DutyLine, ...] = ()
    records: tuple[Record, ...] = ()

    def line(self, duty: str, number: int) -> DutyLine | None:
        """One of them, None where there is none."""
        for each in self.lines:
            if (each.occurrence.duty.id, each.occurrence.number) == (duty, number):
                return each
        return None


def ledger(year: int, duties: tuple[RecurringDuty, ...], records: tuple[Record, ...]) -> Ledger:
    """The ledger of a year as its records leave it.

    What was filed of a duty that is none any more is in the records alone.
    """
    lines = {
        (duty.id, each.number): DutyLine(each) for duty in duties for each in duty.occurrences(year)
    }
    for record in records:
        key = (record.text("duty"), int(record.text("number")))
        if key in lines:
            lines[key] = _after(lines[key], record)
    return Ledger(year, tuple(lines.values()), records)


def _after(line: DutyLine, record: Record) -> DutyLine:
    match record.command:
        case "assign_duty":
            return replace(line, assigned=record)
        case "file_duty_evidence":
            return replace(line, evidence=(*line.evidence, record))
        case "close_duty":
            return replace(line, closed=record)
        case _:
            raise ValueError(f"{record.command} at {record.position} is no act on a duty")
