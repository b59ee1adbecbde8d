"""The journal with its proofs, of the organisation and of one matter; what was departed from."""

from __future__ import annotations

import json
from functools import partial
from typing import Annotated, Any

from fastapi import Depends, Path, Request
from starlette.responses import Response

from api.http.answering import answer
from api.http.authentication import asked
from api.http.door import Call
from api.http.paging import Limit, page_answer, page_from
from api.http.shapes.journal import Audit, JournalEntry, JournalPage
from api.http.shapes.matters import SupervisionPage
from api.http.table import Cursor, Named, Table, Whole
from api.presenting.record import flaw_data
from api.presenting.supervising import supervision_data
from workflow.errors import NotFound
from workflow.journal import Entry

Journal = Annotated[Call, Depends(asked("journal"))]
Departures = Annotated[Call, Depends(asked("departures"))]
_LIST = "/api/v1/journal"
_LEFT = "/api/v1/departures"


def add(table: Table) -> None:
    """Enter the questions about the record."""
    table.get(_LIST, "journal", "journal", JournalPage, _journal, paged=True)
    table.get(f"{_LIST}/verification", "verification", "journal", Audit, _verification)
    table.get(f"{_LIST}/{{entry}}", "journal_entry", "journal", JournalEntry, _entry)
    table.get(
        "/api/v1/matters/{number}/journal",
        "matter_journal",
        "journal",
        JournalPage,
        _of_matter,
        paged=True,
    )
    table.get(_LEFT, "departures", "departures", SupervisionPage, _departures, paged=True)


def _journal(
    request: Request, call: Journal, limit: Limit = None, cursor: Cursor = None
) -> Response:
    """Entries in their order."""
    return _page(request, call, limit, cursor, None)


def _of_matter(
    request: Request, number: Named, call: Journal, limit: Limit = None, cursor: Cursor = None
) -> Response:
    """The entries about one matter, in their order; the chain runs through all others too."""
    call.ask.matter(number)
    return _page(request, call, limit, cursor, number)


def _page(
    request: Request, call: Call, limit: int | None, cursor: str | None, matter: str | None
) -> Response:
    most, place = call.settings.page_of(limit), _LIST if matter is None else f"{_LIST} {matter}"
    page = page_from(cursor, place, {}, lambda after: call.ask.journal_page(most, after, matter))
    return page_answer(request, page, place, most, entry_data)


def _entry(entry: Annotated[Whole, Path(ge=1, le=2**31 - 1)], call: Journal) -> Response:
    """One entry with the proof that it follows the one before."""
    found = next(call.ask.entries(entry - 1), None)
    if found is None or found.seq != entry:
        raise NotFound("unknown.entry", entry=entry)
    return answer(entry_data(found))


def entry_data(entry: Entry) -> dict[str, Any]:
    """An entry with everything that its digest is made of."""
    return {
        "entry": entry.seq,
        "previous": entry.previous,
        "digest": entry.digest,
        "canonical": entry.body,
        # Of an entry about what is kept from the reader only its place in the chain is told.
        "body": json.loads(entry.body) if entry.body else None,
        "withheld": list(entry.withheld),
    }


def _verification(call: Journal) -> Response:
    """The whole journal, verified from its first entry."""
    audit = call.ask.audit(call.house.checkpointing.trust())
    data = {
        "entries": audit.entries,
        "head": {"entry": audit.head.seq, "digest": audit.head.digest},
        "flaws": [flaw_data(call.catalogue, flaw) for flaw in audit.flaws],
        "checkpoints": audit.coverage.checkpoints,
        "covered_to": audit.coverage.entry,
    }
    return answer(data)


def _departures(
    request: Request, call: Departures, limit: Limit = None, cursor: Cursor = None
) -> Response:
    """What was shortened, waived, late or is overdue, matter by matter."""
    most = call.settings.page_of(limit)
    page = page_from(cursor, _LEFT, {}, partial(call.ask.departures_page, most))
    return page_answer(request, page, _LEFT, most, supervision_data)
