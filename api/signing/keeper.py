"""The keeper of keys: makes one for each person, sealed by the installation's own key."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Final

from api.identity.sealing import Sealer, make_key
from workflow import ed25519
from workflow.errors import StoreTrouble
from workflow.signing import Algorithm, HeldKey, NewKey

#: Every algorithm whose signatures can be verified.
ALGORITHMS: Final[Mapping[str, Algorithm]] = {ed25519.NAME: ed25519.Ed25519()}


class Keeper:
    """Implements `Signatures` with Ed25519 and the file that seals second factors as well."""

    algorithms: Final = ALGORITHMS

    def __init__(self, secret: Path) -> None:
        self._secret = secret
        self._sealer = Sealer(secret)

    def new_key(self, organisation: str, account: str, at: datetime) -> NewKey:  # noqa: ARG002 (the port's)
        """A new key for a person.  Makes the file that seals it where there is none yet."""
        make_key(self._secret)
        public, secret = ed25519.made()
        return NewKey(ed25519.NAME, public, self._sealer.seal(secret, at))

    def sign(self, key: HeldKey, statement: str) -> str:
        """The signature over a statement.

        Raises StoreTrouble where the file that sealed the key is gone or another one.
        """
        secret = self._sealer.open(key.held)
        if secret is None:
            raise StoreTrouble("identity.key.signing")
        return ed25519.signed(secret, statement)
