"""Lists as sheets: the same lines that a program is given, in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final
from zoneinfo import ZoneInfo

from api.presenting.cells import sheet
from notifications.inbox import AlertWords
from procedures.wording import Wording
from workflow.catalogue import Catalogue
from workflow.directory import Directory
from workflow.inquiry import Line

_OF_MATTERS: Final = (
    "number",
    "title",
    "stage",
    "unit",
    "paused",
    "owed",
    "overdue",
    "next_day",
    "changed",
    "procedure",
    "found",
)
_OF_TASKS: Final = ("todo", "tasks", "reasons", "about", "times", "read")


def matters_sheet(
    catalogue: Catalogue, lines: Iterable[Line], directory: Directory, zone: ZoneInfo
) -> str:
    """A list of matters; `changed` is the instant of the last change in the office's own time."""
    header = [catalogue.text(f"sheet.matters.{name}") for name in _OF_MATTERS]
    return sheet(header, (_matter(catalogue, each, directory, zone) for each in lines))


def tasks_sheet(catalogue: Catalogue, tasks: Iterable[AlertWords]) -> str:
    """Somebody's inbox."""
    header = [catalogue.text(f"sheet.tasks.{name}") for name in _OF_TASKS]
    return sheet(
        header,
        (
            (
                each.todo,
                _joined(catalogue, [task.evidence for task in each.tasks]),
                _joined(catalogue, each.reasons),
                _joined(catalogue, each.about),
                each.times,
                _whether(catalogue, yes=each.read),
            )
            for each in tasks
        ),
    )


def _matter(
    catalogue: Catalogue, line: Line, directory: Directory, zone: ZoneInfo
) -> Sequence[str]:
    wording = Wording(catalogue, line.procedure, directory)
    days = [duty.deadline.by for duty in line.duties if duty.deadline is not None]
    return (
        line.number,
        line.title or catalogue.text("matter.stub"),
        wording.stage(line.stage),
        wording.unit(line.unit),
        _whether(catalogue, yes=line.paused),
        _whether(catalogue, yes=bool(line.owed)),
        _whether(catalogue, yes=any(duty.overdue for duty in line.duties)),
        min(days).isoformat() if days else "",
        line.changed_at.astimezone(zone).strftime("%Y-%m-%d %H:%M"),
        line.procedure.name[catalogue.locale],
        _joined(catalogue, [each.text for each in line.found]),
    )


def _whether(catalogue: Catalogue, *, yes: bool) -> str:
    return catalogue.text("catalogue.yes" if yes else "catalogue.no")


def _joined(catalogue: Catalogue, told: Iterable[str]) -> str:
    return catalogue.text("sheet.between").join(told)
