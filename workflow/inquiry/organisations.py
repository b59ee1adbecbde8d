"""Questions about an organisation: who is who, and what it works under."""

from __future__ import annotations

from workflow.definition import Procedure
from workflow.directory import Directory
from workflow.inquiry.base import Base
from workflow.store import Home


class Organisations(Base):
    """What holds for all matters of an organisation."""

    def organisation(self, code: str) -> Home:
        """The organisation of that code.  Raises NotFound."""
        with self._store(code) as store:
            return store.home

    def directory(self, organisation: str) -> Directory:
        """Who is who."""
        with self._store(organisation) as store:
            return self._book.directory(store)

    def procedure(self, organisation: str) -> Procedure:
        """The definition under which the organisation works today."""
        with self._store(organisation) as store:
            return self._book.current(store.home, self._today(store)).procedure
