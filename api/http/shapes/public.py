"""What everybody is told: calls, hearings, decisions, what became of opinions; and receipts."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from api.http.shapes.common import Told
from api.http.shapes.identity import Sent


class PublicCall(Told):
    """A call for opinions. `ends_at` is the first instant after it, where the organisation is."""

    key: str
    title: str
    explanation: str
    how_to_answer: str
    channels: list[str]
    published_on: date
    closes_on: date
    ends_at: datetime
    running: bool
    replaced: bool
    reason_for_shortening: str | None


class PublicCalls(Told):
    """Calls, the newest first."""

    items: list[PublicCall]
    next: str | None


class Attendant(Told):
    """Somebody on the list of a hearing, by a masked name."""

    participant: str
    category: str


class PublicHearing(Told):
    """A hearing; `participants` once the list is published."""

    key: str
    title: str
    explanation: str
    published_on: date
    held_on: date
    begins_at: str
    place: str
    selection_method: str
    sides: list[str]
    participants: list[Attendant] | None


class PublicHearings(Told):
    """Hearings, the newest first."""

    items: list[PublicHearing]
    next: str | None


class Interpretation(Told):
    """What was published to explain a decision."""

    published_on: date
    channel: str
    adopted: str


class PublicDecision(Told):
    """A decision as published; `series`, `year` and `number` make its document number."""

    key: str
    title: str
    series: str | None
    year: int | None
    number: int | None
    issued_on: date | None
    published_on: date
    expires_on: date | None
    channels: list[str]
    interpretation: Interpretation | None


class PublicDecisions(Told):
    """Decisions, the newest first."""

    items: list[PublicDecision]
    next: str | None


class PublicText(Told):
    """A text as it was published, and its SHA-256."""

    key: str
    text: str
    digest: str


class PublicOutcome(Told):
    """What became of one opinion."""

    source: str
    number: int | None
    unit: str | None
    summary: str
    disposition: str
    reason: str | None
    passage: str | None


class PublicFeedback(Told):
    """What became of every opinion on a matter, as published."""

    key: str
    title: str
    place: str
    published_on: date
    statement: str
    opinions: list[PublicOutcome]


class PublicFeedbacks(Told):
    """Tables of what became of opinions, the newest first."""

    items: list[PublicFeedback]
    next: str | None


class SubmissionReceipt(Told):
    """The receipt of an opinion: keep it. `message` says what to know, above all if it was late."""

    receipt: str
    received_at: datetime
    digest: str
    late: bool
    replaced: bool
    message: str


class SubmissionOutcome(Told):
    """What became of one's own opinion; its answer once that is published."""

    state: Literal["late", "received", "taken_in", "answered"]
    message: str
    answer: PublicOutcome | None
    published_on: date | None


class Forgotten(Told):
    """Whether anything was kept of who sent the opinion; nothing is any more."""

    deleted: bool


class ReceiptForm(Sent):
    """The receipt that was given for an opinion."""

    receipt: str
