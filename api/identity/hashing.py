"""Passwords to digests and back to a yes or no: argon2id, at the cost that the policy states."""

from __future__ import annotations

import secrets
from functools import cached_property
from threading import BoundedSemaphore

from pwdlib.hashers.argon2 import Argon2Hasher

from api.identity.policy import Policy


class Passwords:
    """Hashes and checks; only so many at once, for each takes memory."""

    def __init__(self, policy: Policy) -> None:
        self._room = BoundedSemaphore(policy.argon2_at_once)
        self._hasher = Argon2Hasher(
            time_cost=policy.argon2_iterations,
            memory_cost=policy.argon2_memory_kib,
            parallelism=policy.argon2_lanes,
        )

    def digest(self, password: str) -> str:
        """What is kept of a password."""
        with self._room:
            return self._hasher.hash(password)

    def check(self, password: str, digest: str | None) -> bool:
        """Whether it is the password; as much work where there is none to compare it with."""
        # Made for the first who asks, whoever that is: it must not cost the unknown alone.
        nobody = self._nobody
        with self._room:
            right = self._hasher.verify(password, nobody if digest is None else digest)
        return right and digest is not None

    def outdated(self, digest: str) -> bool:
        """Whether the digest was made at another cost than is asked for now."""
        return self._hasher.check_needs_rehash(digest)

    @cached_property
    def _nobody(self) -> str:
        """The digest of a password that nobody has."""
        return self._hasher.hash(secrets.token_urlsafe())
