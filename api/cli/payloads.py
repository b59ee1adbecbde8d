"""Payloads as they are handed in: as JSON, from a file of JSON or YAML, or from the input."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from workflow.errors import BadInput

LIMIT_BYTES: Final = 16 * 1024 * 1024
"""Far more than any payload may hold: enough to say of a long text that it is too long."""

_YAML: Final = (".yaml", ".yml")
_SHOWN: Final = 30


def read_payload(given: str | None) -> Mapping[str, object]:
    """The payload that an option names; nothing given is an empty one.

    Raises BadInput for a file that cannot be read, for text that is not UTF-8 or not one JSON
    object, for a name that occurs twice, and SourceError for what is wrong with a YAML file.
    """
    if given is None:
        return {}
    if given == "-":
        return parse_json(_decoded(sys.stdin.buffer.read(LIMIT_BYTES + 1), "-"), "-")
    if not given.startswith("@"):
        return parse_json(given, "--payload")
    path = Path(given[1:])
    if path.suffix.lower() in _YAML:
        from procedures.source import read

        return _object(read(path).data, path.name)
    return parse_json(_decoded(read_bytes(path), path.name), path.name)


def read_bytes(path: Path) -> bytes:
    """What a file holds.  Raises BadInput for one that is not there, unreadable or too large."""
    try:
        with path.open("rb") as file:
            raw = file.read(LIMIT_BYTES + 1)
    except FileNotFoundError as error:
        raise BadInput("payload.absent", source=str(path)) from error
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise BadInput("payload.unreadable", source=str(path), why=why) from error
    if len(raw) > LIMIT_BYTES:
        raise BadInput("payload.too_large", source=path.name, limit=LIMIT_BYTES // 1024 // 1024)
    return raw


def parse_json(text: str, source: str) -> Mapping[str, object]:
    """One JSON object.  Raises BadInput with the place of what is wrong."""
    try:
        found = json.loads(
            text, object_pairs_hook=lambda pairs: _once(pairs, source), parse_constant=_constant
        )
    except json.JSONDecodeError as error:
        near = text[error.pos : error.pos + _SHOWN].partition("\n")[0]
        code = "payload.broken" if near.strip() else "payload.broken_end"
        raise BadInput(
            code, source=source, line=error.lineno, column=error.colno, near=near
        ) from error
    except RecursionError as error:
        raise BadInput("payload.too_deep", source=source) from error
    except ValueError as error:
        raise BadInput("payload.bad_number", source=source, why=str(error)) from error
    return _object(found, source)


def _object(found: object, source: str) -> Mapping[str, object]:
    if not isinstance(found, Mapping):
        raise BadInput("payload.no_object", source=source)
    return found


def _decoded(raw: bytes, source: str) -> str:
    if len(raw) > LIMIT_BYTES:
        raise BadInput("payload.too_large", source=source, limit=LIMIT_BYTES // 1024 // 1024)
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise BadInput("payload.not_utf8", source=source, line=line) from error


def _once(pairs: list[tuple[str, object]], source: str) -> dict[str, object]:
    found: dict[str, object] = {}
    for name, value in pairs:
        if name in found:
            raise BadInput("payload.twice", source=source, name=name)
        found[name] = value
    return found


def _constant(name: str) -> object:
    raise ValueError(name)
