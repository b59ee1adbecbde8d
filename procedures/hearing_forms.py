"""What is filed of a hearing (听证): notice, list, receipts, session, record."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import Field, StrictBool, StrictInt

from workflow.ports import Payload, StepPayload
from workflow.texts import Day, Hour, Line, Name, Prose

MOST_PAGES: Final = 100_000


class HearingNotice(StepPayload):
    """听证公告: day, hour and place, what it is about, and how participants are selected.

    The draft that is published with it is the current one.
    """

    held_on: Day
    begins_at: Hour
    place: Line
    explanation: Prose
    selection_method: Prose
    sides: Annotated[tuple[Line, ...], Field(min_length=1)]


class Participant(Payload):
    """Somebody on the list, by a masked name; `category` is a word that definitions count by."""

    participant: Line
    category: Name
    side: Line
    serving_official: StrictBool


class HearingList(StepPayload):
    """听证参加人名单, as published."""

    participants: Annotated[tuple[Participant, ...], Field(min_length=1)]


class Receipt(Payload):
    """Proof that one participant has the papers."""

    participant: Line
    delivered_on: Day


class HearingPapers(StepPayload):
    """The receipts of the papers, one for everybody on the list."""

    receipts: Annotated[tuple[Receipt, ...], Field(min_length=1)]


class HearingHeld(StepPayload):
    """The session: who came, and which parts of its order were gone through."""

    held_on: Day
    chair: Line
    recorder: Line
    present: Annotated[tuple[Line, ...], Field(min_length=1)]
    order: tuple[Name, ...]


class Signature(Payload):
    """A participant's signature under the record, or the note that it was refused and why."""

    participant: Line
    signed: StrictBool
    note: Prose | None = None


class HeardOpinion(Payload):
    """What a side said, under a number of its own by which it is answered later."""

    number: Annotated[StrictInt, Field(ge=1)]
    side: Line
    opinion: Prose


class HearingRecord(StepPayload):
    """听证笔录: confirmed and signed by those who took part, with the opinions that they gave."""

    signatures: Annotated[tuple[Signature, ...], Field(min_length=1)]
    pages: Annotated[StrictInt, Field(ge=1, le=MOST_PAGES)]
    opinions: Annotated[tuple[HeardOpinion, ...], Field(min_length=1)]
    conclusions: Prose
