"""The id of a request: a proxy's, if it is one that can stand in a log, or else our own."""

from __future__ import annotations

import re
import secrets
from typing import Final

HEADER: Final = "X-Request-ID"

_FORM: Final = re.compile(rb"[A-Za-z0-9][A-Za-z0-9._-]{7,63}")


def request_id(given: bytes | None) -> str:
    """The id under which the request stands in logs, answers and the record of security events."""
    if given is not None and _FORM.fullmatch(given):
        return given.decode("ascii")
    return secrets.token_hex(16)
