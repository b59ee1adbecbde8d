"""Paths into plain data, as pydantic and people write them."""

from __future__ import annotations

from typing import cast

from workflow.explaining.quoting import shown

Path = tuple[str | int, ...]


def key_of(path: Path) -> str:
    """A path as people write it, items counted from one: `steps[3].papers`."""
    written = "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in path)
    return shown(written.removeprefix("."))


def known_prefix(data: object, loc: Path) -> Path:
    """The part of a location that the data have, tags of unions left out."""
    path: Path = ()
    for part in loc:
        if holds(data, part):
            path, data = (*path, part), child(data, part)
        elif isinstance(part, int):
            break
    return path


def holds(data: object, part: str | int) -> bool:
    """Whether a mapping has the key, or a list the index."""
    match data:
        case dict():
            return part in data
        case list():
            return isinstance(part, int) and part < len(data)
        case _:
            return False


def child(data: object, part: str | int) -> object:
    """The value that the data `holds` there."""
    return cast("dict[str | int, object]", data)[part]
