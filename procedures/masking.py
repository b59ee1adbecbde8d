"""Personal data in what somebody wrote, taken out before it is published.

Pure.  What has a form of its own is found: e-mail addresses, telephone numbers, identity-card,
bank-card and passport numbers, accounts of messengers, licence plates, and names that a label or a
form of address gives away; the words for these stand in `personal_data.yaml`.  A name in plain
prose has no form; it stays, and whoever looks the table over before it is published takes it out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict

from procedures.source import parse, read

MASK: Final = "***"
WORDS: Final = Path(__file__).with_name("personal_data.yaml")

# What is bounded by nothing is taken whole (possessive) and begins only where its stretch begins,
# or a long paper would take a square of time.
_AT: Final = r"(?:@|[ ]{0,2}[\[({]at[\])}][ ]{0,2})"
_DOT: Final = r"(?:\.|[ ]{0,2}[\[({]dot[\])}][ ]{0,2})"
_MAIL: Final = (
    r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]++"
    rf"{_AT}[A-Za-z0-9-]{{1,63}}(?:{_DOT}[A-Za-z0-9-]{{1,63}}){{1,8}}"
)
_BETWEEN: Final = r"[ .\-_/()]{0,2}"
# Any stretch of 15 digits or more: old and new identity cards (the last may be X), bank cards, and
# several numbers written together.
_CARD: Final = r"(?<!\d)\d{6}(?:[ -]?\d){9,}+[Xx]?"
# As a bank card shows its number; days that follow each other are not grouped like that.
_BANK_CARD: Final = r"(?<!\d)\d{4}(?:[ -]{1,2}\d{4}){3}(?:[ -]{1,2}\d{1,4})?(?!\d)"
_MOBILE: Final = rf"(?<!\d)(?:\+?86{_BETWEEN})?1{_BETWEEN}[3-9](?:{_BETWEEN}\d){{9}}(?!\d)"
_FIXED: Final = rf"(?<!\d)\(?0\d{{2,3}}{_BETWEEN}\d{{3,4}}{_BETWEEN}\d{{4}}(?!\d)"
_ABROAD: Final = rf"(?<!\d)\+?86{_BETWEEN}\d{{2,3}}{_BETWEEN}\d{{3,4}}{_BETWEEN}\d{{4}}(?!\d)"
_PASSPORT: Final = r"(?<![A-Za-z0-9])[DEGPSdegps][A-Za-z]?\d{7,8}(?!\d)"
#: Texts no longer than this are kept with what came of them.
_KEPT_LENGTH: Final = 1000
_HAN: Final = r"[\u3400-\u4dbf\u4e00-\u9fff]"
#: How far before and behind seven or eight digits a word may stand that tells what they are.
_NEAR: Final = 16
#: Seven or eight digits on their own; no local number begins with 0, 1 or 9.
_LOCAL: Final = re.compile(r"(?<![\d.,A-Za-z-])[2-8]\d{6,7}(?![\dA-Za-z-]|[.,]\d)")
#: A day of the years 2000 to 2099 written without anything between.
_DAY: Final = re.compile(r"20\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")

#: Full-width forms and the dashes and spaces that are typed for others, each for one character.
_HALF_WIDTH: Final = {
    **{0xFF01 + place: 0x21 + place for place in range(94)},
    **dict.fromkeys((0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2212), 0x2D),
    **dict.fromkeys((0xA0, 0x2002, 0x2003, 0x2009, 0x3000), 0x20),
}


class Words(BaseModel):
    """The words of `personal_data.yaml`."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    accounts: tuple[str, ...]
    account_ends: tuple[str, ...]
    telephones: tuple[str, ...]
    name_labels: tuple[str, ...]
    name_openings: tuple[str, ...]
    bare_labels: tuple[str, ...]
    name_ends: tuple[str, ...]
    titles: tuple[str, ...]
    somebody: tuple[str, ...]
    titles_before: tuple[str, ...]
    surnames: str
    no_surnames: tuple[str, ...]
    plates: str
    plate_ends: str
    not_after: tuple[str, ...]
    not_before: tuple[str, ...]


def masked(text: str) -> str:
    """The text with every piece of personal data that has a form of its own replaced by a mask.

    All else stays to the letter.  What came of texts of an ordinary length is kept: what is on
    record is read again and again.
    """
    return _masked_once(text) if len(text) <= _KEPT_LENGTH else _masked(text)


def _masked(text: str) -> str:
    read_as = text.translate(_HALF_WIDTH)
    kept, place = [], 0
    for start, end in _together(_found(read_as)):
        kept += [text[place:start], MASK]
        place = end
    return "".join((*kept, text[place:]))


_masked_once: Final = lru_cache(maxsize=4096)(_masked)


def _found(text: str) -> Iterator[tuple[int, int]]:
    """Where personal data stands; of what a label gives away only what follows the label."""
    for pattern in _patterns():
        for found in pattern.finditer(text):
            yield found.span(pattern.groups)
    for found in _LOCAL.finditer(text):
        if _telephone(text, *found.span()):
            yield found.span()


def _together(spans: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The spans in their order, those that overlap as one."""
    start = end = 0
    for next_start, next_end in sorted(spans):
        if next_start >= end:
            if end:
                yield start, end
            start, end = next_start, next_end
        end = max(end, next_end)
    if end:
        yield start, end


def _telephone(text: str, start: int, end: int) -> bool:
    """Whether seven or eight digits are no day, sum or number of a paper."""
    words = _words()
    before = text[max(0, start - _NEAR) : start].rstrip(" :(")
    after = text[end : end + _NEAR].lstrip(" ")
    return not (
        _DAY.fullmatch(text, start, end)
        or before.endswith(words.not_after)
        or after.startswith(words.not_before)
    )


@cache
def _words() -> Words:
    return parse(read(WORDS), Words)


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    """What is looked for; the last group of a pattern, or all of it, is what is personal."""
    words = _words()
    is_, colon = r" *+(?:[:=]|\u662f|\u4e3a)?+ *+", r" *+: *+"
    dotted = rf"{_HAN}{{1,12}}(?:[\u00b7\u2022\u30fb]{_HAN}{{1,12}}){{1,3}}"
    # A blank within a name leaves one sign behind it, or two behind a family name of one.
    parted = rf"{_HAN}{{1,2}} {{1,2}}{_HAN}(?!{_HAN})|{_HAN} {{1,2}}{_HAN}{{2}}(?!{_HAN})"
    han_name = rf"(?:{dotted}|{parted}|{_HAN}{{2,4}})"
    name = rf"({han_name}|[A-Za-z]{{2,20}}(?:[ .'-]{{1,2}}[A-Za-z]{{2,20}}){{0,2}})"
    family = f"(?!{'|'.join(_inside(words.no_surnames))})[{''.join(words.surnames.split())}]"
    plate = rf"[{words.plates}] {{0,2}}[A-HJ-NP-Z][ \u00b7.-]?(?=[A-Z]{{0,4}}\d)"
    account = r"(\d(?:[ -]?\d){4,19}(?![-_A-Z0-9])|[A-Z0-9][-_A-Z0-9]{4,19})"
    ends = rf"(?=$|(?!{_HAN}).|{_any(words.name_ends)})"
    return tuple(
        re.compile(pattern, re.IGNORECASE)
        for pattern in (
            f"{_MAIL}|{_CARD}|{_BANK_CARD}|{_MOBILE}|{_FIXED}|{_ABROAD}|{_PASSPORT}",
            rf"(?:{_any(words.accounts)})(?:{_any(words.account_ends)})?{is_}{account}",
            rf"(?:{_any(words.telephones)}){is_}(\d{{3,4}}[ -]?\d{{3,4}}(?:[ -]\d{{1,4}})?)(?!\d)",
            rf"(?:{_any(words.name_labels)}){colon}{name}",
            rf"(?:{_any(words.name_openings)}) *+({han_name})",
            rf"(?:{_any(words.bare_labels)})({family}{_HAN}{{1,2}}?){ends}",
            rf"{family}{_HAN}{{0,2}}?(?:{_any(words.titles)})",
            rf"{family}(?:{_any(words.somebody)})",
            rf"\b(?:{_any(words.titles_before)})\b\.? ++[A-Z][a-z'-]+",
            rf"{plate}(?:[A-HJ-NP-Z0-9]{{4}}[{words.plate_ends}]|[A-HJ-NP-Z0-9]{{5,6}})(?![A-Z0-9])",
        )
    )


def _inside(words: Iterable[str]) -> Iterator[str]:
    """Each word as it may begin at a place, or as one of its later signs may stand there."""
    for word in words:
        for place in range(len(word)):
            before, behind = re.escape(word[:place]), re.escape(word[place:])
            yield f"(?<={before}){behind}" if before else behind


def _any(words: Iterable[str]) -> str:
    """One of the words, the longest first; Latin ones are no part of a longer word."""
    return "|".join(
        rf"(?<![A-Za-z]){re.escape(word)}" if word.isascii() else re.escape(word)
        for word in sorted(words, key=len, reverse=True)
    )
