"""What a request asks of the database: every statement with its values, in order."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from sqlalchemy import Engine, event

from workflow import prepared

Statement = tuple[str, Any]
BEGIN = "BEGIN"


@contextmanager
def recorded(engine: Engine) -> Iterator[list[Statement]]:
    """The statements that are run while the block lasts; none that begins or ends a transaction.

    They go to the driver by two ways, through SQLAlchemy and by their text (`workflow.prepared`).
    """
    found: list[Statement] = []
    sent = prepared.send

    def send(connection: Any, statement: str, values: Any) -> Any:
        found.append((statement, values))
        return sent(connection, statement, values)

    def heard(_: object, __: object, statement: str, values: Any, *___: object) -> None:
        found.append((statement, values))

    event.listen(engine, "before_cursor_execute", heard)
    try:
        with patch.object(prepared, "send", send):
            yield found
    finally:
        event.remove(engine, "before_cursor_execute", heard)
