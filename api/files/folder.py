"""The store of files in a local folder: each by its digest, never overwritten, fsynced.

    <folder>/<organisation>/arriving/<chance>      on its way in, locked by whoever writes it
    <folder>/<organisation>/sha256/ab/cd/abcd…     kept, read-only

A file is written to a name of its own in the same file system, brought to the disk, and then linked
into its place: so what has a digest for a name is whole, whenever the machine stops.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import re
import secrets
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from workflow.errors import StoreTrouble
from workflow.files import ALGORITHM, Arriving, Blob

_ARRIVING: Final = "arriving"
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
_SPACE: Final = re.compile(r"[a-z0-9][a-z0-9_.-]{0,63}")
_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_READ: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC


class OpenBlob:
    """A file open for reading."""

    def __init__(self, descriptor: int) -> None:
        self._file = os.fdopen(descriptor, "rb", buffering=0)
        self.size = os.fstat(descriptor).st_size

    def read(self, count: int) -> bytes:
        """The next bytes, none at the end."""
        return self._file.read(count) or b""

    def seek(self, offset: int) -> object:
        """Go on from there."""
        return self._file.seek(offset)

    def fileno(self) -> int:
        """Its descriptor, for a process that reads it on its own."""
        return self._file.fileno()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()


class Arrival:
    """A file on its way in; locked for as long as its process lives."""

    def __init__(self, folder: Path, target: Callable[[str], Path]) -> None:
        self._target = target
        self._hash = hashlib.sha256()
        self._digest = ""
        self.size = 0
        self._path, self._descriptor = _begun(folder)

    def write(self, data: bytes) -> None:
        """Take the next bytes.  Raises StoreTrouble where the disk is full."""
        self._hash.update(data)
        left = memoryview(data)
        try:
            while left:
                left = left[os.write(self._descriptor, left) :]
        except OSError as error:
            raise _trouble(error) from error
        self.size += len(data)

    def finish(self) -> str:
        """The digest, once every byte is on the disk."""
        try:
            os.fsync(self._descriptor)
            os.fchmod(self._descriptor, stat.S_IRUSR | stat.S_IRGRP)
        except OSError as error:
            raise _trouble(error) from error
        self._digest = self._hash.hexdigest()
        return self._digest

    def open(self) -> Blob:
        """What has come."""
        return OpenBlob(os.open(self._path, _READ))

    def keep(self) -> None:
        """Link it into its place; what is there already is the same, unless somebody spoilt it."""
        target = self._target(self._digest)
        try:
            _folder(target.parent)
            try:
                os.link(self._path, target)
            except FileExistsError:
                if target.stat(follow_symlinks=False).st_size != self.size:
                    # What somebody spoilt is not what the digest says; the whole heals it.
                    self._path.replace(target)
            _sync(target.parent)
        except OSError as error:
            raise _trouble(error) from error

    def discard(self) -> None:
        """Let go of it; what was kept stays under its digest."""
        if self._descriptor < 0:
            return
        self._path.unlink(missing_ok=True)
        os.close(self._descriptor)
        self._descriptor = -1


class Folder:
    """A `FileStore` in a folder."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def begin(self, space: str) -> Arriving:
        """Begin to take a file in.  Raises StoreTrouble where the folder cannot be written to."""
        folder = self._space(space) / _ARRIVING
        try:
            _folder(folder)
            return Arrival(folder, lambda digest: self._place(space, digest))
        except OSError as error:
            raise _trouble(error) from error

    def open(self, space: str, digest: str) -> Blob:
        """The bytes of this digest.  Raises StoreTrouble where they are gone."""
        try:
            return OpenBlob(os.open(self._place(space, digest), _READ))
        except OSError as error:
            raise StoreTrouble("file.gone", digest=digest) from error

    def has(self, space: str, digest: str) -> bool:
        """Whether a plain file is there under the digest."""
        try:
            return stat.S_ISREG(os.lstat(self._place(space, digest)).st_mode)
        except FileNotFoundError:
            return False

    def delete(self, space: str, digest: str) -> None:
        """Delete it; it would not come back after a crash."""
        place = self._place(space, digest)
        try:
            place.unlink(missing_ok=True)
            if place.parent.is_dir():
                _sync(place.parent)
        except OSError as error:
            raise _trouble(error) from error

    def digests(self, space: str) -> Iterator[str]:
        """Every digest under which something is there, in their order."""
        for place in sorted((self._space(space) / ALGORITHM).glob("??/??/*")):
            if _DIGEST.fullmatch(place.name):
                yield place.name

    def leftovers(self, space: str, *, remove: bool) -> int:
        """How many arrivals are nobody's: their lock went with the process that wrote them."""
        found = 0
        for place in sorted((self._space(space) / _ARRIVING).glob("*")):
            try:
                descriptor = os.open(place, _READ)
            except FileNotFoundError:
                continue
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            else:
                found += 1
                if remove:
                    place.unlink(missing_ok=True)
            finally:
                os.close(descriptor)
        return found

    def _space(self, space: str) -> Path:
        if _SPACE.fullmatch(space) is None:
            raise StoreTrouble("file.bad_space", space=space)
        return self.root / space

    def _place(self, space: str, digest: str) -> Path:
        if _DIGEST.fullmatch(digest) is None:
            raise StoreTrouble("file.gone", digest=digest)
        return self._space(space) / ALGORITHM / digest[:2] / digest[2:4] / digest


def _begun(folder: Path) -> tuple[Path, int]:
    """A new file of one's own, locked.

    Between its making and its lock a sweep may take it for a leftover; then there is another.
    """
    while True:
        path = folder / secrets.token_hex(16)
        flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
        descriptor = os.open(path, flags, 0o600)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        if os.fstat(descriptor).st_nlink:
            return path, descriptor
        os.close(descriptor)


def _folder(path: Path) -> None:
    """Make a folder, so that its name is on the disk as well."""
    if path.is_dir():
        return
    missing = [each for each in (path, *path.parents) if not each.is_dir()]
    for each in reversed(missing):
        each.mkdir(mode=0o700, exist_ok=True)
        _sync(each.parent)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _trouble(error: OSError) -> StoreTrouble:
    code = "file.disk_full" if error.errno in _FULL else "file.unwritable"
    return StoreTrouble(code, reason=error.strerror or "")
