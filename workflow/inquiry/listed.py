"""Many matters: filtered, in an order, searched, a page at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from workflow.inquiry.answers import Line
from workflow.inquiry.standings import Standings
from workflow.listing import Page, Place, Query, Sort, cut
from workflow.searching import Snippet, masked_acts, searchable, snippets
from workflow.store import Store
from workflow.veil import Change

MOST_AT_ONCE = 500
"""So many rows are read at once where most of them are left out again."""


class Listed(Standings):
    """Lists of matters."""

    def listed(self, organisation: str, query: Query) -> Page[Line]:
        """The matters that a query finds, as many as it wants, and where the next page begins.

        Raises NotFound for an unknown organisation, BadInput for a place of another order.
        """
        with self._store(organisation) as store:
            return self._page(store, query)

    def _page(self, store: Store, query: Query) -> Page[Line]:
        found: list[tuple[Any, Line]] = []
        for row in rows_of(store, query):
            line = self._line(store, row)
            if _wanted(query, line):
                found.append((row, line))
            if len(found) > query.limit:
                break
        places = [_place(query.order, row) for row, _ in found]
        page = cut([line for _, line in found], query.limit, places)
        if not query.search:
            return page
        rows = [row for row, _ in found[: query.limit]]
        shown = _shown(store, query, rows, self._book.masked)
        lines = [replace(line, found=told) for line, told in zip(page.items, shown, strict=True)]
        return replace(page, items=tuple(lines))

    def _line(self, store: Store, row: Any) -> Line:  # noqa: ANN401
        """A matter for a list; only of one that may owe something is more read than its row."""
        rules = self._book.pinned(row.digest, store)
        lasting = row.stage in rules.lifecycle.lasting
        looked_at = row.title and (row.may_owe or lasting)
        standing = self._standing(store, row.number)[0] if looked_at else None
        if standing is not None and not standing.owed and not lasting:
            standing = None
        return Line(
            row.number,
            row.title or "",
            row.stage,
            row.unit,
            row.paused_since is not None,
            row.updated_at,
            rules.procedure,
            () if standing is None else standing.owed,
            () if standing is None else standing.duties,
        )


def rows_of(store: Store, query: Query) -> Iterator[Any]:
    """The rows that a query finds behind its place, read as they are needed."""
    after, sifted = query.after, query.owing or query.overdue
    limit = query.limit + 1
    if sifted:
        limit = min(limit, MOST_AT_ONCE)
    while rows := store.listed(query, after, limit):
        yield from rows
        if len(rows) < limit:
            return
        after = _place(query.order, rows[-1])


def _wanted(query: Query, line: Line) -> bool:
    """Whether what is owed is as was asked for: that no row can tell."""
    if query.overdue:
        return any(duty.overdue for duty in line.duties)
    return not query.owing or bool(line.owed or line.duties)


def _place(order: Sort, row: Any) -> Place:  # noqa: ANN401
    """Where a row stands in an order."""
    match order:
        case Sort.NUMBER:
            return (row.number,)
        case Sort.CHANGED:
            return row.updated_at.isoformat(), row.number
        case Sort.TITLE:
            return row.title_key, row.number
        case Sort.STAGE:
            return row.stage, row.number
        case Sort.RELEVANCE:
            return str(row.rank), row.number


def _shown(
    store: Store, query: Query, rows: Sequence[Any], mask: Change
) -> list[tuple[Snippet, ...]]:
    """Where in each matter of a page what was searched for stands.

    What was filed is masked before excerpts are made of it: half a number is known by no form.
    """
    keys = [row.id for row in rows]
    told = store.told(keys) if keys else {}
    drafts = store.newest_drafts(keys) if keys else {}
    found = []
    for row in rows:
        acts = masked_acts(told.get(row.id, ()), mask)
        texts = searchable(row.number, row.title or "", acts, drafts.get(row.id))
        found.append(snippets(query.search, texts))
    return found
