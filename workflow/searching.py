"""Searching in Chinese: what is searched of a matter, how it is cut up, and what is shown of it.

Every text is cut into pairs of neighbouring Han signs, words of other scripts and numbers are taken
whole; so both databases find it by tools of their own without a dictionary.  Texts are folded
before: width, case and what stands between words make no difference.  Traditional and simplified
signs are different ones, as typed.  Pure.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from typing import Final

from workflow.facts import ISSUE, NUMBERED
from workflow.veil import Change, mapped

SEARCHED_CHARACTERS: Final = 100_000
"""So much of a text is searched, from its beginning: one index entry has an upper size."""

LONGEST_WORD: Final = 40
"""Words beyond so many characters are told apart by their beginnings only."""

_HEADINGS: Final = ("problem", "grounds", "necessity", "feasibility", "outline")

MOST_TERMS: Final = 8
LONGEST_SEARCH: Final = 200
"""So many terms are searched for, and so many characters of what was typed."""

CONTEXT: Final = 30
"""Characters shown on either side of what was found."""

_HAN: Final = (
    r"\u3005-\u3007\u3021-\u3029\u3038-\u303b\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    r"\U00020000-\U0003ffff"
)
_RUN = re.compile(rf"[{_HAN}]+|[^ {_HAN}]+")
_BROKEN = re.compile(f"(?<=[{_HAN}])\\s+(?=[{_HAN}])")
_IS_HAN = re.compile(f"[{_HAN}]")

#: What follows the serial of a document number (its sign is written by its code point, as no words
#: in Chinese stand in code).
_SERIAL: Final = chr(0x53F7)


class Part(IntEnum):
    """What is searched of a matter; what was found in an earlier part stands before the rest.

    NUMBER: its own number, and those of its papers.  DRAFT: its newest text.
    """

    NUMBER = 1
    TITLE = 2
    REASONS = 3
    STUDY = 4
    DRAFT = 5


@dataclass(frozen=True, slots=True)
class Term:
    """What must stand together in one part: `needle`, folded.

    `whole` are the grams that the part must have, `beginnings` those with which one must begin.
    """

    needle: str
    whole: tuple[str, ...]
    beginnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Snippet:
    """Where something was found: an excerpt, and what to mark in it, from place to place."""

    part: Part
    text: str
    marks: tuple[tuple[int, int], ...]


def fold(text: str) -> str:
    """A text as it is compared: one width and case, no line breaks within Chinese.

    Whatever is neither letter nor number becomes one space.
    """
    return _folded(text)[0].strip()


def grams(folded: str) -> tuple[str, ...]:
    """What a folded text is found by, each once, in the order of the text.

    Of a run of Han signs each pair, and the last sign alone, so that every sign begins one; other
    runs whole.
    """
    return tuple(dict.fromkeys(_grams(folded)))


def _grams(folded: str) -> Iterator[str]:
    for run in _RUN.findall(folded):
        if _IS_HAN.match(run):
            yield from (run[at : at + 2] for at in range(len(run)))
        else:
            yield run[:LONGEST_WORD]


@lru_cache(maxsize=64)
def terms(typed: str) -> tuple[Term, ...]:
    """What was typed, by white space; nothing where no letter or number is in it.

    All terms must be found, each within one part.
    """
    needles = (fold(each) for each in typed[:LONGEST_SEARCH].split())
    return tuple(_term(each) for each in dict.fromkeys(needles) if each)[:MOST_TERMS]


def _term(needle: str) -> Term:
    runs = _RUN.findall(needle)
    whole: list[str] = []
    beginnings: list[str] = []
    for run in runs:
        if _IS_HAN.match(run):
            pairs = [run[at : at + 2] for at in range(len(run) - 1)]
            whole += pairs
            beginnings += [] if pairs else [run]
        elif run is runs[-1]:
            beginnings.append(run[:LONGEST_WORD])
        else:
            whole.append(run[:LONGEST_WORD])
    return Term(needle, tuple(dict.fromkeys(whole)), tuple(dict.fromkeys(beginnings)))


#: The acts that change what is searched, and what each changes; `revise_draft` tells its text
#: beside its record.
TELLING: Final[Mapping[str, tuple[Part, ...]]] = {
    "propose": (Part.NUMBER, Part.TITLE, Part.REASONS),
    "study": (Part.STUDY,),
    "revise_draft": (Part.DRAFT,),
    **dict.fromkeys((ISSUE, *NUMBERED), (Part.NUMBER,)),
}

#: An act, by its command, with what is kept of its payload.
Told = tuple[str, Mapping[str, object]]


def masked_acts(acts: Iterable[Told], mask: Change) -> tuple[Told, ...]:
    """The acts without the personal data in them: nobody finds by what nobody is shown."""
    return tuple((command, mapped(payload, mask)) for command, payload in acts)


def searchable(number: str, title: str, acts: Iterable[Told], draft: str | None) -> dict[Part, str]:
    """What is searched of a matter, as written; of the stub of a secret one nothing.

    `acts` are those that tell of it, in order, `draft` is its newest text.  Numbers that were
    voided still find it.
    """
    if not title:
        return {}
    found = {Part.NUMBER: [number], Part.TITLE: [title]}
    for act in acts:
        for part, told in _told(*act):
            if part is Part.NUMBER:
                found[part].append(told)
            else:
                found[part] = [told]
    if draft:
        found[Part.DRAFT] = [draft]
    return {
        part: text
        for part, texts in found.items()
        if (text := "\n".join(texts)[:SEARCHED_CHARACTERS])
    }


def _told(command: str, payload: Mapping[str, object]) -> Iterator[tuple[Part, str]]:
    """What an act says that is searched."""

    def said(*names: str) -> list[str]:
        return [str(payload[name]) for name in names if payload.get(name)]

    if command == "propose":
        yield Part.REASONS, "\n".join(said("reasons"))
    elif command == "study":
        yield Part.STUDY, "\n".join(said(*_HEADINGS))
    elif command in NUMBERED:
        yield Part.NUMBER, " ".join(said("number"))
    elif command == ISSUE:
        yield Part.NUMBER, " ".join(said("series", "year", "number")) + _SERIAL


def snippets(typed: str, texts: Mapping[Part, str]) -> tuple[Snippet, ...]:
    """Where each term stands first, in the earliest part that has it; one excerpt for each part."""
    found: dict[Part, list[tuple[int, int]]] = {}
    for term in terms(typed):
        for part in sorted(texts):
            place = _place(texts[part], term)
            if place is not None:
                found.setdefault(part, []).append(place)
                break
    return tuple(_excerpt(part, texts[part], found[part]) for part in sorted(found))


def _place(text: str, term: Term) -> tuple[int, int] | None:
    folded, origin = _folded(text[:SEARCHED_CHARACTERS])
    at = folded.find(term.needle)
    return None if at < 0 else (origin[at], origin[at + len(term.needle) - 1] + 1)


def _excerpt(part: Part, text: str, places: list[tuple[int, int]]) -> Snippet:
    """An excerpt around the first place; of the others those that are within it."""
    first, last = min(places)
    begin, end = max(0, first - CONTEXT), min(len(text), last + CONTEXT)
    marks = tuple(sorted((since - begin, until - begin) for since, until in places if until <= end))
    return Snippet(part, text[begin:end].replace("\n", " "), marks)


def _folded(text: str) -> tuple[str, list[int]]:
    """A folded text, and of each of its characters the place in the text where it comes from."""
    signs: list[str] = []
    origin: list[int] = []
    broken = {at for gap in _BROKEN.finditer(text) for at in range(*gap.span())}
    for at, sign in enumerate(text):
        if at in broken:
            continue
        told = sign if sign.isascii() else unicodedata.normalize("NFKC", sign)
        for each in told.casefold():
            if each.isalnum() or unicodedata.category(each)[0] == "M":
                signs.append(each)
                origin.append(at)
            elif not signs or signs[-1] != " ":
                signs.append(" ")
                origin.append(at)
    return "".join(signs), origin
