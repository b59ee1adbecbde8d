"""The lists and styles of a text document, read from the parts beside its text."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from api.files.allowance import Allowance, Spent
from api.files.numbering import Level, Listed, Numbering, Rules, Style
from api.files.xml_events import Element, elements
from api.files.zips import Archive
from workflow.errors import BadInput

_MAIN: Final = "word/document.xml"
#: So many levels, lists and styles are kept; word processors allow fewer.
_MOST_KEPT: Final = 100_000
#: How long what is written before a paragraph may be; Word allows thirty-one characters.
_LONGEST: Final = 64
_WHOLE: Final = re.compile(r"[0-9]{1,5}")
_SUFFIXES: Final = {"space": " ", "nothing": ""}
_OFF: Final = frozenset({"0", "false", "off"})
#: A format of one's own is told by its first numbers: "001, 002, ..."
_ZEROS: Final = re.compile(r"(0{1,9})[0-9]\b")


def numbering_of(archive: Archive) -> Numbering:
    """The lists of a text document.  Raises BadInput where they are broken or without end."""
    found, allowance = Numbering(), Allowance()
    parts = _related(archive)
    for kind, read in (("styles", _read_styles), ("numbering", _read_lists)):
        if (name := parts.get(kind, "")) not in archive.names:
            continue
        try:
            for count in read(elements(archive.open(name), allowance), found):
                if count > _MOST_KEPT:
                    raise BadInput("file.bomb")
        except Spent as error:
            raise BadInput("file.bomb") from error
    return found


def _related(archive: Archive) -> dict[str, str]:
    """The parts that belong to the text, by what they are to it."""
    folder, name = posixpath.split(_MAIN)
    place = f"{folder}/_rels/{name}.rels"
    found: dict[str, str] = {}
    if place not in archive.names:
        return found
    for path, told in elements(archive.open(place), Allowance()):
        if path[-1] == "Relationship" and told.get("TargetMode") != "External":
            kind = told.get("Type", "").rpartition("/")[2]
            target = posixpath.join("/", folder, told.get("Target", ""))
            if kind in ("styles", "numbering"):
                found.setdefault(kind, posixpath.normpath(target).lstrip("/"))
    return found


def _read_styles(passing: Iterator[Element], found: Numbering) -> Iterator[int]:
    own = Style()
    for path, told in passing:
        value = told.get("val", "")
        match path:
            case ("styles", "style"):
                own = found.styles[told.get("styleId", "")] = Style()
                if told.get("type") == "paragraph" and _is_on(told.get("default", "0")):
                    found.default = told.get("styleId", "")
                yield len(found.styles)
            case ("styles", "style", "basedOn"):
                own.based = value
            case ("styles", "style", "pPr", "numPr", "numId"):
                own.number = value
            case ("styles", "style", "pPr", "numPr", "ilvl"):
                own.level = whole(value)
            case _:
                pass


def _read_lists(passing: Iterator[Element], found: Numbering) -> Iterator[int]:
    """How many levels and lists were read, after each."""
    rules, own, count = Rules(), Listed(), 0
    levels, place = rules.levels, 0
    for path, told in passing:
        value = told.get("val", "")
        match path:
            case ("numbering", "abstractNum"):
                rules = found.rules[told.get("abstractNumId", "")] = Rules()
                levels, count = rules.levels, count + 1
            case ("numbering", "num"):
                own = found.lists[told.get("numId", "")] = Listed()
                levels, count = own.levels, count + 1
            case ("numbering", "abstractNum", "numStyleLink"):
                rules.link = value
            case ("numbering", "num", "abstractNumId"):
                own.rules = value
            case ("numbering", "num", "lvlOverride"):
                place = whole(told.get("ilvl", "")) or 0
            case ("numbering", "num", "lvlOverride", "startOverride"):
                own.starts[place] = whole(value) or 0
            case (*_, "lvl") if path[-2] in ("abstractNum", "lvlOverride"):
                place, count = whole(told.get("ilvl", "")) or 0, count + 1
                levels[place] = Level()
            case _ if "lvl" in path[:-1] and place in levels:
                levels[place] = _with(levels[place], path[path.index("lvl") + 1 :], told)
        yield count


def _with(level: Level, path: tuple[str, ...], told: dict[str, str]) -> Level:
    """A level with what one more element within it says."""
    value, found = told.get("val", ""), level
    match path:
        case ("start",):
            found = replace(level, start=whole(value) or 0)
        case ("numFmt",) | ("AlternateContent", "Choice", "numFmt"):
            zeros = _ZEROS.match(told.get("format", "")) if value == "custom" else None
            found = replace(level, form=value, least=1 if zeros is None else 1 + len(zeros[1]))
        case ("lvlText",):
            found = replace(level, text=value)
        case ("suff",):
            found = replace(level, suffix=_SUFFIXES.get(value, "\t"))
        case ("lvlRestart",):
            found = replace(level, restart=whole(value))
        case ("isLgl",):
            found = replace(level, legal=_is_on(value))
        case ("pStyle",):
            found = replace(level, style=value)
        case ("rPr", "vanish"):
            found = replace(level, hidden=_is_on(value))
        case _:
            pass
    if len(found.text) > _LONGEST:
        raise BadInput("file.bomb")
    return found


def _is_on(value: str) -> bool:
    return value not in _OFF


def whole(value: str) -> int | None:
    """A number as word processors write them, None where it is none."""
    return int(value) if _WHOLE.fullmatch(value) else None
