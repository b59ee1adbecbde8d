"""Entity tags: which version of a matter or meeting a change was made for.

A tag names the organisation, the thing and its version.  It can be read back by us, so that the
version that it names is compared under the lock, where nobody comes in between.
"""

from __future__ import annotations

import re
from typing import Final

from api.http.errors import BadRequest, Stale, Unversioned
from workflow.canonical import digest_of

ACCOUNT: Final = "account"

_TAG: Final = re.compile(r'"([0-9a-z]{1,64})-([0-9a-f]{24})"')
_LIST: Final = re.compile(r'\s*(?:W/)?"[\x21\x23-\x7e]*"\s*(?:,\s*(?:W/)?"[\x21\x23-\x7e]*"\s*)*')
_EACH: Final = re.compile(r'(W/)?("[\x21\x23-\x7e]*")')
_CHARACTERS: Final = 24
_LONGEST: Final = 2000


def tag(organisation: str, kind: str, name: str, version: str | int) -> str:
    """The strong tag of a thing in a version."""
    told = digest_of("\n".join((organisation, kind, name, str(version))))
    return f'"{version}-{told[:_CHARACTERS]}"'


def version_of(header: str | None, organisation: str, kind: str, name: str) -> str:
    """The version of the thing that `If-Match` names.

    Raises Unversioned where it names none (`*` is none: it would overwrite whatever is there),
    BadRequest where it cannot be read, Stale where no tag in it is one of this thing.
    """
    if header is None or header.strip() == "*":
        raise Unversioned("http.if_match_missing")
    if len(header) > _LONGEST or not _LIST.fullmatch(header):
        raise BadRequest("http.if_match_unreadable")
    # A weak tag never matches here (RFC 9110, 13.1.1).
    strong = (each for weak, each in _EACH.findall(header) if not weak)
    for each in strong:
        found = _TAG.fullmatch(each)
        if found is not None and each == tag(organisation, kind, name, found[1]):
            return found[1]
    raise Stale("http.if_match_stale")
