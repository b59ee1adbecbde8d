"""Many matters at once: those that there are, and those on which something may be owed."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final

from sqlalchemy import Row, exists, func, select

from workflow import tables as t
from workflow.store.base import Base
from workflow.urgency import EXCLUDE

_OPEN: Final = ("publish_decision", "exempt_publication")
"""What closes the publication of a decision."""

_m, _p = t.matter.c, t.procedure_version.c


class Lists(Base):
    """Matters in the order of their numbers, by their rows."""

    def matters(self, stage: str | None, after: int, limit: int) -> list[Row[Any]]:
        """Matters by id after `after`: id, number, title, stage, lead or proposing unit, change."""
        statement = (
            select(
                _m.id,
                _m.number,
                _m.title,
                _m.stage,
                func.coalesce(_m.lead_unit, _m.proposing_unit).label("unit"),
                _m.paused_since,
                _m.updated_at,
                _p.digest,
            )
            .join(t.procedure_version, _p.id == _m.procedure_version_id)
            .where(_m.organisation_id == self.home.id, _m.id > after)
            .order_by(_m.id)
            .limit(limit)
        )
        if stage is not None:
            statement = statement.where(_m.stage == stage)
        return list(self._run(self._seen(statement)))

    def place_of_matter(self, number: str) -> int | None:
        """Where a matter stands in the order in which they were proposed, for `matters`."""
        statement = select(_m.id).where(_m.organisation_id == self.home.id, _m.number == number)
        found = self._run(statement).scalar()
        return None if found is None else int(found)

    def every_matter(self) -> list[tuple[str, str, str]]:
        """Number, stage and digest of the rules of every matter, by number."""
        rows = self._run(
            self._seen(
                select(_m.number, _m.stage, _p.digest)
                .join(t.procedure_version, _p.id == _m.procedure_version_id)
                .where(_m.organisation_id == self.home.id)
                .order_by(_m.id)
            )
        )
        return [(row[0], row[1], row[2]) for row in rows]

    def owing(self, ends: Collection[str], archiving: Collection[str]) -> list[str]:
        """The numbers of matters on which something may be owed afterwards, by number.

        That is where an emergency was claimed or an item was urgent, of what was issued and is not
        closed, where it was not published or stands on an exception, or where a matter has come to
        one of the stages `ends` and no act of `archiving` was done since; what is owed, their
        records tell.
        """
        later = t.record.alias("later")
        owing = (
            select(_m.number)
            .where(
                _m.organisation_id == self.home.id,
                exists().where(
                    t.record.c.matter_id == _m.id,
                    t.record.c.command == EXCLUDE,
                    t.record.c.payload.contains('"report_by"', autoescape=True),
                )
                | exists().where(t.agenda_item.c.matter_id == _m.id, t.agenda_item.c.urgent)
                | _acted("issue") & ~_acted("close_matter") & (~_acted(*_OPEN) | _excepted())
                | _m.stage.in_(ends)
                & ~exists().where(
                    t.record.c.matter_id == _m.id,
                    t.record.c.command.in_(archiving),
                    ~exists().where(
                        later.c.matter_id == _m.id,
                        later.c.position > t.record.c.position,
                        later.c.step.is_not(None),
                    ),
                ),
            )
            .order_by(_m.id)
        )
        rows = self._run(self._seen(owing))
        return [number for (number,) in rows]


def _acted(*commands: str) -> Any:  # noqa: ANN401
    """Whether one of these commands was done on the matter of the row."""
    acts = t.record.alias()
    return exists().where(acts.c.matter_id == _m.id, acts.c.command.in_(commands))


def _excepted() -> Any:  # noqa: ANN401
    """Whether a review of the matter of the row rests on an exception."""
    acts = t.record.alias()
    return exists().where(
        acts.c.matter_id == _m.id,
        acts.c.command == "file_fair_competition_review",
        acts.c.payload.contains('"exception":{', autoescape=True),
    )
