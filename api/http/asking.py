"""The one place where the door's questions get their reader."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from api.bootstrap import House
from api.identity.principal import Principal
from workflow.decisions.options import Option
from workflow.definition import Procedure
from workflow.directory import Directory
from workflow.errors import Forbidden
from workflow.inquiry import (
    PAGE,
    Audit,
    CatalogueStanding,
    Convened,
    Forecast,
    Inquiry,
    Line,
    Notice,
    Standing,
)
from workflow.journal import Entry
from workflow.ports import Clock
from workflow.store import Home


def reader(house: House[Clock], principal: Principal, *, names: bool = False) -> Reader:
    """What the principal may ask.  Raises Forbidden for the three administrators.

    REPLACE: by `house.inquiry.seen_by(principal.organisation, principal.account, names=names)` as
    soon as the inquiry has it; then the class below goes.
    """
    if principal.administrator is not None:
        raise Forbidden("http.administrator")
    if names:
        raise Forbidden("http.names")
    return Reader(house.inquiry, principal.organisation, principal.account)


@dataclass(frozen=True, slots=True)
class Reader:
    """REPLACE: the questions of the inquiry with its organisation, not yet filtered."""

    inquiry: Inquiry
    code: str
    account: str

    def organisation(self) -> Home:
        """The organisation itself."""
        return self.inquiry.organisation(self.code)

    def directory(self) -> Directory:
        """Who is who."""
        return self.inquiry.directory(self.code)

    def procedure(self) -> Procedure:
        """The definition under which the organisation works today."""
        return self.inquiry.procedure(self.code)

    def matters(
        self, stage: str | None = None, limit: int = PAGE, after: str | None = None
    ) -> list[Line]:
        """Matters in the order in which they were proposed."""
        return self.inquiry.matters(self.code, stage, limit, after)

    def standings(self, limit: int = PAGE) -> list[Standing]:
        """How matters stand today."""
        return self.inquiry.standings(self.code, limit)

    def debts(self) -> list[Standing]:
        """The matters on which something is owed."""
        return self.inquiry.debts(self.code)

    def matter(self, number: str) -> Standing:
        """How a matter stands today."""
        return self.inquiry.matter(self.code, number)

    def plan(self, number: str, wished: date | None = None) -> Forecast:
        """When a matter can be heard."""
        return self.inquiry.plan(self.code, number, wished)

    def options(
        self,
        *,
        matter: str | None = None,
        meeting: str | None = None,
        mandate: int | None = None,
    ) -> tuple[Option, ...]:
        """What the viewer may do now, and why not the rest."""
        return self.inquiry.options(
            self.code, self.account, matter=matter, meeting=meeting, mandate=mandate
        )

    def catalogue(self, year: int) -> CatalogueStanding:
        """The yearly catalogue."""
        return self.inquiry.catalogue(self.code, year)

    def draft_text(self, number: str, draft: int) -> str:
        """The text of a version."""
        return self.inquiry.draft_text(self.code, number, draft)

    def meetings(self, limit: int = PAGE, after: str | None = None) -> list[Convened]:
        """The latest meetings."""
        return self.inquiry.meetings(self.code, limit, after)

    def convened(self, code: str) -> Convened:
        """A meeting with its matters."""
        return self.inquiry.convened(self.code, code)

    def inbox(self, limit: int = PAGE) -> list[Notice]:
        """The viewer's own alerts."""
        return self.inquiry.inbox(self.code, self.account, limit)

    def entries(self, after: int = 0, matter: str | None = None) -> Iterator[Entry]:
        """The journal from an entry on."""
        return self.inquiry.entries(self.code, after, matter)

    def audit(self) -> Audit:
        """Verify the whole journal."""
        return self.inquiry.audit(self.code)
