"""The one tree of errors. A rule's refusal is an outcome (see `refusals`), never an exception."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar


class YichengError(Exception):
    """Base of everything the engine raises on purpose.

    `code` is the id of a message in the catalogues and `params` fills its placeholders, so that
    the person is told in their own language what happened and what to do.  `exit_status` is the
    process status that the command line returns for it.
    """

    exit_status: ClassVar[int] = 1

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code, params)
        self.code = code
        self.params: Mapping[str, object] = params

    def __str__(self) -> str:
        told = ", ".join(f"{name}={value!r}" for name, value in self.params.items())
        return f"{self.code}({told})"


class BadInput(YichengError):
    """What was handed in cannot be read as a command, a definition or a scenario."""

    exit_status = 2


class NotFound(YichengError):
    """A matter, meeting, person, procedure or command of that name does not exist."""

    exit_status = 4


class Conflict(YichengError):
    """Somebody else changed the thing in between; `params["changes"]` says what."""

    exit_status = 5


class Forbidden(YichengError):
    """The area is closed to the roles of whoever asks."""

    exit_status = 6


class StoreTrouble(YichengError):
    """The database is locked, full, read-only, unreachable or of another schema version."""


class BrokenDefinition(BadInput):
    """A procedure, profile, calendar or organisation file contradicts itself or its base."""
