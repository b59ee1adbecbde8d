"""The recurring duties as their file has them, each in every period, by plain counting."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from tests.year.days import DAY
from tests.year.points import Point
from tests.year.reading import Entry, holders_of, raw

ASSIGN, EVIDENCE, CLOSE = "assign_duty", "file_duty_evidence", "close_duty"
_MONTHS: Final = {"quarter": 3, "half_year": 6, "year": 12}
_YEAR: Final = 12


@dataclass(frozen=True)
class Period:
    """A duty in one period; `papers` are the kinds that show it."""

    duty: str
    year: int
    number: int
    opens: date
    by: date
    papers: tuple[str, ...]

    @property
    def of(self) -> dict[str, object]:
        """What an act says which one is meant."""
        return {"duty": self.duty, "year": self.year, "number": self.number}


def periods(year: int) -> Iterator[Period]:
    """Every duty of a year."""
    for duty in raw("recurring", "jiyuan")["duties"]:
        length = _MONTHS[duty["every"]]
        for number in range(1, _YEAR // length + 1):
            begins = date(year, length * (number - 1) + 1, 1)
            over = _on(begins, length)
            yield Period(
                duty["id"],
                year,
                number,
                over if duty.get("afterwards") else begins,
                _on(over, duty["by"]["months"]) - DAY,
                tuple(each["id"] for each in duty["evidence"]),
            )


def _on(first: date, months: int) -> date:
    count = first.month - 1 + months
    return date(first.year + count // _YEAR, count % _YEAR + 1, 1)


def duty_points(past: Sequence[Entry], today: date) -> Iterator[Point]:
    """What has begun this year or the year before and was not closed."""
    for year in (today.year - 1, today.year):
        for each in periods(year):
            if each.opens <= today:
                yield from _points(each, past)


def _points(period: Period, past: Sequence[Entry]) -> Iterator[Point]:
    acts = [
        each
        for each in past
        if each.command in (ASSIGN, EVIDENCE, CLOSE)
        and all(each.payload[name] == value for name, value in period.of.items())
    ]
    if any(each.command == CLOSE for each in acts):
        return
    assigned = [each for each in acts if each.command == ASSIGN]
    if not assigned:
        yield _point("duty_opened", period, period.opens, ASSIGN, None)
        yield _point("duty", period, period.by, ASSIGN, None)
        return
    filed = {
        paper["kind"]
        for each in acts
        if each.command == EVIDENCE
        for paper in each.payload["papers"]
    }
    if filed.issuperset(period.papers):
        yield _point("duty", period, period.by, CLOSE, None)
    else:
        person = (str(assigned[-1].payload["person"]),)
        yield _point("duty", period, period.by, EVIDENCE, person)


def _point(about: str, period: Period, by: date, act: str, people: tuple[str, ...] | None) -> Point:
    return Point(
        about,
        period.duty,
        by,
        period.opens,
        act,
        begun=period.year * 10 + period.number,
        people=people,
        holders=holders_of(act),
    )
