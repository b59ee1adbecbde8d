"""What every room of identity's store stands on: one connection, one organisation by its key."""

from __future__ import annotations

from sqlalchemy import Connection


class Base:
    """Queries over one connection; begins and ends no transaction."""

    def __init__(self, connection: Connection, organisation: int) -> None:
        self.connection = connection
        self.organisation = organisation
        self._run = connection.execute
