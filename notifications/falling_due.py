"""Recurring duties as watchpoints: that a period has begun, and its last day.  Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from notifications.watchpoints import About, Watchpoint
from workflow.definition import Procedure
from workflow.recurring import ASSIGN, CLOSE, EVIDENCE, DutyLine, Ledger

#: Of a year the number of an occurrence stands behind it, so that each is a point of its own.
_PLACES: Final = 10


def of_duties(
    procedure: Procedure, ledgers: tuple[Ledger, ...], today: date
) -> Iterator[Watchpoint]:
    """What has begun and is not closed, for whoever has the next act on it."""
    for line in (line for each in ledgers for line in each.lines):
        if line.closed is not None or today < line.occurrence.opens:
            continue
        if line.assigned is None:
            yield _point(About.DUTY_OPENED, procedure, line, ASSIGN)
            yield _point(About.DUTY, procedure, line, ASSIGN)
        else:
            yield _point(About.DUTY, procedure, line, EVIDENCE if line.missing else CLOSE)


def _point(about: About, procedure: Procedure, line: DutyLine, act: str) -> Watchpoint:
    occurrence = line.occurrence
    duty = occurrence.duty
    return Watchpoint(
        about,
        duty.id,
        occurrence.opens if about is About.DUTY_OPENED else occurrence.by,
        occurrence.opens,
        act=act,
        entry=occurrence.year * _PLACES + occurrence.number,
        kind=duty.every.value,
        holders=procedure.holders(act),
        people=(line.person,) if act == EVIDENCE else None,
        citations=duty.citations,
        name=duty.name,
    )
