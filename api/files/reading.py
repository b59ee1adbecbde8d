"""Reading blobs: parts of them, all of a small one, and bytes of memory as if they were one."""

from __future__ import annotations

import io
from types import TracebackType
from typing import IO, Final, Self

from workflow.files import Blob

_END_OF_ARCHIVE: Final = b"PK\x05\x06"
_END_LENGTH: Final = 22
#: The end of an archive may be followed by a comment of this length.
_LONGEST_COMMENT: Final = 0xFFFF
_PIECE: Final = 1024 * 1024


class Memory:
    """Bytes as a blob."""

    def __init__(self, data: bytes) -> None:
        self._file = io.BytesIO(data)
        self.size = len(data)

    def read(self, count: int) -> bytes:
        """The next bytes, none at the end."""
        return self._file.read(count)

    def seek(self, offset: int) -> object:
        """Go on from there."""
        return self._file.seek(offset)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Nothing is to be closed."""


class Stream(io.RawIOBase, IO[bytes]):
    """A blob as the archive reader wants it."""

    def __init__(self, blob: Blob) -> None:
        self._blob = blob
        self._place = 0

    def readable(self) -> bool:
        """Always."""
        return True

    def seekable(self) -> bool:
        """Always."""
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        """Go on from there."""
        base = {0: 0, 1: self._place, 2: self._blob.size}[whence]
        self._place = base + offset
        if self._place < 0:
            raise OSError(offset)
        self._blob.seek(self._place)
        return self._place

    def tell(self) -> int:
        """Where it goes on."""
        return self._place

    def read(self, count: int | None = -1) -> bytes:
        """So many bytes, all that are left where none are named."""
        wanted = self._blob.size - self._place if count is None or count < 0 else count
        found = bytearray()
        while len(found) < wanted and (raw := self._blob.read(wanted - len(found))):
            found += raw
        self._place += len(found)
        return bytes(found)


def part(blob: Blob, offset: int, count: int) -> bytes:
    """So many bytes from there on, or as many as there are."""
    blob.seek(max(0, offset))
    found = b""
    while len(found) < count and (raw := blob.read(count - len(found))):
        found += raw
    return found


def all_of(blob: Blob) -> bytes:
    """All of it, which the caller knows to be little."""
    blob.seek(0)
    return b"".join(iter(lambda: blob.read(_PIECE), b""))


def ends_as_archive(blob: Blob) -> bool:
    """Whether an archive ends where it ends, whatever it begins with, behind a comment or not."""
    length = _END_LENGTH + _LONGEST_COMMENT
    tail = part(blob, blob.size - length, length)
    place = tail.find(_END_OF_ARCHIVE)
    while place >= 0:
        told = int.from_bytes(tail[place + _END_LENGTH - 2 : place + _END_LENGTH], "little")
        if place + _END_LENGTH + told == len(tail):
            return True
        place = tail.find(_END_OF_ARCHIVE, place + 1)
    return False
