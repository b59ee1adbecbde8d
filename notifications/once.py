"""What is done once under a key, however often it is asked for."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from workflow.canonical import digest_of
from workflow.errors import Conflict
from workflow.store import Store


@dataclass(frozen=True, slots=True)
class Once:
    """The key of a request, bound to whoever asks, and what is asked for under it."""

    key: str
    asked: str

    def before(self, store: Store) -> int | None:
        """What came of it before, None where it was not asked for yet.

        Raises Conflict where the key was used for something else.
        """
        found = store.request(self.key)
        if found is None:
            return None
        if found[0] != digest_of(self.asked):
            raise Conflict("request.key_reused", key=self.key)
        return int(found[1]["id"])

    def keep(self, store: Store, result: int, at: datetime) -> None:
        """Remember what came of it, in the transaction that does it."""
        store.add_request(self.key, digest_of(self.asked), json.dumps({"id": result}), at)
