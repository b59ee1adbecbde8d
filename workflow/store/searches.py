"""What is searched of matters: kept in step by the command that changes it, found by grams.

PostgreSQL looks in an inverted index of `matter_text`, SQLite in its virtual table `matter_search`.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import Any, Final

from sqlalchemy import Subquery, cast, column, func, literal, literal_column, select, table
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.sql.elements import ColumnElement

from workflow import tables as t
from workflow.searching import TELLING, Part, Term, fold, grams, terms
from workflow.store.base import Base

COMMON: Final = 1_000
"""A word is common where so many texts have it: then a list in order is walked through."""

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
            self._found(term, _x.matter_id, func.min(_x.part).label("part"))
            .group_by(_x.matter_id)
            .subquery(f"hit_{place}")
            for place, term in enumerate(terms(typed))
        ]

    def having(self, typed: str) -> list[ColumnElement[bool]]:
        """For each term of what was typed, whether the matter of the row has it, in any part.

        For lists that have an order of their own: what follows the end of the page is not looked
        at where that is less than to gather all that have the term.
        """
        return [self._somewhere(term) for term in terms(typed)]

    def _somewhere(self, term: Term) -> ColumnElement[bool]:
        if self._dialect != "sqlite" or not self._is_common(term):
            return t.matter.c.id.in_(self._found(term, _x.matter_id))
        # SQLite would gather them all first, and then put them in order.
        open_ = self._open_to_search()
        conditions = [*self._has(term, walking=True), *([] if open_ is None else [open_])]
        texts = select(_x.matter_id).where(_x.matter_id == t.matter.c.id, *conditions)
        return texts.correlate(t.matter).exists()

    def _found(self, term: Term, *columns: Any) -> Any:  # noqa: ANN401
        """The texts that have a term, as far as they are open."""
        texts, open_ = select(*columns).select_from(t.matter_text), self._open_to_search()
        if open_ is not None:
            texts = texts.join(t.matter, t.matter.c.id == _x.matter_id).where(open_)
        return texts.where(_x.organisation_id == self.home.id, *self._has(term))

    def _is_common(self, term: Term) -> bool:
        """Whether more texts have the grams of a term than are gathered at once."""
        found = (
            select(literal(1)).select_from(_fts).where(self._match(term)).limit(COMMON).subquery()
        )
        return self._run(select(func.count()).select_from(found)).scalar() == COMMON

    def _open_to_search(self) -> ColumnElement[bool] | None:
        """Whether this store is to search in the text of the row and its matter; None: in all."""
        return None

    @staticmethod
    def _match(term: Term) -> ColumnElement[bool]:
        """Whether the row of SQLite's virtual table has the grams of a term."""
        asked = " AND ".join(
            [*(f'"{each}"' for each in term.whole), *(f'"{each}" *' for each in term.beginnings)]
        )
        return literal_column("matter_search").op("MATCH", is_comparison=True)(asked)

    def _has(self, term: Term, *, walking: bool = False) -> list[Any]:
        """Whether the text of the row has a term; `walking` where the rows come from elsewhere."""
        lite = self._dialect == "sqlite"
        if lite:
            # A sign in front of a column keeps SQLite from beginning with it.
            key = literal_column("+matter_text.id", t.Id) if walking else _x.id
            has: list[Any] = [key.in_(select(_fts.c.rowid).where(self._match(term)))]
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
