"""Passwords that are guessed first, told by rules that are data (`guessable.yaml`). Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from itertools import groupby
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import Field

from procedures.schema import Strict
from procedures.source import parse, read
from workflow.texts import Line

TABLE: Final = Path(__file__).with_name("guessable.yaml")

#: A year of this century or the last, with month and day or without.
_DATE: Final = re.compile(r"(?:19|20)\d\d(?:[-./]?(?:0?[1-9]|1[0-2])(?:[-./]?[0-3]?\d)?)?")
#: From so many on the same sign again and again is one thing to guess.
_REPEATED: Final = 3
_PARTS: Final = re.compile(r"[^\W\d_]{3,}")

_Few = Annotated[int, Field(ge=1, le=20)]


class RulesForm(Strict):
    """The file."""

    guessable: Literal["passwords"]
    version: date
    least_left: _Few
    rows: tuple[Line, ...]
    shortest_row: _Few
    signs: Mapping[Line, Line]
    words: tuple[Line, ...]


@dataclass(frozen=True)
class Guessable:
    """What passwords are made of that are guessed first."""

    rules: RulesForm

    def left(self, password: str, names: Iterable[str] = ()) -> int:
        """How many signs are left once all that is guessed first is taken away.

        Read as it is typed and with letters in the place of signs, whichever leaves less; `names`
        are those of the account and the organisation, whose parts count as words.
        """
        # What is taken away leaves a blank, so that no word comes about that nobody wrote.
        typed = _unrepeated(_DATE.sub(" ", password.casefold()))
        signs = self.rules.signs
        letters = str.maketrans("".join(signs), "".join(signs.values()))
        meant = self._without(typed, self._runs).translate(letters)
        own = {part for name in names for part in _PARTS.findall(name.casefold())}
        return min(self._left(each, own) for each in (typed, meant))

    def _left(self, text: str, own: set[str]) -> int:
        words = sorted({*self.rules.words, *own}, key=lambda word: (-len(word), word))
        bare = self._without(self._without(text, words), self._runs)
        return sum(sign.isalnum() for sign in bare)

    @staticmethod
    def _without(text: str, parts: Iterable[str]) -> str:
        for part in parts:
            text = text.replace(part, " ")
        return text

    @cached_property
    def _runs(self) -> tuple[str, ...]:
        """Every part of a row that is long enough, in either direction, the longest first."""
        found = {
            row[start:end]
            for each in self.rules.rows
            for row in (each, each[::-1])
            for start in range(len(row))
            for end in range(start + self.rules.shortest_row, len(row) + 1)
        }
        return tuple(sorted(found, key=lambda run: (-len(run), run)))


def _unrepeated(text: str) -> str:
    runs = ("".join(run) for _, run in groupby(text))
    return "".join(" " if len(run) >= _REPEATED else run for run in runs)


@cache
def shipped() -> Guessable:
    """The rules of the distribution."""
    return Guessable(parse(read(TABLE), RulesForm))
