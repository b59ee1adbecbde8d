"""Questions about matters: one, many, and those on which something is owed."""

from __future__ import annotations

from collections.abc import Iterator

from workflow.errors import NotFound
from workflow.inquiry.answers import Standing
from workflow.inquiry.base import PAGE
from workflow.inquiry.listed import Listed, rows_of
from workflow.inquiry.signatures import signatures_beside
from workflow.listing import Place, Query
from workflow.store import Store


class Matters(Listed):
    """Matters as they stand, and in lists."""

    def standings(self, organisation: str, limit: int = PAGE) -> list[Standing]:
        """How matters stand today, in the order in which they were proposed."""
        with self._store(organisation) as store:
            rows = store.listed(Query(), (), limit)
            return [self._standing(store, row.number)[0] for row in rows]

    def debts(self, organisation: str) -> list[Standing]:
        """The matters on which something is owed afterwards, in time or late, by number.

        That is for what was let pass in advance, because they were decided and are not closed, or
        because a step that can still be worked on after the end wants something again.
        """
        with self._store(organisation) as store:
            return list(self._owing(store))

    def _owing(self, store: Store, after: Place = ()) -> Iterator[Standing]:
        for row in rows_of(store, Query(owing=True, after=after)):
            standing = self._standing(store, row.number)[0]
            stages = standing.procedure.stages
            lasting = self._book.pinned(row.digest, store).lifecycle.lasting
            if standing.owed or (row.stage in lasting and not stages[row.stage].end):
                yield standing

    def matter(self, organisation: str, number: str) -> Standing:
        """How a matter stands today, with its signatures.  Raises NotFound."""
        with self._store(organisation) as store:
            return signatures_beside(self._book, store, self._standing(store, number)[0])

    def draft_text(self, organisation: str, number: str, draft: int) -> str:
        """The text of a version.  Raises NotFound."""
        with self._store(organisation) as store:
            stored = store.matter(number, lock=False)
            found = None if stored is None else store.draft_text(stored.id, draft)
            if found is None:
                raise NotFound("unknown.draft", matter=number, draft=draft)
            return found
