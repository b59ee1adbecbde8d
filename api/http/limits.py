"""What is read of a request, and how much: strict JSON of bounded size, depth and numbers."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Mapping
from functools import partial
from math import isfinite
from typing import Final, TypeVar
from urllib.parse import parse_qsl

from anyio import fail_after
from starlette.requests import Request

from api.http.errors import BadRequest, HeadersTooLarge, TooLarge, TooSlow, WrongMedia
from api.http.settings import DoorSettings

N = TypeVar("N")

_MEDIA: Final = "application/json"
_SHOWN: Final = 60
_LONGEST_NAME: Final = 200
#: The server itself keeps as much of a body that nobody reads.
_SHORT: Final = 16 * 1024
_ARRIVED: Final = "yicheng.body"
#: Headers of which a second one would be read by some on the way and not by others.
_SINGLE: Final = frozenset(
    {
        b"authorization",
        b"content-encoding",
        b"content-length",
        b"content-type",
        b"cookie",
        b"host",
        b"idempotency-key",
        b"if-match",
        b"origin",
        b"sec-fetch-site",
        b"x-csrf-token",
        b"x-request-id",
        b"x-waiting-note",
    }
)


def check_headers(headers: Iterable[tuple[bytes, bytes]], settings: DoorSettings) -> None:
    """Raises HeadersTooLarge; servers have limits of their own, this one is ours."""
    given = list(headers)
    if (
        len(given) > settings.headers
        or sum(len(name) + len(value) for name, value in given) > settings.header_bytes
    ):
        raise HeadersTooLarge("http.headers_too_large", limit=settings.header_bytes // 1024)


def check_repeats(headers: Iterable[tuple[bytes, bytes]], query: bytes) -> None:
    """Raises BadRequest where a header or parameter occurs twice that means one thing.

    Which of two counts, a proxy may see otherwise than we do.
    """
    names = [name for name, _ in headers if name in _SINGLE]
    if found := _twice(names):
        raise BadRequest("http.header_twice", name=found.decode("ascii"))
    # A parameter is what it is however it is encoded, and whatever stands for a letter of it.
    try:
        told = parse_qsl(query.decode("latin-1"), keep_blank_values=True, errors="strict")
    except ValueError as error:
        raise BadRequest("http.query_unreadable") from error
    if (given := _twice(name for name, _ in told)) is not None:
        raise BadRequest("http.parameter_twice", name=_printable(given))


def _twice(names: Iterable[N]) -> N | None:
    return next((name for name, count in Counter(names).items() if count > 1), None)


async def read_object(request: Request, settings: DoorSettings) -> Mapping[str, object]:
    """The body as one JSON object; an empty body is an empty one.

    Raises WrongMedia for what is not JSON or is packed, TooLarge, TooSlow, and BadRequest for what
    cannot be read as one object of bounded depth.
    """
    raw = await read_body(request, settings)
    if not raw:
        return {}
    check_media(request.headers.get("content-type"), request.headers.get("content-encoding"))
    return parse_object(raw, settings)


async def arrived(request: Request, settings: DoorSettings) -> bool:
    """Whether all of a request is here, once a short body is read.  Raises TooSlow.

    A long body is read of nobody who was not recognised.
    """
    if request.method == "GET":
        return True
    told = request.headers.get("content-length", "")
    if not told.isdecimal() or int(told[:20]) > _SHORT:
        return False
    request.scope[_ARRIVED] = await read_body(request, settings)
    return True


async def read_body(request: Request, settings: DoorSettings) -> bytes:
    """The body as it came.  Raises TooLarge, TooSlow."""
    known = request.scope.get(_ARRIVED)
    if isinstance(known, bytes):
        return known
    length = request.headers.get("content-length")
    try:
        with fail_after(settings.body_seconds):
            return await _read(request.stream(), length, settings)
    except TimeoutError as error:
        raise TooSlow("http.too_slow", limit=round(settings.body_seconds)) from error


def check_media(media: str | None, packed: str | None) -> None:
    """Raises WrongMedia for anything but plain JSON in UTF-8."""
    kind, _, rest = (media or "").partition(";")
    if kind.strip().lower() != _MEDIA or rest.strip().lower().replace('"', "") not in (
        "",
        "charset=utf-8",
    ):
        raise WrongMedia("http.media")
    if packed is not None and packed.strip().lower() != "identity":
        raise WrongMedia("http.packed")


async def _read(chunks: AsyncIterator[bytes], told: str | None, settings: DoorSettings) -> bytes:
    limit = settings.body_bytes
    # A length that is no number is the server's to refuse; one that is too long need not be read.
    if told is not None and told.isdecimal() and int(told[:20]) > limit:
        raise TooLarge("http.too_large", limit=limit // 1024)
    found = bytearray()
    async for chunk in chunks:
        found += chunk
        if len(found) > limit:
            raise TooLarge("http.too_large", limit=limit // 1024)
    return bytes(found)


def parse_object(raw: bytes, settings: DoorSettings) -> Mapping[str, object]:
    """One JSON object (RFC 8259, and stricter).

    Refused with BadRequest: text that is not UTF-8, names that occur twice or are
    longer than any of ours, numbers that are not
    finite or longer than any that is meant, half characters, and what is nested too deep.
    """
    try:
        found = json.loads(
            raw.decode("utf-8"),
            object_pairs_hook=_once,
            parse_constant=_constant,
            parse_int=partial(_whole, settings.json_digits),
            parse_float=partial(_fraction, settings.json_digits),
        )
    except UnicodeDecodeError as error:
        raise BadRequest("http.not_utf8") from error
    except json.JSONDecodeError as error:
        raise BadRequest("http.broken_json", line=error.lineno, column=error.colno) from error
    except RecursionError as error:
        raise BadRequest("http.too_deep", limit=settings.json_depth) from error
    if not isinstance(found, dict):
        raise BadRequest("http.no_object")
    _check_depth(found, settings.json_depth)
    return found


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if any(len(name) > _LONGEST_NAME for name in found):
        raise BadRequest("http.name_too_long", limit=_LONGEST_NAME)
    if len(found) != len(pairs):
        raise BadRequest("http.twice", name=_printable(_twice(name for name, _ in pairs) or ""))
    return found


def _constant(name: str) -> object:
    raise BadRequest("http.number", number=name)


def _whole(digits: int, text: str) -> int:
    if len(text.lstrip("-")) > digits:
        raise BadRequest("http.number", number=_printable(text))
    return int(text)


def _fraction(digits: int, text: str) -> float:
    found = float(text)
    if len(text) > 2 * digits or not isfinite(found):
        raise BadRequest("http.number", number=_printable(text))
    return found


def _check_depth(found: object, limit: int) -> None:
    """Every level of what was read, one after the other; no recursion that could run out."""
    level: list[object] = [found]
    for _ in range(limit):
        below: list[object] = []
        for each in level:
            match each:
                case str():
                    _check_text(each)
                case dict():
                    below += each.keys()
                    below += each.values()
                case list():
                    below += each
                case _:
                    pass
        if not below:
            return
        level = below
    raise BadRequest("http.too_deep", limit=limit)


def _check_text(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise BadRequest("http.half_character") from error


def _printable(text: str) -> str:
    return ascii(text[:_SHOWN])[1:-1]
