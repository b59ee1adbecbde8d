"""Names and digests of files in headers (RFC 6266, 8187, 9530), and what part of one is asked."""

from __future__ import annotations

import base64
import binascii
import re
from typing import Final
from urllib.parse import quote, unquote_to_bytes

from api.http.errors import BadRequest, OutOfRange
from workflow.files import UNNAMED

#: Of a name in GB18030, too, as some old programs send it; whichever it says, it is tried.
_EXTENDED: Final = re.compile(
    r";\s*filename\*\s*=\s*(?:utf-8|gb18030|gbk|gb2312)'[^']*'([^;\s]+)", re.IGNORECASE
)
_ESCAPED: Final = re.compile(r"(?:%[0-9A-Fa-f]{2}){2}")
_QUOTED: Final = re.compile(r';\s*filename\s*=\s*"((?:[^"\\]|\\.)*)"', re.IGNORECASE)
_TOKEN: Final = re.compile(r";\s*filename\s*=\s*([^;\s\"]+)", re.IGNORECASE)
_DIGEST: Final = re.compile(r"(?:^|,)\s*sha-256\s*=\s*:([A-Za-z0-9+/=]{0,88}):", re.IGNORECASE)
_RANGE: Final = re.compile(r"bytes=([0-9]{0,19})-([0-9]{0,19})")
_ASCII: Final = re.compile(r"[^A-Za-z0-9._-]")


def name_of(disposition: str | None) -> str:
    """The name that a file was sent with; without one it is called `file`."""
    told = disposition or ""
    if (found := _EXTENDED.search(told)) is not None:
        return _read(unquote_to_bytes(found[1]))
    if (found := _QUOTED.search(told)) is not None:
        return _utf8(re.sub(r"\\(.)", r"\1", found[1]))
    if (found := _TOKEN.search(told)) is not None:
        return _utf8(found[1])
    return UNNAMED


def _utf8(text: str) -> str:
    """What came as bytes, as many send it, and is read as Latin-1 by servers.

    Others escape what is no ASCII; so a name with signs escaped that make Chinese is meant so.
    """
    raw = text.encode("latin-1", "replace")
    if _ESCAPED.search(text) and not (told := _read(unquote_to_bytes(raw))).isascii():
        return told
    return _read(raw)


def _read(raw: bytes) -> str:
    """In UTF-8, or else in GB18030: a name that nobody can read hides what it says."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("gb18030", "replace")


def disposition_of(name: str) -> str:
    """How a file is given out: always to be saved, never to be shown."""
    plain = _ASCII.sub("_", name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def digest_told(*headers: str | None) -> str:
    """The SHA-256 that was sent with a file, in hex; empty where none was.

    Raises BadRequest for one that cannot be read: whoever sends it relies on it.
    """
    for header in headers:
        found = _DIGEST.search(header or "")
        if found is None:
            continue
        try:
            raw = base64.b64decode(found[1], validate=True)
        except binascii.Error as error:
            raise BadRequest("http.digest_unreadable") from error
        if len(raw) != 32:  # noqa: PLR2004 (the bytes of a SHA-256)
            raise BadRequest("http.digest_unreadable")
        return raw.hex()
    return ""


def digest_header(digest: str) -> str:
    """A digest as the header tells it."""
    return f"sha-256=:{base64.b64encode(bytes.fromhex(digest)).decode()}:"


def part_of(header: str | None, size: int) -> tuple[int, int] | None:
    """The first and the last byte that are asked for; None where all are.

    Several ranges at once are answered with the whole, as is allowed.  Raises OutOfRange.
    """
    found = None if header is None else _RANGE.fullmatch(header.strip())
    if found is None or found.groups() == ("", ""):
        return None
    first, last = found.groups()
    if not first:
        start, end = max(0, size - int(last)), size - 1
    else:
        start, end = int(first), min(int(last) if last else size - 1, size - 1)
    if start > end or start >= size:
        raise OutOfRange(size)
    return start, end
