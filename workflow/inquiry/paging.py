"""The other lists a page at a time: journal, alerts, meetings, people."""

from __future__ import annotations

from workflow.errors import NotFound
from workflow.guards import Lens
from workflow.inquiry.answers import Convened, Notice, Standing
from workflow.inquiry.base import PAGE
from workflow.inquiry.inbox import Inbox
from workflow.inquiry.meetings import Meetings
from workflow.journal import Entry
from workflow.listing import Page, Place, alone, cut, instant, whole
from workflow.store import Store


class Paging(Inbox, Meetings):
    """Pages that go on where the one before ended."""

    def journal_page(
        self,
        organisation: str,
        limit: int = PAGE,
        after: Place = (),
        matter: str | None = None,
    ) -> Page[Entry]:
        """Journal entries in order, of one matter only where it is named; places are numbers.

        Raises NotFound, and BadInput for what is no place.
        """
        since = whole(alone(after)) if after else 0
        with self._store(organisation) as store:
            found = store.entries(since, limit + 1, matter)
        return cut(found, limit, [(str(each.seq),) for each in found])

    def inbox_page(
        self, organisation: str, account: str, limit: int = PAGE, after: Place = ()
    ) -> Page[Notice]:
        """A person's alerts, newest first; places are the instant and the id of an alert.

        Raises NotFound for an unknown account, BadInput for what is no place.
        """
        with self._store(organisation) as store:
            if account not in self._book.directory(store).persons:
                raise NotFound("unknown.person", person=account)
            return self._notices(store, store, account, limit, after)

    def _notices(
        self, store: Store, whole_: Store, account: str, limit: int, after: Place
    ) -> Page[Notice]:
        """The alerts that one store tells of, and how they stand by what another one knows."""
        since = None if not after else (instant(after[0]), whole(alone(after[1:])))
        rows = store.alerts_after(account, since, limit + 1)
        page = cut(rows, limit, [(row.last_at.isoformat(), str(row.id)) for row in rows])
        known: dict[str, tuple[Standing, Lens]] = {}
        return Page(tuple(self._notice(whole_, row, known) for row in page.items), page.next)

    def meetings_page(
        self, organisation: str, limit: int = PAGE, after: Place = ()
    ) -> Page[Convened]:
        """Meetings, the newest first; places are codes.

        Raises NotFound where there is no meeting of that code, BadInput for what is no place.
        """
        with self._store(organisation) as store:
            page = self._latest(store, limit, after)
            shown = tuple(
                self._convened(store, each, self._items(store, each)) for each in page.items
            )
            return Page(shown, page.next)

    def people_page(self, organisation: str, limit: int = PAGE, after: Place = ()) -> Page[str]:
        """The accounts of everybody, by account; places are accounts.

        Raises NotFound, and BadInput for what is no place.
        """
        with self._store(organisation) as store:
            return self._accounts(store, limit, after)

    def _accounts(self, store: Store, limit: int, after: Place) -> Page[str]:
        since = alone(after) if after else ""
        persons = self._book.directory(store).persons
        found = [account for account in sorted(persons) if account > since][: limit + 1]
        return cut(found, limit, [(account,) for account in found])
