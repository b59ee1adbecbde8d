"""What somebody may do now, and why not the rest."""

from __future__ import annotations

from workflow.decisions.options import Option
from workflow.inquiry.base import Base
from workflow.service.looking import options_of
from workflow.service.requests import Request


class Options(Base):
    """The commands that are open to somebody."""

    def options(
        self,
        organisation: str,
        account: str,
        *,
        matter: str | None = None,
        meeting: str | None = None,
        mandate: int | None = None,
    ) -> tuple[Option, ...]:
        """What somebody may do about a matter, a meeting, or neither, and why not the rest.

        All from one view of the database.  Raises NotFound.
        """
        with self._store(organisation) as store:
            request = Request(organisation, "", account, {}, matter, meeting, mandate=mandate)
            return options_of(self._book, store, request, self._today(store))
