"""Writing to a terminal: wrapped, indented, and in colour where that is wanted."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final, Self, TextIO
from unicodedata import category

from api.presenting.wrapping import padded, width_of, wrapped

_NARROWEST: Final = 40
_WIDEST: Final = 100
_UNKNOWN: Final = 88


class Style(Enum):
    """What a piece of text means; the value is its code for the terminal."""

    HEADING = "1"
    DONE = "32"
    REFUSED = "31"
    WARNING = "33"
    TIME = "36"
    QUIET = "2"


@dataclass(frozen=True, slots=True)
class Terminal:
    """What is known of the terminal: its width in columns, and whether it shows colours."""

    width: int = _UNKNOWN
    colour: bool = False

    @classmethod
    def of(cls, stream: TextIO) -> Self:
        """The terminal behind a stream; a file or pipe is one of middling width without colours.

        Honours NO_COLOR (no-color.org), COLUMNS and TERM=dumb.
        """
        is_terminal = stream.isatty()
        width = shutil.get_terminal_size((_UNKNOWN, 24)).columns if is_terminal else _UNKNOWN
        plain = bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM") == "dumb"
        return cls(max(_NARROWEST, min(_WIDEST, width)), is_terminal and not plain)

    def paint(self, text: str, style: Style | None) -> str:
        """A text in a style."""
        if style is None or not self.colour or not text:
            return text
        return f"\x1b[{style.value}m{text}\x1b[0m"


class Page:
    """Lines written one after the other."""

    def __init__(self, terminal: Terminal, write: Callable[[str], object]) -> None:
        self.terminal = terminal
        self._write = write

    def blank(self) -> None:
        """An empty line."""
        self._write("")

    def line(
        self, text: str, *, first: str = "", rest: str | None = None, style: Style | None = None
    ) -> None:
        """A paragraph: `first` before its first line, `rest` (blanks) before the others."""
        later = " " * width_of(first) if rest is None else rest
        room = self.terminal.width - max(width_of(first), width_of(later))
        for number, part in enumerate(wrapped(harmless(text), room)):
            self._write((later if number else first) + self.terminal.paint(part, style))

    def block(self, text: str) -> None:
        """Lines that stand as they are."""
        for line in harmless(text).split("\n"):
            self._write(line)

    def heading(self, text: str) -> None:
        """A heading."""
        self.line(text, style=Style.HEADING)

    def pairs(self, rows: Sequence[tuple[str, str]], *, indent: str = "", gap: str = "  ") -> None:
        """Names and values in two columns, the values wrapped within theirs."""
        widest = max((width_of(name) for name, _ in rows), default=0)
        for name, value in rows:
            self.line(value, first=f"{indent}{padded(name, widest)}{gap}")

    def table(self, rows: Iterable[Sequence[str]], *, indent: str = "", gap: str = "  ") -> None:
        """Rows in columns as wide as they must be; the last one is wrapped."""
        listed = [tuple(row) for row in rows]
        if not listed:
            return
        widths = [
            max(width_of(row[column]) for row in listed) for column in range(len(listed[0]) - 1)
        ]
        for row in listed:
            cells = [
                padded(cell, width) + gap for cell, width in zip(row[:-1], widths, strict=True)
            ]
            self.line(row[-1], first=indent + "".join(cells))


def harmless(text: str) -> str:
    """A text without the control characters that would steer the terminal."""
    if text.isprintable():
        return text
    return "".join(
        each if each == "\n" or category(each) not in {"Cc", "Cs"} else "\ufffd" for each in text
    )
