"""Bundles as files: written as a stream and whole or not at all, read line by line."""

from __future__ import annotations

import gzip
import os
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Final

from api.record.writing import sync_folder
from api.signing.keeper import ALGORITHMS
from procedures.kinds import KINDS
from workflow.anchoring import Trust
from workflow.bundle import LONGEST_LINE, Report, verify_bundle
from workflow.commands import every_command
from workflow.errors import BadInput, StoreTrouble

PACKED: Final = ".gz"
_MAGIC: Final = b"\x1f\x8b"


def write_bundle(path: Path, lines: Iterable[str]) -> None:
    """Write a bundle; one whose name ends in `.gz` is packed, to the same bytes each time.

    Nothing is overwritten.  Raises BadInput for a file that is there, StoreTrouble where the folder
    cannot be written to.
    """
    beside = path.with_name(f".{path.name}.new")
    if path.exists():
        raise BadInput("bundle.there", file=str(path))
    try:
        beside.unlink(missing_ok=True)
        # It holds whatever the journal holds, personal data too: for nobody else to read.
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            if path.suffix == PACKED:
                # Without name and time: the same journal gives the same file.
                with gzip.GzipFile("", "wb", 6, file, mtime=0) as packed:
                    _write(packed, lines)
            else:
                _write(file, lines)
            file.flush()
            os.fsync(file.fileno())
        # A link fails where a file came to be meanwhile; to rename would overwrite it.
        os.link(beside, path)
        sync_folder(path.parent)
    except FileExistsError as error:
        raise BadInput("bundle.there", file=str(path)) from error
    except OSError as error:
        raise StoreTrouble("bundle.unwritable", file=str(path)) from error
    finally:
        beside.unlink(missing_ok=True)


def read_bundle(path: Path, trust: Trust) -> Report:
    """Verify a bundle and the signatures in it.  Raises BadInput for a file that cannot be read."""
    acts = [name for name, each in every_command(KINDS).items() if each.signed]
    try:
        with path.open("rb") as file:
            packed = file.read(len(_MAGIC)) == _MAGIC
            file.seek(0)
            if packed:
                with gzip.GzipFile(fileobj=file, mode="rb") as inside:
                    return verify_bundle(_lines(inside), trust, ALGORITHMS, acts)
            return verify_bundle(_lines(file), trust, ALGORITHMS, acts)
    except OSError as error:
        raise BadInput("bundle.unreadable", file=str(path)) from error


def _write(file: IO[bytes] | gzip.GzipFile, lines: Iterable[str]) -> None:
    for line in lines:
        file.write(line.encode())


def _lines(file: IO[bytes] | gzip.GzipFile) -> Iterator[bytes]:
    """The lines; one beyond all bounds in pieces, none of which is a line.

    What cannot be unpacked any further ends here, as if it had been cut off.
    """
    try:
        while line := file.readline(LONGEST_LINE + 1):
            yield line
    except (EOFError, zlib.error, gzip.BadGzipFile):
        return
