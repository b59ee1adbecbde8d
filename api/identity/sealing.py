"""The key outside the database, and what it seals: secrets of second factors, sign-ins begun."""

from __future__ import annotations

import hashlib
import hmac
import os
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Final

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from workflow.errors import StoreTrouble

_MARK: Final = b"yicheng request\n"


def make_key(path: Path) -> bool:
    """Write a new key that nobody else may read, unless there is one; tells whether it was written.

    Raises StoreTrouble where the folder cannot be written to.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # Exclusive: of two who do this at once one writes, and what is there is never overwritten.
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        if path.is_file():
            return False
        raise StoreTrouble("identity.key.unwritable", file=str(path)) from error
    with os.fdopen(descriptor, "wb") as file:
        file.write(Fernet.generate_key() + b"\n")
        file.flush()
        os.fsync(file.fileno())
    return True


class Sealer:
    """Seals with the first key of the file and opens with any of them, so that keys can change."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def seal(self, content: bytes, at: datetime) -> str:
        """The content as only the key opens it, and when it was sealed."""
        return self._keys.encrypt_at_time(content, int(at.timestamp())).decode()

    def open(self, sealed: str) -> bytes | None:
        """What was sealed, whenever; None for what this key did not seal."""
        try:
            return self._keys.decrypt(sealed)
        except InvalidToken:
            return None

    def open_within(self, sealed: str, period: timedelta, now: datetime) -> bytes | None:
        """What was sealed no longer ago than this, and not in the future."""
        try:
            return self._keys.decrypt_at_time(
                sealed, int(period.total_seconds()), int(now.timestamp())
            )
        except InvalidToken:
            return None

    def marks(self, content: bytes) -> tuple[str, ...]:
        """What only somebody with the key can tell of the content: by each key, the first first.

        Not a plain digest: there may be a password in it, which could then be guessed at leisure.
        """
        keys = self._read[1]
        return tuple(
            hmac.new(key.encode(), _MARK + content, hashlib.sha256).hexdigest() for key in keys
        )

    @property
    def _keys(self) -> MultiFernet:
        return self._read[0]

    @cached_property
    def _read(self) -> tuple[MultiFernet, list[str]]:
        """Raises StoreTrouble for a file that is not there, no key, or open to others."""
        try:
            if self._path.stat().st_mode & 0o077:
                raise StoreTrouble("identity.key.open", file=str(self._path))
            lines = self._path.read_text("ascii").split()
            return MultiFernet([Fernet(line) for line in lines]), lines
        except FileNotFoundError as error:
            raise StoreTrouble("identity.key.absent", file=str(self._path)) from error
        except (OSError, ValueError) as error:
            raise StoreTrouble("identity.key.broken", file=str(self._path)) from error
