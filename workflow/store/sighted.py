"""The store as one person is to see it: what is kept from somebody is not there.

Every question that is asked of it passes through here, and lists are cut to what is seen before
they are cut to pages.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, case, false, literal, or_, select, true, tuple_

from workflow import tables as t
from workflow.access import Area, Reach, Rights, Scope, Sight
from workflow.listing import Place, alone, number_of
from workflow.searching import Part
from workflow.store.base import Home
from workflow.store.matters import StoredMatter
from workflow.store.parties import named, with_one_of
from workflow.store.whole import Store
from workflow.ties import Party

_m = t.matter.c


class Sighted(Store):
    """Queries over one connection, for one organisation, with the rights of one account.

    `bodies` are those in which the account sits, `parties_of` tells the parties to a matter; of
    every matter read they are kept in `parties`.
    """

    def __init__(
        self,
        connection: Connection,
        home: Home,
        rights: Rights,
        bodies: Collection[str],
        parties_of: Callable[[StoredMatter], frozenset[Party]],
    ) -> None:
        super().__init__(connection, home)
        self.rights = rights
        self.parties: dict[str, frozenset[Party]] = {}
        self._stages: dict[str, str] = {}
        self.bodies = frozenset(bodies)
        self._parties_of = parties_of

    @classmethod
    def of(
        cls,
        store: Store,
        rights: Rights,
        bodies: Collection[str],
        parties_of: Callable[[StoredMatter], frozenset[Party]],
    ) -> Sighted:
        """What an account sees over the connection of a store that shows everything."""
        return cls(store.connection, store.home, rights, bodies, parties_of)

    def matter(self, number: str, *, lock: bool) -> StoredMatter | None:
        """A matter with its records, if the account sees anything of it."""
        stored = super().matter(number, lock=lock)
        if stored is None:
            return None
        parties = self.parties[number] = self._parties_of(stored)
        self._stages[number] = stored.facts.stage
        seen = self.rights.sees(Area.MATTERS, stored.facts, parties)
        return None if seen is Sight.NONE else stored

    def sight(self, area: Area, number: str) -> Sight:
        """How much the account sees in an area of a matter that was read."""
        return self.rights.reach(area).of(self.parties[number], self._stages[number])

    @cached_property
    def hidden(self) -> Mapping[str, str]:
        """Number and title of whatever is restricted to others."""
        return self.kept_from(self.rights.account)

    def among(self, numbers: Collection[str]) -> frozenset[str]:
        """Those of the numbers whose matters the account sees."""
        query = select(_m.number).where(
            _m.organisation_id == self.home.id, _m.number.in_(sorted(numbers))
        )
        return frozenset(number for (number,) in self._run(self._seen(query)))

    def unseen(self, numbers: Collection[str]) -> frozenset[str]:
        """Those of the numbers that are matters of which the account sees nothing."""
        query = select(_m.number).where(
            _m.organisation_id == self.home.id, _m.number.in_(sorted(numbers))
        )
        there = frozenset(number for (number,) in self._run(query))
        return there - self.among(there) if there else there

    def departed(self, after: Place, limit: int) -> list[str]:
        """The numbers of matters of which the account sees where they left their course, in order.

        Those behind the number that is the place; raises BadInput for what is no place.
        """
        whole = self.rights.reach(Area.DEPARTURES).unasked
        query = (
            select(_m.number)
            .where(_m.organisation_id == self.home.id, self._within(whole))
            .order_by(_m.year, _m.serial)
            .limit(limit)
        )
        if after:
            place = tuple_(*map(literal, number_of(alone(after))))
            query = query.where(tuple_(_m.year, _m.serial) > place)
        return [number for (number,) in self._run(self._seen(query))]

    def whole(self) -> Store:
        """The same connection without any limit, for what is told by duty."""
        return Store(self._connection, self.home)

    @property
    def _known(self) -> Any:  # noqa: ANN401
        """Whether the account may know of the matter of the row, as far as a restriction goes."""
        return ~_m.restricted | named(self.rights.account)

    def _within(self, reach: Reach) -> Any:  # noqa: ANN401
        """Whether the matter of the row is in reach."""
        if reach.everything:
            return true()
        found = reach.parties | reach.asked
        own = with_one_of(found, self.home.id) if found else false()
        lent = (_m.stage.in_(sorted(e.stages)) & self._within(e.reach) for e in reach.lent)
        return or_(own, *lent)

    def _seen(self, matters: Any) -> Any:  # noqa: ANN401
        return matters.where(self._known, self._within(self.rights.reach(Area.MATTERS)))

    def _open_to_search(self) -> Any:  # noqa: ANN401
        """Nobody finds by what is not shown: parts that are not told are not searched either."""
        reach, drafts_ = self.rights.reach(Area.MATTERS), self.rights.reach(Area.DRAFTS)
        if reach.everything and drafts_.everything:
            return None
        part = t.matter_text.c.part
        whole = self._within(reach.unasked)
        drafts = self._within(drafts_)
        return or_(part <= Part.TITLE, (part < Part.DRAFT) & whole, (part == Part.DRAFT) & drafts)

    @property
    def _agenda(self) -> Any:  # noqa: ANN401
        shown = self._known & self._within(self.rights.reach(Area.MATTERS))
        query = super()._agenda
        number, *others = query.selected_columns
        return query.with_only_columns(case((shown, number), else_=""), *others)

    def _open_to(self, meetings: Any) -> Any:  # noqa: ANN401
        reach = self.rights.reach(Area.MEETINGS)
        if reach.everything:
            return meetings
        if reach.scope < Scope.TABLED:
            return meetings.where(false())
        item = t.agenda_item.c
        listed = select(item.meeting_id).join(t.matter, _m.id == item.matter_id)
        listed = listed.where(_m.organisation_id == self.home.id, self._known, self._within(reach))
        c = t.meeting.c
        return meetings.where(or_(c.body.in_(sorted(self.bodies)), c.id.in_(listed)))

    def _told(self, entries: Any) -> Any:  # noqa: ANN401
        reach = self.rights.reach(Area.JOURNAL)
        if reach.everything:
            return entries
        seen = select(_m.id).where(_m.organisation_id == self.home.id)
        seen = seen.where(self._known, self._within(reach))
        return entries.where(t.journal.c.matter_id.in_(seen))

    def _not_kept_from(self, alerts: Any) -> Any:  # noqa: ANN401
        known = select(_m.id).where(_m.organisation_id == self.home.id, self._known)
        told = t.alert.c.matter_id
        return alerts.where(told.is_(None) | told.in_(known))
