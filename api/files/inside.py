"""What stands in the members of an archive or the parts of a letter: each is looked into as a file.

Two levels deep at most, within one allowance; what is beyond it is said not to have been read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from api.files.allowance import DEEPEST, Allowance
from api.files.numbering import Numbering
from api.files.reading import Memory
from api.files.xml_text import texts_of
from api.files.zips import MOST_OF_MEMBER, Archive
from workflow.errors import BadInput
from workflow.files import Blob, Content

_XML: Final = re.compile(r"\.(?:xml|rels|vml|fodt|rdf)\Z", re.IGNORECASE)
#: What no office file says anything in.
_SILENT: Final = re.compile(
    r"(?:\Adocprops/thumbnail\.|/printersettings/|/fonts/|/thumbnails/|\.(?:odttf|fntdata|ttf|otf)\Z)",
    re.IGNORECASE,
)

_PARTS: Final = re.compile(r"[/\\\s_;,()\uff08\uff09-]+")
_SUFFIX: Final = re.compile(r"\.[A-Za-z0-9]{1,10}\Z")

Look = Callable[[Blob, str, int], Content]


class Archived:
    """The texts of an archive, each member read when it is come to."""

    def __init__(
        self,
        archive: Archive,
        look: Look,
        depth: int,
        *,
        office: bool,
        numbering: Numbering | None = None,
    ) -> None:
        self._archive = archive
        self._look = look
        self._depth = depth
        self._office = office
        self._numbering = numbering
        self._allowance = Allowance()

    def whole(self) -> bool:
        """Whether all of it was read."""
        return self._allowance.whole

    def pieces(self) -> Iterator[str]:
        """What its members are called, and say.  Raises BadInput."""
        self._allowance = allowance = Allowance()
        for name in self._archive.shown_names():
            yield _as_lines(name)
        for name in self._archive.names:
            if name.endswith("/") or (self._office and _SILENT.search(name)):
                continue
            size = self._archive.size(name)
            if self._office and _XML.search(name):
                if allowance.spend(size):
                    yield from texts_of(self._archive.open(name), allowance, self._numbering)
            elif size > MOST_OF_MEMBER or not allowance.spend(size):
                allowance.unread()
            else:
                raw = self._archive.read(name)
                yield from within(raw, name, self._look, self._depth, allowance)


class Letter:
    """The texts of the parts of a letter."""

    def __init__(
        self, headers: str, parts: Iterable[tuple[str, bytes]], look: Look, depth: int
    ) -> None:
        self._headers = headers
        self._parts = tuple(parts)
        self._look = look
        self._depth = depth
        self._allowance = Allowance()

    def whole(self) -> bool:
        """Whether all of it was read."""
        return self._allowance.whole

    def pieces(self) -> Iterator[str]:
        """What its parts are called, and say.  Raises BadInput."""
        self._allowance = Allowance()
        yield self._headers
        for name, raw in self._parts:
            yield _as_lines(name)
            yield from within(raw, name, self._look, self._depth, self._allowance)


def _as_lines(name: str) -> str:
    """A name, and each part of it on a line of its own, as a mark stands apart in it."""
    return "\n".join((name, *_PARTS.split(_SUFFIX.sub("", name)), ""))


def within(raw: bytes, name: str, look: Look, depth: int, allowance: Allowance) -> Iterator[str]:
    """What a member says.  Raises BadInput for what must not be kept, nor hidden in another."""
    if depth + 1 >= DEEPEST:
        raise BadInput("file.bomb")
    if raw.startswith(b"%PDF-") and not allowance.pdf():
        return
    content = look(Memory(raw), name, depth + 1)
    yield from content.pieces()
    if not (content.searched and content.whole()):
        allowance.unread()
