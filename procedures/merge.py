"""How a profile is laid over its base, and where each part of the outcome was written.

Nothing is judged here: a part of the wrong form replaces what it would have been merged into, and
is refused when the outcome is judged.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Final, Protocol, cast

from procedures.problems import Problem
from procedures.source import Document
from workflow.explaining.paths import Path, child, holds, key_of, known_prefix
from workflow.explaining.quoting import shown

#: What a profile may not change without saying by which provision.
_NUMBERS: Final = frozenset({"value", "share", "also"})
_PROVISIONS: Final = frozenset({"cite", "special_law"})


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a part was written; parts of it that were written elsewhere stand in `below`."""

    document: Document
    at: Path = ()
    below: Mapping[str | int, Origin] = field(default_factory=dict)

    def child(self, part: str | int) -> Origin:
        """Where the value of a key or an item of a list was written."""
        return self.below.get(part) or Origin(self.document, (*self.at, part))


@dataclass(frozen=True, slots=True)
class Piece:
    """Plain data and where they were written; `origin` None for what came from no file."""

    data: object
    origin: Origin | None
    name: str = ""

    def problem(self, path: Path, code: str, **params: object) -> Problem:
        """Say that something is wrong at `path`, which may name a key that is missing there."""
        path = _written(self.data, path)
        if self.origin is None:
            return Problem(self.name, 0, 0, key_of(path), code, params)
        known = known_prefix(self.data, path)
        origin = self.origin
        for part in known:
            origin = origin.child(part)
        return origin.document.problem((*origin.at, *path[len(known) :]), code, **params)


def whole(document: Document) -> Piece:
    """A file as it stands."""
    return Piece(document.data, Origin(document), document.name)


def overlay(base: Piece, profile: Piece) -> Piece:
    """The base with everything that the profile says in its place."""
    merged = _DEFINITION.merge(Side(base), Side(profile))
    return Piece(merged.data, merged.origin, profile.name)


def duplicates(document: Document) -> Iterator[Problem]:
    """Everything that one file says twice where it must say it once."""
    for name, way in _DEFINITION.ways.items():
        listed = document.data.get(name) if isinstance(document.data, dict) else None
        if isinstance(way, _Keyed) and isinstance(listed, list):
            seen: set[tuple[str, ...]] = set()
            for place, item in enumerate(listed):
                key = way.key(item)
                if key is not None and key in seen:
                    where: Path = (name, place, way.keys[0])
                    yield document.problem(where, "definition.twice", name=shown(" ".join(key)))
                seen.update((key,) if key is not None else ())


def strangers(base: Piece, profile: Piece) -> Iterator[Problem]:
    """Steps that a profile seems to change, but that its base does not have.

    A step of its own says of what kind it is.
    """
    known = [name for name, _ in _items(base.data, "steps")]
    for name, (place, item) in _items(profile.data, "steps"):
        if name not in known and "kind" not in item:
            near = get_close_matches(name, known, n=3) or known
            at: Path = ("steps", place, "id")
            yield profile.problem(at, "definition.unknown_own_step", name=shown(name), known=near)


def uncited(profile: Piece) -> Iterator[Problem]:
    """Rules of a profile with a number of their own that lean on the provision of the base."""
    data = cast("dict[str, object]", profile.data) if isinstance(profile.data, dict) else {}
    places: list[tuple[Path, object]] = [(("rules",), data.get("rules"))]
    places += [
        (("steps", place, "rules"), item.get("rules"))
        for _, (place, item) in _items(profile.data, "steps")
        if "kind" not in item
    ]
    for path, rules in places:
        for name, rule in rules.items() if isinstance(rules, dict) else ():
            if isinstance(rule, dict) and rule.keys() & _NUMBERS and not rule.keys() & _PROVISIONS:
                at = (*path, name)
                yield profile.problem(at, "definition.number_uncited", name=shown(name))


def _items(data: object, name: str) -> Iterator[tuple[str, tuple[int, dict[str, object]]]]:
    """The items of a list that have an id, by it, each with its place."""
    listed = data.get(name) if isinstance(data, dict) else None
    for place, item in enumerate(listed if isinstance(listed, list) else ()):
        if isinstance(item, dict) and isinstance(item.get("id"), str):
            yield item["id"], (place, item)


def _written(data: object, path: Path) -> Path:
    """The path without the place in a list of one that was not written as a list."""
    for place, part in enumerate(path):
        if not holds(data, part):
            return path[:place] if isinstance(part, int) else path
        data = child(data, part)
    return path


# --- the ways of merging --------------------------------------------------------------------------


class Side:
    """Data on one side of a merge, with the origin of each part; they come from files."""

    __slots__ = ("data", "origin")

    def __init__(self, piece: Piece) -> None:
        self.data = piece.data
        self.origin = cast("Origin", piece.origin)

    def child(self, part: str | int) -> Side:
        """The value of a key, or an item of a list."""
        data = cast("dict[str | int, object]", self.data)[part]
        return Side(Piece(data, self.origin.child(part)))

    def made(self, part: str, *, value: object) -> Side:
        """A value that nobody wrote, in the place of a key."""
        return Side(Piece(value, self.origin.child(part)))

    def items(self) -> list[Side]:
        """The items of a list."""
        return [self.child(place) for place in range(len(cast("list[object]", self.data)))]


class _Way(Protocol):
    def merge(self, base: Side, over: Side) -> Side: ...


class _Replace:
    """What the profile says stands for what the base said."""

    def merge(self, base: Side, over: Side) -> Side:  # noqa: ARG002 - as the others
        return over


_REPLACE: Final = _Replace()


class _Fields:
    """Mappings merged field by field, each in its way."""

    def __init__(self, rest: _Way = _REPLACE, **ways: _Way) -> None:
        self.ways = ways
        self._rest = rest

    def merge(self, base: Side, over: Side) -> Side:
        if not (isinstance(base.data, dict) and isinstance(over.data, dict)):
            return over
        found: dict[str | int, Side] = {name: base.child(name) for name in base.data}
        for name in over.data:
            told = over.child(name)
            if name in found:
                told = self.ways.get(name, self._rest).merge(found[name], told)
            found[name] = told
        return gathered({name: side.data for name, side in found.items()}, over, found)


class _Keyed:
    """Lists of mappings that are told apart by some of their keys; new ones are appended."""

    def __init__(self, keys: tuple[str, ...], way: _Way) -> None:
        self.keys = keys
        self._way = way

    def key(self, item: object) -> tuple[str, ...] | None:
        """What an item is told apart by; None where it lacks that."""
        if not isinstance(item, dict):
            return None
        values = tuple(item.get(key) for key in self.keys)
        return cast("tuple[str, ...]", values) if all(isinstance(v, str) for v in values) else None

    def merge(self, base: Side, over: Side) -> Side:
        if not (isinstance(base.data, list) and isinstance(over.data, list)):
            return over
        found = base.items()
        places = {self.key(side.data): place for place, side in enumerate(found)}
        for told in over.items():
            key = self.key(told.data)
            if key is not None and key in places:
                found[places[key]] = self._way.merge(found[places[key]], told)
            else:
                found.append(told)
        return listing(found, over)


class _Append:
    """Lists of which the profile's is put behind the base's; `once` drops what is there already."""

    def __init__(self, *, once: bool) -> None:
        self._once = once

    def merge(self, base: Side, over: Side) -> Side:
        if not (isinstance(base.data, list) and isinstance(over.data, list)):
            return over
        found = base.items()
        for told in over.items():
            if not (self._once and told.data in base.data):
                found.append(told)
        return listing(found, over)


def listing(found: list[Side], over: Side) -> Side:
    """A list of these items, written where `over` was."""
    return gathered([side.data for side in found], over, dict(enumerate(found)))


def gathered(data: object, over: Side, parts: Mapping[str | int, Side]) -> Side:
    """Data made of these parts, written where `over` was."""
    below = {part: side.origin for part, side in parts.items()}
    return Side(Piece(data, Origin(over.origin.document, over.origin.at, below)))


_EACH_BY_FIELD: Final = _Fields(_Fields())
_STEP: Final = _Fields(
    name=_Fields(),
    after=_Append(once=True),
    rules=_EACH_BY_FIELD,
    acts=_Fields(),
    waivable=_Fields(),
)
_DEFINITION: Final = _Fields(
    name=_Fields(),
    instruments=_EACH_BY_FIELD,
    roles=_EACH_BY_FIELD,
    functions=_EACH_BY_FIELD,
    bodies=_EACH_BY_FIELD,
    questions=_EACH_BY_FIELD,
    steps=_Keyed(("id",), _STEP),
    rules=_EACH_BY_FIELD,
    permissions=_Fields(),
    separations=_Keyed(("act", "rule"), _Fields()),
    denials=_Keyed(("act", "role"), _Fields()),
    while_paused=_Append(once=True),
    stages=_Keyed(("id",), _Fields()),
    moves=_Append(once=False),
    alerts=_Keyed(("kind",), _Fields()),
    joins=_Append(once=True),
    offers=_Append(once=True),
)
