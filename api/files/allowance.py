"""How much of one upload is looked into: what is beyond it is kept, and said not to be searched."""

from __future__ import annotations

from typing import Final

MOST_ELEMENTS: Final = 4_000_000
MOST_BYTES: Final = 256 * 1024 * 1024
MOST_PDFS: Final = 10
DEEPEST: Final = 3


class Spent(Exception):
    """Nothing more is looked into."""


class Allowance:
    """What is left to be spent on one upload, and whether all of it could be read.

    In time it is some seconds of one processor: elements are what takes time, bytes what takes
    memory.
    """

    def __init__(self) -> None:
        self.whole = True
        self._elements = MOST_ELEMENTS
        self._bytes = MOST_BYTES
        self._pdfs = MOST_PDFS

    def unread(self) -> None:
        """There is something that could not be read."""
        self.whole = False

    def element(self, count: int = 1) -> None:
        """One more element, or what takes as long as so many.  Raises Spent."""
        self._elements -= count
        if self._elements < 0:
            self.whole = False
            raise Spent

    def spend(self, count: int) -> bool:
        """Whether so many bytes more are looked into."""
        self._bytes -= count
        self.whole = self.whole and self._bytes >= 0
        return self._bytes >= 0

    def pdf(self) -> bool:
        """Whether one more PDF is read; each takes a process."""
        self._pdfs -= 1
        self.whole = self.whole and self._pdfs >= 0
        return self._pdfs >= 0
