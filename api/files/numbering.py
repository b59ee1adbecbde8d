"""The lists of a text document: which paragraphs are counted, from where, and how it is written.

An office program counts 第一条 or (1) when it shows the document; the file holds rules only
(ECMA-376 part 1, 17.9).  Lists have nine levels.  A list in use (`num`) points to its rules
(`abstractNum`), which those that share them count together; it may start anew.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from api.files.numerals import numeral

LEVELS: Final = 9
_NO_LIST: Final = "0"
_LONGEST_CHAIN: Final = 100
_PLACE: Final = re.compile(r"%([1-9])")
#: Signs of fonts that only hold pictures.
_PRIVATE: Final = re.compile(r"[\ue000-\uf8ff]")
_BULLET: Final = "\u2022"


@dataclass(frozen=True, slots=True)
class Level:
    """How one level of a list is counted and written.

    `form` is a format of OOXML; `restart`: it starts anew behind a level before that one, never
    where it is 0.  `least`: so many digits at least, of a format of its own.
    """

    start: int = 0
    form: str = "decimal"
    text: str = ""
    suffix: str = "\t"
    restart: int | None = None
    legal: bool = False
    style: str = ""
    hidden: bool = False
    least: int = 1


_PLAIN: Final = Level()


@dataclass(slots=True)
class Rules:
    """An `abstractNum`: its levels, and the style that stands for rules elsewhere."""

    levels: dict[int, Level] = field(default_factory=dict)
    link: str = ""


@dataclass(slots=True)
class Listed:
    """A `num`: whose rules it follows, and in what it departs from them."""

    rules: str = ""
    levels: dict[int, Level] = field(default_factory=dict)
    starts: dict[int, int] = field(default_factory=dict)


@dataclass(slots=True)
class Style:
    """What a style says of the list and the level of its paragraphs, None where nothing."""

    based: str = ""
    number: str | None = None
    level: int | None = None


@dataclass(slots=True)
class Numbering:
    """The lists and the styles of a document."""

    rules: dict[str, Rules] = field(default_factory=dict)
    lists: dict[str, Listed] = field(default_factory=dict)
    styles: dict[str, Style] = field(default_factory=dict)
    default: str = ""

    def styled(self, style: str) -> tuple[str, int | None, str]:
        """The list of a paragraph of this style, its level, and the style that says so."""
        number, level, said, seen = None, None, "", 0
        while (own := self.styles.get(style)) is not None and seen < _LONGEST_CHAIN:
            if number is None and own.number is not None:
                number, said = own.number, style
            level = own.level if level is None else level
            style, seen = own.based, seen + 1
        return number or _NO_LIST, level, said

    def ruling(self, number: str) -> tuple[str, dict[int, Level]]:
        """The rules that a list follows, by their id, and its levels as they are in it."""
        own = self.lists[number]
        name = own.rules
        rules = self.rules.get(name, Rules())
        if not rules.levels and rules.link:
            # Rules that stand with a style of lists.
            linked = self.lists.get(self.styled(rules.link)[0], own)
            name = linked.rules
            rules = self.rules.get(name, rules)
        return name, rules.levels | own.levels


class Counting:
    """Counts the paragraphs of one part of a document, from its beginning on."""

    def __init__(self, numbering: Numbering) -> None:
        self._numbering = numbering
        self._styled: dict[str, tuple[str, int | None, str]] = {}
        self._ruling: dict[str, tuple[str, dict[int, Level]]] = {}
        self._counts: dict[str, dict[int, int]] = {}
        self._begun: set[tuple[str, int]] = set()

    def next(self, style: str, number: str | None, level: int | None) -> str:
        """What stands before a paragraph of this style, list and level; nothing where none does."""
        numbering, style = self._numbering, style or self._numbering.default
        if style not in self._styled:
            self._styled[style] = numbering.styled(style)
        named, styled, said = self._styled[style]
        number = named if number is None else number
        if number == _NO_LIST or number not in numbering.lists:
            return ""
        if number not in self._ruling:
            self._ruling[number] = numbering.ruling(number)
        rules, levels = self._ruling[number]
        if level is None:
            linked = (place for place, each in levels.items() if said and each.style == said)
            level = styled if styled is not None else next(linked, 0)
        if level not in levels:
            return ""
        counts = self._counts.setdefault(rules, {})
        self._count(number, level, levels, counts)
        return _written(level, levels, counts)

    def _count(
        self, number: str, level: int, levels: dict[int, Level], counts: dict[int, int]
    ) -> None:
        begins = self._numbering.lists[number].starts.get(level)
        if begins is not None and (number, level) not in self._begun:
            counts[level] = begins
        elif level in counts:
            counts[level] += 1
        else:
            counts[level] = levels[level].start
        self._begun.add((number, level))
        for deeper in range(level + 1, LEVELS):
            restart = levels.get(deeper, _PLAIN).restart
            if restart is None or restart > level:
                counts.pop(deeper, None)


def _written(level: int, levels: dict[int, Level], counts: dict[int, int]) -> str:
    own = levels[level]
    if own.hidden:
        return ""

    def counted(found: re.Match[str]) -> str:
        place = int(found[1]) - 1
        rule = levels.get(place)
        if rule is None or place > level:
            return ""
        form = "decimal" if own.legal and rule.form != "none" else rule.form
        told = numeral(counts.get(place, rule.start), form)
        return told.zfill(rule.least) if told else told

    bullet = own.form == "bullet"
    text = _PRIVATE.sub(_BULLET, own.text) if bullet else _PLACE.sub(counted, own.text)
    return text + own.suffix if text else ""
