"""Statements of the hot path: written with SQLAlchemy, compiled once, then run by their text.

SQLAlchemy looks every statement up in its cache of compiled ones, makes a context for each run and
wraps every row that it reads; on the few statements that each command runs, that costs more than
the database does.  So the driver is given the text itself, and its errors come as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import Connection, Date, Delete, Dialect, Insert, Select, Update
from sqlalchemy.types import TypeEngine

from workflow.tables import Instant

Processor = Callable[[Any], Any]

HEARD: Final = "yicheng_heard"
"""Where a connection's options hold the list of those who hear what is asked (`workflow.heard`)."""


def send(connection: Connection, statement: str, values: Any) -> Any:  # noqa: ANN401
    """Run a text on the driver under a connection; gives the driver's cursor."""
    heard = connection.get_execution_options().get(HEARD)
    if heard is not None:
        heard.append((statement, values))
    driver: Any = connection.connection.driver_connection
    return driver.execute(statement, values)


@contextmanager
def unheard(connection: Connection) -> Iterator[None]:
    """Ask what follows from something that was heard already, as from a version or a digest."""
    heard = connection.get_execution_options().get(HEARD)
    known = 0 if heard is None else len(heard)
    yield
    if heard is not None:
        del heard[known:]


@dataclass(frozen=True, slots=True)
class _Ready:
    text: str
    positions: tuple[str, ...] | None
    binders: tuple[tuple[str, Processor], ...]
    readers: tuple[tuple[int, Processor], ...]


class Prepared:
    """A statement whose parameters are all named and given anew at each run."""

    def __init__(self, statement: Insert | Update | Delete | Select[Any], *columns: str) -> None:
        """`columns` are those that an insert gives values to."""
        self._statement = statement
        self._columns = list(columns) or None
        self._ready: dict[str, _Ready] = {}

    def write(self, connection: Connection, values: Mapping[str, object]) -> None:
        """Run a statement that gives nothing back."""
        self._run(connection, values)

    def read(self, connection: Connection, values: Mapping[str, object]) -> list[Sequence[Any]]:
        """Every row of a query, its values as the columns' types want them."""
        ready, result = self._run(connection, values)
        if not ready.readers:
            return list(result)
        return [_as_read(row, ready.readers) for row in result]

    def _run(self, connection: Connection, values: Mapping[str, object]) -> tuple[_Ready, Any]:
        dialect = connection.dialect
        ready = self._ready.get(dialect.name)
        if ready is None:
            ready = self._ready[dialect.name] = self._prepare(dialect)
        given = dict(values)
        for name, bind in ready.binders:
            given[name] = bind(given[name])
        if ready.positions is None:
            return ready, send(connection, ready.text, given)
        return ready, send(connection, ready.text, [given[name] for name in ready.positions])

    def _prepare(self, dialect: Dialect) -> _Ready:
        compiled = self._statement.compile(dialect=dialect, column_keys=self._columns)
        binders = {name: _binder(bound.type, dialect) for name, bound in compiled.binds.items()}
        columns = getattr(self._statement, "selected_columns", ())
        readers = {
            place: column.type.dialect_impl(dialect).result_processor(dialect, None)
            for place, column in enumerate(columns)
        }
        return _Ready(
            text=str(compiled),
            positions=None if compiled.positiontup is None else tuple(compiled.positiontup),
            binders=tuple((name, each) for name, each in binders.items() if each is not None),
            readers=tuple((place, each) for place, each in readers.items() if each is not None),
        )


def _binder(kind: TypeEngine[Any], dialect: Dialect) -> Processor | None:
    bind = kind.dialect_impl(dialect).bind_processor(dialect)
    if bind is None or not isinstance(kind, Date | Instant):
        return bind
    # All rows of a command carry the same instant and day.
    return lru_cache(maxsize=16)(bind)


def _as_read(row: tuple[Any, ...], readers: tuple[tuple[int, Processor], ...]) -> tuple[Any, ...]:
    values = list(row)
    for place, read in readers:
        values[place] = read(values[place])
    return tuple(values)
