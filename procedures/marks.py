"""Classification marks (密级标志) in names and texts.  Pure.

A mark is a word of `marks.yaml` together with what makes it one: a star, a period, a label before
it, brackets around it, or a line (of a name: a part) to itself.  The words alone are ordinary ones
and count for nothing.  It is looked for as people see it: full-width and half-width are one, so are
all kinds of stars, and blanks between characters are none.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final, Literal

from procedures.schema import Citations, InstrumentForm, Strict
from procedures.source import parse, read
from workflow.files import Mark
from workflow.texts import HIDDEN, Name

SHIPPED: Final = Path(__file__).with_name("marks.yaml")

_STAR: Final = "\u2605"
#: A suffix of a name, which is no part of what it says.
_SUFFIX: Final = re.compile(r"\.[A-Za-z0-9]{1,10}\Z")
#: Between characters of a mark people leave room; a line's end is none.
_BLANKS: Final = re.compile(r"[^\S\n]+")
_HAN: Final = r"\u3400-\u9fff"
_OPENED, _CLOSED = (
    r"[(\[{<\u3008\u300a\u300c\u300e\u3010\u3014\u3016]",
    (r"[)\]}>\u3009\u300b\u300d\u300f\u3011\u3015\u3017]"),
)


class LevelForm(Strict):
    """A level, the words for it, what becomes of what bears it, and the law that says so."""

    id: Name
    words: tuple[str, ...]
    answer: Literal["quarantine", "advise"]
    cite: Citations


class MarksForm(Strict):
    """The file of marks."""

    marks: Name
    version: date
    instruments: Mapping[Name, InstrumentForm]
    levels: tuple[LevelForm, ...]
    signs: str
    labels: tuple[str, ...]
    periods: tuple[str, ...]
    period_units: tuple[str, ...]
    name_ends: tuple[str, ...]


class Marks:
    """Finds marks; the patterns are made once."""

    def __init__(self, form: MarksForm) -> None:
        self._signs = str.maketrans(dict.fromkeys(form.signs, _STAR))
        self._levels = [
            (Mark(each.id, each.answer == "quarantine"), each.words) for each in form.levels
        ]
        words = "|".join(_any(each) for _, each in self._levels)
        units = _any(form.period_units)
        period = rf"(?:{_any(form.periods)}|[0-9]{{1,3}}{units})"
        label = _any(sorted(form.labels, key=len, reverse=True))
        tail = rf"(?:{_STAR}?{period}?)"
        self._prefilter = re.compile(words)
        self._signs_of = [set(word) for _, own in self._levels for word in own]
        self._text = re.compile(
            rf"(?P<star>{words}){_STAR}"
            rf"|{label}[:\uff1a]?\n?(?P<label>{words}){tail}(?![{_HAN}])"
            rf"|(?<![^\n]){_OPENED}?(?P<line>{words}){_CLOSED}?{tail}{_CLOSED}?(?![^\n])"
            rf"|(?<![{_HAN}])(?P<period>{words}){period}(?![{_HAN}])"
        )
        ends = _any(form.name_ends)
        self._name = re.compile(
            rf"(?P<star>{words}){_STAR}"
            rf"|(?<![{_HAN}])(?P<part>{words})(?:{ends})?{tail}(?![{_HAN}])"
        )

    def in_text(self, pieces: Iterable[str]) -> tuple[Mark, ...]:
        """The marks in a text, each once, the gravest first."""
        found: set[str] = set()
        for piece in pieces:
            # Folding is dear, and no fold makes one of these signs out of another.
            if not any(all(sign in piece for sign in each) for each in self._signs_of):
                continue
            if self._prefilter.search(seen := self._as_seen(piece)):
                found |= {_word(each) for each in self._text.finditer(seen)}
        return self._of(found)

    def in_name(self, name: str) -> tuple[Mark, ...]:
        """The marks in the name of a file."""
        parts = re.sub(r"[\s_]+", ";", _SUFFIX.sub("", name))
        seen = (self._as_seen(name_) for name_ in (_SUFFIX.sub("", name), parts))
        return self._of({_word(each) for one in seen for each in self._name.finditer(one)})

    def _of(self, words: set[str]) -> tuple[Mark, ...]:
        return tuple(mark for mark, own in self._levels if not words.isdisjoint(own))

    def _as_seen(self, text: str) -> str:
        signed = HIDDEN.sub("", text).translate(self._signs)
        folded = unicodedata.normalize("NFKC", signed).replace("\r\n", "\n").replace("\r", "\n")
        return _BLANKS.sub("", folded).replace("\u2028", "\n").replace("\x0c", "\n")


def _any(words: Iterable[str]) -> str:
    return "(?:" + "|".join(re.escape(each) for each in words) + ")"


def _word(found: re.Match[str]) -> str:
    return next(each for each in found.groupdict().values() if each is not None)


@cache
def shipped_marks() -> Marks:
    """The marks of the shipped file.  Raises SourceError where it is broken."""
    return Marks(parse(read(SHIPPED), MarksForm))
