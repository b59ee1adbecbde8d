"""Questions about the catalogue, the recurring duties and the holidays of a year."""

from __future__ import annotations

from workflow.holiday_forms import ImportHolidays
from workflow.inquiry.answers import CatalogueStanding, HolidayStanding, LedgerStanding
from workflow.inquiry.base import Base
from workflow.store import Store


class Yearly(Base):
    """The yearly catalogues and ledgers, and the calendar."""

    def catalogue(self, organisation: str, year: int) -> CatalogueStanding:
        """The yearly catalogue; an empty one where nothing was filed of it."""
        with self._store(organisation) as store:
            return self._of_year(store, year)

    def _of_year(self, store: Store, year: int) -> CatalogueStanding:
        today = self._today(store)
        return CatalogueStanding(
            store.catalogue(year),
            self._book.current(store.home, today).procedure,
            self._book.directory(store),
            today,
            tuple(store.matters_of_entries(year)),
        )

    def holidays(self, organisation: str) -> HolidayStanding:
        """The notices on holidays that were taken in."""
        with self._store(organisation) as store:
            return self._holidays_of(store)

    def _holidays_of(self, store: Store) -> HolidayStanding:
        records = store.holiday_records()
        return HolidayStanding(records, store.holiday_notices(), self._book.directory(store))

    def calendar(self, organisation: str) -> tuple[ImportHolidays, ...]:
        """What the days of the organisation rest on, besides what everybody knows."""
        with self._store(organisation) as store:
            return self._book.calendar(store).notices

    def duties(self, organisation: str, year: int) -> LedgerStanding:
        """The recurring duties of a year, and what was done about them."""
        with self._store(organisation) as store:
            return self._duties_of(store, year)

    def _duties_of(self, store: Store, year: int) -> LedgerStanding:
        today = self._today(store)
        return LedgerStanding(
            self._book.ledger(store, year),
            self._book.current(store.home, today).procedure,
            self._book.directory(store),
            today,
        )
