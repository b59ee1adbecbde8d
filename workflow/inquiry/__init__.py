"""Questions about matters, people's alerts and the journal. Reads one unchanging view, no locks.

One room for each subject; `Inquiry` is all of them, and what they answer stands in `answers`.  What
somebody who signed in may ask goes through `Inquiry.seen_by`.
"""

from __future__ import annotations

from workflow.inquiry.answers import (
    Audit,
    CatalogueStanding,
    Convened,
    Forecast,
    HolidayStanding,
    LedgerStanding,
    Line,
    Notice,
    Standing,
)
from workflow.inquiry.base import PAGE
from workflow.inquiry.memory import Memory
from workflow.inquiry.moves import ANYBODY
from workflow.inquiry.published import Heard, Published
from workflow.inquiry.reader import Reader
from workflow.inquiry.whole import Whole
from workflow.listing import Page, Query, Sort
from workflow.ports import Clock, Watch
from workflow.searching import Part, Snippet
from workflow.service.rulebook import Rulebook
from workflow.uow import UnitOfWork

__all__ = [
    "ANYBODY",
    "PAGE",
    "Audit",
    "CatalogueStanding",
    "Convened",
    "Forecast",
    "Heard",
    "HolidayStanding",
    "Inquiry",
    "LedgerStanding",
    "Line",
    "Memory",
    "Notice",
    "Page",
    "Part",
    "Published",
    "Query",
    "Reader",
    "Snippet",
    "Sort",
    "Standing",
]


class Inquiry(Whole):
    """Answers questions for one database: in full, or as one account sees them."""

    def __init__(
        self, uow: UnitOfWork, book: Rulebook, clock: Clock, watch: Watch | None = None
    ) -> None:
        super().__init__(uow, book, clock)
        self._watch = watch

    def seen_by(self, organisation: str, account: str, *, names: bool = False) -> Reader:
        """The same questions, cut to what an account of the organisation sees.

        With `names` personal data is shown where the account may see it and said why today.
        """
        return Reader(
            self._uow,
            self._book,
            self._clock,
            organisation,
            account,
            names=names,
            watch=self._watch,
        )

    def memory(self, most_signs: int) -> Memory:
        """A memory of answers, of so many signs."""
        return Memory(self._uow, self._book, self._clock, most_signs, self._watch)
