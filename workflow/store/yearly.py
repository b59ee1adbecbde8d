"""The catalogue, recurring duties and holidays of a year, and the matters that are its entries."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import Select, Table, bindparam, func, select

from workflow import tables as t
from workflow.facts import Record
from workflow.holiday_forms import ImportHolidays
from workflow.store.base import Base
from workflow.store.records import acts
from workflow.yearly_catalogue import YearlyCatalogue, fold

_m = t.matter.c


def _acts_of(table: Table) -> Select[Any]:
    """The acts that a table keeps of an organisation."""
    c = table.c
    told = (c.position, c.command, c.actor, c.principal, c.unit, c.role, c.payload, c.filed_on)
    return select(*told).where(c.organisation_id == bindparam("home"))


def _of_year(table: Table) -> Select[Any]:
    """The acts on a year that a table keeps, in their order."""
    return _acts_of(table).where(table.c.year == bindparam("year")).order_by(table.c.position)


_CATALOGUE: Final = _of_year(t.catalogue_record)
_DUTIES: Final = _of_year(t.duty_record)
_HOLIDAYS: Final = _acts_of(t.holiday_record).order_by(t.holiday_record.c.journal_seq)


class Yearly(Base):
    """The yearly catalogues, the recurring duties of a year, and the notices on holidays."""

    def catalogue(self, year: int) -> YearlyCatalogue:
        """The catalogue of a year; an empty one where nothing was filed of it."""
        return fold(year, acts(self._run(_CATALOGUE, {"home": self.home.id, "year": year})))

    def add_catalogue_record(self, values: Mapping[str, object]) -> None:
        """An accepted act on the catalogue of a year."""
        self._run(t.catalogue_record.insert().inline(), {"organisation_id": self.home.id, **values})

    def duty_records(self, year: int) -> tuple[Record, ...]:
        """The accepted acts on the recurring duties of a year, in their order."""
        return acts(self._run(_DUTIES, {"home": self.home.id, "year": year}))

    def add_duty_record(self, values: Mapping[str, object]) -> None:
        """An accepted act on the recurring duties of a year."""
        self._run(t.duty_record.insert().inline(), {"organisation_id": self.home.id, **values})

    def holiday_records(self) -> tuple[Record, ...]:
        """The acts by which notices on holidays were taken in, in their order."""
        return acts(self._run(_HOLIDAYS, {"home": self.home.id}))

    def holiday_notices(self) -> tuple[ImportHolidays, ...]:
        """The notices on holidays that the organisation took in, in their order."""
        return tuple(
            ImportHolidays.model_validate_json(json.dumps(each.payload))
            for each in self.holiday_records()
        )

    def add_holiday_notice(self, values: Mapping[str, object]) -> None:
        """A notice on holidays that was taken in: what is known of the organisation is anew."""
        self._run(t.holiday_record.insert().inline(), {"organisation_id": self.home.id, **values})
        self._known_anew()

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
