"""The key that checkpoints are signed with: a file outside the database, old keys kept in it."""

from __future__ import annotations

import base64
import binascii
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.hazmat.primitives.serialization import PublicFormat as Public

from api.record.writing import whole_file
from workflow.checkpoints import CheckpointSigner, fingerprint_of
from workflow.ed25519 import NAME
from workflow.errors import StoreTrouble

_SEED_BYTES: Final = 32


class Ed25519Signer:
    """A key of the file."""

    scheme: str = NAME

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key

    @property
    def public(self) -> bytes:
        """What verifies its signatures."""
        return self._key.public_key().public_bytes(Encoding.Raw, Public.Raw)

    def sign(self, message: bytes) -> bytes:
        """The signature of a message."""
        return self._key.sign(message)

    def line(self) -> str:
        """The key as a line of the file."""
        seed = self._key.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())
        return f"{NAME} {base64.b64encode(seed).decode()}\n"


class KeyFile:
    """One key a line, the newest last.  An older one signs for the last time to introduce the next.

    It stays in the file until every journal has gone over to the newest.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def ledger(self) -> Path:
        """Where the checkpoints that were handed out are listed: beside the key."""
        return self.path.with_suffix(".jsonl")

    def there(self) -> bool:
        """Whether a key was made."""
        return self.path.is_file()

    def make(self) -> bool:
        """Make a key that nobody else may read, unless there is one; tells whether it was made.

        Raises StoreTrouble where the folder cannot be written to.
        """
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            # Exclusive: of two who do this at once one writes; what is there is never overwritten.
            descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except OSError as error:
            if self.there():
                return False
            raise StoreTrouble("checkpoint.key.unwritable", file=str(self.path)) from error
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(_new().line())
            file.flush()
            os.fsync(file.fileno())
        return True

    def rotate(self) -> CheckpointSigner:
        """Add a new key, which signs as soon as the one before has introduced it."""
        signers, new = self.signers(), _new()
        whole_file(self.path, "".join(each.line() for each in (*signers, new)), 0o600)
        return new

    def signers(self) -> tuple[Ed25519Signer, ...]:
        """Every key, the newest last.

        Raises StoreTrouble for a file that is not there, no key, or open to others.
        """
        try:
            if self.path.stat().st_mode & 0o077:
                raise StoreTrouble("checkpoint.key.open", file=str(self.path))
            found = tuple(_signers(self.path.read_text("ascii")))
        except FileNotFoundError as error:
            raise StoreTrouble("checkpoint.key.absent", file=str(self.path)) from error
        except (OSError, ValueError) as error:
            raise StoreTrouble("checkpoint.key.broken", file=str(self.path)) from error
        if not found:
            raise StoreTrouble("checkpoint.key.broken", file=str(self.path))
        return found

    def fingerprints(self) -> tuple[str, ...]:
        """Those of every key, none where no key was made; raises as `signers` does."""
        if not self.there():
            return ()
        return tuple(fingerprint_of(each.public.hex()) for each in self.signers())


def _signers(text: str) -> Iterator[Ed25519Signer]:
    for line in text.splitlines():
        scheme, _, told = line.partition(" ")
        try:
            seed = base64.b64decode(told, validate=True)
        except binascii.Error as error:
            raise ValueError(scheme) from error
        if scheme != NAME or len(seed) != _SEED_BYTES:
            raise ValueError(scheme)
        yield Ed25519Signer(Ed25519PrivateKey.from_private_bytes(seed))


def _new() -> Ed25519Signer:
    return Ed25519Signer(Ed25519PrivateKey.generate())
