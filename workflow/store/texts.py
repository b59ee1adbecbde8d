"""The versions of the text, and the verdicts on them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select

from workflow import tables as t
from workflow.store.base import Base


class Texts(Base):
    """Drafts and reviews."""

    def add_draft(
        self,
        matter: int,
        number: int,
        text: str,
        digest: str,
        at: datetime,
        file_digest: str | None = None,
    ) -> int:
        """A version of the text, and of which file it was taken out."""
        return self._key(
            self._run(
                t.draft.insert(),
                {
                    "organisation_id": self.home.id,
                    "matter_id": matter,
                    "number": number,
                    "text": text,
                    "digest": digest,
                    "created_at": at,
                    "file_digest": file_digest,
                },
            ).inserted_primary_key
        )

    def draft_text(self, matter: int, number: int) -> str | None:
        """The text of a version."""
        found = self._run(
            select(t.draft.c.text).where(t.draft.c.matter_id == matter, t.draft.c.number == number)
        ).scalar()
        return None if found is None else str(found)

    def add_review(self, values: Mapping[str, object]) -> None:
        """A verdict on a text."""
        self._run(t.review.insert().inline(), {"organisation_id": self.home.id, **values})
