"""The definitions that matters are pinned to, as they stood."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select

from workflow import tables as t
from workflow.definition import Procedure
from workflow.errors import BrokenDefinition
from workflow.prepared import unheard
from workflow.store.base import Base

_p = t.procedure_version.c


class Definitions(Base):
    """Definitions kept for the matters that run under them."""

    def procedure_version(self, procedure: Procedure, source: str, at: datetime) -> int:
        """The row of a definition, written when the first matter is pinned to it.

        Raises BrokenDefinition where another text was published under the same version.
        """
        row = self._procedure_version(procedure)
        if row is None:
            self._run(
                self._insert(t.procedure_version).on_conflict_do_nothing(),
                {
                    "procedure": procedure.id,
                    "version": procedure.version,
                    "digest": procedure.digest,
                    "source": source,
                    "stored_at": at,
                },
            )
            # Another organisation may have been faster.
            row = self._procedure_version(procedure)
        if row is None or row.digest != procedure.digest:
            raise BrokenDefinition(
                "procedure.changed_in_place", procedure=procedure.name, version=procedure.version
            )
        return int(row.id)

    def _procedure_version(self, procedure: Procedure) -> Any:  # noqa: ANN401
        return self._run(
            select(_p.id, _p.digest).where(
                _p.procedure == procedure.id, _p.version == procedure.version
            )
        ).first()

    def procedure_source(self, digest: str) -> str:
        """The definition that a matter is pinned to, as it stood."""
        with unheard(self._connection):
            return str(self._run(select(_p.source).where(_p.digest == digest)).scalar_one())
