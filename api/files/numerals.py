"""How a word processor writes the numbers that it counts: one, 1, A, or as they are in China."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final

_TABLES: Final[Mapping[str, Mapping[str, str]]] = tomllib.loads(
    Path(__file__).with_name("numerals.toml").read_text("utf-8")
)
_TEN: Final = 10
_HUNDRED: Final = 100
_MOST_COUNTED: Final = 9999
_LETTERS: Final = 26
#: Letters are repeated after z; beyond so many times nobody reads them.
_MOST_LETTERS: Final = 30 * _LETTERS
_MOST_ROMAN: Final = 3999
_ROMAN: Final = (
    (1000, "m"),
    (900, "cm"),
    (500, "d"),
    (400, "cd"),
    (100, "c"),
    (90, "xc"),
    (50, "l"),
    (40, "xl"),
    (10, "x"),
    (9, "ix"),
    (5, "v"),
    (4, "iv"),
    (1, "i"),
)


def numeral(value: int, form: str) -> str:
    """A number that is not negative in one of the formats of OOXML (ECMA-376 17.18.59).

    Nothing for `none`, plain digits where the format is not known or does not reach that far.
    """
    if form == "none":
        return ""
    written = _FORMS.get(form, str)(value)
    return written or str(value)


def _digits(value: int, signs: str) -> str:
    return "".join(signs[int(each)] for each in str(value))


def _tens(value: int, signs: str) -> str:
    return _counted(value, signs) if value < _HUNDRED else _digits(value, signs)


def _counted(value: int, signs: str, *, head: bool = False) -> str:
    """With a place behind each digit, and one zero for those left out: 1001 is 一千零一.

    A one before ten is written at the head only where `head` says so: 十一, but 一百一十一.
    """
    if not 0 < value <= _MOST_COUNTED:
        return "" if value else signs[0]
    words, gap = "", False
    for place, figure in _placed(value):
        if figure == "0":
            gap = True
            continue
        silent = not (head or words) and place == 1 and figure == "1"
        words += signs[0] * gap + signs[int(figure)] * (not silent) + _place(place, signs)
        gap = False
    return words


def _bare(value: int, signs: str) -> str:
    if not 0 < value <= _MOST_COUNTED:
        return "" if value else signs[0]
    return "".join(
        signs[int(figure)] * (figure != "1" or place == 0) + _place(place, signs)
        for place, figure in _placed(value)
        if figure != "0"
    )


def _placed(value: int) -> Iterator[tuple[int, str]]:
    """The digits, each with its place: that of ones is 0."""
    figures = str(value)
    return zip(range(len(figures) - 1, -1, -1), figures, strict=True)


def _place(place: int, signs: str) -> str:
    return signs[_TEN - 1 + place] if place else ""


def _cycle(value: int, signs: str) -> str:
    return signs[(value - 1) % len(signs)] if value else ""


def _sign(value: int, signs: str) -> str:
    return signs[value - 1] if 0 < value <= len(signs) else ""


def _letters(value: int) -> str:
    if not 0 < value <= _MOST_LETTERS:
        return ""
    times, place = divmod(value - 1, _LETTERS)
    return chr(ord("a") + place) * (times + 1)


def _roman(value: int) -> str:
    if not 0 < value <= _MOST_ROMAN:
        return ""
    words = ""
    for worth, sign in _ROMAN:
        times, value = divmod(value, worth)
        words += sign * times
    return words


def _of(table: str, write: Callable[[int, str], str]) -> dict[str, Callable[[int], str]]:
    return {
        form: lambda value, signs=signs: write(value, signs)  # type: ignore[misc]
        for form, signs in _TABLES[table].items()
    }


_FORMS: Final[Mapping[str, Callable[[int], str]]] = {
    "decimalZero": lambda value: f"{value:02d}",
    "lowerLetter": _letters,
    "lowerRoman": _roman,
    "numberInDash": lambda value: f"- {value} -",
    "upperLetter": lambda value: _letters(value).upper(),
    "upperRoman": lambda value: _roman(value).upper(),
    **_of("digits", _digits),
    **_of("tens", _tens),
    **_of("places", _counted),
    **_of("sums", lambda value, signs: _counted(value, signs, head=True)),
    **_of("bare", _bare),
    **_of("cycles", _cycle),
    **_of("signs", _sign),
}
