"""Text out of the XML of office files: no document types, no entities, no depth without an end."""

from __future__ import annotations

from typing import Final
from xml.parsers import expat

from workflow.errors import BadInput

_DEEPEST: Final = 256
_SEPARATOR: Final = "\n"
#: Where one of these ends, a line ends; by local name, in whichever of the formats.
_LINES: Final = frozenset({"p", "h", "si", "row", "TextObject", "cr"})
_TABS: Final = frozenset({"tab"})
_FALLBACK: Final = "Fallback"


class _Reader:
    """Collects the characters between tags; of a draft only those of text, each once."""

    def __init__(self, *, draft: bool) -> None:
        self.found: list[str] = []
        self._draft = draft
        self._path: list[str] = []
        self._skipping = 0
        parser = expat.ParserCreate(namespace_separator=_SEPARATOR)
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.StartDoctypeDeclHandler = self._refuse
        parser.EntityDeclHandler = self._refuse
        parser.buffer_text = True
        self._parser = parser

    def read(self, raw: bytes) -> str:
        try:
            self._parser.Parse(raw, True)  # noqa: FBT003 (expat's: this is all of it)
        except expat.ExpatError as error:
            raise BadInput("file.broken") from error
        return "".join(self.found)

    def _start(self, name: str, _: dict[str, str]) -> None:
        local = name.rpartition(_SEPARATOR)[2]
        if len(self._path) >= _DEEPEST:
            raise BadInput("file.bomb")
        if self._draft and local == "p" and "p" in self._path:
            # A text box stands within a paragraph; its own begin on a line of their own.
            self.found.append("\n")
        self._path.append(local)
        self._skipping += local == _FALLBACK
        if local in _TABS and not self._skipping:
            self.found.append("\t")
        elif local in ("br", "line-break") and not self._skipping:
            self.found.append("\n")

    def _end(self, _: str) -> None:
        local = self._path.pop()
        self._skipping -= local == _FALLBACK
        # Properties of a document stand right under its root, each of them a line.
        if (local in _LINES and not self._skipping) or (not self._draft and len(self._path) == 1):
            self.found.append("\n")

    def _text(self, data: str) -> None:
        if self._skipping and self._draft:
            return
        if self._draft and (not self._path or self._path[-1] != "t"):
            return
        self.found.append(data)

    def _refuse(self, *_: object) -> None:
        raise BadInput("file.xml_entities")


def text_of(raw: bytes) -> str:
    """All that an XML part says, lines as in the paper.  Raises BadInput."""
    return _Reader(draft=False).read(raw)


def draft_of(raw: bytes) -> str:
    """The paragraphs of a text document: what is inserted counts, what is deleted does not."""
    lines = _Reader(draft=True).read(raw).split("\n")
    return "\n".join(each.rstrip() for each in lines).strip("\n")
