"""Lines of text as wide as a terminal shows them: Chinese characters take two columns."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final
from unicodedata import category, east_asian_width

#: Categories of signs that begin or end what stands between them.
_OPENING: Final = frozenset({"Ps", "Pi"})
_CLOSING: Final = frozenset({"Pe", "Pf", "Po", "Pd"})

#: Blanks; numbers with what they count, as in a date; a run of narrow signs; any other sign.
_ATOM: Final = re.compile(r"\s+|(?:\d+[^\x00-\u1fff])+|[\u0021-\u1fff]+|.", re.DOTALL)


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
    return atom.isspace() or category(atom[0]) in _CLOSING or category(before[-1]) in _OPENING


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
