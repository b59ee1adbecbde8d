"""People, units, roles, mandates; inboxes."""

from __future__ import annotations

from datetime import date
from typing import Any

from api.http.shapes.common import Names, Told


class Appointment(Told):
    """A role in a unit."""

    unit: str
    role: str
    since: date | None
    until: date | None


class HeldPost(Appointment):
    """A role in a unit, and who holds it."""

    account: str


class Person(Told):
    """An account under the name of its duty."""

    account: str
    name: Names
    posts: list[Appointment]


class Mandate(Told):
    """Somebody acts for somebody else; no commands named means every one."""

    mandate: int
    principal: str
    agent: str
    since: date
    until: date
    commands: list[str]


class Lawyer(Told):
    """A lawyer of a firm, and how many governments he counsels, where he has stated it."""

    account: str
    clients: int | None


class Retainer(Told):
    """A retained law firm with its lawyers; `filing` is the paper of its filing, where filed.

    `ends_soon`: it is to be renewed now.
    """

    retainer: int
    firm: str
    lawyers: list[Lawyer]
    since: date
    last_day: date
    filing: dict[str, Any] | None
    ends_soon: bool


class People(Told):
    """Who holds which post on a day, by account.

    `mandates` are those that the people of the page gave; `retainers` stand on the first page.
    """

    day: date
    people: list[Person]
    mandates: list[Mandate]
    retainers: list[Retainer]
    next: str | None


class Mandates(Told):
    """The mandates in force on a day; `next` is the cursor of the page behind this one."""

    day: date
    mandates: list[Mandate]
    next: str | None


class Unit(Told):
    """A unit with its functions."""

    unit: str
    name: Names
    functions: list[str]
    posts: list[HeldPost]


class Units(Told):
    """The units, and who holds which post in them."""

    day: date
    units: list[Unit]


class Role(Told):
    """A role, and the commands that it may give in some units."""

    role: str
    name: Names
    commands: list[str]


class Roles(Told):
    """The roles of the definition under which the organisation works today."""

    procedure: str
    roles: list[Role]


class Task(Told):
    """What the reader can cure."""

    evidence: str
    earliest: str | None


class Alert(Told):
    """An alert in words: what to do first, then why, then what it is about."""

    id: int
    kind: str
    todo: str
    tasks: list[Task]
    reasons: list[str]
    about: list[str]
    times: str
    cured: int
    count: int
    read: bool


class Inbox(Told):
    """One's own tasks and alerts; what is owed on one matter stands on one page."""

    account: str
    items: list[Alert]
    next: str | None
