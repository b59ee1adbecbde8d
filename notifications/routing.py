"""From an alert to what is to go out of it: on which channels, when, for whom else. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from notifications.policy import DeliveryPolicy, Urgency
from notifications.preferences import Preference, When
from notifications.quiet import digest_moment, moment
from workflow.calendar import DayTable
from workflow.directory import Mandate

DAILY: Final = "daily"
WEEKLY: Final = "weekly"


@dataclass(frozen=True, slots=True)
class Told:
    """An alert as far as its way matters; `settled`: what it is about is done, or was moved."""

    kind: str
    recipient: str
    urgency: Urgency
    expires: datetime | None = None
    settled: bool = False


@dataclass(frozen=True, slots=True)
class Going:
    """One thing that is to go out: where, not before when, until when it is tried, in which digest.

    `digest` is empty for what goes out by itself; those of one digest go out as one message.
    """

    channel: str
    not_before: datetime
    expires: datetime
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Way:
    """What becomes of an alert: what goes out, and who is told in addition as a substitute."""

    going: tuple[Going, ...] = ()
    substitute: str | None = None


@dataclass(frozen=True, slots=True)
class Roads:
    """What a way is found by: numbers, the days, the channels that there are."""

    policy: DeliveryPolicy
    table: DayTable
    zone: ZoneInfo
    channels: Collection[str]
    switchable: Collection[str]


def way(
    roads: Roads, told: Told, chosen: Preference, mandates: Collection[Mandate], now: datetime
) -> Way:
    """What goes out of an alert.

    Nothing of what no longer matters: it is settled, or has expired.  Whoever is away is not
    disturbed where a substitute has a mandate that stands today; without one they are told as ever,
    for somebody must be.
    """
    if told.settled or (told.expires is not None and told.expires <= now):
        return Way()
    substitute = _substitute(told.recipient, chosen, mandates, now.astimezone(roads.zone))
    if substitute is not None:
        return Way((), substitute)
    kept_on = told.kind not in roads.switchable
    choice = chosen.choice(told.kind, kept_on=kept_on)
    begin, digest = _when(roads, told.urgency, choice.when, now)
    urgency = Urgency.DIGEST if digest else told.urgency
    expires = max(now, begin) + roads.policy.give_up_hours.after(urgency)
    if told.expires is not None:
        expires = min(expires, told.expires)
    return Way(
        tuple(
            Going(channel, begin, expires, digest)
            for channel in chosen.channels(choice, roads.channels, kept_on=kept_on)
            # What would come only after it matters is not sent.
            if begin < expires
        )
    )


def _when(roads: Roads, urgency: Urgency, wish: When, now: datetime) -> tuple[datetime, str]:
    weekly = wish is When.WEEKLY
    gathered = urgency is Urgency.DIGEST or weekly or wish is When.DAILY
    # What is urgent does not wait for a digest, whatever is wished.
    if urgency is Urgency.AT_ONCE or not gathered:
        return moment(roads.policy, roads.table, roads.zone, urgency, now), ""
    at = digest_moment(roads.policy, roads.table, roads.zone, now, weekly=weekly)
    day = at.astimezone(roads.zone).date()
    return at, f"{WEEKLY if weekly else DAILY}:{day.isoformat()}"


def _substitute(
    account: str, chosen: Preference, mandates: Collection[Mandate], local: datetime
) -> str | None:
    absence, day = chosen.absence, local.date()
    if absence is None or absence.substitute is None or not absence.on(day):
        return None
    stands = any(
        each.principal == account and each.agent == absence.substitute and each.stands(day)
        for each in mandates
    )
    return absence.substitute if stands else None
