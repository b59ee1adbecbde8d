"""The open dates of a matter or a house: the same that people are reminded of.  Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from notifications.watchpoints import About, Watchpoint, of_house, of_matter
from workflow.definition import Procedure
from workflow.directory import Directory
from workflow.guards import Lens
from workflow.inquiry.answers import Standing
from workflow.meeting import Meeting
from workflow.shifting import OpenDate

#: What is counted on a calendar; everything else has its day whatever the calendar says.
_COUNTED = frozenset({About.DEADLINE, About.FLOOR, About.FREEZE})


def dates_of_matter(standing: Standing, lens: Lens) -> Iterator[OpenDate]:
    """Last days and first days of what is open on a matter."""
    for each in of_matter(standing, lens, 0):
        if each.about in _COUNTED:
            yield replace(_date(each), matter=standing.facts.number)


def dates_of_house(
    procedure: Procedure, directory: Directory, lens: Lens, meetings: Mapping[str, Meeting]
) -> Iterator[OpenDate]:
    """The last days on which agendas of meetings are closed."""
    for each in of_house(procedure, directory, lens, meetings):
        if each.about in _COUNTED:
            yield _date(each)


def _date(point: Watchpoint) -> OpenDate:
    return OpenDate(
        point.point,
        point.rule,
        point.by,
        point.provisional,
        meeting=point.meeting,
        step=point.step,
        act=point.act,
    )
