"""What another calendar would change: open dates, and what was in time and no longer is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from workflow.definition import Procedure
from workflow.directory import Directory
from workflow.guards import Lens
from workflow.inquiry.answers import Standing
from workflow.inquiry.standings import standing_of
from workflow.meeting import Meeting
from workflow.refusals import Unmet
from workflow.service.rulebook import Rulebook
from workflow.shifting import OpenDate, Shift, Shifts, shifts_between
from workflow.store import HOUSE, Store

OfMatter = Callable[[Standing, Lens], Iterable[OpenDate]]
OfHouse = Callable[[Procedure, Directory, Lens, Mapping[str, Meeting]], Iterable[OpenDate]]


@dataclass(frozen=True, slots=True)
class Shifting:
    """Finds it by `of_matter` and `of_house`, which tell the open dates of one subject."""

    of_matter: OfMatter
    of_house: OfHouse

    def __call__(self, before: Rulebook, after: Rulebook, store: Store, today: date, /) -> Shifts:
        """What becomes of all that is open, counted by two calendars on the same day."""
        shifts: list[Shift] = []
        late: list[Unmet] = []
        for subject in store.awake():
            if subject == HOUSE:
                was = self._house(before, store, today)
                shifts += shifts_between(was, self._house(after, store, today))
                continue
            stored = store.matter(subject, lock=False)
            if stored is None:
                continue
            old, lens = standing_of(before, store, stored, today)
            new, other = standing_of(after, store, stored, today)
            shifts += shifts_between(self.of_matter(old, lens), self.of_matter(new, other))
            late += _reopened(old, new)
        return Shifts(tuple(shifts), tuple(late))

    def _house(self, book: Rulebook, store: Store, today: date) -> tuple[OpenDate, ...]:
        rules = book.current(store.home, today)
        found = (store.meeting(code, lock=False) for code in store.meetings_ahead())
        meetings = {each.meeting.code: each.meeting for each in found if each is not None}
        lens = book.lens(store, rules, today)
        return tuple(self.of_house(rules.procedure, book.directory(store), lens, meetings))


def _reopened(old: Standing, new: Standing) -> Iterator[Unmet]:
    """What steps want that were closed: something was in time before, and no longer is."""
    for name, stands in new.assessments.items():
        if not stands.state.closed and old.assessments[name].state.closed:
            for unmet in stands.unmet:
                yield replace(unmet, params={**unmet.params, "matter": new.facts.number})
