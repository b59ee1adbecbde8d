"""Ed25519 (RFC 8032): what checkpoints and acts are signed by, unless somebody fits in another.

Pure, but for the making of a key.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from functools import lru_cache
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

NAME: Final = "ed25519"
VERIFIED: Final = 4096
"""So many signatures stay verified in memory, each by all that it was verified from."""


class Ed25519:
    """Keys and signatures as base64, statements as UTF-8: implements `signing.Algorithm`."""

    name: Final = NAME

    def verify(self, public: str, statement: str, value: str) -> bool:
        """Whether the signature is that of this key over exactly this statement."""
        try:
            key, signature = b64decode(public, validate=True), b64decode(value, validate=True)
            message = statement.encode()
        except ValueError:
            return False
        return verifies(key, message, signature)


def made() -> tuple[str, bytes]:
    """A new key: its public half as text, and the secret half."""
    key = Ed25519PrivateKey.generate()
    return b64encode(key.public_key().public_bytes_raw()).decode(), key.private_bytes_raw()


def signed(secret: bytes, statement: str) -> str:
    """The signature over a statement as text."""
    return b64encode(Ed25519PrivateKey.from_private_bytes(secret).sign(statement.encode())).decode()


@lru_cache(maxsize=VERIFIED)
def verifies(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether this key signed this message; False also for what is no key or no signature."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True
