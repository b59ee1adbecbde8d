"""Archives of the ZIP family, looked at before anything in them is unpacked.

What unpacks to more than it may, hides bytes between or around its members, lays members over each
other, or names them by paths, is refused; members are then read with a limit of their own.
"""

from __future__ import annotations

import re
import struct
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Final
from zipfile import BadZipFile, ZipFile, ZipInfo

from workflow.errors import BadInput

MOST_MEMBERS: Final = 5000
MOST_BYTES: Final = 1024 * 1024 * 1024
MOST_OF_MEMBER: Final = 64 * 1024 * 1024
_RATIO: Final = 200
_RATIO_FROM: Final = 1024 * 1024

_LOCAL: Final = struct.Struct("<4s5H3L2H")
#: What may stand behind a member: its data descriptor, with signature and 64-bit sizes.
_DESCRIPTOR: Final = 24
#: The end of the directory, with its 64-bit record and locator.
_END: Final = 22
_END_64: Final = 56 + 20
_UTF8: Final = 0x800
_ENCRYPTED: Final = 0x1 | 0x40
_PATH: Final = re.compile(r"(?:^|[/\\])\.\.(?:[/\\]|$)|^[/\\]|^[A-Za-z]:|[\x00-\x1f]")
#: Members that a machine would run, or that hide more members.
_RUN: Final = re.compile(
    r"\.(?:exe|dll|com|bat|cmd|ps1|vbs|vbe|js|jse|wsf|hta|scr|lnk|jar|msi|reg|sh|apk|so|class)\Z",
    re.IGNORECASE,
)
_PACKED: Final = re.compile(r"\.(?:zip|rar|7z|gz|bz2|xz|tar|tgz|cab|iso|zst)\Z", re.IGNORECASE)
_MACROS: Final = re.compile(
    r"(?:^|/)(?:vbaproject\.bin|vbadata\.xml|xl/macrosheets/.*)\Z", re.IGNORECASE
)


class Member:
    """A member of an archive that is being read."""

    def __init__(self, stream: IO[bytes], size: int) -> None:
        self._stream = stream
        self._left = size

    def read(self, count: int, /) -> bytes:
        """The next bytes.  Raises BadInput where it is broken, or longer than it says."""
        try:
            raw = self._stream.read(count)
        except Exception as error:  # zlib.error and its kin share no base of their own
            raise BadInput("file.broken") from error
        self._left -= len(raw)
        if self._left < 0:
            raise BadInput("file.bomb")
        return raw


@dataclass(frozen=True)
class Archive:
    """An archive that may be looked into."""

    file: ZipFile
    names: tuple[str, ...]

    def shown_names(self) -> Iterator[str]:
        """The names, and how they read in China where nothing says in which encoding they are."""
        for each in self.file.infolist():
            yield each.filename
            if not each.flag_bits & _UTF8:
                yield each.orig_filename.encode("cp437", "ignore").decode("gb18030", "ignore")
            yield each.comment.decode("utf-8", "ignore")

    def size(self, name: str) -> int:
        """How many bytes a member says it has."""
        return self.file.getinfo(name).file_size

    def open(self, name: str) -> Member:
        """A member, to be read piece by piece.  Raises BadInput as `read` does."""
        try:
            return Member(self.file.open(name), self.size(name))
        except Exception as error:  # as in `read`
            raise BadInput("file.broken") from error

    def read(self, name: str, limit: int = MOST_OF_MEMBER) -> bytes:
        """A member.  Raises BadInput for one that is larger than it says, or than the limit."""
        try:
            with self.file.open(name) as member:
                found = member.read(limit + 1)
        except (BadZipFile, EOFError, NotImplementedError, OSError, ValueError) as error:
            raise BadInput("file.broken") from error
        except Exception as error:  # zlib.error and its kin share no base of their own
            raise BadInput("file.broken") from error
        if len(found) > limit:
            raise BadInput("file.bomb")
        return found


def opened(stream: IO[bytes], size: int) -> Archive:
    """The archive in a stream of this size.  Raises BadInput for one that must not be kept."""
    try:
        file = ZipFile(stream)
    except (BadZipFile, NotImplementedError, OSError, ValueError, struct.error) as error:
        raise BadInput("file.broken") from error
    members = sorted(file.infolist(), key=lambda each: each.header_offset)
    _check_sizes(members)
    _check_names(members)
    _check_places(stream, file, members, size)
    return Archive(file, tuple(each.filename for each in members))


def _check_sizes(members: list[ZipInfo]) -> None:
    unpacked = sum(each.file_size for each in members)
    if len(members) > MOST_MEMBERS or unpacked > MOST_BYTES:
        raise BadInput("file.bomb")
    for each in members:
        if each.file_size > _RATIO_FROM and each.file_size > _RATIO * max(1, each.compress_size):
            raise BadInput("file.bomb")
        if each.flag_bits & _ENCRYPTED:
            raise BadInput("file.encrypted")
        if each.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise BadInput("file.broken")


def _check_names(members: list[ZipInfo]) -> None:
    names = [each.orig_filename for each in members]
    if len({each.lower() for each in names}) != len(names):
        raise BadInput("file.polyglot")
    for name in names:
        if _PATH.search(name):
            raise BadInput("file.member_path")
        if _MACROS.search(name):
            raise BadInput("file.macros")
        if _RUN.search(name):
            raise BadInput("file.executable")
        if _PACKED.search(name):
            raise BadInput("file.archive")


def _check_places(stream: IO[bytes], file: ZipFile, members: list[ZipInfo], size: int) -> None:
    """Every byte of the file is a member's, the directory's, or what the format puts between."""
    end = 0
    for each in members:
        if not 0 <= each.header_offset - end <= (_DESCRIPTOR if end else 0):
            raise BadInput("file.polyglot")
        stream.seek(each.header_offset)
        head = stream.read(_LOCAL.size)
        if len(head) != _LOCAL.size or head[:4] != b"PK\x03\x04":
            raise BadInput("file.broken")
        *_, name_length, extra_length = _LOCAL.unpack(head)
        name = stream.read(name_length).decode(
            "utf-8" if each.flag_bits & _UTF8 else "cp437", "replace"
        )
        if name != each.orig_filename:
            raise BadInput("file.polyglot")
        end = each.header_offset + _LOCAL.size + name_length + extra_length + each.compress_size
    start = file.start_dir
    if not 0 <= start - end <= _DESCRIPTOR or not members or file.comment:
        raise BadInput("file.polyglot")
    length = sum(
        46
        + len(each.orig_filename.encode("utf-8" if each.flag_bits & _UTF8 else "cp437", "replace"))
        + len(each.extra)
        + len(each.comment)
        for each in members
    )
    if size - (start + length) - _END not in (0, _END_64):
        raise BadInput("file.polyglot")
