"""The catalogue of a year, and the matters that are its entries."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import bindparam, func, select

from workflow import tables as t
from workflow.store.base import Base
from workflow.store.records import acts
from workflow.yearly_catalogue import YearlyCatalogue, fold

_m = t.matter.c

_CATALOGUE = (
    select(
        t.catalogue_record.c.position,
        t.catalogue_record.c.command,
        t.catalogue_record.c.actor,
        t.catalogue_record.c.principal,
        t.catalogue_record.c.unit,
        t.catalogue_record.c.role,
        t.catalogue_record.c.payload,
        t.catalogue_record.c.filed_on,
    )
    .where(
        t.catalogue_record.c.organisation_id == bindparam("home"),
        t.catalogue_record.c.year == bindparam("year"),
    )
    .order_by(t.catalogue_record.c.position)
)


class Yearly(Base):
    """The yearly catalogues."""

    def catalogue(self, year: int) -> YearlyCatalogue:
        """The catalogue of a year; an empty one where nothing was filed of it."""
        return fold(year, acts(self._run(_CATALOGUE, {"home": self.home.id, "year": year})))

    def add_catalogue_record(self, values: Mapping[str, object]) -> None:
        """An accepted act on the catalogue of a year."""
        self._run(t.catalogue_record.insert().inline(), {"organisation_id": self.home.id, **values})

    def matters_of_entries(self, year: int) -> list[tuple[int, str, str]]:
        """The matters that are linked to entries of a year: entry, number and title of each."""
        rows = self._run(
            self._seen(
                select(_m.entry_number, _m.number, func.coalesce(_m.title, ""))
                .where(_m.organisation_id == self.home.id, _m.entry_year == year)
                .order_by(_m.entry_number, _m.id)
            )
        )
        return [(row[0], row[1], row[2]) for row in rows]
