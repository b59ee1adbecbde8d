"""What is searched of matters: kept in step by the command that changes it, found by grams.

PostgreSQL looks in an inverted index of `matter_text`, SQLite in its virtual table `matter_search`.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import Subquery, cast, column, func, literal_column, select, table
from sqlalchemy.dialects.postgresql import TSQUERY

from workflow import tables as t
from workflow.searching import TELLING, Part, Term, fold, grams, terms
from workflow.store.base import Base

_x = t.matter_text.c
_fts = table("matter_search", column("rowid"))


class Searches(Base):
    """The texts of matters, for searching."""

    def tell(self, matter: int, texts: Mapping[Part, str]) -> None:
        """Let a matter be found by these parts, in place of what they said before."""
        insert = self._insert(t.matter_text)
        insert = insert.on_conflict_do_update(
            index_elements=["matter_id", "part"],
            set_={"folded": insert.excluded.folded, "grams": insert.excluded.grams},
        )
        for part, text in texts.items():
            folded = fold(text)
            row = {"part": int(part), "folded": folded, "grams": " ".join(grams(folded))}
            self._run(insert, {"organisation_id": self.home.id, "matter_id": matter, **row})

    def hits(self, typed: str) -> list[Subquery]:
        """For each term of what was typed, the matters that have it, with the earliest part."""
        return [
            self._open_to_search(
                select(_x.matter_id, func.min(_x.part).label("part")).select_from(t.matter_text)
            )
            .where(
                _x.organisation_id == self.home.id,
                *self._has(term),
            )
            .group_by(_x.matter_id)
            .subquery(f"hit_{place}")
            for place, term in enumerate(terms(typed))
        ]

    def _open_to_search(self, hits: Any) -> Any:  # noqa: ANN401 (a statement of two columns)
        """The same query of texts, of those alone in which this store is to search: here all."""
        return hits

    def _has(self, term: Term) -> list[Any]:
        """Whether the text of the row has a term."""
        lite = self._dialect == "sqlite"
        if lite:
            asked = " AND ".join(
                [
                    *(f'"{each}"' for each in term.whole),
                    *(f'"{each}" *' for each in term.beginnings),
                ]
            )
            found = literal_column("matter_search").op("MATCH")(asked)
            has: list[Any] = [_x.id.in_(select(_fts.c.rowid).where(found))]
        else:
            asked = " & ".join([*term.whole, *(f"{each}:*" for each in term.beginnings)])
            has = [_x.grams.op("@@")(cast(asked, TSQUERY))]
        if len(term.whole) + len(term.beginnings) > 1:
            # The grams may stand apart from each other; one alone says all.
            has.append((func.instr if lite else func.strpos)(_x.folded, term.needle) > 0)
        return has

    def told(self, matters: Collection[int]) -> dict[int, list[tuple[str, Mapping[str, Any]]]]:
        """Of each matter the acts that tell what is searched: command and payload, in order."""
        r = t.record.c
        rows = self._run(
            select(r.matter_id, r.command, r.payload)
            .where(r.matter_id.in_(sorted(matters)), r.command.in_(sorted(TELLING)))
            .order_by(r.matter_id, r.position)
        )
        found: dict[int, list[tuple[str, Mapping[str, Any]]]] = {}
        for matter, command, payload in rows:
            found.setdefault(matter, []).append((command, json.loads(payload)))
        return found

    def newest_drafts(self, matters: Collection[int]) -> dict[int, str]:
        """Of each matter that has one its newest text."""
        rows = self._run(
            select(t.matter.c.id, t.draft.c.text)
            .join(t.draft, t.draft.c.id == t.matter.c.current_draft_id)
            .where(t.matter.c.id.in_(sorted(matters)))
        )
        return {row[0]: row[1] for row in rows}
