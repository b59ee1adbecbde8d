"""Ed25519: what checkpoints are signed by unless somebody fits in something else.  Pure."""

from __future__ import annotations

from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

SCHEME: Final = "ed25519"


def verifies(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether this key signed this message; False also for what is no key or no signature."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True
