"""What every room of the store stands on: one connection, and the organisation it is for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, Table, bindparam, func, select
from sqlalchemy.dialects import postgresql, sqlite

from workflow import tables as t
from workflow.definition import Text
from workflow.prepared import Prepared


@dataclass(frozen=True, slots=True)
class Home:
    """The organisation that a request belongs to."""

    id: int
    code: str
    name: Text
    profile: str
    time_zone: str
    rehearsal: bool
    directory_version: int
    series: tuple[str, ...] = ()
    signs_from: int = 1


_m = t.matter.c
_HOME = Prepared(
    select(
        t.organisation.c.id,
        t.organisation.c.code,
        t.organisation.c.name_zh,
        t.organisation.c.name_en,
        t.organisation.c.profile,
        t.organisation.c.time_zone,
        t.organisation.c.rehearsal,
        t.organisation.c.directory_version,
        t.organisation.c.series,
        t.organisation.c.signs_from,
        _m.version,
    )
    .select_from(
        t.organisation.outerjoin(
            t.matter,
            (_m.organisation_id == t.organisation.c.id) & (_m.number == bindparam("number")),
        )
    )
    .where(t.organisation.c.code == bindparam("code"))
)


class Base:
    """One connection and one organisation; begins and ends no transaction.

    A room derives from this, and from the rooms whose queries it asks.
    """

    def __init__(self, connection: Connection, home: Home) -> None:
        self._connection = connection
        self._run = connection.execute
        self._dialect = connection.dialect.name
        self.home = home

    @property
    def connection(self) -> Connection:
        """The connection, for another store of the same organisation."""
        return self._connection

    def _people_as_of(self, version: int) -> None:
        if version != self.home.directory_version:
            self.home = replace(self.home, directory_version=version)

    def _known_anew(self) -> None:
        """Who is who, or which days are worked, is another from now on: it is read anew."""
        o = t.organisation.c
        self._run(
            t.organisation.update()
            .where(o.id == self.home.id)
            .values(directory_version=o.directory_version + 1)
        )

    def _seen(self, matters: Any) -> Any:  # noqa: ANN401 (a statement of whatever columns)
        """The same query of matters, of those alone that this store is to tell of: here all."""
        return matters

    def _insert(self, table: Table) -> Any:  # noqa: ANN401 (two dialects' own inserts)
        return (postgresql if self._dialect == "postgresql" else sqlite).insert(table)

    def _next_serial(self, table: Table, year: int) -> int:
        newest = self._run(
            select(func.max(table.c.serial)).where(
                table.c.organisation_id == self.home.id, table.c.year == year
            )
        ).scalar()
        return 1 if newest is None else int(newest) + 1

    @staticmethod
    def _key(inserted: Any) -> int:  # noqa: ANN401
        return int(inserted[0])


def organisation_codes(connection: Connection) -> tuple[str, ...]:
    """The codes of all organisations, in the order of their founding."""
    o = t.organisation.c
    return tuple(connection.execute(select(o.code).order_by(o.id)).scalars())


def home(
    connection: Connection, code: str, matter: str | None = None
) -> tuple[Home, int | None] | None:
    """The organisation of that code, and the present version of a matter of it; locks nothing."""
    rows = _HOME.read(connection, {"code": code, "number": matter})
    if not rows:
        return None
    key, found, zh, en, profile, zone, rehearsal, directory, series, signs_from, version = rows[0]
    named = Text(zh, en)
    told = Home(key, found, named, profile, zone, rehearsal, directory, tuple(series), signs_from)
    return told, version
