"""The way in for files that people write: law, organisations, calendars, scenarios.

`strict_yaml` says what may stand in them, `explain` what a model finds wrong; everything that is
wrong with a file comes back at once, each with its line.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Final, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import to_json

from procedures.known import remembered
from procedures.problems import Problem, SourceError, whole_file
from procedures.strict_yaml import Place, build
from workflow.explaining.explain import explain
from workflow.explaining.paths import Path as Loc
from workflow.explaining.paths import key_of, known_prefix
from workflow.explaining.quoting import shown
from workflow.texts import fault

__all__ = [
    "Document",
    "Loc",
    "Problem",
    "SourceError",
    "fault",
    "parse",
    "read",
    "read_again",
    "read_text",
]

LIMIT_BYTES: Final = 1024 * 1024

M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True, slots=True, eq=False)
class Document:
    """The content of a file as plain Python, with the place of every value; equal to itself."""

    name: str
    data: object
    _root: Place

    def line(self, loc: Loc) -> int:
        """The line, from one, of the key or item at `loc`, or of the nearest one above it.

        Tags that pydantic puts into a location for a union are passed over.
        """
        return self._place(loc).line

    def problem(self, loc: Loc, code: str, **params: object) -> Problem:
        """Say that something is wrong at `loc`, which may name a key that is missing there."""
        place = self._place(loc)
        return Problem(self.name, place.line, place.column, key_of(loc), code, params)

    def _place(self, loc: Loc) -> Place:
        place = self._root
        for part in known_prefix(self.data, loc):
            place = place.below[part]
        return place


def read(path: Path | Traversable, *, limit_bytes: int = LIMIT_BYTES) -> Document:
    """Read one YAML file.  Raises `SourceError`."""
    name = shown(path.name)
    return _read_bytes(_raw(path, name, limit_bytes), name, limit_bytes)


def read_again(path: Path | Traversable) -> Document:
    """As `read`, of files that are read again and again, as definitions are.

    The file itself is read each time; while its bytes are the same, so is the document.  Nobody
    may change its data.
    """
    name = shown(path.name)
    return _kept(_raw(path, name, LIMIT_BYTES), name)


def read_text(text: str, name: str, *, limit_bytes: int = LIMIT_BYTES) -> Document:
    """Read YAML from a text; `name` stands for the file name.  Raises `SourceError`."""
    # A lone surrogate survives this as three bytes that are not UTF-8, and is refused as such.
    return _read_bytes(text.encode("utf-8", "surrogatepass"), shown(name), limit_bytes)


def parse(document: Document, model: type[M]) -> M:
    """Build a model from a document.  Raises `SourceError` with everything that does not fit.

    Validated as JSON, so that a strict model takes a text for a day or an enumeration and a list
    for a tuple, but no text for a number.  A validator of the model raises `fault(code, ...)`
    to use a message of its own; with `at=(...)` it points to a place below its own value.
    """
    try:
        return model.model_validate_json(to_json(document.data))
    except ValidationError as error:
        findings = explain(model, document.data, error)
        raise SourceError(
            document.problem(found.path, found.code, **found.params) for found in findings
        ) from error


def _raw(path: Path | Traversable, name: str, limit_bytes: int) -> bytes:
    try:
        with path.open("rb") as file:
            # One byte more than allowed tells that there is more, even of what never ends.
            return file.read(limit_bytes + 1)
    except FileNotFoundError as error:
        raise whole_file(name, "source.absent") from error
    except (OSError, ValueError) as error:
        why = shown(getattr(error, "strerror", error))
        raise whole_file(name, "source.unreadable", why=why) from error


@remembered
def _kept(raw: bytes, name: str) -> Document:
    return _read_bytes(raw, name, LIMIT_BYTES)


def _read_bytes(raw: bytes, name: str, limit_bytes: int) -> Document:
    if len(raw) > limit_bytes:
        raise whole_file(name, "source.too_large", limit=limit_bytes // 1024)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise SourceError([Problem(name, line, 1, "", "source.not_utf8")]) from error
    return Document(name, *build(name, text))
