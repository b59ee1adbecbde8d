"""What every question stands on: a store that reads one unchanging view, the rules, the day."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from workflow.errors import NotFound
from workflow.listing import PAGE
from workflow.ports import Clock
from workflow.service.rulebook import Rulebook
from workflow.store import Home, Store, home
from workflow.uow import UnitOfWork

__all__ = ["PAGE", "Base"]


class Base:
    """Asks one database; a room derives from this, and from the rooms whose answers it needs."""

    def __init__(self, uow: UnitOfWork, book: Rulebook, clock: Clock) -> None:
        self._uow = uow
        self._book = book
        self._clock = clock

    def _today(self, store: Store) -> date:
        return self._clock.now().astimezone(ZoneInfo(store.home.time_zone)).date()

    def _opened(self, connection: Connection, where: Home) -> Store:
        """The store that is asked; a reader's shows what its account sees."""
        return Store(connection, where)

    @contextmanager
    def _store(self, organisation: str) -> Iterator[Store]:
        with self._uow.read() as connection:
            found = home(connection, organisation)
            if found is None:
                raise NotFound("unknown.organisation", organisation=organisation)
            yield self._opened(connection, found[0])
