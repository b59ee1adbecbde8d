"""How notices are delivered, as dated data: working hours, digests, tries, giving up."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import Field

from procedures.schema import Citations, Holders, InstrumentForm, Strict
from procedures.source import parse, read
from workflow.texts import Hour, Name, Prose

SHIPPED: Final = Path(__file__).with_name("policy.yaml")

UNDELIVERED: Final = "undelivered"
"""The kind of alerts of what could not be delivered."""

Seconds = Annotated[int, Field(ge=1, le=86_400)]
Hours = Annotated[int, Field(ge=1, le=8784)]


class Urgency(StrEnum):
    """How a notice reaches somebody: now whatever the hour, in working hours, or in a digest."""

    AT_ONCE = "at_once"
    ORDINARY = "ordinary"
    DIGEST = "digest"


class WorkingHours(Strict):
    """From when to when somebody may be disturbed on a working day, in legal time."""

    begin: Hour
    end: Hour
    cite: Citations

    @property
    def span(self) -> tuple[time, time]:
        """Begin and end."""
        return time.fromisoformat(self.begin), time.fromisoformat(self.end)


class DigestTimes(Strict):
    """When a digest goes out: at this hour of each working day, or of the one of the week."""

    hour: Hour
    weekday: Annotated[int, Field(ge=1, le=7)]
    cite: Citations

    @property
    def at(self) -> time:
        """The hour."""
        return time.fromisoformat(self.hour)


class Retry(Strict):
    """How long to wait before the next try: doubled each time, give or take `jitter_percent`."""

    first_seconds: Seconds
    most_seconds: Seconds
    jitter_percent: Annotated[int, Field(ge=0, le=90)]
    reason: Prose


class GiveUp(Strict):
    """After how many hours a delivery is given up."""

    at_once: Hours
    ordinary: Hours
    digest: Hours
    reason: Prose

    def after(self, urgency: Urgency) -> timedelta:
        """For how long it is tried."""
        return timedelta(hours=getattr(self, urgency.value))


class Amount(Strict):
    """A number, and why this one."""

    value: Seconds
    reason: Prose


class FailuresTo(Strict):
    """Who is told of what could not be delivered."""

    holders: Holders
    reason: Prose


class DeliveryPolicy(Strict):
    """The file."""

    policy: Literal["delivery"]
    version: date
    instruments: Mapping[Name, InstrumentForm] = {}
    working_hours: WorkingHours
    digest: DigestTimes
    retry: Retry
    give_up_hours: GiveUp
    lease_seconds: Amount
    late_minutes: Amount
    failures_to: FailuresTo
    may_be_switched_off: tuple[Name, ...] = ()

    @property
    def lease(self) -> timedelta:
        """For how long a delivery belongs to who claimed it."""
        return timedelta(seconds=self.lease_seconds.value)

    @property
    def late(self) -> timedelta:
        """What goes out so much after it should have is late."""
        return timedelta(minutes=self.late_minutes.value)


def load_policy(own: Path | None = None) -> DeliveryPolicy:
    """The file of one's own, or the shipped one.  Raises SourceError for one that is no good."""
    return parse(read(SHIPPED if own is None else own), DeliveryPolicy)
