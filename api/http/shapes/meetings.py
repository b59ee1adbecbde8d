"""Meetings and the yearly catalogue."""

from __future__ import annotations

from datetime import date
from typing import Any

from api.http.shapes.common import Told, Unworded


class RosterChange(Told):
    """Somebody came late or left before the end."""

    person: str
    change: str


class Roster(Told):
    """Who was there."""

    chair: str
    recorder: str
    present: list[str]
    leave: dict[str, str]
    attending: list[str]
    absent: list[str]
    changes: list[RosterChange]
    days_late: int


class Urgent(Told):
    """Why an item came onto a closed agenda, and whether that was confirmed."""

    reasons: str
    approved_by: str
    due: date
    confirmed_on: date | None
    refused_on: date | None


class Proceeding(Told):
    """What was said, voted or concluded on an item."""

    command: str
    actor: str
    principal: str | None
    payload: dict[str, Any]


class Item(Told):
    """A matter on an agenda, with the ballots and all else that happened to it there."""

    place: int
    matter: str
    title: str
    concluded: str | None
    urgent: Urgent | None
    owed: list[Unworded]
    proceedings: list[Proceeding]


class Meeting(Told):
    """A meeting with everything on record about it."""

    meeting: str
    body: str
    held_on: date
    frozen_on: date | None
    state: str
    roster: Roster | None
    agenda: list[Item]
    taken_off: list[Item]
    cancelled: dict[str, Any] | None
    closed: dict[str, Any] | None


class Minutes(Meeting):
    """A meeting with its minutes in words."""

    minutes: str


class MeetingPage(Told):
    """Meetings, the newest first."""

    items: list[Meeting]
    next: str | None


class CatalogueEntry(Told):
    """What a unit nominated for the year."""

    entry: int
    title: str
    unit: str
    reasons: str
    decide_by: date | None
    hearing: bool
    matters: list[str]


class Edition(Told):
    """The catalogue as drawn up, consented to and published."""

    entries: list[int]
    drawn_up_on: date
    consent: dict[str, Any] | None
    publication: dict[str, Any] | None


class CatalogueRecord(Told):
    """An act on the catalogue."""

    position: int
    command: str
    actor: str
    principal: str | None
    unit: str
    role: str
    payload: dict[str, Any]
    filed_on: date


class YearlyCatalogue(Told):
    """The yearly catalogue (年度目录) with its records."""

    year: int
    state: str
    publication_due: date | None
    completion_due: date | None
    nominated: list[CatalogueEntry]
    entries: list[int]
    pending: Edition | None
    published: list[Edition]
    completion: dict[str, Any] | None
    records: list[CatalogueRecord]


class DutyLine(Told):
    """A recurring duty (定期职责) in one period, and what was done about it."""

    duty: str
    name: str
    number: int
    opens: date
    by: date
    state: str
    person: str | None
    done_on: date | None
    missing: list[str]
    evidence: dict[str, str]
    basis: list[str]


class DutyLedger(Told):
    """The recurring duties of a year with their records."""

    year: int
    duties: list[DutyLine]
    records: list[CatalogueRecord]
