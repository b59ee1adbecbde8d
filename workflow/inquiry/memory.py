"""Answers that were made before, given again while what they were made of is the same.

What an account is told follows from what its reader reads (who asks, what it may see and what
there is are all rows), from the day, and from files that a process reads once.  So an answer is
kept with every statement that was run for it and every row that came; asked the same again, the
database is asked the same statements, and where one row differs the answer is made anew.  Nothing
has to be known of what may change an answer, and nothing has to be told to the memory.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import date, datetime
from threading import Lock
from typing import TypeVar, cast
from zoneinfo import ZoneInfo

from workflow.clock import FixedClock
from workflow.heard import Hearing, Told, still
from workflow.inquiry.reader import Reader
from workflow.ports import Clock, Watch
from workflow.service.rulebook import Rulebook
from workflow.uow import UnitOfWork

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Kept:
    answer: object
    zone: str
    day: date
    told: tuple[Told, ...]
    signs: int


class Memory:
    """Keeps answers of at most so many signs together.  Safe to share between threads.

    Nothing is kept of what shows personal data: its readers show none.
    """

    def __init__(
        self,
        uow: UnitOfWork,
        book: Rulebook,
        clock: Clock,
        most_signs: int,
        watch: Watch | None = None,
    ) -> None:
        self._uow = uow
        self._watch = watch
        self._book = book
        self._clock = clock
        self._most = most_signs
        self._kept: OrderedDict[Hashable, _Kept] = OrderedDict()
        self._signs = 0
        self._lock = Lock()

    def answer(
        self,
        organisation: str,
        account: str,
        question: Hashable,
        make: Callable[[Reader], T],
        size: Callable[[T], int],
    ) -> T:
        """What `make` makes of a reader's answers, or made of the same before.

        `question` names all else that it depends on.  Only what it asks of the reader may be read.
        """
        now, key = self._clock.now(), (organisation, account, question)
        found = self._recalled(key, now)
        if found is not None:
            return cast("T", found.answer)
        hearing = Hearing(self._uow)
        # The day does not change while an answer is made.
        reader = Reader(
            hearing, self._book, FixedClock(now), organisation, account, watch=self._watch
        )
        made, told = make(reader), tuple(hearing.told)
        signs = size(made) + sum(each.signs for each in told)
        self._keep(key, _Kept(made, reader.zone, _day(now, reader.zone), told, signs))
        return made

    def _recalled(self, key: Hashable, now: datetime) -> _Kept | None:
        with self._lock:
            found = self._kept.get(key)
            if found is None:
                return None
            self._kept.move_to_end(key)
        same = found.day == _day(now, found.zone) and still(self._uow, found.told)
        return found if same else None

    def _keep(self, key: Hashable, made: _Kept) -> None:
        """Keep an answer, and let go of those that nobody asked for the longest."""
        with self._lock:
            before = self._kept.pop(key, None)
            self._signs -= 0 if before is None else before.signs
            if made.signs > self._most:
                return
            self._kept[key] = made
            self._signs += made.signs
            while self._signs > self._most:
                _, gone = self._kept.popitem(last=False)
                self._signs -= gone.signs


def _day(now: datetime, zone: str) -> date:
    return now.astimezone(ZoneInfo(zone)).date()
