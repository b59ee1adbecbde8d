"""What can be asked of many matters at once: filters, order, pages and whose eyes.  Pure.

A page says in plain values where the next one begins: the last line's value in the order that was
asked for, and its number.  Nothing is skipped or told twice for what comes in between; only what
moves in the order itself, as by a change while pages by change are read, is told where it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final, Generic, TypeVar

from workflow.errors import BadInput
from workflow.kin import TIES, key_of

T = TypeVar("T")

PAGE: Final = 500
"""So many lines at most where nobody asks for another number."""

_NUMBER = re.compile(r"(\d{4})-(\d{4,9})", re.ASCII)
_RANK = re.compile(r"\d{1,3}", re.ASCII)

Place = tuple[str, ...]


class Sort(StrEnum):
    """By what matters stand in order; among equals by number.

    TITLE goes by the code points of the folded title, STAGE by the names of the stages in code,
    RELEVANCE by the parts in which what was searched for stands.
    """

    NUMBER = "number"
    CHANGED = "changed"
    TITLE = "title"
    STAGE = "stage"
    RELEVANCE = "relevance"


@dataclass(frozen=True, slots=True)
class Query:
    """Which matters, in which order, from where on, and how many; all that is given must hold.

    `units`: one of them proposes, leads or shares in the matter.  `procedure` is its id, `year` is
    that of the number.  `changed_since` is an instant, inclusive.  `owing`: something is owed on it
    after the decision; `overdue`: and its last day is past.  Amounts are in whole yuan, both ends
    included.  `ties` are project, counterparty or purpose as typed.  `search` is what is searched
    for; then the order is that of relevance unless another is asked for.  `after` is the place at
    which the page before ended.
    """

    stages: frozenset[str] = frozenset()
    units: frozenset[str] = frozenset()
    procedure: str | None = None
    year: int | None = None
    paused: bool | None = None
    on_agenda: bool | None = None
    changed_since: datetime | None = None
    owing: bool = False
    overdue: bool = False
    least_yuan: int | None = None
    most_yuan: int | None = None
    ties: Mapping[str, str] = field(default_factory=dict)
    search: str = ""
    sort: Sort | None = None
    descending: bool = False
    after: Place = ()
    limit: int = PAGE

    def __post_init__(self) -> None:
        """Raises BadInput where it makes no sense."""
        if self.limit < 1:
            raise BadInput("list.limit")
        if self.order is Sort.RELEVANCE and not self.search:
            raise BadInput("list.relevance_of_nothing")
        unknown = sorted(self.ties.keys() - set(TIES))
        if unknown:
            raise BadInput("list.unknown_tie", tie=unknown[0], known=TIES)
        if self.changed_since is not None and not _in_utc(self.changed_since):
            raise BadInput("list.time_zone")

    @property
    def order(self) -> Sort:
        """By what the matters stand in order."""
        return self.sort or (Sort.RELEVANCE if self.search else Sort.NUMBER)

    @property
    def keys(self) -> dict[str, str]:
        """The key of each tie asked for."""
        return {name: key_of(told) for name, told in self.ties.items()}


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some of a list; `next` is the place at which it ended, None where nothing comes after it."""

    items: Sequence[T]
    next: Place | None


def cut(found: Sequence[T], limit: int, places: Sequence[Place]) -> Page[T]:
    """The page out of one thing more than fits, if there are as many."""
    if len(found) <= limit:
        return Page(tuple(found), None)
    return Page(tuple(found[:limit]), places[limit - 1])


def number_of(told: str) -> tuple[int, int]:
    """Year and serial of a matter's number.  Raises BadInput for what is none."""
    found = _NUMBER.fullmatch(told)
    if found is None:
        raise _bad(told)
    return int(found[1]), int(found[2])


def place_in(order: Sort, place: Place) -> tuple[str | int | datetime, ...]:
    """What a place means in an order: its value there, and year and serial of the number.

    Raises BadInput for a place of another order, or one that nobody gave.
    """
    if len(place) != (1 if order is Sort.NUMBER else 2):
        raise _bad(*place)
    year, serial = number_of(place[-1])
    if order is Sort.NUMBER:
        return year, serial
    told = place[0]
    if order is Sort.CHANGED:
        return instant(told), year, serial
    if order is Sort.RELEVANCE:
        if _RANK.fullmatch(told) is None:
            raise _bad(told)
        return int(told), year, serial
    return told, year, serial


def instant(told: str) -> datetime:
    """An instant of a place.  Raises BadInput for what is none."""
    try:
        found = datetime.fromisoformat(told)
    except ValueError:
        raise _bad(told) from None
    if not _in_utc(found):
        raise _bad(told)
    return found


def alone(place: Place) -> str:
    """The only value of a place.  Raises BadInput for a place of several or none."""
    if len(place) != 1:
        raise _bad(*place)
    return place[0]


def whole(told: str) -> int:
    """A counting number of a place.  Raises BadInput for what is none."""
    if not told.isascii() or not told.isdigit() or len(told) > len(str(2**62)):
        raise _bad(told)
    return min(int(told), 2**62)


def _in_utc(at: datetime) -> bool:
    """Whether an instant has a time zone, and a place among the years in UTC."""
    if at.utcoffset() is None:
        return False
    try:
        at.astimezone(UTC)
    except OverflowError:
        return False
    return True


def _bad(*place: str) -> BadInput:
    return BadInput("list.place", place=",".join(place))
