"""What opens a door: random, shown once, kept as a digest. Pure but for the randomness."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from typing import Final

SERVICE_PREFIX: Final = "yct_"
"""Service tokens begin like this, so that leaked ones can be searched for."""

_BYTES: Final = 32
_FORM: Final = re.compile(r"(?:yct_)?[A-Za-z0-9_-]{43}")
_CSRF: Final = b"yicheng csrf"


def new_token(prefix: str = "") -> str:
    """256 random bits, as they are shown once."""
    return prefix + secrets.token_urlsafe(_BYTES)


def digest_of(token: str) -> str | None:
    """What is kept of a token; None for what cannot be one."""
    if _FORM.fullmatch(token) is None:
        return None
    return hashlib.sha256(token.encode()).hexdigest()


def csrf_of(token: str) -> str:
    """What a page must send back with every change: follows from the token, does not tell it."""
    return hmac.new(token.encode("utf-8", "replace"), _CSRF, hashlib.sha256).hexdigest()
