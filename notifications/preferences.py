"""How somebody wishes to be told: addresses, and for each kind of notice where and when. Pure.

The inbox has everything whatever is wished here.  What a law or the policy will not let anybody
switch off comes through all the same.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from enum import StrEnum
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from workflow.texts import Day, Line, Name, fault

EVERY: Final = "every"
"""The name under `kinds` that stands for every kind that is not named itself."""
MOST_KINDS: Final = 100


class When(StrEnum):
    """When a kind of notice is to come: as soon as it may, in a digest, or only in the inbox."""

    SOON = "soon"
    DAILY = "daily"
    WEEKLY = "weekly"
    OFF = "off"


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class KindChoice(_Form):
    """Where and when notices of a kind are to come; `channels` empty means all with an address."""

    channels: Annotated[tuple[Name, ...], Field(max_length=20)] = ()
    when: When = When.SOON


class Absence(_Form):
    """From when until when somebody is away, and who is told instead, by a mandate that holds."""

    since: Day
    until: Day
    substitute: Line | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Absence:
        if self.until < self.since:
            raise fault("notify.absence_order", since=self.since, until=self.until)
        return self

    def on(self, day: date) -> bool:
        """Whether they are away on this day."""
        return self.since <= day <= self.until


class Preference(_Form):
    """What somebody chose; each channel's address is of the form that the channel wants."""

    addresses: Annotated[Mapping[Name, Line], Field(max_length=20)] = {}
    kinds: Annotated[Mapping[Name, KindChoice], Field(max_length=MOST_KINDS)] = {}
    language: Literal["zh", "en"] = "zh"
    absence: Absence | None = None

    def choice(self, kind: str, *, kept_on: bool) -> KindChoice:
        """What holds of a kind; of one that is `kept_on` no wish to be spared holds."""
        named = self.kinds.get(kind) or self.kinds.get(EVERY) or KindChoice()
        if kept_on and named.when is When.OFF:
            return KindChoice(channels=named.channels)
        return named

    def channels(self, choice: KindChoice, known: Collection[str], *, kept_on: bool) -> list[str]:
        """The channels outside on which a notice goes, in the order of their names."""
        there = sorted(set(self.addresses) & set(known))
        if choice.when is When.OFF:
            return []
        wanted = [each for each in there if each in choice.channels]
        if choice.channels and (wanted or not kept_on):
            return wanted
        return there


NOTHING_CHOSEN: Final = Preference()


def locked(wished: Preference, switchable: Collection[str]) -> tuple[str, ...]:
    """The kinds that were named to be switched off and cannot be, in order of name."""
    return tuple(
        sorted(
            kind
            for kind, choice in wished.kinds.items()
            if kind != EVERY and choice.when is When.OFF and kind not in switchable
        )
    )
