"""What is filed of recurring duties: who is to do them, what shows that they were, their end."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StrictInt

from workflow.idle import Told, ToldIfAny, ToldLine
from workflow.ports import Payload
from workflow.texts import Day, Name
from workflow.yearly_forms import Year

#: Of the quarters of a year, its halves, or the year itself.
Number = Annotated[StrictInt, Field(ge=1, le=4)]


class OccurrenceOf(Payload):
    """A duty in one of its periods: of a year the first, the second and so on."""

    duty: Name
    year: Year
    number: Number


class AssignDuty(OccurrenceOf):
    """Assign it to somebody (分派), or to somebody else."""

    person: Name


class DutyPaper(Payload):
    """A paper that shows it, of which kind, and where it is kept."""

    kind: Name
    proof: ToldLine


class FileDutyEvidence(OccurrenceOf):
    """Put on file that it was done, when, and what shows it (佐证)."""

    done_on: Day
    summary: Told
    papers: Annotated[tuple[DutyPaper, ...], Field(min_length=1)]


class CloseDuty(OccurrenceOf):
    """Close it (销号); what was done too late has the reasons for it."""

    reasons: ToldIfAny = None
