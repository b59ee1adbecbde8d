"""Deliveries, wishes, calendars."""

from __future__ import annotations

from datetime import date, datetime

from api.http.shapes.common import Told


class KindChoice(Told):
    """Where and when notices of a kind are to come."""

    channels: list[str]
    when: str


class Absence(Told):
    """From when until when somebody is away, and who is told instead."""

    since: date
    until: date
    substitute: str | None


class Preferences(Told):
    """How one wishes to be told.

    `channels` are those that there are, `switchable` the kinds that may be switched off.
    """

    account: str
    version: int
    addresses: dict[str, str]
    kinds: dict[str, KindChoice]
    language: str
    absence: Absence | None
    channels: list[str]
    switchable: list[str]


class Delivery(Told):
    """A delivery as it stands; nothing of what it says.

    `doubtful` is how many tries may have arrived without our hearing of it.
    """

    id: int
    alert: int
    kind: str
    recipient: str
    channel: str
    round: int
    digest: str
    state: str
    not_before: datetime
    next_at: datetime
    expires_at: datetime
    attempts: int
    doubtful: int
    last_error: str | None
    sent_at: datetime | None
    provider_id: str | None


class Deliveries(Told):
    """Deliveries, the newest first; `next` is the id to ask for those before."""

    items: list[Delivery]
    next: int | None


class Resent(Told):
    """A delivery that was made to send something once more."""

    delivery: int


class Feed(Told):
    """A calendar that one subscribed to."""

    feed: int
    created_at: datetime


class Feeds(Told):
    """One's calendars."""

    items: list[Feed]


class NewFeed(Told):
    """A new calendar: where it is found, and the secret part of that, told this once."""

    path: str
    secret: str


class Done(Told):
    """It is done."""

    done: bool
