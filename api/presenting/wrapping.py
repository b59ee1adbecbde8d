"""Lines of text as wide as a terminal shows them: Chinese characters take two columns."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final
from unicodedata import category, east_asian_width

_OPENING: Final = "([{<" + "\u2018\u201c\u3008\u300a\u300c\u300e\u3010\u3014\uff08\uff3b"
_CLOSING: Final = (
    ")]}>,.;:!?%"
    "\u2019\u201d\u2026\u2014\u3001\u3002\u3009\u300b\u300d\u300f\u3011\u3015\uff01\uff05\uff09\uff0c"
    "\uff0e\uff1a\uff1b\uff1d\uff1f\uff3d"
)

_DAY: Final = "\u65e5"
_MONTH: Final = "\u6708"
_YEAR: Final = "\u5e74"
#: Blanks; a date, which is not torn apart; a run of narrow characters; any other character.
_ATOM: Final = re.compile(
    rf"\s+|\d+(?:{_YEAR}\d+{_MONTH}\d+{_DAY}|{_MONTH}\d+{_DAY}|[{_YEAR}{_DAY}])"
    r"|[\u0021-\u1fff]+|.",
    re.DOTALL,
)


def width_of(text: str) -> int:
    """How many columns a terminal gives to a text on one line."""
    if text.isascii():
        return len(text)
    return sum(_columns(character) for character in text)


def padded(text: str, width: int) -> str:
    """A text followed by as many blanks as make it `width` columns wide."""
    return text + " " * max(0, width - width_of(text))


def cut(text: str, width: int) -> str:
    """A text on one line, cut to at most `width` columns."""
    line = " ".join(text.split())
    if width_of(line) <= width:
        return line
    room, kept = width - 1, ""
    for character in line:
        room -= _columns(character)
        if room < 0:
            break
        kept += character
    return kept + "\u2026"


def wrapped(text: str, width: int) -> list[str]:
    """A text in lines of at most `width` columns, its own line breaks kept.

    No line begins with a closing mark or ends with an opening one, no word and no date is torn
    apart unless it is wider than a line.
    """
    return [line for part in text.split("\n") for line in _paragraph(part, width)]


def _paragraph(text: str, width: int) -> Iterator[str]:
    line = ""
    for piece in _pieces(text, width):
        if line and width_of(line) + width_of(piece.rstrip()) > width:
            yield line.rstrip()
            line = piece.lstrip()
        else:
            line += piece
    yield line.rstrip()


def _pieces(text: str, width: int) -> Iterator[str]:
    """What may be followed by a line break."""
    glued = ""
    for atom in _ATOM.findall(text):
        if glued and not _sticks(glued, atom):
            yield from _halves(glued, width)
            glued = ""
        glued += atom
    yield from _halves(glued, width)


def _sticks(before: str, atom: str) -> bool:
    """Whether no line may end between the two."""
    return atom[0] in _CLOSING or before[-1] in _OPENING or atom.isspace()


def _halves(piece: str, width: int) -> Iterator[str]:
    """A piece too wide for any line, in parts that are not."""
    part = ""
    for character in piece:
        if part and width_of(part) + _columns(character) > width and not character.isspace():
            yield part
            part = ""
        part += character
    if part:
        yield part


def _columns(character: str) -> int:
    if east_asian_width(character) in "WF":
        return 2
    return 0 if category(character) in {"Mn", "Me", "Cf"} else 1
