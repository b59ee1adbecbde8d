"""Lines that all workers on one database share, so that a rate is one rate however many serve."""

from __future__ import annotations

from workflow.store.lines import Lines
from workflow.uow import UnitOfWork


class SharedLines:
    """Lines in the database. Safe to share between threads; each has its own connection."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    def advance(self, line: str, now: float, step: float, most: float) -> float:
        """When the line would be empty again, one longer; never beyond `most` seconds from now.

        Raises StoreTrouble.
        """
        with self._uow.write() as work:
            return Lines(work).advance(line, now, step, most)

    def use(self, line: str, until: float) -> bool:
        """Whether this is the first use of something that is good for one.  Raises StoreTrouble."""
        with self._uow.write() as work:
            return Lines(work).use(line, until)

    def sweep(self, now: float, kept: int) -> None:
        """Forget what is over, and of the rest all but so many.  Raises StoreTrouble."""
        with self._uow.write() as work:
            Lines(work).sweep(now, kept)
