"""What goes wrong at the door itself, before the engine is asked; each with its HTTP status."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Final

from workflow.errors import YichengError

NOTE: Final = "X-Waiting-Note"
"""The header by which somebody who was asked to wait shows that they did."""


class DoorError(YichengError):
    """Base of what the door refuses; `headers` go with the answer."""

    status: ClassVar[int] = 400
    headers: ClassVar[Mapping[str, str]] = {}


class BadRequest(DoorError):
    """The request is not well-formed: its headers, its cursor, its JSON."""


class NotAuthenticated(DoorError):
    """Nobody was recognised, or what was shown no longer holds."""

    status = 401
    headers: ClassVar[Mapping[str, str]] = {"WWW-Authenticate": "Bearer"}


class CrossSite(DoorError):
    """A change with a cookie, without the proof that it comes from a page of ours."""

    status = 403


class NoSuchPlace(DoorError):
    """There is nothing at this address."""

    status = 404


class NoSuchMethod(DoorError):
    """The address is right and the method is not."""

    status = 405


class TooSlow(DoorError):
    """The body did not come in time."""

    status = 408


class Stale(DoorError):
    """The version that the request names is not that of the thing any more."""

    status = 412


class TooLarge(DoorError):
    """The body is larger than any command may be."""

    status = 413


class WrongMedia(DoorError):
    """The body is not JSON, or is packed."""

    status = 415


class OutOfRange(DoorError):
    """A part of a file that it does not have."""

    status = 416

    def __init__(self, size: int) -> None:
        super().__init__("http.out_of_range", size=size)
        self.headers = {"Content-Range": f"bytes */{size}"}  # type: ignore[misc]


class KeyReused(DoorError):
    """The same Idempotency-Key with another request."""

    status = 422


class Unversioned(DoorError):
    """A change that does not say which version of the thing it was made for."""

    status = 428


class TooMany(DoorError):
    """Too many at once: come again after some seconds; `note` then opens the way."""

    status = 429

    def __init__(self, seconds: int, note: str | None) -> None:
        super().__init__("http.too_many", seconds=seconds)
        told = {} if note is None else {NOTE: note}
        self.headers = {"Retry-After": str(seconds), **told}  # type: ignore[misc]


class TooFast(DoorError):
    """Somebody who was recognised asks faster than anybody works."""

    status = 429

    def __init__(self, seconds: int) -> None:
        super().__init__("http.too_fast", seconds=seconds)
        self.headers = {"Retry-After": str(seconds)}  # type: ignore[misc]


class HeadersTooLarge(DoorError):
    """More, or longer, headers than are read."""

    status = 431
