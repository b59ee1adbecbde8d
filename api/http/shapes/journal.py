"""The journal with its proofs; calculations of days."""

from __future__ import annotations

from datetime import date
from typing import Any

from api.http.shapes.common import Told


class JournalEntry(Told):
    """An entry with the proof that it follows the one before.

    `digest` is the SHA-256 of the UTF-8 bytes of `canonical`, which holds `previous`, the digest
    of the entry before (zeros for the first); `body` is the same as JSON.  Where `withheld` names
    what was left out or masked for the reader, the digest is still that of the whole entry; of an
    entry about a matter kept from the reader `canonical` is empty and `body` null.
    """

    entry: int
    previous: str
    digest: str
    canonical: str
    body: dict[str, Any] | None
    withheld: list[str]


class JournalPage(Told):
    """Entries in their order."""

    items: list[JournalEntry]
    next: str | None


class ChainEnd(Told):
    """The end of the chain."""

    entry: int
    digest: str


class Flaw(Told):
    """Something wrong at an entry."""

    entry: int
    code: str
    message: str


class Audit(Told):
    """The whole journal, verified; `covered_to` is the last entry that a checkpoint vouches for."""

    entries: int
    head: ChainEnd
    flaws: list[Flaw]
    checkpoints: int
    covered_to: int


class CountStep(Told):
    """A day of a count and what it did to it."""

    day: date
    effect: str
    kind: str
    name: str | None
    ordinal: int | None
    provisional: bool


class Count(Told):
    """The day that lies so far from another, with every day that mattered."""

    start: date
    amount: int
    unit: str
    direction: str
    rule: str
    end: date
    provisional: bool
    steps: list[CountStep]


class FestivalDays(Told):
    """The days off for a festival, first and last included."""

    name: str
    first: date
    last: date


class HolidayNotice(Told):
    """A notice on the holidays of a year (放假安排通知), or one that amends it.

    `taken_in` is the day on which the organisation took it in, by `actor`; null for one that came
    with the program, of which no festivals are told.
    """

    year: int
    number: str
    dated: date
    published: date
    amends: bool
    holidays: list[FestivalDays]
    worked: list[date]
    withdrawn: list[date]
    taken_in: date | None
    actor: str | None


class HolidayNotices(Told):
    """What the days rest on; all after `firm_through` is provisional."""

    firm_through: date
    notices: list[HolidayNotice]


class Span(Told):
    """How many days or months lie between two days."""

    start: date
    end: date
    unit: str
    amount: int
    provisional: bool
    met: list[SpanDay]


class SpanDay(Told):
    """A holiday or make-up workday."""

    day: date
    kind: str
    name: str | None
