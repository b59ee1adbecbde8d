"""Questions about what the public sent in, for those who work on a matter."""

from __future__ import annotations

from workflow.errors import NotFound
from workflow.inquiry.base import PAGE, Base
from workflow.store import Store
from workflow.submissions import Submission


class SentIn(Base):
    """What was sent in, without receipts; a reader masks who sent it."""

    def submissions(
        self, organisation: str, number: str, limit: int = PAGE, after: int = 0
    ) -> list[Submission]:
        """What was sent in on a matter, the oldest first; late ones too.  Raises NotFound."""
        with self._store(organisation) as store:
            return self._sent_in(store, number, limit, after)

    def _sent_in(self, store: Store, number: str, limit: int, after: int) -> list[Submission]:
        if store.matter(number, lock=False) is None:
            raise NotFound("unknown.matter", matter=number)
        return store.submissions(number, after, limit)
