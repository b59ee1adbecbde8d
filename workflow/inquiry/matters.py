"""Questions about matters: one, many, and those on which something is owed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from workflow.errors import NotFound
from workflow.facts import ARCHIVING
from workflow.inquiry.answers import Line, Standing
from workflow.inquiry.base import PAGE
from workflow.inquiry.standings import Standings
from workflow.planning import afterwards
from workflow.store import Store


class Matters(Standings):
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
        place = 0 if after is None else store.place_of_matter(after)
        if place is None:
            raise NotFound("unknown.matter", matter=after)
        debts = self._debts(store)
        return [self._line(store, row, debts) for row in store.matters(stage, place, limit)]

    def _line(self, store: Store, row: Any, debts: Mapping[str, Standing]) -> Line:  # noqa: ANN401
        """A matter for a list; only of one that may owe something is more read than its row."""
        procedure = self._book.pinned(row.digest, store).procedure
        standing = debts.get(row.number)
        if standing is None and row.title and row.stage in afterwards(procedure):
            standing = self._standing(store, row.number)[0]
        return Line(
            row.number,
            row.title or "",
            row.stage,
            row.unit,
            row.paused_since is not None,
            row.updated_at,
            procedure,
            () if standing is None else standing.owed,
            () if standing is None else standing.duties,
        )

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
        found = self._debts(store)
        procedure = self._book.current(store.home, self._today(store)).procedure
        for stage in sorted(afterwards(procedure)):
            for number in every_in(store, stage):
                standing = found.get(number) or self._standing(store, number)[0]
                if standing.owed or not procedure.stages[stage].end:
                    found[number] = standing
        return [found[number] for number in sorted(found)]

    def _debts(self, store: Store) -> dict[str, Standing]:
        rules = self._book.current(store.home, self._today(store))
        ends = {name for name, stage in rules.procedure.stages.items() if stage.end}
        archived = [each for act in ARCHIVING for each in rules.lifecycle.sources(act)]
        numbers = store.owing(ends.intersection(archived), ARCHIVING)
        standings = {number: self._standing(store, number)[0] for number in numbers}
        return {number: each for number, each in standings.items() if each.owed}

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


def every_in(store: Store, stage: str) -> Iterator[str]:
    """The numbers of all matters in a stage, read a page at a time."""
    place = 0
    while rows := store.matters(stage, place, PAGE):
        yield from (row.number for row in rows)
        place = rows[-1].id
