"""Matters: the list, one in full, why it waits, its drafts and opinions, what may be done."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, Request
from starlette.responses import Response

from api.http.answering import answer, conditions, of_matter, options_data, words_of
from api.http.authentication import asked
from api.http.door import Call
from api.http.errors import BadRequest
from api.http.pages import page_of, place_of
from api.http.paging import Limit, next_link
from api.http.shapes.matters import Matter, MatterPage, Options, SignaturesOf, Why
from api.http.table import Asked, Cursor, Mandate, Named, Table
from api.presenting.data import line_data, matter_data, why_data
from api.presenting.days import Days
from api.presenting.plan import Outline
from api.presenting.signatures import signature_data
from workflow.errors import NotFound

Matters = Annotated[Call, Depends(asked("matters"))]
_LIST = "/api/v1/matters"


def add(table: Table) -> None:
    """Enter the questions about matters."""
    one = f"{_LIST}/{{number}}"
    table.get(_LIST, "matters", "matters", MatterPage, _matters, paged=True, names=True)
    table.get(one, "matter", "matters", Matter, _matter, tagged=True)
    table.get(f"{one}/why", "why", "matters", Why, _why, tagged=True)
    table.get(f"{one}/signatures", "signatures", "matters", SignaturesOf, _signatures, tagged=True)
    table.get(f"{one}/commands", "matter_options", "matters", Options, _options, tagged=True)


def _matters(
    request: Request,
    call: Matters,
    stage: Asked = None,
    limit: Limit = None,
    cursor: Cursor = None,
) -> Response:
    """Matters in the order in which they were proposed."""
    filters = {"stage": stage}
    after = place_of(cursor, _LIST, filters)
    if stage is not None:
        known(call, stage)
    most = call.settings.page_of(limit)
    try:
        found = call.ask.matters(stage, most + 1, None if after is None else str(after))
    except NotFound as error:
        raise BadRequest("http.cursor") from error
    page = page_of(found, most, _LIST, filters, [each.number for each in found])
    data = {"items": [line_data(each) for each in page.items], "next": page.cursor}
    return answer(data, headers=next_link(request, filters, most, page.cursor))


def known(call: Call, stage: str) -> None:
    """Raises NotFound for a stage that there is not."""
    stages = call.ask.procedure().stages
    if stage not in stages:
        named = tuple(each.name.typed(name) for name, each in stages.items())
        raise NotFound("matter.unknown_stage", stage=stage, known=tuple(stages), named=named)


def _matter(number: Named, call: Matters) -> Response:
    """One matter with everything that is on record about it."""
    standing = call.ask.matter(number)
    unmet = standing.unmet if standing.facts.title else ()
    data: dict[str, Any] = {
        **matter_data(standing),
        "gate": standing.gate.value,
        "unmet": conditions(words_of(call, standing), unmet),
    }
    return of_matter(call, standing, data)


def _why(number: Named, call: Matters) -> Response:
    """Why it is not where it should be, and what to do next."""
    forecast = call.ask.plan(number)
    outline = Outline(call.catalogue, Days(call.catalogue, call.house.days), forecast)
    standing = forecast.standing
    data = why_data(standing, outline.next_task, words_of(call, standing))
    return of_matter(call, standing, data)


def _signatures(number: Named, call: Matters) -> Response:
    """Who signed which text, and whether it holds."""
    standing = call.ask.matter(number)
    found = call.ask.signatures(number)
    data = {"matter": number, "signatures": [signature_data(each) for each in found]}
    return of_matter(call, standing, data)


def _options(number: Named, call: Matters, mandate: Mandate = None) -> Response:
    """What this account may do with it now, and why not the rest."""
    standing = call.ask.matter(number)
    found = call.ask.options(matter=number, mandate=mandate)
    return of_matter(call, standing, options_data(call, words_of(call, standing), found))
