"""Questions about matters: one, many, and those on which something is owed."""

from __future__ import annotations

from workflow.errors import NotFound
from workflow.inquiry.answers import Line, Standing
from workflow.inquiry.base import PAGE
from workflow.inquiry.listed import Listed, rows_of
from workflow.listing import Query
from workflow.store import Store


class Matters(Listed):
    """Matters as they stand, and in lists."""

    def matters(
        self,
        organisation: str,
        stage: str | None = None,
        limit: int = PAGE,
        after: str | None = None,
    ) -> list[Line]:
        """Matters in the order in which they were proposed, those after a number only.

        Raises NotFound where there is no matter of that number.
        """
        with self._store(organisation) as store:
            return self._lines(store, stage, limit, after)

    def _lines(self, store: Store, stage: str | None, limit: int, after: str | None) -> list[Line]:
        if after is not None and store.place_of_matter(after) is None:
            raise NotFound("unknown.matter", matter=after)
        stages = frozenset() if stage is None else frozenset({stage})
        place = () if after is None else (after,)
        return list(self._page(store, Query(stages, after=place, limit=limit)).items)

    def standings(self, organisation: str, limit: int = PAGE) -> list[Standing]:
        """How matters stand today, in the order in which they were proposed."""
        with self._store(organisation) as store:
            rows = store.matters(None, 0, limit)
            return [self._standing(store, row.number)[0] for row in rows]

    def debts(self, organisation: str) -> list[Standing]:
        """The matters on which something is owed afterwards, in time or late, by number.

        That is for what was let pass in advance, because they were decided and are not closed, or
        because a step that can still be worked on after the end wants something again.
        """
        with self._store(organisation) as store:
            return self._owing(store)

    def _owing(self, store: Store) -> list[Standing]:
        found = []
        for row in rows_of(store, Query(owing=True)):
            standing = self._standing(store, row.number)[0]
            stages = standing.procedure.stages
            lasting = self._book.pinned(row.digest, store).lifecycle.lasting
            if standing.owed or (row.stage in lasting and not stages[row.stage].end):
                found.append(standing)
        return found

    def matter(self, organisation: str, number: str) -> Standing:
        """How a matter stands today.  Raises NotFound."""
        with self._store(organisation) as store:
            return self._standing(store, number)[0]

    def draft_text(self, organisation: str, number: str, draft: int) -> str:
        """The text of a version.  Raises NotFound."""
        with self._store(organisation) as store:
            stored = store.matter(number, lock=False)
            found = None if stored is None else store.draft_text(stored.id, draft)
            if found is None:
                raise NotFound("unknown.draft", matter=number, draft=draft)
            return found
