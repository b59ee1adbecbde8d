"""Where a matter left its ordinary course (缩短、免除、超期、例外、独立认定): by whom, why. Pure.

The Order's "generally not less than" allows it only with a reason on record (arts. 15 and 26); here
all of it is gathered for whoever decides on the matter.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from workflow.definition import Procedure
from workflow.facts import CONCLUDE, LATE_ENTRY, Facts, Record, as_list
from workflow.kin import SEPARATE
from workflow.meeting import Stances

#: What the notice of a short call adds to its record: the day on which it would have ended.
USUAL_END: Final = "usual_end"
#: What a verdict or a publication after its time adds to its record: the rule that set the time.
OVERDUE: Final = "overdue"
#: What an act that was owed afterwards adds to its record: by how many days it came late.
DAYS_OVERDUE: Final = "days_overdue"


class Way(StrEnum):
    """How a matter left its ordinary course.

    AGAINST: the head of the body decided otherwise than most who spoke.  BYPASSED: a request went
    past a level.  VOIDED: a document number was given up.  EXEMPT: it is not published.
    AFTERWARDS: what was owed afterwards, as the report on an emergency, came after its last day.
    """

    WAIVED = "waived"
    SHORTENED = "shortened"
    SHORT_CALL = "short_call"
    LATE = "late"
    AFTERWARDS = "afterwards"
    SEPARATE = "separate"
    URGENT = "urgent"
    EXCLUDED = "excluded"
    AGAINST = "against"
    BYPASSED = "bypassed"
    VOIDED = "voided"
    EXEMPT = "exempt"
    SUSPENDED = "suspended"


@dataclass(frozen=True, slots=True)
class Departure:
    """One departure: of which step, if any, approved or answered for by whom (`record`), and why.

    `rule` is the floor that was shortened; `until` and `usual` are the days on which a short call
    ends and would have ended; `matters` those that it was ruled to be independent of; `days` is by
    how many calendar days what was owed afterwards came late.
    """

    way: Way
    step: str
    reasons: str
    record: Record
    rule: str = ""
    until: date | None = None
    usual: date | None = None
    matters: tuple[str, ...] = ()
    days: int = 0


#: Acts that leave the ordinary course by themselves, with the reasons in their payload.
_BY_ITSELF: Final = {
    "exclude": Way.EXCLUDED,
    "void_number": Way.VOIDED,
    "exempt_publication": Way.EXEMPT,
    "suspend_execution": Way.SUSPENDED,
}


def departures(procedure: Procedure, facts: Facts) -> tuple[Departure, ...]:
    """Every waiver that stands, floor shortened, limit exceeded, exception made, oldest first."""
    found = (*_waived(procedure, facts), *_on_record(facts))
    return tuple(sorted(found, key=lambda each: each.record.position))


def _waived(procedure: Procedure, facts: Facts) -> Iterator[Departure]:
    for step in procedure.steps.values():
        ruling = facts.waiver(step)
        if ruling is not None:
            yield Departure(Way.WAIVED, step.id, ruling.text("reasons"), ruling)


def _on_record(facts: Facts) -> Iterator[Departure]:
    for record in facts.records:
        step = record.step or ""
        if record.command == "approve_override":
            rule = record.text("rule")
            yield Departure(Way.SHORTENED, step, record.text("reasons"), record, rule)
        elif record.command == SEPARATE:
            matters = tuple(str(number) for number in as_list(record.payload["matters"]))
            reasons = record.text("reasons")
            yield Departure(Way.SEPARATE, step, reasons, record, matters=matters)
        elif USUAL_END in record.payload:
            reasons = record.text("reason_for_shortening")
            days = record.day("closes_on"), record.day(USUAL_END)
            yield Departure(Way.SHORT_CALL, step, reasons, record, "period", *days)
        elif OVERDUE in record.payload:
            # A verdict on record from before says only that it was late.
            given = record.payload[OVERDUE]
            rule = given if isinstance(given, str) else "ceiling"
            yield Departure(Way.LATE, step, record.text("reason_for_delay"), record, rule)
            # What is late may be an exception besides.
            yield from _of_the_act(record)
        else:
            yield from _of_the_act(record)


def _of_the_act(record: Record) -> Iterator[Departure]:
    """An act that is a departure by what it is, or by what its paper says."""
    step, urgent = record.step or "", record.payload.get("urgent")
    late = record.payload.get(DAYS_OVERDUE)
    entered = record.payload.get(LATE_ENTRY) if record.command == CONCLUDE else None
    if isinstance(entered, int):
        # What was said and voted on the item is marked on its own records.
        yield Departure(Way.AFTERWARDS, step, "", record, days=entered)
    if record.command in _BY_ITSELF:
        yield Departure(_BY_ITSELF[record.command], step, record.text("reasons"), record)
    elif isinstance(urgent, dict):
        yield Departure(Way.URGENT, step, str(urgent["reasons"]), record)
    elif isinstance(late, int) and late > 0:
        yield Departure(Way.AFTERWARDS, step, "", record, days=late)
    elif record.payload.get("bypasses_level") is True:
        yield Departure(Way.BYPASSED, step, record.text("reason_for_bypassing"), record)
    elif record.command == CONCLUDE and record.text("reasons") and _against_most(record):
        yield Departure(Way.AGAINST, step, record.text("reasons"), record)


def _against_most(record: Record) -> bool:
    """Whether a meeting came to something else than most of those spoke for who did not decide."""
    head, conclusion = record.text("decided_by"), record.text("conclusion")
    others = (each for each in record.items("stances") if each["person"] != head)
    stood = Stances.of(str(each["stance"]) for each in others)
    return stood.against_most(conclusion) or (bool(head) and stood.unchanged(conclusion))
