"""What an answer was made from: every statement that was run for it, and what the database said.

Whoever asks the same again, and is told the same row for row, would make the same answer of it: a
question follows from nothing but what it reads, the day, and rules that are pinned by digest.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, event

from workflow import prepared
from workflow.prepared import HEARD
from workflow.uow import UnitOfWork

Rows = tuple[tuple[Any, ...], ...]


@dataclass(frozen=True, slots=True)
class Told:
    """A statement as the driver got it, with its values, and every row that came of it."""

    statement: str
    values: Any
    rows: Rows

    @property
    def signs(self) -> int:
        """How many signs it keeps, roughly."""
        return len(self.statement) + sum(
            len(each) for row in self.rows for each in row if isinstance(each, str)
        )


class Hearing(UnitOfWork):
    """Reads as another unit of work does, and keeps what the database was asked and told."""

    def __init__(self, uow: UnitOfWork) -> None:
        """Of the database of `uow`."""
        super().__init__(uow.engine)
        self.told: list[Told] = []

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """As `UnitOfWork.read`; in the end all of it is asked once more, in the same view."""
        with super().read() as connection:
            asked: list[tuple[str, Any]] = []
            connection.execution_options(**{HEARD: asked})
            event.listen(connection, "before_cursor_execute", _hear)
            yield connection
            connection.execution_options(**{HEARD: None})
            self.told += [
                Told(statement, values, _rows(connection, statement, values))
                for statement, values in asked
            ]


def still(uow: UnitOfWork, told: Sequence[Told]) -> bool:
    """Whether the database says the same to all of it, in one view."""
    with uow.read() as connection:
        return all(_rows(connection, each.statement, each.values) == each.rows for each in told)


def _hear(
    connection: Connection,
    cursor: object,  # noqa: ARG001 (as SQLAlchemy calls it)
    statement: str,
    values: Any,  # noqa: ANN401
    *_: object,
) -> None:
    heard = connection.get_execution_options().get(HEARD)
    if heard is not None:
        heard.append((statement, values))


def _rows(connection: Connection, statement: str, values: Any) -> Rows:  # noqa: ANN401
    found = prepared.send(connection, statement, values).fetchall()
    return tuple(map(_EXACT[connection.dialect.name], found))


def _with_json(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """A row as PostgreSQL gives it: JSON comes read, and there 1 and true would be the same."""
    return tuple(json.dumps(each) if isinstance(each, dict | list) else each for each in row)


_EXACT: Final[dict[str, Callable[[Any], tuple[Any, ...]]]] = {
    "sqlite": tuple,
    "postgresql": _with_json,
}
