"""Classification marks (密级标志) in names and texts.  Pure.

A mark is a word of `marks.yaml` together with what makes it one: a star, a tick, a period, a label
before it, brackets around it, or a line (of a name: a part) to itself.  The words alone are
ordinary ones and count for nothing.  It is looked for as people see it: full-width and half-width
are one, so are all kinds of stars, blanks between characters are none, and with a star it may stand
upright.
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
from workflow.definition import Citation, Text
from workflow.files import Mark
from workflow.texts import HIDDEN, Name

SHIPPED: Final = Path(__file__).with_name("marks.yaml")

_STAR, _TICK = "\u2605", "\u2713"
#: A suffix of a name, which is no part of what it says.
_SUFFIX: Final = re.compile(r"\.[A-Za-z0-9]{1,10}\Z")
#: Between characters of a mark people leave room; a line's end is none.
_BLANKS: Final = re.compile(r"[^\S\n]+")
_LINE_ENDS: Final = (0x0C, 0x0D, 0x85, 0x2028, 0x2029)
#: Of how many characters it is remembered what is seen of them.
_MOST_KNOWN: Final = 70_000
#: What may stand between a level and its period; full-width ones are folded by then.
_BETWEEN: Final = r"[(\[:,.\u00b7\u2022\u2014-]"
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
    confirmed: Citations
    signs: str
    ticks: str
    grades: tuple[str, ...]
    labels: tuple[str, ...]
    numerals: str
    periods: tuple[str, ...]
    period_units: tuple[str, ...]
    name_ends: tuple[str, ...]


class Marks:
    """Finds marks; the patterns are made once.

    `confirmed` are the provisions under which a confirmed one is dealt with, `titles` the names of
    the instruments.
    """

    def __init__(self, form: MarksForm) -> None:
        self.confirmed: tuple[Citation, ...] = form.confirmed
        self.titles: Mapping[str, Text] = {
            name: Text(each.title.zh, each.title.en) for name, each in form.instruments.items()
        }
        self._seen = _Seen({**dict.fromkeys(form.signs, _STAR), **dict.fromkeys(form.ticks, _TICK)})
        self._levels = [
            (Mark(each.id, each.answer == "quarantine"), each.words) for each in form.levels
        ]
        words = "|".join(_any(each) for _, each in self._levels)
        units = _any(form.period_units)
        number = rf"[{re.escape(form.numerals)}]{{1,4}}"
        period = rf"{_BETWEEN}?(?:{_any(form.periods)}|{number}{units}){_CLOSED}?"
        grade = f"{_any(form.grades)}?"
        label = _any(sorted(form.labels, key=len, reverse=True))
        tail = rf"(?:{grade}{_STAR}?(?:{period})?)"
        upright = "|".join(r"\n?".join(each) for _, own in self._levels for each in own)
        self._signs_of = [set(word) for _, own in self._levels for word in own]
        self._text = re.compile(
            rf"(?P<star>{upright})\n?{grade}\n?{_STAR}"
            rf"|{_STAR}(?P<led>{words}){tail}(?![{_HAN}])"
            rf"|{_TICK}(?P<ticked>{words}){grade}(?![{_HAN}])"
            rf"|{label}[:|]*\n?(?P<label>{words}){tail}(?![{_HAN}])"
            rf"|(?<![^\n]){_OPENED}?(?P<line>{words}){_CLOSED}?{tail}{_CLOSED}?(?![^\n])"
            rf"|(?<![{_HAN}])(?P<period>{words}){grade}{period}(?![{_HAN}])"
        )
        ends = _any(form.name_ends)
        self._name = re.compile(
            rf"(?P<star>{words}){grade}{_STAR}"
            rf"|(?<![{_HAN}])(?P<part>{words})(?:{ends})?{tail}(?![{_HAN}])"
        )

    def in_text(self, pieces: Iterable[str]) -> tuple[Mark, ...]:
        """The marks in a text, each once, the gravest first."""
        found: set[str] = set()
        for piece in pieces:
            # Folding is dear, and no fold makes one of these signs out of another.
            if not any(all(sign in piece for sign in each) for each in self._signs_of):
                continue
            found |= {_word(each) for each in self._text.finditer(self._as_seen(piece))}
        return self._of(found)

    def in_name(self, name: str) -> tuple[Mark, ...]:
        """The marks in the name of a file."""
        parts = re.sub(r"[\s_]+", ";", _SUFFIX.sub("", name))
        seen = (self._as_seen(name_) for name_ in (_SUFFIX.sub("", name), parts))
        return self._of({_word(each) for one in seen for each in self._name.finditer(one)})

    def _of(self, words: set[str]) -> tuple[Mark, ...]:
        return tuple(mark for mark, own in self._levels if not words.isdisjoint(own))

    def _as_seen(self, text: str) -> str:
        folded = HIDDEN.sub("", text).replace("\r\n", "\n").translate(self._seen)
        return _BLANKS.sub("", folded)


class _Seen(dict[int, str]):
    """What is seen of each character, found when it is first met.

    One by one: sorting the accents of a whole text, as `normalize` does, takes the square of them.
    """

    def __init__(self, signs: Mapping[str, str]) -> None:
        super().__init__({ord(sign): seen for sign, seen in signs.items()})
        self.update(dict.fromkeys(_LINE_ENDS, "\n"))

    def __missing__(self, sign: int) -> str:
        plain = chr(sign)
        folded = "" if unicodedata.combining(plain) else unicodedata.normalize("NFKC", plain)
        if len(self) < _MOST_KNOWN:
            self[sign] = folded
        return folded


def _any(words: Iterable[str]) -> str:
    return "(?:" + "|".join(re.escape(each) for each in words) + ")"


def _word(found: re.Match[str]) -> str:
    told = next(each for each in found.groupdict().values() if each is not None)
    return told.replace("\n", "")


@cache
def shipped_marks() -> Marks:
    """The marks of the shipped file.  Raises SourceError where it is broken."""
    return Marks(parse(read(SHIPPED), MarksForm))
