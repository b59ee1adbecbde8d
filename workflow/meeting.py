"""A meeting and its agenda, as a decision sees them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class AgendaEntry:
    """A matter on the agenda of a meeting, at its place."""

    matter: str
    place: int


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting as it stands; `frozen_on` is the day on which its agenda was fixed."""

    code: str
    body: str
    held_on: date
    frozen_on: date | None
    agenda: tuple[AgendaEntry, ...] = ()
