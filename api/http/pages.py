"""Keyset pages: a cursor names the last thing seen, so that nothing is skipped or told twice.

What it names is one value, or the place in a list as the engine tells it: several values.
"""

from __future__ import annotations

import binascii
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar, cast
from urllib.parse import urlencode

from api.http.errors import BadRequest
from workflow.canonical import digest_of

T = TypeVar("T")

_MARK: Final = 12
_HIGHEST: Final = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some of a list; `cursor` names where the next page begins, None on the last one."""

    items: Sequence[T]
    cursor: str | None


def cursor(place: str, filters: Mapping[str, object], after: str | int | Sequence[str]) -> str:
    """An opaque cursor: of this list under these filters, behind this thing."""
    told = json.dumps([after, _mark(place, filters)], ensure_ascii=False, separators=(",", ":"))
    return urlsafe_b64encode(told.encode()).decode().rstrip("=")


def place_of(given: str | None, place: str, filters: Mapping[str, object]) -> str | int | None:
    """The one value that a cursor names; None without one.

    Raises BadRequest for what we did not give, or gave for another list or other filters.
    """
    if given is None:
        return None
    after = _unpacked(given, place, filters)
    if not isinstance(after, str | int):
        raise BadRequest("http.cursor")
    return after


def values_of(given: str | None, place: str, filters: Mapping[str, object]) -> tuple[str, ...]:
    """The values that a cursor names; none without one.  Raises BadRequest as `place_of`."""
    if given is None:
        return ()
    after = _unpacked(given, place, filters)
    if isinstance(after, str | int) or not after:
        raise BadRequest("http.cursor")
    return tuple(after)


def _unpacked(given: str, place: str, filters: Mapping[str, object]) -> str | int | list[str]:
    try:
        padded = given + "=" * (-len(given) % 4)
        found = json.loads(urlsafe_b64decode(padded.encode("ascii")))
    except (UnicodeError, binascii.Error, ValueError, RecursionError) as error:
        raise BadRequest("http.cursor") from error
    match found:
        case [after, str() as mark] if mark == _mark(place, filters):
            known = cast("str | int | list[str]", after)
            if _can_be(after) and cursor(place, filters, known) == given:
                return known
    raise BadRequest("http.cursor")


def _can_be(after: object) -> bool:
    """Whether something in a list could be named so: the mark is no secret, anybody can make it."""
    if isinstance(after, str):
        return after.isprintable()
    if isinstance(after, list):
        return all(isinstance(each, str) and each.isprintable() for each in after)
    return isinstance(after, int) and not isinstance(after, bool) and 0 <= after <= _HIGHEST


def page_of(
    found: Sequence[T],
    limit: int,
    place: str,
    filters: Mapping[str, object],
    names: Sequence[str | int],
) -> Page[T]:
    """The page out of one thing more than fits, if there are as many; `names` are for cursors."""
    if len(found) <= limit:
        return Page(found, None)
    return Page(found[:limit], cursor(place, filters, names[limit - 1]))


def link_to_next(path: str, filters: Mapping[str, object], limit: int, cursor_: str) -> str:
    """The `Link` header that leads to the next page (RFC 8288)."""
    asked = {name: value for name, value in filters.items() if value is not None}
    return f'<{path}?{urlencode({**asked, "limit": limit, "cursor": cursor_})}>; rel="next"'


def _mark(place: str, filters: Mapping[str, object]) -> str:
    told = json.dumps({name: str(value) for name, value in filters.items()}, sort_keys=True)
    return digest_of(f"{place}\n{told}")[:_MARK]
