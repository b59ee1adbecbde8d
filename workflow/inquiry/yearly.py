"""Questions about the catalogue of a year."""

from __future__ import annotations

from workflow.inquiry.answers import CatalogueStanding
from workflow.inquiry.base import Base
from workflow.store import Store


class Yearly(Base):
    """The yearly catalogues."""

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
