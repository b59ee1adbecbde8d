"""Matters that come onto an agenda and leave it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select

from workflow import tables as t
from workflow.store.base import Base


class Agendas(Base):
    """Clearances and the agenda items that rest on them."""

    def table(
        self, matter: int, meeting: int, review_position: int, values: Mapping[str, object]
    ) -> int:
        """A clearance and the agenda item that rests on it; gives the clearance's id."""
        review = self._run(
            select(t.review.c.id).where(
                t.review.c.matter_id == matter, t.review.c.position == review_position
            )
        ).scalar_one()
        at, place = values["issued_at"], values["place"]
        clearance = self._key(
            self._run(
                t.clearance.insert(),
                {
                    "organisation_id": self.home.id,
                    "matter_id": matter,
                    "draft_id": values["draft_id"],
                    "digest": values["digest"],
                    "review_id": review,
                    "issued_at": at,
                    "journal_seq": values["journal_seq"],
                },
            ).inserted_primary_key
        )
        self._run(
            t.agenda_item.insert().inline(),
            {
                "organisation_id": self.home.id,
                "meeting_id": meeting,
                "matter_id": matter,
                "clearance_id": clearance,
                "place": place,
                "listed_at": at,
                "urgent": values["urgent"],
            },
        )
        return clearance

    def untable(self, agenda_item: int, at: datetime) -> None:
        """Take an agenda item off."""
        self._run(
            t.agenda_item.update().where(t.agenda_item.c.id == agenda_item), {"removed_at": at}
        )

    def conclude(self, agenda_item: int, conclusion: str, at: datetime) -> None:
        """Note what the meeting came to on an item, which leaves the agenda with it."""
        self._run(
            t.agenda_item.update().where(t.agenda_item.c.id == agenda_item),
            {"removed_at": at, "concluded": conclusion},
        )
