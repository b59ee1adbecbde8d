"""Matters: the list, one in full, why it waits, its drafts and opinions, what may be done."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import Depends, Query, Request
from starlette.responses import Response

from api.http.answering import answer, conditions, days_of, of_matter, options_data, words_of
from api.http.authentication import asked
from api.http.door import Call
from api.http.kept import kept
from api.http.matter_query import MatterQuery
from api.http.paging import cursor_of, next_link, page_from
from api.http.shapes.matters import Matter, MatterPage, Options, SignaturesOf, Why
from api.http.sheets import sheet_answer, wanted
from api.http.table import Mandate, Named, Table
from api.presenting.data import line_data, matter_data, why_data
from api.presenting.days import Days
from api.presenting.plan import Outline
from api.presenting.sheets import matters_sheet
from api.presenting.signatures import signature_data

Matters = Annotated[Call, Depends(asked("matters"))]
_LIST = "/api/v1/matters"


def add(table: Table) -> None:
    """Enter the questions about matters."""
    one = f"{_LIST}/{{number}}"
    table.get(_LIST, "matters", "matters", MatterPage, _matters, paged=True, names=True, sheet=True)
    table.get(one, "matter", "matters", Matter, _matter, tagged=True)
    table.get(f"{one}/why", "why", "matters", Why, _why, tagged=True)
    table.get(f"{one}/signatures", "signatures", "matters", SignaturesOf, _signatures, tagged=True)
    table.get(f"{one}/commands", "matter_options", "matters", Options, _options, tagged=True)


def _matters(request: Request, call: Matters, given: Annotated[MatterQuery, Query()]) -> Response:
    """Matters, filtered, searched and in an order; as a sheet, where one is asked for."""
    as_sheet = wanted(request.headers.get("accept"))
    told = partial(_matters_of, request, given, as_sheet=as_sheet)
    return told(call) if as_sheet else kept(request, call, told)


def _matters_of(request: Request, given: MatterQuery, call: Call, *, as_sheet: bool) -> Response:
    filters = given.filters()
    most = call.settings.page_of(given.limit, sheet=as_sheet)
    page = page_from(
        given.cursor,
        _LIST,
        filters,
        lambda after: call.ask.listed(given.query(call.ask, most, after)),
    )
    follows = cursor_of(page, _LIST, filters)
    headers = next_link(request, filters, most, follows)
    if as_sheet:
        zone = ZoneInfo(call.ask.organisation().time_zone)
        told = matters_sheet(call.catalogue, page.items, call.ask.words()[1], zone)
        return sheet_answer(told, call.catalogue.text("sheet.matters.file"), headers)
    data = {"items": [line_data(each) for each in page.items], "next": follows}
    return answer(data, headers=headers)


def _matter(request: Request, number: Named, call: Matters) -> Response:
    """One matter with everything that is on record about it."""
    return kept(request, call, partial(_matter_of, number))


def _matter_of(number: str, call: Call) -> Response:
    standing = call.ask.matter(number)
    unmet = standing.unmet if standing.facts.title else ()
    data: dict[str, Any] = {
        **matter_data(standing),
        "gate": standing.gate.value,
        "unmet": conditions(words_of(call, standing), unmet),
    }
    return of_matter(call, standing, data)


def _why(request: Request, number: Named, call: Matters) -> Response:
    """Why it is not where it should be, and what to do next."""
    return kept(request, call, partial(_why_of, number))


def _why_of(number: str, call: Call) -> Response:
    forecast = call.ask.plan(number)
    outline = Outline(call.catalogue, Days(call.catalogue, days_of(call)), forecast)
    standing = forecast.standing
    data = why_data(standing, outline.next_task, words_of(call, standing))
    return of_matter(call, standing, data)


def _signatures(number: Named, call: Matters) -> Response:
    """Who signed which text, and whether it holds."""
    standing = call.ask.matter(number)
    found = call.ask.signatures(number)
    data = {"matter": number, "signatures": [signature_data(each) for each in found]}
    return of_matter(call, standing, data)


def _options(request: Request, number: Named, call: Matters, mandate: Mandate = None) -> Response:
    """What this account may do with it now, and why not the rest."""
    return kept(request, call, partial(_options_of, number, mandate))


def _options_of(number: str, mandate: int | None, call: Call) -> Response:
    standing = call.ask.matter(number)
    found = call.ask.options(matter=number, mandate=mandate)
    return of_matter(call, standing, options_data(call, words_of(call, standing), found))
