"""What a process has worked out before, so that it need not do so for every book anew.

Definitions are read, compiled and compared in every book that has their files, and there is a book
for every house that is opened.  What comes of that depends on the files and on what they are taken
with alone, and neither changes: whatever is the same object gives the same.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final, Generic, TypeVar

T = TypeVar("T")

#: So many answers of each sort are kept: enough for every shipped definition and one's own.
_KEPT: Final = 64

#: For functions whose arguments are told apart by which object they are.  What they raise is not
#: kept, but found again.
remembered = lru_cache(maxsize=_KEPT)


class Same(Generic[T]):
    """A value that equals itself alone, whatever it holds."""

    __slots__ = ("value",)

    def __init__(self, value: T) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Same) and self.value is other.value

    def __hash__(self) -> int:
        return id(self.value)
