"""Matters that may be parts of one (关联事项): the same project, counterparty or purpose.

A project that is split so that each part stays below a threshold is added up again.  Here is what
ties matters to each other and how their amounts are added; which threshold counts is data.
"""

from __future__ import annotations

import unicodedata
from calendar import monthrange
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from workflow.canonical import digest_of

#: What can tie matters together, in the order in which it is told.
TIES: Final = ("project", "counterparty", "purpose")

#: The ruling that matters are independent of each other (认定为相互独立).
SEPARATE: Final = "rule_separate"

#: Acts after which a matter is not gone on with under the procedure, and counts for no other.
GIVEN_UP: Final = ("withdraw", "decline", "exclude", "end_decision")

_YEAR: Final = 12

#: Letters by their category that show as nothing: the fillers of Hangul.
_FILLERS: Final = frozenset("\u115f\u1160\u3164\uffa0")


@dataclass(frozen=True, slots=True)
class Links:
    """What a matter says of itself: project (项目), counterparty (相对方), purpose (用途), amount.

    The amount is in whole yuan; None where none was stated.  Texts are empty where not given.
    """

    project: str = ""
    counterparty: str = ""
    purpose: str = ""
    amount_yuan: int | None = None

    @property
    def keys(self) -> dict[str, str]:
        """The key of each tie that is stated; matters with an equal one belong together."""
        return {name: key_of(told) for name in TIES if (told := getattr(self, name))}

    def at_least(self, amount_yuan: int) -> Links:
        """The same with no less than this amount."""
        return replace(self, amount_yuan=max(self.amount_yuan or 0, amount_yuan))

    def columns(self) -> dict[str, object]:
        """What is stated, as the row of the matter keeps it for others to find it by."""
        columns: dict[str, object] = {f"{name}_key": key for name, key in self.keys.items()}
        return columns if self.amount_yuan is None else columns | {"amount_yuan": self.amount_yuan}


#: The matters that one was ruled independent of, each with the amounts on which the ruling rests:
#: its own and theirs, nought where none was stated.
Apart = Mapping[str, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Kin:
    """Another matter of the organisation that shares a key; `apart` are those it was ruled off."""

    number: str
    title: str
    amount_yuan: int | None
    proposed_on: date
    keys: Mapping[str, str] = field(default_factory=dict)
    apart: Apart = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Whole:
    """What a matter and its kin by one tie come to within one window, in yuan."""

    tie: str
    kin: tuple[Kin, ...]
    total: int


def key_of(told: str) -> str:
    """The key of a name: its letters and digits, whatever their width and case.

    Blanks, signs, marks and what is not seen at all make no other project; of a name that consists
    of nothing else all is kept.
    """
    folded = unicodedata.normalize("NFKC", told).casefold()
    kept = "".join(sign for sign in folded if sign.isalnum() and sign not in _FILLERS)
    return digest_of(kept or "".join(folded.split()))


def largest(
    own: tuple[Links, date],
    kin: Iterable[Kin],
    ties: Iterable[str],
    months: int | None,
) -> Whole | None:
    """The largest sum that a matter is part of, by any one tie; None where it stands alone.

    `own` is what the matter says of itself and the day of its proposal.  Matters count together
    that were proposed within `months` of the first of them, the corresponding day included; None
    sets no limit.  An amount that was not stated counts as nothing.
    """
    links, day = own
    keys, related = links.keys, tuple(kin)
    found: Whole | None = None
    for tie in ties:
        tied = [each for each in related if tie in keys and each.keys.get(tie) == keys[tie]]
        for part in _windows(day, tied, months):
            total = sum(each.amount_yuan or 0 for each in part) + (links.amount_yuan or 0)
            if found is None or total > found.total:
                found = Whole(tie, part, total)
    return found


def ruling(own: int | None, kin: Iterable[Kin]) -> dict[str, tuple[int, int]]:
    """What the record of a ruling keeps: the amounts as they stood, by the number of the other."""
    return {each.number: (own or 0, each.amount_yuan or 0) for each in kin}


def ruled(payload: Mapping[str, object]) -> Apart:
    """What `ruling` kept, read from the record again."""
    kept = payload["amounts"]
    if not isinstance(kept, Mapping):
        raise TypeError("a ruling keeps the amounts that it rests on")
    return {number: (amounts[0], amounts[1]) for number, amounts in kept.items()}


def not_separate(number: str, own: int | None, apart: Apart, kin: Iterable[Kin]) -> tuple[Kin, ...]:
    """The kin that no ruling, on either side, has found to be independent of this matter.

    A ruling rests on the amounts as they stood: once one of them is raised it counts no more.
    """
    return tuple(
        each
        for each in kin
        if not _stands(apart.get(each.number), own, each.amount_yuan)
        and not _stands(each.apart.get(number), each.amount_yuan, own)
    )


def _stands(rests_on: tuple[int, int] | None, own: int | None, theirs: int | None) -> bool:
    return rests_on is not None and (own or 0) <= rests_on[0] and (theirs or 0) <= rests_on[1]


def _windows(day: date, kin: list[Kin], months: int | None) -> Iterator[tuple[Kin, ...]]:
    """The kin within each window that holds `day`; windows begin with a proposal."""
    if months is None:
        if kin:
            yield tuple(kin)
        return
    for first in sorted({day, *(each.proposed_on for each in kin if each.proposed_on < day)}):
        last = months_on(first, months)
        part = tuple(each for each in kin if first <= each.proposed_on <= last)
        if part and day <= last:
            yield part


def months_on(day: date, months: int) -> date:
    """The corresponding day of a later month, or its last day where it has none."""
    years, month = divmod(day.month - 1 + months, _YEAR)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
