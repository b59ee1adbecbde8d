"""What entries of the journal leave in other tables, for these to be held against them.  Pure.

The chain of the journal cannot be edited unnoticed; the conclusions of items, the document numbers
and the days of meetings stand beside it in tables of their own, and have to say the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from workflow.facts import CONCLUDE, ISSUE
from workflow.journal import Flaw

#: What is left: the code of the flaw where it differs, and what it says.
Trace = tuple[str, tuple[object, ...]]

CONCLUSION: Final = "conclusion"
NUMBER: Final = "number"
MEETING_DAY: Final = "meeting_day"

#: The command by which each day of a meeting is written.
DAYS: Final[Mapping[str, str]] = {
    "frozen_on": "freeze_agenda",
    "opened_on": "open_meeting",
    "closed_on": "close_meeting",
    "cancelled_on": "cancel_meeting",
}

#: The commands that leave something.
LEAVING: Final = frozenset({CONCLUDE, ISSUE, *DAYS.values()})


def conclusion(matter: str, meeting: str, came_to: str) -> Trace:
    """An item that left its meeting with a conclusion."""
    return CONCLUSION, (matter, meeting, came_to)


def number(series: str, year: int, serial: int, matter: str) -> Trace:
    """A document number that was given to a matter."""
    return NUMBER, (series, year, serial, matter)


def meeting_day(meeting: str, command: str, day: date) -> Trace:
    """The day on which a command was given on a meeting."""
    return MEETING_DAY, (meeting, command, day)


def left_by(told: Mapping[str, Any], zone: ZoneInfo) -> Iterator[Trace]:
    """What an entry has left, by its body; days are those of the organisation's time zone."""
    if told["status"] != "done":
        return
    command, payload = told["command"], told.get("payload", {})
    if command == CONCLUDE:
        yield conclusion(told["matter"], told["meeting"], payload["conclusion"])
    elif command == ISSUE:
        yield number(payload["series"], payload["year"], payload["number"], told["matter"])
    elif command in DAYS.values():
        at = datetime.fromisoformat(told["at"])
        yield meeting_day(told["meeting"], command, at.astimezone(zone).date())


def differing(
    told: Iterable[tuple[Trace, int]], kept: Iterable[tuple[Trace, int]]
) -> Iterator[Flaw]:
    """What is told and not kept, at its entry; what is kept and not told, at the entry it names."""
    open_: dict[Trace, list[int]] = defaultdict(list)
    for trace, seq in told:
        open_[trace].append(seq)
    for trace, seq in kept:
        if open_[trace]:
            open_[trace].pop()
        else:
            yield Flaw(seq, trace[0])
    yield from (Flaw(seq, trace[0]) for trace, seqs in open_.items() for seq in seqs)
