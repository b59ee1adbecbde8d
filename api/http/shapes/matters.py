"""Matters: in lists, in full, why they wait, and what may be done with them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from pydantic import Field

from api.http.shapes.common import Condition, Duty, Names, Told, Unworded, Words


class Found(Told):
    """Where something was found: an excerpt, and the places in it to mark, from and until.

    `part` is number, title, reasons, study or draft.
    """

    part: str
    text: str
    marks: list[list[int]]


class MatterLine(Told):
    """A matter in a list; `owed` are the codes of what is owed for what was let pass.

    `found` tells where what was searched for stands, as far as it is open to the reader.
    """

    matter: str
    title: str
    stage: str
    unit: str
    paused: bool
    owed: list[str]
    duties: list[Duty]
    changed_at: datetime
    procedure: str
    parts: list[str]
    found: list[Found]


class MatterPage(Told):
    """A page of matters; `next` is the cursor of the page after it."""

    items: list[MatterLine]
    next: str | None


class Part(Told):
    """A definition that binds a matter."""

    id: str
    version: date
    digest: str
    name: Names


class Binding(Told):
    """What a matter is bound by."""

    id: str
    version: date
    digest: str
    parts: list[Part]


class StepStanding(Told):
    """How a step stands: not_required, pending, in_progress, satisfied or waived."""

    step: str
    state: str
    on: date | None
    unmet: list[Unworded]


class DraftLine(Told):
    """A version of the text, without the text."""

    number: int
    digest: str
    nature: str
    authors: list[str]
    made_on: date


class DraftText(DraftLine):
    """A version of the text."""

    matter: str
    text: str


class Drafts(Told):
    """The versions of a matter's text; `next` is the cursor of the page behind this one."""

    matter: str
    drafts: list[DraftLine]
    next: str | None


class Piece(Told):
    """Lines that are in both texts (`same`), only in the first (`removed`) or the second."""

    kind: str
    lines: list[str]


class TextDifferences(Told):
    """What parts two versions, line by line."""

    matter: str
    before: int
    after: int
    pieces: list[Piece]


class ReviewLine(Told):
    """A review (合法性审查) and the text that it was of."""

    draft: int
    digest: str
    verdict: str
    passed: bool
    given_on: date
    reviewer: str
    for_: str | None = Field(alias="for")


class RecordLine(Told):
    """An accepted act with what was filed."""

    position: int
    command: str
    step: str | None
    outcome: str
    actor: str
    principal: str | None
    unit: str
    role: str
    payload: dict[str, Any]
    draft: int
    filed_on: date


class SignatureLine(Told):
    """The signature on an act; `statement` is the digest of what was signed.

    `owed` is false of what was filed before anything was signed.  `holds`: it was verified just
    now; `flaws` say what is wrong with it.
    """

    position: int
    act: str
    step: str | None
    signer: str
    for_: str | None = Field(alias="for")
    unit: str
    role: str
    draft: int
    day: date
    statement: str | None
    algorithm: str | None
    key: str | None
    value: str | None
    owed: bool
    holds: bool
    flaws: list[str]


class Departure(Told):
    """What was shortened, waived or late."""

    way: str
    step: str | None
    rule: str | None
    reasons: str
    by: str
    for_: str | None = Field(alias="for")
    on: date
    until: date | None
    matters: list[str]
    days_overdue: int
    usual: date | None


class EntryRef(Told):
    """The entry of a yearly catalogue that a matter is."""

    year: int
    number: int
    title: str


class LinksOf(Told):
    """What a matter may be a part of."""

    project: str | None
    counterparty: str | None
    purpose: str | None
    amount_yuan: int | None


class KinOf(Told):
    """A matter that may be a part of the same."""

    matter: str
    title: str
    amount_yuan: int | None
    proposed_on: date
    ties: list[str]
    separate: bool


class Matter(Told):
    """A matter with everything on record; `unmet` is what stands before the next `gate`.

    `commands` are those that its stage allows; what this account may do is told by the options.
    """

    matter: str
    title: str
    stage: str
    version: int
    procedure: Binding
    answers: dict[str, Any]
    proposing_unit: str
    lead_unit: str | None
    co_units: list[str]
    paused_since: date | None
    meeting: str | None
    owed: list[Unworded]
    duties: list[Duty]
    steps: list[StepStanding]
    drafts: list[DraftLine]
    reviews: list[ReviewLine]
    records: list[RecordLine]
    signatures: list[SignatureLine]
    departures: list[Departure]
    entry: EntryRef | None
    flags: list[Unworded]
    links: LinksOf
    kin: list[KinOf]
    commands: list[str]
    gate: str
    unmet: list[Condition]


class NextTask(Told):
    """The one thing to be done now."""

    act: str | None
    step: str | None
    what: str
    who: str
    until: str
    latest: date | None
    evidence: str


class Why(Told):
    """Why a matter is not where it should be, and what to do next."""

    matter: str
    stage: str
    meeting: str | None
    next: NextTask | None
    unmet: list[Unworded]
    words: list[Words]
    commands: list[str]


class Option(Told):
    """A command that could be given, and every reason against it; none where it is `allowed`.

    `required` is false for the act of a step that the matter does not need.
    """

    command: str
    title: str
    about: str
    step: str | None
    rule: str | None
    required: bool
    allowed: bool
    refusals: list[Condition]


class Options(Told):
    """What this account may do now, and why not the rest; what a payload says is judged later."""

    options: list[Option]


class Supervision(Told):
    """What a supervisor looks at in a matter."""

    matter: str
    title: str
    stage: str
    departures: list[Departure]
    owed: list[Unworded]
    overdue: list[Duty]


class SupervisionPage(Told):
    """What was shortened, waived, late or is overdue, matter by matter."""

    items: list[Supervision]
    next: str | None


class Opinion(Told):
    """An opinion on the draft and what became of it."""

    source: str
    number: int | None
    party: str | None
    disposition: str
    draft: int | None
    summary: str | None
    reason: str | None
    passage: str | None


class PublishedAdoption(Told):
    """Where and when the table was published."""

    place: str
    published_on: str
    looked_over_by: str | None


class Opinions(Told):
    """The adoption table (意见采纳情况); without `identities` no person is named."""

    matter: str
    title: str
    identities: bool
    statement: str | None
    opinions: list[Opinion]
    unanswered: dict[str, list[Any]]
    published: PublishedAdoption | None


class Submission(Told):
    """An opinion that the public sent in; `number` is its place within the closing of its call.

    `name` and `contact` are those of its sender, masked for whoever did not say why they need them.
    """

    step: str
    text: str
    digest: str
    received_at: datetime
    late: bool
    number: int | None
    taken_in: bool
    name: str | None
    contact: str | None


class Submissions(Told):
    """What was sent in, in the order in which it came."""

    items: list[Submission]
    next: str | None


class SignaturesOf(Told):
    """The signatures on a matter, the oldest first."""

    matter: str
    signatures: list[SignatureLine]
