"""Many matters at once, by their rows: filtered, in an order, a page at a time.

Pages go by the values at which they end, which an index of each order finds; rows are never counted
off.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Row, Select, String, Subquery, func, literal, select, true, tuple_
from sqlalchemy.sql.elements import ColumnElement

from workflow import tables as t
from workflow.listing import Place, Query, Sort, place_in
from workflow.store.searches import Searches
from workflow.tables import Instant
from workflow.ties import Side, Tie

Asked = Select[Any]
Condition = ColumnElement[bool]

_m, _p, _y = t.matter.c, t.procedure_version.c, t.matter_party.c


class Lists(Searches):
    """Matters in whichever order is asked for."""

    def listed(self, query: Query, after: Place, limit: int) -> list[Row[Any]]:
        """The rows that a query finds behind a place; of `query` its own place and limit are left.

        What is to be owed narrows down only.  Raises BadInput for a place of another order.
        """
        # Which of them stand on the page is found out by what is small; their rows are read then.
        chosen = self._chosen(query, after, limit)
        if chosen is None:
            return []
        page, order = chosen
        statement = _ROWS.add_columns(page.c.rank).join(page, page.c.id == _m.id)
        return list(self._run(statement.order_by(*order(page.c.rank))))

    def _chosen(
        self, query: Query, after: Place, limit: int
    ) -> tuple[Subquery, Callable[[ColumnElement[Any]], list[Any]]] | None:
        """The matters of the page with their ranks, and their order; None where there are none."""
        statement = self._passing(query)
        rank: ColumnElement[Any] = literal(0)
        ranked = query.order is Sort.RELEVANCE
        if query.search and not ranked:
            having = self.having(query.search)
            if not having:
                return None
            statement = statement.where(*having)
        if ranked:
            hits = self.hits(query.search)
            if not hits:
                return None
            for hit in hits:
                statement = statement.join(hit, hit.c.matter_id == _m.id)
                rank = rank + hit.c.part

        def order(rank: ColumnElement[Any]) -> list[Any]:
            first = [] if query.order is Sort.NUMBER else [_COLUMNS.get(query.order, rank)]
            whole = [*first, _m.year, _m.serial]
            return [each.desc() for each in whole] if query.descending else whole

        if after:
            first = [] if query.order is Sort.NUMBER else [_COLUMNS.get(query.order, rank)]
            here = tuple_(*first, _m.year, _m.serial)
            there = tuple_(*_bound(query.order, place_in(query.order, after)))
            statement = statement.where(here < there if query.descending else here > there)
        statement = statement.add_columns(rank.label("rank")).order_by(*order(rank)).limit(limit)
        return statement.subquery("page"), order

    def _passing(self, query: Query) -> Asked:
        """The matters that pass the filters, for whoever sees them."""
        statement = select(_m.id).where(
            _m.organisation_id == self.home.id, *_filters(self.home.id, query)
        )
        if query.procedure is not None:
            statement = statement.join(t.procedure_version, _p.id == _m.procedure_version_id)
        seen: Asked = self._seen(statement)
        return seen

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


_ROWS: Asked = select(
    _m.id,
    _m.number,
    _m.title,
    _m.stage,
    func.coalesce(_m.lead_unit, _m.proposing_unit).label("unit"),
    _m.paused_since,
    _m.updated_at,
    _p.digest,
    _m.may_owe,
    _m.title_key,
).join(t.procedure_version, _p.id == _m.procedure_version_id)
_WORKING = [tie.value for tie in (Tie.PROPOSING, Tie.LEAD, Tie.CO)]
_COLUMNS: dict[Sort, ColumnElement[Any]] = {
    Sort.CHANGED: _m.updated_at,
    Sort.TITLE: _m.title_key,
    Sort.STAGE: _m.stage,
}


def _filters(home: int, query: Query) -> list[Condition]:
    """What the row must fulfil: of these conditions those that are asked for."""
    q = query
    conditions: tuple[tuple[bool, Callable[[], Condition]], ...] = (
        (bool(q.stages), lambda: _m.stage.in_(sorted(q.stages))),
        (bool(q.units), lambda: _with_units(home, q.units)),
        (q.procedure is not None, lambda: _p.procedure == q.procedure),
        (q.year is not None, lambda: _m.year == q.year),
        (q.paused is not None, lambda: _m.paused_since.is_not(None) == q.paused),
        (q.on_agenda is not None, lambda: _m.agenda_item_id.is_not(None) == q.on_agenda),
        (q.changed_since is not None, lambda: _m.updated_at >= q.changed_since),
        (q.owing or q.overdue, lambda: _m.may_owe == true()),
        (q.least_yuan is not None, lambda: _m.amount_yuan >= q.least_yuan),
        (q.most_yuan is not None, lambda: _m.amount_yuan <= q.most_yuan),
    )
    found = [condition() for asked, condition in conditions if asked]
    return found + [_m[f"{tie}_key"] == key for tie, key in q.keys.items()]


def _with_units(home: int, units: frozenset[str]) -> Condition:
    """Whether one of the units proposes, leads or shares in the matter of the row.

    What else a unit has to do with it, as being heard, is not told to everybody who sees it.
    """
    mine = (_y.organisation_id == home) & (_y.side == Side.UNIT.value) & _y.tie.in_(_WORKING)
    return _m.id.in_(select(_y.matter_id).where(mine, _y.code.in_(sorted(units))))


def _bound(order: Sort, values: tuple[Any, ...]) -> list[ColumnElement[Any]]:
    """The values of a place, typed as the columns are."""
    kinds: dict[Sort, Any] = {
        Sort.CHANGED: Instant,
        Sort.TITLE: t.matter.c.title_key.type,
        Sort.STAGE: String,
    }
    first = kinds.get(order)
    return [
        literal(value, first) if at == 0 and first is not None else literal(value)
        for at, value in enumerate(values)
    ]
