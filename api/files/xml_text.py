"""Text out of the XML of office files, with the numbers that office programs count."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from api.files.allowance import Allowance, Spent
from api.files.lists import whole
from api.files.numbering import Counting, Numbering
from api.files.xml_events import PIECE, SEPARATOR, Passing, Source
from workflow.errors import BadInput
from workflow.texts import DRAFT_CHARACTERS

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
#: As many elements' time as it takes to count and write a number, without its characters.
_OF_NUMBER: Final = 16
_WORDS: Final = "/wordprocessingml/"
#: The end of a paragraph that was deleted, or moved away, with changes shown.
_ENDS_GONE: Final = frozenset({"del", "moveFrom"})


@dataclass(slots=True)
class _Paragraph:
    """What an open paragraph says of its number; `told` once that was written."""

    style: str = ""
    number: str | None = None
    level: int | None = None
    told: bool = False


class _Reader(Passing):
    """Collects the characters between tags; of a draft only those of text, each once."""

    def __init__(self, allowance: Allowance, numbering: Numbering | None, *, draft: bool) -> None:
        super().__init__(allowance)
        self.found: list[str] = []
        #: What stands in attributes: watermarks, descriptions of pictures, names of properties.
        self.beside: list[str] = []
        self._draft = draft
        self._counting = None if numbering is None else Counting(numbering)
        self._open: list[_Paragraph] = []
        #: Where in `found` the number of a paragraph goes that begins with text of one before it.
        self._awaited: int | None = None
        self._skipping = 0
        self._joined = False
        self._fields: list[str] = []
        self._fields_left = _MOST_FIELDS

    def feed(self, raw: bytes) -> None:
        """Take the next bytes, none at the end.  Raises BadInput and Spent."""
        super().feed(raw)
        if not raw and _RUN_FIELD.search("".join(self._fields)):
            raise BadInput("file.macros")

    def take(self) -> str:
        """What was found since it was asked last, up to where a number is still to come."""
        text = "".join(self.found[: self._awaited])
        if self._awaited is None:
            self.found.clear()
        else:
            self.found[:] = ["", "".join(self.found[self._awaited :])]
            self._awaited = 0
        return text

    def rest(self) -> str:
        """What is left at the end."""
        self._awaited = None
        return self.take()

    def held(self) -> int:
        """How many characters wait for a number."""
        return sum(map(len, self.found))

    def start(self, space: str, local: str, told: dict[str, str]) -> None:
        """Note what an element is, and what stands in place of one."""
        if self._open:
            self._of_paragraph(local, told)
        if local == "p":
            self._begin(space)
        # A paragraph whose end was deleted goes on in the next one.
        self._joined |= self._draft and local in _ENDS_GONE and self.path[-2:] == ["pPr", "rPr"]
        self._skipping += local in _TWICE
        if told:
            self._attributes(local, told)
        if local in _TABS and not self._skipping:
            self.found.append("\t")
        elif local in ("br", "line-break") and not self._skipping:
            self.found.append("\n")

    def _begin(self, space: str) -> None:
        """A paragraph begins."""
        if self._draft:
            self._joined = False
            if "p" in self.path:
                # A text box stands within a paragraph; its own begin on a line of their own.
                self.found.append("\n")
        counted = _WORDS in space and not self._skipping
        self._open.append(_Paragraph(told=not counted))

    def _of_paragraph(self, local: str, told: dict[str, str]) -> None:
        """What the properties of the paragraph say of its number; behind them it is written."""
        own = self._open[-1]
        if own.told:
            return
        match self.path[-3:]:
            case [*_, "p"] if local != "pPr":
                self._number(own)
            case [*_, "p", "pPr"] if local == "pStyle":
                own.style = _value(told)
            case ["p", "pPr", "numPr"] if local == "numId":
                own.number = _value(told)
            case ["p", "pPr", "numPr"] if local == "ilvl":
                own.level = whole(_value(told))

    def _number(self, own: _Paragraph) -> None:
        """Write the number of a paragraph, unless that of the next will stand there."""
        own.told = True
        if self._counting is None:
            return
        if self._joined:
            if self._awaited is None:
                self._awaited = len(self.found)
                self.found.append("")
            return
        number = self._counting.next(own.style, own.number, own.level)
        self.allowance.element(_OF_NUMBER + len(number))
        if self._awaited is None:
            self.found.append(number)
        else:
            self.found[self._awaited] = number
            self._awaited = None

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

    def end(self, local: str) -> None:
        """End the line where a paragraph ends."""
        if local == "p" and self._open:
            own = self._open.pop()
            if not own.told:
                self._number(own)
        # Properties of a document stand right under its root, each of them a line.
        ends = local in _LINES and not (self._skipping or (local == "p" and self._joined))
        if ends or (not self._draft and len(self.path) == 1):
            self.found.append("\n")
        self._skipping -= local in _TWICE

    def text(self, data: str) -> None:
        """Keep what is said."""
        local = self.path[-1] if self.path else ""
        if self._draft and (self._skipping or local != "t"):
            return
        if local == "instrText" and self._fields_left > 0:
            self._fields.append(data)
            self._fields_left -= len(data)
        self.found.append(data)


def _value(told: dict[str, str]) -> str:
    """The attribute `val`, of whichever namespace."""
    return next((each for name, each in told.items() if name.endswith(f"{SEPARATOR}val")), "")


def texts_of(
    source: Source, allowance: Allowance, numbering: Numbering | None = None
) -> Iterator[str]:
    """All that an XML part says, lines as in the paper, in pieces that overlap.

    What stands in attributes comes last, a line each.  Ends early where the allowance is spent.
    Raises BadInput.
    """
    reader, tail = _Reader(allowance, numbering, draft=False), ""
    try:
        while True:
            reader.feed(raw := source.read(PIECE))
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


def draft_of(source: Source, numbering: Numbering) -> str:
    """The paragraphs of a text document: what is inserted counts, what is deleted does not.

    Raises BadInput for one that is longer than a draft may be.
    """
    reader, found, length = _Reader(Allowance(), numbering, draft=True), [""], 0
    try:
        while True:
            reader.feed(raw := source.read(PIECE))
            found.append(reader.take() if raw else reader.rest())
            length += len(found[-1])
            if length + reader.held() > DRAFT_CHARACTERS:
                raise BadInput("file.draft_too_long")
            if not raw:
                break
    except Spent as error:
        raise BadInput("file.draft_too_long") from error
    lines = "".join(found).split("\n")
    return "\n".join(each.rstrip() for each in lines).strip("\n")
