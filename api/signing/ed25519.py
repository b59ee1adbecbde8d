"""Ed25519: what is signed with a key held for a person, and verified by anybody.  Pure."""

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
    """RFC 8032, keys and signatures as base64, statements as UTF-8."""

    name: Final = NAME

    def verify(self, public: str, statement: str, value: str) -> bool:
        """Whether the signature is that of this key over exactly this statement."""
        return _verified(public, statement, value)


def made() -> tuple[str, bytes]:
    """A new key: its public half as text, and the secret half."""
    key = Ed25519PrivateKey.generate()
    return b64encode(key.public_key().public_bytes_raw()).decode(), key.private_bytes_raw()


def signed(secret: bytes, statement: str) -> str:
    """The signature over a statement as text."""
    return b64encode(Ed25519PrivateKey.from_private_bytes(secret).sign(statement.encode())).decode()


@lru_cache(maxsize=VERIFIED)
def _verified(public: str, statement: str, value: str) -> bool:
    try:
        key = Ed25519PublicKey.from_public_bytes(b64decode(public, validate=True))
        key.verify(b64decode(value, validate=True), statement.encode())
    except (InvalidSignature, ValueError):
        return False
    return True
