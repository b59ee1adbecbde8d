"""What was let pass in advance and has to be answered for afterwards: urgent items, emergencies.

An item can come onto an agenda that is closed already, as urgent (紧急议题), if the procedure has a
track for it; somebody then confirms it afterwards.  A measure against an emergency (应急处置) lies
outside of the procedure; a report on it is owed afterwards, and it may not stay.  Pure: both are
read from the records of the matter.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from workflow.facts import CONCLUDE, CONFIRM, Facts, Record

LIST: Final = "propose_agenda_item"
UNLIST: Final = "remove_agenda_item"
EXCLUDE: Final = "exclude"
REPORT: Final = "file_emergency_report"

#: The rule by which an item may come onto a closed agenda; without it none may.
TRACK: Final = "agenda.urgent"

#: Conclusions after which nothing is left of an urgent item: it comes back in the ordinary way.
PUT_OFF: Final = ("deferred", "discuss_again")


@dataclass(frozen=True, slots=True)
class UrgentItem:
    """An item that came onto a closed agenda; it is to be confirmed by the day `due`, inclusive.

    `concluded` once the meeting came to something on it: before that there is nothing to confirm.
    `refused_on` is the day on which it was said that it could have waited.
    """

    meeting: str
    reasons: str
    approved_by: str
    listed_on: date
    due: date
    confirmed_on: date | None = None
    concluded: bool = False
    refused_on: date | None = None


@dataclass(frozen=True, slots=True)
class Emergency:
    """A measure taken outside of the procedure: the level declared, and the report that is owed.

    `due` is the last day of the report; `report` is there once it was filed.
    """

    level: str
    due: date
    report: Record | None = None


def urgent_items(facts: Facts) -> tuple[UrgentItem, ...]:
    """Every item of the matter that was urgent and was not taken off or put off again."""
    found: dict[str, UrgentItem] = {}
    at = ""
    for record in facts.records:
        put_off = record.command == CONCLUDE and record.text("conclusion") in PUT_OFF
        if record.command == LIST:
            at = record.text("meeting")
            if (item := _listed(record)) is not None:
                found[at] = item
        elif record.command == UNLIST or put_off:
            found.pop(at, None)
        elif record.command == CONCLUDE and at in found:
            found[at] = replace(found[at], concluded=True)
        elif record.command == CONFIRM and record.text("meeting") in found:
            meeting = record.text("meeting")
            if record.payload.get("confirmed") is False:
                found[meeting] = replace(found[meeting], refused_on=record.filed_on)
            else:
                found[meeting] = replace(found[meeting], confirmed_on=record.filed_on)
    return tuple(found.values())


def unconfirmed(facts: Facts) -> tuple[UrgentItem, ...]:
    """The urgent items of the matter that nobody has confirmed yet."""
    return tuple(
        each
        for each in urgent_items(facts)
        if each.confirmed_on is None and each.refused_on is None
    )


def emergency(facts: Facts) -> Emergency | None:
    """The emergency for which the matter lies outside of the procedure; None where there is none.

    No other ground for that owes a report.
    """
    excluded = facts.last(EXCLUDE)
    if excluded is None or "report_by" not in excluded.payload:
        return None
    return Emergency(excluded.text("level"), excluded.day("report_by"), facts.last(REPORT))


def continued_by(facts: Facts) -> str | None:
    """The number of the matter that makes a measure permanent, as the newest report names it."""
    report = facts.last(REPORT)
    return None if report is None else report.text("continued_by") or None


def _listed(record: Record) -> UrgentItem | None:
    told = record.payload.get("urgent")
    if not isinstance(told, dict):
        return None
    return UrgentItem(
        record.text("meeting"),
        str(told["reasons"]),
        str(told["approved_by"]),
        record.filed_on,
        date.fromisoformat(str(told["confirm_by"])),
    )
