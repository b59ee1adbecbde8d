"""Codes of a second factor (TOTP, RFC 6238): which step of time a code is of. Pure."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Final

from cryptography.hazmat.primitives import constant_time
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from api.identity.policy import Policy

_BYTES: Final = 20


def new_secret() -> bytes:
    """160 random bits, as the RFC asks for."""
    return secrets.token_bytes(_BYTES)


def address_of(secret: bytes, account: str, issuer: str, policy: Policy) -> str:
    """What an authenticator app reads from a picture: `otpauth://…`."""
    return _codes(secret, policy).get_provisioning_uri(account, issuer)


def step_of(code: str, secret: bytes, now: datetime, policy: Policy) -> int | None:
    """The step of time that a code is of, within the drift allowed; None for a wrong one."""
    if not (code.isascii() and code.isdigit()):
        return None
    seconds = policy.second_factor_step_seconds
    present = int(now.timestamp()) // seconds
    codes = _codes(secret, policy)
    drift = policy.second_factor_drift_steps
    found = None
    # All of them are compared, so that the time taken does not tell which fits.
    for step in range(present - drift, present + drift + 1):
        if constant_time.bytes_eq(codes.generate(step * seconds), code.encode()):
            found = step
    return found


def code_at(secret: bytes, at: datetime, policy: Policy) -> str:
    """The code that an authenticator app shows."""
    return _codes(secret, policy).generate(int(at.timestamp())).decode()


def _codes(secret: bytes, policy: Policy) -> TOTP:
    # SHA-1 is what authenticator apps know; as an HMAC it is sound.
    return TOTP(secret, policy.second_factor_digits, SHA1(), policy.second_factor_step_seconds)  # noqa: S303
