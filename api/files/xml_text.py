"""Text out of the XML of office files: no document types, no entities, no depth without an end."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, Protocol
from xml.parsers import expat

from api.files.allowance import Allowance, Spent
from workflow.errors import BadInput
from workflow.texts import DRAFT_CHARACTERS

_DEEPEST: Final = 256
_SEPARATOR: Final = "\n"
_PIECE: Final = 256 * 1024
#: How much of the end of a piece is seen once more with the next, so that no mark is cut in two.
OVERLAP: Final = 200
#: Where one of these ends, a line ends; by local name, in whichever of the formats.
_LINES: Final = frozenset({"p", "h", "si", "row", "TextObject", "cr"})
_TABS: Final = frozenset({"tab"})
#: Of a draft what stands elsewhere as well: the older form of a drawing, and text moved away.
_TWICE: Final = frozenset({"Fallback", "moveFrom"})
#: What an office program fetches by itself when it opens the file, and may run.
_FETCHED: Final = ("attachedTemplate", "oleObject", "frame", "subDocument", "externalLinkPath")
_ELSEWHERE: Final = re.compile(
    r"\s*(?:https?:|ftp:|\\\\|//|file:/*\\\\|file://[^/])", re.IGNORECASE
)
_RUN_FIELD: Final = re.compile(r"(?:^|\s)DDE(?:AUTO)?(?:\s|$)", re.IGNORECASE)
_MOST_FIELDS: Final = 1024 * 1024


class Source(Protocol):
    """Where XML is read from."""

    def read(self, count: int, /) -> bytes:
        """The next bytes, none at the end."""
        ...


class _Reader:
    """Collects the characters between tags; of a draft only those of text, each once."""

    def __init__(self, allowance: Allowance, *, draft: bool) -> None:
        self.found: list[str] = []
        #: What stands in attributes: watermarks, descriptions of pictures, names of properties.
        self.beside: list[str] = []
        self._allowance = allowance
        self._draft = draft
        self._path: list[str] = []
        self._skipping = 0
        self._joined = False
        self._fields: list[str] = []
        self._fields_left = _MOST_FIELDS
        parser = expat.ParserCreate(namespace_separator=_SEPARATOR)
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.StartDoctypeDeclHandler = self._refuse
        parser.EntityDeclHandler = self._refuse
        parser.buffer_text = True
        self._parser = parser

    def feed(self, raw: bytes) -> None:
        """Take the next bytes, none at the end.  Raises BadInput and Spent."""
        try:
            self._parser.Parse(raw, not raw)
        except (expat.ExpatError, LookupError, ValueError) as error:
            # ValueError is how an encoding of several bytes is turned down.
            raise BadInput("file.broken") from error
        if not raw and _RUN_FIELD.search("".join(self._fields)):
            raise BadInput("file.macros")

    def take(self) -> str:
        """What was found since it was asked last."""
        text = "".join(self.found)
        self.found.clear()
        return text

    def _start(self, name: str, told: dict[str, str]) -> None:
        self._allowance.element()
        local = name.rpartition(_SEPARATOR)[2]
        if len(self._path) >= _DEEPEST:
            raise BadInput("file.bomb")
        if self._draft and local == "p":
            self._joined = False
            if "p" in self._path:
                # A text box stands within a paragraph; its own begin on a line of their own.
                self.found.append("\n")
        # A paragraph whose end was deleted goes on in the next one.
        self._joined |= self._draft and local == "del" and self._path[-2:] == ["pPr", "rPr"]
        self._path.append(local)
        self._skipping += local in _TWICE
        if told:
            self._attributes(local, told)
        if local in _TABS and not self._skipping:
            self.found.append("\t")
        elif local in ("br", "line-break") and not self._skipping:
            self.found.append("\n")

    def _attributes(self, local: str, told: dict[str, str]) -> None:
        if local == "Relationship":
            kind = told.get("Type", "").rpartition("/")[2]
            external = told.get("TargetMode") == "External"
            if external and kind in _FETCHED and _ELSEWHERE.match(told.get("Target", "")):
                raise BadInput("file.external")
        elif local == "ddeLink":
            raise BadInput("file.macros")
        if not self._draft:
            self.beside += [each for each in told.values() if not each.isascii()]
            self._fields += [each for name, each in told.items() if name.endswith("instr")]

    def _end(self, _: str) -> None:
        local = self._path.pop()
        # Properties of a document stand right under its root, each of them a line.
        ends = local in _LINES and not (self._skipping or (local == "p" and self._joined))
        if ends or (not self._draft and len(self._path) == 1):
            self.found.append("\n")
        self._skipping -= local in _TWICE

    def _text(self, data: str) -> None:
        local = self._path[-1] if self._path else ""
        if self._draft and (self._skipping or local != "t"):
            return
        if local == "instrText" and self._fields_left > 0:
            self._fields.append(data)
            self._fields_left -= len(data)
        self.found.append(data)

    def _refuse(self, *_: object) -> None:
        raise BadInput("file.xml_entities")


def texts_of(source: Source, allowance: Allowance) -> Iterator[str]:
    """All that an XML part says, lines as in the paper, in pieces that overlap.

    What stands in attributes comes last, a line each.  Ends early where the allowance is spent.
    Raises BadInput.
    """
    reader, tail = _Reader(allowance, draft=False), ""
    try:
        while True:
            reader.feed(raw := source.read(_PIECE))
            text = tail + reader.take()
            yield text
            tail = text[-OVERLAP:]
            if reader.beside:
                yield "\n".join(dict.fromkeys(reader.beside))
                reader.beside.clear()
            if not raw:
                return
    except Spent:
        yield tail + reader.take()


def draft_of(source: Source) -> str:
    """The paragraphs of a text document: what is inserted counts, what is deleted does not.

    Raises BadInput for one that is longer than a draft may be.
    """
    reader, found, length = _Reader(Allowance(), draft=True), [""], 0
    try:
        while True:
            reader.feed(raw := source.read(_PIECE))
            found.append(reader.take())
            length += len(found[-1])
            if length > DRAFT_CHARACTERS:
                raise BadInput("file.draft_too_long")
            if not raw:
                break
    except Spent as error:
        raise BadInput("file.draft_too_long") from error
    lines = "".join(found).split("\n")
    return "\n".join(each.rstrip() for each in lines).strip("\n")
