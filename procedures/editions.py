"""Which procedure and version each file of a folder defines, from its first lines."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from procedures.schema import Head
from procedures.source import parse, read_again

_HEAD_BYTES: Final = 64 * 1024
_ID: Final = re.compile(rb"^procedure:[ \t]*([a-z][a-z0-9_.-]*)[ \t]*(?:#.*)?\r?$", re.MULTILINE)
#: The days that not every month has are left to the reading of the whole file.
_VERSION: Final = re.compile(
    rb"^version:[ \t]*(\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8]))[ \t]*(?:#.*)?\r?$",
    re.MULTILINE,
)


@dataclass(frozen=True, slots=True, order=True)
class Edition:
    """One file of the book: the procedure and the version that it defines."""

    id: str
    version: date
    path: Path

    @property
    def name(self) -> str:
        """How a lineage names it."""
        return f"{self.id}@{self.version}"


def edition_of(path: Path) -> Edition:
    """What a file defines, from its first lines, or from the whole where they do not tell."""
    raw = _begin(path)
    name, version = _ID.search(raw), _VERSION.search(raw)
    if name and version:
        return Edition(name[1].decode(), date.fromisoformat(version[1].decode()), path)
    head = parse(read_again(path), Head)
    return Edition(head.procedure, head.version, path)


def _begin(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(_HEAD_BYTES)
    except OSError:
        # Nothing is found in nothing, so that the whole is read, which tells what is wrong.
        return b""
