"""Questions about meetings."""

from __future__ import annotations

from collections.abc import Mapping

from workflow.errors import NotFound
from workflow.inquiry.answers import Convened, Standing
from workflow.inquiry.base import PAGE
from workflow.inquiry.standings import Standings
from workflow.listing import Page, Place, alone, cut
from workflow.meeting import Meeting
from workflow.planning import NOTICE
from workflow.store import Store


class Meetings(Standings):
    """Meetings with their agendas and their matters."""

    def meeting(self, organisation: str, code: str) -> Meeting:
        """A meeting with its agenda.  Raises NotFound."""
        with self._store(organisation) as store:
            found = store.meeting(code, lock=False)
            if found is None:
                raise NotFound("unknown.meeting", meeting=code)
            return found.meeting

    def meetings(
        self, organisation: str, limit: int = PAGE, after: str | None = None
    ) -> list[Convened]:
        """The latest meetings, the newest first; those that follow a code in that order only.

        Raises NotFound where there is no meeting of that code.
        """
        with self._store(organisation) as store:
            found = self._latest(store, limit, () if after is None else (after,)).items
            return [self._convened(store, each, self._items(store, each)) for each in found]

    def _latest(self, store: Store, limit: int, after: Place) -> Page[Meeting]:
        code = alone(after) if after else None
        if code is not None and store.meeting(code, lock=False) is None:
            raise NotFound("unknown.meeting", meeting=code)
        found = [each.meeting for each in store.meetings(limit + 1, code)]
        return cut(found, limit, [(each.code,) for each in found])

    def convened(self, organisation: str, code: str) -> Convened:
        """A meeting with its matters.  Raises NotFound."""
        with self._store(organisation) as store:
            found = store.meeting(code, lock=False)
            if found is None:
                raise NotFound("unknown.meeting", meeting=code)
            return self._convened(store, found.meeting, self._items(store, found.meeting))

    def _items(self, store: Store, meeting: Meeting) -> dict[str, Standing]:
        """How the matters of a meeting stand, by number."""
        # An item without a number is one that is kept from whoever asks.
        items = [each for each in (*meeting.agenda, *meeting.taken_off) if each.matter]
        return {each.matter: self._standing(store, each.matter)[0] for each in items}

    def _convened(
        self, store: Store, meeting: Meeting, standings: Mapping[str, Standing]
    ) -> Convened:
        today = self._today(store)
        rules = self._book.current(store.home, today)
        notice = rules.procedure.rules[NOTICE]
        return Convened(
            meeting,
            {number: each.facts for number, each in standings.items()},
            rules.procedure,
            self._book.directory(store),
            today,
            {number: each.owed for number, each in standings.items()},
            self._book.lens(store, rules, today).counting.latest(notice, meeting.held_on)[0],
        )
