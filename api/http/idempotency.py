"""Idempotency-Key: the same request sent twice is done once (draft-ietf-httpapi)."""

from __future__ import annotations

import re
from typing import Final

from api.http.errors import BadRequest
from workflow.canonical import digest_of

HEADER: Final = "Idempotency-Key"
REPLAYED: Final = "Idempotent-Replayed"

_KEY: Final = re.compile(r"[\x21-\x7e]{8,128}")
#: Who is nobody shares the room of keys with everybody else: theirs cannot be short.
_KEY_OF_ANYBODY: Final = re.compile(r"[\x21-\x7e]{22,128}")
_PREFIX: Final = "http:"


def key_of(header: str | None) -> str:
    """The key as the caller made it.  Raises BadRequest where there is none, or one too short."""
    if header is None:
        raise BadRequest("http.key_missing")
    key = header.strip().strip('"')
    if not _KEY.fullmatch(key):
        raise BadRequest("http.key_form")
    return key


def bound_key(header: str | None, account: str, part: int | None = None) -> str:
    """The key under which the engine keeps the answer: that of this account and no other's.

    `part` is the place of a command among several of one request.  Raises BadRequest where there
    is no key, or one that is too short to be one's own.
    """
    key = key_of(header)
    told = digest_of("\n".join((account, key, "" if part is None else str(part))))
    return f"{_PREFIX}{told}"


def public_key(header: str | None) -> str | None:
    """The key of somebody whom nobody knows; None where they sent none.

    Raises BadRequest for one that somebody else might think of too.
    """
    if header is None:
        return None
    key = header.strip().strip('"')
    if not _KEY_OF_ANYBODY.fullmatch(key):
        raise BadRequest("http.public_key_form")
    return key
